"""Checks that catch wrong totals before anybody believes them; shown at start-up, by `doctor` and on every page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals as nw

from store.tables import to_pandas

if TYPE_CHECKING:
    import pandas as pd

    from analysis.period import Period
    from analysis.split import Split
    from store.tables import Lazy, Tables

MOST_HOURS = 24.0
ENOUGH_COVERAGE = 0.6


@dataclass(frozen=True)
class Check:
    """One check: its code, whether it holds, and the numbers behind it."""

    code: str
    holds: bool
    numbers: dict[str, float | str]


def self_checks(tables: Tables, loads: Lazy, whole: Split) -> tuple[Check, ...]:
    """All checks. `loads` come from `analysis.load`, `whole` is the split of everybody."""
    return (
        hours_per_day(loads, whole.period),
        shares_sum(whole),
        known_series(tables, whole.period),
        coverage(tables, whole.period),
    )


def hours_per_day(loads: Lazy, period: Period) -> Check:
    """Nobody meets more than 24 hours a day."""
    days = period.of(loads).group_by("person_id", "local_date").agg(hours=nw.col("hours").sum())
    worst = to_pandas(days.select(hours=nw.col("hours").max()))["hours"].fillna(0.0).iloc[0]
    return Check("hours_per_day", bool(worst <= MOST_HOURS), {"most": round(float(worst), 2)})


def shares_sum(whole: Split) -> Check:
    """The shares of the labels are 100 % together."""
    total = sum(part.share for part in whole.labels)
    return Check("shares_sum", not whole.hours or abs(total - 1) < 1e-9, {"sum": round(total, 6)})


def known_series(tables: Tables, period: Period) -> Check:
    """The longest weekly-or-faster series has about as many occurrences as its own rhythm says."""
    rows = period.of(tables.meetings).filter(~nw.col("series_id").is_null())
    counts = to_pandas(rows.group_by("series_id").agg(count=nw.len()))
    if counts.empty:
        return Check("known_series", True, {"occurrences": 0})
    longest = counts.sort_values(["count", "series_id"], ascending=[False, True]).iloc[0]
    days = to_pandas(rows.filter(nw.col("series_id") == longest["series_id"]).select("local_date"))["local_date"]
    return _rhythm(days.sort_values(ignore_index=True))


def _rhythm(days: pd.Series) -> Check:
    different = days.drop_duplicates()
    gap = float(different.diff().dt.days.median()) if len(different) > 1 else 0.0
    span = float((days.iloc[-1] - days.iloc[0]).days)
    expected = span / gap + 1 if gap > 0 else float(len(days))
    numbers: dict[str, float | str] = {
        "occurrences": len(days),
        "expected": round(expected),
        "first": str(days.iloc[0].date()),
        "last": str(days.iloc[-1].date()),
    }
    return Check("known_series", gap <= 0 or len(days) <= 1.5 * expected + 1, numbers)


def coverage(tables: Tables, period: Period) -> Check:
    """Most people on the chart have a calendar to read in the period."""
    people = to_pandas(tables.people.select("person_id").unique())["person_id"]
    held = period.of(tables.meetings).select("meeting_id")
    seen = to_pandas(tables.attendance.join(held, on="meeting_id", how="inner").select("person_id").unique())
    found = int(people.isin(seen["person_id"]).sum())
    share = found / len(people) if len(people) else 0.0
    return Check("coverage", share >= ENOUGH_COVERAGE, {"people": len(people), "seen": found, "share": round(share, 3)})
