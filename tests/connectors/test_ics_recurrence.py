"""Series: every meeting once, at its own local time, with its own id."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import pandas as pd
import pytest
import recurring_ical_events
from calendar_text import ANNA, YEAR, answers, calendar, event, read, reasons, starts
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.contract import Window
from connectors.ics import limits
from connectors.ics.rule import comes_round, read_rule
from connectors.identity import meeting_id, series_id

CALENDARS = Path(__file__).parent / "calendars"
BERLIN = "DTSTART;TZID=Europe/Berlin:"


def test_pitfall_34_weekly_at_10_stays_at_10_over_the_change_of_clocks():
    pull = read((CALENDARS / "dst_weekly_berlin_2026.ics").read_bytes())
    assert starts(pull) == ["03-23 09:00", "03-30 08:00", "04-06 08:00"]


def test_pitfall_15_a_split_series_is_two_series_without_overlap():
    pull = read((CALENDARS / "split_this_and_following.ics").read_bytes())
    assert starts(pull) == ["01-05 09:00", "01-12 09:00", "01-19 10:00", "01-26 10:00"]
    assert pull.batch.meetings["series_id"].nunique() == 2


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=MINUTELY;COUNT=5",
        "FREQ=HOURLY;BYHOUR=9",
        "FREQ=DAILY;BYHOUR=9,10,11,12,13;BYMINUTE=0,10,20,30,40",
    ],
)
def test_pitfall_32_rules_within_the_day_are_refused(rule):
    pull = read(calendar(event(f"RRULE:{rule}"), event(uid="two")))
    assert len(reasons(pull)) == 1
    assert "within the day" in reasons(pull)[0] or "24 times a day" in reasons(pull)[0]
    assert pull.counts["occurrences"] == 1


def test_pitfall_32_a_series_is_cut_at_the_limit(monkeypatch):
    monkeypatch.setattr(limits, "OCCURRENCES", 5_000)
    pull = read(calendar(event("RRULE:FREQ=DAILY;BYHOUR=" + ",".join(map(str, range(24))))))
    assert pull.counts["occurrences"] == 5_000
    (problem,) = pull.problems
    assert "more than 5,000 meetings" in problem.reason
    assert not problem.rejected


def test_pitfall_33_an_export_of_busy_times_has_exceptions_without_their_master():
    pull = read((CALENDARS / "busy_only_without_masters.ics").read_bytes(), ANNA)
    assert starts(pull) == ["01-05 09:00", "01-12 14:00"]
    assert set(pull.batch.meetings["series_id"]) == {series_id("standup")}


def test_exceptions_are_left_out_added_moved_and_cancelled():
    pull = read((CALENDARS / "exceptions.ics").read_bytes())
    rows = pull.batch.meetings.sort_values("start")
    assert [(f"{row.start:%m-%d %H:%M}", row.status) for row in rows.itertuples()] == [
        ("01-05 09:00", "confirmed"),
        ("01-20 13:00", "confirmed"),  # 01-12 was left out, 01-19 moved to the Tuesday
        ("01-26 09:00", "cancelled"),
        ("01-28 09:00", "confirmed"),  # an extra date
        ("02-02 09:00", "confirmed"),
    ]
    moved = rows[rows["start"] == pd.Timestamp(2026, 1, 20, 13)].iloc[0]
    assert moved["original_start"] == pd.Timestamp(2026, 1, 19, 9)
    assert moved["meeting_id"] == meeting_id("series", "2026-01-19T09:00:00")


def test_this_and_future_moves_the_rest_and_keeps_the_ids():
    series = event("RRULE:FREQ=WEEKLY;COUNT=4")
    rest = event(
        "RECURRENCE-ID;RANGE=THISANDFUTURE:20260119T100000", "ATTENDEE:mailto:new@x.nl", start="20260120T110000"
    )
    plain, moved = read(calendar(series)), read(calendar(series, rest))
    assert starts(moved) == ["01-05 09:00", "01-12 09:00", "01-20 10:00", "01-27 10:00"]
    assert set(moved.batch.meetings["meeting_id"]) == set(plain.batch.meetings["meeting_id"])
    assert list(moved.batch.attendance["person_id"]) == ["new@x.nl"] * 2


def test_an_exception_known_by_its_date_alone():
    pull = read(
        calendar(
            event("RRULE:FREQ=WEEKLY;COUNT=2"), event("RECURRENCE-ID;VALUE=DATE:20260112", start="20260113T100000")
        )
    )
    assert starts(pull) == ["01-05 09:00", "01-13 09:00"]


def test_a_series_of_days_has_dates_for_keys():
    pull = read(calendar(event("DTSTART;VALUE=DATE:20260328", "DURATION:P1D", "RRULE:FREQ=DAILY;COUNT=3")))
    assert starts(pull) == ["03-28 00:00", "03-29 00:00", "03-30 00:00"]
    assert meeting_id("one", "2026-03-29") in set(pull.batch.meetings["meeting_id"])


def test_a_period_among_the_extra_dates_has_its_own_length():
    pull = read(calendar(event("RDATE;VALUE=PERIOD:20260202T090000Z/PT3H", "RRULE:FREQ=DAILY;COUNT=1")))
    lengths = pull.batch.meetings["end"] - pull.batch.meetings["start"]
    assert sorted(lengths) == [timedelta(hours=1), timedelta(hours=3)]


@pytest.mark.parametrize(
    ("until", "count"),
    [("20260119T090000Z", 3), ("20260119T085959Z", 2), ("20260119", 3), ("20260119T100000", 3)],
)
def test_until_counts_its_last_moment_or_its_whole_day(until, count):
    assert read(calendar(event(f"RRULE:FREQ=WEEKLY;UNTIL={until}"))).counts["occurrences"] == count


def test_reversed_components_bring_the_same_rows():
    text = (CALENDARS / "exceptions.ics").read_text()
    head, *events = text.replace("END:VCALENDAR", "").split("BEGIN:VEVENT")
    backwards = head + "".join("BEGIN:VEVENT" + each for each in reversed(events)) + "END:VCALENDAR\n"
    there, back = (set(read(each).batch.meetings.itertuples(index=False, name=None)) for each in (text, backwards))
    assert {row[:1] + row[4:6] for row in there} == {row[:1] + row[4:6] for row in back}


def test_two_masters_of_one_uid_are_both_kept():
    pull = read(calendar(event(start="20260105T100000"), event(start="20260106T100000")))
    assert starts(pull) == ["01-05 09:00", "01-06 09:00"]
    assert pull.batch.meetings["meeting_id"].nunique() == 2


def test_a_meeting_lying_over_the_edge_of_the_window_is_in_it():
    window = Window(datetime(2026, 1, 12, 9, 30), datetime(2026, 1, 19, 9))
    pull = read(
        calendar(event("RRULE:FREQ=WEEKLY"), event(uid="two", start="20260112T103000", length="PT0S")), window=window
    )
    assert starts(pull) == ["01-12 09:00", "01-12 09:30"]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31",
        "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=31",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;INTERVAL=7;BYDAY=SU",
        "FREQ=YEARLY;BYDAY=MO;BYSETPOS=366",
        "FREQ=MONTHLY;BYDAY=6MO",
        "FREQ=WEEKLY;BYMONTH=2;BYMONTHDAY=30;COUNT=3",
    ],
)
def test_a_rule_that_never_comes_round_is_refused(rule):
    assert reasons(read(calendar(event(f"RRULE:{rule}")))) == ["its recurrence rule never comes round"]


@pytest.mark.parametrize(
    ("rule", "count"),
    [
        ("FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=5", 1),
        ("FREQ=MONTHLY;BYDAY=-1FR", 13),
        ("FREQ=MONTHLY;BYMONTHDAY=31", 8),
        ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", 4),
        ("FREQ=YEARLY;BYWEEKNO=53;BYDAY=TH", 2),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", 13),
        ("FREQ=DAILY;INTERVAL=99999", 1),
        ("FREQ=DAILY;COUNT=-1", 361),
    ],
)
def test_unusual_rules_are_read(rule, count):
    pull = read(calendar(event(f"RRULE:{rule}")))
    assert pull.problems == ()
    assert pull.counts["occurrences"] == count


def test_a_very_old_series_is_in_step():
    old = read(calendar(event("RRULE:FREQ=WEEKLY;INTERVAL=2", start="19700105T100000")))
    monday = datetime(1970, 1, 5)
    days = [(start - monday).days for start in old.batch.meetings["start"].dt.normalize()]
    assert days
    assert all(day % 14 == 0 for day in days)


def test_a_birthday_may_begin_before_calendars_do():
    birthday = event("DTSTART;VALUE=DATE:19480210", "DURATION:P1D", "RRULE:FREQ=YEARLY")
    assert starts(read(calendar(birthday))) == ["02-10 00:00"]


def test_a_file_cannot_ask_for_endless_work(monkeypatch):
    monkeypatch.setattr("connectors.ics.effort.Effort.__init__", lambda self: setattr(self, "left", 500))
    events = [event("RRULE:FREQ=DAILY;COUNT=40", uid=str(number)) for number in range(3)]
    pull = read(calendar(*events))
    assert pull.counts["occurrences"] == 40
    assert reasons(pull) == ["with it the recurring events of the file would take too long to work out"] * 2


def test_attendees_of_a_series_answer_for_every_meeting_of_it():
    pull = read(calendar(event("RRULE:FREQ=WEEKLY;COUNT=3", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:c@x.nl")), ANNA)
    assert len(pull.batch.attendance) == 6
    assert answers(pull)["c@x.nl"] == ("required", "accepted")


@settings(deadline=None, max_examples=40)
@given(
    start=st.datetimes(datetime(2026, 1, 1), datetime(2026, 6, 1)).map(lambda each: each.replace(microsecond=0)),
    minutes=st.integers(0, 60 * 30),
    zone=st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"]),
    rule=st.sampled_from(["FREQ=DAILY;COUNT=200", "FREQ=WEEKLY;COUNT=30", "FREQ=MONTHLY;COUNT=6"]),
)
def test_every_meeting_of_a_series_keeps_its_length(start, minutes, zone, rule):
    text = calendar(event(f"DTSTART;TZID={zone}:{start:%Y%m%dT%H%M%S}", f"DURATION:PT{minutes}M", f"RRULE:{rule}"))
    meetings = read(text, window=Window(datetime(2025, 12, 30), datetime(2028, 1, 1))).batch.meetings
    assert set(meetings["end"] - meetings["start"]) == {timedelta(minutes=minutes)}
    assert meetings["meeting_id"].is_unique


@settings(deadline=None, max_examples=40)
@given(
    rule=st.sampled_from(
        [
            "FREQ=DAILY",
            "FREQ=DAILY;INTERVAL=3;COUNT=50",
            "FREQ=WEEKLY;BYDAY=MO,WE,FR",
            "FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=TU,SU",
            "FREQ=MONTHLY;BYDAY=2TU,-1FR",
            "FREQ=MONTHLY;BYMONTHDAY=-1",
            "FREQ=YEARLY;BYMONTH=3,11;BYDAY=1SU",
            "FREQ=YEARLY;BYYEARDAY=100,-1",
            "FREQ=WEEKLY;UNTIL=20260801T000000Z",
        ]
    ),
    start=st.datetimes(datetime(2019, 1, 1), datetime(2026, 6, 1)).map(lambda each: each.replace(microsecond=0)),
)
def test_the_bare_library_finds_the_same_meetings(rule, start):
    text = calendar(event(f"{BERLIN}{start:%Y%m%dT%H%M%S}", f"RRULE:{rule}"))
    ours = sorted(read(text).batch.meetings["start"].dt.to_pydatetime())
    query = recurring_ical_events.of(icalendar.Calendar.from_ical(text))
    margin = timedelta(days=1)
    found = query.between((YEAR.start - margin).replace(tzinfo=UTC), (YEAR.end + margin).replace(tzinfo=UTC))
    theirs = (each["DTSTART"].dt.astimezone(UTC).replace(tzinfo=None) for each in found)
    assert ours == sorted(each for each in theirs if each < YEAR.end and each + timedelta(hours=1) > YEAR.start)


@settings(deadline=None, max_examples=60)
@given(
    frequency=st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]),
    interval=st.integers(1, 30),
    months=st.lists(st.integers(1, 12), max_size=2),
    days=st.lists(st.integers(-31, 31).filter(bool), max_size=2),
    weekdays=st.lists(st.sampled_from(["MO", "TU", "SU"]), max_size=2),
)
def test_whatever_comes_within_ten_years_is_seen_to_come_round(frequency, interval, months, days, weekdays):
    lists = {"BYMONTH": months, "BYMONTHDAY": days, "BYDAY": weekdays}
    parts = [f"{name}={','.join(map(str, values))}" for name, values in lists.items() if values]
    text = ";".join([f"FREQ={frequency}", f"INTERVAL={interval}", *parts])
    start = datetime(2026, 1, 5, 10, tzinfo=ZoneInfo("Europe/Berlin"))
    zone = ZoneInfo("Europe/Berlin")
    if comes_round(read_rule(text, start, zone), start.date(), start.date()):
        return
    bare = icalendar.Calendar.from_ical(calendar(event(f"{BERLIN}20260105T100000", f"RRULE:{text}")))
    later = recurring_ical_events.of(bare).between((2026, 1, 6), (2036, 1, 1))
    assert later == []
