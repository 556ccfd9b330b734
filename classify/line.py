"""Line or process: coordination inside one manager's span, or across teams; the chart says so, not the words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw

if TYPE_CHECKING:
    from store.tables import Lazy, Tables


def present(tables: Tables) -> Lazy:
    """Everybody of the chart in every meeting, once, with their place in the chart on that day."""
    people = tables.people.select("person_id", "manager_id", "department", "level", "valid_from", "valid_to")
    dates = tables.meetings.select("meeting_id", "local_date")
    return (
        tables.attendance.filter(nw.col("role") != "resource")
        .select("meeting_id", "person_id")
        .join(dates, on="meeting_id", how="inner")
        .join(people, on="person_id", how="inner")
        .filter(in_force())
        # One row a person even where the chart has two for a day; counting rows is much cheaper than counting people.
        .group_by("meeting_id", "person_id")
        .agg(nw.col("manager_id", "department", "level").min())
    )


def in_force() -> nw.Expr:
    """Whether a row of the chart held on the meeting's day; an open end has no limit."""
    begun = nw.col("valid_from").is_null() | (nw.col("valid_from") <= nw.col("local_date"))
    return begun & (nw.col("valid_to").is_null() | (nw.col("valid_to") > nw.col("local_date")))


def line_or_process(tables: Tables) -> Lazy:
    """One row a meeting with people of the chart: meeting_id and sub (line or process).

    Line is: two people of whom one manages the other, or three or more of whom at least 80 % are one manager and
    their direct reports. The manager need not be in the room, except with two.
    """
    attendees = present(tables)
    counted = attendees.group_by("meeting_id").agg(people=nw.len())
    own = attendees.select("meeting_id", manager=nw.col("person_id"), present=nw.lit(1))
    managed = ~nw.col("manager_id").is_null() & (nw.col("manager_id") != nw.col("person_id"))
    reports = attendees.filter(managed).select("meeting_id", manager=nw.col("manager_id"), present=nw.lit(0))
    spans = (
        nw.concat([own, reports])
        .group_by("meeting_id", "manager")
        .agg(inside=nw.len(), present=nw.col("present").max())
        # Nobody is a line alone; most rows go here, before the join.
        .filter(nw.col("inside") >= 2)
        .join(counted, on="meeting_id", how="inner")
    )
    several = (nw.col("people") >= 3) & (5 * nw.col("inside") >= 4 * nw.col("people"))
    pair = (nw.col("people") == 2) & (nw.col("inside") == 2) & (nw.col("present") == 1)
    lines = spans.filter(several | pair).group_by("meeting_id").agg(line=nw.col("present").max())
    known = counted.join(lines, on="meeting_id", how="left")
    sub = nw.when(nw.col("line").is_null()).then(nw.lit("process")).otherwise(nw.lit("line"))
    return known.select("meeting_id", sub.alias("sub"))
