"""Rows about ties between departments: how much two of them meet, as a band, and never through whom."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np
from scipy.sparse import csr_array

from privacy.groups import size_band
from privacy.release.rows import Row
from privacy.release.statements import Basis, Statement
from store.tables import to_pandas

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from analysis.period import Period
    from privacy.groups import Group
    from privacy.policy import Policy
    from privacy.release.cohort import Cohort
    from privacy.release.plan import Plan
    from store.tables import Tables

    Array = NDArray[np.float64]

TIES = "ties"
MOST_TIES = 400
BANDS = ((20.0, "20 hours a week or more"), (5.0, "5-20 hours a week"), (1.0, "1-5 hours a week"))


@dataclass(frozen=True)
class Meetings:
    """Who of the cohort (rows) was asked to which meeting (columns) and did not decline, and the meetings' hours."""

    there: csr_array
    hours: Array


@dataclass(frozen=True)
class Tie:
    """Two departments, the hours a week in which both meet, and how many of both are in it."""

    one: Group
    other: Group
    hours: float
    people: int

    @property
    def key(self) -> str:
        """How rows name it."""
        return f"{TIES}:{self.one.name} - {self.other.name}"


def read_meetings(tables: Tables, cohort: Cohort) -> Meetings:
    """The meetings of a cohort; `tables` hold those that count towards the release."""
    minutes = nw.col("end_minute") - nw.col("start_minute")
    meetings = tables.meetings.filter(nw.col("status") != "cancelled", ~nw.col("all_day"), nw.col("kind") == "meeting")
    people = tables.attendance.filter(nw.col("response") != "declined", nw.col("role") != "resource")
    rows = to_pandas(
        people.select("meeting_id", "person_id").join(
            meetings.select("meeting_id", hours=minutes * (1 / 60)), on="meeting_id", how="inner"
        )
    )
    place = {person: number for number, person in enumerate(cohort.people)}
    person = rows["person_id"].map(place)
    rows = rows[person.notna()].assign(person=person).drop_duplicates(["meeting_id", "person"])
    code, known = rows["meeting_id"].factorize()
    there = csr_array((np.ones(len(rows)), (rows["person"].to_numpy(dtype=int), code)), shape=(cohort.size, len(known)))
    hours = np.zeros(len(known))
    hours[code] = rows["hours"].to_numpy(dtype=float)
    return Meetings(there, hours)


class Ties:
    """The ties of a plan's departments; whatever is told of them rests on meetings of so many people of both."""

    def __init__(self, found: Meetings, plan: Plan, cohort: Cohort, policy: Policy) -> None:
        self._found, self._cohort, self._policy = found, cohort, policy
        self._units = [
            group for group in plan.groups if group.kind == "department" and len(group.members) >= policy.k_graph
        ]
        member = np.zeros((len(self._units), cohort.size))
        for number, group in enumerate(self._units):
            member[number, sorted(group.members)] = 1.0
        self._in_it = csr_array((csr_array(member) @ found.there).sign())
        self._ties, self._bases = self._told()

    def statement(self) -> Statement:
        """What the ties rest on: the meetings of every combination of departments, as one thing each."""
        patterns, behind = self._patterns()
        between: dict[frozenset[str], set[str]] = {}
        for name, units in patterns.items():
            for pair in combinations(units, 2):
                between.setdefault(frozenset(pair), set()).add(name)
        bases = tuple(
            Basis(tie.key, frozenset(between[frozenset({tie.one.key, tie.other.key})]), values)
            for tie, values in zip(self._ties, self._bases, strict=True)
        )
        return Statement(TIES, self._cohort.period, bases, behind, self._policy.k_graph)

    def rows(self, told: Statement) -> tuple[Row, ...]:
        """A row a tie that is told."""
        keys = {each.key for each in told.told}
        return tuple(_row(tie, self._cohort.period) for tie in self._ties if tie.key in keys)

    def _told(self) -> tuple[list[Tie], list[Array]]:
        """Ties of an hour a week or more, with everybody's hours with the other side (people x sides)."""
        if len(self._units) < 2:
            return [], []
        weighed = self._in_it.multiply(self._found.hours[None, :]).tocsr()
        hours = (weighed @ self._in_it.T).toarray() / self._cohort.period.weeks
        with_unit = (self._found.there @ weighed.T).toarray()
        ties, bases = [], []
        for one, other in combinations(range(len(self._units)), 2):
            if hours[one, other] >= BANDS[-1][0]:
                values = self._both(one, other, with_unit)
                people = int((values > 0).any(axis=1).sum())
                ties.append(Tie(self._units[one], self._units[other], float(hours[one, other]), people))
                bases.append(values)
        # The largest first; of the rest nobody could read a page, and the audit looks at all combinations of them.
        most = sorted(range(len(ties)), key=lambda place: (-ties[place].hours, ties[place].key))[:MOST_TIES]
        return [ties[place] for place in sorted(most)], [bases[place] for place in sorted(most)]

    def _both(self, one: int, other: int, with_unit: Array) -> Array:
        sides = [sorted(self._units[each].members) for each in (one, other)]
        values = np.zeros((len(sides[0]) + len(sides[1]), 2))
        values[: len(sides[0]), 0] = with_unit[sides[0], other]
        values[len(sides[0]) :, 1] = with_unit[sides[1], one]
        return values

    def _patterns(self) -> tuple[dict[str, tuple[str, ...]], Mapping[str, frozenset[str]]]:
        """Every combination of departments that met: which they are, and who of them was there."""
        units, there = self._in_it.tocsc(), self._found.there.tocsc()
        met: dict[tuple[int, ...], set[int]] = {}
        for meeting in range(units.shape[1]):
            inside = units.indices[units.indptr[meeting] : units.indptr[meeting + 1]]
            if len(inside) > 1:
                people = there.indices[there.indptr[meeting] : there.indptr[meeting + 1]]
                met.setdefault(tuple(sorted(inside.tolist())), set()).update(people.tolist())
        named = {" | ".join(self._units[each].key for each in pattern): pattern for pattern in met}
        keys = {name: tuple(self._units[each].key for each in pattern) for name, pattern in named.items()}
        behind = {name: self._cohort.ids(met[pattern]) for name, pattern in named.items()}
        return keys, behind


def _row(tie: Tie, period: Period) -> Row:
    words = next(name for least, name in BANDS if tie.hours >= least)
    units, label = (*tie.one.units, *tie.other.units), f"{tie.one.key} - {tie.other.key}"
    return Row(TIES, tie.key, units, str(period), label, words, "meetings of both", size_band(tie.people))
