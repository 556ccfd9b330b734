"""Where a change of the coordination share comes from; parts that add up exactly, nothing left over.

The share of two equal stretches (the same weeks of the year where the period allows) differs by

    total = within levels + between levels      (Kitagawa 1955; a_l = part of available hours, s_l = share of level l)
    within levels  = sum_l mean(a_l) * (s_l1 - s_l0)    = new + ended + grown series + one-off meetings
    between levels = sum_l mean(s_l) * (a_l1 - a_l0)    the mix

and hours a week differ by headcount (available hours at the average share) and by that change of share.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.drift.panel import UNKNOWN_LEVEL
from analysis.period import WEEK, Period
from analysis.scope import EVERYBODY, Scope
from store.tables import to_pandas

if TYPE_CHECKING:
    from analysis.drift.panel import Panel
    from store.tables import Lazy

WEEKS_OF_A_YEAR = 52
FEWEST_WEEKS = 8


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
class Decomposition:
    """The change of the plain share between two stretches; `parts` add up to `total`, so do `within_levels` and mix."""

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


def decompose(panel: Panel, facts: Lazy, scope: Scope = EVERYBODY, label: str = "coordination") -> Decomposition | None:
    """The parts of the change of one label's share; None where the period is too short."""
    chosen = stretches(panel.period)
    if chosen is None:
        return None
    first, last = chosen
    available = np.stack([_available(panel, stretch) for stretch in chosen])
    if not available.sum(axis=1).all():
        return None
    spent = to_pandas(series_hours(scope.of(facts), first, last, label))
    hours = _by_series(spent, panel.levels)
    return _accounted(panel.levels, hours, available, first, last)


def series_hours(facts: Lazy, first: Period, last: Period, label: str) -> Lazy:
    """Hours of one label by series (null = one-off), level and stretch (0 first, 1 last)."""
    begin, middle = (nw.lit(day).cast(nw.Date) for day in (first.start, first.end))
    again, after = (nw.lit(day).cast(nw.Date) for day in (last.start, last.end))
    week = nw.col("week")
    inside = ((week >= begin) & (week < middle)) | ((week >= again) & (week < after))
    stretch = nw.when(week >= again).then(nw.lit(1)).otherwise(nw.lit(0))
    rows = facts.filter(nw.col("label") == label).filter(inside).with_columns(stretch=stretch)
    return rows.group_by("series_id", "level", "stretch").agg(hours=nw.col("weighted").sum())


def _available(panel: Panel, stretch: Period) -> np.ndarray:
    from_week = (stretch.start - panel.period.start).days // 7
    there = panel.available[:, from_week : from_week + stretch.weeks].sum(axis=1)
    return np.array([there[panel.level == level].sum() for level in panel.levels])


def _by_series(spent: pd.DataFrame, levels: tuple[int, ...]) -> dict[str, np.ndarray]:
    """Hours (stretches x levels) of each part: what a series is depends on the stretches it met in."""
    level = spent["level"].fillna(UNKNOWN_LEVEL).astype(int)
    met = spent.pivot_table(index="series_id", columns="stretch", values="hours", aggfunc="sum", fill_value=0.0)
    met = met.reindex(columns=[0, 1], fill_value=0.0)
    fate = pd.Series(
        np.select([met[0] <= 0, met[1] <= 0], ["new_series", "ended_series"], "grown_series"),
        index=met.index,
        dtype=object,
    )
    part = spent["series_id"].map(fate).astype(object).fillna("one_off")
    table = {}
    for name in ("new_series", "ended_series", "grown_series", "one_off"):
        chosen = spent[(part == name).to_numpy(dtype=bool)]
        sums = chosen.groupby([chosen["stretch"], level[chosen.index]])["hours"].sum()
        table[name] = np.array([[float(sums.get((stretch, each), 0.0)) for each in levels] for stretch in (0, 1)])
    return table


def _accounted(
    levels: tuple[int, ...], hours: dict[str, np.ndarray], available: np.ndarray, first: Period, last: Period
) -> Decomposition:
    shares = {name: _share(each, available) for name, each in hours.items()}
    whole = np.sum(list(shares.values()), axis=0)
    weight = available / available.sum(axis=1, keepdims=True)
    mean_weight, mean_share = weight.mean(axis=0), whole.mean(axis=0)
    moved = {name: float(mean_weight @ (each[1] - each[0])) for name, each in shares.items()}
    within, mix = mean_weight * (whole[1] - whole[0]), mean_share * (weight[1] - weight[0])
    start, end = (float(weight[stretch] @ whole[stretch]) for stretch in (0, 1))
    per_week = available.sum(axis=1) / first.weeks
    return Decomposition(
        first=first,
        last=last,
        same_season=(last.start - first.start).days % (7 * WEEKS_OF_A_YEAR) == 0,
        start=start,
        end=end,
        total=end - start,
        parts=Parts(**moved, between_levels=float(mix.sum())),
        within_levels=float(within.sum()),
        by_level=tuple(LevelPart(*each) for each in zip(levels, within.tolist(), mix.tolist(), strict=True)),
        hours_a_week=HoursChange(
            total=float(end * per_week[1] - start * per_week[0]),
            headcount=float((start + end) / 2 * (per_week[1] - per_week[0])),
            share=float(per_week.mean() * (end - start)),
        ),
    )


def _share(hours: np.ndarray, available: np.ndarray) -> np.ndarray:
    """Hours over available hours; a level that was not there in one stretch is taken to have been as in the other."""
    share = np.divide(hours, available, out=np.full(hours.shape, np.nan), where=available > 0)
    other = share[::-1]
    return np.asarray(np.nan_to_num(np.where(np.isnan(share), other, share)))
