"""Who was in which meeting, for how long, and from where on the chart: the table under habits, roles and forums."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import narwhals as nw

from analysis.facts import placed
from analysis.load import UNLABELLED, load
from analysis.rules import DEFAULT, Rules
from store.tables import to_pandas

if TYPE_CHECKING:
    import pandas as pd

    from analysis.period import Period
    from analysis.scope import Scope
    from store.tables import Lazy, Tables

SHORT_NOTICE = timedelta(hours=24)


@dataclass(frozen=True)
class Coverage:
    """How much of a scope the calendars show.

    people: on the chart with available hours; seen: of them with a counted meeting; labelled: share of meeting hours
    that have a label.
    """

    people: int
    seen: int
    labelled: float


def presence(tables: Tables, rules: Rules = DEFAULT) -> Lazy:
    """One row a person and counted meeting: the columns of `load`, and the person's place on the chart on that day.

    Adds level, department, team; notice_known and short_notice; unplaced (people asked whom the chart does
    not know; null where that cannot be said). A derived table worth keeping: what habits, roles and chains need of a
    meeting is in it. People who are not on the chart that day are not.
    """
    rows = placed(load(tables, rules), tables.people)
    return rows.join(_meetings(tables), on="meeting_id", how="inner")


def _meetings(tables: Tables) -> Lazy:
    lead = nw.col("start") - nw.col("created")
    # A meeting entered after it began says nothing about notice.
    known = (lead >= timedelta(0)).fill_null(value=False)
    chart = tables.people.select("person_id").unique()
    asked = tables.attendance.filter(nw.col("role") != "resource").join(chart, on="person_id", how="semi")
    invited = asked.group_by("meeting_id").agg(invited=nw.len().cast(nw.Int64))
    inside = nw.col("headcount") - nw.col("headcount_external").fill_null(0)
    return tables.meetings.join(invited, on="meeting_id", how="inner").select(
        "meeting_id",
        notice_known=known,
        short_notice=known & (lead < SHORT_NOTICE).fill_null(value=False),
        unplaced=inside - nw.col("invited"),
    )


def coverage(there: Lazy, present: pd.DataFrame, period: Period, scope: Scope) -> Coverage:
    """The coverage of a scope; `there` comes from `presence`, `present` from `availability`."""
    rows = to_pandas(
        period.of(scope.of(there)).group_by("person_id").agg(hours=nw.col("hours").sum(), labelled=_labelled().sum())
    )
    at_work = scope.of_frame(present)
    people = set(at_work.loc[at_work["days"] > 0, "person_id"])
    hours = float(rows["hours"].sum())
    return Coverage(
        people=len(people),
        seen=len(people & set(rows["person_id"])),
        labelled=float(rows["labelled"].sum()) / hours if hours else 0.0,
    )


def _labelled() -> nw.Expr:
    return nw.when(nw.col("label") == UNLABELLED).then(0.0).otherwise(nw.col("hours"))
