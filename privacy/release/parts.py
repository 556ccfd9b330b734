"""Rows from which a change of coordination is taken apart: series that began or ended, single meetings, and levels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.period import Period
from privacy.release.closeness import COORDINATION
from privacy.release.rows import Row, rounded, row_of
from privacy.release.rules import tellable
from privacy.release.statements import Basis, Statement
from store.tables import to_pandas

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from privacy.groups import Group
    from privacy.policy import Policy
    from privacy.release.cohort import Cohort
    from privacy.release.plan import Plan
    from store.tables import Lazy

    Array = NDArray[np.float64]

SERIES, MIX = "series", "levels"
# "ended" are hours of the quarter before; all are told as parts of this quarter's coordination.
KINDS = ("new_series", "ended_series", "one_off")
WEIGHT, MEAN = "part of contract hours", "mean level"
# The finest step first: half a step must leave enough hours of doubt.
STEPS = (0.05, 0.1)
CLOSEST = 2.0


@dataclass(frozen=True)
class Fates:
    """Everybody's coordination hours (people x kinds): in series that began, in those that ended, outside any."""

    hours: Array


def read_fates(there: Lazy, cohort: Cohort) -> Fates:
    """What came of series since the quarter before; `there` is `presence` of what may count."""
    now = cohort.period
    both = Period(now.start - (now.end - now.start), now.end)
    rows = both.of(there).filter(nw.col("label") == "coordination")
    found = to_pandas(rows.group_by("person_id", "series_id", "week").agg(hours=nw.col("hours").sum()))
    later = found["week"] >= pd.Timestamp(now.start)
    before, after = (set(found.loc[mask, "series_id"].dropna()) for mask in (~later, later))
    series = found["series_id"]
    masks = (later & series.notna() & ~series.isin(before), ~later & series.notna() & ~series.isin(after))
    hours = np.zeros((cohort.size, len(KINDS)))
    places = pd.Index(cohort.people)
    for column, mask in enumerate((*masks, later & series.isna())):
        person = places.get_indexer(found.loc[mask, "person_id"])
        np.add.at(hours[:, column], person[person >= 0], found.loc[mask, "hours"].to_numpy(dtype=float)[person >= 0])
    return Fates(hours)


class Parts:
    """What may be told of how coordination changed: of the organisation, and of departments, of all or of none."""

    def __init__(self, fates: Fates, plan: Plan, cohort: Cohort, policy: Policy) -> None:
        self._fates, self._plan, self._cohort, self._policy = fates, plan, cohort, policy
        self._spent = cohort.hours.sum(axis=1)[:, COORDINATION]
        self._told = {told.group for told in plan.told if told.step == "quarter" and COORDINATION in told.labels}

    def statement(self) -> Statement:
        """What the rows rest on: everybody in a group."""
        groups = [*self._of("organisation"), *self._of("department")]
        return Statement(
            measure=SERIES,
            period=self._cohort.period,
            told=tuple(
                Basis(group.key, self._people(group), self._fates.hours[sorted(group.members)]) for group in groups
            ),
            behind={person: frozenset({person}) for person in self._cohort.people},
            fewest=self._policy.smallest_group,
        )

    def levels(self) -> Statement:
        """What the rows about bands of levels rest on: the contract hours of everybody in them."""
        contract = self._cohort.available.sum(axis=1, keepdims=True)
        return Statement(
            measure=MIX,
            period=self._cohort.period,
            told=tuple(
                Basis(group.key, self._people(group), contract[sorted(group.members)])
                for group in self._plan.groups
                if group.kind == "levels"
            ),
            behind={person: frozenset({person}) for person in self._cohort.people},
            fewest=self._policy.smallest_group,
        )

    def rows(self, series: Statement, levels: Statement) -> Iterator[Row]:
        """Parts of the told groups' coordination, and how many contract hours each told band of levels has."""
        keys, bands = ({each.key for each in told.told} for told in (series, levels))
        for group in self._plan.groups:
            if group.key in keys:
                yield from self._kinds(group)
            if group.key in bands:
                yield from self._level(group)

    def _of(self, kind: str) -> list[Group]:
        """The groups of a kind, where all of them may be told."""
        groups = [(number, group) for number, group in enumerate(self._plan.groups) if group.kind == kind]
        good = all(number in self._told and self._step(group) and self._tellable(group) for number, group in groups)
        return [group for _, group in groups] if good else []

    def _tellable(self, group: Group) -> bool:
        return bool(tellable(self._fates.hours[sorted(group.members)], self._policy).all())

    def _people(self, group: Group) -> frozenset[str]:
        return frozenset(self._cohort.people[each] for each in group.members)

    def _step(self, group: Group) -> float | None:
        """To what part the figures are rounded: half a step leaves enough hours a week of doubt."""
        a_week = float(self._spent[sorted(group.members)].sum()) / self._cohort.period.weeks
        return next((step for step in STEPS if step / 2 * a_week >= CLOSEST), None)

    def _kinds(self, group: Group) -> Iterator[Row]:
        members = sorted(group.members)
        spent, step = float(self._spent[members].sum()), self._step(group)
        for name, hours in zip(KINDS, self._fates.hours[members].sum(axis=0).tolist(), strict=True):
            if step:
                yield row_of(
                    SERIES, group, self._cohort.period, rounded(hours / spent, step), "part of coordination", name
                )

    def _level(self, group: Group) -> Iterator[Row]:
        members, period = sorted(group.members), self._cohort.period
        part = float(self._cohort.available[members].sum() / self._cohort.available.sum())
        yield row_of(MIX, group, period, rounded(part, STEPS[0]), WEIGHT, "weight")
        yield row_of(MIX, group, period, rounded(float(self._cohort.level[members].mean()), 0.5), MEAN, "level")
