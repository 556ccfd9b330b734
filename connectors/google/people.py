"""Whom Google names in an event: the organizer, and guest lists by how they are written.

Occurrences of a series repeat their guest list to the letter, and the same lines stand on list after list, so each is
read once.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from msgspec.json import Decoder

from connectors.decoding import OTHERWISE
from connectors.google.page import Person
from connectors.guests import MALFORMED, NAMELESS, NOBODY, NONE, RESOURCE, ByBytes, Guest, GuestLists
from connectors.identity import address

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from collections.abc import Set as AbstractSet

    from msgspec import Raw

    from connectors.columns import Flags, Places
    from connectors.guests import Answer, Guests, Numbered, Role

_ANSWERS: dict[str | None, Answer] = {"accepted": "accepted", "declined": "declined", "tentative": "tentative"}
# Rooms, team calendars, imported ones and events without an organizer bear such addresses: nobody answers to them.
_CALENDARS = ("calendar.google.com", "calendarserver.org")
_PERSON, _ORGANIZER = Decoder(Person), Decoder(Person | None)


class Listed(NamedTuple):
    """Guest lists, and what can be told of each.

    `own` is what the owner answered, where `invited` says that the owner is on it. It is `complete` where every line
    has an address. `alone` says that nobody but the owner and rooms is on it, `others` that anything but the owner is.
    """

    guests: Guests
    own: Places
    invited: Flags
    complete: Flags
    alone: Flags
    others: Flags


class People:
    """Whom the events of one mailbox name, in numbers."""

    def __init__(self, owner: str, groups: AbstractSet[str]) -> None:
        self._groups = groups
        self.lists = GuestLists(_read_for(owner))
        self.me = self.lists.people[owner]
        self.organizers = _Organizers(self.me, self.lists.people, groups)

    def listed(self) -> Listed:
        """All lists that were met."""
        met = self.lists.guests(self._groups)
        nameless = met.who == NAMELESS
        guests = met.only(~nameless)
        mine = guests.who == self.me
        own = np.full(len(guests.sizes), NONE)
        own[guests.of[mine]] = guests.answers[mine]
        return Listed(
            guests,
            own,
            invited=guests.with_any(mine),
            complete=~met.with_any(nameless),
            alone=~guests.with_any(~mine & (guests.roles != RESOURCE)),
            others=guests.with_any(~mine),
        )


class _Organizers(ByBytes):
    """Who leads, by how it is written: `NOBODY` where that is no person, `MALFORMED` where it cannot be read."""

    def __init__(self, me: int, people: Numbered[str], groups: AbstractSet[str]) -> None:
        super().__init__()
        self._me, self._people, self._groups = me, people, groups
        self._found: list[tuple[int, bool]] = []

    def numbers(self, written: Sequence[Raw]) -> tuple[Places, Flags]:
        """Who leads each, and whether Google says that it is the owner."""
        places = self.places(written)
        found = np.array(self._found, dtype="int64").reshape(-1, 2)[places]
        return found[:, 0], found[:, 1].astype(bool)

    def __missing__(self, written: bytes) -> int:
        try:
            self._found.append(self._read(_ORGANIZER.decode(written or b"null") or Person()))
        except OTHERWISE:
            self._found.append((MALFORMED, False))
        self[written] = place = len(self)
        return place

    def _read(self, said: Person) -> tuple[int, bool]:
        if said.is_self:
            return self._me, True
        who = address(said.email or "")
        is_person = who and not who.endswith(_CALENDARS) and who not in self._groups
        return self._people[who] if is_person else NOBODY, False


def _read_for(owner: str) -> Callable[[bytes], Guest]:
    """Reads a line of a guest list in the owner's calendar."""

    def read(written: bytes) -> Guest:
        guest, own = _guest(written)
        return guest._replace(address=owner) if own else guest

    return read


@lru_cache(maxsize=65536)
def _guest(written: bytes) -> tuple[Guest, bool]:
    """One line of a guest list, and whether it is the owner's."""
    said = _PERSON.decode(written)
    who = address(said.email or "")
    answer = _ANSWERS.get(said.response_status, "none")
    if said.resource or who.endswith(_CALENDARS):
        return Guest(who, "resource", answer), bool(said.is_self)
    role: Role = "organizer" if said.organizer else "optional" if said.optional else "required"
    return Guest(who, role, answer), bool(said.is_self)
