"""Whom Graph names in an event: the organizer, and guest lists by how they are written.

Occurrences of a series repeat their guest list to the letter, and many lines stand on list after list, so each is read
once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from msgspec.json import Decoder

from connectors.decoding import OTHERWISE
from connectors.guests import MALFORMED, NAMELESS, NOBODY, ByBytes, Guest, GuestLists
from connectors.identity import address
from connectors.outlook.page import Invited

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from collections.abc import Set as AbstractSet
    from datetime import tzinfo

    from connectors.columns import Flags
    from connectors.guests import Answer, Guests, Numbered

MEANT: Mapping[str | None, Answer] = {
    "organizer": "accepted",
    "accepted": "accepted",
    "tentativelyAccepted": "tentative",
    "declined": "declined",
}
"""What Graph's words for an answer mean; every other word is none."""

_GUEST, _ORGANIZER = Decoder(Invited), Decoder(Invited | None)


@dataclass(frozen=True)
class Book:
    """What is known about addresses: whose calendar this is, which of them are rooms and which stand for many people.

    `person` is who the owner is, `owner` every address they have.
    """

    person: str = ""
    owner: frozenset[str] = frozenset()
    rooms: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    home: tzinfo = UTC


class People:
    """Whom the events of one mailbox name, in numbers."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self.lists = GuestLists(_read_with(book.rooms))
        self.organizers = _Organizers(self.lists.people)

    def guests(self) -> Guests:
        """All lists that were met."""
        met = self.lists.guests(self._book.groups)
        return met.only(met.who != NAMELESS)

    def among(self, addresses: AbstractSet[str]) -> Flags:
        """Which people go by one of the addresses."""
        return np.array([each in addresses for each in self.lists.people], dtype=bool)


class _Organizers(ByBytes):
    """Who leads, by how it is written: `NOBODY` where nobody is named, `MALFORMED` where it cannot be read."""

    def __init__(self, people: Numbered[str]) -> None:
        super().__init__()
        self._people = people

    def __missing__(self, written: bytes) -> int:
        try:
            who = _organizer(written)
        except OTHERWISE:
            self[written] = MALFORMED
            return MALFORMED
        self[written] = number = NOBODY if who is None else self._people[who]
        return number


def _read_with(rooms: AbstractSet[str]) -> Callable[[bytes], Guest]:
    """Reads a line of a guest list. Some clients list rooms as required."""

    def read(written: bytes) -> Guest:
        guest = _guest(written)
        return guest._replace(role="resource") if guest.address in rooms else guest

    return read


# The same people answer the same way to hundreds of meetings.
@lru_cache(maxsize=65536)
def _guest(written: bytes) -> Guest:
    said = _GUEST.decode(written)
    who = address(said.given or "")
    answer = MEANT.get(said.status.response if said.status else None, "none")
    if said.type == "resource":
        return Guest(who, "resource", answer)
    return Guest(who, "optional" if said.type == "optional" else "required", answer)


@lru_cache(maxsize=65536)
def _organizer(written: bytes) -> str | None:
    """The address of the organizer, or the name where there is no more."""
    said = _ORGANIZER.decode(written or b"null")
    return address(said.given) if said and said.given else None
