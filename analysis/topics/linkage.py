"""Average linkage over a sparse graph of candidates: wordings that belong together, found without comparing all pairs.

Each round merges every two clusters that are each other's nearest. Where linkage is an average that gives the same
clusters as merging one pair at a time (nearest-neighbour chains; Murtagh 1983), in a few dozen rounds of array work.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from analysis.topics.grams import row_products
from analysis.topics.teams import profiles, rarity, telling

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Indices = npt.NDArray[np.int64]

SLICE = 2000


@dataclass(frozen=True)
class Weights:
    """Settings: title and teams are joined as vectors of lengths 1 and `teams`; pairs at `alike` or more may merge.

    A wording is compared with the `nearest` others that look most alike and as many whose teams are most alike;
    n-grams that more than `common` wordings have find no candidates. A profile of teams that more than `crowd` wordings
    share says less.
    """

    teams: float = 0.9
    alike: float = 0.4
    nearest: int = 40
    common: int = 2000
    crowd: int = 24


DEFAULT = Weights()


def clusters(titles: sparse.csr_matrix, teams: sparse.csr_matrix, weights: Weights = DEFAULT) -> Indices:
    """The cluster of each wording: the lowest number among its wordings.

    `titles` has a row of unit length a wording, `teams` the meetings of each wording in which each team was.
    """
    state = _State(titles, teams, weights)
    while state.merge():
        pass
    return state.cluster


class _State:
    """Clusters with their summed titles and teams, and the pairs that may still merge."""

    def __init__(self, titles: sparse.csr_matrix, teams: sparse.csr_matrix, weights: Weights) -> None:
        self.weights = weights
        self.cluster = np.arange(titles.shape[0])
        self._titles, self._teams = titles, teams.astype(float)
        self._sizes = np.ones(titles.shape[0])
        self._rarity = rarity(self._teams)
        total = np.asarray(self._teams.sum(axis=0)).ravel()
        self._base = total / max(total.sum(), 1)
        self._left, self._right, self._crowd = self._candidates()
        self._alike = self._similarity(self._left, self._right)

    def _candidates(self) -> tuple[Indices, Indices, Floats]:
        """Pairs worth comparing; any pair that could merge at once is among them while nothing is too common."""
        rare = _without_common(self._titles, self.weights.common)
        worth = self.weights.alike * (1 + self.weights.teams**2)
        by_title = _near(rare, worth / 3, self.weights.nearest)
        profile = profiles(self._teams, self._rarity)
        said = telling(self._teams, self._base)
        profile = (sparse.diags((said >= 0.5).astype(float)) @ profile).tocsr()
        by_team = _near(profile, (worth - worth / 3) / self.weights.teams**2, self.weights.nearest)
        crowd = np.maximum(1.0, np.bincount(by_team[0], minlength=len(self._sizes)))
        left, right = (np.concatenate(sides) for sides in zip(by_title, by_team, strict=True))
        return (*_unique(left, right, len(self._sizes)), np.minimum(1.0, self.weights.crowd / crowd))

    def _similarity(self, left: Indices, right: Indices) -> Floats:
        title = row_products(self._titles, left, right) / (self._sizes[left] * self._sizes[right])
        said = telling(self._teams, self._base) * self._crowd
        team = row_products(profiles(self._teams, self._rarity), left, right) * np.minimum(said[left], said[right])
        weight = self.weights.teams**2
        # Rounded, so that the order in which numbers were added up breaks no tie.
        found: Floats = np.round((title + weight * team) / (1 + weight), 9)
        return found

    def merge(self) -> bool:
        """One round; whether anything merged."""
        kept = self._alike >= self.weights.alike
        self._left, self._right, self._alike = self._left[kept], self._right[kept], self._alike[kept]
        if not len(self._alike):
            return False
        pair = _mutual(self._left, self._right, self._alike, len(self._sizes))
        into, gone = self._left[pair], self._right[pair]
        self._join(into, gone)
        changed = np.zeros(len(self._sizes), dtype=bool)
        changed[into] = True
        target = np.arange(len(self._sizes))
        target[gone] = into
        self._relink(target, changed)
        return True

    def _join(self, into: Indices, gone: Indices) -> None:
        size = len(self._sizes)
        target = np.arange(size)
        target[gone] = into
        adding = sparse.csr_matrix((np.ones(size), (target, np.arange(size))), shape=(size, size))
        self._titles, self._teams = (adding @ self._titles).tocsr(), (adding @ self._teams).tocsr()
        both = self._sizes[into] + self._sizes[gone]
        # A cluster's crowd is its own kind: the more the more meetings.
        self._crowd[into] = np.maximum(self._crowd[into], self._crowd[gone])
        self._sizes[into], self._sizes[gone] = both, 1.0
        self.cluster = target[self.cluster]

    def _relink(self, target: Indices, changed: npt.NDArray[np.bool_]) -> None:
        left, right = target[self._left], target[self._right]
        fresh = changed[left] | changed[right]
        again = _unique(left[fresh], right[fresh], len(self._sizes))
        self._alike = np.concatenate([self._alike[~fresh], self._similarity(*again)])
        self._left = np.concatenate([left[~fresh], again[0]])
        self._right = np.concatenate([right[~fresh], again[1]])


def _mutual(left: Indices, right: Indices, alike: Floats, size: int) -> Indices:
    """The places of pairs in which each is the other's nearest; the lower numbers win a tie."""
    order = np.lexsort((right, left, -alike))
    best = np.full(size, -1)
    ends = np.stack([left[order], right[order]], axis=1).ravel()
    first, where = np.unique(ends, return_index=True)
    best[first] = order[where // 2]
    pairs = np.arange(len(left))
    found: Indices = pairs[(best[left] == pairs) & (best[right] == pairs)]
    return found


def _unique(left: Indices, right: Indices, size: int) -> tuple[Indices, Indices]:
    """Each pair once, the lower number left; nobody with itself."""
    low, high = np.minimum(left, right), np.maximum(left, right)
    pairs = np.unique(low[low != high] * np.int64(size) + high[low != high])
    return pairs // size, pairs % size


def _without_common(matrix: sparse.csr_matrix, common: int) -> sparse.csr_matrix:
    frequency = np.bincount(matrix.indices, minlength=matrix.shape[1])
    return (matrix @ sparse.diags((frequency <= common).astype(float))).tocsr()


def _near(matrix: sparse.csr_matrix, least: float, nearest: int) -> tuple[Indices, Indices]:
    """Pairs of rows whose product is at least `least`, at most the `nearest` best of each row; in slices."""
    matrix.eliminate_zeros()
    turned = matrix.T.tocsr()
    lefts, rights = [], []
    for at in range(0, matrix.shape[0], SLICE):
        found = (matrix[at : at + SLICE] @ turned).tocoo()
        kept = (found.data >= least) & (found.row + at != found.col)
        row, column, value = found.row[kept] + at, found.col[kept], np.round(found.data[kept], 9)
        order = np.lexsort((column, -value, row))
        row, column = row[order].astype(np.int64), column[order].astype(np.int64)
        rank = np.arange(len(row)) - np.searchsorted(row, row)
        lefts.append(row[rank < nearest])
        rights.append(column[rank < nearest])
    return np.concatenate(lefts) if lefts else np.zeros(0, np.int64), (
        np.concatenate(rights) if rights else np.zeros(0, np.int64)
    )
