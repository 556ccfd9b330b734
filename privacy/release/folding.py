"""Which labels a group may be told apart: what may not is folded into "other", for that group and the whole quarter.

A label folded in one part of a department would come back as the department less the other parts. So whatever is
folded is folded in enough parts that the rest together may be told, and linear programming has the last word: the
bounds of a folded figure, given everything that is told, must lie far enough away on both sides.

    department     design  coordination  other          design(team 1) <= other(team 1)
      team 1          -         x          x            design(team 1) + design(team 3)
      team 2          x         x          x                = design(department) - design(team 2)
      team 3          -         x          x
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from privacy.release.cohort import REST
from privacy.release.openness import Sums, is_open
from privacy.release.rules import tellable
from store.schema import LABELS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from privacy.groups import Group
    from privacy.policy import Policy

    Array = NDArray[np.float64]

LAST = LABELS.index(REST)
FOLDABLE = frozenset(range(len(LABELS))) - {LAST}


@dataclass(frozen=True)
class Family:
    """A group and the parts that make it up, as places in the list of groups."""

    parent: int
    children: tuple[int, ...]


@dataclass(frozen=True)
class Target:
    """A figure that must not be worked out: label `label` of group `group`, which fails the rules by itself."""

    group: int
    label: int


def families(groups: tuple[Group, ...]) -> tuple[Family, ...]:
    """The equations between groups, from the top down: organisation = departments = levels, department = teams."""
    place = {group.key: number for number, group in enumerate(groups)}
    found = [
        Family(0, tuple(number for number, group in enumerate(groups) if group.kind == kind))
        for kind in ("department", "levels")
    ]
    for unit in dict.fromkeys(group.unit for group in groups if group.kind == "team"):
        children = tuple(n for n, group in enumerate(groups) if group.kind == "team" and group.unit == unit)
        found.append(Family(place.get(f"department:{unit}", 0), children))
    return tuple(each for each in found if each.children)


class Folding:
    """Works out what is hidden where; it only ever hides more, so it ends."""

    def __init__(self, groups: tuple[Group, ...], hours: Array, policy: Policy) -> None:
        self._policy = policy
        self._members = [np.array(sorted(group.members), dtype=int) for group in groups]
        self._hours = hours
        self._sums = np.array([hours[rows].sum(axis=0) for rows in self._members])
        self._families = families(groups)
        alone = [tellable(hours[rows], policy) for rows in self._members]
        self.targets = tuple(
            Target(group, label) for group, told in enumerate(alone) for label in FOLDABLE if not told[label]
        )
        self.hidden = [{label for label in FOLDABLE if not told[label]} for told in alone]

    def settle(self) -> tuple[frozenset[int], ...]:
        """The labels hidden in every group, once nothing hidden can be worked out."""
        while self._spread() or self._protect():
            pass
        return tuple(frozenset(each) for each in self.hidden)

    def _spread(self) -> bool:
        before = sum(map(len, self.hidden))
        self._fill(0)
        for family in self._families:
            for child in family.children:
                self.hidden[child] |= self.hidden[family.parent]
                self._fill(child)
            for label in sorted(FOLDABLE - self.hidden[family.parent]):
                self._hide_enough(family, label)
        return sum(map(len, self.hidden)) > before

    def _fill(self, group: int) -> None:
        """Fold until "other" may be told too; what is left then is the total alone."""
        while self.hidden[group] != FOLDABLE:
            folded = self._hours[self._members[group]][:, [*self.hidden[group], LAST]].sum(axis=1, keepdims=True)
            if tellable(folded, self._policy)[0]:
                return
            self._fold_smallest(group)

    def _fold_smallest(self, group: int) -> None:
        shown = sorted(FOLDABLE - self.hidden[group], key=lambda label: self._sums[group, label])
        self.hidden[group].add(shown[0])

    def _hide_enough(self, family: Family, label: int) -> None:
        """Hide a label in so many parts that those together may be told."""
        while True:
            parts = [child for child in family.children if label in self.hidden[child]]
            if not parts or len(parts) == len(family.children):
                return
            together = np.concatenate([self._members[child] for child in parts])
            if len(parts) > 1 and tellable(self._hours[together][:, [label]], self._policy)[0]:
                return
            self._hide_next(family, label)

    def _hide_next(self, family: Family, label: int) -> bool:
        """Hide a label in the smallest part that still shows it, or else in the parent."""
        shown = [child for child in family.children if label not in self.hidden[child]]
        if shown:
            self.hidden[min(shown, key=lambda child: self._sums[child, label])].add(label)
            return True
        if label in self.hidden[family.parent]:
            return False
        self.hidden[family.parent].add(label)
        return True

    def _protect(self) -> bool:
        hid = [self._hide_next(family, label) or self._widen(group) for family, group, label in self.unprotected()]
        return any(hid)

    def _widen(self, group: int) -> bool:
        if self.hidden[group] == FOLDABLE:
            return False
        self._fold_smallest(group)
        return True

    def unprotected(self) -> list[tuple[Family, int, int]]:
        """The targets whose bounds lie too close, with the equation that gives them away."""
        return [found for family in self._families for found in self._unprotected_in(family)]

    def _unprotected_in(self, family: Family) -> list[tuple[Family, int, int]]:
        mine = [target for target in self.targets if target.group in family.children]
        if not mine:
            return []
        cells = [(child, label) for child in family.children for label in sorted({*self.hidden[child], LAST})]
        sums = Sums.of(self._told(family, cells))
        truth = np.array([self._sums[cell] for cell in cells])
        most = np.full(len(cells), float(truth.sum()))
        place = {cell: number for number, cell in enumerate(cells)}
        return [
            (family, target.group, target.label)
            for target in mine
            if not is_open(place[target.group, target.label], sums, truth, most, self._policy)
        ]

    def _told(self, family: Family, cells: list[tuple[int, int]]) -> Array:
        """What is told of hidden cells: "other" of each part, and each label of the parent less the parts shown."""
        folded_above = frozenset({*self.hidden[family.parent], LAST})
        columns = [folded_above, *(frozenset({label}) for label in sorted(FOLDABLE - folded_above))]
        in_part = [[float(cell[0] == child) for cell in cells] for child in family.children]
        in_column = [[float(cell[1] in column) for cell in cells] for column in columns]
        table = np.array([*in_part, *in_column])
        return np.asarray(table[table.any(axis=1)])
