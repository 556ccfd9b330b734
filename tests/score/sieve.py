"""The reference that drift is held against: least squares, Newey-West(6), critical value from an AR(1) sieve."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from analysis.trend import Array

LAGS, SIMULATIONS = 6, 399


def sieve(y: Array, x: Array, nuisance: Array) -> tuple[float, float]:
    """The 95 % interval of the slope of `y` on `x`; columns of `nuisance` are held constant."""
    design = np.column_stack([np.ones_like(x), x - x.mean(), *(each for each in nuisance.T if np.ptp(each) > 0)])
    weights = np.linalg.pinv(design)
    estimate, residuals = float(weights[1] @ y), y - design @ (weights @ y)
    error = _newey_west(weights[1], residuals[None, :])[0]
    raw = float(residuals[:-1] @ residuals[1:]) / float(residuals[:-1] @ residuals[:-1])
    persistence = float(np.clip(raw + (1 + 3 * raw) / len(y), 0.0, 0.9))
    half = float(np.quantile(_ratios(persistence, design, weights), 0.95)) * error
    return estimate - half, estimate + half


def _newey_west(weights: Array, residuals: Array) -> Array:
    scores = residuals * weights
    total = np.sum(scores**2, axis=1)
    for lag in range(1, LAGS + 1):
        total += 2 * (1 - lag / (LAGS + 1)) * np.sum(scores[:, lag:] * scores[:, :-lag], axis=1)
    size = scores.shape[1]
    return np.asarray(np.sqrt(np.maximum(total, 0.0) * size / (size - 2)))


def _ratios(persistence: float, design: Array, weights: Array) -> Array:
    errors = np.random.default_rng(20_240_101).standard_normal((SIMULATIONS, len(design)))
    errors[:, 0] /= np.sqrt(1 - persistence**2)
    for week in range(1, len(design)):
        errors[:, week] += persistence * errors[:, week - 1]
    coefficients = errors @ weights.T
    standard = _newey_west(weights[1], errors - coefficients @ design.T)
    return np.asarray(np.abs(coefficients[:, 1]) / standard)
