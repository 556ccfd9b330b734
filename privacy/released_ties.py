"""How departments and teams are tied, as the page shows it, rebuilt from released rows alone."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from privacy.access import HANGING
from privacy.groups import at_least
from privacy.release.hanging import ALONE, PAIRS
from privacy.release.ties import BANDS, TIES
from privacy.released_quarter import info_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.period import Period
    from privacy.released_quarter import Quarter

AT_LEAST = {words: least for least, words in BANDS}


@dataclass(frozen=True)
class Unit:
    """A department, or several taken together: its name and at least how many people are in it."""

    name: str
    people: int


@dataclass(frozen=True)
class Tie:
    """Two units (places in the list of units) that meet: at least so many hours a week, and so many people of both."""

    one: int
    other: int
    hours_a_week: float
    people: int


@dataclass(frozen=True)
class HangingPairs:
    """About how many pairs of teams of the organisation meet, and which part of them through one person alone.

    The ends of that part are open: 0.9 and 0.1 say nothing of the few that are left. None where it is not told.
    """

    pairs: int
    alone: float | None


@dataclass(frozen=True)
class GroupTies:
    """The ties between departments of a quarter that enough people of both are in, and how many pairs hang on one."""

    scope: str
    period: Period
    people: int
    units: tuple[Unit, ...]
    ties: tuple[Tie, ...]
    hanging: HangingPairs | None


def released_ties(told: Sequence[Quarter], unit: str | None, group: str, scope: str, fewest: int) -> GroupTies | None:
    """The last quarter that tells any: a department sees its own ties, the others see all.

    What hangs on one person is told where at least `fewest` people are behind it.
    """
    quarter = next((each for each in reversed(told) if any(row.measure in {TIES, HANGING} for row in each.rows)), None)
    if quarter is None:
        return None
    departments = [each for each in quarter.release.groups if each.kind == "department"]
    pairs = {f"{one.key} - {other.key}": (one, other) for one, other in combinations(departments, 2)}
    rows = [row for row in quarter.rows if row.measure == TIES and (not unit or unit in row.units)]
    named = [(row, *pairs[row.label]) for row in rows]
    units = [each for each in departments if any(each in pair[1:] for pair in named)]
    place = {each.key: number for number, each in enumerate(units)}
    ties = [
        Tie(place[one.key], place[other.key], AT_LEAST[str(row.value)], at_least(row.people))
        for row, one, other in named
    ]
    return GroupTies(
        scope=scope,
        period=quarter.period,
        people=at_least(info_of(quarter.release, group).people),
        units=tuple(Unit(each.name, at_least(each.people)) for each in units),
        ties=tuple(sorted(ties, key=lambda tie: -tie.hours_a_week)),
        hanging=_hanging(quarter, fewest),
    )


def _hanging(quarter: Quarter, fewest: int) -> HangingPairs | None:
    rows = {row.label: row for row in quarter.rows if row.measure == HANGING and at_least(row.people) >= fewest}
    if PAIRS not in rows:
        return None
    return HangingPairs(int(rows[PAIRS].value), float(rows[ALONE].value) if ALONE in rows else None)
