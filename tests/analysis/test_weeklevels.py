from __future__ import annotations

from datetime import date

import pytest
from organisation import MONDAY, Small, at

from analysis.facts import facts
from analysis.period import Period
from analysis.scope import EVERYBODY, Scope
from analysis.weeklevels import week_level_shares

WEEK = Period(date(2026, 1, 5), date(2026, 1, 12))


def small() -> Small:
    """Anna (level 2) and Bo and Cas (level 3), who meet in the first week and once in the second."""
    house = Small().person("anna", 2).person("bo", 3).person("cas", 3, department="B")
    house.meeting("plan", at(0, "09:00"), 60, ["anna", "bo"], "design")
    house.meeting("tune", at(1, "09:00"), 60, ["bo", "cas"], "coordination")
    house.meeting("tune again", at(2, "09:00"), 60, ["bo", "cas"], "coordination")
    return house.meeting("later", at(7, "09:00", MONDAY), 60, ["anna", "cas"], "other")


def cells(folder, scope=EVERYBODY, house=None):
    rows = (house or small()).store(folder).snapshot().keep("facts", facts)
    found = week_level_shares(rows, WEEK, scope)
    return [(each.level, each.label, each.hours, each.share, each.people) for each in found.cells]


def test_a_cell_holds_hours_and_different_people_and_shares_sum_to_one_per_level(tmp_path):
    assert cells(tmp_path) == [
        (2, "design", 1.0, 1.0, 1),
        (3, "coordination", 4.0, pytest.approx(0.8), 2),
        (3, "design", 1.0, pytest.approx(0.2), 1),
    ]


def test_a_scope_is_all_that_counts(tmp_path):
    assert cells(tmp_path, Scope(department="B")) == [(3, "coordination", 2.0, 1.0, 1)]


def test_without_meetings_there_are_no_cells(tmp_path):
    house = Small().person("anna").meeting("m", at(7, "09:00"), 60, ["anna"])
    assert cells(tmp_path, house=house) == []
