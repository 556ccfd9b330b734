"""A slope that can be believed when weeks resemble their neighbours.

Ordinary least squares with Newey-West standard errors, its critical value taken from simulated AR(1) errors of the
same length and persistence (AR-sieve bootstrap-t). Textbook intervals are too narrow on autocorrelated weeks.
Sources: Newey & West 1987; Bühlmann 1997 (sieve bootstrap); notes in docs/measures.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
LAGS = 6
SIMULATIONS = 399
FEWEST_WEEKS = 12
FEWEST_WEEKS_FOR_SEASON = 78
WEEKS_A_YEAR = 365.25 / 7


@dataclass(frozen=True)
class Slope:
    """Change per week with its 95 % interval and two-sided p-value; `weeks` is what it rests on."""

    estimate: float
    low: float
    high: float
    p: float
    weeks: int
    persistence: float

    def times(self, factor: float) -> Slope:
        """The same slope in another unit."""
        return Slope(
            self.estimate * factor, self.low * factor, self.high * factor, self.p, self.weeks, self.persistence
        )


def slope(values: Array, week: Array, nuisance: Array | None = None, seed: int = 20_240_101) -> Slope | None:
    """The linear trend of weekly `values` at week numbers `week`; None where there are too few weeks.

    `nuisance` (weeks x k) are columns to hold constant, such as holiday weeks. Missing values are left out.
    """
    usable = np.isfinite(values)
    if usable.sum() < FEWEST_WEEKS:
        return None
    y, x = values[usable], week[usable]
    design = _design(x, None if nuisance is None else nuisance[usable])
    estimate, error, residuals = _fit(design, y)
    persistence = _persistence(residuals)
    rng = np.random.default_rng(seed)
    simulated = _simulate(persistence, design, rng)
    ratio = abs(estimate / error) if error > 0 else 0.0
    critical = float(np.quantile(simulated, 0.95))
    p = float((1 + np.sum(simulated >= ratio)) / (1 + len(simulated))) if error > 0 else 1.0
    half = critical * error
    return Slope(estimate, estimate - half, estimate + half, p, int(usable.sum()), persistence)


def season(week: Array) -> Array:
    """The year as two waves, to be held constant; empty where the weeks are too few to tell it from a trend."""
    if len(week) < FEWEST_WEEKS_FOR_SEASON:
        return np.empty((len(week), 0))
    angle = 2 * np.pi * week / WEEKS_A_YEAR
    return np.column_stack([wave(times * angle) for times in (1, 2) for wave in (np.sin, np.cos)])


def _design(x: Array, nuisance: Array | None) -> Array:
    columns = [np.ones_like(x), x - x.mean()]
    if nuisance is not None:
        columns.extend(column for column in nuisance.T if np.ptp(column) > 0)
    return np.column_stack(columns)


def _fit(design: Array, y: Array) -> tuple[float, float, Array]:
    """Slope, its Newey-West standard error, and the residuals."""
    inverse = np.linalg.pinv(design.T @ design)
    weights = inverse @ design.T
    coefficients = weights @ y
    residuals = y - design @ coefficients
    error = _newey_west(weights[1], residuals[None, :])[0]
    return float(coefficients[1]), float(error), residuals


def _newey_west(weights: Array, residuals: Array) -> Array:
    """Standard errors of a linear functional, one for each row of residuals."""
    scores = residuals * weights
    total = np.sum(scores**2, axis=1)
    for lag in range(1, min(LAGS, scores.shape[1] - 1) + 1):
        kernel = 1 - lag / (LAGS + 1)
        total += 2 * kernel * np.sum(scores[:, lag:] * scores[:, :-lag], axis=1)
    size = scores.shape[1]
    return np.asarray(np.sqrt(np.maximum(total, 0.0) * size / max(size - 2, 1)))


def _persistence(residuals: Array) -> float:
    """AR(1) coefficient of the residuals, corrected for its bias in short series and kept below 0.9."""
    before, after = residuals[:-1], residuals[1:]
    scale = float(before @ before)
    if scale <= 0:
        return 0.0
    raw = float(before @ after) / scale
    return float(np.clip(raw + (1 + 3 * raw) / len(residuals), 0.0, 0.9))


def _simulate(persistence: float, design: Array, rng: np.random.Generator) -> Array:
    """Absolute t-ratios under no trend, for errors as persistent as the ones seen."""
    weeks = design.shape[0]
    shocks = rng.standard_normal((SIMULATIONS, weeks))
    errors = np.empty_like(shocks)
    errors[:, 0] = shocks[:, 0] / np.sqrt(1 - persistence**2)
    for week in range(1, weeks):
        errors[:, week] = persistence * errors[:, week - 1] + shocks[:, week]
    weights = np.linalg.pinv(design.T @ design) @ design.T
    coefficients = errors @ weights.T
    residuals = errors - coefficients @ design.T
    standard = _newey_west(weights[1], residuals)
    return np.asarray(np.abs(coefficients[:, 1]) / np.where(standard > 0, standard, np.inf))
