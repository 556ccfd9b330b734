"""What Graph says of events, put into the words of `connectors.copies`."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np

from connectors.copies import Copies, Manner, give_kind
from connectors.guests import ANSWERS, MALFORMED, NOBODY, NONE, RESOURCE, UNTOLD, Numbered
from connectors.ics.nature import kind_of
from connectors.identity import GLOBAL_OBJECT_ID
from connectors.outlook.people import MEANT, People
from connectors.outlook.zones import is_stamp, midnight, moments, stamp, stamps, zone_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from connectors.columns import Flags, Places, Times
    from connectors.copies import EntryKind, ShowAs, Status
    from connectors.guests import Guests
    from connectors.outlook.page import Event
    from connectors.outlook.people import Book

_SHOWN: Mapping[str | None, ShowAs] = {
    "free": "free",
    "tentative": "tentative",
    "oof": "oof",
    "workingElsewhere": "elsewhere",
}
_ANSWERED = {word: ANSWERS.index(answer) for word, answer in MEANT.items()}
_OF_A_SERIES = ("occurrence", "exception")
_DAY = timedelta(days=1)
_NO_TIME = np.datetime64("NaT")
# The first and the last year stand for no time at all.
_FIRST, _LAST = np.datetime64("0002-01-01"), np.datetime64("9999-01-01")
_NO_DATE = "00000000"
NOT_BUILT = "it is not built like an event"
"""Why something is left out that nobody can make anything of."""


class Read(NamedTuple):
    """The copies that events make, the events they are of, and those left out, each with the reason."""

    copies: Copies
    events: list[Event]
    refused: list[tuple[Event, str]]


def is_row(event: Event) -> bool:
    """Whether an event is something that takes place: the master of a series is not (its occurrences are)."""
    return event.type != "seriesMaster"


def knows_its_zone(event: Event) -> bool:
    """Whether the zone an event was made in is one anybody knows."""
    return zone_of(event.original_start_time_zone or "") is not None


def copies_of(events: list[Event], book: Book) -> Read:
    """The mailbox's copies of events, in their order; a reason never holds a title."""
    all_day = np.array([bool(event.is_all_day) for event in events], dtype=bool)
    starts = moments([event.start for event in events], book.home)
    ends = moments([event.end for event in events], book.home)
    company = _company(events, book)
    good = (starts >= _FIRST) & (ends < _LAST) & (all_day | (ends >= starts))
    good &= company.known & np.array([_is_in_place(event) for event in events], dtype=bool)
    if not good.all():
        bad = np.flatnonzero(~good).tolist()
        refused = [(events[row], _reason(events[row], starts[row].item(), ends[row].item())) for row in bad]
        read = copies_of([event for event, fine in zip(events, good.tolist(), strict=True) if fine], book)
        return read._replace(refused=refused)
    _to_midnight(starts, events, all_day)
    _to_midnight(ends, events, all_day)
    uids = [event.ical_uid or event.series_master_id or event.id for event in events]
    originals = _originals(events, uids, starts, all_day)
    manner, manners = _manners(events, company.alone)
    copies = Copies(
        uids,
        starts,
        ends=np.where(all_day, np.maximum(ends, starts + np.timedelta64(1, "D")), ends),
        originals=originals,
        on_days=all_day & ~np.isnat(originals),
        all_day=all_day,
        titles=[event.subject or None for event in events],
        created=stamps([event.created for event in events]),
        updated=stamps([event.updated for event in events]),
        sequences=[None] * len(events),
        organizers=company.organizers,
        own_answers=_own_answers(events),
        guest_lists=company.guest_lists,
        all_guests=company.all_guests,
        guests=company.guests,
        manner=manner,
        manners=manners,
    )
    return Read(copies, events, [])


def _own_answers(events: Sequence[Event]) -> Places:
    said = [event.response_status.response if event.response_status else None for event in events]
    return np.array([_ANSWERED.get(word, NONE) for word in said], dtype="int64")


def _is_in_place(event: Event) -> bool:
    """Whether it can be told where a series had put an event."""
    return event.type != "exception" or is_stamp(event.original_start)


def _reason(event: Event, start: datetime | None, end: datetime | None) -> str:
    """Why an event is left out."""
    if event.start is None or event.end is None:
        return "it has no start or no end"
    if start is None or end is None:
        return "its start or end is not a time"
    if start.year <= 1 or end.year >= 9999:
        return "its start or end is a date that stands for none"
    if end < start and not event.is_all_day:
        return "it ends before it starts"
    return NOT_BUILT


def _to_midnight(edges: Times, events: list[Event], all_day: Flags) -> None:
    """Whole days begin and end at midnight, as written or as the wall clock in the event's zone had it."""
    for row in np.flatnonzero(all_day & (edges.astype("datetime64[D]") != edges)).tolist():
        edges[row] = midnight(edges[row].item(), zone_of(events[row].original_start_time_zone or ""))


def _originals(events: list[Event], uids: list[str], starts: Times, all_day: Flags) -> Times:
    """Where the series had put them; NaT for a single meeting.

    Whoever was invited to one occurrence only has a single event whose UID still carries the date of that occurrence.
    """
    kinds = [event.type for event in events]
    in_series = [
        kind in _OF_A_SERIES or (uid[32:40] != _NO_DATE and _of_one_day(uid, starts[row].item()))
        for row, (kind, uid) in enumerate(zip(kinds, uids, strict=True))
    ]
    originals = np.where(np.array(in_series, dtype=bool), starts, _NO_TIME)
    for row, event in enumerate(events):
        if event.type == "exception" and (moved_from := stamp(event.original_start)) is not None:
            zone = zone_of(event.original_start_time_zone or "")
            originals[row] = midnight(moved_from, zone) if all_day[row] else moved_from
    return originals


def _of_one_day(uid: str, start: datetime) -> bool:
    lowered = uid[:40].lower()
    if not lowered.startswith(GLOBAL_OBJECT_ID) or lowered[32:40] in ("", _NO_DATE):
        return False
    try:
        day = date(int(lowered[32:36], 16), int(lowered[36:38], 16), int(lowered[38:40], 16))
    except ValueError:
        return False
    return abs(start.date() - day) <= _DAY


class _Company(NamedTuple):
    """Who is at each event, as in `Copies`; `alone` is the owner, with a room perhaps, `known` what can be read."""

    organizers: Places
    guest_lists: Places
    all_guests: Flags
    guests: Guests
    alone: Flags
    known: Flags


def _company(events: Sequence[Event], book: Book) -> _Company:
    people = People(book)
    lists = people.lists.places([event.attendees for event in events])
    organizers = people.organizers.places([event.organizer for event in events])
    known = (lists != MALFORMED) & (organizers != MALFORMED)
    lists[~known], organizers[~known] = UNTOLD, NOBODY
    guests, mine = people.guests(), people.among(book.owner)
    leads = np.array([bool(event.is_organizer) for event in events], dtype=bool)
    hidden = np.array([bool(event.hide_attendees) for event in events], dtype=bool)
    # On a guest's copy the list may be hidden, and nobody else's meeting has no guests.
    everybody = np.where(leads, lists != UNTOLD, (guests.sizes > 0)[lists] & ~hidden)
    own = leads | ((organizers != NOBODY) & mine[organizers])
    alone = own & everybody & _only_with(organizers, guests, mine, lists)
    return _Company(organizers, lists, everybody, guests, alone, known)


def _only_with(organizers: Places, guests: Guests, mine: Flags, lists: Places) -> Flags:
    """Where the list has nobody but its owner, the organizer and rooms."""
    others = ~mine[guests.who] & (guests.roles != RESOURCE)
    many = np.bincount(guests.of[others], minlength=len(guests.sizes))
    only = np.full(len(guests.sizes), NOBODY)
    only[guests.of[others]] = guests.who[others]
    found: Flags = (many[lists] == 0) | ((many[lists] == 1) & (only[lists] == organizers))
    return found


def _manners(events: Sequence[Event], alone: Flags) -> tuple[Places, list[Manner]]:
    """Which manner belongs to each event, and the manners there are."""
    said: Numbered[tuple[Any, ...]] = Numbered()
    columns = zip(
        [event.is_organizer for event in events],
        [event.is_cancelled for event in events],
        [event.show_as for event in events],
        [event.sensitivity for event in events],
        [event.is_online_meeting for event in events],
        strict=True,
    )
    manner = np.array([*map(said.__getitem__, columns)], dtype="int64")
    manners = [_manner(*each) for each in said]
    # What time is kept for where nobody else is there only the title tells.
    rows = np.flatnonzero(alone).tolist()
    kinds = [_kind(events[row], manners[manner[row]].show_as) for row in rows]
    for kind in dict.fromkeys(kinds):
        wanted = np.zeros(len(events), dtype=bool)
        wanted[[row for row, its in zip(rows, kinds, strict=True) if its == kind]] = True
        give_kind(kind, wanted, manner, manners)
    return manner, manners


def _manner(
    leads: bool | None, cancelled: bool | None, shown: str | None, sensitivity: str | None, online: bool | None
) -> Manner:
    show_as = _SHOWN.get(shown, "busy")
    return Manner(
        _status(show_as, leads=leads, cancelled=cancelled),
        sensitivity not in ("normal", None),
        show_as,
        "absence" if show_as == "oof" else "meeting",
        online,
    )


def _status(show_as: ShowAs, *, leads: bool | None, cancelled: bool | None) -> Status:
    if cancelled:
        return "cancelled"
    # On a guest's copy "tentative" only says that the guest has not answered.
    return "tentative" if leads and show_as == "tentative" else "confirmed"


def _kind(event: Event, show_as: ShowAs) -> EntryKind:
    kind = kind_of(event.subject or "", show_as, all_day=bool(event.is_all_day), alone=True)
    if kind == "hold":
        named = (kind_of(each, show_as, all_day=False, alone=True) for each in event.categories or () if each)
        kind = "focus" if "focus" in named else kind
    return cast("EntryKind", kind)
