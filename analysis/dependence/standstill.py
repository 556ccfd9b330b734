"""Standing tables that stand still while one of their people is away: which would not meet without whom.

A table is held against its own other weeks, and every week against how many tables met in it at all, so that a quiet
summer is nobody's absence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import binom

from analysis.dependence.standing import MOST_SEATS, standing

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from analysis.dependence.standing import Standing
    from analysis.period import Period
    from store.tables import Tables

STOOD_STILL = 1 / 3
ERROR = 0.05
# No table is so certain to meet that a single week without it proves much.
MOST_CERTAIN = 0.95


@dataclass(frozen=True)
class Stall:
    """On whom a table waits: it met in `met` of the `weeks` that this person was away, where `expected` is usual.

    p_value: how often a table that does not mind would meet as little, for any of those who could be looked at.
    """

    person_id: str
    weeks: int
    expected: float
    met: int
    p_value: float


@dataclass(frozen=True)
class StandingTable:
    """A table: who has a seat, in how many weeks it met, what it is mostly for, and whether it waits for somebody.

    looked_at: those of its people who were away long enough to see; where nobody was, nothing is known of it.
    """

    series_id: str
    members: tuple[str, ...]
    weeks: int
    label: str | None
    looked_at: tuple[str, ...]
    stall: Stall | None


@dataclass(frozen=True)
class Stalling:
    """The standing tables of a period, by series; `weeks` is from the first week with any meeting to its end."""

    period: Period
    weeks: int
    tables: tuple[StandingTable, ...]

    def at(self, person_id: str) -> tuple[StandingTable, ...]:
        """The tables at which a person has a seat."""
        return tuple(each for each in self.tables if person_id in each.members)


@dataclass(frozen=True)
class _Tried:
    """Seats whose holders were away long enough: weeks away, weeks in which the table met, and as is usual."""

    table: np.ndarray
    person: np.ndarray
    weeks: np.ndarray
    met: np.ndarray
    expected: np.ndarray
    p_value: np.ndarray


def stalling(tables: Tables, period: Period, among: Collection[str] | None = None) -> Stalling:
    """Everybody's standing tables, or those of some people, and for whom of them each waits.

    One table waits for one person here: the one for whom its standing still is the least likely chance. People who are
    always away together cannot be told apart.
    """
    found = standing(tables, period, among)
    return Stalling(period, _weeks(found, period), tuple(_tables(found, _tried(found))))


def _weeks(found: Standing, period: Period) -> int:
    met = np.flatnonzero(found.met.any(axis=0))
    return period.weeks - int(met[0]) if len(met) else 0


def _tried(found: Standing) -> _Tried:
    away = found.away[found.person] & found.there[found.table]
    met = found.met[found.table]
    usual = _usual(found)[found.table]
    here = found.there[found.table] & ~away
    rate = (met & here).sum(axis=1) / np.maximum((usual * here).sum(axis=1), 1e-9)
    expected = (np.minimum(rate[:, None] * usual, MOST_CERTAIN) * away).sum(axis=1)
    weeks, held = away.sum(axis=1), (met & away).sum(axis=1)
    chance = expected / np.maximum(1, weeks)
    calls = found.called_by[found.table] == found.person
    looks = _looks(found.table, calls, binom.cdf(0, weeks, chance))
    seen = looks > 0
    # A sum of unequal chances spreads less than as many equal ones (Hoeffding 1956): this errs on the safe side.
    p_value = np.minimum(1.0, looks * binom.cdf(held, weeks, chance))
    return _Tried(*(each[seen] for each in (found.table, found.person, weeks, held, expected, p_value)))


def _looks(table: np.ndarray, calls: np.ndarray, least: np.ndarray) -> np.ndarray:
    """How often was looked at a table, for each of its seats: what a chance is multiplied by; 0 where nothing shows.

    `least` is the chance of a table that stood still all the time. Half of the error is for whoever calls a table, for
    whom it waits most likely (weighted Bonferroni: Genovese, Roeder and Wasserman 2006). Seats with an absence too
    short to show anything are no look (Tarone 1990).
    """
    looks = np.where(calls & (2 * least <= ERROR), 2.0, 0.0)
    others = np.where(calls, np.inf, least)
    for count in range(MOST_SEATS, 0, -1):
        shows = others <= ERROR / (2 * count)
        enough = np.bincount(table, weights=shows, minlength=table.max(initial=0) + 1)[table] <= count
        looks = np.where(calls, looks, np.where(enough, np.where(shows, 2.0 * count, 0.0), looks))
    return looks


def _usual(found: Standing) -> np.ndarray:
    """How many of the other tables that were there met in each week, against their average: tables x weeks."""
    held = found.met & found.there
    there, met = found.there.sum(axis=0) - found.there, held.sum(axis=0) - held
    overall = met.sum(axis=1, keepdims=True) / np.maximum(1, there.sum(axis=1, keepdims=True))
    drawn: np.ndarray = (met + overall) / ((there + 1) * np.maximum(overall, 1e-9))
    return np.where(overall > 0, drawn, 1.0)


def _tables(found: Standing, tried: _Tried) -> Iterator[StandingTable]:
    seats, looked_at = _by_table(found, found.table, found.person), _by_table(found, tried.table, tried.person)
    stalls = dict(_stalls(found, tried))
    for table in np.unique(found.table).tolist():
        label = found.labels[table]
        yield StandingTable(
            series_id=str(found.series[table]),
            members=seats[table],
            weeks=int(found.met[table].sum()),
            label=label if isinstance(label, str) else None,
            looked_at=looked_at.get(table, ()),
            stall=stalls.get(table),
        )


def _by_table(found: Standing, table: np.ndarray, person: np.ndarray) -> dict[int, tuple[str, ...]]:
    people: dict[int, list[str]] = {}
    for number, each in zip(table.tolist(), person.tolist(), strict=True):
        people.setdefault(number, []).append(str(found.people[each]))
    return {number: tuple(sorted(names)) for number, names in people.items()}


def _stalls(found: Standing, tried: _Tried) -> Iterator[tuple[int, Stall]]:
    """The table and the person it waits for; the least likely last, so that it stays."""
    still = (tried.met <= STOOD_STILL * tried.expected) & (tried.p_value <= ERROR)
    order = np.lexsort((-tried.person, -tried.p_value))
    for place in order[still[order]].tolist():
        yield (
            int(tried.table[place]),
            Stall(
                person_id=str(found.people[tried.person[place]]),
                weeks=int(tried.weeks[place]),
                expected=float(tried.expected[place]),
                met=int(tried.met[place]),
                p_value=float(tried.p_value[place]),
            ),
        )
