"""What is left between meetings: focus time, and the scraps too short to use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals as nw

from analysis.facts import placed
from analysis.load import attended
from analysis.rules import DEFAULT, Rules
from analysis.timeline import segments
from store.tables import to_pandas

if TYPE_CHECKING:
    import pandas as pd

    from analysis.period import Period
    from analysis.scope import Scope
    from store.tables import Lazy, Tables

DAY_MINUTES = 1440


@dataclass(frozen=True)
class Focus:
    """Hours a person-week of working time: in meetings, in free blocks long enough to work in, and in scraps.

    `person_weeks` is how many the averages rest on; days without any meeting count as one long free block.
    """

    focus_hours: float
    fragmented_hours: float
    person_weeks: int
    block_minutes: int


def free_blocks(tables: Tables, rules: Rules = DEFAULT) -> Lazy:
    """Free pieces of working days that have a meeting: week, person_id, local_date, minutes.

    working day  |-----------------------------|
    meetings         |==|      |=====|
    result       |---|  |------|     |---------|
    """
    rows = attended(tables, rules).with_columns(
        finish_minute=nw.col("local_minute") + nw.col("finish") - nw.col("begin")
    )
    inside = rows.select(
        "person_id",
        "week",
        "local_date",
        begin=nw.col("local_minute").clip(rules.day_start_minute, rules.day_end_minute),
        finish=nw.col("finish_minute").clip(rules.day_start_minute, rules.day_end_minute),
    )
    days = inside.select("person_id", "week", "local_date").unique()
    edges = [
        days.with_columns(begin=nw.lit(minute).cast(nw.Int64), finish=nw.lit(minute).cast(nw.Int64))
        for minute in (rules.day_start_minute, rules.day_end_minute)
    ]
    columns = ("person_id", "week", "local_date", "begin", "finish")
    typed = inside.with_columns(nw.col("begin").cast(nw.Int64), nw.col("finish").cast(nw.Int64))
    marked = nw.concat([typed.select(*columns), *(edge.select(*columns) for edge in edges)])
    pieces = segments(marked, by=("person_id", "week", "local_date"))
    free = pieces.filter(nw.col("depth") == 0, ~nw.col("next").is_null())
    # Neighbouring free pieces never touch: an edge inside free time only exists where a meeting begins or ends.
    return free.select("person_id", "week", "local_date", minutes=nw.col("next") - nw.col("at"))


def focus_days(tables: Tables, rules: Rules = DEFAULT) -> Lazy:
    """One row a person and day with meetings: hours of focus and of scraps. A derived table worth keeping."""
    blocks = free_blocks(tables, rules)
    long = nw.col("minutes") >= rules.focus_minutes
    hours = nw.col("minutes") * (1 / 60)
    per_day = blocks.group_by("person_id", "week", "local_date").agg(
        focus=nw.when(long).then(hours).otherwise(0.0).sum(),
        fragmented=nw.when(~long).then(hours).otherwise(0.0).sum(),
    )
    # A day filled to the last minute has no free piece, yet it is a day.
    days = attended(tables, rules).select("person_id", "week", "local_date").unique()
    joined = days.join(per_day, on=["person_id", "week", "local_date"], how="left").with_columns(
        focus=nw.col("focus").fill_null(0.0), fragmented=nw.col("fragmented").fill_null(0.0)
    )
    return placed(joined, tables.people)


def focus(days: Lazy, available: pd.DataFrame, scope: Scope, period: Period, rules: Rules = DEFAULT) -> Focus:
    """Focus and fragmented hours in a scope and period, per person-week of availability."""
    rows = period.of(scope.of(days))
    sums = to_pandas(
        rows.group_by("week", "person_id").agg(
            focus=nw.col("focus").sum(), fragmented=nw.col("fragmented").sum(), met=nw.len()
        )
    )
    present = available.groupby(["week", "person_id"], as_index=False)["days"].sum()
    both = (
        present[present["days"] > 0]
        .merge(sums, on=["week", "person_id"], how="left")
        .fillna({"focus": 0.0, "fragmented": 0.0, "met": 0})
    )
    if both.empty:
        return Focus(0.0, 0.0, 0, rules.focus_minutes)
    quiet_days = (both["days"] - both["met"]).clip(lower=0)
    return Focus(
        focus_hours=float((both["focus"] + quiet_days * rules.day_hours).mean()),
        fragmented_hours=float(both["fragmented"].mean()),
        person_weeks=len(both),
        block_minutes=rules.focus_minutes,
    )
