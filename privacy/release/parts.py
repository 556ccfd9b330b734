"""Rows that take coordination apart: series that began or ended, single meetings, line and process, and levels."""

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
    from store.tables import Lazy

    Array = NDArray[np.float64]

SERIES, SIDES, MIX = "series", "sides", "levels"
# "ended" are hours of the quarter before; all are told as parts of this quarter's coordination.
KINDS = ("new_series", "ended_series", "one_off")
LINE, PROCESS = "line", "process"
PART, WEIGHT, MEAN = "part of coordination", "part of contract hours", "mean level"
# The finest step first: half a step must leave enough hours of doubt.
STEPS = (0.05, 0.1)
CLOSEST = 2.0


@dataclass(frozen=True)
class Division:
    """Kinds of coordination and everybody's hours of each (people x kinds); `measure` is what rows call it."""

    measure: str
    kinds: tuple[str, ...]
    hours: Array


def fates(hours: Array) -> Division:
    """Coordination in series that began, in those that ended, and outside any."""
    return Division(SERIES, KINDS, hours)


def sides(in_line: Array, cohort: Cohort) -> Division:
    """Coordination in the line, and all other: across teams, or where the chart cannot say."""
    return Division(SIDES, (LINE, PROCESS), np.column_stack([in_line, _spent(cohort) - in_line]))


def read_fates(there: Lazy, cohort: Cohort) -> Division:
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
    return fates(hours)


def read_sides(there: Lazy, cohort: Cohort) -> Division:
    """Coordination in the line and across teams, as `analysis.drift` tells the two apart; `there` is `presence`.

    Of a week that is cut at the cap each side loses its part.
    """
    now = cohort.period
    rows = now.of(there).filter(nw.col("label") == "coordination")
    found = to_pandas(rows.group_by("person_id", "week", "sub").agg(hours=nw.col("hours").sum()))
    person = pd.Index(cohort.people).get_indexer(found["person_id"])
    week = (found["week"] - pd.Timestamp(now.start)).dt.days.to_numpy() // 7
    # First all coordination, then that in the line.
    weekly = np.zeros((2, cohort.size, now.weeks))
    for held, mask in zip(weekly, (person >= 0, (person >= 0) & (found["sub"] == LINE).to_numpy()), strict=True):
        np.add.at(held, (person[mask], week[mask]), found["hours"].to_numpy(dtype=float)[mask])
    part = np.divide(weekly[1], weekly[0], out=np.zeros_like(weekly[0]), where=weekly[0] > 0)
    return sides((part * cohort.hours[:, :, COORDINATION]).sum(axis=1), cohort)


def _spent(cohort: Cohort) -> Array:
    return np.asarray(cohort.hours.sum(axis=1)[:, COORDINATION])


class Parts:
    """What may be told of the kinds of coordination: of the organisation, and of departments, of all or of none."""

    def __init__(self, division: Division, plan: Plan, cohort: Cohort, policy: Policy) -> None:
        self._division, self._plan, self._cohort, self._policy = division, plan, cohort, policy
        self._spent = _spent(cohort)
        self._told = {told.group for told in plan.told if told.step == "quarter" and COORDINATION in told.labels}

    def statement(self) -> Statement:
        """What the rows rest on: everybody in a group."""
        groups = [*self._of("organisation"), *self._of("department")]
        return about_people(self._division.measure, groups, self._division.hours, self._cohort, self._policy)

    def rows(self, told: Statement) -> tuple[Row, ...]:
        """Each kind as a part of the coordination of every told group."""
        keys = {each.key for each in told.told}
        return tuple(row for group in self._plan.groups if group.key in keys for row in self._rows(group))

    def _of(self, kind: str) -> list[Group]:
        """The groups of a kind, where all of them may be told."""
        groups = [(number, group) for number, group in enumerate(self._plan.groups) if group.kind == kind]
        good = all(number in self._told and self._step(group) and self._tellable(group) for number, group in groups)
        return [group for _, group in groups] if good else []

    def _tellable(self, group: Group) -> bool:
        return bool(tellable(self._division.hours[sorted(group.members)], self._policy).all())

    def _step(self, group: Group) -> float | None:
        """To what part the figures are rounded: half a step leaves enough hours a week of doubt."""
        a_week = float(self._spent[sorted(group.members)].sum()) / self._cohort.period.weeks
        return next((step for step in STEPS if step / 2 * a_week >= CLOSEST), None)

    def _rows(self, group: Group) -> Iterator[Row]:
        members, period = sorted(group.members), self._cohort.period
        spent, step = float(self._spent[members].sum()), self._step(group)
        hours = self._division.hours[members].sum(axis=0).tolist()
        for name, value in zip(self._division.kinds, hours, strict=True):
            if step:
                yield row_of(self._division.measure, group, period, rounded(value / spent, step), PART, name)


class Levels:
    """What is told of the bands of levels: how large each is in contract hours, and its mean level."""

    def __init__(self, plan: Plan, cohort: Cohort, policy: Policy) -> None:
        self._bands = [group for group in plan.groups if group.kind == "levels"]
        self._cohort, self._policy = cohort, policy

    def statement(self) -> Statement:
        """What the rows rest on: the contract hours of everybody in the bands."""
        contract = self._cohort.available.sum(axis=1, keepdims=True)
        return about_people(MIX, self._bands, contract, self._cohort, self._policy)

    def rows(self, told: Statement) -> tuple[Row, ...]:
        """Part of the contract hours and mean level of every told band."""
        keys = {each.key for each in told.told}
        return tuple(row for group in self._bands if group.key in keys for row in self._rows(group))

    def _rows(self, group: Group) -> Iterator[Row]:
        members, period = sorted(group.members), self._cohort.period
        part = float(self._cohort.available[members].sum() / self._cohort.available.sum())
        yield row_of(MIX, group, period, rounded(part, STEPS[0]), WEIGHT, "weight")
        yield row_of(MIX, group, period, rounded(float(self._cohort.level[members].mean()), 0.5), MEAN, "level")
