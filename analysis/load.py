"""Meeting load: which attendance counts, for how many hours, under which label."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw

from analysis.rules import DEFAULT, Rules
from analysis.timeline import shared_minutes

if TYPE_CHECKING:
    from store.tables import Lazy, Tables

UNLABELLED = "unlabelled"


def counted_meetings(tables: Tables, rules: Rules = DEFAULT) -> Lazy:
    """Meetings that can be anybody's load: held, timed, busy, and with somebody else (or with an unknown number)."""
    minutes = nw.col("end_minute") - nw.col("start_minute")
    return tables.meetings.filter(
        nw.col("status") != "cancelled",
        ~nw.col("all_day"),
        nw.col("show_as") != "free",
        nw.col("kind") == "meeting",
        minutes > 0,
        minutes < rules.longest_meeting_minutes,
        nw.col("headcount").is_null() | (nw.col("headcount") >= 2),
    )


def attended(tables: Tables, rules: Rules = DEFAULT) -> Lazy:
    """One row a person and meeting that counts: not declined, not a room, not while on leave.

    Columns: meeting_id, person_id, begin and finish (minutes since 1970, UTC), week, local_date, local_minute,
    series_id, series, answer (accepted / unanswered / tentative), chance (that the person was there).
    """
    meetings = counted_meetings(tables, rules).select(
        "meeting_id",
        "week",
        "local_date",
        "local_minute",
        "series_id",
        begin=nw.col("start_minute"),
        finish=nw.col("end_minute"),
        series=~nw.col("series_id").is_null(),
    )
    people = tables.attendance.filter(nw.col("role") != "resource", nw.col("response") != "declined")
    rows = people.select("meeting_id", "person_id", answer=_answer(), chance=_chance(rules)).join(
        meetings, on="meeting_id", how="inner"
    )
    return not_on_leave(rows, tables)


def _answer() -> nw.Expr:
    said_yes = (nw.col("response") == "accepted") | (nw.col("role") == "organizer")
    return (
        nw.when(said_yes)
        .then(nw.lit("accepted"))
        .otherwise(nw.when(nw.col("response") == "tentative").then(nw.lit("tentative")).otherwise(nw.lit("unanswered")))
    )


def _chance(rules: Rules) -> nw.Expr:
    return (
        nw.when(nw.col("role") == "organizer")
        .then(nw.lit(rules.organizer))
        .otherwise(
            nw.when(nw.col("response") == "accepted")
            .then(nw.lit(rules.accepted))
            .otherwise(
                nw.when(nw.col("response") == "tentative")
                .then(nw.lit(rules.tentative))
                .otherwise(nw.lit(rules.unanswered))
            )
        )
    )


def not_on_leave(rows: Lazy, tables: Tables) -> Lazy:
    """Rows of people and meetings without those that fall in a leave of that person."""
    away = tables.absence_days.select("person_id", "local_date", "from_minute", "to_minute")
    length = nw.col("finish") - nw.col("begin")
    during = (
        rows.join(away, on=["person_id", "local_date"], how="inner")
        .filter(nw.col("local_minute") < nw.col("to_minute"), nw.col("local_minute") + length > nw.col("from_minute"))
        .select("person_id", "meeting_id")
        .unique()
    )
    return rows.join(during, on=["person_id", "meeting_id"], how="anti")


def load(tables: Tables, rules: Rules = DEFAULT) -> Lazy:
    """One row a person and counted meeting with its label and its own hours; overlapping minutes are shared out.

    Adds to `attended`: hours (clock hours, summing to the union per person), weighted (hours times the chance of
    having been there), label (`unlabelled` before classification) and sub (line / process / null).
    """
    rows = shared_minutes(attended(tables, rules), by=("person_id",))
    labels = tables.labels.select("meeting_id", "label", "sub")
    hours = nw.col("minutes") * (1 / 60)
    return rows.join(labels, on="meeting_id", how="left").with_columns(
        label=nw.col("label").fill_null(UNLABELLED),
        hours=hours,
        weighted=hours * nw.col("chance"),
    )
