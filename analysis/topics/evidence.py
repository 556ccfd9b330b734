"""What the engine adds up for topics: titles with their meetings by week, and the teams that met under each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals as nw
import pandas as pd

from analysis.facts import placed
from store.tables import to_pandas

if TYPE_CHECKING:
    from collections.abc import Collection

    from store.tables import Lazy, Tables

LOWEST_LEVELS = 4
"""Teams are counted by their people at this level or below; managers belong to every subject of their unit."""


@dataclass(frozen=True)
class Evidence:
    """weeks: title, week, meetings, first, last; teams: title, team, meetings (of the title with that team there)."""

    weeks: pd.DataFrame
    teams: pd.DataFrame


def evidence(tables: Tables) -> Evidence:
    """The evidence of all titles of a store."""
    titled = _titled(tables)
    weeks = titled.group_by("title", "week").agg(
        meetings=nw.len().cast(nw.Int64), first=nw.col("local_date").min(), last=nw.col("local_date").max()
    )
    teams = _teams(tables, titled).group_by("title", "team").agg(meetings=nw.len().cast(nw.Int64))
    return Evidence(
        to_pandas(weeks).sort_values(["title", "week"], ignore_index=True),
        to_pandas(teams).sort_values(["title", "team"], ignore_index=True),
    )


def titles(tables: Tables) -> pd.DataFrame:
    """The title of every meeting that shows one: meeting_id, title, series_id, week; sorted by meeting_id."""
    rows = to_pandas(_titled(tables).select("meeting_id", "title", "series_id", "week"))
    return rows.sort_values("meeting_id", ignore_index=True)


def teams_in(tables: Tables, said: Collection[str]) -> pd.DataFrame:
    """The teams in each ad-hoc meeting called by one of these titles: meeting_id, week, team."""
    vague = _titled(tables).filter(nw.col("series_id").is_null(), nw.col("title").is_in(sorted(said)))
    rows = to_pandas(_teams(tables, vague).select("meeting_id", "week", "team"))
    return rows.sort_values(["meeting_id", "team"], ignore_index=True)


def _titled(tables: Tables) -> Lazy:
    shown = tables.meetings.filter(nw.col("kind") == "meeting", ~nw.col("all_day"), ~nw.col("title").is_null())
    return shown.select("meeting_id", "title", "series_id", "week", "local_date")


def _teams(tables: Tables, meetings: Lazy) -> Lazy:
    """Each team once a meeting, by its people who were asked and did not decline: meeting_id, title, week, team."""
    asked = tables.attendance.filter(nw.col("role") != "resource", nw.col("response") != "declined")
    rows = asked.select("meeting_id", "person_id").join(meetings, on="meeting_id", how="inner")
    low = placed(rows, tables.people).filter(nw.col("level") >= _floor(tables), ~nw.col("team").is_null())
    return low.select("meeting_id", "title", "week", "team").unique()


def _floor(tables: Tables) -> int:
    """Level 4, or the lowest but one of a chart that ends higher."""
    lowest = to_pandas(tables.people.select(lowest=nw.col("level").max()))["lowest"].iloc[0]
    return LOWEST_LEVELS if pd.isna(lowest) else min(LOWEST_LEVELS, max(1, int(lowest) - 1))
