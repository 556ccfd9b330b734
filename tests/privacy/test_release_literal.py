"""What a release may never do, in plain numbers: these tests know no setting, so no setting can excuse them."""

from __future__ import annotations

from functools import cache

from made_up_cohort import cohort

from privacy.policy import Policy
from privacy.release.compiling import Compiled, compile_cohort

FEWEST = 10
HIDDEN_HOURS = 5.0


@cache
def released() -> Compiled:
    return compile_cohort(cohort(300, 11), "2026Q1", Policy())


def test_nobody_stands_in_a_group_of_fewer_than_ten():
    assert min(len(members) for members in released().published.groups.values()) >= FEWEST


def test_hours_are_told_in_steps_that_hide_five_hours_of_anybody():
    """Half a step, times the fewest people the band of a group's size may mean."""
    rows = [row for row in released().rows if row.measure in {"hours", "contract", "focus"}]
    assert {row.people for row in rows} > {"10-24", "250-499"}
    for row in rows:
        fewest = int(row.people.split("-")[0])
        step = 1.0 if fewest < 25 else 0.5 if fewest < 100 else 0.1
        assert step / 2 * fewest >= HIDDEN_HOURS
        assert round(float(row.value) / step, 6) == round(float(row.value) / step)
