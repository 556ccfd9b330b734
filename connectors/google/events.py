"""One event as Google sends it, in the words of `connectors.copies`."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import orjson

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
    event: Mapping[str, Any],
    owner: str,
    groups: AbstractSet[str] = frozenset(),
    zone: str = "UTC",
    lists: GuestLists | None = None,
) -> Copy | None:
    """The owner's copy of an event; None where it is no meeting and keeps no time. Raises one of `MALFORMED`.

    `lists` remembers guest lists from one event of a mailbox to the next.
    """
    kind = _KINDS.get(event.get("eventType", "default"))
    if kind is None:
        return None
    start, end = edge(event["start"], zone), edge(event["end"], zone)
    if end < start:
        raise ValueError("it ends before it starts")
    organizer, leads = _organizer(event, owner, groups)
    listed = (lists or GuestLists(owner, groups)).of(event.get("attendees", ()))
    everybody = listed.complete and _is_whole(event, listed, organizer, leads=leads)
    if kind == "meeting" and everybody and listed.alone and organizer in (None, owner):
        kind = "hold"
    get = event.get
    series = get("recurringEventId")
    return Copy(
        _uid(event),
        start,
        end,
        original(event["originalStartTime"], zone) if series else None,
        series is not None,
        "date" in event["start"],
        get("summary"),
        organizer=organizer,
        own_response="accepted" if leads and listed.own is None else listed.own or "none",
        guests=listed.guests,
        all_guests=everybody,
        created=stamp(get("created")),
        updated=stamp(get("updated")),
        sequence=get("sequence"),
        status="tentative" if get("status") == "tentative" else "confirmed",
        private=get("visibility") in ("private", "confidential"),
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


class _Listed(NamedTuple):
    """A guest list: its lines, whether each has an address, and the owner's answer.

    `alone` says that nobody but the owner and rooms is on it, `others` that anything but the owner is.
    """

    guests: tuple[Guest, ...]
    complete: bool
    own: Answer | None
    alone: bool
    others: bool


class GuestLists:
    """The guest lists in one mailbox. Occurrences of a series repeat theirs to the letter, so each is read once."""

    def __init__(self, owner: str, groups: AbstractSet[str] = frozenset()) -> None:
        self.owner, self.groups = owner, groups
        self._known: dict[bytes, _Listed] = {}

    def of(self, attendees: Sequence[Mapping[str, Any]]) -> _Listed:
        """The guest list of an event."""
        # Writing a list down is many times quicker than reading it.
        written = orjson.dumps(attendees)
        found = self._known.get(written)
        if found is None:
            found = self._known[written] = self._read(attendees)
        return found

    def _read(self, attendees: Sequence[Mapping[str, Any]]) -> _Listed:
        guests: list[Guest] = []
        own: Answer | None = None
        alone, others = True, False
        for attendee in attendees:
            guest = _line(tuple(attendee.items()))
            if attendee.get("self"):
                own = guest.response
                guest = Guest(self.owner, guest.role, own, guest.kind)
            elif guest.address in self.groups:
                guest = guest._replace(kind="group")
            if not guest.address:
                continue
            guests.append(guest)
            if guest.address != self.owner:
                others = True
                alone = alone and guest.kind == "room"
        return _Listed(tuple(guests), len(guests) == len(attendees), own, alone, others)


@lru_cache(maxsize=65536)
def _line(attendee: tuple[tuple[str, Any], ...]) -> Guest:
    """One line of a guest list. The same lines come again and again."""
    said = dict(attendee)
    who = address(said.get("email", ""))
    answer: Answer = _ANSWERS.get(said.get("responseStatus", ""), "none")
    if said.get("resource") or who.endswith(_CALENDARS):
        return Guest(who, "resource", answer, "room")
    role: Role = "organizer" if said.get("organizer") else "optional" if said.get("optional") else "required"
    return Guest(who, role, answer)


def _is_whole(event: Mapping[str, Any], listed: _Listed, organizer: str | None, *, leads: bool) -> bool:
    """Whether the guest list is all there is.

    Where guests may not see each other, or are very many, a copy lists its owner only. The same is to be feared
    where a meeting made in Google lists the owner only and somebody else leads, for there the organizer is on the list.
    """
    if event.get("attendeesOmitted"):
        return False
    if leads:
        return True
    if event.get("guestsCanSeeOtherGuests") is False or len(listed.guests) > _MOST_GUESTS:
        return False
    if organizer is None or listed.others:
        return True
    return bool(listed.guests) and not _uid(event).endswith("@google.com")


def _show_as(event: Mapping[str, Any], kind: Kind) -> Literal["busy", "free", "oof", "tentative"]:
    if kind == "absence":
        return "oof"
    if event.get("transparency") == "transparent":
        return "free"
    return "tentative" if event.get("status") == "tentative" else "busy"
