"""Whether a hidden figure stays open, given sums that are told: linear programming, after a quicker look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

from privacy.release.span import projection

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from privacy.policy import Policy

    Array = NDArray[np.float64]

_SMALL = 1e-6
# How many other figures a quick look lets move.
_AROUND = 40


@dataclass(frozen=True)
class Sums:
    """Which hidden figures each told sum adds up (sums x figures), and what of each figure no combination touches."""

    table: Array
    sparse: csr_array
    free: Array

    @classmethod
    def of(cls, table: Array) -> Sums:
        """The system of a table of zeros and ones."""
        return cls(table, csr_array(table), np.eye(table.shape[1]) - projection(table))


def is_open(figure: int, sums: Sums, truth: Array, most: Array, policy: Policy) -> bool:
    """Whether a figure can lie far enough away from the truth on both sides.

    Moving along the free direction gives two other worlds that look the same from outside; where one of them breaks a
    limit, linear programming decides: first with all but the figures around held as they are, which is quick and proves
    openness where it finds it, then with everything.
    """
    if sums.free[figure, figure] > _SMALL:
        step = sums.free[:, figure] / sums.free[figure, figure] * (policy.protection * truth[figure] + 2 * _SMALL)
        if all(((truth + each >= -_SMALL) & (truth + each <= most + _SMALL)).all() for each in (step, -step)):
            return True
    value, highest = float(truth[figure]), float(most[figure])
    if len(truth) > 2 * _AROUND and protected(value, _bounds_around(figure, sums, truth, most), policy, highest):
        return True
    return protected(value, bounds(figure, sums, truth, most), policy, highest)


def _bounds_around(figure: int, sums: Sums, truth: Array, most: Array) -> tuple[float, float]:
    """Bounds that surely can be reached: only the figures that move most with this one may move."""
    others = np.argsort(-np.abs(sums.free[:, figure]), kind="stable")[: 2 * _AROUND]
    near = np.array([figure, *others[others != figure][:_AROUND].tolist()])
    table = sums.table[:, near]
    table = np.unique(table[table.any(axis=1)], axis=0)
    return bounds(0, Sums(table, csr_array(table), sums.free[np.ix_(near, near)]), truth[near], most[near])


def bounds(figure: int, sums: Sums, truth: Array, most: Array) -> tuple[float, float]:
    """The least and most a hidden figure can be; figures lie between zero and `most`."""
    aim = np.zeros(len(truth))
    aim[figure] = 1.0
    limits = np.stack([np.zeros(len(truth)), most], axis=1)
    told = sums.table @ truth
    least, largest = (
        linprog(sign * aim, A_eq=sums.sparse, b_eq=told, bounds=limits, method="highs") for sign in (1, -1)
    )
    if least.status or largest.status:
        # Only rounding in the last digits makes true figures contradict themselves; nothing is proven then.
        return float(truth[figure]), float(truth[figure])
    return float(least.fun), float(-largest.fun)


def protected(value: float, found: tuple[float, float], policy: Policy, most: float = np.inf) -> bool:
    """Whether bounds leave a hidden figure open on both sides, or as open above as it was before anything was told.

    >>> from privacy.policy import Policy
    >>> protected(10.0, (7.9, 12.1), Policy()), protected(10.0, (9.0, 30.0), Policy())
    (True, False)
    >>> protected(10.0, (0.0, 11.0), Policy()), protected(10.0, (0.0, 11.0), Policy(), most=11.0)
    (False, True)
    """
    low, high = found
    open_below = low <= (1 - policy.protection) * value + _SMALL
    wanted = (1 + policy.protection) * value + (_SMALL if value < _SMALL else -_SMALL)
    return open_below and high >= min(wanted, most - _SMALL)
