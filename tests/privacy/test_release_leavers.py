"""What an onlooker learns of somebody who left, from two quarters of the same group: measured, not argued."""

from __future__ import annotations

import numpy as np
import pytest

from privacy.policy import Policy
from privacy.release.ladder import Change, rounding, steps
from privacy.release.rows import rounded

POLICY = Policy()
WEEKS, WITHIN, TRIES = 13, 2.0, 2000
LEFT = Change(0, 1)


def told(total: float, people: int, rng: np.random.Generator, weekly_sd: float) -> float:
    """The best estimate of a group's weekly sum that one quarter's figures allow.

    The quarter's figure, and the mean of the weeks' where weeks are told; each counts by what its rounding leaves open.
    """
    weeks = total + rng.normal(0.0, weekly_sd * np.sqrt(people), WEEKS)
    step = rounding(people, POLICY)
    estimates, doubts = [rounded(float(weeks.mean()) / people, step) * people], [step * people]
    if "week" in steps(people, LEFT, POLICY):
        fine = rounding(people, POLICY, "week")
        estimates.append(float(np.mean([rounded(week / people, fine) * people for week in weeks])))
        doubts.append(fine * people / np.sqrt(WEEKS))
    return float(np.average(estimates, weights=1 / np.square(doubts)))


def found_out(people: int, weekly_sd: float, seed: int) -> float:
    """The share of leavers whose hours a week the difference of two quarters gives to within two hours."""
    rng = np.random.default_rng(seed)
    close = 0
    for _ in range(TRIES):
        hours = rng.normal(16.0, 6.0, people).clip(0.0)
        before = told(float(hours.sum()), people, rng, weekly_sd)
        after = told(float(hours[1:].sum()), people - 1, rng, weekly_sd)
        close += abs(before - after - float(hours[0])) <= WITHIN
    return close / TRIES


# Guessing the mean of these people hits 26 of 100. A week like any other is the worst there is.
@pytest.mark.parametrize("weekly_sd", [0.0, 0.2, 0.5])
@pytest.mark.parametrize(("people", "most"), [(11, 0.35), (126, 0.40), (150, 0.35), (400, 0.28)])
def test_large_groups_by_the_week_give_hardly_more_away_than_small_ones_by_the_quarter(people, most, weekly_sd):
    assert found_out(people, weekly_sd, 1) <= most


def test_ordinary_calendars_give_less_away():
    assert found_out(126, 3.0, 2) < 0.15 < found_out(11, 3.0, 2)


def test_weeks_of_fewer_people_would_give_more_away_and_are_not_told():
    assert steps(124, LEFT, POLICY) == ("quarter",)
    assert steps(125, LEFT, POLICY) == ("quarter", "week")
