"""How fine in time a group may be told: quarters for small groups, four weeks or weeks for large ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from analysis.period import WEEK, Period

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from privacy.policy import Policy

Step = Literal["quarter", "four weeks", "week"]
FOUR = 4


@dataclass(frozen=True)
class Change:
    """How many people came into and went out of a group since the release before."""

    came: int
    went: int

    def hides(self, policy: Policy) -> bool:
        """Whether nobody's coming or going can be read off: none, or enough both ways."""
        return not (self.came or self.went) or min(self.came, self.went) >= policy.cohort_change


def change_of(now: AbstractSet[str], before: AbstractSet[str] | None) -> Change:
    """The change of a group; a group not told before has none to read off."""
    return Change(0, 0) if before is None else Change(len(now - before), len(before - now))


def steps(people: int, change: Change, policy: Policy) -> tuple[Step, ...]:
    """The steps in time that a group may be told in, the coarsest first.

    From `finely_from` people on weeks rounded to the half hour tell hardly more of who came or went than the quarters
    of ten people do (docs/release.md has the figures), so they are told whoever came and went.

    >>> from privacy.policy import Policy
    >>> steps(60, Change(0, 0), Policy()), steps(60, Change(1, 2), Policy()), steps(30, Change(5, 6), Policy())
    (('quarter', 'week'), ('quarter',), ('quarter', 'four weeks'))
    """
    if people >= policy.finely_from:
        return ("quarter", "week")
    if not change.hides(policy) or people < policy.four_weekly_from:
        return ("quarter",)
    return ("quarter", "week" if people >= policy.weekly_from else "four weeks")


def blocks(period: Period, step: Step) -> tuple[Period, ...]:
    """The stretches of a quarter: they never overlap, and a short rest joins the last.

    >>> from analysis.period import parse_period
    >>> [each.weeks for each in blocks(parse_period("2026Q3"), "four weeks")]
    [4, 4, 5]
    """
    if step == "quarter":
        return (period,)
    if step == "week":
        return tuple(Period(monday, monday + WEEK) for monday in period.mondays)
    count = max(1, period.weeks // FOUR)
    starts = [period.start + FOUR * number * WEEK for number in range(count)]
    return tuple(Period(start, after) for start, after in zip(starts, [*starts[1:], period.end], strict=True))


def rounding(people: int, policy: Policy, step: Step = "quarter") -> float:
    """To how many hours a week, each, a group's figures are rounded.

    Half a step for each of many people hides as many hours of one of them as half an hour for each of ten does; by the
    week that would average out.
    """
    if people >= policy.finely_from and step == "quarter":
        return policy.rounding_large
    return policy.rounding if people >= policy.four_weekly_from else policy.rounding_small


def follows(now: AbstractSet[str], before: AbstractSet[str], policy: Policy, *, same: bool) -> bool:
    """Whether weeks of two groups would follow a few people: those by which the same group, or one like it, differs."""
    if min(len(now), len(before)) >= policy.finely_from:
        return False
    change = change_of(now, before)
    few = change.came + change.went < policy.smallest_group
    return not change.hides(policy) and (same or few)
