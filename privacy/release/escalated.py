"""Rows about escalations: how many ended, how far they climbed, where they began and where they ended; never who."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from privacy.groups import DIRECT
from privacy.release.rows import Row, rounded, row_of
from privacy.release.rules import tellable
from privacy.release.statements import Basis, Statement, leaks
from privacy.release.ways import Way, ways_told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from analysis.escalations import Place
    from privacy.groups import Group, GroupKind
    from privacy.policy import Policy
    from privacy.release.chains import Chain
    from privacy.release.cohort import Cohort
    from privacy.release.plan import Plan

    Array = NDArray[np.float64]
    Chains = Sequence[Chain]

ESCALATIONS = "escalations"
COUNT, GAP, DAYS = "chains", "levels climbed", "days from first to last meeting"
AT_TOP, IN_LINE = "ended at the top", "in one line"
PART = "part of escalations"
FEWEST_CHAINS = 5
FIVES, HALF_LEVEL, TENTH = 5.0, 0.5, 0.1
# The lowest and highest part that is told, and what they stand for: of the few that are left nothing is said.
LEAST, MOST = 0.1, 0.9
HARDLY_ANY, NEARLY_ALL = 0.15, 0.85
WHOLE, PARTS = slice(1), slice(1, None)
# Smaller ways would be rounded to nothing.
SMALLEST_WAY = 0.05


@dataclass(frozen=True)
class Part:
    """A part of a group's chains as a row tells it; `about` are the departments the row is for.

    Without `rests_on` it is nearly all chains or hardly any: a band that says nothing of the few, nor whether there are
    any, and so rests on all chains of the group.
    """

    group: Group
    label: str
    value: float
    rests_on: Chains
    about: tuple[str, ...]

    @property
    def key(self) -> str:
        """How the audit names it."""
        return f"{self.group.key} {self.label}"


class Escalated:
    """What may be told of chains: of the organisation, and of departments for the chains their own people were in."""

    def __init__(self, chains: Chains, plan: Plan, cohort: Cohort, policy: Policy) -> None:
        self._cohort, self._policy = cohort, policy
        self._levels = [group for group in plan.groups if group.kind == "levels"]
        self._departments = [group for group in plan.groups if group.kind == "department"]
        self._of = {
            group: held
            for group in plan.groups
            if group.kind in {"organisation", "department"}
            and self._enough(held := [each for each in chains if not each.people.isdisjoint(group.members)], group)
        }
        self._parts = [part for group, held in self._of.items() for part in self._parts_of(group, held)]

    def statement(self) -> Statement:
        """What the rows rest on: chains, and the people who took part in each.

        Where not everything may be told, the organisation goes before its departments and all chains before parts of
        them: the smallest sets would be left out otherwise, whatever they say.
        """
        nothing = Statement(ESCALATIONS, self._cohort.period, (), self._behind(), self._policy.smallest_group)
        # Most leaks lie within one group, where they are found quickly.
        first, *others = (self._with(nothing, self._bases(group)).told for group in self._of) if self._of else ((),)
        wholes, parts = (tuple(chain.from_iterable(each[where] for each in others)) for where in (WHOLE, PARTS))
        return self._with(nothing, (*first, *wholes, *parts))

    def _behind(self) -> dict[str, frozenset[str]]:
        people = self._cohort.people
        held = {each.key: each for each in chain.from_iterable(self._of.values())}
        return {key: frozenset(people[place] for place in each.people) for key, each in held.items()}

    def _bases(self, group: Group) -> list[Basis]:
        parts = (part for part in self._parts if part.group is group and part.rests_on)
        return [
            self._basis(group.key, self._of[group], group),
            *(self._basis(part.key, part.rests_on) for part in parts),
        ]

    def _with(self, told: Statement, more: Sequence[Basis], *, leaky: bool = False) -> Statement:
        """What is told with as much more as makes no leak; `leaky` where all of it is known to make one."""
        wanted = replace(told, told=(*told.told, *more))
        if not leaky and not leaks(wanted, (), self._policy):
            return wanted
        middle = len(more) // 2
        if not middle:
            return told
        half = self._with(told, more[:middle])
        return self._with(half, more[middle:], leaky=len(half.told) == len(told.told) + middle)

    def rows(self, told: Statement) -> Iterator[Row]:
        """The rows of every group whose chains are told."""
        keys = {each.key for each in told.told}
        for group, held in self._of.items():
            if group.key in keys:
                yield from self._whole(group, held)
        for part in self._parts:
            if part.group.key in keys and (part.key in keys or not part.rests_on):
                row = row_of(ESCALATIONS, part.group, self._cohort.period, part.value, PART, part.label)
                yield replace(row, units=part.about)

    def _whole(self, group: Group, held: Chains) -> Iterator[Row]:
        period = self._cohort.period
        gap, days = (float(np.mean(each)) for each in ([one.gap for one in held], [one.days for one in held]))
        yield row_of(ESCALATIONS, group, period, rounded(len(held), FIVES), "chains", COUNT)
        yield row_of(ESCALATIONS, group, period, rounded(gap, HALF_LEVEL), "levels", GAP)
        yield row_of(ESCALATIONS, group, period, rounded(days, FIVES), "days", DAYS)

    def _parts_of(self, group: Group, held: Chains) -> Iterator[Part]:
        if len(self._levels) > 1:
            top = [each for each in held if each.end.level in self._top]
            yield from self._share(group, AT_TOP, top, held)
        yield from self._share(group, IN_LINE, [each for each in held if each.in_line], held)
        yield from self._ways(group, held, "levels", self._band)
        if group.kind == "organisation":
            yield from self._ways(group, held, "department", self._department)

    @property
    def _top(self) -> set[int]:
        return set(map(int, self._levels[0].parts))

    def _share(self, group: Group, label: str, inside: Chains, held: Chains) -> Iterator[Part]:
        """A part told where both it and what is left rest on enough, or one of them is hardly anything."""
        chosen = {each.key for each in inside}
        outside = [each for each in held if each.key not in chosen]
        share = len(inside) / len(held)
        if not HARDLY_ANY < share < NEARLY_ALL:
            yield Part(group, label, MOST if share >= NEARLY_ALL else LEAST, (), group.units)
        elif self._enough(inside) and self._enough(outside):
            yield Part(group, label, rounded(share, TENTH), inside, group.units)

    def _ways(
        self, group: Group, held: Chains, kind: GroupKind, side: Callable[[Place], Group | None]
    ) -> Iterator[Part]:
        """Parts of a group's chains that went from one band of levels or department to another."""
        ways: dict[Way, list[Chain]] = {}
        for each in held:
            origin, end = side(each.origin), side(each.end)
            ways.setdefault(Way(kind, origin, end) if origin and end else Way(kind), []).append(each)

        def fits(way: Way, chains: Chains) -> bool:
            return len(chains) >= SMALLEST_WAY * len(held) and self._enough_of(way, chains)

        told = ways_told(ways, fits, self._many)
        largest, most = max(ways.items(), key=lambda item: len(item[1]))
        if len(most) >= NEARLY_ALL * len(held) and fits(largest, most):
            told = {largest: most} | told
        for way, chains in told.items():
            share = len(chains) / len(held)
            value = MOST if share >= NEARLY_ALL else max(LEAST, rounded(share, TENTH))
            rests_on = () if share >= NEARLY_ALL else chains
            yield Part(group, way.label, value, rests_on, way.units or group.units)

    def _band(self, place: Place) -> Group | None:
        return next((group for group in self._levels if str(place.level) in group.parts), None)

    def _department(self, place: Place) -> Group | None:
        return next((group for group in self._departments if (place.department or DIRECT) in group.parts), None)

    def _enough(self, chains: Chains, group: Group | None = None) -> bool:
        """Enough chains of enough people, a group's own among them, and nobody in nearly all of them."""
        own = group is None or len(self._everybody(chains) & group.members) >= self._policy.smallest_group
        return len(chains) >= FEWEST_CHAINS and own and bool(tellable(self._values(chains, group), self._policy).all())

    def _enough_of(self, way: Way, chains: Chains) -> bool:
        """The same, with enough people on either side that is named."""
        before, after = (
            frozenset[int]().union(*held) for held in zip(*((c.before, c.after) for c in chains), strict=True)
        )
        sides = ((way.origin, before), (way.end, after))
        few = any(group and len(group.members & there) < self._policy.smallest_group for group, there in sides)
        return not few and self._enough(chains)

    def _many(self, chains: Chains) -> bool:
        return len(self._everybody(chains)) >= self._policy.smallest_group

    def _everybody(self, chains: Chains) -> frozenset[int]:
        return frozenset(np.flatnonzero(self._counts(chains)).tolist())

    def _basis(self, key: str, chains: Chains, group: Group | None = None) -> Basis:
        return Basis(key, frozenset(each.key for each in chains), self._values(chains, group))

    def _values(self, chains: Chains, group: Group | None = None) -> Array:
        """In how many of the chains everybody was, and everybody of the group."""
        counts = self._counts(chains)
        inside = np.zeros(self._cohort.size)
        inside[list(group.members) if group else slice(None)] = 1.0
        return np.stack([counts, counts * inside], axis=1)[counts > 0]

    def _counts(self, chains: Chains) -> Array:
        """In how many of the chains everybody of the cohort was."""
        seats = np.concatenate([np.zeros(0, dtype=np.int64), *(each.seats for each in chains)])
        return np.bincount(seats, minlength=self._cohort.size).astype(np.float64)
