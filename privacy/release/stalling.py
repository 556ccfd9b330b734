"""Rows about standing tables that stand still while one of their people is away: which part, of tables of which kind.

Never one table, nor on whom it waits. A quarter holds too few absences, so that a release looks back a year; no week is
told of twice, and so it is told once a year at most.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from analysis.dependence.standstill import Stalling, stalling
from privacy.access import STALLING
from privacy.groups import size_band
from privacy.release.alone import Alone, Thing, alone_statement
from privacy.release.escalated import FIVES
from privacy.release.others import units_of
from privacy.release.rows import Row, rounded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from analysis.period import Period
    from privacy.groups import Group
    from privacy.policy import Policy
    from privacy.release.cohort import Cohort
    from privacy.release.plan import Plan
    from privacy.release.statements import Said, Statement
    from store.tables import Tables

ALL = "all"
TEAM, WIDER = "one team", "more than one team"
KINDS = (TEAM, WIDER)
COUNT, PART = "standing tables, about", "part that stands still"
# A year less the holidays it may begin with.
FEWEST_WEEKS = 48
# A guest or two do not make a team's table one of the whole house.
MOSTLY = 0.8


def label_of(kind: str, measured_in: str) -> str:
    """The label of a row about tables of a kind."""
    return f"{kind}: {measured_in}"


def read_stalling(tables: Tables, year: Period, cohort: Cohort, earlier: Sequence[Said]) -> Stalling:
    """The standing tables of a cohort in a year, none where a part of it was told before.

    Nobody else has a seat, and so no table waits for them.
    """
    if any(each.measure == STALLING and each.sets and each.ends > year.start.isoformat() for each in earlier):
        return Stalling(year, 0, ())
    return stalling(tables, year, cohort.people)


class StandingStill:
    """What may be told of them, for the organisation and its departments, and for tables of each kind."""

    def __init__(self, found: Stalling, plan: Plan, cohort: Cohort, policy: Policy) -> None:
        self._period, self._cohort, self._policy = found.period, cohort, policy
        self._sets: list[tuple[Group, str, Alone]] = []
        if found.weeks >= FEWEST_WEEKS:
            tables = _things(found, cohort)
            self._sets = [each for group in units_of(plan) for each in self._of(group, tables)]

    def statement(self) -> Statement:
        """What the rows rest on: tables, and everybody with a seat at each."""
        sets = [each for _, _, each in self._sets]
        return alone_statement(STALLING, self._period, sets, self._cohort, self._policy)

    def rows(self, told: Statement) -> Iterator[Row]:
        """At how many tables one could look, to five, and which part of these stands still, to a tenth."""
        keys = {each.key for each in told.told}
        for group, kind, tables in self._sets:
            if tables.key in keys:
                count = rounded(len(tables.things), FIVES)
                yield self._row(group, kind, count, COUNT, tables.people(tables.key))
            if tables.part is not None and {tables.key, tables.part_key} <= keys:
                yield self._row(group, kind, tables.part, PART, tables.people(tables.part_key))

    def _of(self, group: Group, tables: Sequence[tuple[str, Thing]]) -> Iterator[tuple[Group, str, Alone]]:
        """All tables at which most are of a group, and those of each kind where both kinds can be told."""
        mine = [(kind, each) for kind, each in tables if 2 * len(each.people & group.members) > len(each.people)]
        sets = {ALL: [each for _, each in mine]} | {
            name: [each for kind, each in mine if kind == name] for name in KINDS
        }
        found = {name: Alone(f"{group.key}, {name}", things, self._policy) for name, things in sets.items()}
        apart = all(found[name].part is not None and self._enough(found[name]) for name in KINDS)
        for name in (ALL, *KINDS) if apart else (ALL,):
            # What has no part to tell now may have one in a later release.
            if found[name].part is not None:
                yield group, name, found[name]

    def _enough(self, tables: Alone) -> bool:
        return all(tables.people(key) >= self._policy.k_count_mt for key in (tables.key, tables.part_key))

    def _row(self, group: Group, kind: str, value: float, measured_in: str, people: int) -> Row:
        band = size_band(people)
        label = label_of(kind, measured_in)
        return Row(STALLING, group.key, group.units, str(self._period), label, value, measured_in, band)


def _things(found: Stalling, cohort: Cohort) -> list[tuple[str, Thing]]:
    """The tables at which one could look, each with its kind."""
    place = {person: number for number, person in enumerate(cohort.people)}
    things = []
    for each in found.tables:
        if each.looked_at:
            alone = frozenset({place[each.stall.person_id]}) if each.stall else frozenset[int]()
            people = frozenset(place[person] for person in each.members)
            seen = frozenset(place[person] for person in each.looked_at)
            things.append((_kind(people, cohort), Thing(each.series_id, people, alone, seen)))
    return things


def _kind(people: frozenset[int], cohort: Cohort) -> str:
    teams = Counter((cohort.department[each], cohort.team[each]) for each in people if cohort.team[each])
    return TEAM if teams and max(teams.values()) >= MOSTLY * len(people) else WIDER
