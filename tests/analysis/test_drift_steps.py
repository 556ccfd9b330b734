from __future__ import annotations

import numpy as np

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
    assert told.sure > 0.9


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
