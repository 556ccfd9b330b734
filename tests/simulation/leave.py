"""When people are away: planned leave, sickness, and the weekly free day of part-timers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from simulation.days import dice

if TYPE_CHECKING:
    from simulation.chart import Chart
    from simulation.days import Days

# Weeks of the year when a second week off is taken: February, May, October, Christmas.
SECOND_WEEKS, SECOND_ODDS = (8, 18, 42, 51), (0.2, 0.25, 0.3, 0.25)


@dataclass(frozen=True)
class Leave:
    """Stretches of absence in day numbers, the end exclusive; `sick` ones were not known beforehand."""

    days: Days
    chart: Chart
    person: np.ndarray
    first: np.ndarray
    last: np.ndarray
    sick: np.ndarray

    @cached_property
    def away(self) -> np.ndarray:
        """On leave or sick, by person and day."""
        return _covered(self.person, self.first, self.last, (self.chart.size, self.days.count))

    @cached_property
    def sick_days(self) -> np.ndarray:
        """Sick, by person and day."""
        ill = self.sick
        return _covered(self.person[ill], self.first[ill], self.last[ill], (self.chart.size, self.days.count))

    @cached_property
    def free(self) -> np.ndarray:
        """The weekly free day, by person and day."""
        return self.chart.free_day[:, None] == self.days.weekday[None, :]

    @cached_property
    def at_work(self) -> np.ndarray:
        """Employed, a working day, and neither on leave nor on the free day."""
        here = self.chart.employed(self.days.count) & self.days.working[None, :]
        return here & ~self.away & ~self.free

    @cached_property
    def available(self) -> np.ndarray:
        """Available hours by person and week: contract less holidays and leave."""
        here = self.chart.employed(self.days.count) & self.days.working[None, :] & ~self.away
        return self.days.weekly(here) * (7.2 * self.chart.fte)[:, None]


def leave_of(days: Days, chart: Chart) -> Leave:
    """Everybody's absences over the window."""
    chance = dice(days.plan, "leave")
    everybody = np.arange(chart.size)
    parts = []
    if days.plan.leave:
        years = -(-days.plan.weeks // 52) + 1
        for year in range(years):
            parts += _one_year(everybody, _first_monday(days, year), chance)
        parts += _sickness(everybody, days, chance)
    person, first, last, sick = (
        (np.concatenate([part[i] for part in parts]) if parts else np.zeros(0, int)) for i in range(4)
    )
    first, last = np.maximum(first, chart.first_day[person]), np.minimum(last, chart.last_day[person])
    kept = (first < last) & (first < days.count)
    order = np.lexsort((first[kept], person[kept]))
    return Leave(days, chart, *(each[kept][order] for each in (person, first, last, sick.astype(bool))))


Part = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def _first_monday(days: Days, year: int) -> int:
    """The day number of the first Monday of a calendar year, counted from the year of the start."""
    first = np.datetime64(f"{days.plan.start.year + year}-01-01", "D")
    offset = int((first - days.dates[0]).astype(int))
    return offset + (-offset) % 7


def _one_year(people: np.ndarray, january: int, chance: np.random.Generator) -> list[Part]:
    size = len(people)
    summer = january + 7 * chance.integers(26, 33, size)
    second = january + 7 * chance.choice(SECOND_WEEKS, size, p=SECOND_ODDS)
    some = chance.random(size) < 0.85
    single = np.repeat(people, 5)
    day = january + 7 * chance.integers(0, 52, len(single)) + chance.integers(0, 5, len(single))
    length = chance.choice([1, 2], len(single), p=[0.8, 0.2])
    return [
        _part(people, summer, summer + 7 * chance.choice([2, 3], size) - 2),
        _part(people[some], second[some], second[some] + 5),
        _part(single, day, np.minimum(day + length, day - day % 7 + 5)),
    ]


def _sickness(people: np.ndarray, days: Days, chance: np.random.Generator) -> list[Part]:
    times = chance.poisson(1.3 * days.plan.weeks / 52, len(people))
    who = np.repeat(people, times)
    first = 7 * chance.integers(0, days.plan.weeks, len(who)) + chance.integers(0, 5, len(who))
    long = chance.random(len(who)) < 0.06
    length = np.where(long, chance.integers(20, 50, len(who)), chance.geometric(0.35, len(who)))
    return [(who, first, first + length, np.ones(len(who), int))]


def _part(person: np.ndarray, first: np.ndarray, last: np.ndarray) -> Part:
    return person, first, last, np.zeros(len(person), int)


def _covered(person: np.ndarray, first: np.ndarray, last: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    edges = np.zeros((shape[0], shape[1] + 1), dtype=np.int16)
    np.add.at(edges, (person, np.clip(first, 0, shape[1])), 1)
    np.add.at(edges, (person, np.clip(last, 0, shape[1])), -1)
    return np.cumsum(edges, axis=1)[:, :-1] > 0
