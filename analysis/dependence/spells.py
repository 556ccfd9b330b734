"""Absences as stretches: which days belong together, and the days after each return."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.dependence.absences import FREE_DAY, HERE, UNPLANNED


@dataclass(frozen=True)
class Spells:
    """Stretches of absence by number: whose, first day, working days, whether unplanned.

    `of` numbers the cells of people and days by stretch (-1 = none), `after` the days after the return from it. A
    weekend, a free day or a holiday between two days away does not end a stretch.
    """

    person: np.ndarray
    first: np.ndarray
    days: np.ndarray
    unplanned: np.ndarray
    of: np.ndarray
    after: np.ndarray

    def sums(self, cells: np.ndarray, low: int, where: np.ndarray | None = None) -> np.ndarray:
        """Cells of a slice of people, that begins at `low`, added up by stretch (of everybody)."""
        numbers = (self.of if where is None else where)[low : low + len(cells)]
        inside = numbers >= 0
        return np.bincount(numbers[inside], weights=cells[inside], minlength=len(self.person))


def spells(calendar: np.ndarray, working: np.ndarray, open_day: np.ndarray, returned_days: int) -> Spells:
    """The stretches of a calendar; free days are in none."""
    away = (calendar != HERE) & (calendar != FREE_DAY)
    counts = working & open_day
    through = away | ~counts[None, :] | (calendar == FREE_DAY)
    starts = away & ~_reached(away, through)
    numbers = np.cumsum(starts.ravel()).reshape(away.shape) - 1
    of = np.where(away & counts[None, :], numbers, -1).astype(np.int32)
    person, first = np.nonzero(starts)
    inside = of >= 0
    size = len(person)
    days = np.bincount(of[inside], minlength=size)
    unplanned = np.bincount(of[inside], weights=calendar[inside] == UNPLANNED, minlength=size) > days / 2
    return Spells(person, first, days, unplanned, of, _after(of, through, returned_days))


def _reached(away: np.ndarray, through: np.ndarray) -> np.ndarray:
    """Days that a stretch reaches from the day before, over days that do not end it."""
    place = np.arange(away.shape[1])[None, :]
    last_away = np.maximum.accumulate(np.where(away, place, -1), axis=1)
    last_end = np.maximum.accumulate(np.where(~through, place, -1), axis=1)
    reached = np.zeros_like(away)
    reached[:, 1:] = last_away[:, :-1] > last_end[:, :-1]
    return reached


def _after(of: np.ndarray, through: np.ndarray, returned_days: int) -> np.ndarray:
    """The stretch that ended within so many days before each day at work."""
    place = np.arange(of.shape[1])[None, :]
    ended = np.maximum.accumulate(np.where(of >= 0, place, -1), axis=1)
    # Counted from the first day back, so that a weekend takes nothing off.
    back = np.where(~through, place, of.shape[1])
    first_back = np.minimum.accumulate(back[:, ::-1], axis=1)[:, ::-1]
    rows = np.arange(of.shape[0])[:, None]
    begun = first_back[rows, np.maximum(ended, 0)]
    recent = (ended >= 0) & (place >= begun) & (place < begun + returned_days) & ~through
    return np.where(recent, of[rows, np.maximum(ended, 0)], -1).astype(np.int32)
