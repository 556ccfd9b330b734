"""Standing tables that stand still without one of their people: planted truth, and what must not be taken for it."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from organisation import MONDAY, Small, at

from analysis.dependence.standing import Standing
from analysis.dependence.standstill import ERROR, _looks, _stalls, _tried, stalling
from analysis.period import Period

WEEKS = 40
PERIOD = Period(MONDAY.date(), MONDAY.date() + timedelta(weeks=WEEKS))
HOLIDAY = range(12, 17)
PEOPLE = tuple("abcdef")


def organisation(*tables: tuple[str, str, frozenset[int]], away: dict[str, range], moved: frozenset[int] = frozenset()):
    """Weekly tables, each with its caller and the weeks without it; six quiet ones that always meet stand beside."""
    small = Small()
    for person in PEOPLE:
        small.person(person)
    others = tuple((f"other{number}", "f", frozenset[int]()) for number in range(6))
    for name, caller, without in (*tables, *others):
        for week in range(WEEKS):
            monday = MONDAY + timedelta(weeks=week)
            day = 3 if week in moved else 1
            status = "cancelled" if week in without else "confirmed"
            small.meeting(
                f"{name}{week}",
                at(day, "10:00", monday),
                60,
                PEOPLE,
                series_id=name,
                organizer_id=caller,
                status=status,
            )
    for person, weeks in away.items():
        for week in weeks:
            monday = MONDAY + timedelta(weeks=week)
            small.away(person, at(0, "00:00", monday), at(5, "00:00", monday))
    return small


def found(small: Small, tmp_path, among: tuple[str, ...] | None = None):
    tables = stalling(small.store(tmp_path).tables(), PERIOD, among).tables
    return {each.series_id: each for each in tables}


def test_a_table_waits_for_who_leads_it(tmp_path):
    small = organisation(("board", "a", frozenset(HOLIDAY)), away={"a": HOLIDAY})
    board = found(small, tmp_path)["board"]
    assert (board.members, board.weeks, board.label) == (PEOPLE, WEEKS - 5, "coordination")
    assert board.stall is not None
    assert (board.stall.person_id, board.stall.weeks, board.stall.met) == ("a", 5, 0)
    assert 4.5 < board.stall.expected < 5.0
    assert board.stall.p_value < 0.001


def test_nothing_waits_where_somebody_takes_the_chair(tmp_path):
    tables = found(organisation(("board", "a", frozenset()), away={"a": HOLIDAY}), tmp_path)
    assert all(each.stall is None and each.looked_at == ("a",) for each in tables.values())


def test_quiet_weeks_are_nobodys(tmp_path):
    """Nobody meets while `a` is away: that is the season, and not `a`."""
    small = organisation(("board", "a", frozenset(HOLIDAY)), away={"a": HOLIDAY})
    for each in small.meetings:
        if each["series_id"].startswith("other") and int(each["meeting_id"][6:]) in HOLIDAY:
            each["status"] = "cancelled"
    assert not any(each.stall for each in found(small, tmp_path).values())


def test_what_moved_within_its_week_took_place(tmp_path):
    small = organisation(("board", "a", frozenset()), away={"a": HOLIDAY}, moved=frozenset(HOLIDAY))
    assert found(small, tmp_path)["board"].stall is None


def test_of_a_short_absence_nothing_is_known(tmp_path):
    small = organisation(("board", "a", frozenset({12})), away={"a": range(12, 13)})
    assert found(small, tmp_path)["board"].looked_at == ()


def test_what_was_deleted_stands_still_like_what_was_called_off(tmp_path):
    small = organisation(("board", "a", frozenset(HOLIDAY)), away={"a": HOLIDAY})
    gone = {each["meeting_id"] for each in small.meetings if each["status"] == "cancelled"}
    small.meetings = [each for each in small.meetings if each["meeting_id"] not in gone]
    small.attendance = [each for each in small.attendance if each["meeting_id"] not in gone]
    small.labels = [each for each in small.labels if each["meeting_id"] not in gone]
    assert found(small, tmp_path)["board"].stall.person_id == "a"


def test_weeks_before_a_table_began_and_after_it_ended_say_nothing(tmp_path):
    """`a` is away before the first meeting and after the last."""
    late, early = frozenset(range(8)), frozenset(range(32, WEEKS))
    small = organisation(("late", "a", late), ("early", "a", early), away={"a": range(8)})
    small.meetings = [each for each in small.meetings if each.get("status") == "confirmed"]
    kept = {each["meeting_id"] for each in small.meetings}
    small.attendance = [each for each in small.attendance if each["meeting_id"] in kept]
    small.labels = [each for each in small.labels if each["meeting_id"] in kept]
    tables = found(small, tmp_path)
    assert tables["late"].stall is None
    assert tables["late"].looked_at == ()


def test_who_is_not_among_the_people_has_no_seat(tmp_path):
    small = organisation(("board", "a", frozenset(HOLIDAY)), away={"a": HOLIDAY})
    board = found(small, tmp_path, tuple("bcdef"))["board"]
    assert (board.members, board.looked_at, board.stall) == (tuple("bcdef"), (), None)


def test_no_table_has_two_seats_or_everybody(tmp_path):
    small = organisation(away={})
    for week in range(WEEKS):
        small.meeting(f"two{week}", at(1, "12:00", MONDAY + timedelta(weeks=week)), 30, "ab", series_id="two")
    assert "two" not in found(small, tmp_path)


@pytest.mark.parametrize(
    ("calls", "least", "looks"),
    [
        # The caller has half of the error; of the others only those count who could show anything.
        ([True, False, False], [0.001, 0.001, 0.9], [2, 2, 0]),
        ([True, False, False], [0.001, 0.001, 0.001], [2, 4, 4]),
        ([True, False, False], [0.03, 0.02, 0.02], [0, 0, 0]),
        # Whoever is away too shortly leaves the others their share.
        ([False, False, False], [0.02, 0.5, 0.5], [2, 0, 0]),
    ],
)
def test_a_chance_counts_as_often_as_was_looked(calls, least, looks):
    assert _looks(np.zeros(3, dtype=int), np.array(calls), np.array(least)).tolist() == looks


def test_chance_alone_hardly_ever_stands_still():
    """Tables that meet in seven of ten weeks whoever is away: at most the error, over 4,000 tables of eight."""
    rng, weeks, seats, tables = np.random.default_rng(0), 52, 8, 4000
    away = np.zeros((tables * seats, weeks), dtype=bool)
    for row in away:
        first = rng.integers(1, weeks - 4)
        row[first : first + 3] = True
        row[rng.integers(1, weeks - 2, 2)] = True
    there = np.ones((tables, weeks), dtype=bool)
    there[:, [0, -1]] = False
    table = np.repeat(np.arange(tables), seats)
    standing = Standing(
        series=np.arange(tables).astype(object),
        labels=np.full(tables, None, dtype=object),
        called_by=np.arange(tables) * seats,
        people=np.arange(tables * seats).astype(object),
        met=rng.random((tables, weeks)) < 0.7,
        there=there,
        away=away,
        table=table,
        person=np.arange(tables * seats),
    )
    still = {number for number, _ in _stalls(standing, _tried(standing))}
    assert len(still) / tables <= ERROR
