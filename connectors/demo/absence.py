"""When people are not there: leave in the Dutch school-holiday pattern, single days, sickness, free days, holidays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import holidays
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from connectors.demo.dice import Dice
    from connectors.demo.organisation import Organisation

LEAVE, SICK = 1, 2
DAYS = 5
CHRISTMAS = (52, 53, 1)
# ISO week: chance that somebody takes the week off (summer is drawn apart).
WEEKS_OFF = {52: 0.75, 53: 0.75, 1: 0.5, 8: 0.15, 9: 0.15, 18: 0.4, 43: 0.4}
# kind: (in the HR file, as an item in the own calendar); the rest leaves no trace.
VISIBLE = {LEAVE: (0.48, 0.36), SICK: (0.55, 0.15)}


@dataclass(frozen=True, slots=True)
class Spell:
    """One absence from working day `first` up to and including `last`; `source` is empty where it leaves no trace."""

    person: int
    first: int
    last: int
    kind: str
    source: str


@dataclass(frozen=True)
class Presence:
    """Who is there on which working day.

    `away` holds the reason by person and working day; `out` is true for any reason not to be at work at all.
    """

    monday: date
    closed: np.ndarray
    away: np.ndarray
    out: np.ndarray
    spells: list[Spell]
    season: list[float]

    def day(self, number: int) -> date:
        """The date of a working day."""
        return self.monday + timedelta(days=number // DAYS * 7 + number % DAYS)

    def days_at_work(self, person: int, week: int) -> int:
        """How many days of a week somebody works."""
        return int(DAYS - self.out[person, week * DAYS : week * DAYS + DAYS].sum())

    def returns(self, person: int, week: int) -> int:
        """The first week from this one on in which somebody is there for most of it."""
        weeks = self.out.shape[1] // DAYS
        return next((each for each in range(week, weeks) if self.days_at_work(person, each) >= 3), weeks)


def public_holidays(days: Iterable[date]) -> np.ndarray:
    """Which of the days are public holidays in the Netherlands."""
    days = list(days)
    calendar = holidays.country_holidays("NL", years=sorted({day.year for day in days}), language="nl")
    return np.array([day in calendar for day in days])


def presence(organisation: Organisation, monday: date, settled: frozenset[int], dice: Dice) -> Presence:
    """Two years of absence; those in `settled` certainly take the long holidays, and the data know about them."""
    weeks, size = organisation.weeks, len(organisation.people)
    days = [monday + timedelta(days=7 * week + day) for week in range(weeks) for day in range(DAYS)]
    away = np.zeros((size, len(days)), dtype=np.int8)
    for person in range(size):
        _take_leave(away[person], days, dice, sure=person in settled)
        _fall_sick(away[person], dice)
    closed = public_holidays(days)
    served = _in_service(organisation)
    free = np.zeros((size, DAYS), dtype=bool)
    for each in organisation.people:
        free[each.number, list(each.free_days)] = True
    never = np.tile(free, weeks) | closed | ~served
    spells = _spells(np.where(served, away, 0), settled, dice)
    there = (~never).reshape(size, weeks, DAYS).sum((0, 2))
    present = (~never & (away == 0)).reshape(size, weeks, DAYS).sum((0, 2))
    season = np.clip(present / np.maximum(np.median(there), 1), 0.05, 1.0) ** 1.05
    return Presence(monday, closed, away, never | (away > 0), spells, season.tolist())


def _take_leave(row: np.ndarray, days: list[date], dice: Dice, *, sure: bool) -> None:
    starts: dict[int, tuple[int, int]] = {}
    for first in range(0, len(days), DAYS):
        year, week, _ = days[first].isocalendar()
        if year not in starts:
            starts[year] = (dice.between(28, 33), 3 if sure else dice.between(2, 3))
        begin, length = starts[year]
        chance = 0.95 if sure and week in WEEKS_OFF and week not in {8, 9} else WEEKS_OFF.get(week, 0.0)
        if begin <= week < begin + length or dice.chance(chance):
            row[first : first + DAYS] = LEAVE
        elif dice.chance(0.11):
            row[first + dice.between(0, DAYS - 1)] = LEAVE


def _fall_sick(row: np.ndarray, dice: Dice) -> None:
    for _ in range(dice.count(1.4 * len(row) / 260)):
        length = 1
        while dice.chance(0.66) and length < 30:
            length += 1
        first = dice.between(0, len(row) - 1)
        spell = row[first : first + length]
        spell[spell == 0] = SICK


def _in_service(organisation: Organisation) -> np.ndarray:
    served = np.zeros((len(organisation.people), organisation.weeks * DAYS), dtype=bool)
    for stint in organisation.stints:
        served[stint.person, stint.first * DAYS : stint.last * DAYS] = True
    return served


def _spells(away: np.ndarray, settled: frozenset[int], dice: Dice) -> list[Spell]:
    spells = []
    for person, row in enumerate(away):
        edges = np.flatnonzero(np.diff(row, prepend=0, append=0))
        for first, after in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
            reason = int(row[first])
            if reason:
                source = _source(reason, dice, sure=person in settled and after - first >= 3)
                spells.append(Spell(person, first, after - 1, "sick" if reason == SICK else "leave", source))
    return spells


def _source(reason: int, dice: Dice, *, sure: bool) -> str:
    in_file, in_calendar = VISIBLE[reason]
    share = dice.roll() * (in_file + in_calendar if sure else 1.0)
    if share < in_file:
        return "file"
    return "calendar" if share < in_file + in_calendar else ""
