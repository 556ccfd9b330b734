"""How much more or less of the available hours something takes, year on year, with an interval and a verdict.

The weekly share is standardised to people: everybody counts against their own usual rate,

    E[hours of person p in week w] = available_pw * rate_p * index_w

so that who joined, left, was away or was promoted is not taken for a change of work. The index is found by iterative
proportional fitting (a Poisson model with person and week effects); the trend is the slope of its logarithm.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from analysis.trend import TWO_SIDED_95, WEEKS_A_YEAR, Array, Slope, lines_of, season, slope
from store.schema import LABELS

if TYPE_CHECKING:
    from analysis.drift.panel import Mask, Panel, Places
    from analysis.labelerror import LabelError

Verdict = Literal["rising", "falling", "no change found", "not measurable"]

SIGNIFICANT = 0.05
# "No change found" is said only where the interval leaves out any change a year larger than this.
WORTH_KNOWING = 0.10
EDGE_WEEKS = 8
LABEL_DRAWS = 60
# Below this part of what was said the labels cannot carry a corrected line.
LEAST_LEFT = 0.1
_ROUNDS, _CLOSE = 500, 1e-10
# A change is found in eight of ten cases when it is 2.8 standard errors large.
_FOUND_IN_EIGHT_OF_TEN = TWO_SIDED_95 + 0.8416


@dataclass(frozen=True)
class Estimate:
    """A change per year with its 95 % interval and p-value."""

    estimate: float
    low: float
    high: float
    p: float


@dataclass(frozen=True)
class Growth:
    """A weekly share (NaN where too few were at work), its ends (means of eight weeks) and its change.

    `change_per_year` is relative (0.17 = +17 % a year), `points_per_year` in share; `smallest_measurable` is the
    change a year that weeks like these show in eight of ten cases. `chance` is the variance of a week's logarithm that
    comes of its people's own weeks.
    """

    share: Array
    start: float | None
    end: float | None
    change_per_year: Estimate | None
    points_per_year: Estimate | None
    smallest_measurable: float | None
    verdict: Verdict
    slope: Slope | None
    chance: float = 0.0


@dataclass(frozen=True)
class Spending:
    """What a trend is asked of: hours and available hours of units (rows) in weeks, and labels said of their hours.

    `labels` are the labels that the hours carry; `said` (weeks x labels) is what they are corrected with.
    """

    hours: Array
    available: Array
    unit: Places
    said: Array | None = None
    labels: tuple[str, ...] = ("coordination",)

    def by_unit(self) -> tuple[Array, Array]:
        """Hours and available hours, one row a unit."""
        units = int(self.unit.max(initial=-1)) + 1
        if units == len(self.unit) and np.array_equal(self.unit, np.arange(units)):
            return self.hours, self.available
        hours, available = np.zeros((2, units, self.hours.shape[1]))
        np.add.at(hours, self.unit, self.hours)
        np.add.at(available, self.unit, self.available)
        return hours, available


def spending(
    panel: Panel,
    parts: tuple[str, ...],
    labels: tuple[str, ...] = ("coordination",),
    rows: Mask | None = None,
    unit: Places | None = None,
) -> Spending:
    """The hours of some parts in some cells of a panel; a unit is a person at a level unless said otherwise."""
    kept = np.ones(panel.cells, dtype=bool) if rows is None else rows
    units = panel.posts if unit is None else unit
    said = panel.said[:, kept].sum(axis=1).T
    return Spending(panel.of(parts)[kept], panel.available[kept], units[kept], said, labels)


def growth(panel: Panel, spent: Spending, error: LabelError | None = None, weeks: Mask | None = None) -> Growth:
    """The weekly share and its trend; label errors are undone where they are known, their doubt put in the interval."""
    usable = panel.enough if weeks is None else weeks
    share, chance = standardised(spent, usable)
    share, doubted = corrected(share, spent, error)
    return trend_of(panel, share, doubted, chance)


def trend_of(panel: Panel, share: Array, doubted: Array | None = None, chance: float = 0.0) -> Growth:
    """The trend of a weekly share; `doubted` are factors on it (draws x weeks) that could be true as well.

    `chance` as in `Growth`: it does not carry over from week to week (`analysis.trend.slope`).
    """
    line = logarithm(share)
    found = slope(line, panel.number, perhaps=(panel.thin, season(panel.number)), chance=chance)
    if found is not None and doubted is not None:
        found = doubting(panel, line, found, np.log(doubted))
    start, end = ends(share)
    middle = float(np.exp(np.nanmean(line))) if found is not None else 0.0
    return Growth(
        share=share,
        start=start,
        end=end,
        change_per_year=relative(found),
        points_per_year=None if found is None else _points(found, middle),
        smallest_measurable=None if found is None else smallest(found),
        verdict=verdict(found),
        slope=found,
        chance=chance,
    )


def standardised(spent: Spending, usable: Mask) -> tuple[Array, float]:
    """The weekly share with every unit weighed by its average part of the available hours; NaN in other weeks.

    With it the variance of a week's logarithm that comes of people's own weeks, which do not carry over.
    """
    hours, available = spent.by_unit()
    share = np.full(len(usable), np.nan)
    kept = usable & (available.sum(axis=0) > 0)
    if not kept.any():
        return share, 0.0
    hours, available = hours[:, kept], available[:, kept]
    index, rate = index_of(hours, available)
    share[kept] = index * float(rate @ available.sum(axis=1)) / float(available.sum())
    return share, _own_weeks(hours, available * rate[:, None] * index)


def _own_weeks(hours: Array, expected: Array) -> float:
    """The mean over weeks of sum (hours - expected)^2 / (sum expected)^2, people being independent in it."""
    total = expected.sum(axis=0)
    some = total > 0
    return float(np.mean(((hours - expected) ** 2).sum(axis=0)[some] / total[some] ** 2)) if some.any() else 0.0


def index_of(hours: Array, available: Array) -> tuple[Array, Array]:
    """Week effects (available-weighted mean one) and unit rates of the model above, by proportional fitting."""
    index, total = np.ones(hours.shape[1]), hours.sum(axis=1)
    rate, in_week = total, hours.sum(axis=0)
    weight = available.sum(axis=0) / available.sum()
    for _ in range(_ROUNDS):
        expected = available @ index
        rate = np.divide(total, expected, out=np.zeros_like(total), where=expected > 0)
        base = rate @ available
        fresh = np.divide(in_week, base, out=np.zeros_like(index), where=base > 0)
        mean = float(weight @ fresh)
        if mean <= 0:
            return np.zeros_like(index), rate
        fresh = fresh / mean
        moved, index = float(np.abs(fresh - index).max()), fresh
        if moved < _CLOSE:
            break
    return index, total / np.maximum(available @ index, 1e-12)


def corrected(share: Array, spent: Spending, error: LabelError | None) -> tuple[Array, Array | None]:
    """The share with label errors undone week by week, and factors on it under other error rates (draws x weeks).

    Where the labels cannot carry it (the rest of what was said is too little) the share stays as it was.
    """
    if error is None or spent.said is None or not error.correctable:
        return share, None
    seen = spent.said @ as_said(spent.labels)
    known_error, drawn_errors = undoing(error, spent.labels)
    with np.errstate(divide="ignore", invalid="ignore"):
        factor, drawn = spent.said @ known_error / seen, drawn_errors @ spent.said.T / seen
    # A week in which nothing was said has no factor: 0 / 0 for some, and infinity where corrections leave a rest.
    factor, drawn = (np.where(np.isfinite(each), each, np.nan) for each in (factor, drawn))
    known = np.isfinite(share) & (seen > 0)
    if not known.any() or float(factor[known].min()) < LEAST_LEFT:
        return share, None
    return share * factor, np.maximum(drawn, LEAST_LEFT) / factor


def as_said(labels: tuple[str, ...]) -> Array:
    """The weights that add up the hours said of some labels, in the order of `store.schema.LABELS`."""
    return np.isin(LABELS, labels).astype(float)


def undoing(error: LabelError, labels: tuple[str, ...]) -> tuple[Array, Array]:
    """Weights of hours said of each label that add up to the true hours of some: the likeliest, and draws x labels.

    All draws of all callers are the same error rates in the same order, so that figures may be doubted together.
    """
    wanted = as_said(labels)
    return np.linalg.inv(error.matrix) @ wanted, np.linalg.inv(error.draws(LABEL_DRAWS)) @ wanted


def logarithm(share: Array) -> Array:
    """The logarithm of a share, NaN where there is none."""
    positive = np.where(share > 0, share, np.nan)
    return np.asarray(np.log(positive))


def ends(share: Array) -> tuple[float | None, float | None]:
    """The mean of the first and of the last eight known weeks; None where they would overlap."""
    known = share[np.isfinite(share)]
    if len(known) < 2 * EDGE_WEEKS:
        return None, None
    return float(known[:EDGE_WEEKS].mean()), float(known[-EDGE_WEEKS:].mean())


def yearly(found: Slope | None) -> Estimate | None:
    """A slope per week as change per year."""
    if found is None:
        return None
    year = found.times(WEEKS_A_YEAR)
    return Estimate(year.estimate, year.low, year.high, year.p)


def relative(found: Slope | None) -> Estimate | None:
    """A slope of a logarithm as relative change per year."""
    year = yearly(found)
    if year is None:
        return None
    estimate, low, high = (float(np.expm1(value)) for value in (year.estimate, year.low, year.high))
    return Estimate(estimate, low, high, year.p)


def smallest(found: Slope) -> float:
    """The relative change a year that would be found in eight of ten cases."""
    return float(np.expm1(_FOUND_IN_EIGHT_OF_TEN * found.error * WEEKS_A_YEAR))


def verdict(found: Slope | None) -> Verdict:
    """What may be said of the slope of a logarithm; never that it is stable."""
    if found is None:
        return "not measurable"
    if found.p < SIGNIFICANT:
        return "rising" if found.estimate > 0 else "falling"
    year = found.times(WEEKS_A_YEAR)
    small = max(np.expm1(year.high), -np.expm1(year.low)) <= WORTH_KNOWING
    return "no change found" if small else "not measurable"


def _points(found: Slope, middle: float) -> Estimate:
    year = found.times(WEEKS_A_YEAR * middle)
    return Estimate(year.estimate, year.low, year.high, year.p)


def doubting(panel: Panel, line: Array, found: Slope, others: Array) -> Slope:
    """A slope with the doubt added that the line might be `line + others` as well (`others` is draws x weeks)."""
    known = np.isfinite(line) & np.isfinite(others).all(axis=0)
    weights = lines_of(panel.number[known]).weights(found.persistence)
    return found.widened(float(np.std(others[:, known] @ weights)))
