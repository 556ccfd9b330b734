"""What the pages about one's own work get to see: one's own figures, or those of a group without anybody in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals as nw
import pandas as pd

from analysis.scope import Scope
from analysis.snapshots import dependence_of, everybodys_roles, habits_of, role_weeks_of, stalling_of, stopping_of
from analysis.usual import lately
from privacy.group_dependence import OwnCard, OwnTable
from store.tables import to_pandas

if TYPE_CHECKING:
    from analysis.habits import Habits
    from analysis.period import Period
    from analysis.roles.mix import Mix
    from analysis.roles.roleweeks import RoleWeeks
    from analysis.roles.standing import Standing
    from analysis.stopping import SeriesLoad, Stopping
    from analysis.subjects import BothSides
    from analysis.usual import Lately
    from store.snapshot import Snapshot


@dataclass(frozen=True)
class RolesSeen:
    """Roles and habits as a viewer may see them.

    function, standing, both_sides and the habits are a person's own: `lately` those of the last weeks, `usually` those
    of the year before. Of a group, design has no share where it is not told apart, and then no week either.
    """

    people: int
    mix: Mix
    function: str | None
    standing: tuple[Standing, ...]
    both_sides: tuple[BothSides, ...]
    weeks: RoleWeeks
    lately: Habits | None
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
        weeks=role_weeks_of(snapshot, period, when, scope),
        lately=recent,
        usually=usual,
    )


def _habits(snapshot: Snapshot, when: Lately, scope: Scope) -> tuple[Habits, Habits | None]:
    usual = habits_of(snapshot, when.usual, scope) if when.usual else None
    return habits_of(snapshot, when.recent, scope), usual


def own_stopping(snapshot: Snapshot, period: Period, available: Period, person: str) -> StoppingSeen:
    """One's own series, with their titles and who organises them."""
    found = stopping_of(snapshot, period, lately(period, available), Scope(person_id=person))
    titles = _titles(snapshot, {each.series_id for each in found.series}, period, person)
    return StoppingSeen(found, titles, _names(snapshot, found.series))


def own_dependence(snapshot: Snapshot, period: Period, person: str) -> OwnCard | None:
    """One's own card, and the standing tables that stand still without oneself, the ones that met least first."""
    card = dependence_of(snapshot, period).card(person)
    if card is None:
        return None
    seats = stalling_of(snapshot, period).at(person)
    mine = {each.series_id: each.stall for each in seats if each.stall and each.stall.person_id == person}
    titles = _titles(snapshot, set(mine), period, person)
    tables = [OwnTable(titles.get(key), stall.weeks, stall.expected, stall.met) for key, stall in mine.items()]
    return OwnCard(card, period, len(seats), tuple(sorted(tables, key=lambda each: each.met - each.expected)))


def _titles(snapshot: Snapshot, wanted: set[str], period: Period, person: str) -> dict[str, str]:
    """What series were called last in a person's own calendar."""
    tables = snapshot.tables()
    held = tables.meetings.filter(nw.col("series_id").is_in(sorted(wanted)), ~nw.col("title").is_null())
    rows = to_pandas(held.select("series_id", "meeting_id", "start", "title"))
    mine = to_pandas(tables.attendance.filter(nw.col("person_id") == person).select("meeting_id"))
    rows = rows[rows["meeting_id"].isin(mine["meeting_id"]) & (rows["start"] < pd.Timestamp(period.end))]
    last = rows.sort_values(["start", "meeting_id"]).drop_duplicates("series_id", keep="last")
    return {str(series): str(title) for series, title in last[["series_id", "title"]].itertuples(index=False)}


def _names(snapshot: Snapshot, series: tuple[SeriesLoad, ...]) -> dict[str, str]:
    wanted = sorted({each.organizer_id for each in series if each.organizer_id})
    people = snapshot.tables().people.filter(nw.col("person_id").is_in(wanted), ~nw.col("name").is_null())
    rows = to_pandas(people.select("person_id", "name").unique()).sort_values(["person_id", "name"])
    return {str(person): str(name) for person, name in rows[["person_id", "name"]].itertuples(index=False)}
