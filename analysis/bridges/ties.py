"""Ties between people and between units: who met whom, in which slice of time, and for how many hours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw

from analysis.bridges.rules import DEFAULT, TOP_LEVEL, BridgeRules, slice_number
from store.tables import to_pandas

if TYPE_CHECKING:
    from analysis.period import Period
    from store.tables import Lazy, Tables

UNIT = nw.concat_str(nw.col("department"), nw.col("team"), separator=" / ")


def operational(tables: Tables, there: Lazy, rules: BridgeRules = DEFAULT) -> Lazy:
    """The rows of `presence` of operational people, with their `unit` that day; no service roles and assistants."""
    rows = there.filter(~_service(rules)).with_columns(unit=UNIT)
    assistants = _assistants(tables, rules)
    return rows.filter(~nw.col("person_id").is_in(assistants)) if assistants else rows


def apart(tables: Tables, there: Lazy, rules: BridgeRules = DEFAULT) -> int:
    """How many of the people who met are in service roles or assistants, and were never anything else."""
    everybody, left = (rows.select("person_id").unique() for rows in (there, operational(tables, there, rules)))
    return len(to_pandas(everybody.join(left, on="person_id", how="anti")))


def _service(rules: BridgeRules) -> nw.Expr:
    return _names(nw.concat_str(nw.col("department"), nw.col("team"), separator=" "), rules.service)


def _names(text: nw.Expr, pattern: str) -> nw.Expr:
    return text.str.to_lowercase().str.contains(pattern).fill_null(value=False)


def _assistants(tables: Tables, rules: BridgeRules) -> list[str]:
    below = nw.col("level").is_null() | (nw.col("level") > TOP_LEVEL)
    found = tables.people.filter(_names(nw.col("function"), rules.assistant), below).select("person_id").unique()
    return sorted(to_pandas(found)["person_id"])


def ties(rows: Lazy, parts: tuple[Period, ...], rules: BridgeRules = DEFAULT) -> Lazy:
    """One row a slice and two people who met: slice, person_id, unit, other_id, other_unit, meetings, hours.

    `rows` comes from `operational`. A meeting of n people gives each two of them its hours / (n - 1), as Newman (2001)
    weighs papers with many authors, so that a crowd ties nobody closely; of two people's hours the smaller counts.
    """
    met = _sized(rows, rules).select("meeting_id", "person_id", "unit", "hours", "size", slice=slice_number(parts))
    other = met.select("meeting_id", other_id="person_id", other_unit="unit", other_hours="hours")
    both = met.join(other, on="meeting_id", how="inner").filter(nw.col("person_id") < nw.col("other_id"))
    shared = nw.when(nw.col("hours") < nw.col("other_hours")).then(nw.col("hours")).otherwise(nw.col("other_hours"))
    weight = shared * (nw.col("size") - 1).cast(nw.Float64) ** -1
    return (
        both.with_columns(weight=weight)
        .group_by("slice", "person_id", "unit", "other_id", "other_unit")
        .agg(meetings=nw.len().cast(nw.Int64), hours=nw.col("weight").sum())
    )


def crossings(rows: Lazy, parts: tuple[Period, ...], units: list[str], rules: BridgeRules = DEFAULT) -> Lazy:
    """One row a meeting and unit in it, of meetings that bring two or more of these units together.

    Columns: meeting_id, series_id, local_date, week, slice, unit, people, hours (of that unit's people).
    """
    keys = ("meeting_id", "series_id", "local_date", "week")
    there = _sized(rows, rules).filter(nw.col("unit").is_in(units))
    met = there.group_by(*keys, "unit").agg(people=nw.len().cast(nw.Int64), hours=nw.col("hours").sum())
    several = met.group_by("meeting_id").agg(units=nw.len()).filter(nw.col("units") >= 2).select("meeting_id")
    return met.join(several, on="meeting_id", how="semi").with_columns(slice=slice_number(parts))


def _sized(rows: Lazy, rules: BridgeRules) -> Lazy:
    """Rows of meetings of two people or more that are no broadcast, with their size."""
    size = rows.group_by("meeting_id").agg(size=nw.len().cast(nw.Int64))
    size = size.filter(nw.col("size") >= 2, nw.col("size") <= rules.most_people)
    return rows.join(size, on="meeting_id", how="inner")
