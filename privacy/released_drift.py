"""How coordination moved, out of released rows alone: a trend through the blocks that are told, and its reasons."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from analysis.blocktrend import year_of
from analysis.drift import Coverage, Drift, LevelDrift, PartDrift
from analysis.drift.altitude import ApexRate, Upward, climbs
from analysis.drift.changepoint import step
from analysis.drift.growth import Estimate, relative, smallest, verdict
from analysis.drift.measure import ChangePoint
from analysis.rules import DEFAULT
from analysis.trend import TWO_SIDED_95, WEEKS_A_YEAR
from privacy.groups import ORGANISATION
from privacy.release.rows import CONTRACT, WORKING
from privacy.released_line import Line, line_of, trend_line
from privacy.released_movement import (
    NO_ALTITUDE,
    level_groups,
    released_altitude,
    released_decomposition,
    weights_of,
)
from privacy.released_quarter import COORDINATION, base_of, info_of, known_array, shares_of, span_of, units_of
from privacy.released_roles import released_sides
from privacy.released_trust import error_of_release, label_doubt
from privacy.released_voices import released_voices

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from analysis.drift import Verdict
    from analysis.trend import Slope
    from privacy.release.file import GroupInfo
    from privacy.release.ladder import Step
    from privacy.released_quarter import Quarter

    Array = NDArray[np.float64]

NOT_UPWARD = Upward((), None, None, None, "not measurable")
OTHER_KINDS = ("escalation", "incident")


@dataclass(frozen=True)
class YearOn:
    """One quarter against the same quarter a year before; `rounding` is how far rounding may put the change off."""

    quarter: str
    change: float
    rounding: float


@dataclass(frozen=True)
class ReleasedDrift(Drift):
    """A drift as a release tells it: in which blocks of time and how many, and the bands of coverage of its quarters.

    Shares are of contract hours less public holidays, and less leave where `after_leave`; in parts leave is always in.
    `upward` is about all coordination, since a release does not tell what was planned ad hoc.
    """

    told_in: Step
    blocks: int
    after_leave: bool
    years_on: tuple[YearOn, ...]
    coverage_bands: tuple[str, ...]


def released_drift(told: Sequence[Quarter], group: str, scope: str, unit: str | None) -> ReleasedDrift | None:
    """The drift of a group; None where no quarter tells its coordination."""
    base = base_of(told, group)
    line, trend = line_of(told, group, base=base), trend_line(told, group, base=base)
    if line is None or trend is None:
        return None
    found = trend.slope()
    weekly = shares_of(told, group, base)
    share = known_array(weekly)
    start, end = _ends(told, group, base=base)
    people = min(each.people(group) for each in told)
    return ReleasedDrift(
        scope=scope,
        period=span_of(told),
        label=COORDINATION,
        people=people,
        start=start,
        end=end,
        hours_start=None if start is None else start * DEFAULT.full_time_hours,
        hours_end=None if end is None else end * DEFAULT.full_time_hours,
        change_per_year=relative(found),
        points_per_year=_points(found, trend),
        smallest_measurable=None if found is None else smallest(found),
        verdict=verdict(found),
        weekly=weekly,
        upward=NOT_UPWARD if unit else released_upward(told),
        altitude=NO_ALTITUDE if unit else released_altitude(told),
        apex_rate=ApexRate(None, None, None, 0),
        by_level=tuple(_level(told, level) for level in levels_told(told, unit)),
        by_department=_departments(told, group),
        by_kind=(*released_sides(told, group, base), *_kinds(told, group, base)),
        change_points=_change_points(line),
        decomposition=released_decomposition(told, group),
        counter_voices=released_voices(told, group, trend, error_of_release(told)),
        coverage=Coverage(people, people, None, people),
        label_error=label_doubt(told),
        weeks_used=int(np.isfinite(share).sum()),
        weeks_left_out=int((~np.isfinite(share)).sum()),
        told_in=line.step,
        blocks=len(line.periods),
        after_leave=base == WORKING,
        years_on=_years_on(told, group, base),
        coverage_bands=tuple(dict.fromkeys(_coverage(told, group))),
    )


def _ends(
    told: Sequence[Quarter], group: str, label: str = COORDINATION, base: str = CONTRACT
) -> tuple[float | None, float | None]:
    line = line_of(told, group, label, "quarter", base)
    return (None, None) if line is None else line.ends


def _years_on(told: Sequence[Quarter], group: str, base: str) -> tuple[YearOn, ...]:
    """Every quarter that tells coordination against the same one a year before, with the same time of the year."""
    line = line_of(told, group, finest="quarter", base=base)
    name_of = {each.period: each.release.quarter for each in told}
    if line is None:
        return ()
    place = {name_of[period]: number for number, period in enumerate(line.periods)}
    pairs = ((name, number, place.get(f"{int(name[:4]) - 1}{name[4:]}")) for name, number in place.items())
    found = []
    for name, number, before in pairs:
        if before is not None and np.isfinite(line.log[[number, before]]).all():
            off = TWO_SIDED_95 * float(np.hypot(line.rounding[number], line.rounding[before]))
            found.append(YearOn(name, float(np.expm1(line.log[number] - line.log[before])), off))
    return tuple(found)


def _coverage(told: Sequence[Quarter], group: str) -> list[str]:
    return [str(row.value) for each in told for row in each.rows if (row.measure, row.group) == ("coverage", group)]


def _points(found: Slope | None, line: Line) -> Estimate | None:
    """A slope of the logarithm as share a year, at the middle of the shares told."""
    if found is None:
        return None
    year = found.times(WEEKS_A_YEAR * float(np.exp(np.nanmean(line.log))))
    return Estimate(year.estimate, year.low, year.high, year.p)


def _change_points(line: Line) -> tuple[ChangePoint, ...]:
    """The one step, where weeks or four weeks are told; none where rounding could make a step of a trend."""
    if line.step == "quarter" or not line.dithered:
        return ()
    told = step(line.log, np.arange(len(line.periods), dtype=float), year_of(line.blocks))
    if told is None:
        return ()
    first, low, high = (line.periods[place].start for place in (told.week, told.low, told.high))
    before, after = float(np.exp(told.before)), float(np.exp(told.after))
    return (ChangePoint(first, low, high, before, after, told.sure, told.against_trend),)


def released_upward(told: Sequence[Quarter]) -> Upward:
    """Coordination of the highest band of levels per contract hour against all below, and its part of all of it."""
    groups = sorted(level_groups(told), key=lambda each: min(map(int, each.parts)))
    if len(groups) < 2:
        return NOT_UPWARD
    # By the quarter: the highest band is small, and so is hardly ever told in finer blocks.
    lines = [line_of(told, each.key, finest="quarter") for each in groups]
    bands = [each for each in lines if each is not None]
    weight = np.array([weights_of(quarter, groups) for quarter in told]).T
    top, below = bands[0], _below(bands[1:], weight[1:])
    contrast = top.log - below.log
    both = replace(top, rounding=np.hypot(top.rounding, below.rounding))
    part = contrast + np.log(weight[0]) - np.log(weight[1:].sum(axis=0))
    found, moved = both.slope(contrast), both.slope(part)
    return Upward(tuple(map(int, groups[0].parts)), relative(found), None, relative(moved), climbs(found, moved))


def _below(bands: Sequence[Line], weight: Array) -> Line:
    """Several bands together, each with its part of the contract hours."""
    hours, contract = (np.array([getattr(each, name) for each in bands]) for name in ("hours", "contract"))
    spent = weight * hours / contract
    rounding = np.array([each.rounding for each in bands])
    together = np.sqrt(((spent * rounding) ** 2).sum(axis=0)) / spent.sum(axis=0)
    return replace(bands[0], hours=spent.sum(axis=0), contract=weight.sum(axis=0), rounding=np.asarray(together))


def levels_told(told: Sequence[Quarter], unit: str | None) -> tuple[GroupInfo, ...]:
    """The levels whose coordination every quarter tells: the organisation's bands, or the cells of one's department."""
    last = told[-1].release
    mine = (
        group
        for group in last.groups
        if group.kind == ("cell" if unit else "levels") and (not unit or unit in units_of(last, group))
    )
    return tuple(group for group in mine if all(each.has_label(group.key, COORDINATION) for each in told))


def _level(told: Sequence[Quarter], group: GroupInfo) -> LevelDrift:
    weekly = shares_of(told, group.key)
    change, said = _change(told, group.key)
    levels, people = tuple(map(int, group.parts)), told[-1].people(group.key)
    return LevelDrift(levels, people, *_ends(told, group.key), weekly, change, said)


def _change(
    told: Sequence[Quarter], group: str, label: str = COORDINATION, base: str = CONTRACT
) -> tuple[Estimate | None, Verdict]:
    line = trend_line(told, group, label, base)
    found = None if line is None else line.slope()
    return relative(found), verdict(found)


def _departments(told: Sequence[Quarter], group: str) -> tuple[PartDrift, ...]:
    if group != ORGANISATION:
        return ()
    keys = [each for each in told[-1].release.groups if each.kind == "department"]
    return tuple(
        PartDrift(
            each.name,
            told[-1].people(each.key),
            *_ends(told, each.key),
            *_change(told, each.key),
        )
        for each in keys
        if all(quarter.has_label(each.key, COORDINATION) and _same(quarter, each) for quarter in told)
    )


def _same(quarter: Quarter, group: GroupInfo) -> bool:
    """Whether a name stands for the same departments in another quarter: "other (2)" may be others there."""
    return info_of(quarter.release, group.key).parts == group.parts


def _kinds(told: Sequence[Quarter], group: str, base: str) -> tuple[PartDrift, ...]:
    """What a release tells of kinds: escalations and incidents, where all quarters tell them apart."""
    people = min(each.people(group) for each in told)
    return tuple(
        PartDrift(label, people, *_ends(told, group, label, base), *_change(told, group, label, base))
        for label in OTHER_KINDS
        if all(each.has_label(group, label) for each in told)
    )
