"""What the pages about one's own work get to see: one's own figures, or those of a group without anybody in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import narwhals as nw
import pandas as pd

from analysis.scope import EVERYBODY, Scope
from analysis.snapshots import everybodys_roles, habits_of, role_weeks_of, roles_of, signals_of, stopping_of
from analysis.usual import lately
from privacy.groups import MINIMUM
from store.tables import to_pandas

if TYPE_CHECKING:
    from analysis.habits import Habits
    from analysis.period import Period
    from analysis.roles import GroupRoles, Roles
    from analysis.roles.mix import Mix
    from analysis.roles.roleweeks import RoleWeeks
    from analysis.roles.standing import Standing
    from analysis.signals import Signal, Signals
    from analysis.stopping import SeriesLoad, Stopping
    from analysis.subjects import BothSides
    from analysis.usual import Lately
    from store.database import Snapshot


@dataclass(frozen=True)
class RolesSeen:
    """Roles and habits as a viewer may see them.

    function, standing and both_sides are a person's own; functions are those of a group that are large enough.
    `lately` are the habits of the last weeks, `usually` those of the year before.
    """

    people: int
    mix: Mix
    function: str | None
    standing: tuple[Standing, ...]
    both_sides: tuple[BothSides, ...]
    functions: tuple[GroupRoles, ...]
    weeks: RoleWeeks
    lately: Habits
    usually: Habits | None


@dataclass(frozen=True)
class StoppingSeen:
    """Series as a viewer may see them; titles and names of organisers are there for one's own alone."""

    stopping: Stopping
    titles: dict[str, str]
    names: dict[str, str]


def own_roles(snapshot: Snapshot, period: Period, available: Period, person: str) -> RolesSeen | None:
    """One's own roles and habits; None for somebody who was not at work in the period."""
    scope, when = Scope(person_id=person), lately(period, available)
    mine = next((each for each in everybodys_roles(snapshot, period).people if each.person_id == person), None)
    if mine is None:
        return None
    recent, usual = _habits(snapshot, when, scope)
    return RolesSeen(
        people=1,
        mix=mine.mix,
        function=mine.function,
        standing=mine.standing,
        both_sides=mine.both_sides,
        functions=(),
        weeks=role_weeks_of(snapshot, period, when, scope),
        lately=recent,
        usually=usual,
    )


def roles_of_many(snapshot: Snapshot, period: Period, available: Period, scope: Scope = EVERYBODY) -> RolesSeen | None:
    """The roles and habits of a group; None where it is too small to speak about."""
    found = everybodys_roles(snapshot, period) if scope == EVERYBODY else roles_of(snapshot, period, scope)
    when = lately(period, available)
    if len(found.people) < MINIMUM:
        return None
    recent, usual = _habits(snapshot, when, scope)
    weeks = role_weeks_of(snapshot, period, when, scope)
    return RolesSeen(
        people=len(found.people),
        mix=found.mix,
        function=None,
        standing=(),
        both_sides=(),
        functions=_large_functions(found),
        weeks=replace(weeks, weeks=tuple(week for week in weeks.weeks if week.people >= MINIMUM)),
        lately=_without_few(recent),
        usually=_without_few(usual) if usual else None,
    )


def _habits(snapshot: Snapshot, when: Lately, scope: Scope) -> tuple[Habits, Habits | None]:
    usual = habits_of(snapshot, when.usual, scope) if when.usual else None
    return habits_of(snapshot, when.recent, scope), usual


def _without_few(habits: Habits) -> Habits:
    """Habits that too few have are left out, and so is every list that may point at somebody."""
    kept = tuple(habit for habit in habits.habits if habit.people >= MINIMUM)
    return replace(habits, habits=kept, clashes=(), endless=())


def _large_functions(found: Roles) -> tuple[GroupRoles, ...]:
    """The functions that are large enough; what is left over is none, or large enough as well."""
    kept = sorted((each for each in found.by_function if each.people >= MINIMUM), key=lambda each: -each.people)
    left = len(found.people) - sum(each.people for each in kept)
    while kept and 0 < left < MINIMUM:
        left += kept.pop().people
    return tuple(kept)


def signals_of_many(snapshot: Snapshot, period: Period, scope: Scope = EVERYBODY) -> Signals:
    """The subjects that come back in a group: those enough people had, without their words, teams or levels."""
    found = signals_of(snapshot, period, scope)
    large = [each for each in found.topics if each.people >= MINIMUM]
    by_hours = sorted(large, key=lambda each: (-each.hours, each.topic_id))
    rank = {each.topic_id: number for number, each in enumerate(by_hours, start=1)}
    return replace(found, topics=tuple(_nameless(each, rank[each.topic_id]) for each in large))


def _nameless(signal: Signal, number: int) -> Signal:
    """A subject by its rank: a title may name a person, and a level may be one."""
    return replace(signal, topic_id=str(number), topic="", teams=("",) * len(signal.teams), highest_level=None)


def own_stopping(snapshot: Snapshot, period: Period, available: Period, person: str) -> StoppingSeen:
    """One's own series, with their titles and who organises them."""
    found = stopping_of(snapshot, period, lately(period, available), Scope(person_id=person))
    wanted = sorted({each.series_id for each in found.series})
    tables = snapshot.tables()
    held = tables.meetings.filter(nw.col("series_id").is_in(wanted), ~nw.col("title").is_null())
    rows = to_pandas(held.select("series_id", "meeting_id", "start", "title"))
    mine = to_pandas(tables.attendance.filter(nw.col("person_id") == person).select("meeting_id"))
    rows = rows[rows["meeting_id"].isin(mine["meeting_id"]) & (rows["start"] < pd.Timestamp(period.end))]
    last = rows.sort_values(["start", "meeting_id"]).drop_duplicates("series_id", keep="last")
    titles = {str(series): str(title) for series, title in last[["series_id", "title"]].itertuples(index=False)}
    return StoppingSeen(found, titles, _names(snapshot, found.series))


def _names(snapshot: Snapshot, series: tuple[SeriesLoad, ...]) -> dict[str, str]:
    wanted = sorted({each.organizer_id for each in series if each.organizer_id})
    people = snapshot.tables().people.filter(nw.col("person_id").is_in(wanted), ~nw.col("name").is_null())
    rows = to_pandas(people.select("person_id", "name").unique()).sort_values(["person_id", "name"])
    return {str(person): str(name) for person, name in rows[["person_id", "name"]].itertuples(index=False)}


def stopping_of_many(snapshot: Snapshot, period: Period, available: Period, scope: Scope = EVERYBODY) -> StoppingSeen:
    """The series of a group in which enough of its people sit, without titles, organisers or ties between them."""
    found = stopping_of(snapshot, period, lately(period, available), scope)
    kept = tuple(
        replace(each, organizer_id=None, alike=None, alike_share=0.0, stand_ins=0)
        for each in found.series
        if each.people >= MINIMUM
    )
    return StoppingSeen(replace(found, series=kept, count=len(kept)), {}, {})
