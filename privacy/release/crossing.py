"""Sums of sets that cross each other and rest on few people: any number of sets together, as linear programs.

The audit's own search (span.py) looks at single parts and pairs of parts. Functions cross departments in many parts,
and a department less the functions within it may be a few people in each of several.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack

from privacy.release.span import atoms_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

_EXACT = 1e-6


def thin_sums(sets: Sequence[AbstractSet[str]], fewest: int) -> list[Array]:
    """The weights of sums that count nobody below zero or above one, somebody fully, and fewer than so many in all.

    Of each part that the sets tell apart the thinnest sum that counts it fully is looked for.

    >>> everybody = {f"p{number}" for number in range(40)}
    >>> clerks, guards = {f"p{number}" for number in range(20)}, {f"p{number}" for number in range(20, 37)}
    >>> [weights.round().tolist() for weights in thin_sums([everybody, clerks, guards], 10)]
    [[1.0, -1.0, -1.0]]
    """
    if not sets:
        return []
    atoms = atoms_of(sets)
    sizes = atoms.sizes.astype(float)
    counted = csr_array(atoms.table.T)
    between = vstack([counted, -counted]).tocsr()
    limits = np.concatenate([np.ones(len(sizes)), np.zeros(len(sizes))])
    people = atoms.table @ sizes
    found = (
        linprog(
            people, A_ub=between, b_ub=limits, A_eq=counted[[part]], b_eq=[1.0], bounds=(None, None), method="highs"
        )
        for part in np.flatnonzero(sizes < fewest).tolist()
    )
    return [each.x for each in found if each.x is not None and each.fun < fewest - _EXACT]
