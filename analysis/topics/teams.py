"""Which teams meet under a wording, and how much that says about its subject.

A person is never looked at: a meeting held without somebody must not land in another topic.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from analysis.topics.grams import unit_rows

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

TELLING = 1.2
"""So many nats away from the meetings of everybody a profile tells all it can."""
PRIOR_MEETINGS = 1.0


def rarity(counts: sparse.csr_matrix) -> Floats:
    """What one team's presence says: much for a team that is seldom in the room, nothing for one that always is."""
    seen = np.asarray(counts.sum(axis=0)).ravel()
    found: Floats = np.log1p(seen.sum() / np.maximum(seen, 1))
    return found


def profiles(counts: sparse.csr_matrix, rarities: Floats) -> sparse.csr_matrix:
    """Teams of each wording as rows of unit length."""
    return unit_rows(counts @ sparse.diags(rarities))


def telling(counts: sparse.csr_matrix, base: Floats) -> Floats:
    """From 0 to 1 how much each row's teams say of its subject.

    Little where the teams are those of any meeting (Kullback-Leibler divergence from all), where only one team meets,
    since one team has many subjects, and where few meetings were held.
    """
    total = np.asarray(counts.sum(axis=1)).ravel()
    share = (sparse.diags(1 / np.maximum(total, 1)) @ counts).tocsr()
    surprise, spread = share.copy(), share.copy()
    surprise.data = share.data * np.log(share.data / base[share.indices])
    spread.data = -share.data * np.log(share.data)
    distance, width = (np.asarray(each.sum(axis=1)).ravel() for each in (surprise, spread))
    several = np.clip(np.exp(width) - 0.5, 0.5, 1)
    found: Floats = np.clip(distance / TELLING, 0, 1) * several * total / (total + PRIOR_MEETINGS)
    return found
