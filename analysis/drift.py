"""Drift: whether coordination takes more of the available hours than before, and at which level.

The share of a level is its coordination hours over its *available* hours (contract less holidays and leave). Levels are
weighed by their average size over the whole period, so a change of headcount is not taken for a change of work.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.availability import availability
from analysis.rules import DEFAULT, Rules
from analysis.scope import EVERYBODY, Scope
from analysis.trend import WEEKS_A_YEAR, Slope, season, slope
from store.tables import to_pandas

if TYPE_CHECKING:
    from datetime import date

    from analysis.period import Period
    from store.tables import Lazy, Tables

Verdict = Literal["rising", "falling", "no change found", "not measurable"]

SPARSE, THIN = 0.35, 0.85
EDGE_WEEKS = 8
UNKNOWN_LEVEL = 0
SIGNIFICANT = 0.05
# Below about ten per cent in eighteen months nothing can be told apart from ordinary weeks (docs/measures.md).
WIDEST_INTERVAL = 0.25


@dataclass(frozen=True)
class Estimate:
    """A change per year with its 95 % interval and p-value."""

    estimate: float
    low: float
    high: float
    p: float


@dataclass(frozen=True)
class WeekShare:
    """One week's share of available hours and the people it rests on; None where too few were at work to tell."""

    week: date
    share: float | None
    people: int


@dataclass(frozen=True)
class LevelDrift:
    """One level, or several taken together: people, share at both ends (means of eight weeks), weekly line."""

    levels: tuple[int, ...]
    people: int
    start: float | None
    end: float | None
    weekly: tuple[WeekShare, ...]

    @property
    def name(self) -> str:
        """The levels as people write them: "1-2"; "?" where the level is unknown."""
        known = ["?" if level == UNKNOWN_LEVEL else str(level) for level in self.levels]
        return known[0] if len(known) == 1 else f"{known[0]}-{known[-1]}"


@dataclass(frozen=True)
class Drift:
    """How the coordination share of available hours moved over a period.

    `change_per_year` is relative (0.17 = +17 % a year), `points_per_year` is in share (0.02 = 2 percentage points).
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
    verdict: Verdict
    weekly: tuple[WeekShare, ...]
    by_level: tuple[LevelDrift, ...]
    weeks_used: int
    weeks_left_out: int


def drift(
    tables: Tables,
    facts: Lazy,
    period: Period,
    scope: Scope = EVERYBODY,
    label: str = "coordination",
    groups: tuple[tuple[int, ...], ...] | None = None,
    rules: Rules = DEFAULT,
) -> Drift:
    """The weekly share of one label by level and its slope; `facts` come from `analysis.facts`.

    `groups` are levels to show together; by default each level stands alone.
    """
    weeks = pd.DatetimeIndex(period.mondays).as_unit("us")
    present = levelled(scope.of_frame(availability(tables, period, rules)))
    available = _by_level(present, "available", weeks)
    hours = _by_level(_label_hours(facts, period, scope, label), "hours", weeks)
    hours = hours.reindex(columns=available.columns, fill_value=0.0)
    everybody = available.sum(axis=1)
    enough = _enough(everybody)
    share = _standardised(hours, available).where(enough)
    number = np.arange(len(weeks), dtype=float)
    thin = (everybody < THIN * everybody.max()).to_numpy(dtype=float)
    nuisance = np.column_stack([thin, season(number)])
    relative = slope(np.log(share.where(share > 0)).to_numpy(dtype=float), number, nuisance)
    points = slope(share.to_numpy(dtype=float), number, nuisance)
    start, end = _ends(share)
    shown = groups if groups is not None else tuple((int(level),) for level in available.columns)
    return Drift(
        scope=scope.name,
        period=period,
        label=label,
        people=int(present.loc[present["days"] > 0, "person_id"].nunique()),
        start=start,
        end=end,
        hours_start=_times(start, rules.full_time_hours),
        hours_end=_times(end, rules.full_time_hours),
        change_per_year=_yearly_relative(relative),
        points_per_year=_yearly(points),
        verdict=_verdict(relative),
        weekly=_weekly(share, _heads(present, weeks)),
        by_level=tuple(_level(levels, hours, available, present) for levels in shown),
        weeks_used=int(enough.sum()),
        weeks_left_out=int((~enough).sum()),
    )


def levelled(present: pd.DataFrame) -> pd.DataFrame:
    """Availability rows with unknown levels under `UNKNOWN_LEVEL`."""
    return present.assign(level=present["level"].fillna(UNKNOWN_LEVEL).astype(int))


def _label_hours(facts: Lazy, period: Period, scope: Scope, label: str) -> pd.DataFrame:
    rows = period.of(scope.of(facts)).filter(nw.col("label") == label)
    frame = to_pandas(rows.group_by("week", "level").agg(hours=nw.col("hours").sum()))
    return levelled(frame)


def _by_level(rows: pd.DataFrame, value: str, weeks: pd.DatetimeIndex) -> pd.DataFrame:
    table = rows.pivot_table(index="week", columns="level", values=value, aggfunc="sum", fill_value=0.0)
    table.index = pd.DatetimeIndex(table.index).as_unit("us")
    return table.reindex(weeks, fill_value=0.0)


def _enough(available: pd.Series) -> pd.Series:
    return (available > 0) & (available >= SPARSE * available.max())


def _standardised(hours: pd.DataFrame, available: pd.DataFrame) -> pd.Series:
    """Each week's share with every level weighed by its average part of the available hours."""
    weights = available.sum() / available.sum().sum()
    shares = hours / available.where(available > 0)
    present = shares.notna() * weights
    return (shares.fillna(0.0) * weights).sum(axis=1) / present.sum(axis=1).where(present.sum(axis=1) > 0)


def _ends(share: pd.Series) -> tuple[float | None, float | None]:
    known = share.dropna()
    if len(known) < 2 * EDGE_WEEKS:
        return None, None
    return float(known.iloc[:EDGE_WEEKS].mean()), float(known.iloc[-EDGE_WEEKS:].mean())


def _level(levels: tuple[int, ...], hours: pd.DataFrame, available: pd.DataFrame, present: pd.DataFrame) -> LevelDrift:
    columns = [level for level in levels if level in available.columns]
    time = available[columns].sum(axis=1)
    share = (hours[columns].sum(axis=1) / time.where(time > 0)).where(_enough(time))
    people = present[present["level"].isin(levels)]
    start, end = _ends(share)
    heads = _heads(people, pd.DatetimeIndex(available.index))
    return LevelDrift(levels, int(people["person_id"].nunique()), start, end, _weekly(share, heads))


def _heads(present: pd.DataFrame, weeks: pd.DatetimeIndex) -> pd.Series:
    counts = present[present["days"] > 0].groupby("week")["person_id"].nunique()
    return counts.reindex(weeks, fill_value=0)


def _weekly(share: pd.Series, heads: pd.Series) -> tuple[WeekShare, ...]:
    return tuple(
        WeekShare(week.date(), None if pd.isna(value) else float(value), int(heads[week]))
        for week, value in share.items()
    )


def _yearly(trend: Slope | None) -> Estimate | None:
    if trend is None:
        return None
    yearly = trend.times(WEEKS_A_YEAR)
    return Estimate(yearly.estimate, yearly.low, yearly.high, yearly.p)


def _yearly_relative(trend: Slope | None) -> Estimate | None:
    if trend is None:
        return None
    yearly = trend.times(WEEKS_A_YEAR)
    return Estimate(
        float(np.expm1(yearly.estimate)), float(np.expm1(yearly.low)), float(np.expm1(yearly.high)), yearly.p
    )


def _verdict(trend: Slope | None) -> Verdict:
    if trend is None:
        return "not measurable"
    if trend.p < SIGNIFICANT:
        return "rising" if trend.estimate > 0 else "falling"
    yearly = trend.times(WEEKS_A_YEAR)
    return "not measurable" if (yearly.high - yearly.low) / 2 > WIDEST_INTERVAL else "no change found"


def _times(share: float | None, hours: float) -> float | None:
    return None if share is None else share * hours
