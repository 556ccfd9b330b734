"""The smallest set of bridges in which every pair of units that meets still meets: set cover, greedy or exact."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from analysis.bridges.rules import DEFAULT, BridgeRules

if TYPE_CHECKING:
    from scipy import sparse

    from analysis.bridges.codes import Floats, Ints

SOLVED = 0


@dataclass(frozen=True)
class Cover:
    """Positions of the chosen sets; `least` is a proven lower bound of how many are needed, `exact` says it is reached.

    A greedy cover is at most `guarantee` times the smallest one: 1 + 1/2 + ... + 1/d for a largest set of d (Johnson
    1974).
    """

    chosen: tuple[int, ...]
    least: int
    exact: bool
    guarantee: float


def greedy(covers: sparse.csr_array, cost: Floats) -> tuple[int, ...]:
    """Take again and again the set that covers most of what is left; of equals the cheapest, then the first."""
    left = np.ones(covers.shape[1], dtype=bool)
    members = np.split(covers.indices, covers.indptr[1:-1])
    heap = [(-len(each), cost[row], row) for row, each in enumerate(members) if len(each)]
    heapq.heapify(heap)
    chosen = []
    while heap and left.any():
        believed, price, row = heapq.heappop(heap)
        gain = int(left[members[row]].sum())
        if gain < -believed:
            if gain:
                heapq.heappush(heap, (-gain, price, row))
            continue
        left[members[row]] = False
        chosen.append(row)
    return tuple(sorted(chosen))


def smallest_cover(covers: sparse.csr_array, cost: Floats, rules: BridgeRules = DEFAULT) -> Cover:
    """The fewest sets that cover everything, of equals the cheapest; exact where a solver proves it, else greedy."""
    quick = greedy(covers, cost)
    largest = int(np.diff(covers.indptr).max(initial=0))
    guarantee = float((1 / np.arange(1, largest + 1)).sum()) if largest else 1.0
    least = int(np.ceil(len(quick) / guarantee - 1e-9))
    forced, rows, columns = _reduced(covers, cost)
    rest = covers[rows][:, columns]
    if not len(columns):
        return Cover(tuple(sorted(forced.tolist())), len(forced), True, 1.0)
    if rest.nnz > rules.exact_size:
        return Cover(quick, max(least, len(forced)), False, guarantee)
    solved, bound = _solved(rest, cost[rows], rules)
    if solved is not None:
        chosen = sorted([*forced.tolist(), *rows[solved].tolist()])
        return Cover(tuple(chosen), len(chosen), True, 1.0)
    least = max(least, len(forced) + bound)
    return Cover(quick, least, least == len(quick), guarantee)


def _solved(covers: sparse.csr_array, cost: Floats, rules: BridgeRules) -> tuple[Ints | None, int]:
    """The chosen rows, or None where the solver ran out of nodes, and a lower bound of how many are needed."""
    # The cheaper of equally many: all costs together weigh half a set.
    price = 1 + 0.5 * cost / cost.sum() if cost.sum() else np.ones(len(cost))
    found = milp(
        price,
        constraints=LinearConstraint(covers.T.tocsr(), lb=1.0),
        integrality=np.ones(len(price)),
        bounds=Bounds(0.0, 1.0),
        options={"node_limit": rules.exact_nodes, "mip_rel_gap": 0.0},
    )
    bound = 0 if found.mip_dual_bound is None else int(np.ceil(found.mip_dual_bound - 0.5 - 1e-6))
    return (np.flatnonzero(found.x > 0.5) if found.status == SOLVED else None), bound


def _reduced(covers: sparse.csr_array, cost: Floats) -> tuple[Ints, Ints, Ints]:
    """Sets that must be taken, and the sets and things that are left to decide about."""
    only = np.flatnonzero(covers.sum(axis=0) == 1)
    forced = np.unique(covers[:, only].tocoo().row)
    covered = covers[forced].sum(axis=0) > 0
    columns = np.flatnonzero(~covered)
    rest = covers[:, columns]
    rows = np.flatnonzero(np.diff(rest.tocsr().indptr))
    rows = rows[~_dominated(rest.tocsr()[rows], cost[rows])]
    return forced.astype(np.int64), rows, columns


def _dominated(covers: sparse.csr_array, cost: Floats) -> np.ndarray:
    """Sets that lie within another set that is not dearer; of twins the first stays."""
    size = np.diff(covers.indptr)
    common = (covers @ covers.T).tocoo()
    small, large = common.row, common.col
    inside = (common.data == size[small]) & (small != large)
    better = (cost[large] < cost[small]) | (
        (cost[large] == cost[small]) & ((size[large] > size[small]) | (large < small))
    )
    out = np.zeros(covers.shape[0], dtype=bool)
    out[small[inside & better]] = True
    return out
