from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from organisation import Small, at

from analysis.period import Period
from analysis.scope import EVERYBODY, Scope
from analysis.snapshots import habits_of

WEEK = Period(date(2026, 1, 5), date(2026, 1, 12))


def measured(small, folder, scope=EVERYBODY, period=WEEK):
    return habits_of(small.store(folder).snapshot(), period, scope)


def two() -> Small:
    return Small().person("anna").person("bo", department="B")


def both(small, meeting_id, start, minutes, label="coordination", sub=None, **more):
    small.meeting(meeting_id, start, minutes, ["anna", "bo"], label, **more)
    small.labels[-1]["sub"] = sub
    return small


def test_a_meeting_that_starts_within_five_minutes_of_the_last_is_back_to_back(tmp_path):
    """9:00-10:00, 10:04-11:00 and 11:05-12:00: only the second begins without a pause."""
    small = both(two(), "m1", at(0, "09:00"), 60)
    both(small, "m2", at(0, "10:04"), 56)
    both(small, "m3", at(0, "11:05"), 55)
    habit = measured(small, tmp_path, Scope(person_id="anna")).habit("back_to_back")
    assert (habit.meetings, habit.people) == (1, 1)
    assert habit.hours == pytest.approx(56 / 60)
    assert habit.meeting_share == pytest.approx(1 / 3)


def test_a_meeting_inside_a_longer_one_is_double_booked_and_not_back_to_back(tmp_path):
    """9:00-12:00 with 10:00-10:30 inside it, and 12:00-13:00 right after the longer one."""
    small = both(two(), "long", at(0, "09:00"), 180)
    both(small, "inside", at(0, "10:00"), 30)
    both(small, "after", at(0, "12:00"), 60)
    result = measured(small, tmp_path, Scope(person_id="anna"))
    assert result.habit("back_to_back").hours == pytest.approx(1.0)
    assert result.habit("double_booking").hours == pytest.approx(0.5)
    assert result.habit("double_booking").meetings == 1


@pytest.mark.parametrize(
    ("day", "clock", "minutes", "expected"),
    [
        (0, "08:00", 120, 1.0),
        (0, "16:30", 60, 0.5),
        (0, "08:30", 600, 2.0),
        (0, "10:00", 60, 0.0),
        (5, "10:00", 60, 1.0),
        (6, "10:00", 60, 1.0),
    ],
)
def test_after_hours_is_what_lies_outside_nine_to_five_on_working_days(tmp_path, day, clock, minutes, expected):
    small = both(two(), "m1", at(day, clock), minutes)
    assert measured(small, tmp_path, Scope(person_id="anna")).habit("after_hours").hours == pytest.approx(expected)


def test_a_public_holiday_has_no_working_hours(tmp_path):
    period = Period(date(2025, 12, 29), date(2026, 1, 5))
    small = both(two(), "m1", at(-4, "10:00"), 60)
    assert measured(small, tmp_path, period=period).habit("after_hours").hours == pytest.approx(2.0)


def test_short_notice_is_less_than_a_day_and_needs_a_known_creation(tmp_path):
    small = both(two(), "short", at(1, "09:00"), 60, created=at(0, "10:00"))
    both(small, "long", at(1, "11:00"), 60, created=at(0, "10:00"))
    both(small, "unknown", at(1, "13:00"), 60)
    both(small, "afterwards", at(1, "15:00"), 60, created=at(2, "10:00"))
    habit = measured(small, tmp_path, Scope(person_id="anna")).habit("short_notice")
    assert (habit.hours, habit.share, habit.unknown_hours) == (1.0, 0.5, 2.0)


def test_line_and_process_at_once_is_a_contradictory_demand(tmp_path):
    """Line 9:00-10:00 under process 9:30-10:30; two line meetings at 13:00; a training under a line meeting at 15:00."""
    small = both(two(), "line", at(0, "09:00"), 60, sub="line")
    both(small, "process", at(0, "09:30"), 60, sub="process")
    both(small, "one", at(0, "13:00"), 60, sub="line")
    both(small, "other", at(0, "13:00"), 60, sub="line")
    both(small, "training", at(0, "15:00"), 60, "other")
    both(small, "stand-up", at(0, "15:00"), 15, sub="line")
    result = measured(small, tmp_path, Scope(person_id="anna"))
    hours = {clash.kind: clash.hours for clash in result.clashes}
    assert hours == {"line_process": 0.5, "line_line": 1.0, "process_process": 0.0, "other": 0.25}
    assert result.habit("double_booking").hours == pytest.approx(sum(hours.values()))


def test_three_levels_in_the_room_and_what_cannot_be_known(tmp_path):
    small = Small().person("anna", 1).person("bo", 2).person("cas", 3)
    small.meeting("three", at(0, "09:00"), 60, ["anna", "bo", "cas"], headcount=3)
    small.meeting("two", at(0, "11:00"), 60, ["anna", "bo"], headcount=2)
    small.meeting("strangers", at(0, "13:00"), 60, ["anna", "bo"], headcount=5)
    habit = measured(small, tmp_path, Scope(person_id="anna")).habit("three_levels")
    assert (habit.hours, habit.share, habit.unknown_hours) == (1.0, 0.5, 1.0)


def weekly(small, series, weeks, first=0, created=None):
    for week in range(first, first + weeks):
        start = at(7 * week, "09:00" if series == "old" else "11:00")
        small.meeting(f"{series}{week}", start, 60, ["anna", "bo"], series_id=series, created=created)
    return small


def test_a_series_older_than_half_a_year_that_still_meets_is_endless(tmp_path):
    small = weekly(weekly(two(), "old", 30), "young", 10, first=20)
    period = Period(date(2026, 1, 5), date(2026, 1, 5) + timedelta(weeks=30))
    result = measured(small, tmp_path, period=period)
    (series,) = result.endless
    assert (series.series_id, series.weeks, series.meetings, series.people) == ("old", 30, 30, 2)
    assert series.hours_a_week == pytest.approx(2.0)
    assert result.habit("endless_series").hours == pytest.approx(60.0)


def test_a_series_that_stopped_is_not_endless(tmp_path):
    period = Period(date(2026, 1, 5), date(2026, 1, 5) + timedelta(weeks=40))
    assert measured(weekly(two(), "old", 30), tmp_path, period=period).endless == ()


def test_the_age_of_a_series_counts_from_its_creation_and_is_unknown_at_the_start_of_the_data(tmp_path):
    period = Period(date(2026, 1, 5), date(2026, 1, 5) + timedelta(weeks=4))
    (tmp_path / "known").mkdir()
    known = measured(weekly(two(), "old", 4, created=at(-365, "09:00")), tmp_path / "known", period=period)
    assert [series.series_id for series in known.endless] == ["old"]
    unknown = measured(weekly(two(), "old", 4), tmp_path, period=period)
    assert (unknown.endless, unknown.habit("endless_series").unknown_hours) == ((), 8.0)


def test_nothing_at_all_is_zero_everywhere(tmp_path):
    result = measured(two(), tmp_path)
    assert (result.hours, result.load, result.endless, result.coverage.seen) == (0.0, 0.0, (), 0)
    assert all((habit.hours, habit.share, habit.people) == (0.0, 0.0, 0) for habit in result.habits)


meetings = st.lists(
    st.tuples(
        st.integers(0, 6), st.integers(0, 23 * 4), st.integers(1, 16), st.sampled_from(["line", "process", None])
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=5, deadline=None)
@given(meetings)
def test_no_habit_takes_more_than_the_clock_and_a_copied_mailbox_changes_nothing(drawn):
    """Quarters of an hour marked by hand give the union and the double-booked time; a mailbox off the chart none."""
    small, copied = two(), two()
    for number, (day, quarter, length, sub) in enumerate(drawn):
        start = at(day, "00:00") + timedelta(minutes=15 * quarter)
        both(small, f"m{number}", start, 15 * length, sub=sub)
        copied.meeting(f"m{number}", start, 15 * length, ["anna", "bo", "copy of anna"])
        copied.labels[-1]["sub"] = sub
    with TemporaryDirectory() as folder:
        (Path(folder) / "copied").mkdir()
        result = measured(small, Path(folder), Scope(person_id="anna"))
        again = measured(copied, Path(folder) / "copied", Scope(person_id="anna"))
    per_day = {day: [(q, q + n) for other, q, n, _ in drawn if other == day] for day, *_ in drawn}
    quarters = [96 * day + q for day, spans in per_day.items() for a, b in spans for q in range(a, b)]
    assert result.hours == pytest.approx(len(set(quarters)) / 4)
    for habit in result.habits:
        assert -1e-9 <= habit.hours <= result.hours + 1e-9
    assert sum(clash.hours for clash in result.clashes) == pytest.approx(result.habit("double_booking").hours)
    assert (again.habits, again.clashes) == (result.habits, result.clashes)
