from __future__ import annotations

import numpy as np
import pytest

from analysis.drift.changepoint import step

WEEKS = np.arange(78.0)


def noise(seed, persistence=0.5, runs=1):
    drawn = np.random.default_rng(seed).standard_normal((runs, len(WEEKS)))
    for week in range(1, len(WEEKS)):
        drawn[:, week] = persistence * drawn[:, week - 1] + np.sqrt(1 - persistence**2) * drawn[:, week]
    return 0.1 * drawn


def test_a_step_is_dated_and_sized():
    told = step(noise(1)[0] / 3 + np.log(1.25) * (WEEKS >= 40), WEEKS)
    assert abs(told.week - 40) <= 2
    assert told.low <= 40 <= told.high
    assert 0.15 < told.after - told.before < 0.30
    assert min(told.sure, told.against_trend) > 0.9


def test_a_trend_is_not_a_step():
    assert step(noise(2)[0] / 5 + 0.01 * WEEKS, WEEKS) is None


def test_flat_weeks_have_no_step():
    assert np.mean([step(run, WEEKS) is not None for run in noise(3, runs=200)]) <= 0.08


def test_a_holiday_is_not_a_step():
    holiday = ((WEEKS >= 28) & (WEEKS < 34)).astype(float)
    values = noise(4)[0] / 3 - 0.6 * holiday
    assert step(values, WEEKS, holiday[:, None]) is None


def test_missing_weeks_keep_their_place():
    values = noise(1)[0] / 4 + np.log(1.4) * (WEEKS >= 40)
    values[[10, 11, 50]] = np.nan
    assert abs(step(values, WEEKS).week - 40) <= 2


def test_too_few_weeks_or_no_change_at_all_tell_nothing():
    assert step(np.ones(78), WEEKS) is None
    assert step(noise(5)[0][:15], WEEKS[:15]) is None


def test_weeks_without_any_chance_in_them_are_told_for_what_they_are():
    """A perfectly regular organisation: nothing is left over when the right story is told."""
    told = step(0.2 * (WEEKS >= 40), WEEKS)
    assert (told.week, told.low, told.high) == (40, 40, 40)
    assert told.after - told.before == pytest.approx(0.2)
    assert step(0.002 * WEEKS, WEEKS) is None


def test_steady_growth_is_mostly_not_called_a_step():
    """Growth of a fifth, and of two fifths, in weeks that resemble their neighbours; a step of a quarter is told."""
    called = [
        np.mean([step(run + np.log1p(growth) * WEEKS / 77, WEEKS) is not None for run in noise(7, runs=200)])
        for growth in (0.2, 0.4)
    ]
    sudden = [step(run + np.log(1.25) * (WEEKS >= 30), WEEKS) for run in noise(8, runs=200)]
    assert max(called) < 0.45
    assert np.mean([told is not None and told.against_trend > 0.5 for told in sudden]) > 0.7
    assert np.mean([told is not None and abs(told.week - 30) <= 4 for told in sudden]) > 0.8
