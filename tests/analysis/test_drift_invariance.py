"""What must not move a drift: how calendars and charts are written down."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from organisation import MONDAY, Small, at

from analysis.drift import drift
from analysis.facts import facts
from analysis.period import Period
from meetload.measuring import as_json

WEEKS = 30
PERIOD = Period(date(2026, 1, 5), date(2026, 1, 5) + timedelta(weeks=WEEKS))
LEVELS = {"ceo": 1, "m1": 2, "m2": 2, **{f"p{number}": 4 for number in range(12)}}


def organisation(department=lambda name: "AB"[hash_of(name) % 2], seed=1) -> Small:
    """Thirty weeks of a series, of one-off meetings with and without the top, and of one escalation a week."""
    rng = np.random.default_rng(seed)
    small = Small()
    for name, level in LEVELS.items():
        small.person(name, level=level, department=department(name))
    for week in range(WEEKS):
        monday = MONDAY + timedelta(weeks=week)
        who = [str(name) for name in rng.choice([name for name in LEVELS if LEVELS[name] > 2], 5, replace=False)]
        small.meeting(f"s{week}", at(0, "09:00", monday), 60, list(LEVELS), series_id="weekly")
        small.meeting(f"a{week}", at(1, "09:00", monday), int(rng.integers(2, 6)) * 30, who)
        top = [*who, "m1"] if rng.random() < 0.5 else who
        small.meeting(f"e{week}", at(2, "09:00", monday), 60, top, label="escalation")
    return small


def hash_of(name: str) -> int:
    return sum(map(ord, name))


def measured(small, folder):
    folder.mkdir()
    snapshot = small.store(folder).snapshot()
    return as_json("drift", drift(snapshot.tables(), snapshot.keep("facts", facts), PERIOD))


def same(one, other, without=()):
    """Equal but for rounding in the last place."""
    if isinstance(one, dict):
        assert one.keys() == other.keys()
        for key in one.keys() - set(without):
            same(one[key], other[key], without)
    elif isinstance(one, list):
        assert len(one) == len(other)
        for pair in zip(one, other, strict=True):
            same(*pair, without)
    else:
        assert one == pytest.approx(other, abs=1e-6)


def test_renamed_departments_change_only_their_names(tmp_path):
    names = {"A": "Zorg", "B": "Beheer"}
    renamed = organisation(lambda name: names["AB"[hash_of(name) % 2]])
    same(measured(organisation(), tmp_path / "a"), measured(renamed, tmp_path / "b"), without=["by_department"])


def test_departments_renamed_halfway_are_no_drift(tmp_path):
    halfway = organisation()
    before = [row | {"valid_to": pd.Timestamp("2026-04-20")} for row in halfway.people]
    halfway.people = before + [
        row | {"valid_from": pd.Timestamp("2026-04-20"), "department": row["department"] + "2"} for row in before
    ]
    for row in halfway.people[len(before) :]:
        row["valid_to"] = pd.NaT
    same(measured(organisation(), tmp_path / "a"), measured(halfway, tmp_path / "b"), without=["by_department"])


def test_a_meeting_split_in_two_is_the_same_work(tmp_path):
    split = organisation()
    for meeting in list(split.meetings):
        if meeting["meeting_id"].startswith("s"):
            half = meeting["start"] + (meeting["end"] - meeting["start"]) / 2
            second = meeting | {"meeting_id": meeting["meeting_id"] + "b", "start": half}
            split.attendance += [
                row | {"meeting_id": second["meeting_id"]}
                for row in split.attendance
                if row["meeting_id"] == meeting["meeting_id"]
            ]
            split.labels.append({"meeting_id": second["meeting_id"], "label": "coordination", "probability": 0.9})
            split.meetings.append(second)
            meeting["end"] = half
    same(measured(organisation(), tmp_path / "a"), measured(split, tmp_path / "b"))


def test_a_copied_mailbox_in_every_invitation_changes_nothing(tmp_path):
    copied = organisation()
    copied.attendance += [
        {"meeting_id": row["meeting_id"], "person_id": row["person_id"] + "-copy", "response": "none", "hours": 1.0}
        for row in copied.attendance
    ]
    same(measured(organisation(), tmp_path / "a"), measured(copied, tmp_path / "b"))


def test_the_contract_has_its_fields(tmp_path):
    found = measured(organisation(), tmp_path / "a")
    assert {"start", "end", "change_per_year", "points_per_year", "verdict"} <= found["coordination_share"].keys()
    assert found["coordination_share"]["change_per_year"].keys() == {"estimate", "low", "high", "p"}
    assert {"change_per_year", "verdict"} <= found["upward"].keys()
    assert found["altitude"]["weekly"][0].keys() == {"week", "value", "low", "high"}
    assert found["altitude"]["change_per_year"].keys() == {"estimate", "low", "high", "p"}
    ranges = found["decomposition"]["ranges"]
    assert ranges.keys() == {"total", "within_levels", *found["decomposition"]["parts"]}
    assert ranges["total"]["low"] <= found["decomposition"]["total"] <= ranges["total"]["high"]
    assert (found["decomposition"]["corrected"], found["decomposition"]["remade"]) == (False, 0)
    assert sum(found["decomposition"]["parts"].values()) == pytest.approx(found["decomposition"]["total"], abs=1e-9)
    assert {"explanation", "tested_by", "size", "explains"} <= found["counter_voices"][0].keys()
    assert [kind["name"] for kind in found["by_kind"]] == ["line", "process", "escalation", "incident"]
    assert found["coverage"] == {"people": 15, "with_calendar": 15, "share": 1.0, "at_both_ends": 15}
    assert found["label_error"]["corrected"] is False
    assert len(found["weekly"]) == len(found["altitude"]["weekly"]) == WEEKS
    assert [level["levels"] for level in found["by_level"]] == [[1], [2], [4]]
    assert isinstance(found["change_points"], list)
    assert found["by_department"] == [] or found["by_department"][0]["people"] >= 10


def test_every_label_has_a_drift(tmp_path):
    snapshot = organisation().store(tmp_path).snapshot()
    kept = snapshot.keep("facts", facts)
    found = drift(snapshot.tables(), kept, PERIOD, label="escalation")
    assert (found.label, found.start > 0) == ("escalation", True)
    assert drift(snapshot.tables(), kept, PERIOD, label="design").verdict == "not measurable"
