"""Rows about pairs of teams that meet through one person alone: how many, and which part; never which, nor who."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw
import pandas as pd

from analysis.bridges.measure import tie_list
from analysis.bridges.pairs import carriers
from privacy.access import HANGING
from privacy.groups import ORGANISATION, size_band
from privacy.release.alone import Alone, Thing, alone_statement
from privacy.release.escalated import FIVES
from privacy.release.rows import Row, rounded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from privacy.policy import Policy
    from privacy.release.cohort import Cohort
    from privacy.release.statements import Statement
    from store.tables import Lazy, Tables

PAIRS, ALONE = "pairs of teams that meet", "part through one person alone"
COUNT, PART = "pairs of teams", "part of the pairs"


def read_pairs(there: Lazy, tables: Tables, cohort: Cohort) -> tuple[Thing, ...]:
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
        Thing(" - ".join(ties.names(pair)), frozenset(people), frozenset(hangs_on))
        for pair, (people, hangs_on) in found.items()
    )


class Hanging:
    """What may be told of them, of the organisation only: how many there are, and which part hangs on one person."""

    def __init__(self, pairs: Sequence[Thing], cohort: Cohort, policy: Policy) -> None:
        self._pairs, self._cohort, self._policy = Alone(ORGANISATION, pairs, policy), cohort, policy

    def statement(self) -> Statement:
        """What the rows rest on: pairs of teams, and everybody in each."""
        return alone_statement(HANGING, self._cohort.period, [self._pairs], self._cohort, self._policy)

    def rows(self, told: Statement) -> Iterator[Row]:
        """How many pairs to five, and the part to a tenth."""
        keys = {each.key for each in told.told}
        if self._pairs.key not in keys:
            return
        yield self._row(PAIRS, rounded(len(self._pairs.things), FIVES), COUNT, self._pairs.key)
        if self._pairs.part is not None and self._pairs.part_key in keys:
            yield self._row(ALONE, self._pairs.part, PART, self._pairs.part_key)

    def _row(self, label: str, value: float, measured_in: str, key: str) -> Row:
        people = size_band(self._pairs.people(key))
        return Row(HANGING, ORGANISATION, (), str(self._cohort.period), label, value, measured_in, people)
