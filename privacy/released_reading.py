"""A released figure with the range that its rounding leaves open, so that two of them can be held side by side.

The range holds the true figure for certain: half a step of rounding to either side, carried through every division. It
says nothing about chance: two quarters differ by more than their rounding when nothing has changed, too.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# Mean levels are told to a half (privacy/release/parts.py).
LEVEL_STEP = 0.5


@dataclass(frozen=True)
class Change:
    """A difference of two readings and the range in which it lies for certain."""

    value: float
    low: float
    high: float

    @property
    def is_sure(self) -> bool:
        """Whether rounding alone cannot make it."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True)
class Reading:
    """A figure and the range in which it lay before it was rounded.

    >>> Reading(5.0, 4.5, 5.5).since(Reading(3.0, 2.5, 3.5))
    Change(value=2.0, low=1.0, high=3.0)
    """

    value: float
    low: float
    high: float

    def since(self, before: Reading) -> Change:
        """The change since another reading."""
        return Change(self.value - before.value, self.low - before.high, self.high - before.low)


def read(value: float, grain: float) -> Reading:
    """A figure that was rounded to a grain.

    >>> read(0.2, 1.0)
    Reading(value=0.2, low=0.0, high=0.7)
    """
    return Reading(value, max(0.0, value - grain / 2), value + grain / 2)


def share(hours: Reading, contract: Reading) -> Reading | None:
    """Hours as a part of contract hours; None where there are none."""
    if contract.low <= 0:
        return None
    return Reading(hours.value / contract.value, hours.low / contract.high, hours.high / contract.low)


def altitude(shares: Sequence[Reading], heights: Sequence[float]) -> Reading | None:
    """The mean height weighed by shares (`privacy.released_movement`); None where nothing is spent.

    A weighted mean is largest and smallest at corners of the box that rounding leaves open. All heights may be off by
    half a step together.
    """
    corners = product(*((each.low, each.high) for each in shares))
    found = [mean for each in corners if (mean := _mean(each, heights)) is not None]
    value = _mean([each.value for each in shares], heights)
    if value is None:
        return None
    return Reading(value, min(found) - LEVEL_STEP / 2, max(found) + LEVEL_STEP / 2)


def _mean(weights: Sequence[float], heights: Sequence[float]) -> float | None:
    total = sum(weights)
    return sum(weight * height for weight, height in zip(weights, heights, strict=True)) / total if total else None
