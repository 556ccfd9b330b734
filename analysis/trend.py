"""A slope that can be believed when weeks resemble their neighbours.

Generalised least squares for every persistence (AR(1) coefficient) on a grid; each answer is weighed by how well that
persistence explains the residuals (restricted likelihood) and by how usual it is in weekly calendars. The interval
thus holds the doubt about the persistence itself, which plug-in intervals leave out and therefore are too narrow.
Sources: Zellner & Tiao 1964 (regression with autocorrelated errors); Harville 1974 (restricted likelihood);
Raftery 1995 (evidence for a nuisance by BIC). Measured against other ways in docs/accuracy.md.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

Array = NDArray[np.float64]
FEWEST_WEEKS = 12
FEWEST_WEEKS_FOR_SEASON = 78
WEEKS_A_YEAR = 365.25 / 7
TWO_SIDED_95 = 1.959964

PERSISTENCES = np.round(np.arange(-0.2, 0.96, 0.05), 2)
# How much a week of meetings usually resembles the one before, and how sure of that one is beforehand.
USUAL_PERSISTENCE, ITS_SPREAD = 0.38, 0.25
# At least this part of a week's variance is taken to carry over, however noisy its people are.
LEAST_LASTING = 0.3
_HALVINGS = 40


@dataclass(frozen=True)
class Slope:
    """Change per week with its 95 % interval and two-sided p-value.

    `weeks` is what it rests on, `persistence` the likeliest AR(1) coefficient of the weeks, `scatter` the standard
    deviation of a week around the line, `error` that of the estimate.
    """

    estimate: float
    low: float
    high: float
    p: float
    weeks: int
    persistence: float
    scatter: float
    error: float

    def times(self, factor: float) -> Slope:
        """The same slope in another unit."""
        low, high = sorted((self.low * factor, self.high * factor))
        scale = abs(factor)
        return replace(
            self,
            estimate=self.estimate * factor,
            low=low,
            high=high,
            scatter=self.scatter * scale,
            error=self.error * scale,
        )

    def widened(self, doubt: float) -> Slope:
        """The same slope with the standard deviation of another, independent doubt added to its interval."""
        if not doubt > 0:
            return self
        below, above = (
            np.hypot(side, TWO_SIDED_95 * doubt) for side in (self.estimate - self.low, self.high - self.estimate)
        )
        nearest = below if self.estimate > 0 else above
        # The interval's own shape decides how many of its half-widths lie between the estimate and zero.
        p = 2 * stdtr(max(self.weeks - 2, 1), -abs(self.estimate) / nearest * TWO_SIDED_95)
        return replace(
            self,
            low=float(self.estimate - below),
            high=float(self.estimate + above),
            p=float(max(p, self.p)),
            error=float(np.hypot(self.error, doubt)),
        )


def season(week: Array) -> Array:
    """The year as one wave; empty where the weeks are too few to tell it from a trend."""
    if len(week) < FEWEST_WEEKS_FOR_SEASON:
        return np.empty((len(week), 0))
    angle = 2 * np.pi * week / WEEKS_A_YEAR
    return np.column_stack([np.sin(angle), np.cos(angle)])


def slope(
    values: Array,
    week: Array,
    nuisance: Array | None = None,
    *,
    perhaps: tuple[Array, ...] = (),
    chance: float = 0.0,
) -> Slope | None:
    """The linear trend of weekly `values` at week numbers `week`; None where there are too few weeks.

    `nuisance` (weeks x k) are columns to hold constant; `perhaps` are groups of columns that are held constant as far
    as the values give evidence for them, such as holiday weeks and the season. `chance` is the variance of a single
    week that does not carry over to the next, where it is known: it would hide how long the rest lasts. Missing values
    are left out.
    """
    usable = np.isfinite(values)
    if usable.sum() < FEWEST_WEEKS:
        return None
    y = values[usable]
    scale = float(np.std(y))
    if scale <= 1e-12 * max(1.0, float(np.abs(y).max())):
        return Slope(0.0, 0.0, 0.0, 1.0, len(y), 0.0, 0.0, 0.0)
    designs = _choices(nuisance, perhaps, usable)
    found = _fitted(y / scale, week[usable], designs, 1.0)
    lasting = lasting_part(found.scatter * scale, chance)
    if lasting < 1:
        found = _fitted(y / scale, week[usable], designs, lasting)
    return found.times(scale)


def lasting_part(scatter: float, chance: float) -> float:
    """The part of the weeks' variance that may carry over to the next week, in steps of a tenth."""
    if chance <= 0 or scatter <= 0:
        return 1.0
    return float(np.clip(np.round(1 - chance / scatter**2, 1), LEAST_LASTING, 1.0))


def _choices(nuisance: Array | None, perhaps: tuple[Array, ...], usable: NDArray[np.bool_]) -> list[Array]:
    """What is held constant in each of the models to be weighed: every choice out of the groups of columns."""
    always = np.empty((int(usable.sum()), 0)) if nuisance is None else nuisance[usable]
    groups = [each[usable] for each in perhaps]
    telling = [each for each in groups if each.shape[1] and np.ptp(each, axis=0).any()]
    chosen = (pick for count in range(len(telling) + 1) for pick in combinations(telling, count))
    return [np.column_stack([always, *pick]) for pick in chosen]


def _fitted(y: Array, week: Array, designs: list[Array], lasting: float) -> Slope:
    return weighed([lines_of(week, design, lasting).fit(y) for design in designs], len(y))


def weighed(answers: list[Answers], values: int) -> Slope:
    """One slope out of the fits of several models to so many values, each as likely as they make it."""
    return _mixed(_weighed(answers, values), values)


@dataclass(frozen=True)
class Lines:
    """Everything about fitting a line with autocorrelated errors that does not depend on the values."""

    whiten: Array  # persistences x weeks x weeks
    basis: Array  # persistences x weeks x columns: orthonormal
    slopes: Array  # persistences x columns: slope out of the coordinates in the basis
    unlikely: Array  # persistences: log determinants of the restricted likelihood
    unlikely_full: Array  # the same of the full likelihood

    @property
    def freedom(self) -> int:
        """Weeks less columns."""
        return int(self.basis.shape[1] - self.basis.shape[2])

    @property
    def columns(self) -> int:
        """How many columns are fitted."""
        return int(self.basis.shape[2])

    def fit(self, y: Array) -> Answers:
        """Slope, standard error and log-likelihoods at every persistence."""
        white = self.whiten @ y
        part = np.einsum("gwc,gw->gc", self.basis, white)
        rest = np.maximum((white**2).sum(axis=1) - (part**2).sum(axis=1), 1e-18)
        estimate = (part * self.slopes).sum(axis=1)
        variance = rest / self.freedom
        error = np.sqrt(variance * (self.slopes**2).sum(axis=1))
        restricted = -self.unlikely - 0.5 * self.freedom * np.log(rest)
        full = -self.unlikely_full - 0.5 * len(y) * np.log(rest)
        return Answers(estimate, error, np.sqrt(variance), restricted, float(full.max()), self.columns, self.freedom)

    def weights(self, persistence: float) -> Array:
        """The slope at one persistence as a weighted sum of the weeks."""
        place = int(np.argmin(np.abs(PERSISTENCES - persistence)))
        return np.asarray(self.whiten[place].T @ (self.basis[place] @ self.slopes[place]))


@dataclass(frozen=True)
class Answers:
    """A fit at every persistence; `full` is the best full log-likelihood, by which columns are compared."""

    estimate: Array
    error: Array
    scatter: Array
    restricted: Array
    full: float
    columns: int
    freedom: int


def lines_of(week: Array, nuisance: Array | None = None, lasting: float = 1.0) -> Lines:
    """The fit for these weeks, with columns held constant; remembered, since many series share their weeks."""
    columns = np.empty((len(week), 0)) if nuisance is None else nuisance
    return _lines(week.tobytes(), np.ascontiguousarray(columns).tobytes(), columns.shape[1], lasting)


@lru_cache(maxsize=64)
def _lines(week_bytes: bytes, nuisance_bytes: bytes, count: int, lasting: float) -> Lines:
    week = np.frombuffer(week_bytes)
    design = design_of(week, np.frombuffer(nuisance_bytes).reshape(len(week), count))
    return lines_through(*whitening(week, lasting), design)


def lines_through(whiten: Array, halves: Array, design: Array) -> Lines:
    """The fit of a design (level, trend, what is held constant) once its rows are made independent."""
    basis, triangle = np.linalg.qr(whiten @ design)
    inverse = np.linalg.inv(triangle)
    sizes = np.log(np.abs(np.diagonal(triangle, axis1=1, axis2=2))).sum(axis=1)
    return Lines(whiten, basis, inverse[:, 1, :], halves + sizes, halves)


def whitening(week: Array, lasting: float = 1.0) -> tuple[Array, Array]:
    """For every persistence the matrix that makes AR(1) weeks independent, and half the log determinant undone.

    Weeks may be missing: two weeks d apart correlate with lasting * persistence ** d.
    """
    whiten, halves = np.empty((len(PERSISTENCES), len(week), len(week))), np.zeros(len(PERSISTENCES))
    # One-step predictions (Kalman filter) of every unit vector; no large matrix is inverted.
    expected, doubt = np.zeros((len(PERSISTENCES), len(week))), np.full(len(PERSISTENCES), lasting)
    for place, apart in enumerate(np.diff(week, prepend=week[0])):
        kept = np.where(apart % 2, np.sign(PERSISTENCES), 1.0) * np.abs(PERSISTENCES) ** apart
        expected = expected * kept[:, None]
        doubt = kept**2 * doubt + lasting * (1 - kept**2)
        surprise = -expected
        surprise[:, place] += 1
        variance = doubt + (1 - lasting)
        whiten[:, place] = surprise / np.sqrt(variance)[:, None]
        halves += 0.5 * np.log(variance)
        gain = doubt / variance
        expected = expected + gain[:, None] * surprise
        doubt = doubt * (1 - gain)
    return whiten, halves


def half_width(beyond: Array, persistence: float) -> Array:
    """Half the 95 % interval of sums over stretches of AR(1) weeks; `beyond` is what weeks have beyond their stretch.

    It is sums x stretches x weeks. Each sum has its own persistence, drawn halfway to `persistence` of a longer line
    that they are parts of. Student's t on as many weeks as would tell as much if they were independent.
    """
    weeks = beyond.shape[-1]
    apart = np.abs(np.subtract.outer(np.arange(weeks), np.arange(weeks)))
    kept = np.clip((_likeness(beyond) + persistence) / 2, 0.0, PERSISTENCES[-1])
    whole = (kept[:, None, None] ** apart).sum(axis=(1, 2))
    # Deviations from a stretch's own mean are smaller than those from the mean that is not known.
    variance = (beyond**2).sum(axis=(1, 2)) * whole / (weeks - whole / weeks)
    independent = np.maximum(beyond.shape[1] * (weeks * weeks / whole - 1), 1.0)
    return np.asarray(stdtrit(independent, 0.975) * np.sqrt(variance))


def _likeness(beyond: Array) -> Array:
    """How much weeks resemble the one before, less the bias of short stretches (Marriott & Pope 1954)."""
    squares = (beyond**2).sum(axis=(1, 2))
    products = (beyond[:, :, 1:] * beyond[:, :, :-1]).sum(axis=(1, 2))
    raw = np.divide(products, squares, out=np.zeros(len(squares)), where=squares > 0)
    return np.asarray(raw + (1 + 3 * raw) / beyond.shape[-1])


def design_of(week: Array, nuisance: Array) -> Array:
    """Level, centred week and those nuisance columns that add something."""
    columns = [np.ones_like(week), week - week.mean()]
    for column in nuisance.T:
        tried = np.column_stack([*columns, column])
        if np.linalg.matrix_rank(tried) == tried.shape[1]:
            columns.append(column)
    return np.column_stack(columns)


@dataclass(frozen=True)
class _Mixture:
    estimate: Array
    error: Array
    scatter: Array
    weight: Array
    persistence: Array
    freedom: Array


def _weighed(answers: list[Answers], weeks: int) -> _Mixture:
    prior = -0.5 * ((PERSISTENCES - USUAL_PERSISTENCE) / ITS_SPREAD) ** 2
    evidence = np.array([each.full - 0.5 * each.columns * np.log(weeks) for each in answers])
    between = np.exp(evidence - evidence.max())
    weights = []
    for each, share in zip(answers, between / between.sum(), strict=True):
        within = np.exp(each.restricted + prior - (each.restricted + prior).max())
        weights.append(share * within / within.sum())
    return _Mixture(
        np.concatenate([each.estimate for each in answers]),
        np.concatenate([each.error for each in answers]),
        np.concatenate([each.scatter for each in answers]),
        np.concatenate(weights),
        np.tile(PERSISTENCES, len(answers)),
        np.repeat([float(each.freedom) for each in answers], len(PERSISTENCES)),
    )


def _mixed(mixture: _Mixture, weeks: int) -> Slope:
    """The mixture's mean, its 2.5 % and 97.5 % quantiles, and twice the smaller tail beyond zero."""
    mean = float(mixture.weight @ mixture.estimate)
    spread = mixture.error**2 + (mixture.estimate - mean) ** 2
    error = float(np.sqrt(mixture.weight @ spread))
    low, high = _quantiles(mixture, mean, error)
    below = float(_share_below(mixture, np.zeros(1))[0])
    return Slope(
        estimate=mean,
        low=low,
        high=high,
        p=min(1.0, 2 * min(below, 1 - below)),
        weeks=weeks,
        persistence=float(mixture.weight @ mixture.persistence),
        scatter=float(mixture.weight @ mixture.scatter),
        error=error,
    )


def _quantiles(mixture: _Mixture, mean: float, error: float) -> tuple[float, float]:
    wanted = np.array([0.025, 0.975])
    low, high = np.full(2, mean - 15 * error), np.full(2, mean + 15 * error)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        less = _share_below(mixture, middle) < wanted
        low, high = np.where(less, middle, low), np.where(less, high, middle)
    found = (low + high) / 2
    return float(found[0]), float(found[1])


def _share_below(mixture: _Mixture, at: Array) -> Array:
    ratio = (at[:, None] - mixture.estimate) / mixture.error
    return np.asarray(stdtr(mixture.freedom, ratio) @ mixture.weight)
