"""Planted series: what each choice frees is known beforehand."""

from __future__ import annotations

from datetime import date

import pytest
from organisation import Small, at

from analysis.period import Period
from analysis.roles.roleweeks import role_weeks
from analysis.scope import EVERYBODY, Scope
from analysis.snapshots import facts_of, stopping_of
from analysis.usual import lately

PERIOD = Period(date(2026, 1, 5), date(2026, 12, 28))
WHEN = lately(PERIOD, PERIOD)
BIG = [f"g{number}" for number in range(9)]


def planted() -> Small:
    """A year of: a weekly hour of 10 people, a weekly hour of 3, an old series that stopped, one that is about to end."""
    small = Small().person("me", 2, team="T").person("mate", 3, team="T").person("far", 3, team="F")
    for name in BIG:
        small.person(name, 3, team="G")
    for week in range(56):
        day = 7 * week
        small.meeting(f"big{week}", at(day, "09:00"), 60, ["me", *BIG], series_id="big", organizer_id="g0")
        small.meeting(f"small{week}", at(day + 1, "09:00"), 60, ["me", "mate", "far"], series_id="small")
        small.meeting(f"twin{week}", at(day + 2, "09:00"), 30, ["me", "mate", "far"], series_id="twin")
        if week < 20:
            small.meeting(f"old{week}", at(day + 3, "09:00"), 60, ["me", "far"], series_id="old")
        if week < 52:
            small.meeting(f"ends{week}", at(day + 4, "09:00"), 60, ["me", "far"], series_id="ends")
    return small


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory):
    return planted().store(tmp_path_factory.mktemp("stopping")).snapshot()


def series(found, name):
    return next(each for each in found.series if each.series_id == name)


def test_what_a_person_frees_is_what_was_planted(snapshot):
    found = stopping_of(snapshot, PERIOD, WHEN, Scope(person_id="me"))
    big = series(found, "big")
    assert (big.hours_a_week, big.room, big.organizer_id) == (1.0, 10.0, "g0")
    assert (big.ending.own, big.ending.others) == (1.0, 9.0)
    assert (big.halving.own, big.halving.others) == (0.5, 4.5)
    assert (big.delegating.own, big.delegating.others) == (1.0, -1.0)
    assert (big.fewer.own, big.fewer.others) == (0.0, 2.0)


def test_a_stand_in_who_sits_there_costs_nothing(snapshot):
    small = series(stopping_of(snapshot, PERIOD, WHEN, Scope(person_id="me")), "small")
    assert small.stand_ins == 1
    assert (small.delegating.own, small.delegating.others) == (1.0, 0.0)
    assert (small.fewer.own, small.fewer.others) == (0.0, 0.0)


def test_two_series_of_the_same_people_know_each_other(snapshot):
    found = stopping_of(snapshot, PERIOD, WHEN, Scope(person_id="me"))
    assert (series(found, "small").alike, series(found, "twin").alike) == ("twin", "small")
    assert series(found, "big").alike is None


def test_what_stopped_is_left_out_and_all_is_added_up(snapshot):
    found = stopping_of(snapshot, PERIOD, WHEN, Scope(person_id="me"))
    assert {each.series_id for each in found.series} == {"big", "small", "twin", "ends"}
    assert (found.in_series, found.hours_a_week, found.count) == (3.5, 3.5, 4)
    assert found.usual == pytest.approx(3.5 + 20 / 38)


def test_an_end_in_the_calendar_is_seen(snapshot):
    found = stopping_of(snapshot, PERIOD, WHEN, Scope(person_id="me"))
    assert (series(found, "ends").until, series(found, "ends").endless) == (date(2027, 1, 1), False)
    assert (series(found, "big").until, series(found, "big").endless) == (None, True)


def test_a_group_frees_everybodys_hours(snapshot):
    big = series(stopping_of(snapshot, PERIOD, WHEN, EVERYBODY), "big")
    assert (big.hours_a_week, big.people, big.delegating) == (10.0, 10, None)
    assert (big.ending.own, big.halving.own, big.fewer.own) == (10.0, 5.0, 2.0)


def test_nobody_has_nothing_to_stop(snapshot):
    found = stopping_of(snapshot, PERIOD, WHEN, Scope(person_id="nobody"))
    assert (found.series, found.hours_a_week, found.in_series) == ((), 0.0, 0.0)


def test_the_usual_is_the_year_before_the_last_quarter():
    assert (WHEN.recent.weeks, WHEN.usual.weeks) == (13, 38)
    assert WHEN.usual.end == WHEN.recent.start
    short = Period(date(2026, 1, 5), date(2026, 1, 26))
    assert (lately(short, short).recent, lately(short, short).usual) == (short, None)


def test_roles_lately_and_as_usual(tmp_path):
    """Five hours of coordination a week for 20 weeks, then ten; the rest of 36 hours is work."""
    small = Small().person("me", 2).person("you", 3)
    for week in range(40):
        for number in range(5 if week < 20 else 10):
            start = at(7 * week + number % 5, f"{9 + number // 5}:00")
            small.meeting(f"m{week}-{number}", start, 60, ["me", "you"])
    snapshot, period = small.store(tmp_path).snapshot(), Period(date(2026, 1, 5), date(2026, 10, 12))
    when = lately(period, period)
    found = role_weeks(snapshot.tables(), facts_of(snapshot), period, when, Scope(person_id="me"))
    assert len(found.weeks) == 40
    assert found.weeks[0].hours["coordination"] == 5.0
    assert found.recent.shares["coordination"] == pytest.approx(10 / 36)
    assert found.usual.shares["coordination"] < 10 / 36
    assert sum(found.usual.shares.values()) == pytest.approx(1.0)
