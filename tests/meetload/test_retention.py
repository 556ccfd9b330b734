"""Nothing is kept longer than was said, and deleted means gone from the bytes of the file."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from organisation import Small, at

from meetload import retention
from meetload.labelling import label_store
from store import journal
from store.database import Store, writing
from store.errors import BadInput
from store.viewlog import ViewLog, views_path

OLD, FRESH = "Kanarievogel oud", "Nachtegaal vers"
# at() counts from Monday 5 January 2026.
NOW = datetime(2026, 7, 1, 12)


@pytest.fixture
def store(tmp_path):
    """A meeting of p1 and p2 in January, one of p2 and p3 then, and one of theirs last week."""
    small = Small().person("p1").person("p2").person("p3")
    small.meeting("mine", at(0, "9:00"), 60, ["p1", "p2"], title="Eigen titel")
    small.meeting("theirs", at(1, "9:00"), 60, ["p2", "p3"], title=OLD, body=OLD)
    small.meeting("fresh", at(170, "9:00"), 60, ["p2", "p3"], title=FRESH)
    path = small.away("p2", at(2, "0:00"), at(4, "0:00")).store(tmp_path).path
    with writing(path) as writer:
        writer.set("owner", "p1")
    return path


def titles(store) -> dict[str, object]:
    rows = Store(store).frame("meetings").set_index("meeting_id")["title"]
    return rows.astype(object).where(rows.notna(), None).to_dict()


def test_titles_of_others_go_after_thirteen_weeks_and_ones_own_stay(store):
    assert OLD.encode() in store.read_bytes()
    kept = retention.apply(store, NOW)
    assert kept.titles == 1
    assert titles(store) == {"mine": "Eigen titel", "theirs": None, "fresh": FRESH}
    assert OLD.encode() not in store.read_bytes()
    assert kept.oldest_title == datetime(2026, 6, 24).date()


def test_labels_made_from_titles_that_are_gone_stay(store):
    label_store(store)
    before = Store(store).frame("labels").set_index("meeting_id")["label"].to_dict()
    retention.apply(store, NOW)
    label_store(store)
    assert Store(store).frame("labels").set_index("meeting_id")["label"].to_dict() == before


def test_event_rows_go_two_weeks_after_their_release(store):
    with writing(store) as writer:
        journal.append(writer, "root", retention.RELEASED, "2026Q1, signed", NOW)
    assert retention.apply(store, NOW + timedelta(days=14)).meetings == 0
    kept = retention.apply(store, NOW + timedelta(days=14, hours=1))
    assert kept.meetings == 2
    found = Store(store)
    assert set(found.frame("meetings")["meeting_id"]) == {"fresh"}
    assert set(found.frame("attendance")["meeting_id"]) == {"fresh"}
    assert found.frame("absences").empty
    assert found.frame("absence_days").empty


def test_logs_go_after_a_year_and_their_chains_still_hold(store):
    with writing(store) as writer:
        journal.append(writer, "root", "look", "long ago", NOW - timedelta(days=400))
    log = ViewLog(views_path(store))
    for days in (400, 399, 3):
        log.note("ann", "view", "/ as hr", NOW - timedelta(days=days))
    kept = retention.apply(store, NOW)
    assert (kept.journal, kept.views) == (1, 2)
    assert journal.check(Store(store)) == []
    assert log.check() == []
    assert len(log.rows()) == 2


def test_nothing_too_old_changes_nothing(store):
    retention.apply(store, NOW)
    before = store.read_bytes()
    retention.apply(store, NOW)
    assert store.read_bytes() == before


def test_times_to_keep_are_settings_that_the_journal_knows(store):
    retention.set_days(store, {"titles": 7}, NOW)
    retention.set_days(store, {"titles": 7}, NOW)
    assert retention.settings_of(Store(store)) == {"titles": 7, "appeal": 14, "logs": 365}
    assert Store(store).frame("journal")["scope"].tolist() == ["titles 7 days"]
    assert retention.apply(store, NOW).titles == 1


@pytest.mark.parametrize("days", [{"titles": 0}, {"forever": 10}])
def test_what_is_no_time_is_refused(store, days):
    with pytest.raises(BadInput):
        retention.set_days(store, days, NOW)
