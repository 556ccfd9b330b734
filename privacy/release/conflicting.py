"""Rows about people whom line and process asked at the same time: which of the two they declined, never who."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.escalations.conflicts import asked_at_once
from privacy.release.rows import Row, rounded, row_of
from privacy.release.rules import tellable
from privacy.release.statements import about_people
from store.tables import to_pandas

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from privacy.groups import Group
    from privacy.policy import Policy
    from privacy.release.cohort import Cohort
    from privacy.release.plan import Plan
    from privacy.release.statements import Statement
    from store.tables import Tables

    Array = NDArray[np.float64]

CONFLICTS = "conflicts"
LINE, PROCESS, BOTH_OR_NEITHER = KINDS = ("declined the line", "declined the process", "declined both or neither")
TIMES = "times"
PART = "part of the times"
TENS, TENTH = 10.0, 0.1


def read_conflicts(tables: Tables, cohort: Cohort) -> Array:
    """How often each of the cohort was asked by both at once, by what they declined (people x kinds)."""
    pairs = to_pandas(asked_at_once(tables, cohort.period))
    person = pd.Index(cohort.people).get_indexer(pairs["person_id"])
    line, process = (pairs[side].to_numpy(dtype=bool) for side in ("line", "process"))
    kind = np.select([line & ~process, process & ~line], [0, 1], 2)
    found = np.zeros((cohort.size, len(KINDS)))
    np.add.at(found, (person[person >= 0], kind[person >= 0]), 1.0)
    return found


class Conflicting:
    """What may be told of them: of the organisation, and of departments, of all or of none."""

    def __init__(self, times: Array, plan: Plan, cohort: Cohort, policy: Policy) -> None:
        self._times, self._cohort, self._policy = times, cohort, policy
        self._groups = [*self._of(plan, "organisation"), *self._of(plan, "department")]

    def statement(self) -> Statement:
        """What the rows rest on: everybody in a group."""
        return about_people(CONFLICTS, self._groups, self._times, self._cohort, self._policy)

    def rows(self, told: Statement) -> Iterator[Row]:
        """How often, and the part of each kind, of the groups that are told."""
        keys, period = {each.key for each in told.told}, self._cohort.period
        for group in self._groups:
            if group.key in keys:
                sums = self._values(group).sum(axis=0)
                yield row_of(CONFLICTS, group, period, rounded(float(sums.sum()), TENS), TIMES, TIMES)
                for kind, part in zip(KINDS, (sums / sums.sum()).tolist(), strict=True):
                    yield row_of(CONFLICTS, group, period, rounded(part, TENTH), PART, kind)

    def _of(self, plan: Plan, kind: str) -> list[Group]:
        groups = [group for group in plan.groups if group.kind == kind]
        return groups if all(tellable(self._values(group), self._policy).all() for group in groups) else []

    def _values(self, group: Group) -> Array:
        return self._times[sorted(group.members)]
