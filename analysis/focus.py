"""What is left between meetings: focus time, and the scraps too short to use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals as nw

from analysis.facts import placed
from analysis.load import attended
from analysis.rules import DEFAULT, Rules
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


def free_time(tables: Tables, rules: Rules = DEFAULT) -> Lazy:
    """Free minutes of the working days that have a meeting, beside each attendance: person_id, week, local_date.

    `before` is what is free before the day's first meeting (0 beside the others), `after` what is free until the next
    one, or until the day ends; 0 where the next begins first.

        working day  |-----------------------------|
        meetings         |==|      |=====|
        before, after|-1-|  |--1---|     |----2----|
    """
    last_minute = nw.col("local_minute") + nw.col("finish") - nw.col("begin")
    day = ("person_id", "week", "local_date")
    inside = attended(tables, rules).select(
        *day, "meeting_id", begin=_within(nw.col("local_minute"), rules), finish=_within(last_minute, rules)
    )
    order = ("begin", "finish", "meeting_id")
    rows = inside.with_columns(
        reached=nw.col("finish").cum_max().over(*day, order_by=order),
        following=nw.col("begin").shift(-1).over(*day, order_by=order).fill_null(rules.day_end_minute),
        earlier=nw.col("begin").shift(1).over(*day, order_by=order),
    )
    before = nw.when(nw.col("earlier").is_null()).then(nw.col("begin") - rules.day_start_minute).otherwise(0)
    pause = nw.col("following") - nw.col("reached")
    return rows.select(*day, before=before, after=nw.when(pause > 0).then(pause).otherwise(0))


def _within(minute: nw.Expr, rules: Rules) -> nw.Expr:
    return minute.clip(rules.day_start_minute, rules.day_end_minute).cast(nw.Int64)


def focus_days(tables: Tables, rules: Rules = DEFAULT) -> Lazy:
    """One row a person and day with meetings: hours of focus and of scraps. A derived table worth keeping."""
    free = nw.col("before") + nw.col("after")
    focus = _long("before", rules) + _long("after", rules)
    blocks = free_time(tables, rules).with_columns(focus=focus, fragmented=free - focus)
    per_day = blocks.group_by("person_id", "week", "local_date").agg(
        focus=nw.col("focus").sum().cast(nw.Int64), fragmented=nw.col("fragmented").sum().cast(nw.Int64)
    )
    in_hours = per_day.with_columns(focus=nw.col("focus") * (1 / 60), fragmented=nw.col("fragmented") * (1 / 60))
    return placed(in_hours, tables.people)


def _long(name: str, rules: Rules) -> nw.Expr:
    return nw.when(nw.col(name) >= rules.focus_minutes).then(nw.col(name)).otherwise(0)


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
