"""Placebo test: whether absences of colleagues, in the same season, would have shown as much as the person's own."""

from __future__ import annotations

import numpy as np
from scipy import stats

SHIFTS = (-14, -7, 0, 7, 14)
SEED = 20261122
FEWEST_DAYS, FEWEST_DONORS = 10, 5


def placebo(
    surprise: np.ndarray,
    usual_surprise: np.ndarray,
    spread: np.ndarray,
    away: np.ndarray,
    present: np.ndarray,
    calendars: np.ndarray,
    times: int,
    low: int,
) -> np.ndarray:
    """The share of placebo absences that show as much as the real one, by person; 1 where there is nothing to compare.

    surprise: what each day says when its person is away, usual_surprise: what it says while the person is there;
    spread: their variance; away and present: real days; calendars: away of everybody. A placebo takes over somebody
    else's calendar on days when the person was present, so that one's own says nothing.
    """
    chance = np.random.default_rng([SEED, low])
    people = len(surprise)
    real, more = _statistic(surprise, spread, away), np.zeros(people)
    total, squares = np.zeros(people), np.zeros(people)
    donors = np.flatnonzero(calendars.sum(axis=1) >= FEWEST_DAYS)
    if len(donors) < FEWEST_DONORS:
        return np.ones(people)
    for _ in range(times):
        donor = donors[chance.integers(0, len(donors), people)]
        shifted = np.roll(calendars[donor], chance.choice(SHIFTS), axis=1) & present
        shown = _statistic(usual_surprise, spread, shifted)
        more += shown >= real
        total, squares = total + shown, squares + shown**2
    mean = total / times
    beyond = stats.norm.sf((real - mean) / np.sqrt(np.maximum(squares / times - mean**2, 1e-9)))
    # What no placebo reached is told apart by how far it lies beyond them, as if they were normal.
    shares = np.where(more > 0, (1 + more) / (1 + times), np.minimum(beyond, 1 / (1 + times)))
    # Less than usual is no sign of dependence, whatever colleagues' absences show.
    return np.where(real > 0, shares, 1.0)


def _statistic(surprise: np.ndarray, spread: np.ndarray, away: np.ndarray) -> np.ndarray:
    total = np.einsum("pd,pd->p", surprise, away, dtype=np.float32)
    expected = np.einsum("pd,pd->p", spread, away, dtype=np.float32)
    statistic: np.ndarray = total / np.sqrt(expected + 1)
    return statistic


def false_discovery_rates(p_values: np.ndarray) -> np.ndarray:
    """The false discovery rate at which each would be found (Benjamini & Hochberg 1995)."""
    size = len(p_values)
    order = np.argsort(p_values, kind="stable")
    rates = p_values[order] * size / np.arange(1, size + 1)
    found = np.empty(size)
    found[order] = np.minimum(1.0, np.minimum.accumulate(rates[::-1])[::-1])
    return found
