"""The one pre-aggregated fact that pages and most measures read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw

from analysis.load import load
from analysis.rules import DEFAULT, Rules

if TYPE_CHECKING:
    from store.tables import Lazy, Tables

UNKNOWN = "?"
BEGINNING, FOREVER = "1900-01-01", "2200-01-01"


def placed(rows: Lazy, people: Lazy) -> Lazy:
    """Rows with each person's level, department and team on the row's `local_date`; people off the chart fall out."""
    chart = people.select(
        "person_id",
        "level",
        "department",
        "team",
        since=nw.col("valid_from"),
        until=nw.col("valid_to"),
    )
    on_chart = rows.join(chart, on="person_id", how="inner")
    valid = (nw.col("since").is_null() | (nw.col("since") <= nw.col("local_date"))) & (
        nw.col("until").is_null() | (nw.col("until") > nw.col("local_date"))
    )
    return on_chart.filter(valid).drop("since", "until")


def facts(tables: Tables, rules: Rules = DEFAULT) -> Lazy:
    """Hours per week, person, place on the chart, label, sub, kind of meeting and answer.

    Columns: week, person_id, level (null = unknown), department, team, label, sub, series, series_id, answer, hours,
    weighted, meetings. Sums over any of them are exact; shares are divided by the reader.
    """
    return added_up(placed(load(tables, rules), tables.people))


def added_up(rows: Lazy) -> Lazy:
    """The fact out of rows that are placed on the chart, such as those of `analysis.presence`."""
    keys = ("week", "person_id", "level", "department", "team", "label", "sub", "series", "series_id", "answer")
    return rows.group_by(*keys).agg(
        hours=nw.col("hours").sum(),
        weighted=nw.col("weighted").sum(),
        meetings=nw.len().cast(nw.Int64),
    )
