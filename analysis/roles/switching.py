"""Changing roles within a day: how often somebody turns from designing to coordinating to doing and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw

from analysis.load import UNLABELLED
from analysis.rules import DEFAULT, Rules
from store.tables import to_pandas

if TYPE_CHECKING:
    import pandas as pd

    from analysis.period import Period
    from store.tables import Lazy

# A shorter pause between two meetings is no time in which work is done.
SHORTEST_BLOCK_MINUTES = 30

COORDINATING = ("coordination", "escalation", "incident")


def day_changes(there: Lazy, period: Period, rules: Rules = DEFAULT) -> pd.DataFrame:
    """Changes of role per person in a period: person_id, changes, unknown_days (days with an unlabelled meeting).

    working day  |-----------------------------|
    meetings        |design|coord|   |coord|
    blocks       |ex|design|coord|ex |coord|ex |   five changes

    Free time of half an hour or more inside working hours is execution, as is a meeting labelled other. Days with an
    unlabelled meeting are left out of the changes; days without meetings have none.
    """
    rows = _in_order(period.of(there))
    day_of = ("person_id", "local_date")
    gap = nw.col("begin") - nw.col("reached_before")
    free_before = nw.when(nw.col("first")).then(nw.col("minute") - rules.day_start_minute).otherwise(gap)
    free_after = nw.when(nw.col("last")).then(rules.day_end_minute - nw.col("minute_after")).otherwise(nw.lit(0))
    works = (nw.col("role") != "execution").cast(nw.Int64)
    worked = (nw.col("role_before") != "execution").cast(nw.Int64).fill_null(0)
    other_role = (nw.col("role") != nw.col("role_before")).cast(nw.Int64).fill_null(0)
    counted = rows.with_columns(
        before=nw.when(free_before >= SHORTEST_BLOCK_MINUTES).then(works + worked).otherwise(other_role),
        after=nw.when(free_after >= SHORTEST_BLOCK_MINUTES).then(works).otherwise(nw.lit(0)),
    )
    days = counted.group_by(*day_of).agg(
        changes=(nw.col("before") + nw.col("after")).sum().cast(nw.Int64), unknown=nw.col("unlabelled").max()
    )
    known = nw.col("unknown") == 0
    sums = days.group_by("person_id").agg(
        changes=nw.when(known).then(nw.col("changes")).otherwise(nw.lit(0)).sum().cast(nw.Int64),
        unknown_days=nw.col("unknown").sum().cast(nw.Int64),
    )
    return to_pandas(sums)


def _in_order(rows: Lazy) -> Lazy:
    """Each day's meetings with their role, the role and the latest finish before, and whether first or last to end."""
    day = ("person_id", "local_date")
    order = ("begin", "finish", "meeting_id")
    label = nw.col("label")
    coordinating = nw.when(label.is_in(COORDINATING)).then(nw.lit("coordination")).otherwise(nw.lit("execution"))
    role = nw.when(label == "design").then(nw.lit("design")).otherwise(coordinating)
    rows = rows.select(
        *day,
        *order,
        role=role,
        unlabelled=(nw.col("label") == UNLABELLED).cast(nw.Int64),
        minute=nw.col("local_minute"),
        until=nw.col("local_minute") + nw.col("finish") - nw.col("begin"),
    )
    reached = rows.with_columns(
        reached=nw.col("finish").cum_max().over(*day, order_by=order),
        minute_after=nw.col("until").max().over(*day),
        role_before=nw.col("role").shift(1).over(*day, order_by=order),
        role_after=nw.col("role").shift(-1).over(*day, order_by=order),
    )
    return reached.with_columns(
        reached_before=nw.col("reached").shift(1).over(*day, order_by=order),
        first=nw.col("role_before").is_null(),
        last=nw.col("role_after").is_null(),
    )
