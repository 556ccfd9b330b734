"""The weekly panel of drift: hours by part of coordination of each person and place, over their available hours.

Whatever grows with the organisation is added up in the engine; what comes out here is one number a person and week.
Hours are *expected* hours (weighed by the chance of having attended, `analysis.rules`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.availability import available_in
from analysis.rules import DEFAULT, Rules
from analysis.scope import EVERYBODY, Scope
from store.schema import LABELS
from store.tables import to_pandas

if TYPE_CHECKING:
    from analysis.period import Period
    from analysis.trend import Array
    from store.tables import Lazy, Tables

Places = NDArray[np.int64]
Mask = NDArray[np.bool_]

UNKNOWN_LEVEL = 0
UNKNOWN_DEPARTMENT = "?"
# Weeks with less of the fullest week's available hours are left out; those below the second get a dummy of their own.
SPARSE, THIN = 0.35, 0.85
LONGEST_HOLIDAY = 8

LINE, PROCESS_SERIES, PROCESS_AD_HOC = "line", "process in series", "process ad hoc"
ESCALATION_SERIES, ESCALATION_AD_HOC, INCIDENT = "escalation in series", "escalation ad hoc", "incident"
PARTS = (LINE, PROCESS_SERIES, PROCESS_AD_HOC, ESCALATION_SERIES, ESCALATION_AD_HOC, INCIDENT)
COORDINATION = (LINE, PROCESS_SERIES, PROCESS_AD_HOC)
ESCALATION = (ESCALATION_SERIES, ESCALATION_AD_HOC)
AD_HOC = (PROCESS_AD_HOC, ESCALATION_AD_HOC)
"""Ad-hoc cross-team coordination; escalations belong to it, and labels tell the two apart worst of all."""


@dataclass(frozen=True)
class Panel:
    """One row a person and place on the chart (a *cell*), one column a week.

    `hours` holds the expected hours of each part in `PARTS`, `said` those of every label in the order of
    `store.schema.LABELS` (labels x cells x weeks). `person` numbers people, `level` is 0 where it is unknown. People
    without a single meeting have no calendar to read and are not in it; `on_chart` counts them too.
    """

    period: Period
    person: Places
    level: Places
    department: tuple[str, ...]
    available: Array
    hours: dict[str, Array]
    said: Array
    on_chart: int

    @property
    def cells(self) -> int:
        """How many rows there are."""
        return len(self.person)

    @cached_property
    def number(self) -> Array:
        """The weeks as numbers."""
        return np.arange(self.available.shape[1], dtype=float)

    @cached_property
    def at_work(self) -> Array:
        """Available hours of everybody, week by week."""
        return np.asarray(self.available.sum(axis=0))

    @cached_property
    def enough(self) -> Mask:
        """Weeks with enough people at work to say anything."""
        most = float(self.at_work.max(initial=0.0))
        return np.asarray((self.at_work > 0) & (self.at_work >= SPARSE * most))

    @cached_property
    def thin(self) -> Array:
        """One column that marks the thin weeks of holidays; a longer stretch is no holiday."""
        most = float(self.at_work.max(initial=0.0))
        thin = self.at_work < THIN * most
        runs = np.split(np.arange(len(thin)), np.flatnonzero(np.diff(thin)) + 1)
        short = np.concatenate([np.full(len(run), len(run) <= LONGEST_HOLIDAY) for run in runs])
        return np.asarray((thin & short).astype(float)[:, None])

    @property
    def levels(self) -> tuple[int, ...]:
        """The levels present, from the top; unknown ones first."""
        return tuple(int(level) for level in np.unique(self.level[self.available.sum(axis=1) > 0]))

    @property
    def posts(self) -> Places:
        """A number for each person at each level: who moves up is somebody else from then on."""
        return np.unique(np.column_stack([self.person, self.level]), axis=0, return_inverse=True)[1].reshape(-1)

    @property
    def first_level(self) -> Places:
        """Everybody's level when first seen: the chart frozen."""
        seen = self.available > 0
        first = np.where(seen.any(axis=1), seen.argmax(axis=1), seen.shape[1])
        order = np.lexsort((self.level, first, self.person))
        people, place = np.unique(self.person[order], return_index=True)
        return np.asarray(self.level[order][place][np.searchsorted(people, self.person)])

    def of(self, parts: tuple[str, ...]) -> Array:
        """The hours of several parts, or labels without parts, together."""
        known = [self.hours[part] if part in self.hours else self.said[LABELS.index(part)] for part in parts]
        return np.asarray(sum(known, np.zeros_like(self.available)))

    def only(self, rows: Mask) -> Panel:
        """The same panel with some of its cells."""
        return Panel(
            self.period,
            self.person[rows],
            self.level[rows],
            tuple(name for name, kept in zip(self.department, rows, strict=True) if kept),
            self.available[rows],
            {part: hours[rows] for part, hours in self.hours.items()},
            self.said[:, rows],
            self.on_chart,
        )

    def heads(self, rows: Mask | None = None) -> NDArray[np.int64]:
        """People with available hours, week by week."""
        kept = np.arange(self.cells) if rows is None else np.flatnonzero(rows)
        if not len(kept):
            return np.zeros(len(self.number), dtype=np.int64)
        order = kept[np.argsort(self.person[kept], kind="stable")]
        first = np.flatnonzero(np.diff(self.person[order], prepend=-1))
        there = np.logical_or.reduceat(self.available[order] > 0, first, axis=0)
        return np.asarray(there.sum(axis=0), dtype=np.int64)

    def people(self, rows: Mask | None = None) -> int:
        """Different people with available hours."""
        there = self.available.sum(axis=1) > 0
        return len(np.unique(self.person[there if rows is None else there & rows]))


def panel(tables: Tables, facts: Lazy, period: Period, scope: Scope = EVERYBODY, rules: Rules = DEFAULT) -> Panel:
    """The panel of a scope; `facts` come from `analysis.facts`."""
    present = available_in(tables, period, scope, rules)
    spent = to_pandas(_hours(scope.of(period.of(facts))))
    return _dense(present, spent, period)


def levelled(present: pd.DataFrame) -> pd.DataFrame:
    """Availability rows with unknown levels under `UNKNOWN_LEVEL`."""
    return present.assign(level=present["level"].fillna(UNKNOWN_LEVEL).astype(int))


def _hours(facts: Lazy) -> Lazy:
    """Hours by week, person and place, with the number of their label and of their part; -1 for all others."""
    in_series, label = nw.col("series"), nw.col("label")
    process = _either(in_series, PROCESS_SERIES, PROCESS_AD_HOC)
    escalation = _either(in_series, ESCALATION_SERIES, ESCALATION_AD_HOC)
    coordination = nw.when(nw.col("sub") == "line").then(nw.lit(PARTS.index(LINE))).otherwise(process)
    incident = nw.when(label == "incident").then(nw.lit(PARTS.index(INCIDENT))).otherwise(nw.lit(-1))
    compensation = nw.when(label == "escalation").then(escalation).otherwise(incident)
    part = nw.when(label == "coordination").then(coordination).otherwise(compensation)
    said = nw.lit(-1)
    for number, name in enumerate(LABELS):
        said = nw.when(label == name).then(nw.lit(number)).otherwise(said)
    keys = ("week", "person_id", "level", "department", "said", "part")
    return facts.with_columns(said=said, part=part).group_by(*keys).agg(hours=nw.col("weighted").sum())


def _either(condition: nw.Expr, one: str, other: str) -> nw.Expr:
    return nw.when(condition).then(nw.lit(PARTS.index(one))).otherwise(nw.lit(PARTS.index(other)))


def _dense(present: pd.DataFrame, spent: pd.DataFrame, period: Period) -> Panel:
    people, departments = (pd.Index(present[name].dropna().unique()) for name in ("person_id", "department"))
    departments = departments.append(pd.Index([UNKNOWN_DEPARTMENT]))
    keyed = [_keys(frame, people, departments) for frame in (present, spent)]
    # Somebody without available hours anywhere is not on the chart in this scope and period.
    known = [keys >= 0 for keys in keyed]
    used = np.concatenate([keys[ok] for keys, ok in zip(keyed, known, strict=True)])
    codes, cells = pd.factorize(used, sort=True)
    row = np.split(np.asarray(codes, dtype=np.int64), [int(known[0].sum())])
    weeks = period.weeks
    there, met = (
        cell * weeks + _week(frame, period)[ok] for cell, frame, ok in zip(row, (present, spent), known, strict=True)
    )
    size = len(cells) * weeks
    at_work, values = (
        frame[name].to_numpy(dtype=float)[ok]
        for frame, name, ok in zip((present, spent), ("available", "hours"), known, strict=True)
    )
    available = _summed(there, at_work, size)
    said, hours = (
        _stacked(spent[name].to_numpy(dtype=np.int64)[known[1]], met, values, count, size).reshape(count, -1, weeks)
        for name, count in (("said", len(LABELS)), ("part", len(PARTS)))
    )
    person, level, department = _unkeyed(np.asarray(cells, dtype=np.int64), len(departments))
    names = tuple(departments.astype(object)[department])
    parts = dict(zip(PARTS, hours, strict=True))
    whole = Panel(period, person, level, names, available.reshape(-1, weeks), parts, said, 0)
    seen = np.isin(person, np.unique(person[row[1]]))
    return replace(whole.only(seen if seen.any() else ~seen), on_chart=whole.people())


# Levels are small numbers; a key is person, level and department in one integer.
_LEVELS = 1000


def _keys(frame: pd.DataFrame, people: pd.Index, departments: pd.Index) -> Places:
    person = _numbered(frame["person_id"], people)
    department = _numbered(frame["department"].fillna(UNKNOWN_DEPARTMENT), departments)
    level = frame["level"].fillna(UNKNOWN_LEVEL).to_numpy(dtype=np.int64)
    keys = (person * _LEVELS + level) * len(departments) + department
    return np.where((person < 0) | (department < 0), -1, keys)


def _numbered(names: pd.Series, index: pd.Index) -> Places:
    """Each name's place in an index; every different name is looked up once."""
    codes, different = pd.factorize(names)
    return np.asarray(index.get_indexer(pd.Index(different))[codes], dtype=np.int64)


def _unkeyed(keys: Places, departments: int) -> tuple[Places, Places, Places]:
    rest, department = np.divmod(keys, departments)
    person, level = np.divmod(rest, _LEVELS)
    return person, level, department


def _week(frame: pd.DataFrame, period: Period) -> Places:
    days: Places = frame["week"].to_numpy(dtype="datetime64[D]").astype(np.int64)
    return (days - np.datetime64(period.start, "D").astype(np.int64)) // 7


def _stacked(number: Places, place: Places, values: Array, count: int, size: int) -> Array:
    """The sums of the values at each number (0 to `count`) and place (0 to `size`), one after another."""
    counted = number >= 0
    index = number[counted] * size + place[counted]
    return _summed(index, values[counted], count * size)


def _summed(place: Places, values: Array, size: int) -> Array:
    return np.asarray(np.bincount(place, weights=values, minlength=size), dtype=float)
