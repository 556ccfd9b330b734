"""Groups large enough to speak about: small ones are merged, never blanked."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# The Dutch public-sector norm; see docs/privacy.md. It may be raised by a setting, never lowered.
MINIMUM = 10
# Counts of people above a threshold need larger groups still: "1 in a team of 12" is a name.
MINIMUM_FOR_COUNTS = 25


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
