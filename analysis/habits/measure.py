"""How meetings are held: without a pause, out of hours, at short notice, two at once, over many levels, without end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals as nw

from analysis.availability import available_in, public_holidays
from analysis.focus import Focus, focus
from analysis.habits.clashes import Clash, clash_hours
from analysis.habits.endless import EndlessSeries, EndlessTotal, endless_series
from analysis.presence import Coverage, coverage
from analysis.rules import DEFAULT, Rules
from analysis.scope import EVERYBODY, Scope
from analysis.timeline import shared_minutes
from store.tables import to_pandas

if TYPE_CHECKING:
    from analysis.period import Period
    from store.tables import Lazy, Tables

SHORTEST_PAUSE_MINUTES = 5
MANY_LEVELS = 3
# Saturday is 6 everywhere; Sunday is 7 on DuckDB and 0 on Spark.
WEEKEND = (0, 6, 7)


@dataclass(frozen=True)
class Habit:
    """One habit in a scope and period.

    hours: clock hours, overlaps counted once per person; share: of the meeting hours for which it can be known;
    meetings: attendances, and meeting_share their part of all that can be known; people: who have it at all;
    unknown_hours: meeting hours for which it cannot be known.
    """

    code: str
    hours: float
    share: float
    meetings: int
    meeting_share: float
    people: int
    unknown_hours: float


@dataclass(frozen=True)
class Habits:
    """Meeting habits of a scope: load per available hour, focus, one `Habit` a code, clashes, and endless series."""

    scope: str
    period: Period
    people: int
    meetings: int
    hours: float
    available: float
    load: float
    focus: Focus
    habits: tuple[Habit, ...]
    clashes: tuple[Clash, ...]
    endless: tuple[EndlessSeries, ...]
    coverage: Coverage

    def habit(self, code: str) -> Habit:
        """The habit with this code."""
        return next(each for each in self.habits if each.code == code)


def marked(there: Lazy, rules: Rules = DEFAULT) -> Lazy:
    """The rows of `presence` with what each habit asks; a derived table worth keeping.

    Adds: back_to_back, overlapping (begins while another of the person's goes on), outside (hours outside working
    hours), many_levels and levels_known.
    """
    rows = _with_gaps(there).join(_outside(there, rules), on=["meeting_id", "person_id"], how="left")
    rows = rows.join(_levels(there), on="meeting_id", how="inner")
    return rows.with_columns(outside=nw.col("outside").fill_null(0.0))


def _with_gaps(there: Lazy) -> Lazy:
    """Whether a meeting begins upon, or inside, what the person was already in that day.

    first        |=======|
    second          |==|              overlapping
    third                 |=====|     back to back: under five minutes after the latest finish
    """
    day = ("person_id", "local_date")
    order = ("begin", "finish", "meeting_id")
    reached = there.with_columns(reached=nw.col("finish").cum_max().over(*day, order_by=order))
    before = reached.with_columns(before=nw.col("reached").shift(1).over(*day, order_by=order))
    pause = nw.col("begin") - nw.col("before")
    return before.with_columns(
        back_to_back=((pause >= 0) & (pause < SHORTEST_PAUSE_MINUTES)).fill_null(value=False),
        overlapping=(pause < 0).fill_null(value=False),
    ).drop("reached", "before")


def _outside(there: Lazy, rules: Rules) -> Lazy:
    """Hours of each attendance outside working hours on the wall clock, overlapping minutes shared out.

    A meeting belongs to the day on which it begins; a weekend has no working hours.
    """
    last = (nw.col("local_minute") + nw.col("finish") - nw.col("begin")).cast(nw.Int64)
    first = nw.col("local_minute").cast(nw.Int64)
    free_day = nw.col("local_date").dt.weekday().is_in(WEEKEND)
    # A weekend day ends before it begins, so that all of it is late.
    start, end = (
        nw.when(free_day).then(nw.lit(0)).otherwise(nw.lit(minute)).cast(nw.Int64)
        for minute in (rules.day_start_minute, rules.day_end_minute)
    )
    rows = there.select(
        "meeting_id", "person_id", "local_date", first=first, last=last, day_start=start, day_end=end
    ).filter((nw.col("first") < nw.col("day_start")) | (nw.col("last") > nw.col("day_end")))
    keys = ("meeting_id", "person_id", "local_date")
    early = rows.select(*keys, begin=nw.col("first"), finish=nw.min_horizontal("last", "day_start"))
    late = rows.select(*keys, begin=nw.max_horizontal("first", "day_end"), finish=nw.col("last"))
    pieces = nw.concat([early, late]).filter(nw.col("finish") > nw.col("begin"))
    shared = shared_minutes(pieces, by=("person_id", "local_date"))
    return shared.group_by("meeting_id", "person_id").agg(outside=nw.col("minutes").sum() * (1 / 60))


def _levels(there: Lazy) -> Lazy:
    """Whether three or more levels were in the room; unknown where there are fewer and people we cannot place."""
    counts = there.group_by("meeting_id").agg(levels=nw.col("level").n_unique(), unplaced=nw.col("unplaced").max())
    many = nw.col("levels") >= MANY_LEVELS
    everybody = (nw.col("unplaced") <= 0).fill_null(value=False)
    return counts.select("meeting_id", many_levels=many, levels_known=many | everybody)


def habits(
    tables: Tables,
    there: Lazy,
    marks: Lazy,
    doubles: Lazy,
    focus_days: Lazy,
    period: Period,
    scope: Scope = EVERYBODY,
    rules: Rules = DEFAULT,
) -> Habits:
    """The habits of a scope. `there`, `marks`, `doubles` and `focus_days` are the kept tables of their modules."""
    rows = period.of(scope.of(marks))
    mine = available_in(tables, period, scope, rules)
    totals = to_pandas(rows.select(hours=nw.col("hours").sum(), meetings=nw.len())).iloc[0]
    hours, meetings, available = float(totals["hours"] or 0), int(totals["meetings"]), float(mine["available"].sum())
    clashes = clash_hours(doubles, period, scope)
    endless, endless_total = endless_series(tables, there, period, scope)
    return Habits(
        scope=scope.name,
        period=period,
        people=int(mine.loc[mine["days"] > 0, "person_id"].nunique()),
        meetings=meetings,
        hours=hours,
        available=available,
        load=hours / available if available else 0.0,
        focus=focus(focus_days, mine, scope, period, rules),
        habits=(
            *_flagged_habits(rows, period, rules),
            _double_booking(rows, doubles, period, scope, hours, meetings),
            _endless_habit(endless_total, hours, meetings),
        ),
        clashes=clashes,
        endless=endless,
        coverage=coverage(there, mine, period, scope),
    )


def _flagged_habits(rows: Lazy, period: Period, rules: Rules) -> tuple[Habit, ...]:
    free_day = nw.col("local_date").is_in(_holidays(period, rules))
    outside = nw.when(free_day).then(nw.col("hours")).otherwise(nw.col("outside"))
    always = nw.lit(value=True)
    rows = rows.with_columns(outside=outside)
    return (
        _habit("back_to_back", rows, nw.col("back_to_back"), always),
        _habit("after_hours", rows, nw.col("outside") > 0, always, part="outside"),
        _habit("short_notice", rows, nw.col("short_notice"), nw.col("notice_known")),
        _habit("three_levels", rows, nw.col("many_levels"), nw.col("levels_known")),
    )


def _holidays(period: Period, rules: Rules) -> list[object]:
    return [day.astype(object) for day in public_holidays(period, rules.country)]


def _habit(code: str, rows: Lazy, has: nw.Expr, known: nw.Expr, part: str = "hours") -> Habit:
    """Hours and attendances for which `has` holds, as parts of those for which it is `known`."""
    marks = rows.select("person_id", "hours", part=nw.col(part), has=has, known=known)
    one, zero = nw.lit(1), nw.lit(0)
    sums = to_pandas(
        marks.select(
            hours=nw.when(nw.col("has")).then(nw.col("part")).otherwise(0.0).sum(),
            meetings=nw.when(nw.col("has")).then(one).otherwise(zero).sum().cast(nw.Int64),
            known_hours=nw.when(nw.col("known")).then(nw.col("hours")).otherwise(0.0).sum(),
            known_meetings=nw.when(nw.col("known")).then(one).otherwise(zero).sum().cast(nw.Int64),
            all_hours=nw.col("hours").sum(),
        )
    ).fillna(0.0)
    people = len(to_pandas(marks.filter(nw.col("has")).select("person_id").unique()))
    hours, meetings, known_hours, known_meetings, all_hours = (float(value) for value in sums.iloc[0])
    return Habit(
        code=code,
        hours=hours,
        share=hours / known_hours if known_hours else 0.0,
        meetings=int(meetings),
        meeting_share=meetings / known_meetings if known_meetings else 0.0,
        people=people,
        unknown_hours=max(0.0, all_hours - known_hours),
    )


def _double_booking(rows: Lazy, doubles: Lazy, period: Period, scope: Scope, hours: float, meetings: int) -> Habit:
    booked = to_pandas(period.of(scope.of(doubles)).group_by("person_id").agg(hours=nw.col("hours").sum()))
    overlapping = len(to_pandas(rows.filter(nw.col("overlapping")).select("meeting_id", "person_id")))
    twice = float(booked["hours"].sum())
    return Habit(
        code="double_booking",
        hours=twice,
        share=twice / hours if hours else 0.0,
        meetings=overlapping,
        meeting_share=overlapping / meetings if meetings else 0.0,
        people=len(booked),
        unknown_hours=0.0,
    )


def _endless_habit(total: EndlessTotal, hours: float, meetings: int) -> Habit:
    known = hours - total.unknown_hours
    return Habit(
        code="endless_series",
        hours=total.hours,
        share=total.hours / known if known > 0 else 0.0,
        meetings=total.meetings,
        meeting_share=total.meetings / meetings if meetings else 0.0,
        people=total.people,
        unknown_hours=total.unknown_hours,
    )
