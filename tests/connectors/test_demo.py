"""The demo organisation: believable, repeatable, and with its truth kept apart."""

from __future__ import annotations

import functools
import json
import operator
import re
from collections import Counter
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from connectors.contract import Pull, Window
from connectors.demo import DemoSource, truth
from connectors.demo.absence import public_holidays
from connectors.demo.grid import room_for
from connectors.demo.tables import last_monday
from store.errors import BadInput
from store.frames import with_local_time
from store.schema import LABELS

if TYPE_CHECKING:
    from collections.abc import Callable

ALWAYS = Window(datetime(2000, 1, 1), datetime(2100, 1, 1))
PHASES = 5


@pytest.fixture(scope="module")
def source() -> DemoSource:
    return DemoSource()


@pytest.fixture(scope="module")
def pulled(source: DemoSource) -> Pull:
    return source.pull("organisation", ALWAYS)


@pytest.fixture(scope="module")
def planted(source: DemoSource) -> dict[str, Any]:
    return truth(source)


@pytest.fixture(scope="module")
def people(pulled: Pull) -> pd.DataFrame:
    """One row a person: the last place in the chart."""
    return pulled.batch.people.drop_duplicates("person_id", keep="last").set_index("person_id")


@pytest.fixture(scope="module")
def load(source: DemoSource, pulled: Pull, planted: dict[str, Any], people: pd.DataFrame) -> pd.DataFrame:
    """Attended meeting hours of employees, with label and week; nothing declined, cancelled or while away."""
    meetings = with_local_time(pulled.batch.meetings, source.timezone)
    meetings = meetings[(meetings["status"] != "cancelled") & ~meetings["all_day"] & (meetings["kind"] == "meeting")]
    rows = pulled.batch.attendance.merge(meetings, on="meeting_id")
    rows = rows[(rows["response"] != "declined") & rows["person_id"].isin(people.index)]
    away = pd.DataFrame(
        [
            (row["person_id"], day)
            for row in planted["absences"]
            for day in pd.date_range(row["from"], row["until"], inclusive="left")
        ],
        columns=["person_id", "local_date"],
    )
    away["local_date"] = away["local_date"].astype(rows["local_date"].dtype)
    rows = rows.merge(away.assign(away=True), how="left", on=["person_id", "local_date"])
    rows = rows[rows["away"].isna()]
    return rows.assign(
        label=rows["meeting_id"].map(planted["labels"]),
        ad_hoc=rows["meeting_id"].isin(set(planted["ad_hoc_process"])),
        level=rows["person_id"].map(people["level"]),
        number=(rows["week"] - pd.Timestamp(source.monday)).dt.days // 7,
    )


def phase(number: pd.Series, weeks: int = 104) -> pd.Series:
    return (number * PHASES // weeks).clip(upper=PHASES - 1)


def available(source: DemoSource, levels: set[int]) -> np.ndarray:
    """Person-days at work by phase, for people of these levels."""
    out = source.world.presence.out
    chosen = sorted({stint.person for stint in source.world.organisation.stints if stint.level in levels})
    days = (~out[chosen]).sum(axis=0).reshape(source.weeks, 5).sum(axis=1)
    return np.bincount(phase(pd.Series(range(source.weeks)), source.weeks), weights=days, minlength=PHASES)


def by_phase(rows: pd.DataFrame) -> np.ndarray:
    return np.bincount(phase(rows["number"]), weights=rows["hours"], minlength=PHASES)


# ---- the door


def test_one_mailbox_and_a_short_name(source: DemoSource) -> None:
    assert source.name == "demo"
    assert list(source.mailboxes()) == ["organisation"]


def test_the_same_seed_gives_the_same_tables(pulled: Pull) -> None:
    again = DemoSource().pull("organisation", ALWAYS)
    for (table, one), (_, other) in zip(pulled.batch, again.batch, strict=True):
        pd.testing.assert_frame_equal(one, other, obj=table.name)


def test_another_seed_gives_another_organisation() -> None:
    one, other = (DemoSource(seed=seed, people=60, weeks=26).batch for seed in (1, 2))
    assert not set(one.people["person_id"]) & set(other.people["person_id"])
    assert not set(one.meetings["meeting_id"]) & set(other.meetings["meeting_id"])
    assert set(one.people["name"]) != set(other.people["name"])


def test_sizes(pulled: Pull) -> None:
    at_the_end = pulled.batch.people["valid_to"].isna().sum()
    assert 150 <= at_the_end <= 165
    assert 40_000 <= len(pulled.batch.meetings) <= 70_000
    assert 150_000 <= len(pulled.batch.attendance) <= 350_000
    assert pulled.counts["events"] == len(pulled.batch.meetings)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"people": 20}, "from 60 to 3000 people"),
        ({"people": 5000}, "from 60 to 3000 people"),
        ({"weeks": 3}, "from 26 to 520 weeks"),
        ({"seed": -1}, "zero or more"),
        ({"timezone": "Mars/Olympus"}, "not a time zone"),
    ],
)
def test_arguments_that_make_no_sense_are_refused(arguments: dict[str, Any], reason: str) -> None:
    with pytest.raises(BadInput, match=reason):
        DemoSource(**arguments)


def test_a_mailbox_that_does_not_exist_is_refused(source: DemoSource) -> None:
    with pytest.raises(BadInput, match="one mailbox"):
        source.pull("somebody", ALWAYS)


def test_a_pull_keeps_to_its_window(source: DemoSource) -> None:
    window = Window(datetime(2026, 3, 2), datetime(2026, 3, 9))
    batch = source.pull("organisation", window).batch
    assert 300 < len(batch.meetings) < 900
    for frame in (batch.meetings, batch.absences):
        assert (frame["start"] < window.end).all()
        assert (frame["end"] > window.start).all()
    assert set(batch.attendance["meeting_id"]) == set(batch.meetings["meeting_id"])
    assert set(batch.moves["meeting_id"]) <= set(batch.meetings["meeting_id"])


def test_windows_side_by_side_bring_the_whole(source: DemoSource, pulled: Pull) -> None:
    middle = datetime(2026, 1, 1)
    halves = [source.pull("organisation", each) for each in (Window(ALWAYS.start, middle), Window(middle, ALWAYS.end))]
    together = set().union(*(set(half.batch.meetings["meeting_id"]) for half in halves))
    assert together == set(pulled.batch.meetings["meeting_id"])


def test_the_last_week_is_the_week_of_the_end(pulled: Pull) -> None:
    assert last_monday(date(2026, 11, 15)) == date(2026, 11, 9)
    timed = pulled.batch.meetings[~pulled.batch.meetings["all_day"]]
    assert date(2026, 11, 9) <= timed["start"].max().date() <= date(2026, 11, 15)
    assert date(2024, 11, 18) <= timed["start"].min().date() <= date(2024, 11, 20)


# ---- the chart


def test_the_chart_is_a_tree_with_five_levels(pulled: Pull) -> None:
    people = pulled.batch.people
    assert sorted(people["level"].unique()) == [1, 2, 3, 4, 5]
    tops = people[people["manager_id"].isna()]
    assert tops["level"].tolist() == [1]
    days = sorted({*people["valid_from"].dropna(), *people["valid_to"].dropna()})
    for day in [each for each in days if each >= pd.Timestamp("2024-11-18")]:
        now = people[(people["valid_from"] <= day) & ~(people["valid_to"] <= day)].set_index("person_id")
        assert now.index.is_unique
        managed = now[now["manager_id"].notna()]
        assert managed["manager_id"].isin(now.index).all()
        assert (now.loc[managed["manager_id"], "level"].to_numpy() < managed["level"].to_numpy()).all()


def test_nine_departments_have_teams_functions_and_part_timers(pulled: Pull) -> None:
    people = pulled.batch.people
    assert people["department"].nunique() == 10
    assert people["function"].notna().all()
    assert people["fte"].between(0.5, 1.0).all()
    assert 0.2 < (people["fte"] < 1).mean() < 0.7
    assert people["email"].str.endswith("@example.org").all()
    assert people.drop_duplicates("person_id")["email"].is_unique


def test_people_join_leave_rise_and_are_reorganised(pulled: Pull) -> None:
    people = pulled.batch.people
    per_person = people.groupby("person_id")
    assert (people["valid_from"] > pd.Timestamp("2024-11-18")).groupby(people["person_id"]).all().sum() >= 5
    assert (~people["valid_to"].isna().groupby(people["person_id"]).any()).sum() >= 5
    assert (per_person["level"].max() > per_person["level"].min()).sum() >= 3
    moved = people[people["team"] == "Vooronderzoek"]
    week = (moved["valid_from"].min() - pd.Timestamp("2024-11-18")).days // 7
    assert 56 <= week <= 64
    before = people[people["person_id"].isin(moved["person_id"]) & (people["valid_to"] == moved["valid_from"].min())]
    assert set(before["department"]) == {"Intake", "Beoordeling"}


# ---- the calendar


def test_everything_refers_to_something(pulled: Pull) -> None:
    batch = pulled.batch
    known = set(batch.people["person_id"])
    assert batch.meetings["meeting_id"].is_unique
    assert set(batch.attendance["meeting_id"]) == set(batch.meetings["meeting_id"])
    assert not batch.attendance.duplicated(["meeting_id", "person_id"]).any()
    assert set(batch.meetings["organizer_id"]) <= known
    assert set(batch.absences["person_id"]) <= known
    assert set(batch.aliases["person_id"]) == known
    assert set(batch.moves["meeting_id"]) <= set(batch.meetings["meeting_id"])
    organizers = batch.attendance[batch.attendance["role"] == "organizer"].set_index("meeting_id")["person_id"]
    assert organizers.reindex(batch.meetings["meeting_id"]).tolist() == batch.meetings["organizer_id"].tolist()


def test_headcounts_count_people_and_outsiders_but_no_rooms(pulled: Pull) -> None:
    batch = pulled.batch
    rows = batch.attendance[batch.attendance["role"] != "resource"]
    outside = rows[~rows["person_id"].isin(batch.people["person_id"])]
    meetings = batch.meetings.set_index("meeting_id")
    counted = rows.groupby("meeting_id").size().reindex(meetings.index)
    assert ((meetings["headcount"] - counted) >= 0).all()
    assert ((meetings["headcount"] - counted) == 0).mean() > 0.99
    assert set(outside["meeting_id"]) == set(meetings.index[meetings["headcount_external"] > 0])
    assert (meetings.loc[meetings["kind"] != "meeting", "headcount"] == 1).all()
    rooms = batch.attendance[batch.attendance["role"] == "resource"]["person_id"]
    assert 4 <= rooms.nunique() <= 10


def test_times_are_plausible(source: DemoSource, pulled: Pull) -> None:
    meetings = with_local_time(pulled.batch.meetings, source.timezone)
    timed = meetings[~meetings["all_day"]]
    assert timed["local_minute"].between(8 * 60, 18 * 60).all()
    assert (timed["local_date"].dt.day_of_week < 5).all()
    minutes = (timed["end"] - timed["start"]).dt.total_seconds() / 60
    assert minutes.between(15, 180).all()
    assert (timed["created"] < timed["start"]).all()
    assert (timed["updated"] >= timed["created"]).all()
    attended = pulled.batch.attendance.merge(timed.assign(minutes=minutes), on="meeting_id")
    assert np.allclose(attended["hours"] * 60, attended["minutes"])
    local_hours = timed.groupby(timed["local_date"].dt.month)["local_minute"].median()
    assert local_hours.max() - local_hours.min() <= 90


def test_days_are_livable(load: pd.DataFrame) -> None:
    rows = load.sort_values(["person_id", "start"])
    until = rows.groupby("person_id")["end"].cummax().groupby(rows["person_id"]).shift()
    begin = rows["start"].where(~(until > rows["start"]), until)
    own = ((rows["end"] - begin).dt.total_seconds() / 3600).clip(lower=0)
    assert own.groupby([rows["person_id"], rows["local_date"]]).sum().max() <= 12
    assert own.groupby([rows["person_id"], rows["week"]]).sum().max() <= 33


@pytest.mark.parametrize(("level", "low", "high"), [(1, 14, 26), (2, 15, 26), (3, 11, 18), (4, 7, 14), (5, 4, 9)])
def test_weeks_are_as_full_as_the_job(
    source: DemoSource, load: pd.DataFrame, level: int, low: float, high: float
) -> None:
    hours = load.loc[load["level"] == level, "hours"].sum()
    assert low < hours / available(source, {level}).sum() * 5 < high


def test_public_holidays_have_hardly_any_meetings(source: DemoSource, pulled: Pull) -> None:
    days = [source.monday + timedelta(days=number) for number in range(7 * source.weeks)]
    closed = {pd.Timestamp(day) for day, holiday in zip(days, public_holidays(days), strict=True) if holiday}
    assert len(closed) >= 15
    meetings = with_local_time(pulled.batch.meetings, source.timezone)
    meetings = meetings[(meetings["kind"] == "meeting") & (meetings["status"] == "confirmed")]
    per_day = meetings.groupby("local_date").size()
    assert per_day.reindex(sorted(closed), fill_value=0).mean() < 0.05 * per_day.median()


def test_summer_and_christmas_are_quiet(pulled: Pull) -> None:
    meetings = pulled.batch.meetings[pulled.batch.meetings["kind"] == "meeting"]
    week = meetings["start"].dt.isocalendar().week
    usual = (week.isin([10, 11, 12, 46, 47])).sum() / 5
    assert (week.isin([31, 32])).sum() / 2 < 0.75 * usual
    assert (week.isin([52, 1])).sum() / 2 < 0.6 * usual


def test_most_absences_leave_a_trace(pulled: Pull, planted: dict[str, Any]) -> None:
    visible = [row["source"] is not None for row in planted["absences"]]
    assert 0.75 < np.mean(visible) < 0.88
    assert len(pulled.batch.absences) == sum(visible)
    items = pulled.batch.meetings[pulled.batch.meetings["kind"] == "absence"]
    assert len(items) == (pulled.batch.absences["source"] == "calendar").sum()
    assert items["all_day"].all()
    assert (items["show_as"] == "oof").all()
    assert (
        pulled.batch.attendance.loc[pulled.batch.attendance["meeting_id"].isin(items["meeting_id"]), "hours"] == 0
    ).all()


def test_moves_say_where_a_meeting_came_from(pulled: Pull) -> None:
    batch = pulled.batch
    rows = batch.moves.merge(batch.meetings, on="meeting_id")
    assert len(rows) > 800
    assert (rows["new_start"] == rows["start"]).all()
    assert (rows["old_start"] != rows["new_start"]).all()
    series = rows[rows["series_id"].notna()]
    assert (series["original_start"] == series["old_start"]).all()
    assert batch.meetings.loc[batch.meetings["series_id"].isna(), "original_start"].isna().all()


def test_some_meetings_are_cancelled_private_or_unanswered(pulled: Pull) -> None:
    meetings = pulled.batch.meetings
    assert 0.01 < (meetings["status"] == "cancelled").mean() < 0.08
    assert 0.01 < meetings["is_private"].mean() < 0.08
    assert meetings.loc[meetings["is_private"], "title"].isna().all()
    assert meetings.loc[~meetings["is_private"], "title"].notna().all()
    answers = pulled.batch.attendance["response"].value_counts(normalize=True)
    assert 0.6 < answers["accepted"] < 0.9
    assert set(answers.index) == {"accepted", "declined", "tentative", "none"}


def test_lead_times_differ_by_purpose_but_overlap(pulled: Pull, planted: dict[str, Any]) -> None:
    meetings = pulled.batch.meetings[pulled.batch.meetings["series_id"].isna() & ~pulled.batch.meetings["all_day"]]
    hours = (meetings["start"] - meetings["created"]).dt.total_seconds() / 3600
    by_label = hours.groupby(meetings["meeting_id"].map(planted["labels"]))
    median = by_label.median()
    assert median["incident"] < median["escalation"] < median["coordination"] < median["design"]
    assert by_label.quantile(0.9)["escalation"] > by_label.quantile(0.25)["coordination"]


def test_titles_are_dutch_and_english(pulled: Pull) -> None:
    meetings = pulled.batch.meetings[pulled.batch.meetings["kind"] == "meeting"]
    titles = meetings["title"].dropna().str.lower()
    dutch = titles.str.contains(r"overleg|afstemming|vervolg|voortgang|gesprek|sessie|dagstart|besprek|bijpraten|bord")
    english = titles.str.contains(r"meeting|follow-up|weekly|alignment|catch up|decision|call|session|interview")
    assert dutch.mean() > 0.2
    assert 0.15 < english.mean() / dutch.mean() < 0.6
    assert titles.nunique() > 3000
    assert not titles.str.contains(r"[{}]").any()


def test_focus_blocks_are_adopted_halfway(source: DemoSource, pulled: Pull) -> None:
    focus = pulled.batch.meetings[pulled.batch.meetings["kind"] == "focus"]
    first = (focus["start"].min().date() - source.monday).days // 7
    assert 43 <= first <= 55


# ---- the story


def test_coordination_rises_through_four_phases_and_falls_in_the_fifth(source: DemoSource, load: pd.DataFrame) -> None:
    share = by_phase(load[load["label"] == "coordination"]) / available(source, {1, 2, 3, 4, 5})
    ratio = share / share[0]
    assert 1.22 < ratio[3] < 1.5
    assert 1.03 < ratio[4] < ratio[3] - 0.08


def test_ad_hoc_work_across_teams_slides_upward(source: DemoSource, load: pd.DataFrame) -> None:
    top = by_phase(load[load["ad_hoc"] & (load["level"] <= 2)]) / available(source, {1, 2})
    rest = by_phase(load[load["ad_hoc"] & (load["level"] > 2)]) / available(source, {3, 4, 5})
    assert 1.7 < top[3] / top[0] < 2.7
    assert np.log(top[3] / top[0]) - np.log(rest[3] / rest[0]) > 0.1


def test_escalations_peak_when_the_coordinator_is_recognised(load: pd.DataFrame) -> None:
    hours = by_phase(load[load["label"] == "escalation"])
    assert hours[2] > 2 * hours[0]
    assert hours[3] > hours[4]


def test_operators_are_asked_for_two_things_at_once_in_the_fourth_phase(load: pd.DataFrame) -> None:
    rows = load[load["level"] == 5].sort_values(["person_id", "start"])
    until = rows.groupby("person_id")["end"].shift()
    clashes = np.bincount(phase(rows["number"]), weights=(until > rows["start"]), minlength=PHASES)
    assert clashes[3] > 2 * clashes[:3].max()


def held_while_away(source: DemoSource, planted: dict[str, Any], pulled: Pull, wanted: Callable[[Any], bool]) -> float:
    """Meetings a week on carried topics in weeks of absence, over those in other weeks of the same season."""
    world, number = source.world, {each.id: each.number for each in source.world.organisation.people}
    meetings = pulled.batch.meetings[pulled.batch.meetings["status"] != "cancelled"]
    meetings = meetings[meetings["meeting_id"].isin(set(planted["ad_hoc_process"]))]
    week = (meetings["start"] - pd.Timestamp(source.monday)).dt.days // 7
    topic = meetings["meeting_id"].map(planted["meeting_topics"])
    season, observed, expected = np.array(world.presence.season), 0.0, 0.0
    for row in (row for row in planted["topics"] if row["carrier"] and wanted(row)):
        held = np.bincount(week[topic == row["topic"]], minlength=source.weeks)
        away = np.array(
            [world.presence.days_at_work(number[row["carrier"]], each) <= 1 for each in range(source.weeks)]
        )
        observed += held[away].sum()
        expected += held[~away].sum() / season[~away].sum() * season[away].sum()
    return observed / expected


def test_work_waits_for_whoever_has_no_deputy(source: DemoSource, planted: dict[str, Any], pulled: Pull) -> None:
    manager = planted["department_managers"][0]
    quiet = planted["quiet_connectors"][0]
    deputised = held_while_away(source, planted, pulled, lambda row: row["deputy"] is not None)
    assert deputised > 0.75
    assert held_while_away(source, planted, pulled, lambda row: row["carrier"] == manager) < 0.6 * deputised
    assert held_while_away(source, planted, pulled, lambda row: row["carrier"] == quiet) < 0.6 * deputised


def test_the_quiet_connector_is_not_in_more_meetings_than_others(load: pd.DataFrame, planted: dict[str, Any]) -> None:
    hours = load.groupby("person_id")["hours"].sum().sort_values(ascending=False)
    assert hours.index.get_loc(planted["quiet_connectors"][0]) > 12


def test_the_deputy_appears_when_the_manager_is_away(source: DemoSource, planted: dict[str, Any], pulled: Pull) -> None:
    number = {each.id: each.number for each in source.world.organisation.people}
    topic = {row["topic"]: row for row in planted["topics"] if row["deputy"]}
    present: Counter[bool] = Counter()
    meetings: Counter[bool] = Counter()
    people = pulled.batch.attendance.groupby("meeting_id")["person_id"].agg(set)
    start = pulled.batch.meetings.set_index("meeting_id")["start"]
    for key in planted["ad_hoc_process"]:
        row = topic.get(planted["meeting_topics"][key])
        if row is not None:
            week = (start[key] - pd.Timestamp(source.monday)).days // 7
            away = source.world.presence.days_at_work(number[row["carrier"]], week) <= 1
            meetings[away] += 1
            present[away] += row["deputy"] in people[key]
    assert present[True] / meetings[True] > 0.4
    assert present[False] / meetings[False] < 0.2


# ---- the truth is kept apart


def test_the_truth_is_json_and_covers_every_meeting(pulled: Pull, planted: dict[str, Any]) -> None:
    assert json.loads(json.dumps(planted)).keys() == planted.keys()
    assert set(planted["labels"]) == set(pulled.batch.meetings["meeting_id"])
    assert set(planted["labels"].values()) == set(LABELS)
    coordination = {key for key, label in planted["labels"].items() if label == "coordination"}
    assert set(planted["subs"]) == coordination
    assert set(planted["subs"].values()) == {"line", "process"}
    cast = [
        *planted["critical"],
        *planted["deputies"].values(),
        *functools.reduce(operator.iadd, planted["decoys"].values(), []),
    ]
    assert set(cast) <= set(pulled.batch.people["person_id"])
    assert {row["kind"] for row in planted["topics"]} == {"open", "designed", "failed", "cyclic", "burst", "casework"}
    assert planted["phases"][0]["from"] == "2024-11-18"
    assert planted["phases"][-1]["until"] == "2026-11-16"


def test_some_teams_do_not_meet_without_their_lead(pulled: Pull, planted: dict[str, Any]) -> None:
    """In the weeks that a lead is away these are called off, and in the others hardly more than any."""
    meetings = pulled.batch.meetings.dropna(subset="series_id")
    week = meetings["local_date"] if "local_date" in meetings else meetings["start"].dt.normalize()
    monday = week - pd.to_timedelta(week.dt.day_of_week, unit="D")
    away = {
        (row["person_id"], str(day.date()))
        for row in planted["absences"]
        for day in pd.date_range(row["from"], row["until"], freq="W-MON", inclusive="left")
        if pd.Timestamp(row["until"]) >= day + pd.Timedelta(days=3)
    }
    pairs = zip(meetings["organizer_id"], monday.dt.date.astype(str), strict=True)
    without = np.array([pair in away for pair in pairs])
    called_off = meetings["status"] == "cancelled"
    waiting = meetings["series_id"].isin(planted["stalling"])
    assert len(planted["stalling"]) > 7
    assert called_off[waiting & without].mean() > 0.95
    assert called_off[waiting & ~without].mean() < 0.1


def test_neither_ids_nor_row_order_say_what_a_meeting_is_for(pulled: Pull, planted: dict[str, Any]) -> None:
    ids = pulled.batch.meetings["meeting_id"]
    assert ids.is_monotonic_increasing
    assert ids.str.fullmatch(r"[0-9a-f]{24}").all()
    position = pd.Series(np.arange(len(ids)) / len(ids))
    mean = position.groupby(ids.map(planted["labels"])).agg(["mean", "size"])
    assert ((mean["mean"] - 0.5).abs() < 4 * 0.29 / np.sqrt(mean["size"])).all()
    levels = pulled.batch.people.drop_duplicates("person_id")["level"]
    assert abs(np.corrcoef(np.arange(len(levels)), levels)[0, 1]) < 0.25


def test_a_title_alone_does_not_settle_the_label(pulled: Pull, planted: dict[str, Any]) -> None:
    meetings = pulled.batch.meetings[pulled.batch.meetings["title"].notna()]
    title = meetings["title"].str.lower().str.strip()
    labels = meetings["meeting_id"].map(planted["labels"]).groupby(title).nunique()
    assert (labels > 1).sum() >= 5


def test_no_planted_word_stands_in_the_tables(pulled: Pull) -> None:
    words = re.compile(r"gatekeeper|decoy|critical|quiet|planted|truth")
    for _, frame in pulled.batch:
        for column in frame.select_dtypes("str"):
            assert not frame[column].dropna().str.contains(words).any(), column


# ---- other sizes


def test_a_larger_organisation_has_more_regions() -> None:
    source = DemoSource(people=600, weeks=26)
    people = source.batch.people
    assert 570 <= people["valid_to"].isna().sum() <= 610
    assert people["department"].nunique() > 12
    assert sorted(people["level"].unique()) == [1, 2, 3, 4, 5]
    assert len(truth(source)["critical"]) == 2 * len(truth(source)["department_managers"])
    assert len(truth(source)["department_managers"]) == 2


@pytest.mark.parametrize("timezone", ["Pacific/Auckland", "America/Santiago"])
def test_another_time_zone_keeps_office_hours(timezone: str) -> None:
    source = DemoSource(people=60, weeks=40, timezone=timezone)
    meetings = with_local_time(source.batch.meetings, timezone)
    assert meetings.loc[~meetings["all_day"], "local_minute"].between(8 * 60, 18 * 60).all()


def test_room_for_counts_quarters_in_a_row() -> None:
    assert room_for(4, 0b1111) & 0b11111 == 0b10000
    assert room_for(40, 1) == 0
