"""Whom Google names in an event: the organizer, and guest lists by how they are written.

Occurrences of a series repeat their guest list to the letter, and the same lines stand on list after list, so each is
read once.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from msgspec.json import Decoder

from connectors.google.page import Person
from connectors.guests import guests_on
from connectors.identity import address

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from connectors.copies import Answer, Line, Role

_ANSWERS: dict[str | None, Answer] = {"accepted": "accepted", "declined": "declined", "tentative": "tentative"}
# Rooms, team calendars, imported ones and events without an organizer bear such addresses: nobody answers to them.
_CALENDARS = ("calendar.google.com", "calendarserver.org")
_PERSON, _ORGANIZER = Decoder(Person), Decoder(Person | None)


class Listed(NamedTuple):
    """A guest list: its lines, the groups on it, whether each line has an address, and the owner's answer.

    `alone` says that nobody but the owner and rooms is on it, `others` that anything but the owner is.
    """

    guests: dict[str, Line]
    groups: AbstractSet[str]
    complete: bool
    own: Answer | None
    alone: bool
    others: bool


class Organizers(dict[bytes, tuple[str | None, bool]]):
    """Who leads, where that is a person, and whether it is the owner; by how it is written."""

    def __init__(self, owner: str, groups: AbstractSet[str]) -> None:
        super().__init__()
        self._owner, self._groups = owner, groups

    def __missing__(self, written: bytes) -> tuple[str | None, bool]:
        self[written] = found = self._read(_ORGANIZER.decode(written or b"null") or Person())
        return found

    def _read(self, said: Person) -> tuple[str | None, bool]:
        if said.is_self:
            return self._owner, True
        who = address(said.email or "")
        return (who if who and not who.endswith(_CALENDARS) and who not in self._groups else None), False


class _Lines(dict[bytes, tuple[str, "Line"]]):
    """Lines of guest lists."""

    def __init__(self, owner: str) -> None:
        super().__init__()
        self._owner = owner

    def __missing__(self, written: bytes) -> tuple[str, Line]:
        who, line, own = _guest(written)
        self[written] = found = (self._owner if own else who, line)
        return found


class GuestLists(dict[bytes, Listed]):
    """The guest lists of one mailbox, by how they are written."""

    def __init__(self, owner: str, groups: AbstractSet[str]) -> None:
        super().__init__()
        self._owner, self._groups = owner, groups
        self._lines = _Lines(owner)

    def __missing__(self, written: bytes) -> Listed:
        self[written] = found = self._listed(guests_on(written, self._lines))
        return found

    def _listed(self, guests: dict[str, Line]) -> Listed:
        complete = guests.pop("", None) is None
        owner = self._owner
        own = guests.get(owner)
        others = len(guests) > (own is not None)
        alone = not [who for who, (role, _) in guests.items() if role != "resource" and who != owner]
        groups = guests.keys() & self._groups if self._groups else self._groups
        for each in groups:
            del guests[each]
        return Listed(guests, groups, complete, own and own[1], alone, others)


@lru_cache(maxsize=65536)
def _guest(written: bytes) -> tuple[str, Line, bool]:
    """One line of a guest list, and whether it is the owner's."""
    said = _PERSON.decode(written)
    who = address(said.email or "")
    answer = _ANSWERS.get(said.response_status, "none")
    if said.resource or who.endswith(_CALENDARS):
        return who, ("resource", answer), bool(said.is_self)
    role: Role = "organizer" if said.organizer else "optional" if said.optional else "required"
    return who, (role, answer), bool(said.is_self)
