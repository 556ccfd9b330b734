"""What follows from sums of groups by adding and subtracting them: the part of the audit that needs no figures.

People whom no published group tells apart are one atom. Whatever a linear combination of the published sums says of
few people lies in the span of the groups' indicators; it is found there by projection.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

_EXACT = 1e-7


@dataclass(frozen=True)
class Atoms:
    """People no group tells apart: their sizes, members, and which group holds which (groups x atoms)."""

    sizes: NDArray[np.int64]
    members: tuple[frozenset[str], ...]
    table: Array


def atoms_of(groups: Sequence[AbstractSet[str]]) -> Atoms:
    """The atoms of some sets of people.

    >>> atoms_of([{"a", "b", "c"}, {"c"}]).sizes.tolist()
    [2, 1]
    """
    people = sorted(set().union(*groups))
    place = {person: number for number, person in enumerate(people)}
    inside = np.zeros((len(groups), len(people)), dtype=bool)
    for number, group in enumerate(groups):
        inside[number, [place[person] for person in group]] = True
    held: dict[bytes, list[int]] = {}
    for column in range(len(people)):
        held.setdefault(inside[:, column].tobytes(), []).append(column)
    table = np.stack([inside[:, columns[0]] for columns in held.values()], axis=1).astype(float)
    members = tuple(frozenset(people[column] for column in columns) for columns in held.values())
    return Atoms(np.array([len(each) for each in members]), members, table)


def small_sets(
    groups: Sequence[AbstractSet[str]],
    fewest: int,
    colluders: int = 2,
    behind: Mapping[str, AbstractSet[str]] | None = None,
) -> list[frozenset[str]]:
    """Sets of fewer than `fewest` people about whom some combination of the groups' sums speaks alone.

    Looked at are single atoms, pairs, and atoms together with single people who collude (they know their own part).
    Where the groups hold other things than people, `behind` says whom each thing is about.

    >>> team = {f"p{number}" for number in range(12)}
    >>> [sorted(each) for each in small_sets([team, team - {"p3"}], 10)]
    [['p3']]
    >>> tables = {"monday": {"a", "b", "c"}, "friday": {"a", "b", "c", "d", "e", "f"}}
    >>> small_sets([{"monday", "friday"}, {"friday"}], 6, 0, tables)
    [frozenset({'monday'})]
    """
    atoms = atoms_of(groups)
    sizes = atoms.sizes if behind is None else np.array([people_in(each, behind) for each in atoms.members])
    small = np.flatnonzero(sizes < fewest)
    if not len(small):
        return []
    within = projection(atoms.table)[np.ix_(small, small)]
    found: list[tuple[int, ...]] = [(number,) for number in np.flatnonzero(np.diag(within) >= 1 - _EXACT).tolist()]
    alone = {places[0] for places in found}
    found += [pair for pair in _pairs(within) if not alone & set(pair)]
    found += _with_colluders(within, sizes[small], alone, colluders)
    sets = (frozenset().union(*(atoms.members[small[each]] for each in places)) for places in found)
    few = (each for each in sets if (len(each) if behind is None else people_in(each, behind)) < fewest)
    return sorted(few, key=lambda each: (len(each), sorted(each)))


def people_in(things: AbstractSet[str], behind: Mapping[str, AbstractSet[str]]) -> int:
    """How many different people some things are about.

    >>> people_in({"monday", "friday"}, {"monday": {"a", "b"}, "friday": {"b", "c"}})
    3
    """
    return len(set().union(*(behind[each] for each in things)))


def projection(table: Array) -> Array:
    """The projection onto the row space of a table."""
    _, values, rows = np.linalg.svd(table, full_matrices=False)
    kept = rows[values > _EXACT * max(1.0, float(values.max(initial=0.0)))]
    return np.asarray(kept.T @ kept)


def _pairs(within: Array) -> list[tuple[int, ...]]:
    """Pairs of atoms that hold a direction of the row space between them: the larger eigenvalue of 2 x 2 is one."""
    own = np.diag(within)
    middle, half = (own[:, None] + own[None, :]) / 2, (own[:, None] - own[None, :]) / 2
    largest = middle + np.sqrt(half**2 + within**2)
    return [(int(a), int(b)) for a, b in np.argwhere(np.triu(largest >= 1 - _EXACT, 1))]


def _with_colluders(within: Array, sizes: NDArray[np.int64], alone: set[int], colluders: int) -> list[tuple[int, ...]]:
    """One atom and so many single people: what is left of the atom when the row space and they are known."""
    outside = np.eye(len(within)) - within
    singles = [number for number in np.flatnonzero(sizes == 1).tolist() if number not in alone]
    found: list[tuple[int, ...]] = []
    for helpers in combinations(singles, colluders) if colluders > 1 else ():
        places = list(helpers)
        block = outside[np.ix_(places, places)]
        if np.linalg.det(block) < _EXACT:
            # These alone are a pair that is found already.
            continue
        towards = outside[:, places]
        left = np.diag(outside) - np.einsum("ai,ij,aj->a", towards, np.linalg.inv(block), towards)
        found += [
            (atom, *helpers)
            for atom in np.flatnonzero(left < _EXACT).tolist()
            if atom not in alone and atom not in helpers
        ]
    return found
