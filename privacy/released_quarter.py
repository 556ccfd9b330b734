"""One quarter of a release as a viewer may see it, and what pages need of its rows: blocks of time and shares."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from analysis.drift import WeekShare
from analysis.drift.decomposition import WEEKS_OF_A_YEAR
from analysis.period import Period
from privacy.groups import at_least
from privacy.release.rows import CONTRACT, WORKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from privacy.release.file import GroupInfo, Release
    from privacy.release.rows import Row

    Array = NDArray[np.float64]

COORDINATION = "coordination"


class Quarter:
    """One quarter's rows that a viewer may see."""

    def __init__(self, release: Release, rows: list[Row]) -> None:
        self.release, self.rows, self.period = release, rows, release.period
        self._values = {(row.measure, row.group, row.label, row.period): row.value for row in rows}
        self._hours: dict[str, dict[str, list[float]]] = {}
        for row in rows:
            if row.measure == "hours":
                self._hours.setdefault(row.group, {}).setdefault(row.period, []).append(float(row.value))

    def value(self, measure: str, group: str, label: str = "", period: Period | None = None) -> float | None:
        """One figure; of the whole quarter unless said otherwise."""
        found = self._values.get((measure, group, label, str(period or self.period)))
        return None if found is None else float(found)

    def has_label(self, group: str, label: str) -> bool:
        """Whether a label is told apart."""
        return self.value("hours", group, label) is not None

    def people(self, group: str) -> int:
        """The fewest people the band of a group's size may mean."""
        return at_least(info_of(self.release, group).people)

    def stretches(self, group: str) -> list[Period]:
        """The finest blocks of time a group is told in, in order."""
        finer = set(self._hours.get(group, {})) - {str(self.period)}
        return [self.period] if not finer else sorted(map(period_of, finer))

    def figures(self, group: str, *, finer: bool) -> list[float]:
        """All hours told of a group: those of the whole quarter, or those of finer blocks."""
        whole = str(self.period)
        blocks = self._hours.get(group, {}).items()
        return [value for block, values in blocks if (block != whole) == finer for value in values]

    def weekly(self, group: str) -> bool:
        """Whether every block is about a week; a week hardly anybody worked in is told with the one before."""
        return 2 * len(self.stretches(group)) > self.period.weeks


def info_of(release: Release, key: str) -> GroupInfo:
    """A group of a release."""
    return next(group for group in release.groups if group.key == key)


def period_of(text: str) -> Period:
    """A stretch of time as rows write it.

    >>> period_of("2026-01-05..2026-04-05").weeks
    13
    """
    first, _, last = text.partition("..")
    return Period(date.fromisoformat(first), date.fromisoformat(last) + timedelta(days=1))


def span_of(told: Sequence[Quarter]) -> Period:
    """From the first quarter's first week to the last one's last."""
    return Period(told[0].period.start, told[-1].period.end)


def base_of(told: Sequence[Quarter], group: str) -> str:
    """What hours are a share of: contract hours after leave where all quarters tell these, else with leave in them."""
    return WORKING if all(each.value(WORKING, group) for each in told) else CONTRACT


def shares_of(told: Sequence[Quarter], group: str, base: str = CONTRACT) -> tuple[WeekShare, ...]:
    """The share of contract hours in every week of the quarters; a week has the mean of the block it lies in."""
    return tuple(
        WeekShare(monday, share_of(each, group, block, base), each.people(group))
        for each in told
        for block in each.stretches(group)
        for monday in block.mondays
    )


def share_of(quarter: Quarter, group: str, block: Period, base: str = CONTRACT) -> float | None:
    """The share of contract hours in a block, or in the whole quarter where the block does not tell it."""
    hours, available = quarter.value("hours", group, COORDINATION, block), quarter.value(base, group, "", block)
    if hours is None:
        hours, available = quarter.value("hours", group, COORDINATION), quarter.value(base, group)
    return None if hours is None or not available else hours / available


def units_of(release: Release, group: GroupInfo) -> tuple[str, ...]:
    """The departments that a cell or team lies in."""
    above = next((each for each in release.groups if each.kind == "department" and each.name == group.unit), None)
    return above.parts if above else (group.unit,)


def known_array(weekly: tuple[WeekShare, ...]) -> Array:
    """The shares as an array, NaN where none is told."""
    return np.array([np.nan if week.share is None else week.share for week in weekly])


def follow_on(told: Sequence[Quarter]) -> bool:
    """Whether the quarters follow each other without a gap.

    >>> follow_on([])
    True
    """
    return all(one.period.end == other.period.start for one, other in pairwise(told))


def same_season(one: Period, other: Period) -> bool:
    """Whether two quarters are the same time of different years, give or take a week."""
    return abs((other.start - one.start).days // 7) % WEEKS_OF_A_YEAR in {0, 1, WEEKS_OF_A_YEAR - 1}
