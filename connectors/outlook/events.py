"""One event as Graph sends it, put into the words every source shares."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

import orjson

from connectors.copies import Copy, Guest
from connectors.ics.nature import kind_of
from connectors.identity import GLOBAL_OBJECT_ID, address
from connectors.outlook.zones import midnight, moment, stamp, zone_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import tzinfo

    from connectors.copies import GuestKind

Event = dict[str, Any]
Answer = Literal["accepted", "declined", "tentative", "none"]
ShowAs = Literal["busy", "free", "oof", "tentative", "elsewhere"]

_ANSWERS: Mapping[str | None, Answer] = {
    "organizer": "accepted",
    "accepted": "accepted",
    "tentativelyAccepted": "tentative",
    "declined": "declined",
}
_SHOWN: Mapping[str | None, ShowAs] = {
    "free": "free",
    "tentative": "tentative",
    "oof": "oof",
    "workingElsewhere": "elsewhere",
}
_DAY = timedelta(days=1)


class UnreadableError(ValueError):
    """An event that cannot be put into words; carries the reason, never the title."""


@dataclass(frozen=True)
class Book:
    """What is known about addresses: whose calendar this is, which of them are rooms and which stand for many people.

    `person` is who the owner is, `owner` every address they have. `lists` remembers guest lists as they were written.
    """

    person: str = ""
    owner: frozenset[str] = frozenset()
    rooms: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    home: tzinfo = UTC
    lists: dict[bytes, tuple[Guest, ...]] = field(default_factory=dict, compare=False)


def is_row(event: Event) -> bool:
    """Whether an event is something that takes place: the master of a series is not (its occurrences are)."""
    return event.get("type") != "seriesMaster" and "@removed" not in event


def knows_its_zone(event: Event) -> bool:
    """Whether the zone an event was made in is one anybody knows."""
    return zone_of(event.get("originalStartTimeZone") or "") is not None


def copy_of(event: Event, book: Book) -> Copy:
    """The mailbox's copy of one event; raises `UnreadableError` where it has no usable time."""
    all_day = bool(event.get("isAllDay"))
    start, end = _span(event, all_day, book)
    guests = _guests(event, book)
    leads = event.get("isOrganizer")
    organizer = _organizer(event)
    everybody = _lists_everybody(event, leads, guests)
    alone = everybody and _alone(guests, organizer, leads, book)
    show_as = _SHOWN.get(event.get("showAs"), "busy")
    title = event.get("subject") or ""
    if organizer is not None and organizer in book.groups:
        guests = (*guests, Guest(organizer, kind="group"))
    uid = event.get("iCalUId") or event.get("seriesMasterId") or event["id"]
    original = _original(event, start, all_day, uid)
    return Copy(
        uid=uid,
        start=start,
        end=end,
        original=original,
        in_series=original is not None,
        all_day=all_day,
        title=title or None,
        organizer=organizer,
        own_response=_ANSWERS.get((event.get("responseStatus") or {}).get("response"), "none"),
        guests=guests,
        all_guests=everybody,
        created=stamp(event.get("createdDateTime")),
        updated=stamp(event.get("lastModifiedDateTime")),
        status=_status(event, leads, show_as),
        private=event.get("sensitivity") not in ("normal", None),
        show_as=show_as,
        kind=_kind(event, title, show_as, all_day, alone),
        online=event.get("isOnlineMeeting"),
    )


def _span(event: Event, all_day: bool, book: Book) -> tuple[datetime, datetime]:
    given_start, given_end = event.get("start"), event.get("end")
    if not given_start or not given_end:
        raise UnreadableError("it has no start or no end")
    try:
        start, end = moment(given_start, book.home), moment(given_end, book.home)
    except (ValueError, OverflowError, KeyError):
        raise UnreadableError("its start or end is not a time") from None
    if start.year <= 1 or end.year >= 9999:
        raise UnreadableError("its start or end is a date that stands for none")
    if all_day:
        zone = zone_of(event.get("originalStartTimeZone") or "")
        start, end = midnight(start, zone), midnight(end, zone)
        return start, max(end, start + _DAY)
    if end < start:
        raise UnreadableError("it ends before it starts")
    return start, end


def _original(event: Event, start: datetime, all_day: bool, uid: str) -> datetime | date | None:
    """Where the series had put it; None for a single meeting.

    Whoever was invited to one occurrence only has a single event whose UID still carries the date of that occurrence.
    """
    kind = event.get("type")
    moved_from = stamp(event.get("originalStart")) if kind == "exception" else None
    if moved_from is not None:
        zone = zone_of(event.get("originalStartTimeZone") or "")
        return midnight(moved_from, zone).date() if all_day else moved_from
    if kind in ("occurrence", "exception") or _of_one_day(uid, start):
        return start.date() if all_day else start
    return None


def _of_one_day(uid: str, start: datetime) -> bool:
    lowered = uid[:40].lower()
    if not lowered.startswith(GLOBAL_OBJECT_ID) or lowered[32:40] in ("", "00000000"):
        return False
    try:
        day = date(int(lowered[32:36], 16), int(lowered[36:38], 16), int(lowered[38:40], 16))
    except ValueError:
        return False
    return abs(start.date() - day) <= _DAY


def _organizer(event: Event) -> str | None:
    mail = (event.get("organizer") or {}).get("emailAddress") or {}
    given = mail.get("address") or mail.get("name")
    return _plain(given) if given else None


def _guests(event: Event, book: Book) -> tuple[Guest, ...]:
    """The guest list; occurrences of a series repeat theirs to the letter, so each is read once."""
    attendees = event.get("attendees") or ()
    # Writing a list down is many times quicker than reading it.
    written = orjson.dumps(attendees)
    found = book.lists.get(written)
    if found is None:
        found = book.lists[written] = _read(attendees, book)
    return found


def _read(attendees: Sequence[Event], book: Book) -> tuple[Guest, ...]:
    guests = []
    for attendee in attendees:
        mail = attendee.get("emailAddress") or {}
        given = mail.get("address") or mail.get("name")
        if given:
            who = _plain(given)
            answer = _ANSWERS.get((attendee.get("status") or {}).get("response"), "none")
            guests.append(_guest(who, attendee.get("type"), answer, _guest_kind(who, attendee.get("type"), book)))
    return tuple(guests)


def _guest_kind(who: str, role: str | None, book: Book) -> GuestKind:
    # Some clients list rooms as required.
    if role == "resource" or who in book.rooms:
        return "room"
    return "group" if who in book.groups else "person"


# The same people answer the same way to hundreds of meetings.
@lru_cache(maxsize=65536)
def _guest(who: str, role: str | None, answer: Answer, kind: GuestKind) -> Guest:
    if kind == "room":
        return Guest(who, "resource", answer, kind)
    return Guest(who, "optional" if role == "optional" else "required", answer, kind)


@lru_cache(maxsize=65536)
def _plain(given: str) -> str:
    return address(given)


def _lists_everybody(event: Event, leads: bool | None, guests: tuple[Guest, ...]) -> bool:
    """Whether the guest list is whole: on a guest's copy it may be hidden, and nobody else's meeting has no guests."""
    if leads:
        return "attendees" in event
    return bool(guests) and not event.get("hideAttendees")


def _alone(guests: tuple[Guest, ...], organizer: str | None, leads: bool | None, book: Book) -> bool:
    if not leads and organizer not in book.owner:
        return False
    return all(guest.kind == "room" or guest.address in book.owner or guest.address == organizer for guest in guests)


def _status(event: Event, leads: bool | None, show_as: ShowAs) -> Literal["confirmed", "tentative", "cancelled"]:
    if event.get("isCancelled"):
        return "cancelled"
    # On a guest's copy "tentative" only says that the guest has not answered.
    return "tentative" if leads and show_as == "tentative" else "confirmed"


def _kind(event: Event, title: str, show_as: ShowAs, all_day: bool, alone: bool) -> Any:
    kind = kind_of(title, show_as, all_day=all_day, alone=alone)
    if kind != "hold":
        return kind
    named = [kind_of(each, show_as, all_day=False, alone=True) for each in event.get("categories") or () if each]
    return "focus" if "focus" in named else kind
