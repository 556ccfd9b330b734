"""Meeting load: which attendance counts, for how many hours, under which label."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw

from analysis.rules import DEFAULT, Rules
from analysis.timeline import overlapping, shared_minutes

if TYPE_CHECKING:
    from store.tables import Lazy, Tables

UNLABELLED = "unlabelled"
SPAN = ("person_id", "begin", "finish")
# More minutes than a day or a meeting has.
_NEVER = 1_000_000


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
    Everything about load stands on these rows, so they are found once.
    """
    return tables.once(f"attended_{rules.mark}", lambda: present_at(counted_meetings(tables, rules), tables, rules))


def present_at(meetings: Lazy, tables: Tables, rules: Rules = DEFAULT) -> Lazy:
    """The rows of `attended` at some of the counted meetings."""
    held = meetings.select(
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
        held, on="meeting_id", how="inner"
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
    end = nw.col("local_minute") + nw.col("finish") - nw.col("begin")
    present = rows.join(_hours_there(tables), on=["person_id", "local_date"], how="left")
    never_away = nw.col("there_from").is_null()
    # A meeting fits in one stretch at most, so that no row comes back twice.
    fits = (nw.col("local_minute") >= nw.col("there_from")) & (end <= nw.col("there_until"))
    return present.filter(never_away | fits).drop("there_from", "there_until")


def _hours_there(tables: Tables) -> Lazy:
    """The stretches of each person's days of leave that are no leave, in minutes; some are empty or end before begin.

    leave                  |=====|       |====|
    result      -----------|     |-------|    |------------
    """
    day = ("person_id", "local_date")
    away = tables.absence_days.select(*day, "from_minute", "to_minute")
    order = ("from_minute", "to_minute")
    after = away.select(
        *day,
        there_from=nw.col("to_minute").cum_max().over(*day, order_by=order),
        there_until=nw.col("from_minute").shift(-1).over(*day, order_by=order).fill_null(_NEVER),
    )
    first = away.group_by(*day).agg(there_until=nw.col("from_minute").min())
    before = first.with_columns(there_from=nw.lit(-_NEVER))
    stretches = [nw.col(name).cast(nw.Int64) for name in ("there_from", "there_until")]
    return nw.concat([part.select(*day, *stretches) for part in (before, after)])


def load(tables: Tables, rules: Rules = DEFAULT) -> Lazy:
    """One row a person and counted meeting with its label and its own hours; overlapping minutes are shared out.

    Adds to `attended`: hours (clock hours, summing to the union per person), weighted (hours times the chance of
    having been there), label (`unlabelled` before classification) and sub (line / process / null).
    """
    there = attended(tables, rules)
    rows = there.join(_minutes_shared(tables, rules), on=list(SPAN), how="left").with_columns(
        minutes=nw.col("minutes").fill_null((nw.col("finish") - nw.col("begin")).cast(nw.Float64))
    )
    labels = tables.labels.select("meeting_id", "label", "sub")
    hours = nw.col("minutes") * (1 / 60)
    return rows.join(labels, on="meeting_id", how="left").with_columns(
        label=nw.col("label").fill_null(UNLABELLED),
        hours=hours,
        weighted=hours * nw.col("chance"),
    )


def _minutes_shared(tables: Tables, rules: Rules) -> Lazy:
    """The minutes of whatever lies over another meeting of the same person; all others have their own length."""
    by = ("person_id",)
    several = tables.once(f"overlapping_{rules.mark}", lambda: overlapping(attended(tables, rules), by, "meeting_id"))
    # Meetings with the same span have the same part of it.
    return shared_minutes(several, by).group_by(*SPAN).agg(minutes=nw.col("minutes").max())
