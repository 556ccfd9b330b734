"""Things of which some hang on one person: which part of them may be told; never which, nor on whom."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from privacy.release.escalated import HARDLY_ANY, LEAST, MOST, NEARLY_ALL, TENTH
from privacy.release.rows import rounded
from privacy.release.rules import tellable
from privacy.release.statements import Basis, Statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from analysis.period import Period
    from privacy.policy import Policy
    from privacy.release.cohort import Cohort
    from privacy.release.statements import Things

    Array = NDArray[np.float64]

FEWEST = 5


@dataclass(frozen=True)
class Thing:
    """Something that people share: who of the cohort (by place in it) is in it, and on whom of them it hangs alone.

    `seen` are those through whom anything is known of it, where that takes something of their own: that they were away.
    """

    key: str
    people: frozenset[int]
    alone: frozenset[int]
    seen: frozenset[int] = frozenset()


class Alone:
    """What may be told of some things: how many there are, and which part hangs on one person, None where it may not.

    Hardly any or nearly all says nothing of the few that are left, nor whether there are any.
    """

    def __init__(self, key: str, things: Sequence[Thing], policy: Policy) -> None:
        self.key, self.things, self._policy = key, things, policy
        self._alone = [each for each in things if each.alone]
        self._others = [each for each in things if not each.alone]
        self.part = self._told_part() if self.enough else None

    @property
    def enough(self) -> bool:
        """Whether there are so many that anything is told of them."""
        return len(self.things) >= FEWEST

    @property
    def part_key(self) -> str:
        """What the part rests on: those that hang on one, or all of them where only an open end is told."""
        return f"{self.key} alone" if self._rests_on_some else self.key

    def bases(self) -> Iterator[Basis]:
        """What the rows rest on: all things, and those that hang on one where the part rests on these."""
        if self.enough:
            yield Basis(self.key, _keys(self.things), _seats(self.things))
        if self._rests_on_some:
            yield Basis(self.part_key, _keys(self._alone), _hanging(self._alone))

    def people(self, key: str) -> int:
        """How many are behind a key; behind the part, the fewer of those in it and those in the other part."""
        if key == self.key:
            return len(_everybody(self.things))
        return min(len(_everybody(each)) for each in (self._alone, self._others))

    def _told_part(self) -> float | None:
        """None where one or a few are those on whom most of it hangs, or through whom most of it is known."""
        share = len(self._alone) / len(self.things)
        if not tellable(_seats(self.things), self._policy).all():
            return None
        if share <= HARDLY_ANY:
            return LEAST
        if not tellable(_hanging(self._alone), self._policy).all():
            return None
        if share >= NEARLY_ALL:
            return MOST
        return rounded(share, TENTH) if tellable(_seats(self._others), self._policy).all() else None

    @property
    def _rests_on_some(self) -> bool:
        """Whether the part rests on the things of either kind, and not on all of them as its open ends do."""
        return self.part is not None and LEAST < self.part < MOST


def alone_statement(measure: str, period: Period, sets: Sequence[Alone], cohort: Cohort, policy: Policy) -> Statement:
    """What the rows about some sets of things rest on; HR is told where it rests on more people."""
    bases = [(basis, each.people(basis.key)) for each in sets for basis in each.bases()]
    things = {thing.key: thing.people for each in sets for thing in each.things}
    return Statement(
        measure=measure,
        period=period,
        told=tuple(basis for basis, _ in bases),
        behind={key: frozenset(cohort.people[one] for one in people) for key, people in things.items()},
        fewest=policy.k_count_mt,
        wide=frozenset(basis.key for basis, people in bases if people >= policy.k_count_hr),
        wide_fewest=policy.k_count_hr,
    )


def _keys(things: Sequence[Thing]) -> Things:
    return frozenset(each.key for each in things)


def _everybody(things: Sequence[Thing]) -> frozenset[int]:
    return frozenset[int]().union(*(each.people for each in things))


def _seats(things: Sequence[Thing]) -> Array:
    """In how many of some things everybody is, and through how many of them everybody makes something known."""
    return _columns([each.people for each in things], [each.seen for each in things])


def _hanging(things: Sequence[Thing]) -> Array:
    """The same, and how many of the things hang on each of those on whom any does."""
    people, seen, alone = ([getattr(each, name) for each in things] for name in ("people", "seen", "alone"))
    return _columns(people, seen, alone)


def _columns(*named: Sequence[frozenset[int]]) -> Array:
    """How often people are named, a column a way of naming; a way in which nobody is named is none."""
    counts = [counted for counted in map(_counted, named) if len(counted)]
    longest = max(map(len, counts), default=0)
    columns = [np.pad(counted, (0, longest - len(counted))) for counted in counts]
    return np.stack(columns, axis=1) if columns else np.zeros((0, 1))


def _counted(people: Iterable[frozenset[int]]) -> Array:
    """How often each of some people is named; by whom each line is does not matter."""
    return np.array(sorted(Counter(chain.from_iterable(people)).values(), reverse=True), dtype=float)
