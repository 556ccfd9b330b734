"""A slope through means of blocks of weeks: planted trends are inside the range, whatever rounding and season do."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.blocktrend import Blocks, block_slope, year_of
from analysis.drift.growth import verdict
from analysis.trend import WEEKS_A_YEAR, slope

QUARTER = 13


def quarters(count: int) -> Blocks:
    return Blocks(tuple(range(0, QUARTER * count, QUARTER)), (QUARTER,) * count)


def four_weeks(count: int) -> Blocks:
    starts = tuple(first + QUARTER * number for number in range(count) for first in (0, 4, 8))
    return Blocks(starts, (4, 4, 5) * count)


def line(blocks: Blocks, a_year: float, wave: float, noise: float, seed: int) -> np.ndarray:
    """Hours in blocks: a trend, the year as a wave anywhere, and weeks that resemble the one before."""
    rng, weeks = np.random.default_rng(seed), np.arange(blocks.span)
    errors = rng.normal(size=blocks.span)
    for week in range(1, blocks.span):
        errors[week] = 0.4 * errors[week - 1] + np.sqrt(1 - 0.16) * errors[week]
    season = wave * np.cos(2 * np.pi * weeks / WEEKS_A_YEAR + rng.uniform(0, 2 * np.pi))
    hours = rng.uniform(3.5, 6) * np.exp(a_year * weeks / WEEKS_A_YEAR + season + noise * errors)
    return blocks.means @ hours


def inside(blocks: Blocks, a_year: float, step: float, runs: int = 60) -> tuple[float, float]:
    """In which part of the runs the planted change is in the range, and in which a change is found."""
    held, found = 0, 0
    for seed in range(runs):
        hours = line(blocks, a_year, 0.1, 0.08, seed)
        told = np.round(hours / step) * step
        slope_of = block_slope(np.log(told), blocks, step / np.sqrt(12) / told, seasonal=True)
        year = slope_of.times(WEEKS_A_YEAR)
        held += year.low <= a_year <= year.high
        found += verdict(slope_of) in {"rising", "falling"}
    return held / runs, found / runs


@pytest.mark.parametrize("blocks", [quarters(7), quarters(12), four_weeks(2), four_weeks(7)], ids=len)
@pytest.mark.parametrize("step", [0.1, 0.5])
def test_the_planted_change_is_in_the_range_in_nineteen_of_twenty(blocks, step):
    # Sixty runs: fewer than 54 would be seen in one of forty tests of a range that holds in 95 of 100.
    assert inside(blocks, 0.0, step)[0] >= 0.9
    assert inside(blocks, 0.15, step)[0] >= 0.9


def test_three_years_of_quarters_show_what_two_quarters_of_four_weeks_cannot():
    assert inside(quarters(12), 0.15, 0.5)[1] >= 0.9
    assert inside(four_weeks(2), 0.15, 0.5)[1] <= 0.1


def test_five_blocks_are_too_few_and_an_unknown_one_does_not_count():
    told = np.log(np.array([4.0, 4.1, 4.2, 4.3, 4.4, 4.5]))
    assert block_slope(told[:5], quarters(5)) is None
    assert block_slope(np.append(told[:5], np.nan), quarters(6)) is None
    assert block_slope(told, quarters(6)) is not None


def test_equal_rounded_values_are_not_taken_for_no_change():
    """Eight quarters told as 4.0 may lie between 3.75 and 4.25."""
    told = np.full(8, np.log(4.0))
    assert block_slope(told, quarters(8)).high == 0.0
    coarse = block_slope(told, quarters(8), np.full(8, 2.0 / np.sqrt(12) / 4.0)).times(WEEKS_A_YEAR)
    assert (coarse.low < -0.1, coarse.high > 0.1) == (True, True)
    assert verdict(block_slope(told, quarters(8), np.full(8, 2.0 / np.sqrt(12) / 4.0))) == "not measurable"


def test_blocks_of_one_week_are_weeks():
    rng = np.random.default_rng(1)
    values = 0.002 * np.arange(40) + rng.normal(0, 0.1, 40)
    weeks = Blocks(tuple(range(40)), (1,) * 40)
    ours, theirs = block_slope(values, weeks), slope(values, np.arange(40.0))
    assert (ours.estimate, ours.low, ours.high) == pytest.approx((theirs.estimate, theirs.low, theirs.high), rel=1e-6)


def test_a_short_block_weighs_less_than_a_long_one():
    """Seven blocks on a line but for one that is far off: it moves the slope more where it is a quarter."""
    short = Blocks((0, 13, 26, 39, 52, 65, 78), (13, 13, 13, 13, 13, 13, 1))
    off = np.array([0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.5])
    assert 0 < block_slope(off, short).estimate < block_slope(off, quarters(7)).estimate


def test_a_year_is_held_constant_from_a_year_and_a_half_on():
    assert [year_of(quarters(count)).shape[1] for count in (6, 7)] == [0, 2]
    assert [year_of(four_weeks(count)).shape[1] for count in (5, 6)] == [0, 2]
