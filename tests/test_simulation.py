"""The simulator keeps its word: the planted truth is in what it writes, and nothing else gives it away."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from simulation import (
    Plan,
    Simulated,
    as_tables,
    everybody_has_a_deputy,
    nobody_critical,
    realistic,
    simulate,
    sparse,
    standardised,
    true_labels,
    with_topics,
    write,
)
from simulation.subjects import SUBJECTS
from simulation.titles import GENERIC

from store.exchange import read_folder
from store.tables import to_pandas

QUIET = {"shock_sd": 0.01}
KEYS = {
    "people": ["person_id", "valid_from"],
    "meetings": ["meeting_id"],
    "attendance": ["meeting_id", "person_id"],
    "absences": ["person_id", "start", "end"],
    "moves": ["meeting_id"],
}
DEMO = Path(__file__).parents[1] / "connectors" / "demo"


@cache
def topical(seed: int = 1) -> Simulated:
    return simulate(with_topics(seed))


def change(line: np.ndarray) -> float:
    """Relative change over the window of a log-linear trend; weeks in which nobody is available are left out."""
    there = np.isfinite(line) & (line > 0)
    slope = np.polyfit(np.arange(len(line))[there], np.log(line[there]), 1)[0]
    return float(np.exp(slope * (len(line) - 1)) - 1)


def seen(column: str = "share", seeds: int = 3, **plan: object) -> float:
    return float(
        np.mean([change(standardised(simulate(Plan(seed=seed, **plan)).truth.weekly, column)) for seed in range(seeds)])
    )


def text_of(simulated: Simulated) -> str:
    return "".join(frame.to_csv() for _, frame in simulated.batch) + simulated.labels.to_csv()


def test_the_same_plan_gives_the_same_bytes_and_another_seed_others():
    plan = with_topics(5, people=60, weeks=20)
    assert text_of(simulate(plan)) == text_of(simulate(plan))
    assert text_of(simulate(plan)) != text_of(simulate(with_topics(6, people=60, weeks=20)))


@pytest.mark.parametrize("growth", [0.0, 0.2, 0.4])
def test_planted_growth_is_in_the_true_hours(growth):
    assert seen(growth=growth, **QUIET) == pytest.approx(growth, abs=0.05)
    assert simulate(Plan(growth=growth)).truth.growth == pytest.approx(growth, abs=0.03)


def test_growth_by_new_series_is_in_the_true_hours():
    assert seen(growth=0.3, growth_by_series=0.5, **QUIET) == pytest.approx(0.3, abs=0.07)


def test_a_change_of_headcount_mix_changes_the_mix_only():
    weekly = simulate(Plan(mix_change=0.5, **QUIET)).truth.weekly
    managers = weekly[weekly["level"].between(2, 4)].groupby("week")["available"].sum()
    assert managers.iloc[-5:].mean() > 1.25 * managers.iloc[:5].mean()
    assert seen(mix_change=0.5, **QUIET) == pytest.approx(0, abs=0.05)


def test_a_planted_step_is_in_the_true_hours():
    line = standardised(simulate(Plan(step=0.25, step_week=40, **QUIET)).truth.weekly, "share")
    assert np.median(line[40:]) / np.median(line[:40]) == pytest.approx(1.25, abs=0.06)


@pytest.mark.parametrize("upward", [0.0, 0.8])
def test_upward_movement_is_in_ad_hoc_process_hours_of_the_top_two_levels(upward):
    found = []
    for seed in range(5):
        weekly = simulate(Plan(seed=seed, upward=upward, growth=0.2, **QUIET)).truth.weekly
        sums = weekly.assign(top=weekly["level"] <= 2).groupby(["top", "week"])[["process", "available"]].sum()
        share = (sums["process"] + 1) / sums["available"]
        found.append(change((share.loc[True] / share.loc[False]).to_numpy()))
    assert np.mean(found) == pytest.approx(upward, abs=0.25)


def test_weekly_shocks_are_as_large_and_as_lasting_as_planned():
    lines = [
        standardised(simulate(Plan(seed=seed, weeks=104, shock_sd=0.2)).truth.weekly, "share") for seed in range(4)
    ]
    logs = [np.log(line[8:96]) - np.log(line[8:96]).mean() for line in lines]
    assert np.mean([line.std() for line in logs]) == pytest.approx(0.2, abs=0.06)
    assert np.mean([np.corrcoef(line[1:], line[:-1])[0, 1] for line in logs]) == pytest.approx(0.5, abs=0.2)


def test_labels_are_wrong_as_often_as_planned_and_say_how_sure_they_are():
    simulated = simulate(Plan(label_error=0.15, weeks=52))
    both = simulated.labels.merge(simulated.truth.meetings, on="meeting_id", suffixes=("", "_true"))
    assert both["label"].ne(both["label_true"]).mean() == pytest.approx(0.15, abs=0.03)
    chances = both[[f"p_{name}" for name in ("design", "coordination", "escalation", "incident", "other")]]
    assert np.allclose(chances.sum(axis=1), 1)
    right = both["label"] == both["label_true"]
    sure = both["probability"] > both["probability"].median()
    for part in (sure, ~sure):
        assert right[part].mean() == pytest.approx(both.loc[part, "probability"].mean(), abs=0.05)
    assert (true_labels(simulated).merge(both, on="meeting_id").eval("label_x == label_true")).all()


def test_nobody_sits_in_two_rooms_often():
    simulated = simulate(Plan(weeks=30))
    truth, meetings = simulated.truth, simulated.batch.meetings
    held = truth.meetings.loc[truth.meetings["held"], "meeting_id"]
    rows = truth.attendance[truth.attendance["there"] & truth.attendance["meeting_id"].isin(held)]
    rows = rows.merge(meetings[["meeting_id", "start", "end"]], on="meeting_id").sort_values(["person_id", "start"])
    earlier = rows.groupby("person_id")["end"].shift()
    assert (earlier > rows["start"]).mean() < 0.05


def test_nobody_is_there_while_away_and_most_invitations_stay_accepted():
    simulated = simulate(Plan(weeks=40))
    there, leave = simulated.truth.attendance, simulated.truth.absences
    days = simulated.truth.meetings[["meeting_id", "day"]]
    day = pd.Timestamp(simulated.plan.start) + pd.to_timedelta(days["day"], unit="D")
    rows = there.merge(days.assign(date=day), on="meeting_id").merge(leave, on="person_id")
    during = rows[(rows["first"] <= rows["date"]) & (rows["date"] < rows["last"])]
    assert len(during) > 500
    assert not during["there"].any()
    answers = during.merge(simulated.batch.attendance, on=["meeting_id", "person_id"])
    assert 0.5 < answers["response"].eq("accepted").mean() < 0.75


def test_innocent_circumstances_leave_traces():
    simulated = simulate(
        realistic(3, standup_adoption=0.5, double_mailboxes=0.1, calendars_joining=0.1, reorganisation_promotes=2)
    )
    people, truth = simulated.batch.people, simulated.truth
    assert people["person_id"].duplicated().sum() > 10
    assert people["valid_to"].notna().sum() > people["person_id"].duplicated().sum()
    missing = set(truth.people.loc[truth.people["calendar"] == "missing", "person_id"])
    assert missing
    assert not missing & set(simulated.batch.attendance["person_id"])
    assert set(simulated.batch.attendance["person_id"]) - set(people["person_id"])
    alone = simulated.batch.meetings[simulated.batch.meetings["headcount"] == 1]
    assert {"focus", "meeting"} <= set(alone["kind"])
    assert (
        not truth.meetings.loc[~truth.meetings["known"], "meeting_id"]
        .isin(simulated.batch.meetings["meeting_id"])
        .any()
    )
    assert (~truth.meetings["known"]).sum() > 50


def test_cancellations_vanish_as_often_as_planned():
    simulated = simulate(Plan(cancellations_deleted=0.5))
    gone = simulated.truth.meetings.loc[~simulated.truth.meetings["held"], "meeting_id"]
    left = simulated.batch.meetings.set_index("meeting_id")["status"].reindex(gone)
    assert left.isna().mean() == pytest.approx(0.5, abs=0.05)
    assert set(left.dropna()) == {"cancelled"}


def rate_while_away(simulated: Simulated) -> pd.DataFrame:
    """Per topic with a gate: meetings held a working day while the gate is on leave, against all other working days."""
    truth, days = simulated.truth, 7 * simulated.plan.weeks
    start = pd.Timestamp(simulated.plan.start)
    working = np.arange(days) % 7 < 5
    held = truth.meetings[truth.meetings["held"] & (truth.meetings["topic"] >= 0)]
    casts = truth.people.set_index("person_id")["cast"]
    rows = []
    for topic in truth.topics.dropna(subset="gate_id").itertuples():
        away = np.zeros(days, dtype=bool)
        for spell in truth.absences[truth.absences["person_id"] == topic.gate_id].itertuples():
            away[max(0, (spell.first - start).days) : (spell.last - start).days] = True
        count = np.bincount(held.loc[held["topic"] == topic.topic, "day"], minlength=days)
        rows.append(
            (
                casts[topic.gate_id],
                count[away & working].sum(),
                (away & working).sum(),
                count[~away & working].sum(),
                (~away & working).sum(),
            )
        )
    frame = pd.DataFrame(rows, columns=["cast", "held", "days", "other", "other_days"]).groupby("cast").sum()
    return frame.assign(ratio=frame["held"] / frame["days"] / (frame["other"] / frame["other_days"]))


def test_topics_pause_while_a_critical_gate_is_away_and_go_on_with_a_deputy():
    ratio = rate_while_away(topical())["ratio"]
    assert ratio["critical_busy"] < 0.4
    assert ratio["critical_quiet"] < 0.5
    assert ratio["deputised"] > 0.7


def test_a_deputy_is_there_while_the_gate_is_away():
    truth = topical().truth
    met = truth.meetings[truth.meetings["held"]].merge(truth.topics.dropna(subset="deputy_id"), on="topic")
    there = truth.attendance[truth.attendance["there"]].groupby("meeting_id")["person_id"].agg(set)
    people = [there.get(meeting, set()) for meeting in met["meeting_id"]]
    gate = np.array([gate in here for gate, here in zip(met["gate_id"], people, strict=True)])
    deputy = np.array([deputy in here for deputy, here in zip(met["deputy_id"], people, strict=True)])
    assert deputy[gate].mean() < 0.1
    assert deputy[~gate].mean() > 3 * deputy[gate].mean()


def test_topics_pile_up_after_the_return_and_meetings_move():
    simulated = topical()
    assert len(simulated.batch.moves) > 100
    moved = simulated.batch.meetings["sequence"] > 0
    assert moved.sum() > 1.5 * len(simulated.batch.moves)
    assert (simulated.batch.meetings["updated"] >= simulated.batch.meetings["created"]).all()
    assert (simulated.batch.meetings["created"] < simulated.batch.meetings["end"]).all()


def test_the_casts_are_as_many_as_planned():
    counts = topical().truth.people["cast"].value_counts()
    assert counts["critical_busy"] == counts["critical_quiet"] == 4
    assert counts["deputised"] == 10
    assert (counts[["busy_replaceable", "cancel_happy", "assistant"]] >= 6).all()
    assert set(topical().truth.topics["kind"]) == {
        "structural",
        "designed",
        "failed_design",
        "cyclic",
        "crisis",
        "case_work",
    }


@pytest.mark.parametrize("variant", [everybody_has_a_deputy, nobody_critical])
def test_organisations_in_which_nobody_is_critical(variant):
    truth = simulate(variant(2, people=100, weeks=52)).truth
    assert truth.critical == set()
    assert bool(truth.deputised) == (variant is everybody_has_a_deputy)


def test_the_sparse_variant_is_thin():
    usual, thin = topical().truth, simulate(sparse(1))
    assert 0.4 < (thin.truth.meetings["topic"] >= 0).sum() / (usual.meetings["topic"] >= 0).sum() < 0.6
    assert thin.truth.absences["shown"].mean() == pytest.approx(0.6, abs=0.05)
    titles = thin.batch.meetings.merge(thin.truth.meetings.query("topic >= 0"), on="meeting_id")["title"]
    assert titles.isin(GENERIC).mean() == pytest.approx(0.3, abs=0.04)


def test_neither_ids_nor_the_order_of_rows_betray_a_cast():
    places = []
    for seed in (1, 2, 3):
        simulated = topical(seed)
        ids = simulated.batch.people["person_id"].drop_duplicates()
        for order in (ids.to_list(), sorted(ids)):
            places += [order.index(person) / len(order) for person in simulated.truth.critical]
    assert np.mean(places) == pytest.approx(0.5, abs=0.12)


def test_ids_do_not_say_what_topic_or_series_a_meeting_is_of():
    truth = topical().truth.meetings.sort_values("meeting_id")
    topic = truth.loc[truth["topic"] >= 0, "topic"].to_numpy()
    assert (topic[1:] == topic[:-1]).mean() < 0.06


def test_subjects_are_many_and_are_not_those_of_the_demo():
    words = {way.lower() for subject in SUBJECTS for language in subject for way in language}
    assert len(SUBJECTS) >= 40
    assert len(words) == sum(len(language) for subject in SUBJECTS for language in subject)
    demo = "".join(path.read_text(encoding="utf-8").lower() for path in DEMO.glob("*.py"))
    assert [word for word in words if f'"{word}"' in demo] == []


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_the_exchange_folder_gives_back_the_same_organisation(tmp_path, form):
    simulated = simulate(with_topics(4, people=60, weeks=26, reorganisation_week=10, double_mailboxes=0.1))
    write(simulated, tmp_path, form)
    reading = read_folder(tmp_path)
    assert reading.problems == ()
    for name, key in KEYS.items():
        before, after = (
            getattr(each, name).sort_values(key, ignore_index=True) for each in (simulated.batch, reading.batch)
        )
        pd.testing.assert_frame_equal(after, before)
    before, after = (
        each.sort_values("meeting_id", ignore_index=True) for each in (simulated.labels, reading.batch.labels)
    )
    pd.testing.assert_frame_equal(after, before)


def test_tables_in_memory_have_the_derived_columns_and_no_truth():
    tables = as_tables(simulate(Plan(people=60, weeks=10, label_error=0.1)))
    week = to_pandas(tables.meetings.select("week", "local_date", "start_minute"))
    assert week.notna().all(axis=None)
    assert set(to_pandas(tables.labels)["decided_by"]) == {"model"}
    assert "label_error" in set(to_pandas(tables.settings)["name"])
    assert to_pandas(tables.absence_days)["local_date"].notna().all()
