"""What a release may never do, in plain numbers: these tests know no setting, so no setting can excuse them."""

from __future__ import annotations

from functools import cache

from made_up_cohort import cohort

from privacy.policy import Policy
from privacy.release.compiling import Compiled, compile_cohort

FEWEST = 10
HALF_HOURS = 0.5


@cache
def released() -> Compiled:
    return compile_cohort(cohort(300, 11), "2026Q1", Policy())


def test_nobody_stands_in_a_group_of_fewer_than_ten():
    assert min(len(members) for members in released().published.groups.values()) >= FEWEST


def test_hours_are_told_in_half_hours():
    hours = [row.value for row in released().rows if row.measure in {"hours", "contract", "focus"}]
    assert hours
    assert all(float(value) % HALF_HOURS == 0 for value in hours)
