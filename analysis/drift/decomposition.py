"""Where a change of the coordination share comes from; parts that add up exactly, nothing left over.

The share of two equal stretches (the same weeks of the year where the period allows) differs by

    total = within levels + between levels      (Kitagawa 1955; a_l = part of available hours, s_l = share of level l)
    within levels  = sum_l mean(a_l) * (s_l1 - s_l0)    = new + ended + grown series + one-off meetings
    between levels = sum_l mean(s_l) * (a_l1 - a_l0)    the mix

and hours a week differ by headcount (available hours at the average share) and by that change of share.

A series is new or ended by whether it met at all in a stretch, whatever its meetings were called; one that went on
under another id (`analysis.drift.remade`) has not ended. Where the error of labels is known it is undone: an hour
said of each label counts for what it adds to the true hours. Every part is a weighted sum of weeks, so its doubt is
that of weeks which resemble their neighbours, with that of the labels' error (`ranges`).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.drift.growth import LEAST_LEFT, as_said, undoing
from analysis.drift.panel import UNKNOWN_LEVEL
from analysis.period import WEEK, Period
from analysis.scope import EVERYBODY, Scope
from analysis.trend import TWO_SIDED_95, USUAL_PERSISTENCE, Array, half_width
from store.schema import LABELS
from store.tables import to_pandas

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.drift.panel import Panel
    from analysis.drift.remade import Chain
    from analysis.labelerror import LabelError
    from store.tables import Lazy

WEEKS_OF_A_YEAR = 52
FEWEST_WEEKS = 8
PARTS = ("new_series", "ended_series", "grown_series", "one_off")
NEW, ENDED, GROWN, ONE_OFF = range(len(PARTS))


@dataclass(frozen=True)
class LevelPart:
    """What one level's own change of share adds, and what its changed size adds; both in share."""

    level: int
    within: float
    mix: float


@dataclass(frozen=True)
class Parts:
    """What adds up to the total change of share."""

    new_series: float
    ended_series: float
    grown_series: float
    one_off: float
    between_levels: float


@dataclass(frozen=True)
class HoursChange:
    """The change in hours a week: what more or fewer available hours add, and what the changed share adds."""

    total: float
    headcount: float
    share: float


@dataclass(frozen=True)
class Range:
    """A 95 % interval."""

    low: float
    high: float


@dataclass(frozen=True)
class Ranges:
    """The interval of the total and of everything it is divided into."""

    total: Range
    within_levels: Range
    new_series: Range
    ended_series: Range
    grown_series: Range
    one_off: Range
    between_levels: Range


@dataclass(frozen=True)
class Decomposition:
    """The change of the plain share between two stretches; `parts` add up to `total`, so do `within_levels` and mix.

    `corrected` says whether label errors were undone, `remade` how many series went on under another id.
    """

    first: Period
    last: Period
    same_season: bool
    start: float
    end: float
    total: float
    parts: Parts
    within_levels: float
    by_level: tuple[LevelPart, ...]
    hours_a_week: HoursChange
    ranges: Ranges | None = None
    corrected: bool = False
    remade: int = 0


def stretches(period: Period) -> tuple[Period, Period] | None:
    """Two equal stretches to compare, the same weeks of the year where that is possible; None where too short.

    >>> from datetime import date
    >>> first, last = stretches(Period(date(2025, 1, 6), date(2026, 7, 6)))
    >>> str(first), str(last)
    ('2025-01-06..2025-07-06', '2026-01-05..2026-07-05')
    """
    years = (period.weeks - FEWEST_WEEKS) // WEEKS_OF_A_YEAR
    apart = years * WEEKS_OF_A_YEAR
    length = min(period.weeks - apart, apart) if years else period.weeks // 3
    if length < FEWEST_WEEKS:
        return None
    return Period(period.start, period.start + length * WEEK), Period(period.end - length * WEEK, period.end)


def decompose(
    panel: Panel,
    facts: Lazy,
    scope: Scope = EVERYBODY,
    label: str = "coordination",
    error: LabelError | None = None,
    remade: Sequence[Chain] = (),
    persistence: float = USUAL_PERSISTENCE,
) -> Decomposition | None:
    """The parts of the change of one label's share; None where the period is too short.

    `remade` are series that went on under another id; `persistence` is how much a week resembles the one before.
    """
    chosen = stretches(panel.period)
    if chosen is None:
        return None
    available = np.stack([available_in(panel, stretch) for stretch in chosen])
    if not available.sum(axis=(1, 2)).all():
        return None
    spent = to_pandas(part_hours(scope.of(facts), *chosen, gone_on(remade, *chosen)))
    said = _said(spent, panel.levels, *chosen)
    account = Account(*chosen, panel.levels, said, available)
    return account.told(label, error, persistence, sum(len(chain.series) - 1 for chain in remade))


def gone_on(remade: Sequence[Chain], first: Period, last: Period) -> list[str]:
    """The ids of series that met in both stretches, though perhaps no id did."""
    met = [chain.series for chain in remade if chain.first < first.end and chain.last >= last.start]
    return sorted(series_id for series in met for series_id in series)


def part_hours(facts: Lazy, first: Period, last: Period, grown: Sequence[str] = ()) -> Lazy:
    """Hours in both stretches by week, level, label and part; the series of `grown` met in both."""
    begin, middle = (nw.lit(day).cast(nw.Date) for day in (first.start, first.end))
    again, after = (nw.lit(day).cast(nw.Date) for day in (last.start, last.end))
    week = nw.col("week")
    early, late = (week >= begin) & (week < middle), (week >= again) & (week < after)
    keys = ("week", "level", "label")
    rows = facts.filter(early | late).group_by("series_id", *keys).agg(hours=nw.col("weighted").sum())
    # Numbers, because engines differ in how they rank true and false.
    met = rows.filter(~nw.col("series_id").is_null()).with_columns(
        before=nw.when(early).then(nw.lit(1)).otherwise(nw.lit(0)),
        since=nw.when(late).then(nw.lit(1)).otherwise(nw.lit(0)),
    )
    spans = met.group_by("series_id").agg(before=nw.col("before").max(), since=nw.col("since").max())
    joined = rows.join(spans, on="series_id", how="left").with_columns(part=_part(list(grown)))
    return joined.group_by(*keys, "part").agg(hours=nw.col("hours").sum())


def _part(grown: list[str]) -> nw.Expr:
    series = nw.col("series_id")
    ended = nw.when(nw.col("since") == 0).then(nw.lit(ENDED)).otherwise(nw.lit(GROWN))
    own = nw.when(nw.col("before") == 0).then(nw.lit(NEW)).otherwise(ended)
    if grown:
        own = nw.when(series.is_in(grown)).then(nw.lit(GROWN)).otherwise(own)
    return nw.when(series.is_null()).then(nw.lit(ONE_OFF)).otherwise(own)


def available_in(panel: Panel, stretch: Period) -> Array:
    """Available hours of a stretch, levels x weeks."""
    from_week = (stretch.start - panel.period.start).days // 7
    there = panel.available[:, from_week : from_week + stretch.weeks]
    return np.stack([there[panel.level == level].sum(axis=0) for level in panel.levels])


def _said(spent: pd.DataFrame, levels: tuple[int, ...], first: Period, last: Period) -> Array:
    """Hours as they were labelled: stretches x weeks x labels x levels x parts."""
    known = spent[spent["label"].isin(LABELS)]
    week = pd.to_datetime(known["week"])
    late = (week >= pd.Timestamp(last.start)).to_numpy(dtype=int)
    start = np.array([first.start, last.start], dtype="datetime64[D]")[late]
    place = (week.to_numpy(dtype="datetime64[D]") - start).astype(int) // 7
    label = pd.Index(LABELS).get_indexer(known["label"])
    level = pd.Index(levels).get_indexer(known["level"].fillna(UNKNOWN_LEVEL).astype(int))
    said = np.zeros((2, first.weeks, len(LABELS), len(levels), len(PARTS)))
    # Hours of a level at which nobody was at work have nothing to be a share of.
    there = level >= 0
    spots = tuple(each[there] for each in (late, place, label, level, known["part"].to_numpy(dtype=int)))
    np.add.at(said, spots, known["hours"].to_numpy(dtype=float)[there])
    return said


@dataclass(frozen=True)
class Account:
    """Two stretches with hours as labelled (stretches x weeks x labels x levels x parts) and available hours.

    `available` is stretches x levels x weeks.
    """

    first: Period
    last: Period
    levels: tuple[int, ...]
    said: Array
    available: Array

    def told(self, label: str, error: LabelError | None, persistence: float, remade: int) -> Decomposition:
        """The parts of the change of one label, each with its interval."""
        weights, drawn = self._weights(label, error)
        hours = np.einsum("swblk,b->swlk", self.said, weights)
        at_work = self.available.sum(axis=2)
        share = _shares(hours.sum(axis=1), at_work)
        whole, weight = share.sum(axis=2), at_work / at_work.sum(axis=1, keepdims=True)
        within = weight.mean(axis=0)[:, None] * (share[1] - share[0])
        mix = whole.mean(axis=0) * (weight[1] - weight[0])
        new, ended, grown, one_off = within.sum(axis=0).tolist()
        start, end = (float(weight[stretch] @ whole[stretch]) for stretch in (0, 1))
        per_week = at_work.sum(axis=1) / self.first.weeks
        return Decomposition(
            first=self.first,
            last=self.last,
            same_season=(self.last.start - self.first.start).days % (7 * WEEKS_OF_A_YEAR) == 0,
            start=start,
            end=end,
            total=end - start,
            parts=Parts(new, ended, grown, one_off, between_levels=float(mix.sum())),
            within_levels=float(within.sum()),
            by_level=tuple(
                LevelPart(*each) for each in zip(self.levels, within.sum(axis=1).tolist(), mix.tolist(), strict=True)
            ),
            hours_a_week=HoursChange(
                total=float(end * per_week[1] - start * per_week[0]),
                headcount=float((start + end) / 2 * (per_week[1] - per_week[0])),
                share=float(per_week.mean() * (end - start)),
            ),
            ranges=self._ranges(hours, share, drawn, persistence),
            corrected=bool(len(drawn)),
            remade=remade,
        )

    def _weights(self, label: str, error: LabelError | None) -> tuple[Array, Array]:
        """What an hour said of each label counts for, and the same in each draw; as said where it cannot be undone."""
        plain, none = as_said((label,)), np.empty((0, len(LABELS)))
        if error is None or not error.correctable:
            return plain, none
        said = self.said.sum(axis=(1, 3, 4))
        best, drawn = undoing(error, (label,))
        enough = said @ best >= LEAST_LEFT * (said @ plain)
        return (best, drawn) if enough.all() else (plain, none)

    def _ranges(self, hours: Array, share: Array, drawn: Array, persistence: float) -> Ranges:
        counted = _counted(self.available.sum(axis=2))
        point = np.einsum("qslk,swlk->q", counted, hours)
        # What a week has more or less than its stretch's share of the hours that people were at work.
        beyond = hours - share[:, None] * np.swapaxes(self.available, 1, 2)[:, :, :, None]
        weekly = np.einsum("qslk,swlk->qsw", counted, beyond)
        drawn_points = np.einsum("qslk,swblk,db->dq", counted, self.said, drawn, optimize=True)
        label_doubt = np.std(drawn_points, axis=0) if len(drawn) else np.zeros(len(point))
        half = np.hypot(half_width(weekly, persistence), TWO_SIDED_95 * label_doubt)
        low, high = (point - half).tolist(), (point + half).tolist()
        return Ranges(*(Range(*each) for each in zip(low, high, strict=True)))


def _shares(hours: Array, available: Array) -> Array:
    """Hours over available hours; a level that was not there in one stretch is taken to have been as in the other."""
    share = np.divide(hours, available[:, :, None], out=np.zeros(hours.shape), where=available[:, :, None] > 0)
    return np.where((available > 0)[:, :, None], share, share[::-1])


def _counted(available: Array) -> Array:
    """What an hour adds to each of `Ranges`, stretches x levels x parts: all are sums of hours, weighed."""
    weight = available / available.sum(axis=1, keepdims=True)
    mean, moved = weight.mean(axis=0), weight[1] - weight[0]
    of_share = np.zeros((len(fields(Ranges)), 2, available.shape[1], len(PARTS)))
    within, mix = np.stack([-mean, mean])[:, :, None], np.stack([moved, moved])[:, :, None] / 2
    of_share[0], of_share[1], of_share[-1] = within + mix, within, mix
    for part in range(len(PARTS)):
        of_share[2 + part, :, :, part] = within[:, :, 0]
    there = (available > 0)[None, :, :, None]
    # A level that was not there in one stretch takes its share from the other.
    of_share = np.where(there, of_share + np.where(there[:, ::-1], 0.0, of_share[:, ::-1]), 0.0)
    return np.asarray(of_share / np.where(available > 0, available, 1.0)[None, :, :, None])
