"""Altitude and decomposition of coordination, worked out from released rows alone.

altitude(week) = sum h_l s_l / sum s_l over bands of levels; h_l = height of a band's mean level above the lowest, s_l =
its share of contract hours (analysis/drift/altitude.py). The decomposition is Kitagawa's (1955) over bands of levels
(analysis/drift/decomposition.py); series are followed from quarter to quarter, and what began or ended is added up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.drift.altitude import Altitude, WeekAltitude
from analysis.drift.decomposition import Decomposition, HoursChange, LevelPart, Parts
from analysis.drift.growth import ends, yearly
from analysis.trend import TWO_SIDED_95, slope
from privacy.groups import ORGANISATION
from privacy.release.parts import MIX, SERIES
from privacy.released_quarter import (
    COORDINATION,
    Quarter,
    follow_on,
    known_array,
    same_season,
    share_of,
    shares_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from privacy.release.file import GroupInfo

    Array = NDArray[np.float64]

NO_ALTITUDE = Altitude((), None, None, None)


def released_altitude(told: Sequence[Quarter]) -> Altitude:
    """The height of coordination in every week; a trend only where every week was told."""
    groups = level_groups(told)
    if len(groups) < 2:
        return NO_ALTITUDE
    weekly = [shares_of(told, group.key) for group in groups]
    shares = np.array([known_array(each) for each in weekly])
    heights = np.array([_heights(quarter, groups) for quarter in told])
    height = np.repeat(heights, [quarter.period.weeks for quarter in told], axis=0).T
    total = shares.sum(axis=0)
    value = np.divide((shares * height).sum(axis=0), total, out=np.full(len(total), np.nan), where=total > 0)
    fine = follow_on(told) and all(quarter.weekly(group.key) for quarter in told for group in groups)
    found = slope(value, np.arange(len(value), dtype=float)) if fine else None
    half = TWO_SIDED_95 * found.scatter if found is not None else np.nan
    points = (
        WeekAltitude(week.week, *(_known(each) for each in (point, point - half, point + half)))
        for week, point in zip(weekly[0], value.tolist(), strict=True)
    )
    return Altitude(tuple(points), *ends(value), yearly(found))


def _known(value: float) -> float | None:
    return value if np.isfinite(value) else None


def level_groups(told: Sequence[Quarter]) -> list[GroupInfo]:
    """The bands of levels, where every quarter tells all of them alike."""
    groups = [group for group in told[-1].release.groups if group.kind == "levels"]
    return groups if all(_tells(quarter, group.key) for quarter in told for group in groups) else []


def _tells(quarter: Quarter, group: str) -> bool:
    return quarter.has_label(group, COORDINATION) and quarter.value(MIX, group, "level") is not None


def _heights(quarter: Quarter, groups: Sequence[GroupInfo]) -> list[float]:
    lowest = max(int(part) for group in groups for part in group.parts)
    return [lowest + 1 - (quarter.value(MIX, group.key, "level") or 0.0) for group in groups]


def released_decomposition(told: Sequence[Quarter], group: str) -> Decomposition | None:
    """Where the change of a group's share comes from; None where fewer than two quarters in a row tell it."""
    quarters = _comparable(told, group)
    if len(quarters) < 2:
        return None
    first, last = quarters[0], quarters[-1]
    levels = level_groups([first, last]) if group == ORGANISATION else []
    if len(levels) < 2:
        weight, share = np.ones((2, 1)), np.array([[_share(each, group)] for each in (first, last)])
    else:
        weight, share = (np.array([values(each, levels) for each in (first, last)]) for values in (weights_of, _shares))
    return _accounted(quarters, group, [min(map(int, each.parts)) for each in levels], weight, share)


def _comparable(told: Sequence[Quarter], group: str) -> list[Quarter]:
    """The quarters in a row, up to the last, that tell the parts; from the same time of the year where there is one."""
    found: list[Quarter] = []
    for quarter in reversed(told):
        known = quarter.value(SERIES, group, "one_off") is not None and share_of(quarter, group, quarter.period)
        if not known or (found and quarter.period.end != found[0].period.start):
            break
        found.insert(0, quarter)
    same = [place for place, each in enumerate(found[:-1]) if same_season(each.period, found[-1].period)]
    return found[same[0] :] if same else found


def _share(quarter: Quarter, group: str) -> float:
    return share_of(quarter, group, quarter.period) or 0.0


def weights_of(quarter: Quarter, levels: Sequence[GroupInfo]) -> list[float]:
    """The part of the contract hours that each band of levels has."""
    told = [quarter.value(MIX, group.key, "weight") or 0.0 for group in levels]
    return [each / sum(told) for each in told]


def _shares(quarter: Quarter, levels: Sequence[GroupInfo]) -> list[float]:
    return [_share(quarter, group.key) for group in levels]


def _accounted(
    quarters: Sequence[Quarter], group: str, levels: Sequence[int], weight: Array, share: Array
) -> Decomposition:
    start, end = (float(weight[place] @ share[place]) for place in (0, 1))
    within = weight.mean(axis=0) * (share[1] - share[0])
    mix = share.mean(axis=0) * (weight[1] - weight[0])
    first, last = quarters[0], quarters[-1]
    new = sum(_part(each, group, "new_series") for each in quarters[1:])
    ended = 0.0 - sum(_part(each, group, "ended_series") for each in quarters[1:])
    one_off = _part(last, group, "one_off") - _part(first, group, "one_off")
    total_within = float(within.sum())
    return Decomposition(
        first=first.period,
        last=last.period,
        same_season=same_season(first.period, last.period),
        start=start,
        end=end,
        total=end - start,
        parts=Parts(new, ended, total_within - new - ended - one_off, one_off, float(mix.sum())),
        within_levels=total_within,
        by_level=tuple(LevelPart(*each) for each in zip(levels, within.tolist(), mix.tolist(), strict=True))
        if levels
        else (),
        hours_a_week=_hours(quarters, group, start, end),
    )


def _part(quarter: Quarter, group: str, kind: str) -> float:
    """A part of coordination as a share of contract hours."""
    return (quarter.value(SERIES, group, kind) or 0.0) * _share(quarter, group)


def _hours(quarters: Sequence[Quarter], group: str, start: float, end: float) -> HoursChange:
    """The change in hours a week of the fewest people the groups' sizes may mean."""
    before, after = (
        (each.value("contract", group) or 0.0) * each.people(group) for each in (quarters[0], quarters[-1])
    )
    return HoursChange(
        total=after * end - before * start,
        headcount=(after - before) * (start + end) / 2,
        share=(end - start) * (before + after) / 2,
    )
