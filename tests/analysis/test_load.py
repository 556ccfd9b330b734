"""Who was there and what was left of the day, each against a minute-by-minute count of the same made-up calendars."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

import pandas as pd
import pytest
from organisation import MONDAY, Small, at

from analysis.focus import focus_days
from analysis.load import attended, load
from analysis.rules import DEFAULT, Rules
from store.tables import to_pandas

PEOPLE = ("anna", "bo", "cas")
WINTER = 60  # minutes that Amsterdam is ahead of UTC


@pytest.fixture(scope="module")
def calendar():
    """A week of meetings, many at once, and of leave: none, one or several stretches a day, apart or overlapping."""
    dice, small = Random(4), Small()
    for person in PEOPLE:
        small.person(person)
        for day in range(5):
            for _ in range(dice.choice((0, 0, 1, 2, 3))):
                begin = dice.randrange(6 * 60, 17 * 60, 30)
                length = dice.choice((30, 60, 180))
                small.away(person, at(day, clock(begin)), at(day, clock(begin + length)))
    for number in range(60):
        begin = dice.randrange(7 * 60, 19 * 60, 15)
        start = at(dice.randrange(5), clock(begin))
        small.meeting(f"m{number}", start, dice.choice((30, 45, 60, 120)), dice.sample(PEOPLE, 2))
    return small


@pytest.fixture(scope="module")
def snapshot(calendar, tmp_path_factory):
    return calendar.store(tmp_path_factory.mktemp("load")).snapshot()


def clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def minutes_of(row: dict) -> range:
    begin, end = ((row[name] - MONDAY) // timedelta(minutes=1) + WINTER for name in ("start", "end"))
    return range(begin, end)


def expected(small: Small) -> dict[tuple[str, str], range]:
    """Every attendance that no minute of that person's leave touches, as minutes of the week."""
    away = {person: set() for person in PEOPLE}
    for row in small.absences:
        away[row["person_id"]] |= set(minutes_of(row))
    held = {row["meeting_id"]: minutes_of(row) for row in small.meetings}
    rows = [(row["person_id"], row["meeting_id"]) for row in small.attendance]
    return {(person, meeting): held[meeting] for person, meeting in rows if not away[person] & set(held[meeting])}


def test_a_meeting_that_touches_no_minute_of_leave_counts_once(calendar, snapshot):
    rows = to_pandas(attended(snapshot.tables()))
    there = sorted(zip(rows["person_id"], rows["meeting_id"], strict=True))
    assert there == sorted(expected(calendar))
    assert len(there) < len(calendar.attendance)


def test_each_minute_is_divided_among_the_meetings_over_it(calendar, snapshot):
    rows = to_pandas(load(snapshot.tables())).set_index(["person_id", "meeting_id"])["hours"]
    held = expected(calendar)
    depth = pd.Series([(person, minute) for (person, _), span in held.items() for minute in span]).value_counts()
    by_hand = {
        (person, name): sum(1 / depth[person, minute] for minute in span) for (person, name), span in held.items()
    }
    assert rows.mul(60).to_dict() == pytest.approx(by_hand)


def test_what_is_left_of_a_day_is_focus_or_scraps(calendar, snapshot):
    busy: dict[tuple[str, int], set[int]] = {}
    for (person, _), span in expected(calendar).items():
        busy.setdefault((person, span[0] // 1440), set()).update(minute % 1440 for minute in span)
    by_hand = {place: focus_and_scraps(minutes) for place, minutes in busy.items()}
    rows = to_pandas(focus_days(snapshot.tables()))
    days = (rows["local_date"] - pd.Timestamp(MONDAY)).dt.days
    found = zip(rows["person_id"], days, rows["focus"] * 60, rows["fragmented"] * 60, strict=True)
    assert {(person, day): (round(focus), round(scraps)) for person, day, focus, scraps in found} == by_hand


def focus_and_scraps(busy: set[int]) -> tuple[int, int]:
    free = "".join("x" if minute in busy else "." for minute in range(DEFAULT.day_start_minute, DEFAULT.day_end_minute))
    blocks = [len(block) for block in free.split("x")]
    long = sum(block for block in blocks if block >= DEFAULT.focus_minutes)
    return long, sum(blocks) - long


def test_rows_are_found_once_for_a_snapshot_and_once_for_each_set_of_rules(snapshot):
    tables, asked = snapshot.tables(), []
    for _ in range(2):
        snapshot.tables().once("some", lambda: asked.append(1) or tables.people)
    assert asked == [1]
    strict = to_pandas(attended(tables, Rules(accepted=0.5)))
    assert set(strict["chance"]) == {0.5}
    assert set(to_pandas(attended(tables))["chance"]) == {DEFAULT.accepted}


def test_tables_that_were_changed_do_not_remember_what_came_out_of_others(snapshot):
    tables = snapshot.tables()
    assert len(to_pandas(attended(tables)))
    nobody = replace(tables, attendance=tables.attendance.head(0))
    assert to_pandas(attended(nobody)).empty
