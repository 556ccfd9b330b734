"""At most one sudden change in a weekly line, told only where a step explains the weeks better than a trend does.

Three stories are compared by their evidence (BIC; persistence of the weeks averaged over, as in `analysis.trend`):
nothing changed, a straight trend, one lasting step in an unknown week (a step pays for having chosen its week). A step
is reported when it holds its own against both; its week has a 95 % interval out of the same evidence.
Sources: Raftery 1995 (evidence by BIC); Smith 1975 (the place of a change as a distribution over weeks).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from analysis.trend import (
    FEWEST_WEEKS,
    ITS_SPREAD,
    PERSISTENCES,
    USUAL_PERSISTENCE,
    Array,
    design_of,
    whitening,
)

FEWEST_WEEKS_ON_A_SIDE = 6
# Parts of the evidence that a step must have against no change at all and against a trend: the pair that calls fewest
# trends a step while a step of a quarter is dated in eight of ten runs. Chosen on other seeds than are reported.
AGAINST_NOTHING, AGAINST_TREND = 0.68, 0.25
# The week told is the mean of the most likely stretch of so many weeks.
STRETCH = 9
_NOTHING_LEFT = 1e-9


@dataclass(frozen=True)
class Step:
    """A lasting change: numbers of the first changed week and its 95 % range, level before and after, and how sure.

    `sure` is its part of the evidence of all stories, `against_trend` that of a step and a trend: below a half a steady
    trend tells the weeks better.
    """

    week: int
    low: int
    high: int
    before: float
    after: float
    sure: float
    against_trend: float


def step(values: Array, week: Array, nuisance: Array | None = None) -> Step | None:
    """The one step in weekly `values` at week numbers `week`, `nuisance` held constant; None where none is told."""
    usable = np.isfinite(values)
    y = values[usable]
    if len(y) < max(FEWEST_WEEKS, 3 * FEWEST_WEEKS_ON_A_SIDE) or np.std(y) <= 1e-9:
        return None
    columns = np.empty((len(y), 0)) if nuisance is None else nuisance[usable]
    number = week[usable]
    steps = _steps(number.tobytes(), np.ascontiguousarray(columns).tobytes(), columns.shape[1])
    return steps.best(y / np.std(y), number, float(np.std(y)))


@dataclass(frozen=True)
class Steps:
    """What does not depend on the values: whitened weeks, and every possible step at every persistence."""

    whiten: Array  # persistences x weeks x weeks
    flat: Array  # persistences x weeks x columns: orthonormal, level and nuisance
    trend: Array  # persistences x weeks: what a trend adds to them, of length one
    added: Array  # persistences x weeks x places: what a step in each place adds, of length one
    sizes: Array  # persistences x places: length before it was made one
    unlikely: Array  # persistences
    places: Array  # the first changed week's position

    def best(self, y: Array, number: Array, scale: float) -> Step | None:
        """The step that the values tell, in their own unit times `scale`."""
        white = self.whiten @ y
        part = np.einsum("gwc,gw->gc", self.flat, white)
        rest = (white**2).sum(axis=1) - (part**2).sum(axis=1)
        jumps = np.einsum("gwp,gw->gp", self.added, white)
        rise = np.einsum("gw,gw->g", self.trend, white)
        # A line that a story explains wholly leaves nothing but rounding; y is of standard deviation one.
        rest = np.maximum(rest, _NOTHING_LEFT)
        steadily, suddenly = (np.maximum(left, _NOTHING_LEFT) for left in (rest - rise**2, rest[:, None] - jumps**2))
        weeks, prior = len(y), -0.5 * ((PERSISTENCES - USUAL_PERSISTENCE) / ITS_SPREAD) ** 2 - self.unlikely
        nothing = prior - 0.5 * weeks * np.log(rest)
        trend = prior - 0.5 * weeks * np.log(steadily) - 0.5 * np.log(weeks)
        stepped = prior[:, None] - 0.5 * weeks * np.log(suddenly) - 0.5 * np.log(weeks)
        stepped = stepped - np.log(len(self.places))
        top = max(float(nothing.max()), float(trend.max()), float(stepped.max()))
        chance = np.exp(stepped - top)
        total = float(chance.sum())
        unchanged, steady = (float(np.exp(each - top).sum()) for each in (nothing, trend))
        if total < AGAINST_NOTHING * (total + unchanged) or total < AGAINST_TREND * (total + steady):
            return None
        sure = (total / (total + unchanged + steady), total / (total + steady))
        return self._told(y, number, scale, chance / total, jumps, sure)

    def _told(
        self, y: Array, number: Array, scale: float, chance: Array, jumps: Array, sure: tuple[float, float]
    ) -> Step:
        by_place = chance.sum(axis=0)
        middle_of = int(np.argmax(np.convolve(by_place, np.ones(STRETCH), "same")))
        near = slice(max(0, middle_of - STRETCH // 2), middle_of + STRETCH // 2 + 1)
        place = round(float(np.average(np.arange(len(by_place))[near], weights=by_place[near])))
        height = jumps / self.sizes
        jump = float((chance * height).sum())
        after = np.arange(len(y)) >= self.places[place]
        middle = float((y - jump * after).mean())
        cumulated = np.cumsum(by_place)
        low, high = (min(int(np.searchsorted(cumulated, edge)), len(cumulated) - 1) for edge in (0.025, 0.975))
        first, earliest, latest = (
            int(number[int(self.places[spot])]) for spot in (place, min(low, place), max(high, place))
        )
        return Step(first, earliest, latest, middle * scale, (middle + jump) * scale, *sure)


@lru_cache(maxsize=16)
def _steps(week_bytes: bytes, nuisance_bytes: bytes, count: int) -> Steps:
    week = np.frombuffer(week_bytes)
    nuisance = np.frombuffer(nuisance_bytes).reshape(len(week), count)
    whiten, unlikely = whitening(week)
    full = design_of(week, nuisance)
    level = np.delete(full, 1, axis=1)
    flat = np.linalg.qr(whiten @ level)[0]
    places = np.arange(FEWEST_WEEKS_ON_A_SIDE, len(week) - FEWEST_WEEKS_ON_A_SIDE + 1)
    # A step from a place on is the sum of the columns from there on.
    steps = np.cumsum(whiten[:, :, ::-1], axis=2)[:, :, ::-1][:, :, places]
    added, sizes = _beyond(steps, flat)
    trend, _ = _beyond(whiten @ full[:, 1:2], flat)
    return Steps(whiten, flat, trend[:, :, 0], added, sizes, unlikely, places.astype(float))


def _beyond(columns: Array, flat: Array) -> tuple[Array, Array]:
    """What columns add to the flat ones, made of length one, and the length it had."""
    left = columns - flat @ (np.swapaxes(flat, 1, 2) @ columns)
    sizes = np.sqrt((left**2).sum(axis=1))
    # What the flat columns already say, such as a step that coincides with a holiday, adds nothing.
    some = sizes > 1e-6
    return np.where(some[:, None, :], left / np.maximum(sizes, 1e-6)[:, None, :], 0.0), np.where(some, sizes, np.inf)
