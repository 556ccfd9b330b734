"""Classic figures of brokerage in the network of people: Burt's constraint and betweenness, both weighted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy import sparse, stats

if TYPE_CHECKING:
    from analysis.bridges.codes import Coded, Floats

EXACT_PEOPLE = 5_000
ROWS = 5_000
BATCHES = 10
SOURCES = 50
SEED = 42


def network(ties: Coded) -> sparse.csr_array:
    """Who met whom for how many hours, slices added up: a symmetric matrix of people."""
    size = len(ties.people)
    half = sparse.coo_array((ties.hours, (ties.one, ties.other)), shape=(size, size))
    return (half + half.T).tocsr()


def constraint(ties: Coded) -> Floats:
    """Burt's constraint (1992): the sum over contacts j of (p_ij + sum_q p_iq p_qj)^2; NaN for whoever has none."""
    matrix = network(ties)
    strength = matrix.sum(axis=1)
    share = (sparse.diags_array(1 / np.where(strength > 0, strength, 1.0)) @ matrix).tocsr()
    parts = [_constraint(share, matrix, start) for start in range(0, matrix.shape[0], ROWS)]
    found = np.concatenate(parts) if parts else np.empty(0)
    return np.asarray(np.where(strength > 0, found, np.nan))


def _constraint(share: sparse.csr_array, matrix: sparse.csr_array, start: int) -> Floats:
    rows = share[start : start + ROWS]
    reach = (rows + rows @ share).multiply(matrix[start : start + ROWS] > 0).tocsr()
    return np.asarray(reach.multiply(reach).sum(axis=1)).ravel()


def betweenness(ties: Coded, exact_people: int = EXACT_PEOPLE) -> pd.DataFrame:
    """Weighted betweenness: person_id, betweenness, low, high, sampled; a tie's length is one over its hours.

    The number of pairs of people whose shortest route runs over this person (Freeman 1977), exact up to `exact_people`
    people. Above that it is estimated from ten batches of sampled starts, with a 95 % interval of their means: good for
    groups of people, not for telling one person from the next.
    """
    size = len(ties.people)
    sampled = size > exact_people
    batches = _sampled(ties) if sampled else _exact(ties)[None, :]
    mean = batches.mean(axis=0)
    spread = np.zeros(size)
    if sampled:
        spread = stats.t.ppf(0.975, BATCHES - 1) * batches.std(axis=0, ddof=1) / np.sqrt(BATCHES)
    low, high = np.clip(mean - spread, 0.0, None), mean + spread
    frame = {"person_id": ties.people, "betweenness": mean, "low": low, "high": high, "sampled": sampled}
    return pd.DataFrame(frame)


def _graph(ties: Coded) -> Any:
    import networkit  # noqa: PLC0415 - costs seconds, and few ask for it

    half = sparse.triu(network(ties), k=1).tocoo()
    lengths = np.ascontiguousarray(1 / half.data)
    ends = np.ascontiguousarray(half.row.astype(np.uint64)), np.ascontiguousarray(half.col.astype(np.uint64))
    return networkit.GraphFromCoo((lengths, ends), n=len(ties.people), weighted=True)


def _exact(ties: Coded) -> Floats:
    import networkit  # noqa: PLC0415

    # networkit counts each pair in both directions.
    return np.array(networkit.centrality.Betweenness(_graph(ties)).run().scores()) / 2


def _sampled(ties: Coded) -> Floats:
    import networkit  # noqa: PLC0415

    graph, found = _graph(ties), []
    for batch in range(BATCHES):
        networkit.setSeed(SEED + batch, False)
        found.append(networkit.centrality.EstimateBetweenness(graph, SOURCES, False, False).run().scores())
    return np.array(found) / 2
