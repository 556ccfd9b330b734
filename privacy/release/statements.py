"""What is told besides hours of groups, and what each of it rests on: looked at as strictly as the groups themselves.

A count of people rests on people, a line about standing tables on tables, a tie on meetings. Whatever adding and
subtracting makes of such sums must rest on enough people, together with all that was told before of the same weeks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from privacy.release.rules import tellable
from privacy.release.span import people_in, small_sets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from numpy.typing import NDArray

    from analysis.period import Period
    from privacy.groups import Group
    from privacy.policy import Policy
    from privacy.release.cohort import Cohort

    Array = NDArray[np.float64]
    Things = frozenset[str]

PLANTED = "planted"


@dataclass(frozen=True)
class Basis:
    """What the rows about one key add up: things (people, tables or meetings), and each person's part in each figure.

    `values` are people x figures, the figures that follow by subtraction among them; nothing where only bands of
    counts are told.
    """

    key: str
    things: Things
    values: Array | None = None


@dataclass(frozen=True)
class Statement:
    """Everything told of one measure in one release; `behind` says whom each thing is about.

    `fewest` people must stand behind whatever follows from it. `wide` holds keys that a reader who sees only these
    must not get below `wide_fewest` with.
    """

    measure: str
    period: Period
    told: tuple[Basis, ...]
    behind: Mapping[str, AbstractSet[str]]
    fewest: int
    wide: frozenset[str] = frozenset()
    wide_fewest: int = 0

    @property
    def said(self) -> Said:
        """What has to be remembered of it."""
        things = frozenset[str]().union(*(each.things for each in self.told))
        return Said(
            measure=self.measure,
            begins=self.period.start.isoformat(),
            ends=self.period.end.isoformat(),
            sets={each.key: each.things for each in self.told},
            behind={each: frozenset(self.behind[each]) for each in sorted(things)},
        )

    def only(self, keys: AbstractSet[str]) -> Statement:
        """The same about fewer keys."""
        return replace(self, told=tuple(each for each in self.told if each.key in keys))


def about_people(measure: str, groups: Iterable[Group], values: Array, cohort: Cohort, policy: Policy) -> Statement:
    """What rests on everybody in each of some groups; `values` are the cohort's people x figures."""
    return Statement(
        measure=measure,
        period=cohort.period,
        told=tuple(Basis(group.key, cohort.ids(group.members), values[sorted(group.members)]) for group in groups),
        behind={person: frozenset({person}) for person in cohort.people},
        fewest=policy.smallest_group,
    )


@dataclass(frozen=True)
class Said:
    """One measure of one release as the audit remembers it: which things each key adds up, and who is behind them."""

    measure: str
    begins: str
    ends: str
    sets: Mapping[str, Things]
    behind: Mapping[str, frozenset[str]]

    def under(self, name: Callable[[str], str]) -> Said:
        """The same with everybody under another name."""
        things = {thing: name(thing) if people == {thing} else thing for thing, people in self.behind.items()}
        return replace(
            self,
            sets={key: frozenset(things[each] for each in held) for key, held in self.sets.items()},
            behind={things[thing]: frozenset(map(name, people)) for thing, people in self.behind.items()},
        )

    def overlaps(self, statement: Statement) -> bool:
        """Whether both are the same measure of some of the same weeks."""
        begins, ends = statement.period.start.isoformat(), statement.period.end.isoformat()
        return self.measure == statement.measure and self.begins < ends and begins < self.ends


def leaks(statement: Statement, earlier: Sequence[Said], policy: Policy) -> list[Things]:
    """Sets of things with too few people behind them of which sums speak alone, by themselves or with earlier ones.

    Across releases the smallest group counts: somebody who came or went must not show.
    """
    now = [each.things for each in statement.told]
    wide = [each.things for each in statement.told if each.key in statement.wide]
    before = [each for each in earlier if each.overlaps(statement)]
    found = small_sets(now, statement.fewest, policy.colluders, statement.behind) if now else []
    if wide:
        found += small_sets(wide, statement.wide_fewest, policy.colluders, statement.behind)
    if now and before:
        sets = [*now, *(things for each in before for things in each.sets.values())]
        fewest = min(statement.fewest, policy.smallest_group)
        found += small_sets(sets, fewest, policy.colluders, _all_behind(statement, before))
    return found


def _all_behind(statement: Statement, before: Sequence[Said]) -> dict[str, AbstractSet[str]]:
    """Whom each thing is about, now or then: the smaller answer, so that no set looks larger than it was."""
    behind: dict[str, AbstractSet[str]] = dict(statement.behind)
    for each in before:
        for thing, people in each.behind.items():
            behind[thing] = min(behind.get(thing, people), people, key=len)
    return behind


def dominated(statement: Statement, policy: Policy) -> list[str]:
    """The keys with a figure that rests on too few people, or on one too much."""
    rules = replace(policy, k_hr=statement.fewest, k_mt_unit=statement.fewest)
    return [
        each.key
        for each in statement.told
        if people_in(each.things, statement.behind, statement.fewest) < statement.fewest
        or (each.values is not None and not tellable(each.values, rules).all())
    ]


def without_leaks(statement: Statement, earlier: Sequence[Said], policy: Policy) -> Statement:
    """The statement about as many keys as may be told; of those that make a leak together the smallest goes first."""
    kept = statement.only({each.key for each in statement.told} - set(dominated(statement, policy)))
    before = [things for each in earlier if each.overlaps(statement) for things in each.sets.values()]
    # Most leaks need nobody's help, and looking for colluders takes long.
    for rules in (replace(policy, colluders=0), policy):
        while found := leaks(kept, earlier, rules):
            gone = min((_smallest(leak, kept, before) for leak in found), key=_size)
            kept = kept.only({each.key for each in kept.told} - {gone.key})
    return kept


def _size(basis: Basis) -> tuple[int, str]:
    return len(basis.things), basis.key


def _smallest(leak: Things, statement: Statement, before: Sequence[Things]) -> Basis:
    """The smallest of the sets that have something in common with a set, of now or of then, that the leak is in."""
    around = [things for things in (*(each.things for each in statement.told), *before) if leak & things]
    near = frozenset[str]().union(*around)
    return min((each for each in statement.told if each.things & near), key=_size)


@dataclass(frozen=True)
class Plant:
    """A leak that is planted to test the audit: what it is, and a statement that has it."""

    what: str
    statement: Statement


def plants(statement: Statement) -> Iterator[Plant]:
    """Leaks of a statement's own kind: one thing more or less, two halves that share one, one person's figure."""
    if not statement.told:
        return
    base = max(statement.told, key=lambda each: (len(each.things), each.key))
    one, ordered = frozenset({PLANTED}), sorted(base.things)
    middle = len(ordered) // 2
    behind = {**statement.behind, PLANTED: frozenset({PLANTED})}
    rows = {
        "one left out": (base.things, base.things | one),
        "two that share one": (base.things | one, frozenset(ordered[:middle]) | one, frozenset(ordered[middle:]) | one),
    }
    others = tuple(each for each in statement.told if each is not base)
    for what, sets in rows.items():
        extra = tuple(Basis(f"{PLANTED} {number}", things) for number, things in enumerate(sets))
        yield Plant(what, replace(statement, told=(*others, *extra), behind=behind))
    if base.values is not None:
        large = np.vstack([base.values, 2 * base.values.sum(axis=0) + 1])
        yield Plant("one person makes it up", replace(statement, told=(replace(base, values=large),)))


def caught(plant: Plant, earlier: Sequence[Said], policy: Policy) -> bool:
    """Whether the audit sees a planted leak; it takes no colluders to see one."""
    if plant.what == "one person makes it up":
        return bool(dominated(plant.statement, policy))
    return frozenset({PLANTED}) in leaks(plant.statement, earlier, replace(policy, colluders=0))
