"""Drift: whether coordination takes more of the available hours than before, and whether it moves upward.

Everything comes out of one weekly panel (`analysis.drift.panel`); formulas stand in docs/measures.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.audit import label_error
from analysis.drift.adoption import adopted_hours
from analysis.drift.altitude import (
    Altitude,
    ApexRate,
    Upward,
    altitude,
    apex_meetings,
    apex_rate,
    said_ad_hoc,
    upward,
)
from analysis.drift.changepoint import step
from analysis.drift.countervoice import CounterVoice, Evidence, constant_panel, counter_voices
from analysis.drift.decomposition import Decomposition, decompose
from analysis.drift.growth import EDGE_WEEKS, Estimate, Growth, Verdict, growth, logarithm, spending
from analysis.drift.panel import (
    COORDINATION,
    ESCALATION,
    INCIDENT,
    LINE,
    PROCESS_AD_HOC,
    PROCESS_SERIES,
    SPARSE,
    UNKNOWN_LEVEL,
    Panel,
    levelled,
    panel,
)
from analysis.drift.remade import remade
from analysis.period import WEEK
from analysis.rules import DEFAULT, Rules
from analysis.scope import EVERYBODY, Scope
from analysis.trend import USUAL_PERSISTENCE
from store.tables import to_pandas

if TYPE_CHECKING:
    from datetime import date

    from analysis.drift.panel import Mask
    from analysis.labelerror import LabelError, Source
    from analysis.period import Period
    from analysis.trend import Array
    from store.tables import Lazy, Tables

# A department of fewer people than this has no line of its own; what may be shown to whom is for `privacy` to say.
FEWEST_IN_DEPARTMENT = 10

KINDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "line": ((LINE,), ("coordination",)),
    "process": ((PROCESS_SERIES, PROCESS_AD_HOC), ("coordination",)),
    "escalation": (ESCALATION, ("escalation",)),
    "incident": ((INCIDENT,), ("incident",)),
}
"""Kinds with their parts and labels; escalation and incident are compensation for what was not designed."""

PARTS_OF = {"coordination": COORDINATION, "escalation": ESCALATION}
"""Labels that are divided into parts; the others are whole."""


@dataclass(frozen=True)
class WeekShare:
    """One week's share of available hours and the people it rests on; None where too few were at work to tell."""

    week: date
    share: float | None
    people: int


@dataclass(frozen=True)
class LevelDrift:
    """One level, or several taken together: people, share at both ends (means of eight weeks), weekly line, change."""

    levels: tuple[int, ...]
    people: int
    start: float | None
    end: float | None
    weekly: tuple[WeekShare, ...]
    change_per_year: Estimate | None = None
    verdict: Verdict = "not measurable"

    @property
    def name(self) -> str:
        """The levels as people write them: "1-2"; "?" where the level is unknown."""
        known = ["?" if level == UNKNOWN_LEVEL else str(level) for level in self.levels]
        return known[0] if len(known) == 1 else f"{known[0]}-{known[-1]}"


@dataclass(frozen=True)
class PartDrift:
    """One department or one kind of coordination: people, share at both ends and change."""

    name: str
    people: int
    start: float | None
    end: float | None
    change_per_year: Estimate | None
    verdict: Verdict


@dataclass(frozen=True)
class ChangePoint:
    """A step: the first changed week with its 95 % range, the share before and after, and how sure (0-1).

    `against_trend` is how sure that it was a step and not a steady trend; below a half a trend tells the weeks better.
    """

    week: date
    low: date
    high: date
    before: float
    after: float
    sure: float
    against_trend: float | None = None


@dataclass(frozen=True)
class Coverage:
    """On whose calendars it rests: people on the chart, those with a calendar, those with one at both ends."""

    people: int
    with_calendar: int
    share: float | None
    at_both_ends: int


@dataclass(frozen=True)
class LabelDoubt:
    """What is known of the labels' error, and whether it was undone; its doubt is in every interval then."""

    source: Source | None
    questions: float
    accuracy: float | None
    corrected: bool


@dataclass(frozen=True)
class Drift:
    """How the coordination share of available hours moved over a period.

    `change_per_year` is relative (0.17 = +17 % a year), `points_per_year` is in share (0.02 = 2 percentage points);
    `smallest_measurable` is the change a year that such weeks show in eight of ten cases.
    """

    scope: str
    period: Period
    label: str
    people: int
    start: float | None
    end: float | None
    hours_start: float | None
    hours_end: float | None
    change_per_year: Estimate | None
    points_per_year: Estimate | None
    smallest_measurable: float | None
    verdict: Verdict
    weekly: tuple[WeekShare, ...]
    upward: Upward
    altitude: Altitude
    apex_rate: ApexRate
    by_level: tuple[LevelDrift, ...]
    by_department: tuple[PartDrift, ...]
    by_kind: tuple[PartDrift, ...]
    change_points: tuple[ChangePoint, ...]
    decomposition: Decomposition | None
    counter_voices: tuple[CounterVoice, ...]
    coverage: Coverage
    label_error: LabelDoubt
    weeks_used: int
    weeks_left_out: int


def drift(
    tables: Tables,
    facts: Lazy,
    period: Period,
    scope: Scope = EVERYBODY,
    label: str = "coordination",
    rules: Rules = DEFAULT,
    error: LabelError | None = None,
) -> Drift:
    """The weekly share of one label, where it moved and why; `facts` come from `analysis.facts`.

    `error` is that of the labels; by default the one written in the store.
    """
    everything = panel(tables, facts, period, scope, rules)
    error = label_error(tables) if error is None else error
    parts = PARTS_OF.get(label, (label,))
    found = growth(everything, spending(everything, parts, (label,)), error)
    spent, clock = _weekly_hours(facts, period, scope, label)
    versions = remade(tables, facts, period, scope)
    adopted = adopted_hours(tables, facts, period, scope, label, versions)
    top = upward(everything, error, said_ad_hoc(facts, period, scope))
    return Drift(
        scope=scope.name,
        period=period,
        label=label,
        people=everything.people(),
        start=found.start,
        end=found.end,
        hours_start=_times(found.start, rules.full_time_hours),
        hours_end=_times(found.end, rules.full_time_hours),
        change_per_year=found.change_per_year,
        points_per_year=found.points_per_year,
        smallest_measurable=found.smallest_measurable,
        verdict=found.verdict,
        weekly=_weekly(everything, found.share, everything.heads()),
        upward=top,
        altitude=altitude(everything, error),
        apex_rate=apex_rate(everything, apex_meetings(tables, period, top.levels, scope, rules)),
        by_level=_by_level(everything, parts, label, error),
        by_department=_by_department(everything, parts, label, error),
        by_kind=_by_kind(everything, error),
        change_points=_change_points(everything, found),
        decomposition=decompose(everything, period.of(facts), scope, label, error, versions, _persistence(found)),
        counter_voices=counter_voices(Evidence(everything, parts, found, error, adopted, spent, clock)),
        coverage=_coverage(everything),
        label_error=_doubt(error),
        weeks_used=int(everything.enough.sum()),
        weeks_left_out=int((~everything.enough).sum()),
    )


def _weekly_hours(facts: Lazy, period: Period, scope: Scope, label: str) -> tuple[Array, Array]:
    """Expected and clock hours of a label, week by week."""
    rows = scope.of(period.of(facts)).filter(nw.col("label") == label)
    frame = to_pandas(rows.group_by("week").agg(weighted=nw.col("weighted").sum(), hours=nw.col("hours").sum()))
    place = (frame["week"] - pd.Timestamp(period.start)).dt.days.to_numpy() // 7
    weekly = np.zeros((2, period.weeks))
    weekly[:, place] = frame[["weighted", "hours"]].to_numpy(dtype=float).T
    return weekly[0], weekly[1]


def _weekly(everything: Panel, share: Array, heads: np.ndarray) -> tuple[WeekShare, ...]:
    return tuple(
        WeekShare(week, None if np.isnan(value) else float(value), int(people))
        for week, value, people in zip(everything.period.mondays, share, heads, strict=True)
    )


def _by_level(
    everything: Panel, parts: tuple[str, ...], label: str, error: LabelError | None
) -> tuple[LevelDrift, ...]:
    return tuple(_level(everything, level, parts, label, error) for level in everything.levels)


def _level(everything: Panel, level: int, parts: tuple[str, ...], label: str, error: LabelError | None) -> LevelDrift:
    rows = everything.level == level
    found = _of_group(everything, rows, parts, label, error)
    weekly = _weekly(everything, found.share, everything.heads(rows))
    people = everything.people(rows)
    return LevelDrift((level,), people, found.start, found.end, weekly, found.change_per_year, found.verdict)


def _of_group(everything: Panel, rows: Mask, parts: tuple[str, ...], label: str, error: LabelError | None) -> Growth:
    """The growth of some cells, in weeks in which enough of these people were at work."""
    part = everything.only(rows)
    return growth(part, spending(part, parts, (label,)), error, part.enough)


def _by_department(
    everything: Panel, parts: tuple[str, ...], label: str, error: LabelError | None
) -> tuple[PartDrift, ...]:
    name_of = np.array(everything.department, dtype=object)
    found = []
    for name in sorted(set(everything.department)):
        rows = name_of == name
        people = everything.people(rows)
        if people >= FEWEST_IN_DEPARTMENT:
            found.append(_part(name, people, _of_group(everything, rows, parts, label, error)))
    return tuple(sorted(found, key=lambda part: (-part.people, part.name)))


def _by_kind(everything: Panel, error: LabelError | None) -> tuple[PartDrift, ...]:
    return tuple(
        _part(name, everything.people(), growth(everything, spending(everything, parts, labels), error))
        for name, (parts, labels) in KINDS.items()
    )


def _part(name: str, people: int, found: Growth) -> PartDrift:
    return PartDrift(name, people, found.start, found.end, found.change_per_year, found.verdict)


def _change_points(everything: Panel, found: Growth) -> tuple[ChangePoint, ...]:
    told = step(logarithm(found.share), everything.number, everything.thin)
    if told is None:
        return ()
    first, low, high = (everything.period.start + WEEK * week for week in (told.week, told.low, told.high))
    before, after = float(np.exp(told.before)), float(np.exp(told.after))
    return (ChangePoint(first, low, high, before, after, told.sure, told.against_trend),)


def _persistence(found: Growth) -> float:
    return USUAL_PERSISTENCE if found.slope is None else found.slope.persistence


def _coverage(everything: Panel) -> Coverage:
    people, seen = everything.on_chart, everything.people()
    return Coverage(people, seen, seen / people if people else None, everything.people(constant_panel(everything)))


def _doubt(error: LabelError | None) -> LabelDoubt:
    if error is None:
        return LabelDoubt(None, 0.0, None, corrected=False)
    return LabelDoubt(error.source, error.questions, error.accuracy, corrected=error.correctable)


def _times(share: float | None, hours: float) -> float | None:
    return None if share is None else share * hours


# What other rooms know drift by.
__all__ = [
    "EDGE_WEEKS",
    "SPARSE",
    "UNKNOWN_LEVEL",
    "Drift",
    "Estimate",
    "LevelDrift",
    "Verdict",
    "WeekShare",
    "drift",
    "levelled",
]
