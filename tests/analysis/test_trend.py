from __future__ import annotations

import numpy as np
import pytest

from analysis.trend import PERSISTENCES, lasting_part, season, slope, whitening

WEEKS = np.arange(78.0)


def errors(rng, persistence, runs):
    noise = rng.standard_normal((runs, len(WEEKS)))
    for week in range(1, len(WEEKS)):
        noise[:, week] += persistence * noise[:, week - 1]
    return 0.1 * noise


def test_a_planted_slope_is_found_and_inside_its_interval():
    noise = errors(np.random.default_rng(1), 0.3, 1)[0]
    found = slope(0.01 * WEEKS + noise, WEEKS)
    assert found.low < 0.01 < found.high
    assert found.p < 0.05


@pytest.mark.parametrize("persistence", [0.0, 0.5])
def test_no_trend_is_reported_about_one_time_in_twenty(persistence):
    runs = errors(np.random.default_rng(2), persistence, 200)
    alarms = np.mean([slope(run, WEEKS).p < 0.05 for run in runs])
    assert alarms <= 0.10


def test_ordinary_intervals_would_cry_wolf():
    """The same runs with plain least squares: why the sieve is there."""
    runs = errors(np.random.default_rng(2), 0.5, 200)
    centred = WEEKS - WEEKS.mean()
    estimate = runs @ centred / (centred @ centred)
    residual = runs - runs.mean(axis=1, keepdims=True) - estimate[:, None] * centred
    error = np.sqrt((residual**2).sum(axis=1) / (len(WEEKS) - 2) / (centred @ centred))
    assert np.mean(np.abs(estimate / error) > 1.99) > 0.15


def test_the_interval_covers_the_truth():
    runs = errors(np.random.default_rng(3), 0.5, 200) + 0.004 * WEEKS
    found = [slope(run, WEEKS) for run in runs]
    assert 0.90 <= np.mean([each.low <= 0.004 <= each.high for each in found]) <= 0.99


def test_too_few_weeks_is_no_answer():
    assert slope(np.ones(11), np.arange(11.0)) is None


def test_missing_weeks_are_left_out():
    values = 0.01 * WEEKS + errors(np.random.default_rng(4), 0.2, 1)[0]
    values[10:20] = np.nan
    assert slope(values, WEEKS).weeks == 68


def test_a_flat_line_has_no_slope_and_no_alarm():
    found = slope(np.full(len(WEEKS), 0.2), WEEKS)
    assert found.estimate == pytest.approx(0.0, abs=1e-12)
    assert found.p > 0.05


def test_holiday_weeks_do_not_bend_the_line():
    values = np.full(len(WEEKS), 0.2) + errors(np.random.default_rng(5), 0.0, 1)[0] * 0.1
    holiday = np.zeros(len(WEEKS))
    holiday[-4:] = 1.0
    dented = np.where(holiday == 1, values - 0.15, values)
    assert abs(slope(dented, WEEKS, holiday[:, None]).estimate) < abs(slope(dented, WEEKS).estimate) / 3


def test_a_summer_is_not_a_trend_and_does_not_hide_one():
    week = np.arange(104.0)
    noise = 0.02 * np.random.default_rng(6).standard_normal(104)
    yearly = 0.2 * np.sin(2 * np.pi * week / 52.18)
    flat, rising = (slope(yearly + growth * week + noise, week, season(week)) for growth in (0.0, 0.001))
    assert flat.p > 0.05
    assert rising.low < 0.001 < rising.high
    assert rising.p < 0.05 < slope(yearly + 0.001 * week + noise, week).p


def test_a_year_cannot_be_told_from_a_trend_in_less_than_a_year_and_a_half():
    assert season(np.arange(77.0)).shape == (77, 0)
    assert season(np.arange(78.0)).shape == (78, 2)


def test_a_season_is_held_constant_as_far_as_the_weeks_give_evidence_for_it():
    week = np.arange(104.0)
    noise = 0.05 * np.random.default_rng(8).standard_normal(104)
    wavy = noise + 0.3 * np.sin(2 * np.pi * week / 52.18)
    known, perhaps, never = (
        slope(wavy, week, season(week)),
        slope(wavy, week, perhaps=(season(week),)),
        slope(wavy, week),
    )
    assert perhaps.error == pytest.approx(known.error, rel=0.05)
    assert perhaps.error < never.error / 3
    still = slope(noise, week, perhaps=(season(week),))
    assert still.error == pytest.approx(slope(noise, week).error, rel=0.1)


def test_whitening_undoes_the_likeness_of_weeks_even_when_some_are_missing():
    week = np.array([0.0, 1, 2, 4, 7, 8])
    apart = np.abs(week[:, None] - week)
    whiten, halves = whitening(week, lasting=0.7)
    place = int(np.argmin(np.abs(PERSISTENCES - 0.5)))
    alike = np.where(apart == 0, 1.0, 0.7 * 0.5**apart)
    assert whiten[place] @ alike @ whiten[place].T == pytest.approx(np.eye(6), abs=1e-12)
    assert halves[place] == pytest.approx(0.5 * np.linalg.slogdet(alike)[1])


def test_chance_of_people_is_told_apart_from_what_lasts():
    """Weeks that last, hidden under people's own weeks: knowing the second widens the interval of the first."""
    rng = np.random.default_rng(9)
    values = errors(rng, 0.6, 1)[0] + 0.1 * rng.standard_normal(len(WEEKS))
    naive, knowing = slope(values, WEEKS), slope(values, WEEKS, chance=0.01)
    assert knowing.persistence > naive.persistence
    assert knowing.error > naive.error
    assert lasting_part(0.1, 0.0) == 1.0
    assert lasting_part(0.1, 0.005) == 0.5


def test_another_doubt_widens_the_interval():
    found = slope(0.004 * WEEKS + errors(np.random.default_rng(4), 0.3, 1)[0], WEEKS)
    wider = found.widened(found.error)
    assert wider.high - wider.low == pytest.approx(1.41 * (found.high - found.low), rel=0.05)
    assert wider.p >= found.p
    assert found.widened(0.0) == found
