"""Pairs of teams that hang on one person: planted truth, its rows, who reads them, and what an audit must see."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import combinations
from types import SimpleNamespace

import pytest
from organisation import MONDAY, Small, at
from told_rows import Group, release

from analysis.period import Period
from analysis.snapshots import presence_of
from meetload.releasing import Approval, Wanted, release_quarter
from privacy.access import HANGING, can
from privacy.policy import Policy
from privacy.refusal import Refusal
from privacy.release.alone import Thing
from privacy.release.cohort import read_cohort
from privacy.release.file import read_key, read_releases
from privacy.release.hanging import ALONE, PAIRS, Hanging, read_pairs
from privacy.release.statements import caught, leaks, plants, without_leaks
from privacy.released_door import ReleasedDoor
from privacy.released_ties import HangingPairs
from privacy.viewer import Viewer

POLICY = Policy()
QUARTER = Period(MONDAY.date(), MONDAY.date() + timedelta(weeks=13))
HR, MT, MT_A = Viewer("hr"), Viewer("mt"), Viewer("mt", unit="A")
TEAMS, SIZE = "ABCDEF", 8


def organisation() -> Small:
    """Six teams of eight that meet every week; of the fifteen pairs six meet in one person of the first team only."""
    small = Small()
    of = {unit: [f"{unit}{number}" for number in range(SIZE)] for unit in TEAMS}
    for unit, names in of.items():
        for name in names:
            small.person(name, department=unit, level=3)
        for week in range(QUARTER.weeks):
            small.meeting(f"{unit}{week}", at(4, "13:00", MONDAY + timedelta(weeks=week)), 60, names)
    for number, (one, other) in enumerate(combinations(TEAMS, 2)):
        mine = of[one][number % SIZE :][:1] if number % 5 < 2 else of[one][:4]
        for week in range(2):
            start = at(number % 5, "09:00", MONDAY + timedelta(weeks=3 * week + number // 5))
            small.meeting(f"{one}{other}{week}", start, 60, [*mine, *of[other][:5]])
    return small


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return organisation().store(tmp_path_factory.mktemp("hanging"))


def read(store, objecting: tuple[str, ...] = ()) -> tuple[Thing, ...]:
    held = store.snapshot()
    return read_pairs(presence_of(held), held.tables(), read_cohort(held.tables(), QUARTER, objecting, 40.0))


def test_what_hangs_on_one_is_found(store):
    pairs = {each.key: each for each in read(store)}
    hanging = {key for key, pair in pairs.items() if pair.alone}
    assert len(pairs) == 15
    assert hanging == {f"{one} / {one}1 - {other} / {other}1" for one, other in ("AB", "AC", "BC", "BD", "CE", "CF")}
    assert all(len(pairs[key].people) == (6 if key in hanging else 9) for key in pairs)
    assert all(len(pairs[key].alone) == 1 for key in hanging)


def test_nobody_hangs_on_who_is_in_no_release(store):
    """Without the only one through whom A and B meet these teams do not meet; nobody is behind a pair who objected."""
    (pair,) = (each for each in read(store) if each.key == "A / A1 - B / B1")
    assert len(pair.alone) == 1
    assert "A / A1 - B / B1" not in {each.key for each in read(store, ("A0",))}


def planted(alone: int, others: int, carriers: int = 100, people: int = 6) -> list[Thing]:
    """So many pairs that hang on one of so many people, and others; everybody else is in one pair only."""
    found = []
    for number in range(alone + others):
        own = frozenset(range(1000 + number * people, 1000 + (number + 1) * people - 1))
        first = number % carriers if number < alone else 500 + number
        found.append(Thing(f"t{number}", own | {first}, frozenset({first} if number < alone else ())))
    return found


EVERYBODY = SimpleNamespace(people=tuple(f"p{number}" for number in range(3000)), period=QUARTER)


def told(pairs: list[Thing], earlier=()) -> dict[str, tuple[float, str]]:
    found = Hanging(pairs, EVERYBODY, POLICY)
    rows = found.rows(without_leaks(found.statement(), earlier, POLICY))
    return {row.label: (row.value, row.people) for row in rows}


@pytest.mark.parametrize(
    ("alone", "others", "part"),
    [(0, 23, 0.1), (3, 20, 0.1), (20, 20, 0.5), (12, 28, 0.3), (30, 2, 0.9), (32, 0, 0.9)],
)
def test_parts_are_told_in_tenths_with_open_ends(alone, others, part):
    found = told(planted(alone, others))
    assert found[PAIRS][0] == 5 * round((alone + others) / 5)
    assert found[ALONE][0] == part


def test_behind_a_part_are_the_fewer_of_those_on_either_side():
    found = told(planted(8, 30))
    assert (found[PAIRS], found[ALONE]) == ((40.0, "100-249"), (0.2, "25-49"))


@pytest.mark.parametrize(
    ("pairs", "labels"),
    [
        (planted(10, 10, carriers=1), [PAIRS]),  # all ten hang on the same person
        (planted(10, 10, carriers=4), [PAIRS]),  # or on a few
        (planted(20, 1, carriers=3), [PAIRS]),
        (planted(4, 16), [PAIRS]),  # twenty-four people are behind the four
        (planted(4, 1), [PAIRS]),
        (planted(2, 2), []),  # too few pairs
        (planted(5, 5, people=2), []),  # too few people
    ],
)
def test_what_few_are_behind_is_not_told(pairs, labels):
    assert list(told(pairs)) == labels


def test_a_planted_leak_is_caught():
    found = Hanging(planted(20, 20), EVERYBODY, POLICY).statement()
    kinds = list(plants(found))
    assert len(kinds) == 3
    assert all(caught(plant, (), POLICY) for plant in kinds)


def test_the_same_weeks_again_without_one_pair_tell_nothing_of_it():
    before = Hanging(planted(20, 20), EVERYBODY, POLICY)
    said = without_leaks(before.statement(), (), POLICY).said
    assert told(planted(20, 20), [said])
    again = Hanging(planted(20, 20)[1:], EVERYBODY, POLICY).statement()
    assert leaks(again, [said], POLICY)
    assert told(planted(20, 20)[1:], [said]) == {}


def test_hr_reads_what_fifty_are_behind_and_management_what_twenty_five_are():
    found = Hanging(planted(8, 30), EVERYBODY, POLICY)
    whole, part = found.rows(found.statement())
    assert [can(HR, each) for each in (whole, part)] == [True, False]
    assert [can(viewer, each) for viewer in (MT, MT_A) for each in (whole, part)] == [True] * 4
    assert not can(Viewer("self", person_id="p1"), whole)
    assert not can(MT, replace(part, people="10-24"))
    assert found.statement().wide == {"organisation"}


def door(rest: dict) -> ReleasedDoor:
    hours = dict.fromkeys(("coordination", "design", "escalation", "incident", "other"), 2.0) | {"contract": 34.0}
    group = Group("organisation", lambda _: hours, people="100-249", rest=rest)
    department = Group("department:A", lambda _: hours)
    return ReleasedDoor([release(0, {"organisation": group, "department:A": department})])


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ({(HANGING, PAIRS): 120.0, (HANGING, ALONE): 0.3}, (120, 0.3)),
        ({(HANGING, PAIRS): 120.0}, (120, None)),
    ],
)
def test_the_page_is_answered_from_the_rows(rest, expected):
    opened = door(rest)
    for viewer in (HR, MT, MT_A):
        found = opened.ties(viewer, opened.overview().period)
        assert (found.hanging.pairs, found.hanging.alone) == expected
        assert found.ties == ()


def test_from_a_store_to_the_page(store, tmp_path):
    """Forty-eight people: management is told, HR is not; the audit looked at it."""
    given, now = Approval("A. de Vries", "2026-03-01", "OR-2026-14"), datetime(2026, 4, 20)
    compiled, _ = release_quarter(store.path, tmp_path / "R", "2026Q1", given, Wanted(POLICY), now, tmp_path / "key")
    assert compiled.audit.others[HANGING] == 2
    opened = ReleasedDoor(read_releases(tmp_path / "R", read_key(tmp_path / "key").public_key()))
    assert opened.ties(MT, QUARTER).hanging == HangingPairs(15, 0.4)
    assert opened.ties(HR, QUARTER) == Refusal("not_released", {})
