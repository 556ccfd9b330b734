"""Who works where, from when until when: five levels, teams in units in departments, and one reorganisation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from simulation.days import dice

if TYPE_CHECKING:
    from simulation.days import Days

LEVELS = 5
NOBODY = -1


@dataclass(frozen=True)
class Places:
    """Each person's place in one stretch of time; units and departments by number, managers by person."""

    level: np.ndarray
    department: np.ndarray
    manager: np.ndarray


@dataclass(frozen=True)
class Chart:
    """All people who ever work here. `before` holds until the reorganisation, `after` from then on."""

    team: np.ndarray
    unit: np.ndarray
    fte: np.ndarray
    free_day: np.ndarray
    first_day: np.ndarray
    last_day: np.ndarray
    before: Places
    after: Places
    work_level: np.ndarray
    reorganised: int
    teams: int

    @property
    def size(self) -> int:
        return len(self.team)

    def level(self, weeks: int) -> np.ndarray:
        """The level on the chart, by person and week."""
        week = np.arange(weeks)
        return np.where(week[None, :] * 7 < self.reorganised, self.before.level[:, None], self.after.level[:, None])

    def employed(self, days: int) -> np.ndarray:
        """Whether each person works here, by person and day."""
        day = np.arange(days)
        return (self.first_day[:, None] <= day) & (day < self.last_day[:, None])


@dataclass(frozen=True)
class _Seats:
    """The people of the first day: one director, departments, units, teams, operators."""

    level: np.ndarray
    team: np.ndarray
    unit: np.ndarray
    department: np.ndarray
    manager: np.ndarray
    teams: int


def chart_of(days: Days) -> Chart:
    """Build the organisation of a plan."""
    plan, chance = days.plan, dice(days.plan, "chart")
    seats = _seats(plan.people, chance)
    seats, first, last = _turnover(seats, days, chance)
    seats, first, last = _mix_change(seats, first, last, days, chance)
    size = len(seats.level)
    part_time = (chance.random(size) < plan.part_time) & (seats.level >= 3)
    fte = np.where(part_time, chance.choice([0.8, 0.6, 0.9], size, p=[0.6, 0.2, 0.2]), 1.0)
    favourite = chance.choice(5, size, p=[0.12, 0.08, 0.3, 0.1, 0.4])
    before = Places(seats.level, seats.department, seats.manager)
    reorganised = plan.reorganisation_week * 7 if plan.reorganisation_week >= 0 else days.count
    return Chart(
        team=seats.team,
        unit=seats.unit,
        fte=fte,
        free_day=np.where(part_time & (fte <= 0.8), favourite, NOBODY),
        first_day=first,
        last_day=last,
        before=before,
        after=_reorganised(before, seats, plan.reorganisation_promotes, dice(plan, "reorganisation")),
        work_level=seats.level,
        reorganised=reorganised,
        teams=seats.teams,
    )


def _seats(people: int, chance: np.random.Generator) -> _Seats:
    departments = max(4, round(0.4 * people**0.5))
    units = max(departments, people // 16)
    teams = max(units, people // 9)
    operators = max(2 * teams, people - 1 - departments - units - teams)
    unit_department = np.arange(units) * departments // units
    team_unit = np.arange(teams) * units // teams
    operator_team = np.sort(chance.integers(0, teams, operators))
    first_unit, first_lead = 1 + departments, 1 + departments + units
    # A unit manager and a department manager sit with the first of their teams.
    home = np.searchsorted(team_unit, np.arange(units))
    department_home = home[np.searchsorted(unit_department, np.arange(departments))]
    level = np.repeat(np.arange(1, 6), [1, departments, units, teams, operators])
    team = np.concatenate([[0], department_home, home, np.arange(teams), operator_team])
    unit = team_unit[team]
    manager = np.concatenate(
        [
            [NOBODY],
            np.zeros(departments, int),
            1 + unit_department,
            first_unit + team_unit,
            first_lead + operator_team,
        ]
    )
    department = unit_department[unit]
    return _Seats(level, team, unit, department, manager, teams)


def _more(seats: _Seats, like: np.ndarray) -> _Seats:
    """The seats with further people in the same places as some who are there."""
    arrays = {name: np.append(each, each[like]) for name, each in vars(seats).items() if name != "teams"}
    return replace(seats, **arrays)


def _turnover(seats: _Seats, days: Days, chance: np.random.Generator) -> tuple[_Seats, np.ndarray, np.ndarray]:
    """Some operators leave; most are followed by somebody new a few weeks later."""
    first, last = np.zeros(len(seats.level), int), np.full(len(seats.level), days.count)
    operators = np.flatnonzero(seats.level == LEVELS)
    leaving = operators[chance.random(len(operators)) < days.plan.turnover * days.plan.weeks / 52]
    last[leaving] = 7 * chance.integers(4, max(5, days.plan.weeks - 1), len(leaving))
    arrival = last[leaving] + 7 * chance.integers(0, 7, len(leaving))
    come = arrival < days.count - 14
    return (
        _more(seats, leaving[come]),
        np.append(first, arrival[come]),
        np.append(last, np.full(come.sum(), days.count)),
    )


def _mix_change(
    seats: _Seats, first: np.ndarray, last: np.ndarray, days: Days, chance: np.random.Generator
) -> tuple[_Seats, np.ndarray, np.ndarray]:
    """Managers of levels 2 to 4 come in evenly over the window, and as many operators go."""
    managers = np.flatnonzero((seats.level > 1) & (seats.level < LEVELS))
    number = round(days.plan.mix_change * len(managers))
    if not number:
        return seats, first, last
    like = chance.choice(managers, number, replace=number > len(managers))
    when = 7 * np.linspace(4, days.plan.weeks - 4, number).astype(int)
    staying = np.flatnonzero((seats.level == LEVELS) & (last == days.count) & (first == 0))
    going = chance.choice(staying, min(number, len(staying) // 2), replace=False)
    last = last.copy()
    last[going] = when[: len(going)]
    return _more(seats, like), np.append(first, when), np.append(last, np.full(number, days.count))


def _reorganised(before: Places, seats: _Seats, promotes: int, chance: np.random.Generator) -> Places:
    """A quarter of the teams goes to another department; some unit managers become department managers on paper."""
    level, department, manager = before.level.copy(), before.department.copy(), before.manager.copy()
    moving = chance.random(seats.teams) < 0.25
    unit_managers = np.flatnonzero(before.level == 3)
    new_manager = chance.choice(unit_managers, seats.teams)
    moved = moving[seats.team] & (level >= 4)
    department[moved] = before.department[new_manager[seats.team[moved]]]
    leads = moved & (level == 4)
    manager[leads] = new_manager[seats.team[leads]]
    if promotes:
        promoted = chance.choice(unit_managers, min(promotes, len(unit_managers)), replace=False)
        level[promoted], manager[promoted] = 2, 0
    return Places(level, department, manager)
