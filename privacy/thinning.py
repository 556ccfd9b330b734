"""A drift as a group may be shown it: whatever rests on fewer people than the minimum is merged or taken out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.drift import UNKNOWN_LEVEL
from analysis.drift.altitude import Altitude, ApexRate, Upward
from analysis.drift.decomposition import Decomposition, LevelPart
from privacy.groups import MINIMUM

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from analysis.drift import Drift, LevelDrift, PartDrift, WeekShare
    from analysis.drift.countervoice import CounterVoice


def thinned(result: Drift, posts: pd.DataFrame) -> Drift:
    """The drift without figures of too few people; `posts` has person_id, level and department, a row a post held.

    The levels of `result` must be groups of at least the minimum already, and its altitude must be that of these
    groups: then no level below the minimum can be worked out from them.
    """
    levels = tuple(replace(level, weekly=_thick(level.weekly)) for level in result.by_level if _large(level))
    top = frozenset(result.upward.levels)
    known = posts[posts["level"] != UNKNOWN_LEVEL]
    sides = known.groupby(known["level"].isin(top))["person_id"].nunique()
    both_sides = len(sides) == 2 and int(sides.min()) >= MINIMUM
    return replace(
        result,
        weekly=_thick(result.weekly),
        by_level=levels,
        altitude=_altitude(result.altitude, levels),
        upward=result.upward if both_sides else Upward(result.upward.levels, None, None, None, "not measurable"),
        apex_rate=result.apex_rate if both_sides else ApexRate(None, None, None, 0),
        by_department=_departments(result.by_department, posts),
        by_kind=tuple(part for part in result.by_kind if _large(part)),
        decomposition=_merged(result.decomposition, levels),
        counter_voices=tuple(_voice(each, result.coverage.at_both_ends) for each in result.counter_voices),
    )


def _large(part: LevelDrift | PartDrift) -> bool:
    return part.people >= MINIMUM


def _thick(weekly: tuple[WeekShare, ...]) -> tuple[WeekShare, ...]:
    return tuple(week if week.people >= MINIMUM else replace(week, share=None) for week in weekly)


def _altitude(found: Altitude, levels: tuple[LevelDrift, ...]) -> Altitude:
    """Points of weeks in which every group of levels had enough people at work."""
    if len(levels) < 2:
        return Altitude((), None, None, None)
    shown = [all(level.weekly[place].share is not None for level in levels) for place in range(len(found.weekly))]
    weekly = (
        week if thick else replace(week, value=None, low=None, high=None)
        for week, thick in zip(found.weekly, shown, strict=True)
    )
    return replace(found, weekly=tuple(weekly))


def _departments(parts: tuple[PartDrift, ...], posts: pd.DataFrame) -> tuple[PartDrift, ...]:
    """The departments large enough; whoever was in another must be enough people too, or one more goes."""
    shown = sorted((part for part in parts if _large(part)), key=lambda part: -part.people)
    while shown and 0 < _elsewhere(shown, posts) < MINIMUM:
        shown.pop()
    return tuple(shown)


def _elsewhere(shown: Sequence[PartDrift], posts: pd.DataFrame) -> int:
    others = posts[~posts["department"].isin([part.name for part in shown])]
    return int(others["person_id"].nunique())


def _merged(found: Decomposition | None, levels: tuple[LevelDrift, ...]) -> Decomposition | None:
    """The same sum with levels taken together as they are shown; `level` is the highest of each group."""
    if found is None:
        return None
    groups = [set(level.levels) for level in levels]
    parts = tuple(
        LevelPart(
            min(group),
            sum(part.within for part in found.by_level if part.level in group),
            sum(part.mix for part in found.by_level if part.level in group),
        )
        for group in groups
    )
    return replace(found, by_level=parts)


def _voice(found: CounterVoice, at_both_ends: int) -> CounterVoice:
    """The answer without missing calendars rests on those who are there at both ends."""
    if found.explanation != "missing calendars" or at_both_ends >= MINIMUM:
        return found
    return replace(found, size=None, explains="cannot tell", without_it=None)
