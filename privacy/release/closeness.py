"""Whether what is told of the groups around a few people works their hours out too closely: linear programming."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from privacy.release.openness import Sums, is_open
from privacy.release.span import Atoms, atoms_of
from store.schema import LABELS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from numpy.typing import NDArray

    from privacy.policy import Policy
    from privacy.release.cohort import Cohort

    Array = NDArray[np.float64]
    Places = NDArray[np.int64]

COORDINATION = LABELS.index("coordination")


@dataclass(frozen=True)
class Figure:
    """A figure with each person's part in it, and the places of the groups whose sums of it are told."""

    name: str
    values: Array
    groups: tuple[int, ...]


@dataclass(frozen=True)
class Close:
    """A figure of few people that lies open too little, and the place of the smallest group around them."""

    figure: str
    people: frozenset[str]
    around: int


def figures_of(cohort: Cohort, with_coordination: Sequence[int], groups: int) -> tuple[Figure, ...]:
    """Everybody's meeting hours, told of every group, and coordination hours, told of some."""
    sums = cohort.hours.sum(axis=1)
    return (
        Figure("meeting hours", sums.sum(axis=1), tuple(range(groups))),
        Figure("coordination hours", sums[:, COORDINATION], tuple(with_coordination)),
    )


def close_sets(
    groups: Sequence[AbstractSet[str]],
    cohort: Cohort,
    figures: Sequence[Figure],
    policy: Policy,
    known: AbstractSet[frozenset[str]] = frozenset(),
) -> tuple[list[Close], tuple[frozenset[str], ...]]:
    """The sets of fewer people than the smallest group whose figures lie open too little, and the sets looked at.

    Looked at is every set that the groups tell apart (an atom), but those `known` to be open. Two people are taken to
    pool their own hours: the largest of the smallest group around the set, which tells them most. Both bounds must lie
    far enough away.
    """
    if not groups:
        return [], ()
    atoms = atoms_of(groups)
    place = {person: number for number, person in enumerate(cohort.people)}
    rows = [np.array(sorted(place[person] for person in each), dtype=int) for each in atoms.members]
    few = np.flatnonzero(atoms.sizes < policy.smallest_group).tolist()
    small = [atom for atom in few if atoms.members[atom] not in known]
    most = np.asarray(atoms.sizes * policy.cap_hours * cohort.period.weeks, dtype=np.float64)
    found = [close for figure in figures for close in _close(figure, atoms, rows, small, most, policy)]
    return found, tuple(atoms.members[atom] for atom in small)


def _close(
    figure: Figure, atoms: Atoms, rows: list[Places], small: list[int], most: Array, policy: Policy
) -> list[Close]:
    system = Sums.of(atoms.table[list(figure.groups)])
    truth = np.array([figure.values[each].sum() for each in rows])
    found = []
    for atom in small:
        around = _nearest(atom, atoms.table, atoms.sizes)
        known = _known(atom, atoms.table[around], rows, figure.values, policy)
        if not is_open(atom, system, truth - known, np.maximum(most - known, truth - known), policy):
            found.append(Close(figure.name, atoms.members[atom], around))
    return found


def _nearest(atom: int, table: Array, sizes: Places) -> int:
    """The smallest group around an atom."""
    return min(np.flatnonzero(table[:, atom] > 0).tolist(), key=lambda number: float(table[number] @ sizes))


def _known(atom: int, around: Array, rows: list[Places], values: Array, policy: Policy) -> Array:
    """The hours that the largest of the others in a group take out of the unknown, atom by atom."""
    others = [
        (float(values[person]), each)
        for each in np.flatnonzero(around).tolist()
        if each != atom
        for person in rows[each].tolist()
    ]
    hours = np.zeros(len(rows))
    for value, each in sorted(others, reverse=True)[: policy.colluders]:
        hours[each] += value
    return hours
