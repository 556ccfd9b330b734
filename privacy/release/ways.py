"""Ways from one group to another: those too small to stand alone are told by where they began, or all as one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from privacy.groups import Group, GroupKind
    from privacy.release.chains import Chain

    Chains = Sequence[Chain]
    Enough = Callable[["Way", Chains], bool]

ELSEWHERE = "elsewhere"


@dataclass(frozen=True)
class Way:
    """From one group of a kind to another; without an end to all others, without an origin all other ways."""

    kind: GroupKind
    origin: Group | None = None
    end: Group | None = None

    @property
    def label(self) -> str:
        """How rows name it: `levels:4 > levels:1-2`, `department:A > elsewhere`, `levels > elsewhere`."""
        return f"{self.origin.key if self.origin else self.kind} > {self.end.key if self.end else ELSEWHERE}"

    @property
    def units(self) -> tuple[str, ...]:
        """The departments at both its sides, none for other groups."""
        return tuple(dict.fromkeys(unit for side in (self.origin, self.end) if side for unit in side.units))


def ways_told(ways: Mapping[Way, Chains], enough: Enough, many: Callable[[Chains], bool]) -> dict[Way, Chains]:
    """The ways that may be told, the largest first.

    `enough` says whether a way may be told with these chains, `many` whether so many people are in some chains that
    they may follow by subtraction; the ways that are left must be either, so the smallest of the large ones join them.
    """
    alone = {way: held for way, held in ways.items() if enough(way, held)}
    from_one = _joined({way: held for way, held in ways.items() if way not in alone})
    alone |= {way: held for way, held in from_one.items() if way.origin and enough(way, held)}
    rest = [chain for way, held in from_one.items() if way not in alone for chain in held]
    told = dict(sorted(alone.items(), key=lambda item: (-len(item[1]), item[0].label)))
    while rest and told and not many(rest):
        rest += told.popitem()[1]
    others = Way(next(iter(ways)).kind) if ways else None
    return told | ({others: rest} if others and told and rest and enough(others, rest) else {})


def _joined(ways: Mapping[Way, Chains]) -> dict[Way, list[Chain]]:
    """Ways from the same group as one."""
    found: dict[Way, list[Chain]] = {}
    for way, held in ways.items():
        found.setdefault(Way(way.kind, way.origin), []).extend(held)
    return found
