"""Coordination in the line and across teams as parts of a group's coordination: all departments or none, rounded."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from made_up_cohort import cohort
from organisation import MONDAY, Small, at

from analysis.period import Period
from analysis.presence import presence
from privacy.policy import Policy
from privacy.release.cohort import read_cohort
from privacy.release.parts import SIDES, Parts, read_sides, sides
from privacy.release.plan import build_plan
from privacy.release.statements import caught, leaks, plants, without_leaks

POLICY = Policy()
QUARTER = Period(MONDAY.date(), MONDAY.date() + timedelta(weeks=13))


@pytest.fixture(scope="module")
def made_up():
    found = cohort(300, 3)
    return found, build_plan(found, POLICY, (), (), with_cells=False)


def spent(found) -> np.ndarray:
    return found.hours.sum(axis=1)[:, 1]


def of(found, plan, in_line) -> Parts:
    return Parts(sides(in_line, found), plan, found, POLICY)


def test_everybody_with_two_fifths_in_the_line_is_told_so_everywhere(made_up):
    found, plan = made_up
    parts = of(found, plan, 0.4 * spent(found))
    statement = parts.statement()
    departments = {group.key for group in plan.groups if group.kind == "department"}
    assert {each.key for each in statement.told} == departments | {"organisation"}
    rows = parts.rows(without_leaks(statement, (), POLICY))
    assert {(row.measure, row.label, row.value) for row in rows} == {(SIDES, "line", 0.4), (SIDES, "process", 0.6)}
    assert {row.measured_in for row in rows} == {"part of coordination"}


def test_a_department_whose_line_is_one_person_hides_all_departments(made_up):
    found, plan = made_up
    members = sorted(next(group for group in plan.groups if group.kind == "department").members)
    in_line = 0.4 * spent(found)
    in_line[members] = 0.0
    in_line[members[0]] = spent(found)[members[0]]
    assert [each.key for each in of(found, plan, in_line).statement().told] == ["organisation"]


def test_a_group_that_coordinates_little_is_not_told_to_five_per_cent(made_up):
    """Half a step of ten per cent of so few hours is less than two hours a week: then nothing is told."""
    found, _ = made_up
    little = replace(found, hours=found.hours * 0.02)
    plan = build_plan(little, POLICY, (), (), with_cells=False)
    assert of(little, plan, 0.4 * spent(little)).statement().told == ()


def test_a_planted_leak_is_caught(made_up):
    found, plan = made_up
    statement = of(found, plan, 0.4 * spent(found)).statement()
    assert leaks(statement, (), POLICY) == []
    planted = list(plants(statement))
    assert [each.what for each in planted] == ["one left out", "two that share one", "one person makes it up"]
    assert all(caught(each, (), POLICY) for each in planted)


def test_what_is_read_is_line_against_all_other_coordination_under_the_cap(tmp_path):
    """A week of p0 and p1: an hour in the line, two across teams, one nobody knows the side of, and one of design."""
    small = Small()
    small.person("p0").person("p1")
    kinds = (("line", "coordination"), ("process", "coordination"), ("process", "coordination"), (None, "coordination"))
    for week in range(13):
        for number, (sub, label) in enumerate((*kinds, (None, "design"))):
            start = at(number, "09:00", MONDAY + timedelta(weeks=week))
            small.meeting(f"m{week}-{number}", start, 60, ["p0", "p1"], label, organizer_id="p0")
            small.labels[-1]["sub"] = sub
    tables = small.store(tmp_path).tables()
    there = presence(tables)
    found = read_cohort(tables, QUARTER, there=there)
    assert read_sides(there, found).hours.tolist() == pytest.approx(np.array([[13.0, 39.0]] * 2))
    capped = read_cohort(tables, QUARTER, (), 2.5, there=there)
    assert read_sides(there, capped).hours.tolist() == pytest.approx(np.array([[6.5, 19.5]] * 2))
