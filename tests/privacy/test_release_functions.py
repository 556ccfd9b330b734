"""Functions that meetings wait for: told of those that enough hold, so that nobody stands out beside the groups."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import numpy as np
import pytest
from organisation import MONDAY, Small

from analysis.period import Period
from privacy.access import can
from privacy.policy import Policy
from privacy.release.crossing import thin_sums
from privacy.release.functions import (
    function_rows,
    function_statement,
    functions_of,
    waits,
    without_function_leaks,
)
from privacy.release.statements import Basis, Statement, caught, leaks, plants
from privacy.viewer import Viewer

POLICY = Policy()
YEAR = Period(MONDAY.date(), MONDAY.date() + timedelta(weeks=52))
HR, MT, MT_A = Viewer("hr"), Viewer("mt"), Viewer("mt", unit="A")


def named(first: int, after: int) -> frozenset[str]:
    return frozenset(f"p{number}" for number in range(first, after))


def counts(period: Period = YEAR, **groups: frozenset[str]) -> Statement:
    """What is told of groups: everybody in them."""
    everybody = frozenset[str]().union(*groups.values())
    told = tuple(Basis(key, members) for key, members in groups.items())
    return Statement("dependence", period, told, {each: frozenset({each}) for each in everybody}, 25)


def told(statement: Statement) -> list[str]:
    return sorted(each.key.removeprefix("function:") for each in statement.told if each.key.startswith("function:"))


ALL = named(0, 120)
RESTS = {
    "nobody is left over": ({"clerk": named(0, 60), "boss": named(60, 120)}, ["boss", "clerk"]),
    "enough are left over": ({"clerk": named(0, 60)}, ["clerk"]),
    "of management's functions ten are left over": (
        {"clerk": named(0, 49), "boss": named(49, 98), "guard": named(98, 110)},
        ["boss", "clerk", "guard"],
    ),
    "a function of nine is not told": ({"clerk": named(0, 49), "boss": named(60, 69)}, ["clerk"]),
    "nine who are left over take the smallest function with them": (
        {"clerk": named(0, 49), "boss": named(49, 98), "guard": named(98, 111)},
        ["boss", "clerk"],
    ),
}


@pytest.mark.parametrize("case", RESTS)
def test_who_is_left_over_is_nobody_or_enough(case):
    held, expected = RESTS[case]
    assert told(function_statement(held, counts(all=ALL), POLICY)) == expected


def test_of_a_function_hr_is_not_told_when_it_would_get_at_the_thirty_beside_it():
    found = function_statement({"clerk": named(0, 90), "guard": named(90, 102)}, counts(all=ALL), POLICY)
    assert (told(found), found.wide) == (["clerk", "guard"], {"all"})
    both = function_statement({"clerk": named(0, 60), "guard": named(60, 120)}, counts(all=ALL), POLICY)
    assert both.wide == {"all", "function:clerk", "function:guard"}


def test_what_would_leak_to_hr_alone_management_is_still_told():
    """Clerks and A are sixty each, forty of them the same: what clerks have more than A is what twenty against twenty have."""
    groups = counts(all=ALL, A=named(0, 40) | named(60, 80), B=named(40, 60) | named(80, 120))
    found = function_statement({"clerk": named(0, 60), "guard": named(60, 120)}, groups, POLICY)
    assert leaks(found, (), POLICY)
    kept = without_function_leaks(found, (), POLICY)
    assert leaks(kept, (), POLICY) == []
    assert (told(kept), kept.wide) == (["clerk", "guard"], {"all", "A", "B"})


def test_a_department_less_the_functions_within_it_is_nobody_or_enough():
    """Department A has forty people: fifteen and eighteen hold functions of its own, seven others any other function."""
    held = {"clerk": named(0, 15), "guard": named(15, 33), "planner": named(33, 49)}
    found = function_statement(held, counts(all=ALL, A=named(0, 40)), POLICY)
    assert told(found) == ["guard", "planner"]


def test_the_few_of_a_department_who_hold_another_function_are_no_difference():
    """All forty of A are clerks, and two elsewhere are: those two would be the clerks less A."""
    held = {"clerk": named(0, 42), "boss": named(50, 70)}
    groups = counts(all=ALL, A=named(0, 40))
    assert told(function_statement(held, groups, POLICY)) == ["boss"]
    # Two functions that make a department up but for three people, of which neither lies within it.
    crossing = {"clerk": named(0, 30) | named(60, 72), "boss": named(30, 57) | named(72, 75)}
    found = function_statement(crossing, counts(all=ALL, A=named(0, 57), B=named(60, 90)), POLICY)
    assert leaks(without_function_leaks(found, (), POLICY), (), POLICY) == []


def test_a_function_goes_before_a_group_and_only_one_that_has_to_do_with_it():
    """Clerks and A differ by three people on either side that no other set tells apart."""
    groups = counts(all=ALL, A=named(0, 40), B=named(40, 80))
    leaky = replace(
        function_statement({"guard": named(80, 95)}, groups, POLICY),
        told=(
            *groups.told,
            Basis("function:clerk", named(0, 43)),
            Basis("function:boss", named(3, 40) | named(43, 80)),
            Basis("function:guard", named(80, 95)),
        ),
    )
    assert leaks(leaky, (), POLICY)
    kept = without_function_leaks(leaky, (), POLICY)
    assert leaks(kept, (), POLICY) == []
    assert {each.key for each in kept.told} >= {"all", "A", "B", "function:guard"}


@pytest.mark.parametrize(("left", "expected"), [(0, ["clerk"]), (1, []), (4, []), (5, [])])
def test_who_left_a_function_since_a_year_that_overlaps_does_not_show(left, expected):
    held = {"clerk": named(0, 40)}
    before = function_statement(held, counts(all=ALL), POLICY).said
    again = function_statement({"clerk": named(left, 40)}, counts(all=ALL), POLICY)
    assert told(without_function_leaks(again, [before], POLICY)) == expected


def test_a_planted_leak_is_caught():
    found = function_statement({"clerk": named(0, 60), "boss": named(60, 120)}, counts(all=ALL), POLICY)
    planted = list(plants(found))
    assert len(planted) == 2
    assert all(caught(each, (), POLICY) for each in planted)


BANDS = [
    ("five people with a meeting each", [1.0] * 5, 5.0),
    ("nobody", [], 0.0),
    ("one person only", [40.0], 0.0),
    ("four people only", [10.0] * 4, 0.0),
    ("ten people with nineteen in all", [1.9] * 10, 5.0),
    ("ten people with twenty in all", [2.0] * 10, 20.0),
    ("ten people, most of it for one", [30.0, *[1.0] * 9], 5.0),
]


@pytest.mark.parametrize(("who", "meetings", "least"), BANDS, ids=[each[0] for each in BANDS])
def test_a_band_speaks_of_five_people_at_least(who, meetings, least):
    assert waits(meetings, POLICY.contributors) == least, who


def test_rows_say_at_least_how_much_waits_and_nothing_of_short_absences():
    held = {"clerk": named(0, 60), "boss": named(60, 72)}
    found = function_statement(held, counts(all=named(0, 130)), POLICY)
    cards = [
        SimpleNamespace(person_id=f"p{number}", enough_data=number != 0, waiting=SimpleNamespace(meetings=1.25))
        for number in (*range(5), *range(60, 72))
    ]
    rows = function_rows(SimpleNamespace(cards=cards), found, POLICY)
    assert {(row.label, row.value, row.people, row.units) for row in rows} == {
        ("clerk", 0.0, "50-99", ()),
        ("boss", 5.0, "10-24", ()),
    }
    assert {row.period for row in rows} == {str(YEAR)}
    seen = {viewer.key: [row.label for row in rows if can(viewer, row)] for viewer in (HR, MT, MT_A)}
    assert seen == {"hr": ["clerk"], "mt": ["boss", "clerk"], "mt:A": ["boss", "clerk"]}
    assert not any(can(Viewer("self", person_id="p1"), row) for row in rows)


def test_the_function_of_the_quarters_first_day_counts(tmp_path):
    small = Small()
    small.person("p1", function="clerk", valid_to=MONDAY)
    small.person("p1", function="boss", valid_from=MONDAY)
    small.person("p2", function="clerk")
    small.person("p3", function="clerk", valid_from=MONDAY + timedelta(days=1))
    small.person("p4", function=None)
    small.person("p5", function="clerk")
    tables = small.store(tmp_path).tables()
    cohort = SimpleNamespace(people=("p1", "p2", "p3", "p4"), period=YEAR)
    assert functions_of(tables, cohort) == {"boss": {"p1"}, "clerk": {"p2"}}


def by(labels) -> dict[str, frozenset[str]]:
    return {name: frozenset(f"p{number}" for number in np.flatnonzero(labels == name)) for name in np.unique(labels)}


@pytest.mark.parametrize("seed", range(12))
def test_no_sum_of_functions_and_departments_speaks_of_fewer_than_ten(seed):
    """Most functions belong to one department; leads and a few others are everywhere, a handful in each."""
    rng = np.random.default_rng(seed)
    department = rng.choice([f"D{number}" for number in range(6)], 260, p=[0.25, 0.2, 0.2, 0.15, 0.12, 0.08])
    of_its_own = rng.choice(["a", "b"], 260, p=[0.6, 0.4])
    anywhere = rng.choice(["lead", "lawyer", "planner", ""], 260, p=[0.05, 0.04, 0.04, 0.87])
    names = np.where(anywhere == "", np.char.add(department, of_its_own), anywhere)
    groups = {name: members for name, members in by(department).items() if len(members) >= POLICY.k_count_mt}
    found = function_statement(by(names), counts(all=named(0, 260), **groups), POLICY)
    kept = without_function_leaks(found, (), POLICY)
    assert told(kept)
    assert thin_sums([each.things for each in kept.told], POLICY.smallest_group) == []
    assert thin_sums([each.things for each in kept.told if each.key in kept.wide], POLICY.k_count_hr) == []


@pytest.mark.parametrize("seed", range(12))
def test_of_functions_and_groups_at_random_nothing_of_few_is_left(seed):
    """Departments, functions across them, and what an earlier release told of the same year."""
    rng = np.random.default_rng(seed)
    size = int(rng.integers(60, 240))
    people = np.array([f"p{number}" for number in range(size)])
    department, function = rng.integers(0, 4, size), rng.integers(0, 7, size)
    groups = {f"d{number}": frozenset(people[department == number].tolist()) for number in range(4)}
    groups = {key: members for key, members in groups.items() if len(members) >= POLICY.k_count_mt}
    held = {f"f{number}": frozenset(people[function == number].tolist()) for number in range(7)}
    base = counts(all=frozenset(people.tolist()), **groups)
    before = function_statement({name: members - {"p0", "p1"} for name, members in held.items()}, base, POLICY)
    for earlier in ((), (without_function_leaks(before, (), POLICY).said,)):
        kept = without_function_leaks(function_statement(held, base, POLICY), earlier, POLICY)
        assert leaks(kept, earlier, POLICY) == []
        assert not list(thin_sums([each.things for each in kept.told], kept.fewest))
