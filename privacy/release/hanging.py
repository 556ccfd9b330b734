"""Rows about pairs of teams that meet through one person alone: how many, and which part; never which, nor who."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.bridges.measure import tie_list
from analysis.bridges.pairs import carriers
from privacy.access import HANGING
from privacy.groups import ORGANISATION, size_band
from privacy.release.escalated import FIVES, HARDLY_ANY, LEAST, MOST, NEARLY_ALL, TENTH
from privacy.release.rows import Row, rounded
from privacy.release.rules import tellable
from privacy.release.statements import Basis, Statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from privacy.policy import Policy
    from privacy.release.cohort import Cohort
    from store.tables import Lazy, Tables

    Array = NDArray[np.float64]

PAIRS, ALONE = "pairs of teams that meet", "part through one person alone"
COUNT, PART = "pairs of teams", "part of the pairs"
FEWEST_PAIRS = 5


@dataclass(frozen=True)
class Pair:
    """Two teams that meet: who of the cohort (by place in it) is in that, and on whom of them the pair hangs alone."""

    key: str
    people: frozenset[int]
    alone: frozenset[int]


def read_pairs(there: Lazy, tables: Tables, cohort: Cohort) -> tuple[Pair, ...]:
    """The pairs of teams that met in a quarter; `there` is `presence` of what may count, `tables` hold the chart.

    Who is not in the cohort is in no pair, and so nobody hangs on them.
    """
    mine = there.filter(nw.col("person_id").is_in(list(cohort.people)))
    ties = tie_list(tables, mine, cohort.period)
    carried = carriers(ties)
    place = pd.Index(cohort.people).get_indexer(pd.Index(ties.people))[carried["person"].to_numpy(dtype=int)]
    found: dict[int, tuple[set[int], set[int]]] = {}
    for pair, person, alone in zip(carried["pair"].tolist(), place.tolist(), carried["alone"].tolist(), strict=True):
        people, hangs_on = found.setdefault(pair, (set(), set()))
        people.add(person)
        if alone:
            hangs_on.add(person)
    return tuple(
        Pair(" - ".join(ties.names(pair)), frozenset(people), frozenset(hangs_on))
        for pair, (people, hangs_on) in found.items()
    )


class Hanging:
    """What may be told of them, of the organisation only: how many there are, and which part hangs on one person."""

    def __init__(self, pairs: Sequence[Pair], cohort: Cohort, policy: Policy) -> None:
        self._pairs, self._cohort, self._policy = pairs, cohort, policy
        self._alone = [each for each in pairs if each.alone]
        self._others = [each for each in pairs if not each.alone]
        self._part = self._told_part() if len(pairs) >= FEWEST_PAIRS else None

    def statement(self) -> Statement:
        """What the rows rest on: pairs of teams, and everybody in each."""
        whole = [Basis(ORGANISATION, _keys(self._pairs), _seats(self._pairs))] if self._pairs else []
        part = [Basis(ALONE, _keys(self._alone), _hanging(self._alone))] if self._rests_on_some else []
        bases = (*whole, *part) if len(self._pairs) >= FEWEST_PAIRS else ()
        return Statement(
            measure=HANGING,
            period=self._cohort.period,
            told=bases,
            behind={each.key: frozenset(self._cohort.people[one] for one in each.people) for each in self._pairs},
            fewest=self._policy.k_count_mt,
            wide=frozenset(each.key for each in bases if self._people(each.key) >= self._policy.k_count_hr),
            wide_fewest=self._policy.k_count_hr,
        )

    def rows(self, told: Statement) -> Iterator[Row]:
        """How many pairs to five, and the part to a tenth."""
        keys = {each.key for each in told.told}
        if ORGANISATION not in keys:
            return
        yield self._row(PAIRS, rounded(len(self._pairs), FIVES), COUNT, ORGANISATION)
        rests_on = ALONE if self._rests_on_some else ORGANISATION
        if self._part is not None and rests_on in keys:
            yield self._row(ALONE, self._part, PART, rests_on)

    def _told_part(self) -> float | None:
        """The part that hangs on one person; None where one or a few are those on whom most of it hangs.

        Hardly any or nearly all says nothing of the few that are left, nor whether there are any.
        """
        share = len(self._alone) / len(self._pairs)
        if share <= HARDLY_ANY:
            return LEAST
        if not tellable(_hanging(self._alone), self._policy).all():
            return None
        if share >= NEARLY_ALL:
            return MOST
        return rounded(share, TENTH) if tellable(_seats(self._others), self._policy).all() else None

    @property
    def _rests_on_some(self) -> bool:
        """Whether the part rests on the pairs of either kind, and not on all pairs as its open ends do."""
        return self._part is not None and LEAST < self._part < MOST

    def _people(self, key: str) -> int:
        """How many people are behind a row; behind a part, the fewer of those in it and those in the other part."""
        if key == ORGANISATION:
            return len(_everybody(self._pairs))
        return min(len(_everybody(each)) for each in (self._alone, self._others))

    def _row(self, label: str, value: float, measured_in: str, key: str) -> Row:
        people = size_band(self._people(key))
        return Row(HANGING, ORGANISATION, (), str(self._cohort.period), label, value, measured_in, people)


def _keys(pairs: Sequence[Pair]) -> frozenset[str]:
    return frozenset(each.key for each in pairs)


def _everybody(pairs: Sequence[Pair]) -> frozenset[int]:
    return frozenset[int]().union(*(each.people for each in pairs))


def _seats(pairs: Sequence[Pair]) -> Array:
    """In how many of some pairs everybody is."""
    return _counted(each.people for each in pairs)[:, None]


def _hanging(pairs: Sequence[Pair]) -> Array:
    """The same, and how many of the pairs hang on each of those on whom any does."""
    seats, hang = _seats(pairs), _counted(each.alone for each in pairs)
    return np.hstack([seats, np.pad(hang, (0, len(seats) - len(hang)))[:, None]])


def _counted(people: Iterable[frozenset[int]]) -> Array:
    """How often each of some people is named; by whom each line is does not matter."""
    return np.array(sorted(Counter(chain.from_iterable(people)).values(), reverse=True), dtype=float)
