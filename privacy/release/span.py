"""What follows from sums of groups by adding and subtracting them: the part of the audit that needs no figures.

People whom no published group tells apart are one atom. Whatever a linear combination of the published sums says of
few people lies in the row space of the groups' indicators. Only combinations in which all large atoms cancel speak of
few, and they are a small space, however many groups and atoms there are: a few dimensions, or none. Atoms that hold a
direction of that space between them are found by its orthogonal projection, of which single entries are worked out.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, combinations
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]
    Places = frozenset[int]

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
    for column, bits in enumerate(np.ascontiguousarray(np.packbits(inside, axis=0).T)):
        held.setdefault(bits.tobytes(), []).append(column)
    table = inside[:, [columns[0] for columns in held.values()]].astype(float)
    members = tuple(frozenset(people[column] for column in columns) for columns in held.values())
    return Atoms(np.array([len(each) for each in members]), members, table)


def small_sets(
    groups: Sequence[AbstractSet[str]],
    fewest: int,
    colluders: int = 2,
    behind: Mapping[str, AbstractSet[str]] | None = None,
) -> list[frozenset[str]]:
    """Sets of fewer than `fewest` people about whom some combination of the groups' sums speaks alone.

    Looked at are single atoms, pairs, and atoms together with single people who collude (they know their own part); of
    these sets the least: whoever adds an atom to one learns nothing more. Where the groups hold other things than
    people, `behind` says whom each thing is about.

    >>> team = {f"p{number}" for number in range(12)}
    >>> [sorted(each) for each in small_sets([team, team - {"p3"}], 10)]
    [['p3']]
    >>> tables = {"monday": {"a", "b", "c"}, "friday": {"a", "b", "c", "d", "e", "f"}}
    >>> small_sets([{"monday", "friday"}, {"friday"}], 6, 0, tables)
    [frozenset({'monday'})]
    """
    atoms = atoms_of(groups)
    sizes = np.array([_people(each, fewest, behind) for each in atoms.members])
    small = np.flatnonzero(sizes < fewest)
    space = _of_few(atoms.table, sizes < fewest)
    sets = {
        frozenset[str]().union(*(atoms.members[small[each]] for each in places))
        for places in (_held(space, sizes[small] == 1, colluders) if len(space) else ())
    }
    few = (each for each in sets if _people(each, fewest, behind) < fewest)
    return sorted(few, key=lambda each: (len(each), sorted(each)))


def _people(things: AbstractSet[str], most: int, behind: Mapping[str, AbstractSet[str]] | None) -> int:
    return len(things) if behind is None else people_in(things, behind, most)


def people_in(things: AbstractSet[str], behind: Mapping[str, AbstractSet[str]], most: int) -> int:
    """How many different people some things are about; `most` where they are as many or more.

    >>> tables = {"monday": {"a", "b"}, "friday": {"b", "c"}}
    >>> people_in({"monday", "friday"}, tables, 9), people_in({"monday", "friday"}, tables, 2)
    (3, 2)
    """
    people: set[str] = set()
    for each in things:
        people |= behind[each]
        if len(people) >= most:
            return most
    return len(people)


def projection(table: Array) -> Array:
    """The projection onto the row space of a table."""
    rows = _row_space(table)
    return np.asarray(rows.T @ rows)


def _of_few(table: Array, few: Mask) -> Array:
    """The sums of groups in which all other atoms cancel, as an orthonormal basis (sums x few atoms)."""
    kept = _in_play(table[:, ~few])
    table = table[kept]
    return _row_space(_cancelling(table[:, ~few]) @ table[:, few])


def _in_play(table: Array) -> Mask:
    """The groups that can have a part where all atoms cancel: none that alone holds an atom, and so on without them."""
    kept = np.ones(len(table), dtype=bool)
    while True:
        alone = table[:, table[kept].sum(axis=0) == 1].any(axis=1) & kept
        if not alone.any():
            return kept
        kept &= ~alone


def _cancelling(table: Array) -> Array:
    """The left null space of a table (weights x rows): the weights of rows with which all columns cancel.

    By the triangle of a QR decomposition, so that no matrix is larger than the table (Chan 1982, An improved algorithm
    for computing the singular value decomposition).
    """
    if not table.size:
        return np.eye(len(table))
    left, values, _ = np.linalg.svd(np.linalg.qr(table.T).R.T)
    return np.asarray(left[:, _rank(values) :].T)


def _row_space(table: Array) -> Array:
    """An orthonormal basis of a table's row space."""
    if not table.size:
        return np.zeros((0, table.shape[1]))
    _, values, rows = np.linalg.svd(table, full_matrices=False)
    return np.asarray(rows[: _rank(values)])


def _rank(values: Array) -> int:
    return int((values > _EXACT * max(1.0, float(values.max(initial=0.0)))).sum())


def _held(space: Array, single: Mask, colluders: int) -> set[Places]:
    """The atoms that hold a direction of a space: one, two, or one and people who know their own part.

    Only the least of these sets: with any atom more they would hold it too.
    """
    own = (space**2).sum(axis=0)
    alone = np.flatnonzero(own >= 1 - _EXACT).tolist()
    own[alone] = -np.inf
    found = {*(frozenset({place}) for place in alone), *_pairs(space, own, np.flatnonzero(own >= (1 - _EXACT) / 2))}
    if colluders > 1:
        singles = np.flatnonzero(single & np.isfinite(own)).tolist()
        found |= set(_with_colluders(space, own, singles, colluders))
    return {each for each in found if not any(frozenset(less) in found for less in _parts(each))}


def _parts(places: Places) -> Iterator[tuple[int, ...]]:
    return chain.from_iterable(combinations(places, size) for size in range(1, len(places)))


def _pairs(space: Array, own: Array, among: Ints) -> Iterator[Places]:
    """Pairs of atoms, one of them among some, that hold a direction of a space.

    Then the larger eigenvalue of their 2 x 2 of the projection is one. `own` is the projection's diagonal, minus
    infinity for atoms that are left out. No eigenvalue is above the sum of the diagonal, so only pairs whose own parts
    make up one are looked at.
    """
    for one in among.tolist():
        others = np.flatnonzero(own + own[one] >= 1 - _EXACT)
        towards = space[:, one] @ space[:, others]
        middle, half = (own[one] + own[others]) / 2, (own[one] - own[others]) / 2
        largest = middle + np.sqrt(half**2 + towards**2)
        yield from (frozenset({one, other}) for other in others[largest >= 1 - _EXACT].tolist() if other != one)


def _with_colluders(space: Array, own: Array, singles: Sequence[int], colluders: int) -> Iterator[Places]:
    """One atom and two to so many single people that hold a direction; `own` as for pairs, and so is the bound.

    What somebody knows is one more dimension. Two who have no part in it are a pair only where they were before, and
    whoever is told apart by it is a pair with that person.
    """
    highest = float(np.sort(np.maximum(own, 0))[-colluders:].sum())
    for number, helper in enumerate(singles if colluders > 1 else ()):
        if own[helper] + highest < 1 - _EXACT:
            continue
        new = -space[:, helper] @ space
        new[helper] += 1
        new /= np.sqrt(1 - own[helper])
        known, then = np.vstack([space, new]), own + new**2
        then[then >= 1 - _EXACT] = -np.inf
        left = [each for each in singles[number + 1 :] if np.isfinite(then[each])]
        changed = np.flatnonzero((np.abs(new) > _EXACT) & np.isfinite(then))
        pairs = (pair for pair in _pairs(known, then, changed) if not pair.isdisjoint(left))
        yield from (each | {helper} for each in chain(pairs, _with_colluders(known, then, left, colluders - 1)))
