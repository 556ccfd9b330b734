"""How a group's units are tied, told of units and ties of enough people; nobody through whom it goes is named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from privacy.groups import MINIMUM, MINIMUM_FOR_COUNTS, ORGANISATION, Group, unit_groups

if TYPE_CHECKING:
    import pandas as pd

    from analysis.bridges import Bridges
    from analysis.bridges.measure import PairTie
    from analysis.period import Period

SEPARATOR = " / "


@dataclass(frozen=True)
class Unit:
    """A team, or several taken together: name, department and the people in it now."""

    name: str
    department: str
    people: int


@dataclass(frozen=True)
class Tie:
    """Two units (places in the list of units) that meet: hours a week they share, and the people of both in it."""

    one: int
    other: int
    hours_a_week: float
    people: int


@dataclass(frozen=True)
class SliceTies:
    """One slice of time: pairs of teams that met, those within two steps, and those one person's leaving would part."""

    period: Period
    connected: int
    within_two: int
    hanging: int


@dataclass(frozen=True)
class Places:
    """Meeting places of one kind in which teams meet: how many, how many of them are enough, person-hours a week."""

    kind: str
    places: int
    enough: int
    hours: float
    hours_enough: float


@dataclass(frozen=True)
class GroupTies:
    """The ties between units of enough people.

    pairs and alone count all pairs of teams that meet, and those of them that meet through one person only. not_shown
    are pairs whose tie rests on too few people, or on a team that is no more. places is how few meeting places of the
    last quarter would keep every pair of teams together; exact says that fewer cannot. A release tells ties between
    departments in bands (hours_a_week and people are their lower ends) and neither alone nor not_shown: they are None.
    """

    scope: str
    period: Period
    people: int
    apart: int
    units: tuple[Unit, ...]
    ties: tuple[Tie, ...]
    not_shown: int | None
    pairs: int
    alone: int | None
    slices: tuple[SliceTies, ...]
    quarter: Period
    places: tuple[Places, ...]
    exact: bool


def group_ties(found: Bridges, people: pd.DataFrame, department: str | None) -> GroupTies | None:
    """The ties of enough people, else None; `people` are those on the chart now. A department sees its own ties."""
    groups = _leaves(people)
    node = _nodes(people, groups)
    mine = [pair for pair in found.pairs if department is None or any(_department(u) == department for u in pair.units)]
    if found.people < MINIMUM_FOR_COUNTS or len({each.person_id for pair in mine for each in pair.carriers}) < MINIMUM:
        return None
    ties, thin = _ties(mine, node, found.period.weeks)
    used = sorted({place for tie in ties for place in (tie.one, tie.other)})
    place_of = {place: number for number, place in enumerate(used)}
    return GroupTies(
        scope=department or ORGANISATION,
        period=found.period,
        people=found.people,
        apart=found.apart,
        units=tuple(_unit(groups[place]) for place in used),
        ties=tuple(Tie(place_of[tie.one], place_of[tie.other], tie.hours_a_week, tie.people) for tie in ties),
        not_shown=thin,
        pairs=len(mine),
        alone=sum(bool(pair.alone) for pair in mine),
        slices=tuple(SliceTies(each.period, each.connected, each.within_two, each.hanging) for each in found.slices),
        quarter=found.smallest.period,
        places=_places(found),
        exact=found.smallest.exact,
    )


def _department(unit: str) -> str:
    return unit.split(SEPARATOR, maxsplit=1)[0]


def _leaves(people: pd.DataFrame) -> list[Group]:
    """The smallest groups that may be spoken about; together they hold everybody once."""
    numbered = list(enumerate(people[["department", "team"]].itertuples(index=False)))
    departments = {number: str(row.department) for number, row in numbered}
    teams = {number: str(row.team or "") for number, row in numbered}
    groups = unit_groups(departments, teams, lambda members: len(members) >= MINIMUM)
    split = {group.unit for group in groups if group.kind == "team"}
    whole = [group for group in groups if group.kind == "department" and group.name not in split]
    leaves = whole + [group for group in groups if group.kind == "team"]
    return leaves or [group for group in groups if group.kind == "organisation"]


def _nodes(people: pd.DataFrame, groups: list[Group]) -> dict[str, int]:
    """In which group each unit lies, by the unit's name as ties have it."""
    found = {}
    rows = people[["department", "team"]].fillna("").reset_index(drop=True)
    for place, group in enumerate(groups):
        for row in rows.loc[sorted(group.members)].drop_duplicates().itertuples(index=False):
            found[f"{row.department}{SEPARATOR}{row.team}"] = place
    return found


def _unit(group: Group) -> Unit:
    department = group.unit if group.kind == "team" else group.name
    return Unit("" if group.kind == "organisation" else group.name, department, len(group.members))


def _ties(pairs: list[PairTie], node: dict[str, int], weeks: int) -> tuple[list[Tie], int]:
    """Ties of enough people between groups, the strongest first, and how many rest on too few."""
    hours: dict[tuple[int, int], float] = {}
    who: dict[tuple[int, int], set[str]] = {}
    lost: set[tuple[str, str]] = set()  # of a team that is no more
    for pair in pairs:
        if not all(unit in node for unit in pair.units):
            lost.add(pair.units)
            continue
        places = [node[unit] for unit in pair.units]
        if len(set(places)) > 1:
            key = (min(places), max(places))
            hours[key] = hours.get(key, 0.0) + pair.hours
            who.setdefault(key, set()).update(each.person_id for each in pair.carriers)
    shown = [Tie(*key, hours[key] / weeks, len(who[key])) for key in hours if len(who[key]) >= MINIMUM]
    return sorted(shown, key=lambda tie: -tie.hours_a_week), len(hours) - len(shown) + len(lost)


def _places(found: Bridges) -> tuple[Places, ...]:
    """By kind; as one where somewhere too few people met to tell a kind apart."""
    kinds: dict[str, list[int]] = {}
    for number, each in enumerate(found.smallest.bridges):
        kinds.setdefault(each.kind, []).append(number)
    bridges = found.smallest.bridges
    if any(max(bridges[number].people for number in numbers) < MINIMUM for numbers in kinds.values()):
        kinds = {"": list(range(len(bridges)))}
    weeks = found.smallest.period.weeks
    return tuple(
        Places(
            kind,
            len(numbers),
            sum(bridges[number].kept for number in numbers),
            sum(bridges[number].hours for number in numbers) / weeks,
            sum(bridges[number].hours for number in numbers if bridges[number].kept) / weeks,
        )
        for kind, numbers in sorted(kinds.items())
        if numbers
    )
