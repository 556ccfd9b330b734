"""Series that nobody ever ended: old, still meeting, and what they take every week."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals as nw
import pandas as pd

from analysis.scope import EVERYBODY, Scope
from store.tables import to_pandas

if TYPE_CHECKING:
    from datetime import date

    from analysis.period import Period
    from store.tables import Lazy, Tables

OLD_WEEKS = 26
STILL_MEETING_WEEKS = 5
RECENT_WEEKS = 13
DAYS = 7


@dataclass(frozen=True)
class EndlessSeries:
    """One series that still meets and is older than half a year.

    weeks: its age, at least; people and hours_a_week: person-hours in the scope over the last quarter of the period.
    """

    series_id: str
    label: str
    since: date
    weeks: int
    meetings: int
    people: int
    hours_a_week: float


@dataclass(frozen=True)
class EndlessTotal:
    """What all endless series took in the period; unknown_hours are of series whose age the data cannot say."""

    hours: float
    meetings: int
    people: int
    unknown_hours: float


def endless_series(
    tables: Tables, there: Lazy, period: Period, scope: Scope = EVERYBODY
) -> tuple[tuple[EndlessSeries, ...], EndlessTotal]:
    """The endless series people of a scope sit in, most hours a week first, and what they took together."""
    ages = _ages(tables, period)
    rows = _attendances(there, period, scope).merge(ages, on="series_id")
    endless = rows[rows["endless"]]
    listed = sorted(
        (_one(str(series), part, period) for series, part in endless.groupby("series_id")),
        key=lambda each: (-each.hours_a_week, each.series_id),
    )
    total = EndlessTotal(
        hours=float(endless["hours"].sum()),
        meetings=len(endless),
        people=int(endless["person_id"].nunique()),
        unknown_hours=float(rows.loc[rows["unknown"], "hours"].sum()),
    )
    return tuple(listed), total


def _attendances(there: Lazy, period: Period, scope: Scope) -> pd.DataFrame:
    rows = period.of(scope.of(there)).filter(~nw.col("series_id").is_null())
    return to_pandas(rows.select("series_id", "meeting_id", "person_id", "week", "label", "hours"))


def _ages(tables: Tables, period: Period) -> pd.DataFrame:
    """Per series: since when, whether it is endless, and whether its age is unknown.

    Its creation counts when known; otherwise its first occurrence, which may be only where the data begin.
    """
    after = nw.lit(period.end).cast(nw.Date)
    held = tables.meetings.filter(nw.col("status") != "cancelled", nw.col("local_date") < after)
    begun = to_pandas(held.select(first=nw.col("local_date").min()))["first"].iloc[0]
    ages = to_pandas(
        held.filter(~nw.col("series_id").is_null())
        .group_by("series_id")
        .agg(
            first=nw.col("local_date").min(),
            last=nw.col("local_date").max(),
            created=nw.col("created").min(),
        )
    )
    end = pd.Timestamp(period.end)
    since = ages[["first", "created"]].min(axis=1).dt.normalize()
    meeting = ages["last"] >= end - pd.Timedelta(weeks=STILL_MEETING_WEEKS)
    old = since <= end - pd.Timedelta(weeks=OLD_WEEKS)
    from_the_start = ages["first"] < begun + pd.Timedelta(weeks=STILL_MEETING_WEEKS)
    unknown = meeting & ~old & from_the_start & ages["created"].isna()
    return pd.DataFrame({"series_id": ages["series_id"], "since": since, "endless": meeting & old, "unknown": unknown})


def _one(series: str, part: pd.DataFrame, period: Period) -> EndlessSeries:
    since = part["since"].iloc[0]
    recent_weeks = min(RECENT_WEEKS, period.weeks)
    recent = part[part["week"] >= pd.Timestamp(period.end) - pd.Timedelta(weeks=recent_weeks)]
    hours = part.groupby("label")["hours"].sum()
    return EndlessSeries(
        series_id=series,
        label=str(hours.idxmax()),
        since=since.date(),
        weeks=(pd.Timestamp(period.end) - since).days // DAYS,
        meetings=int(part["meeting_id"].nunique()),
        people=int(recent["person_id"].nunique()),
        hours_a_week=float(recent["hours"].sum()) / recent_weeks,
    )
