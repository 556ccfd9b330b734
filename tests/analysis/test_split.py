from __future__ import annotations

from datetime import date

import pytest
from organisation import MONDAY, Small, at

from analysis.facts import facts
from analysis.focus import focus_days
from analysis.period import Period
from analysis.scope import EVERYBODY, Scope
from analysis.split import split

WEEK = Period(date(2026, 1, 5), date(2026, 1, 12))


def split_of(small, folder, scope=EVERYBODY, period=WEEK):
    snapshot = small.store(folder).snapshot()
    tables = snapshot.tables()
    return split(tables, snapshot.keep("facts", facts), snapshot.keep("focus_days", focus_days), period, scope)


def hours(result):
    return {part.label: part.hours for part in result.labels if part.hours}


def two() -> Small:
    return Small().person("anna").person("bo", department="B")


def test_hours_and_shares_per_label(tmp_path):
    small = two().meeting("m1", at(0, "09:00"), 60, ["anna", "bo"], "coordination")
    small.meeting("m2", at(1, "09:00"), 120, ["anna", "bo"], "design")
    result = split_of(small, tmp_path)
    assert hours(result) == {"coordination": 2.0, "design": 4.0}
    assert result.share("design") == pytest.approx(4 / 6)
    assert result.people == 2
    assert result.available == pytest.approx(72.0)


def test_a_double_booking_counts_once(tmp_path):
    small = two().meeting("m1", at(0, "09:00"), 60, ["anna"], "coordination", headcount=2)
    small.meeting("m2", at(0, "09:30"), 60, ["anna"], "escalation", headcount=2)
    result = split_of(small, tmp_path, Scope(person_id="anna"))
    assert hours(result) == {"coordination": 0.75, "escalation": 0.75}


@pytest.mark.parametrize(
    ("why", "more"),
    [
        ("cancelled", {"status": "cancelled"}),
        ("all-day", {"all_day": True}),
        ("free", {"show_as": "free"}),
        ("alone", {"headcount": 1}),
        ("focus", {"kind": "focus"}),
        ("travel", {"kind": "travel"}),
    ],
)
def test_what_does_not_count_as_load(tmp_path, why, more):
    small = two().meeting("m1", at(0, "09:00"), 60, ["anna", "bo"], **more)
    assert split_of(small, tmp_path).hours == 0, why


def test_declined_does_not_count_and_unanswered_is_told_apart(tmp_path):
    answers = {"anna": "declined", "bo": "none", "cas": "tentative"}
    small = two().person("cas").meeting("m1", at(0, "09:00"), 60, ["anna", "bo", "cas"], answers=answers)
    result = split_of(small, tmp_path)
    assert result.answers == {"unanswered": 1.0, "tentative": 1.0}
    assert result.expected_hours == pytest.approx(0.85 * 2)


def test_a_room_is_nobody(tmp_path):
    small = two().meeting("m1", at(0, "09:00"), 60, ["anna", "bo", "room"]).person("room")
    small.attendance[-1]["role"] = "resource"
    assert split_of(small, tmp_path).hours == 2.0


def test_an_unknown_headcount_is_not_one(tmp_path):
    small = two().meeting("m1", at(0, "09:00"), 60, ["anna"], headcount=None)
    assert split_of(small, tmp_path).hours == 1.0


def test_nothing_counts_on_leave_whatever_the_answer(tmp_path):
    small = two().meeting("m1", at(0, "09:00"), 60, ["anna", "bo"]).away("bo", at(0, "00:00"), at(1, "00:00"))
    result = split_of(small, tmp_path)
    assert result.hours == 1.0
    assert result.available == pytest.approx(72.0 - 7.2)


def test_a_morning_off_leaves_the_afternoon(tmp_path):
    small = two().away("bo", at(0, "08:00"), at(0, "12:00"))
    small.meeting("m1", at(0, "11:30"), 60, ["anna", "bo"]).meeting("m2", at(0, "13:00"), 60, ["anna", "bo"])
    assert split_of(small, tmp_path, Scope(person_id="bo")).hours == 1.0


def test_part_time_and_leaving_shrink_the_available_hours(tmp_path):
    small = Small().person("anna", fte=0.5).person("bo", valid_to="2026-01-07")
    assert split_of(small, tmp_path).available == pytest.approx(18.0 + 2 * 7.2)


def test_a_public_holiday_is_not_available(tmp_path):
    new_year = Period(date(2025, 12, 29), date(2026, 1, 5))
    assert split_of(Small().person("anna"), tmp_path, period=new_year).available == pytest.approx(4 * 7.2)


def test_a_move_counts_hours_where_the_person_was_that_day(tmp_path):
    small = Small().person("anna", valid_to="2026-01-07").person("anna", department="B", valid_from="2026-01-07")
    small.meeting("m1", at(0, "09:00"), 60, ["anna"]).meeting("m2", at(3, "09:00"), 120, ["anna"])
    store = small.store(tmp_path).snapshot()
    kept, days = store.keep("facts", facts), store.keep("focus_days", focus_days)
    by = {name: split(store.tables(), kept, days, WEEK, Scope(department=name)).hours for name in ("A", "B")}
    assert by == {"A": 1.0, "B": 2.0}


def test_focus_is_a_free_block_of_two_hours_and_scraps_are_not(tmp_path):
    """9:00 to 17:00 with meetings 10:30-11:00 and 14:00-15:30: free 1.5, 3 and 1.5 hours."""
    small = two().meeting("m1", at(0, "10:30"), 30, ["anna", "bo"]).meeting("m2", at(0, "14:00"), 90, ["anna", "bo"])
    focus = split_of(small, tmp_path, Scope(person_id="anna")).focus
    assert focus.focus_hours == pytest.approx(3 + 4 * 8)
    assert focus.fragmented_hours == pytest.approx(3.0)
    assert focus.person_weeks == 1


def test_meetings_outside_working_hours_take_no_focus(tmp_path):
    small = two().meeting("m1", at(0, "19:00"), 60, ["anna", "bo"]).meeting("m2", at(1, "08:00"), 90, ["anna", "bo"])
    focus = split_of(small, tmp_path, Scope(person_id="anna")).focus
    assert focus.focus_hours == pytest.approx(8 + 7.5 + 3 * 8)


def test_unlabelled_hours_are_shown_as_such(tmp_path):
    small = two().meeting("m1", at(0, "09:00"), 60, ["anna", "bo"])
    small.labels.clear()
    small.labels.append({"meeting_id": "other", "label": "design"})
    assert hours(split_of(small, tmp_path)) == {"unlabelled": 2.0}


def test_weeks_without_meetings_are_there_with_zero(tmp_path):
    small = two().meeting("m1", at(7, "09:00"), 60, ["anna", "bo"])
    result = split_of(small, tmp_path, period=Period(date(2026, 1, 5), date(2026, 1, 19)))
    assert [week.total for week in result.weeks] == [0, 2.0]


def test_an_empty_store_is_zero_everywhere(tmp_path):
    result = split_of(Small().person("anna"), tmp_path)
    assert (result.hours, result.load, result.meetings) == (0.0, 0.0, 0)
    assert MONDAY.date() == result.period.start
