"""Whom Graph names in an event: the organizer, and guest lists by how they are written.

Occurrences of a series repeat their guest list to the letter, and many lines stand on list after list, so each is read
once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from msgspec.json import Decoder

from connectors.guests import guests_on
from connectors.identity import address
from connectors.outlook.page import Guest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet
    from datetime import tzinfo

    from connectors.copies import Answer, Line

ANSWERS: Mapping[str | None, Answer] = {
    "organizer": "accepted",
    "accepted": "accepted",
    "tentativelyAccepted": "tentative",
    "declined": "declined",
}
"""What Graph's words for an answer mean; every other word is none."""

_GUEST, _ORGANIZER = Decoder(Guest), Decoder(Guest | None)


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


class Listed(NamedTuple):
    """A guest list: its lines, the groups on it, and `others`: whoever is neither the owner nor a room."""

    guests: dict[str, Line]
    groups: AbstractSet[str]
    others: AbstractSet[str]


class GuestLists(dict[bytes, Listed]):
    """The guest lists of one mailbox, by how they are written."""

    def __init__(self, book: Book) -> None:
        super().__init__()
        self._book = book
        self._lines = _Lines(book.rooms)

    def __missing__(self, written: bytes) -> Listed:
        guests = guests_on(written, self._lines)
        guests.pop("", None)
        owner = self._book.owner
        others = {who for who, (role, _) in guests.items() if role != "resource" and who not in owner}
        groups = others & self._book.groups
        for each in groups:
            del guests[each]
        self[written] = found = Listed(guests, groups, others)
        return found


class _Lines(dict[bytes, tuple[str, "Line"]]):
    """Lines of guest lists."""

    def __init__(self, rooms: AbstractSet[str]) -> None:
        super().__init__()
        self._rooms = rooms

    def __missing__(self, written: bytes) -> tuple[str, Line]:
        who, line = _guest(written)
        if who in self._rooms:
            # Some clients list rooms as required.
            line = ("resource", line[1])
        self[written] = found = (who, line)
        return found


# The same people answer the same way to hundreds of meetings.
@lru_cache(maxsize=65536)
def _guest(written: bytes) -> tuple[str, Line]:
    said = _GUEST.decode(written)
    who = address(said.given or "")
    answer = ANSWERS.get(said.status.response if said.status else None, "none")
    if said.type == "resource":
        return who, ("resource", answer)
    return who, ("optional" if said.type == "optional" else "required", answer)


@lru_cache(maxsize=65536)
def organizer_in(written: bytes) -> str | None:
    """The address of the organizer, or the name where there is no more."""
    said = _ORGANIZER.decode(written or b"null")
    return address(said.given) if said and said.given else None
