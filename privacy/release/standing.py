"""Rows about a unit's standing tables: what takes their time and how many levels sit there; never who."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from privacy.access import OWN_TABLE
from privacy.release.rows import Row, rounded, row_of
from privacy.release.statements import Basis, Statement
from store.schema import LABELS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from analysis.forums.seats import Seats
    from analysis.period import Period
    from privacy.groups import Group
    from privacy.policy import Policy
    from privacy.release.cohort import Cohort
    from privacy.release.plan import Plan

    Array = NDArray[np.float64]

STEP, HALF_LEVEL, HOURS, TENS = 0.1, 0.5, 5.0, 10.0
FEWEST_MEETINGS = 5
SHARE, LEVELS, COUNT = "share of table time", "levels in the room", "standing tables"
TABLE_HOURS, MEETINGS = "hours a week", "meetings"


@dataclass(frozen=True)
class Table:
    """One standing table: who has a seat, its meetings, their clock hours by label and person-hours, levels there."""

    series_id: str
    members: frozenset[str]
    meetings: int
    hours: Mapping[str, float]
    person_hours: float
    levels: float | None

    @property
    def all_hours(self) -> float:
        """Clock hours of all its meetings."""
        return sum(self.hours.values())


def tables_of(found: Seats) -> tuple[Table, ...]:
    """The standing tables of a period."""
    members = found.members.groupby("series_id")["person_id"].agg(frozenset)
    return tuple(
        Table(
            series_id=str(series),
            members=members[series],
            meetings=len(own),
            hours=own.groupby("label")["hours"].sum().to_dict(),
            person_hours=float(own["person_hours"].sum()),
            levels=None if own["levels"].isna().all() else float(own["levels"].mean()),
        )
        for series, own in found.meetings.groupby("series_id", sort=True)
    )


class Standing:
    """The standing tables of a plan's units: at least `k_mt_self` people sit at what is told, and none dominates it."""

    def __init__(self, tables: Sequence[Table], plan: Plan, cohort: Cohort, policy: Policy) -> None:
        self._tables, self._period, self._policy = tables, cohort.period, policy
        place = {person: number for number, person in enumerate(cohort.people)}
        self._of = {
            group: tuple(each for each in tables if _sits(each, group, place))
            for group in plan.groups
            if group.kind in {"organisation", "department"}
        }

    def statement(self) -> Statement:
        """What the rows rest on: tables, and the people who have a seat at each."""
        bases = tuple(
            Basis(group.key, frozenset(each.series_id for each in tables), _values(tables))
            for group, tables in self._of.items()
            if sum(each.meetings for each in tables) >= FEWEST_MEETINGS
        )
        behind = {each.series_id: each.members for each in self._tables}
        return Statement(OWN_TABLE, self._period, bases, behind, self._policy.k_mt_self)

    def rows(self, told: Statement) -> tuple[Row, ...]:
        """The rows of every unit whose tables are told."""
        keys = {each.key for each in told.told}
        mine = [(group, tables) for group, tables in self._of.items() if group.key in keys]
        return tuple(row for group, tables in mine for row in _rows(tables, group, self._period))


def _sits(table: Table, group: Group, place: Mapping[str, int]) -> bool:
    inside = [place[person] in group.members for person in table.members if person in place]
    return bool(inside) and sum(inside) * 2 > len(table.members)


def _values(tables: Sequence[Table]) -> Array:
    """Everybody's hours at tables they have a seat at."""
    people = sorted({person for each in tables for person in each.members})
    place = {person: number for number, person in enumerate(people)}
    values = np.zeros((len(people), 1))
    for each in tables:
        values[[place[person] for person in each.members], 0] += each.all_hours
    return values


def _rows(tables: Sequence[Table], group: Group, period: Period) -> Iterator[Row]:
    total = sum(each.all_hours for each in tables)
    for label in LABELS:
        share = sum(each.hours.get(label, 0.0) for each in tables) / total
        yield row_of(OWN_TABLE, group, period, rounded(share, STEP), SHARE, label)
    known = [(each.levels, each.all_hours) for each in tables if each.levels is not None]
    if known:
        mean = float(np.average([level for level, _ in known], weights=[hour for _, hour in known]))
        yield row_of(OWN_TABLE, group, period, rounded(mean, HALF_LEVEL), LEVELS, "levels")
    a_week = sum(each.person_hours for each in tables) / period.weeks
    yield row_of(OWN_TABLE, group, period, rounded(a_week, HOURS), TABLE_HOURS, "hours")
    yield row_of(OWN_TABLE, group, period, float(len(tables)), COUNT, "tables")
    meetings = sum(each.meetings for each in tables)
    yield row_of(OWN_TABLE, group, period, max(float(FEWEST_MEETINGS), meetings // TENS * TENS), MEETINGS, "meetings")
