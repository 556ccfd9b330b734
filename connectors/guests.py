"""Guest lists as vendors write them, in numbers: lists and lines are known by their bytes, and each is read once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Generic, Literal, NamedTuple, TypeVar

import numpy as np
from msgspec import Raw
from msgspec.json import Decoder

from connectors.decoding import OTHERWISE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from collections.abc import Set as AbstractSet

    from connectors.columns import Flags, Places

Role = Literal["organizer", "required", "optional", "resource"]
Answer = Literal["none", "accepted", "declined", "tentative"]
ROLES: tuple[Role, ...] = ("organizer", "required", "optional", "resource")
"""What somebody can be at a meeting; a role in a column is its place in here."""
ANSWERS: tuple[Answer, ...] = ("none", "accepted", "declined", "tentative")
"""What somebody can have answered; an answer in a column is its place in here."""
ORGANIZER, REQUIRED, RESOURCE = (ROLES.index(role) for role in ("organizer", "required", "resource"))
NONE, ACCEPTED = ANSWERS.index("none"), ANSWERS.index("accepted")

NOBODY = -1
"""The number of nobody."""
NAMELESS = 0
"""The number of whoever has no address."""
MALFORMED = -2
"""The place of what cannot be read."""
UNTOLD = 0
"""The place of the list of an event that says nothing of guests: an empty one."""

Thing = TypeVar("Thing")
_LINES = Decoder(list[Raw] | None)


class Numbered(dict[Thing, int], Generic[Thing]):
    """Numbers things in the order they come: its keys, in order, are what the numbers mean."""

    def __missing__(self, thing: Thing) -> int:
        self[thing] = number = len(self)
        return number


class ByBytes(dict[bytes, int]):
    """The places of things by how they are written; each is read once."""

    def places(self, written: Sequence[Raw]) -> Places:
        """The place of each."""
        return np.array([*map(self.__getitem__, map(bytes, written))], dtype="int64")


class Guest(NamedTuple):
    """One line of a guest list. Somebody without an address goes by an empty one."""

    address: str
    role: Role = "required"
    response: Answer = "none"


@dataclass(frozen=True)
class Guests:
    """Guest lists in columns, list after list and line after line.

    `sizes` says how many lines each list has; of each line there is `who` (a place in `people`), the role and the
    answer. Nobody is on a list twice. `groups` are addresses that stand for many people.
    """

    people: Sequence[str]
    sizes: Places
    who: Places
    roles: Places
    answers: Places
    groups: AbstractSet[str] = frozenset()

    @cached_property
    def of(self) -> Places:
        """The list that each line stands on."""
        return np.repeat(np.arange(len(self.sizes)), self.sizes)

    def with_any(self, lines: Flags) -> Flags:
        """Which lists have one of these lines."""
        found = np.zeros(len(self.sizes), dtype=bool)
        found[self.of[lines]] = True
        return found

    def only(self, wanted: Flags) -> Guests:
        """The same lists with the wanted lines."""
        if wanted.all():
            return self
        sizes = np.bincount(self.of[wanted], minlength=len(self.sizes))
        return replace(self, sizes=sizes, who=self.who[wanted], roles=self.roles[wanted], answers=self.answers[wanted])

    def each_once(self) -> Guests:
        """Of somebody who is on a list twice the first line counts."""
        standing = self.of * len(self.people) + self.who
        if len(np.unique(standing)) == len(standing):
            return self
        wanted = np.zeros(len(standing), dtype=bool)
        wanted[np.unique(standing, return_index=True)[1]] = True
        return self.only(wanted)


class GuestLists(ByBytes):
    """The places of guest lists by how they are written, `MALFORMED` where one cannot be read; `read` reads a line.

    `people` numbers whoever is met.
    """

    def __init__(self, read: Callable[[bytes], Guest]) -> None:
        super().__init__({b"": UNTOLD})
        self.people: Numbered[str] = Numbered({"": NAMELESS})
        self._lines = _Lines(read, self.people)
        self._numbers: list[int] = []
        self._sizes = [0]

    def __missing__(self, written: bytes) -> int:
        try:
            lines = [*map(self._lines.__getitem__, map(bytes, _LINES.decode(written) or ()))]
        except OTHERWISE:
            self[written] = MALFORMED
            return MALFORMED
        self[written] = place = len(self._sizes)
        self._numbers += lines
        self._sizes.append(len(lines))
        return place

    def guests(self, groups: AbstractSet[str] = frozenset()) -> Guests:
        """All lists that were met."""
        known = np.array(self._lines.columns, dtype="int64").reshape(-1, 3)
        lines = known[np.array(self._numbers, dtype="int64")]
        sizes = np.array(self._sizes, dtype="int64")
        return Guests(list(self.people), sizes, lines[:, 0], lines[:, 1], lines[:, 2], groups).each_once()


class _Lines(dict[bytes, int]):
    """Lines of guest lists by how they are written; `columns` tells what stands on each, in numbers."""

    def __init__(self, read: Callable[[bytes], Guest], people: Numbered[str]) -> None:
        super().__init__()
        self._read, self._people = read, people
        self.columns: list[tuple[int, int, int]] = []

    def __missing__(self, written: bytes) -> int:
        who, role, answer = self._read(written)
        self.columns.append((self._people[who], ROLES.index(role), ANSWERS.index(answer)))
        self[written] = number = len(self)
        return number
