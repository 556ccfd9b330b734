"""A slope through means of blocks of weeks, for whoever is told four weeks or a quarter together and no single week.

The model is that of `analysis.trend`, seen through the means: weeks follow each other with every persistence on its
grid, and two blocks resemble each other as the weeks in them do, so that a block of more weeks weighs more. What
rounding may have done to the values is in the interval.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from analysis.trend import FEWEST_WEEKS_FOR_SEASON, PERSISTENCES, WEEKS_A_YEAR, Lines, Slope, lines_through, weighed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

FEWEST_BLOCKS = 6
# A year's wave takes two more columns; so many blocks must be left over.
FEWEST_BLOCKS_FOR_SEASON = 7
FEWEST_LEFT = 2
# A column smaller than this part of the largest says nothing of its own.
SEEN = 0.2
# Standard deviation of the sine and of the cosine in the logarithm of a share that leave goes through.
USUAL_SEASON = 0.08


@dataclass(frozen=True)
class Blocks:
    """Blocks of weeks in order: the number of each one's first week, and how many weeks it has."""

    first: tuple[int, ...]
    weeks: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.first)

    @property
    def middle(self) -> Array:
        """The week number halfway through each block."""
        return np.array(self.first) + (np.array(self.weeks) - 1) / 2

    @property
    def span(self) -> int:
        """Weeks from the first to the last."""
        return self.first[-1] + self.weeks[-1] - self.first[0]

    def only(self, places: Sequence[int]) -> Blocks:
        """Some of the blocks."""
        return Blocks(tuple(self.first[each] for each in places), tuple(self.weeks[each] for each in places))

    @property
    def means(self) -> Array:
        """The matrix (blocks x weeks) that takes the mean over each block."""
        found = np.zeros((len(self), self.span))
        for row, (first, weeks) in enumerate(zip(self.first, self.weeks, strict=True)):
            start = first - self.first[0]
            found[row, start : start + weeks] = 1 / weeks
        return found


def year_of(blocks: Blocks) -> Array:
    """The year as one wave through the blocks; empty where they are too few to tell it from a trend."""
    if len(blocks) < FEWEST_BLOCKS_FOR_SEASON or blocks.span < FEWEST_WEEKS_FOR_SEASON:
        return np.empty((len(blocks), 0))
    return _wave(blocks)


def _wave(blocks: Blocks, times: int = 1) -> Array:
    angle = times * 2 * np.pi * np.arange(blocks.span) / WEEKS_A_YEAR
    return np.asarray(blocks.means @ np.column_stack([np.sin(angle), np.cos(angle)]))


def seasons(blocks: Blocks) -> tuple[Array, ...]:
    """What of the year may be held constant: nothing, one wave, and the half-yearly wave besides it.

    Of the second wave quarters show one column only, as leave in one quarter more than in the others does.
    """
    wave = year_of(blocks)
    if not wave.shape[1]:
        return (wave,)
    left, size, _ = np.linalg.svd(_wave(blocks, 2), full_matrices=False)
    second = np.column_stack([wave, left[:, size > SEEN * size[0]]])
    enough = len(blocks) - 2 - second.shape[1] >= FEWEST_LEFT
    return (wave[:, :0], wave, second) if enough else (wave[:, :0], wave)


def block_slope(
    values: Array,
    blocks: Blocks,
    rounding: Array | None = None,
    *,
    held: Array | None = None,
    seasonal: bool = False,
) -> Slope | None:
    """The change per week of block means; None where fewer than six are known.

    `rounding` is the standard deviation that rounding alone gives each value: the error is never taken for smaller
    than it makes it. `held` are columns to hold constant. `seasonal` values are logarithms that go with the year: its
    wave is held constant as far as they ask for it, and where they are too few for that its usual size is in the doubt.
    """
    known = np.flatnonzero(np.isfinite(values)).tolist()
    if len(known) < FEWEST_BLOCKS:
        return None
    y, told = values[known], blocks.only(known)
    lines = _usual(told, seasonal) if held is None else _lines(told, (held[known],))
    found = _fitted(y, lines)
    weights = lines[0].weights(found.persistence)
    if seasonal and not year_of(told).shape[1]:
        found = found.widened(USUAL_SEASON * float(np.linalg.norm(weights @ _wave(told))))
    return found if rounding is None else _rounded(found, weights, rounding[known])


@lru_cache(maxsize=32)
def _usual(blocks: Blocks, seasonal: bool) -> tuple[Lines, ...]:
    return _lines(blocks, seasons(blocks) if seasonal else (np.empty((len(blocks), 0)),))


def _lines(blocks: Blocks, held: Sequence[Array]) -> tuple[Lines, ...]:
    """A fit with each of what may be held constant."""
    whiten, halves = _whitening(blocks)
    return tuple(lines_through(whiten, halves, _design(blocks.middle, each)) for each in held)


def _fitted(y: Array, lines: Sequence[Lines]) -> Slope:
    scale = float(np.std(y))
    if scale <= 1e-12 * max(1.0, float(np.abs(y).max())):
        return Slope(0.0, 0.0, 0.0, 1.0, len(y), 0.0, 0.0, 0.0)
    return weighed([each.fit(y / scale) for each in lines], len(y)).times(scale)


def _design(middle: Array, held: Array) -> Array:
    return np.column_stack([np.ones_like(middle), middle - middle.mean(), held])


def _rounded(found: Slope, weights: Array, rounding: Array) -> Slope:
    """The slope with no smaller error than rounding gives it; the scatter of the values may hold it already."""
    alone = float(np.sqrt((weights**2) @ rounding**2))
    return found.widened(float(np.sqrt(max(0.0, alone**2 - found.error**2))))


@lru_cache(maxsize=16)
def _whitening(blocks: Blocks) -> tuple[Array, Array]:
    """For every persistence the matrix that makes the blocks' means independent, and half the log determinant."""
    apart = np.abs(np.subtract.outer(np.arange(blocks.span), np.arange(blocks.span)))
    means, count = blocks.means, len(blocks)
    whiten, halves = np.empty((len(PERSISTENCES), count, count)), np.zeros(len(PERSISTENCES))
    for place, kept in enumerate(PERSISTENCES.tolist()):
        half = np.linalg.cholesky(means @ np.power(kept, apart) @ means.T)
        whiten[place] = np.linalg.inv(half)
        halves[place] = float(np.log(np.diag(half)).sum())
    return whiten, halves
