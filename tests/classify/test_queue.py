from __future__ import annotations

from datetime import date

import pytest
from organisation import Small, at

from classify.queue import COLUMNS, queue
from store.database import writing


@pytest.fixture
def tables(tmp_path):
    """What each is worth: (1 - probability) x hours x people of the store, over the whole series."""
    small = Small().person("ann").person("bob")
    small.meeting("sure", at(0, "9:00"), 60, ["ann", "bob"])  # 0.1 x 1 h x 2 = 0.2
    small.meeting("doubt", at(0, "11:00"), 60, ["ann", "x1", "x2"])  # 0.6 x 1 h x 1 = 0.6
    small.meeting("said", at(0, "13:00"), 600, ["ann", "bob"])  # said by a person
    small.meeting("off", at(0, "14:00"), 600, ["ann"], status="cancelled")
    small.meeting("focus", at(0, "15:00"), 600, ["ann"], kind="focus")
    small.meeting("day", at(0, "0:00"), 1440, ["ann"], all_day=True)
    for week in range(4):  # 4 x 0.3 x 0.5 h x 2 = 1.2
        small.meeting(f"s{week}", at(7 * week, "16:00"), 30, ["ann", "bob"], series_id="s", title=f"week {week}")
    chances = {"doubt": 0.4} | {f"s{week}": 0.7 for week in range(4)}
    for row in small.labels:
        row["probability"] = chances.get(row["meeting_id"], 0.9)
        row["decided_by"] = "person" if row["meeting_id"] == "said" else "model"
    return small.store(tmp_path).tables()


def test_first_comes_what_a_correction_would_change_most(tables):
    found = queue(tables, 10)
    assert found.columns.tolist() == list(COLUMNS)
    assert dict(zip(found["meeting_id"], found["worth"].round(6), strict=True)) == {
        "s3": 1.2,
        "doubt": 0.6,
        "sure": 0.2,
    }
    series = found.iloc[0]
    assert (series["title"], series["meetings"], series["hours"], series["people"]) == ("week 3", 4, 4.0, 2)
    assert found["people"].tolist() == [2, 3, 2]


def test_a_queue_of_one_person_in_one_period(tables):
    bob = queue(tables, 10, person_id="bob")
    assert bob["meeting_id"].tolist() == ["s3", "sure"]
    assert bob["hours"].tolist() == [2.0, 1.0]
    january = queue(tables, 10, person_id="bob", span=(date(2026, 1, 12), date(2026, 1, 19)))
    assert january["meeting_id"].tolist() == ["s1"]
    assert queue(tables, 10, person_id="nobody").empty
    assert queue(tables, 1)["meeting_id"].tolist() == ["s3"]


def test_named_series_come_in_the_order_given_corrected_or_not(tables):
    found = queue(tables, 10, groups=["said", "s", "nothing", "sure"])
    assert found["meeting_id"].tolist() == ["said", "s3", "sure"]
    assert queue(tables, 1, groups=["said", "s"])["meeting_id"].tolist() == ["said"]


def test_a_store_without_labels_has_an_empty_queue(tmp_path):
    small = Small().person("ann").meeting("m", at(0, "9:00"), 60, ["ann"])
    with writing(tmp_path / "a.db") as writer:
        writer.add(small.batch())
        assert queue(writer.tables(), 10).empty
        assert queue(writer.tables(), 10, groups=["m"]).empty
