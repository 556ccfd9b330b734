"""Doors of small planted organisations."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from organisation import Small, at

from analysis.bridges.doors import Doors, doors
from analysis.period import Period
from analysis.presence import presence

PERIOD = Period(date(2026, 1, 5), date(2026, 1, 5) + timedelta(weeks=26))
BEFORE, QUARTER = range(13), range(13, 26)
# In summer an Amsterdam clock is an hour further than `at` thinks; nothing here depends on it.


def house() -> Small:
    small = Small()
    for unit in "AB":
        for number in (1, 2, 3, 4):
            small.person(f"{unit.lower()}{number}", 4, unit)
    # Both quarters have meetings, so that they can be compared.
    return weekly(small, ["b1", "b2"], "steady", range(26), "16:00")


def weekly(small, who, series, weeks, clock="09:00", minutes=60, **more) -> Small:
    for week in weeks:
        small.meeting(
            f"{series} {week}", at(7 * week, clock), minutes, who, series_id=series, organizer_id=who[0], **more
        )
    return small


def measured(small: Small, folder, period: Period = PERIOD) -> Doors:
    snapshot = small.store(folder).snapshot()
    return doors(snapshot.tables(), snapshot.keep("presence", presence), period)


def of(groups, name):
    return next(each.doors for each in groups if each.name == name)


def answer(small: Small, meeting: str, person: str, response: str = "accepted", **more: object) -> None:
    mine = (row for row in small.attendance if (row["meeting_id"], row["person_id"]) == (meeting, person))
    next(mine).update(response=response, **more)


def test_optional_invitations_may_be_declined(tmp_path):
    small = weekly(house(), ["a1", "a2"], "s", QUARTER)
    for week in QUARTER:
        answer(small, f"s {week}", "a2", "declined" if week < 16 else "accepted", role="optional")
    found = measured(small, tmp_path)
    assert (found.everybody.optional, found.everybody.declined) == (13, 3)
    assert of(found.teams, "A / A1").decline_rate == pytest.approx(3 / 13)
    assert of(found.organizers, "a1").decline_rate == pytest.approx(3 / 13)
    assert of(found.teams, "B / B1").decline_rate is None


def test_deputies_are_sent(tmp_path):
    small = weekly(house(), ["b1", "a1"], "s", QUARTER)
    for week in (14, 15):
        answer(small, f"s {week}", "a1", "declined")
    small.attendance.append({"meeting_id": "s 14", "person_id": "a2", "response": "accepted", "hours": 1.0})
    found = measured(small, tmp_path)
    assert (found.everybody.missed, found.everybody.deputies) == (2, 1)
    assert of(found.teams, "A / A1").deputy_rate == 0.5
    assert of(found.organizers, "b1").deputy_rate == 0.5


def test_series_end_start_and_shrink(tmp_path):
    """Before: two hours a week of `old`; after: one of `new`; `long` goes from 60 to 30 minutes."""
    small = weekly(house(), ["a1", "a2"], "old", BEFORE)
    weekly(weekly(small, ["a3", "a4"], "long", BEFORE, "11:00", 60), ["a3", "a4"], "long", QUARTER, "11:00", 30)
    weekly(small, ["b1", "b2"], "new", QUARTER, "13:00", 30)
    found = measured(small, tmp_path)
    here = found.everybody
    assert (found.compared, here.series, here.started, here.ended, here.shortened) == (True, 4, 1, 1, 1)
    # Public holidays differ between the quarters, so hours before are scaled by a few per cent.
    assert here.closed == pytest.approx(3.0, rel=0.1)
    assert here.opened == pytest.approx(1.0)
    assert here.balance == pytest.approx(here.closed / here.opened)
    assert of(found.teams, "A / A1").balance is None
    assert of(found.teams, "B / B1").closed == 0.0


def test_a_series_that_is_still_planned_has_not_ended(tmp_path):
    small = weekly(house(), ["a1", "a2"], "s", (*BEFORE, 30))
    assert measured(small, tmp_path).everybody.ended == 0


def test_blocks_kept_free(tmp_path):
    small = house()
    for week in (14, 15):
        small.meeting(f"block {week}", at(7 * week + 1, "09:00"), 120, ["a1"], kind="focus")
    small.meeting("over it", at(7 * 15 + 1, "10:00"), 60, ["a1", "a2"])
    found = of(measured(small, tmp_path).teams, "A / A1")
    assert (found.blocks, found.kept, found.kept_rate) == (2, 1, 0.5)


def test_open_and_closed_circles(tmp_path):
    small = weekly(weekly(house(), ["a1", "a2"], "open", range(26)), ["b1", "b3"], "closed", range(26), "11:00")
    small.attendance.append({"meeting_id": "open 20", "person_id": "b4", "response": "accepted", "hours": 1.0})
    found = measured(small, tmp_path)
    assert (found.everybody.attendees, found.everybody.newcomers) == (7, 1)
    assert of(found.organizers, "a1").openness == pytest.approx(1 / 3)
    assert of(found.teams, "B / B1").openness == 0.0


def test_without_a_quarter_before_nothing_is_compared(tmp_path):
    found = measured(house(), tmp_path, Period(PERIOD.start, PERIOD.start + timedelta(weeks=13)))
    assert (found.compared, found.everybody.balance, found.everybody.openness) == (False, None, None)


def test_a_copied_mailbox_changes_nothing(tmp_path):
    (tmp_path / "copy").mkdir()
    copied = weekly(house(), ["a1", "a2", "copy of a1"], "s", range(26))
    assert measured(copied, tmp_path / "copy") == measured(weekly(house(), ["a1", "a2"], "s", range(26)), tmp_path)


def test_no_meetings_at_all(tmp_path):
    found = measured(Small().person("a1"), tmp_path)
    assert (found.compared, found.everybody.people, found.teams, found.organizers) == (False, 0, (), ())
