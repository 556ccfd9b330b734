"""Figures with noise, for large groups or for publication outside: differential privacy by OpenDP's own samplers.

One person, one quarter. Everybody's mean weekly hours per label are clamped so that they add up to at most 25; the
Laplace scale is 25 / epsilon for every label, since the cap makes the labels share one budget. That scale holds for
adding or removing one person; the published head count is the denominator. Formula: Dwork & Roth (2014), section 3.3.

What is released is stored and never drawn again; the ledger, one line a release, refuses what goes over the budget.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from filelock import FileLock

from store.chainfile import ChainFile
from store.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

CAP = 25.0
FEWEST = 75
QUARTER_BUDGET = 1.0
YEAR_BUDGET = 4.0
# Sums of tenths leave a crumb: 0.1 + 0.2 is no overspending of 0.3.
CRUMB = 1e-9


@dataclass(frozen=True)
class NoisyMeans:
    """Mean weekly hours per label of one group, with noise; `error` holds 95 of 100 draws (noise only)."""

    group: str
    people: int
    epsilon: float
    hours: dict[str, float]
    error: float


@dataclass(frozen=True)
class Spent:
    """One line of the ledger: what one release over a partition into groups cost every person in it."""

    quarter: str
    epsilon: float
    what: str


class Ledger:
    """The privacy budget in a file that only grows: 1.0 a quarter, 4.0 a year, and a refusal beyond."""

    def __init__(self, path: Path, quarter: float = QUARTER_BUDGET, year: float = YEAR_BUDGET) -> None:
        self._file = ChainFile(path, ("quarter", "epsilon", "what"))
        self._quarter, self._year = quarter, year

    def lines(self) -> list[Spent]:
        """What was spent, oldest first; BadInput where the file was tampered with."""
        found = self._file.check()
        if found:
            raise BadInput(f"{self._file.path} cannot be trusted, so nothing can be spent: {found[0]}")
        return [Spent(row["quarter"], float(row["epsilon"]), row["what"]) for row in self._file.rows()]

    def left(self, quarter: str) -> float:
        """What may still be spent on a quarter: the least of what it and its year have left."""
        lines = self.lines()
        in_quarter = math.fsum(line.epsilon for line in lines if line.quarter == quarter)
        in_year = math.fsum(line.epsilon for line in lines if line.quarter[:4] == quarter[:4])
        return max(0.0, min(self._quarter - in_quarter, self._year - in_year))

    def spend(self, quarter: str, epsilon: float, what: str) -> None:
        """Write a release down before it is drawn; BadInput, and nothing written, where it goes over the budget."""
        _refuse_odd(epsilon)
        if not re.fullmatch(r"\d{4}Q[1-4]", quarter):
            raise BadInput(f"{quarter!r} is not a quarter; write 2026Q3")
        with FileLock(self._file.path.with_name(self._file.path.name + ".spending")):
            left = self.left(quarter)
            if epsilon > left + CRUMB:
                raise BadInput(
                    f"the privacy budget does not allow this: {epsilon:g} asked, {left:g} left for {quarter}; "
                    "use what was published before, or wait for the next quarter"
                )
            self._file.append(quarter, repr(epsilon), what)


def ledger_path(store: Path) -> Path:
    """Where the budget of a store is kept."""
    return store.with_name(store.name + ".budget.jsonl")


def publish(
    groups: Mapping[str, pd.DataFrame], quarter: str, epsilon: float, ledger: Ledger, what: str = "hours per label"
) -> list[NoisyMeans]:
    """Mean weekly hours per label with noise, for groups of at least 75 people that do not overlap.

    Every frame has one row a person and one column a label, with mean weekly hours. Groups without overlap share one
    budget; a person in two of them is refused. The budget is spent before anything is drawn.
    """
    _refuse_small(groups)
    _refuse_overlap(groups)
    laplace = _mechanism(epsilon)
    ledger.spend(quarter, epsilon, what)
    return [_noisy(name, frame, epsilon, laplace) for name, frame in sorted(groups.items())]


def clamped(hours: np.ndarray, cap: float = CAP) -> np.ndarray:
    """Every person's hours per label, none negative, shrunk in proportion where they add up to more than the cap.

    >>> clamped(np.array([[30.0, 20.0], [3.0, -1.0]])).tolist()
    [[15.0, 10.0], [3.0, 0.0]]
    """
    floored = np.maximum(np.nan_to_num(np.asarray(hours, dtype=float)), 0.0)
    totals = floored.sum(axis=1, keepdims=True)
    shrunk: np.ndarray = floored * np.minimum(1.0, cap / np.maximum(totals, cap))
    return shrunk


def error_of(people: int, epsilon: float) -> float:
    """How far the noise carries a mean of so many people, in 95 of 100 draws.

    >>> round(error_of(75, 1.0), 2)
    1.0
    """
    return CAP / epsilon * math.log(1 / 0.05) / people


def _noisy(name: str, frame: pd.DataFrame, epsilon: float, laplace: Any) -> NoisyMeans:
    labels = [str(column) for column in frame.columns]
    sums = clamped(frame.to_numpy()).sum(axis=0)
    drawn = laplace([float(each) for each in sums])
    means = {label: round(max(0.0, value / len(frame)), 1) for label, value in zip(labels, drawn, strict=True)}
    return NoisyMeans(name, len(frame), epsilon, means, round(error_of(len(frame), epsilon), 2))


def _mechanism(epsilon: float) -> Any:
    try:
        import opendp.prelude as dp  # noqa: PLC0415 - an extra that few installations need
    except ImportError as error:
        raise BadInput("figures with noise need OpenDP; install it with `pip install meetload[dp]`") from error
    _refuse_odd(epsilon)
    dp.enable_features("contrib")
    space = dp.vector_domain(dp.atom_domain(T=float, nan=False)), dp.l1_distance(T=float)
    laplace: Any = dp.m.make_laplace(*space, scale=CAP / epsilon)
    if laplace.map(d_in=CAP) > epsilon * (1 + CRUMB):
        raise BadInput(f"OpenDP finds a loss of {laplace.map(d_in=CAP)} where {epsilon} was asked; nothing was drawn")
    return laplace


def _refuse_odd(epsilon: float) -> None:
    if not (epsilon > 0 and math.isfinite(epsilon)):
        raise BadInput(f"epsilon is {epsilon}; give a number above zero")


def _refuse_small(groups: Mapping[str, pd.DataFrame]) -> None:
    small = [name for name, frame in groups.items() if len(frame) < FEWEST]
    if small:
        raise BadInput(
            f"{len(small)} of {len(groups)} groups have fewer than {FEWEST} people; with noise their figures would say "
            "nothing, so merge them first"
        )


def _refuse_overlap(groups: Mapping[str, pd.DataFrame]) -> None:
    seen: set[object] = set()
    for frame in groups.values():
        if not frame.index.is_unique or seen & set(frame.index):
            raise BadInput("somebody is in two of these groups, so they cannot share one budget; release one partition")
        seen |= set(frame.index)
