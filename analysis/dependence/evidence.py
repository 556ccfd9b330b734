"""Evidence for every person and every stretch of absence, in counts and in log-odds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.dependence.absences import FREE_DAY, HERE, INFERRED, PLANNED
from analysis.dependence.disruption import planned
from analysis.dependence.exposure import busyness, carried
from analysis.dependence.grids import Matters, slices, usual
from analysis.dependence.placebo import placebo
from analysis.dependence.spells import Spells, spells

if TYPE_CHECKING:
    from analysis.dependence.disruption import Planned
    from analysis.dependence.exposure import Carried
    from analysis.dependence.gathering import Gathered
    from analysis.dependence.weights import Weights

COUNTS = ("held", "expected", "squared", "void_held", "void_expected", "escalated", "escalated_expected", "escalation")
AFTER = ("returned", "returned_expected", "rebound")
PLANS = ("planned", "disrupted", "disrupted_usual", "disruption")


@dataclass(frozen=True)
class Evidence:
    """What absences show.

    spells: one row a stretch of absence with person, first, days, unplanned, weight and the sums named in COUNTS,
    AFTER and PLANS. free_days: the same sums of weekly free days by person. pooled: observed over expected of everybody
    away. p_value: share of placebo absences that show as much, by person.
    """

    spells: pd.DataFrame
    free_days: pd.DataFrame
    pairs: Carried
    pooled: float
    p_value: np.ndarray


@dataclass(frozen=True)
class _Days:
    """The calendar once more as the grids that sums are taken over."""

    calendar: np.ndarray
    spells: Spells
    free: np.ndarray
    present: np.ndarray
    settled: np.ndarray
    busy: np.ndarray


def evidence(rows: Gathered, calendar: np.ndarray, weights: Weights) -> Evidence:
    """Everything that absences show, a few thousand people at a time."""
    busy = busyness(rows)
    found = spells(calendar, rows.working, busy > 0, weights.returned_days)
    present = (calendar == HERE) & rows.active & rows.working
    free = np.where((calendar == FREE_DAY) & (busy > 0), np.arange(len(calendar))[:, None], -1)
    days = _Days(calendar, found, free, present, present & (found.after < 0), busy)
    away = (calendar >= PLANNED) & (calendar <= INFERRED)
    pairs, plans = carried(rows, calendar, weights), planned(rows, present, away, weights)
    held = (rows.meetings["held"] & rows.meetings["large"]).to_numpy()
    climbed = rows.meetings["escalated"].to_numpy()
    kinds = (Matters(rows, pairs, held & ~climbed), Matters(rows, pairs, held & climbed))
    sums: dict[str, np.ndarray] = {name: np.zeros(len(found.person)) for name in COUNTS + AFTER + PLANS}
    free_sums: dict[str, np.ndarray] = {name: np.zeros(len(calendar)) for name in COUNTS + PLANS}
    adding = _Adding(days, kinds, plans, weights, sums, free_sums)
    surprises = [adding.people(people) for people in slices(len(rows.people))]
    pooled = _pooled(sums)
    table = pd.DataFrame(
        {"person": found.person, "first": found.first, "days": found.days, "unplanned": found.unplanned}
    )
    table = table.assign(weight=_weights(days, weights), **sums)
    table = table[table["days"] > 0].reset_index(drop=True)
    p_value = _placebos(days, surprises, pooled, weights)
    return Evidence(table, pd.DataFrame(free_sums), pairs, pooled, p_value)


@dataclass(frozen=True)
class _Surprise:
    """For some people: topic meetings held and expected, plans disrupted more than usual, and the spread of both."""

    people: slice
    held: np.ndarray
    expected: np.ndarray
    placebo_expected: np.ndarray
    plans: np.ndarray
    spread: np.ndarray


@dataclass(frozen=True)
class _Adding:
    """Adds the evidence of some people at a time to the sums by stretch and by weekly free day."""

    days: _Days
    kinds: tuple[Matters, Matters]
    plans: Planned
    weights: Weights
    sums: dict[str, np.ndarray]
    free_sums: dict[str, np.ndarray]

    def people(self, people: slice) -> _Surprise:
        """Everything about some people; what each of their days says comes back for the placebos."""
        held, expected = self._held(people)
        self._escalated(people)
        self._returned(people, held)
        plans, spread = self._planned(people)
        apart = usual(held, self._present(people), self.days.busy, self.weights, self.weights.placebo_left_out_days)
        return _Surprise(people, held, expected, apart, plans, spread + expected)

    def _present(self, people: slice) -> np.ndarray:
        return self.days.present[people].astype(np.float32)

    def _expected(self, cells: np.ndarray, people: slice) -> np.ndarray:
        return usual(cells, self._present(people), self.days.busy, self.weights)

    def _add(self, name: str, cells: np.ndarray, people: slice) -> None:
        self.sums[name] += self.days.spells.sums(cells, people.start)
        mine = self.days.free[people]
        inside = mine >= 0
        self.free_sums[name] += np.bincount(mine[inside], weights=cells[inside], minlength=len(self.days.calendar))

    def _held(self, people: slice) -> tuple[np.ndarray, np.ndarray]:
        """Topic meetings held and expected, and the same in log-odds of a stall."""
        work, stalls = self.kinds[0], self.weights.stalls
        share = work.pairs.share
        held = work.grid(share, people)
        expected = self._expected(held, people)
        self._add("held", held, people)
        self._add("expected", expected, people)
        self._add("squared", self._expected(work.grid(share**2, people), people), people)
        self._add("void_held", work.grid(-np.log1p(-stalls * share), people), people)
        self._add("void_expected", stalls * expected, people)
        return held, expected

    def _escalated(self, people: slice) -> None:
        climbed, more = self.kinds[1], self.weights.escalates
        escalated = climbed.grid(climbed.pairs.share, people)
        expected = self._expected(escalated, people)
        self._add("escalated", escalated, people)
        self._add("escalated_expected", expected, people)
        self._add("escalation", climbed.grid(np.log1p(more * climbed.pairs.share), people) - more * expected, people)

    def _returned(self, people: slice, held: np.ndarray) -> None:
        """The days after the return, against days that follow no absence."""
        work, more = self.kinds[0], self.weights.rebounds
        settled = self.days.settled[people].astype(np.float32)
        quiet = usual(held, settled, self.days.busy, self.weights)
        odds = work.grid(np.log1p(more * work.pairs.share), people) - more * quiet
        for name, cells in zip(AFTER, (held, quiet, odds), strict=True):
            self.sums[name] += self.days.spells.sums(cells, people.start, self.days.spells.after)

    def _planned(self, people: slice) -> tuple[np.ndarray, np.ndarray]:
        """Plans disrupted more than usual, and the variance of that, by day."""
        plans, size = self.plans, self.days.calendar.shape[1]
        values = (np.ones_like(plans.odds), plans.disrupted, plans.usual, plans.odds)
        for name, each in zip(PLANS, values, strict=True):
            self._add(name, plans.grid(each, people, size), people)
        surprise = plans.grid(plans.disrupted - plans.usual, people, size)
        return surprise, plans.grid(plans.usual * (1 - plans.usual), people, size)


def _pooled(sums: dict[str, np.ndarray]) -> float:
    """Held over expected of all who were away: everybody's absence thins a topic out a little."""
    expected = float(sums["expected"].sum())
    return float(np.clip(sums["held"].sum() / expected, 0.5, 1.2)) if expected else 1.0


def _weights(days: _Days, weights: Weights) -> np.ndarray:
    """How much each stretch counts: inferred days less than known ones."""
    worth = np.array([0.0, weights.planned, weights.unplanned, weights.inferred, 0.0])
    inside = days.spells.of >= 0
    number = days.spells.of[inside]
    total = np.bincount(number, weights=worth[days.calendar[inside]], minlength=len(days.spells.person))
    average: np.ndarray = total / np.maximum(1, np.bincount(number, minlength=len(days.spells.person)))
    return average


def _placebos(days: _Days, surprises: list[_Surprise], pooled: float, weights: Weights) -> np.ndarray:
    away = (days.calendar >= PLANNED) & (days.calendar <= INFERRED)
    found = [
        placebo(
            surprise=pooled * each.expected - each.held + each.plans,
            usual_surprise=each.placebo_expected - each.held + each.plans,
            spread=each.spread,
            away=away[each.people],
            present=days.present[each.people],
            calendars=away,
            times=weights.placebos,
            low=each.people.start,
        )
        for each in surprises
    ]
    return np.concatenate(found) if found else np.zeros(0)
