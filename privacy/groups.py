"""Groups large enough to speak about: small ones are merged, never blanked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

# The Dutch public-sector norm; see docs/privacy.md. It may be raised by a setting, never lowered.
MINIMUM = 10
# Counts of people above a threshold need larger groups still: "1 in a team of 12" is a name.
MINIMUM_FOR_COUNTS = 25
# From how many people on a size is told as which band.
SIZES = (10, 25, 50, 100, 250, 500, 1000, 2500)

GroupKind = Literal["organisation", "department", "team", "levels", "cell"]
ORGANISATION = "organisation"
OTHERS, DIRECT = "other", "direct"


@dataclass(frozen=True)
class Group:
    """A set of people that rows may speak about: `unit` is the department part it lies in, "" above departments.

    `parts` names the units (or levels) that were taken together in it, `units` the departments it lies in.
    """

    kind: GroupKind
    name: str
    unit: str
    parts: tuple[str, ...]
    members: frozenset[int]
    units: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """How rows name it: `organisation`, `department:Intake`, `team:Intake/Balie`, `levels:1-3`."""
        if self.kind == "organisation":
            return ORGANISATION
        return f"{self.kind}:{self.unit}/{self.name}" if self.kind in {"team", "cell"} else f"{self.kind}:{self.name}"


def unit_groups(
    departments: Mapping[int, str],
    teams: Mapping[int, str],
    fits: Callable[[frozenset[int]], bool],
) -> tuple[Group, ...]:
    """Organisation, department parts and team parts: laminar, each an exact partition of the one above.

    `fits` says whether a set of people may be spoken about; what does not is joined to its smallest siblings. People
    without a team are a part of their department like any other.
    """
    everybody = frozenset(departments)
    if not fits(everybody):
        return ()
    found = [Group("organisation", ORGANISATION, "", (), everybody)]
    for names, members in _merged(_by(departments, everybody), fits):
        name = names[0] if len(names) == 1 else _others(names)
        part = Group("department", name, name, names, members, names)
        found.append(part)
        if len(names) == 1:
            found += [
                Group("team", each[0] if len(each) == 1 else _others(each), name, each, within, names)
                for each, within in _merged(_by(teams, members), fits)
            ]
    # A part that is all of its parent says nothing new.
    return tuple(each for each in found if each.kind == "organisation" or _is_part(each, found))


def _is_part(group: Group, found: Iterable[Group]) -> bool:
    above = "organisation" if group.kind == "department" else "department"
    return not any(each.kind == above and each.members == group.members for each in found)


def _others(names: tuple[str, ...]) -> str:
    return f"{OTHERS} ({len(names)})"


def _by(place: Mapping[int, str], people: frozenset[int]) -> dict[str, frozenset[int]]:
    names = sorted({place.get(each) or DIRECT for each in people})
    return {name: frozenset(each for each in people if (place.get(each) or DIRECT) == name) for name in names}


def _merged(
    parts: Mapping[str, frozenset[int]], fits: Callable[[frozenset[int]], bool]
) -> list[tuple[tuple[str, ...], frozenset[int]]]:
    """The parts that fit, and one of all that do not, filled up with the smallest others until it fits too."""
    small = [name for name in parts if not fits(parts[name])]
    large = sorted((name for name in parts if name not in small), key=lambda name: (-len(parts[name]), name))
    union = frozenset[int]().union(*(parts[name] for name in small))
    while small and large and not fits(union):
        small.append(large.pop())
        union |= parts[small[-1]]
    kept: list[tuple[tuple[str, ...], frozenset[int]]] = [((name,), parts[name]) for name in sorted(large)]
    return [*kept, (tuple(sorted(small)), union)] if small and fits(union) else kept


def merge_levels(people: Mapping[int, int], minimum: int = MINIMUM) -> tuple[tuple[int, ...], ...]:
    """Neighbouring levels joined from the top until every group has at least `minimum` people.

    >>> merge_levels({1: 1, 2: 9, 3: 20, 4: 4})
    ((1, 2), (3, 4))
    >>> merge_levels({1: 1, 2: 3})
    ()
    """
    groups: list[list[int]] = []
    open_group: list[int] = []
    for level in sorted(people):
        open_group.append(level)
        if sum(people[each] for each in open_group) >= minimum:
            groups.append(open_group)
            open_group = []
    if open_group and groups:
        groups[-1].extend(open_group)
    return tuple(tuple(group) for group in groups)


def band(count: int) -> str:
    """A count of people as it may be told: zero and a few share a band."""
    if count < 5:
        return "0-4"
    return "5-9" if count < 10 else "10+"


def size_band(people: int) -> str:
    """The size of a group as it may be told; who left or objected must not show in it.

    >>> [size_band(each) for each in (10, 24, 60, 4000)]
    ['10-24', '10-24', '50-99', '2500+']
    """
    low = max((each for each in SIZES if each <= people), default=0)
    after = [each for each in SIZES if each > people]
    return f"{low}-{after[0] - 1}" if after else f"{low}+"


def at_least(band: str) -> int:
    """The fewest people a band stands for.

    >>> at_least("50-99"), at_least("2500+")
    (50, 2500)
    """
    return int(band.rstrip("+").partition("-")[0])
