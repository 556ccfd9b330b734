"""One event as Google sends it, in the words of `connectors.copies`."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from connectors.copies import Copy, Guest
from connectors.google.gone import uid_of
from connectors.google.moments import edge, original, stamp
from connectors.identity import address

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

Answer = Literal["accepted", "declined", "tentative", "none"]
Role = Literal["organizer", "required", "optional"]
Kind = Literal["meeting", "focus", "absence", "hold", "travel"]

# Everything else that Google keeps in a calendar (places of work, birthdays) is no meeting and no absence.
_KINDS: dict[str, Kind] = {
    "default": "meeting",
    "fromGmail": "meeting",
    "focusTime": "focus",
    "outOfOffice": "absence",
}
_ANSWERS: dict[str, Answer] = {"accepted": "accepted", "declined": "declined", "tentative": "tentative"}
# Above this Google no longer sends answers on to every guest's copy, and may leave the list out.
_MOST_GUESTS = 200
# Rooms, team calendars, imported ones and events without an organizer bear such addresses: nobody answers to them.
_CALENDARS = ("calendar.google.com", "calendarserver.org")

MALFORMED = (KeyError, TypeError, ValueError, AttributeError, OverflowError)


def copy_of(
    event: Mapping[str, Any], owner: str, groups: AbstractSet[str] = frozenset(), zone: str = "UTC"
) -> Copy | None:
    """The owner's copy of an event; None where it is no meeting and keeps no time. Raises one of `MALFORMED`."""
    kind = _KINDS.get(event.get("eventType", "default"))
    if kind is None:
        return None
    start, end = edge(event["start"], zone), edge(event["end"], zone)
    if end < start:
        raise ValueError("it ends before it starts")
    organizer, leads = _organizer(event, owner, groups)
    guests, listed, answer = _guests(event.get("attendees", ()), owner, groups)
    everybody = listed and _is_whole(event, guests, organizer, owner, leads=leads)
    if kind == "meeting" and everybody and _is_alone(guests, organizer, owner):
        kind = "hold"
    series = event.get("recurringEventId")
    was = original(event["originalStartTime"], zone) if series else None
    return Copy(
        uid=_uid(event),
        start=start,
        end=end,
        original=was,
        in_series=series is not None,
        all_day="date" in event["start"],
        title=event.get("summary"),
        organizer=organizer,
        own_response="accepted" if leads and answer is None else answer or "none",
        guests=guests,
        all_guests=everybody,
        created=stamp(event.get("created")),
        updated=stamp(event.get("updated")),
        sequence=event.get("sequence"),
        status="tentative" if event.get("status") == "tentative" else "confirmed",
        private=event.get("visibility") in ("private", "confidential"),
        show_as=_show_as(event, kind),
        kind=kind,
        # A link in the location is not read, so nothing found does not mean that nobody calls in.
        online=True if "hangoutLink" in event or "conferenceData" in event else None,
    )


def hours_of(event: Mapping[str, Any], owner: str, zone: str = "UTC") -> Copy | None:
    """What free and busy time tells of an event: when, and no more. Nobody knows who else is there."""
    kind = _KINDS.get(event.get("eventType", "default"))
    if kind is None:
        return None
    start, end = edge(event["start"], zone), edge(event["end"], zone)
    if end < start:
        raise ValueError("it ends before it starts")
    series = event.get("recurringEventId")
    return Copy(
        uid=_uid(event),
        start=start,
        end=end,
        original=original(event["originalStartTime"], zone) if series else None,
        in_series=series is not None,
        all_day="date" in event["start"],
        # As a guest: who leads is unknown. Google counts the time as taken, so it counts as accepted.
        own_response="accepted",
        guests=(Guest(owner, "required", "accepted"),),
        all_guests=False,
        private=event.get("visibility") in ("private", "confidential"),
        show_as=_show_as(event, kind),
        kind=kind,
    )


def _uid(event: Mapping[str, Any]) -> str:
    uid = event.get("iCalUID") or uid_of(event.get("recurringEventId") or event["id"])
    if not uid:
        raise ValueError("it has no UID")
    return str(uid)


def _organizer(event: Mapping[str, Any], owner: str, groups: AbstractSet[str]) -> tuple[str | None, bool]:
    """Who leads, where that is a person; and whether it is the owner."""
    found = event.get("organizer", {})
    if found.get("self"):
        return owner, True
    who = _plain(found.get("email", ""))
    return (who if who and not who.endswith(_CALENDARS) and who not in groups else None), False


@lru_cache(maxsize=65536)
def _plain(email: str) -> str:
    return address(email)


def _guests(
    attendees: Sequence[Mapping[str, Any]], owner: str, groups: AbstractSet[str]
) -> tuple[tuple[Guest, ...], bool, Answer | None]:
    """The guest list, whether every line of it has an address, and the owner's answer, where there is one."""
    guests: list[Guest] = []
    own: Answer | None = None
    for attendee in attendees:
        guest, is_owner = _line(tuple(attendee.items()))
        if is_owner:
            own = guest.response
            guest = replace(guest, address=owner) if guest.address != owner else guest
        elif groups and guest.address in groups:
            guest = replace(guest, kind="group")
        if guest.address:
            guests.append(guest)
    return tuple(guests), len(guests) == len(attendees), own


@lru_cache(maxsize=65536)
def _line(attendee: tuple[tuple[str, Any], ...]) -> tuple[Guest, bool]:
    """One line of a guest list, and whether it is the owner's. The same lines come again and again."""
    said = dict(attendee)
    who = address(said.get("email", ""))
    answer: Answer = _ANSWERS.get(said.get("responseStatus", ""), "none")
    if said.get("resource") or who.endswith(_CALENDARS):
        return Guest(who, "resource", answer, "room"), bool(said.get("self"))
    role: Role = "organizer" if said.get("organizer") else "optional" if said.get("optional") else "required"
    return Guest(who, role, answer), bool(said.get("self"))


def _is_whole(
    event: Mapping[str, Any], guests: tuple[Guest, ...], organizer: str | None, owner: str, *, leads: bool
) -> bool:
    """Whether the guest list is all there is.

    Where guests may not see each other, or are very many, a copy lists its owner only. The same is to be feared
    where a meeting made in Google lists the owner only and somebody else leads, for there the organizer is on the list.
    """
    if event.get("attendeesOmitted"):
        return False
    if leads:
        return True
    if event.get("guestsCanSeeOtherGuests") is False or len(guests) > _MOST_GUESTS:
        return False
    if organizer is None or any(guest.address != owner for guest in guests):
        return True
    return bool(guests) and not _uid(event).endswith("@google.com")


def _is_alone(guests: tuple[Guest, ...], organizer: str | None, owner: str) -> bool:
    if organizer not in (None, owner):
        return False
    return all(guest.kind == "room" or guest.address == owner for guest in guests)


def _show_as(event: Mapping[str, Any], kind: Kind) -> Literal["busy", "free", "oof", "tentative"]:
    if kind == "absence":
        return "oof"
    if event.get("transparency") == "transparent":
        return "free"
    return "tentative" if event.get("status") == "tentative" else "busy"
