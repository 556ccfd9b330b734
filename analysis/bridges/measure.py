"""The bridges and doors of a period, put together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.bridges.breeding import Breeding, breeding
from analysis.bridges.brokerage import constraint
from analysis.bridges.codes import Coded, coded
from analysis.bridges.comings import series_people
from analysis.bridges.cover import greedy, smallest_cover
from analysis.bridges.doors import Doors, doors
from analysis.bridges.knockout import knockouts
from analysis.bridges.meeting_places import SERIES, MeetingPlaces, kinds, meeting_places, within
from analysis.bridges.pairs import alone_of, carriers
from analysis.bridges.rules import DEFAULT, BridgeRules, recent, slices
from analysis.bridges.ties import apart, crossings, operational, ties
from store.tables import to_pandas

if TYPE_CHECKING:
    from analysis.period import Period
    from store.tables import Lazy, Tables


@dataclass(frozen=True)
class Carrier:
    """Somebody through whom two units are tied: on whose side, to how many people of the other unit, and how strongly.

    hours are those shared with the other unit; share is of the pair's; alone: no two people of these units met without.
    """

    person_id: str
    unit: str
    ties: int
    hours: float
    share: float
    alone: bool


@dataclass(frozen=True)
class PairTie:
    """Two units that met in the period: hours shared, people on both sides, and through whom, strongest first."""

    units: tuple[str, str]
    hours: float
    people: tuple[int, int]
    carriers: tuple[Carrier, ...]
    alone: tuple[str, ...]


@dataclass(frozen=True)
class PersonBridges:
    """One person's part in the ties between units.

    pairs: pairs of units tied through this person among others; alone, alone_hours: those tied through this person
    alone; slices: in how many of them this person had ties to other units; parted: pairs that would lose each other
    within two hops if this person were taken out, mean and most over those slices; loss: share of the efficiency of
    all pairs that would go, mean; constraint: Burt's, over the whole period.
    """

    person_id: str
    pairs: int
    alone: int
    alone_hours: float
    slices: int
    parted: float
    parted_most: int
    loss: float
    constraint: float | None


@dataclass(frozen=True)
class Slice:
    """One slice of time: who met whom, and what it took.

    connected: pairs of units that met; within_two: also counting those that meet the same third person; hanging:
    pairs that some one person's leaving would part; person_pairs: pairs of people of different units that met; hours:
    person-hours of meetings of several units; simmel: person_pairs / hours; bridges, enough: meeting places of
    several units, and how many of them a greedy choice needs; redundancy: 1 - enough / bridges.
    """

    period: Period
    people: int
    units: int
    connected: int
    within_two: int
    hanging: int
    person_pairs: int
    hours: float
    simmel: float | None
    bridges: int
    enough: int
    redundancy: float | None


@dataclass(frozen=True)
class Bridge:
    """One series, subject or loose set of units in which units meet; kept: it is in the smallest set."""

    kind: str
    name: str
    meetings: int
    units: int
    pairs: int
    hours: float
    people: int
    kept: bool


@dataclass(frozen=True)
class BridgeSet:
    """The smallest set of bridges in which every pair of units that meets now (last quarter) still meets.

    least: so many are needed at least, proven; exact: no smaller set exists; otherwise it is a greedy choice of at
    most `guarantee` times the smallest. redundancy: share of the bridges outside it; hours_outside: person-hours of
    those.
    """

    period: Period
    pairs: int
    size: int
    least: int
    exact: bool
    guarantee: float
    redundancy: float | None
    hours: float
    hours_outside: float
    bridges: tuple[Bridge, ...]


@dataclass(frozen=True)
class Bridges:
    """The bridges and doors of a period.

    people: operational people who met; apart: service roles and assistants, left out; sampled: nothing here is.
    """

    period: Period
    people: int
    apart: int
    units: int
    sampled: bool
    slices: tuple[Slice, ...]
    pairs: tuple[PairTie, ...]
    persons: tuple[PersonBridges, ...]
    smallest: BridgeSet
    breeding: Breeding
    doors: Doors

    def person(self, person_id: str) -> PersonBridges | None:
        """One person's part."""
        return next((each for each in self.persons if each.person_id == person_id), None)


def tie_list(tables: Tables, there: Lazy, period: Period, rules: BridgeRules = DEFAULT) -> Coded:
    """The ties between operational people in a period, a slice at a time; `there` is the kept table of `presence`."""
    rows = operational(tables, period.of(there), rules)
    return coded(to_pandas(ties(rows, slices(period, rules), rules)), rules.fewest_people)


def bridges(
    tables: Tables, there: Lazy, subjects: pd.DataFrame, period: Period, rules: BridgeRules = DEFAULT
) -> Bridges:
    """Ties between units, knock-outs, the smallest set of bridges, and doors; `subjects` says who met on what."""
    parts = slices(period, rules)
    rows = operational(tables, period.of(there), rules)
    network = coded(to_pandas(ties(rows, parts, rules)), rules.fewest_people)
    met = kinds(to_pandas(crossings(rows, parts, network.named_units, rules)), subjects)
    carried = carriers(network)
    out, totals = knockouts(network, len(parts))
    series = series_people(rows, period)
    bridging = series["series_id"].isin(met.loc[met["kind"] == SERIES, "name"])
    first = series.groupby("series_id")["first"].transform("min")
    return Bridges(
        period=period,
        people=len(network.people),
        apart=apart(tables, period.of(there), rules),
        units=len(network.named_units),
        sampled=False,
        slices=_slices(parts, network, totals, met),
        pairs=_pairs(carried, network),
        persons=_persons(carried, network, out),
        smallest=_smallest(within(met, recent(period, rules)), rows, recent(period, rules), rules),
        breeding=breeding(series.assign(first=first)[bridging], period),
        doors=doors(tables, there, period, rules),
    )


def _pairs(carried: pd.DataFrame, ties: Coded) -> tuple[PairTie, ...]:
    ordered = carried.sort_values(["pair", "hours", "person"], ascending=[True, False, True])
    columns = ("pair", "person", "side", "ties", "hours", "share", "alone")
    found: dict[int, list[Carrier]] = {}
    for pair, person, side, count, hours, share, alone in zip(
        *(ordered[each].tolist() for each in columns), strict=True
    ):
        carrier = Carrier(ties.people[person], ties.units[side], count, hours, share, alone)
        found.setdefault(pair, []).append(carrier)
    return tuple(_pair(ties.names(pair), tuple(each)) for pair, each in found.items())


def _pair(units: tuple[str, str], through: tuple[Carrier, ...]) -> PairTie:
    first, second = (sum(each.unit == unit for each in through) for unit in units)
    return PairTie(
        units=units,
        hours=sum(each.hours for each in through) / 2,
        people=(first, second),
        carriers=through,
        alone=tuple(sorted({each.person_id for each in through if each.alone})),
    )


def _persons(carried: pd.DataFrame, ties: Coded, out: pd.DataFrame) -> tuple[PersonBridges, ...]:
    rows = alone_of(carried, ties).rename(columns={"pairs": "alone", "hours": "alone_hours"}).set_index("person_id")
    rows["pairs"] = carried.groupby("person")["pair"].nunique().rename(index=dict(enumerate(ties.people)))
    fallen = out.groupby("person_id").agg(
        slices=("slice", "size"), parted=("pairs", "mean"), parted_most=("pairs", "max"), loss=("loss", "mean")
    )
    rows["constraint"] = pd.Series(constraint(ties), index=ties.people)
    rows = rows.join(fallen).fillna(dict.fromkeys(("pairs", *fallen.columns), 0))
    return tuple(
        PersonBridges(
            person_id=str(row["person_id"]),
            pairs=int(row["pairs"]),
            alone=int(row["alone"]),
            alone_hours=float(row["alone_hours"]),
            slices=int(row["slices"]),
            parted=float(row["parted"]),
            parted_most=int(row["parted_most"]),
            loss=float(row["loss"]),
            constraint=None if pd.isna(row["constraint"]) else float(row["constraint"]),
        )
        for row in rows.reset_index().to_dict("records")
    )


def _slices(parts: tuple[Period, ...], ties: Coded, totals: pd.DataFrame, met: pd.DataFrame) -> tuple[Slice, ...]:
    return tuple(
        _slice(part, ties.only(np.flatnonzero(ties.part == number)), totals.iloc[number], met[met["slice"] == number])
        for number, part in enumerate(parts)
    )


def _slice(part: Period, ties: Coded, total: pd.Series, met: pd.DataFrame) -> Slice:
    across, places = ties.paired, meeting_places(met)
    enough = len(greedy(places.covers, places.bridges["hours"].to_numpy()))
    pairs = len(across.total.hours)
    hours = float(met["hours"].sum())
    return Slice(
        period=part,
        people=len(np.union1d(ties.one, ties.other)),
        units=int(ties.counted[np.union1d(ties.one_unit, ties.other_unit)].sum()),
        connected=len(np.unique(across.pair)),
        within_two=int(total["pairs"]),
        hanging=int(total["hanging"]),
        person_pairs=pairs,
        hours=hours,
        simmel=pairs / hours if hours else None,
        bridges=len(places.bridges),
        enough=enough,
        redundancy=1 - enough / len(places.bridges) if len(places.bridges) else None,
    )


def _smallest(met: pd.DataFrame, rows: Lazy, now: Period, rules: BridgeRules) -> BridgeSet:
    places = meeting_places(met)
    cover = smallest_cover(places.covers, places.bridges["hours"].to_numpy(), rules)
    listed = _listed(places, set(cover.chosen), _people_in(met, rows, now))
    outside = sum(each.hours for each in listed if not each.kept)
    return BridgeSet(
        period=now,
        pairs=len(places.pairs),
        size=len(cover.chosen),
        least=cover.least,
        exact=cover.exact,
        guarantee=cover.guarantee,
        redundancy=1 - len(cover.chosen) / len(listed) if listed else None,
        hours=sum(each.hours for each in listed) - outside,
        hours_outside=outside,
        bridges=listed,
    )


def _people_in(met: pd.DataFrame, rows: Lazy, now: Period) -> pd.Series:
    """How many different people each bridge brought together."""
    who = to_pandas(now.of(rows).select("meeting_id", "person_id"))
    places = met[["meeting_id", "kind", "name"]].drop_duplicates()
    return who.merge(places, on="meeting_id").groupby(["kind", "name"])["person_id"].nunique()


def _listed(places: MeetingPlaces, kept: set[int], people: pd.Series) -> tuple[Bridge, ...]:
    """The bridges, those outside the set first, each part by hours."""
    pairs = np.diff(places.covers.indptr)
    listed = [
        Bridge(
            kind=str(row["kind"]),
            name=str(row["name"]),
            meetings=int(row["meetings"]),
            units=int(row["units"]),
            pairs=int(pairs[number]),
            hours=float(row["hours"]),
            people=int(people.get((row["kind"], row["name"]), 0)),
            kept=number in kept,
        )
        for number, row in enumerate(places.bridges.to_dict("records"))
    ]
    return tuple(sorted(listed, key=lambda each: (each.kept, -each.hours, each.kind, each.name)))
