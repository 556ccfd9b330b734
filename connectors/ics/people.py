"""Who was asked to a meeting and what they answered (RFC 5545, 3.8.4.1 and 3.8.4.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from connectors.ics.content import every, first, plain
from connectors.identity import address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connectors.ics.content import Property
    from connectors.ics.scan import Block

RESPONSES = {"ACCEPTED": "accepted", "TENTATIVE": "tentative", "DECLINED": "declined", "DELEGATED": "declined"}
_ROLES = {"OPT-PARTICIPANT": "optional", "NON-PARTICIPANT": "optional"}
# A calendar that is not anybody's own stands as the organizer of what is in it.
_NOBODY = ("@group.calendar.google.com", "@import.calendar.google.com", "unknownorganizer@calendar.google.com")
_ROOMS = "@resource.calendar.google.com"
# Methods of messages about a meeting: they list whoever writes, not everybody who is invited (RFC 5546, 1.4).
PARTIAL_METHODS = ("REPLY", "COUNTER", "REFRESH", "DECLINECOUNTER")


@dataclass(frozen=True)
class Owner:
    """Whose calendar it is: all their addresses, the first of which is who they are; possibly unknown."""

    addresses: tuple[str, ...] = ()

    @property
    def person_id(self) -> str | None:
        """The owner's id, when known."""
        return self.addresses[0] if self.addresses else None

    def person(self, given: str) -> str:
        """The id of a person by one of their addresses."""
        return self.addresses[0] if given in self.addresses else given


@dataclass(frozen=True)
class Company:
    """The people of one meeting: (person, role, response) each, who called it, and how many they are, if known."""

    attendance: tuple[tuple[str, str, str], ...]
    organizer: str | None
    headcount: int | None
    alone: bool
    owner_name: str | None


def company(block: Block, owner: Owner, *, partial: bool) -> Company:
    """Everybody in a meeting, the owner included; `partial` says that the list is known to leave people out."""
    listed = every(block, "ATTENDEE")
    organizer = _organizer(block, owner)
    people: dict[str, tuple[str, str]] = {}
    groups = False
    for each in listed:
        if _kind(each) == "GROUP":
            groups = True
        elif person := _person(each, owner):
            people.setdefault(person, (_role(each), _response(each)))
    if organizer is not None:
        answer = people.get(organizer, ("", "none"))[1]
        people[organizer] = ("organizer", "accepted" if answer == "none" else answer)
    _add_owner(people, owner, solo=not listed and organizer is None)
    humans = sum(role != "resource" for role, _ in people.values())
    unlisted = not listed and organizer not in (None, owner.person_id)
    unknown = groups or partial or unlisted or not (listed or owner.addresses)
    return Company(
        attendance=tuple((person, role, response) for person, (role, response) in people.items()),
        organizer=organizer,
        headcount=None if unknown else humans,
        alone=humans <= 1 and not (groups or partial or unlisted),
        owner_name=_owner_name(block, owner),
    )


def _add_owner(people: dict[str, tuple[str, str]], owner: Owner, *, solo: bool) -> None:
    if owner.person_id is not None and owner.person_id not in people:
        people[owner.person_id] = ("organizer" if solo else "required", "accepted")


def _organizer(block: Block, owner: Owner) -> str | None:
    found = first(block, "ORGANIZER")
    person = _person(found, owner) if found else ""
    return None if not person or person.endswith(_NOBODY) else person


def _person(found: Property, owner: Owner) -> str:
    """Who it is: an address where there is one, else the name, else whatever stands there."""
    given = address(found.value)
    if "@" not in given:
        given = address(found.parameters.get("EMAIL", "")) or plain(found.parameters.get("CN", "")).lower() or given
    return owner.person(given)[:320]


def _kind(found: Property) -> str:
    kind = found.parameters.get("CUTYPE", "").upper()
    return "ROOM" if kind == "RESOURCE" or address(found.value).endswith(_ROOMS) else kind


def _role(found: Property) -> str:
    if _kind(found) == "ROOM":
        return "resource"
    return _ROLES.get(found.parameters.get("ROLE", "").upper(), "required")


def _response(found: Property) -> str:
    return RESPONSES.get(found.parameters.get("PARTSTAT", "").upper(), "none")


def _owner_name(block: Block, owner: Owner) -> str | None:
    for found in _everybody(block, owner):
        name = plain(found.parameters.get("CN", ""))
        if name and "@" not in name:
            return name[:200]
    return None


def _everybody(block: Block, owner: Owner) -> Iterator[Property]:
    if not owner.addresses:
        return
    for found in (*every(block, "ORGANIZER"), *every(block, "ATTENDEE")):
        if address(found.value) in owner.addresses:
            yield found
