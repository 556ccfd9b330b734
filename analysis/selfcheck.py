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
MOST_OFTEN = 1.5
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
        *label_error(whole),
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


def label_error(whole: Split) -> tuple[Check, ...]:
    """The shares could be corrected for wrong labels; no check where nobody counted how often labels are wrong."""
    known = whole.label_error
    if known is None or known.accuracy is None:
        return ()
    numbers: dict[str, float | str] = {
        "accuracy": round(known.accuracy, 4),
        "questions": round(known.questions or 0.0),
        "source": str(known.source),
    }
    return (Check("label_error", known.method in {"adjusted", "reviewed"} or not whole.hours, numbers),)


def known_series(tables: Tables, period: Period) -> Check:
    """The longest series has no occurrence twice, and about as many as its usual week says."""
    rows = period.of(tables.meetings).filter(~nw.col("series_id").is_null())
    counts = to_pandas(rows.group_by("series_id").agg(count=nw.len()))
    if counts.empty:
        return Check("known_series", True, {"occurrences": 0})
    longest = counts.sort_values(["count", "series_id"], ascending=[False, True]).iloc[0]
    return _rhythm(to_pandas(rows.filter(nw.col("series_id") == longest["series_id"]).select("week", "start_minute")))


def _rhythm(occurrences: pd.DataFrame) -> Check:
    first, last = occurrences["week"].min(), occurrences["week"].max()
    weeks = (last - first).days // 7 + 1
    a_week = float(occurrences.drop_duplicates("start_minute").groupby("week").size().median())
    expected = weeks * a_week
    twice = int(occurrences["start_minute"].duplicated().sum())
    numbers: dict[str, float | str] = {
        "occurrences": len(occurrences),
        "weeks": weeks,
        "a_week": a_week,
        "twice": twice,
        "first": str(first.date()),
        "last": str(last.date()),
    }
    return Check("known_series", twice == 0 and len(occurrences) <= MOST_OFTEN * expected, numbers)


def coverage(tables: Tables, period: Period) -> Check:
    """Most people on the chart have a calendar to read in the period."""
    people = to_pandas(tables.people.select("person_id").unique())["person_id"]
    held = period.of(tables.meetings).select("meeting_id")
    seen = to_pandas(tables.attendance.join(held, on="meeting_id", how="inner").select("person_id").unique())
    found = int(people.isin(seen["person_id"]).sum())
    share = found / len(people) if len(people) else 0.0
    return Check("coverage", share >= ENOUGH_COVERAGE, {"people": len(people), "seen": found, "share": round(share, 3)})
