"""Meetings that always took place and only now entered the calendar, as stand-ups do when a habit spreads.

Series of the same length that half of the teams or more begin within six weeks are a habit spreading, not work growing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.load import counted_meetings
from analysis.scope import EVERYBODY, Scope
from store.tables import to_pandas

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.drift.remade import Chain
    from analysis.period import Period
    from analysis.trend import Array
    from store.tables import Lazy, Tables

WITHIN_WEEKS = 6
TEAMS_PART = 0.5
FEWEST_TEAMS = 4
# Series that met in the first weeks did not begin in this period.
FIRST_WEEKS = 4


def adopted_hours(
    tables: Tables,
    facts: Lazy,
    period: Period,
    scope: Scope = EVERYBODY,
    label: str = "coordination",
    remade: Sequence[Chain] = (),
) -> Array:
    """Expected hours, week by week, of the series of a label that came in by such a wave.

    `remade` are series that went on under another id, which is no beginning.
    """
    inside = scope.of(period.of(facts)).filter(nw.col("label") == label)
    teams = to_pandas(inside.select("team").unique())["team"].nunique()
    series = to_pandas(begun(inside)).merge(to_pandas(lengths(tables, period)), on="series_id")
    going_on = {later for chain in remade for later in chain.series[1:]}
    wave = adopted(series[~series["series_id"].isin(going_on)], teams)
    weekly = np.zeros(period.weeks)
    if wave:
        rows = inside.filter(nw.col("series_id").is_in(wave)).group_by("week").agg(hours=nw.col("weighted").sum())
        found = to_pandas(rows)
        place = (found["week"] - pd.Timestamp(period.start)).dt.days.to_numpy() // 7
        weekly[place] = found["hours"]
    return weekly


def begun(facts: Lazy) -> Lazy:
    """Series and teams: the first week in which they met, and their hours."""
    met = facts.filter(nw.col("series")).group_by("series_id", "team")
    return met.agg(first=nw.col("week").min(), hours=nw.col("weighted").sum())


def lengths(tables: Tables, period: Period) -> Lazy:
    """The shortest meeting of every series, in minutes."""
    held = period.of(counted_meetings(tables)).filter(~nw.col("series_id").is_null())
    minutes = held.with_columns(minutes=nw.col("end_minute") - nw.col("start_minute"))
    return minutes.group_by("series_id").agg(minutes=nw.col("minutes").min())


def adopted(begun_in_teams: pd.DataFrame, teams: int) -> list[str]:
    """The series of waves: same length, begun by at least half of the teams within six weeks."""
    if begun_in_teams.empty or teams < FEWEST_TEAMS:
        return []
    rows = begun_in_teams.sort_values(["series_id", "hours", "team"], ascending=[True, False, True])
    # A series belongs to the team that spends most on it.
    series = rows.groupby("series_id").agg(team=("team", "first"), first=("first", "min"), minutes=("minutes", "first"))
    start = series["first"].min()
    series["week"] = (series["first"] - start).dt.days // 7
    late = series[series["week"] >= FIRST_WEEKS]
    found: set[str] = set()
    for _, alike in late.groupby("minutes"):
        for week in sorted(alike["week"].unique()):
            wave = alike[alike["week"].between(week, week + WITHIN_WEEKS - 1)]
            if wave["team"].nunique() >= max(FEWEST_TEAMS, TEAMS_PART * teams):
                found.update(str(name) for name in wave.index)
    return sorted(found)
