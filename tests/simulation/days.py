"""The days of a simulation, and dice that do not depend on each other."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import holidays
import numpy as np

if TYPE_CHECKING:
    from simulation.plan import Plan

SLOTS = 18
"""Half hours of a working day, from 8:30 to 17:30."""
FIRST_MINUTE = 8 * 60 + 30


def dice(plan: Plan, name: str) -> np.random.Generator:
    """Random numbers of one part of the simulation: switching another part on leaves them as they are."""
    return np.random.default_rng([plan.seed, zlib.crc32(name.encode())])


@dataclass(frozen=True)
class Days:
    """Day numbers count from the first Monday."""

    plan: Plan

    @property
    def count(self) -> int:
        return 7 * self.plan.weeks

    @cached_property
    def dates(self) -> np.ndarray:
        return np.datetime64(self.plan.start, "D") + np.arange(self.count)

    @cached_property
    def weekday(self) -> np.ndarray:
        return np.arange(self.count) % 7

    @cached_property
    def working(self) -> np.ndarray:
        """Monday to Friday and no public holiday."""
        years = range(self.plan.start.year, int(str(self.dates[-1])[:4]) + 1)
        free = sorted(holidays.country_holidays("NL", years=years)) if self.plan.holidays else []
        return np.is_busday(self.dates, holidays=np.array(free, dtype="datetime64[D]"))

    @cached_property
    def next_working(self) -> np.ndarray:
        """The first working day on or after each day; the number of days where there is none."""
        days = np.where(self.working, np.arange(self.count), self.count)
        return np.minimum.accumulate(days[::-1])[::-1]

    def weekly(self, by_day: np.ndarray) -> np.ndarray:
        """Sums over the days of each week; the days are the last axis."""
        return by_day.reshape(*by_day.shape[:-1], self.plan.weeks, 7).sum(axis=-1)

    @property
    def progress(self) -> np.ndarray:
        """Each week's place in the window, 0 at the first and 1 at the last."""
        return np.arange(self.plan.weeks) / max(1, self.plan.weeks - 1)
