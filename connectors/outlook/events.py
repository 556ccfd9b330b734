"""What Graph says of events, put into the words of `connectors.copies`."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np
from msgspec import ValidationError

from connectors.copies import Common, Copies
from connectors.ics.nature import kind_of
from connectors.identity import GLOBAL_OBJECT_ID
from connectors.outlook.people import ANSWERS, GuestLists, organizer_in
from connectors.outlook.zones import is_stamp, midnight, moments, stamp, stamps, zone_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from connectors.columns import Flags, Places, Times
    from connectors.copies import EntryKind, ShowAs, Status
    from connectors.outlook.page import Event
    from connectors.outlook.people import Book, Listed

_SHOWN: Mapping[str | None, ShowAs] = {
    "free": "free",
    "tentative": "tentative",
    "oof": "oof",
    "workingElsewhere": "elsewhere",
}
_OF_A_SERIES = ("occurrence", "exception")
_DAY = timedelta(days=1)
_NO_TIME = np.datetime64("NaT")
# The first and the last year stand for no time at all.
_FIRST, _LAST = np.datetime64("0002-01-01"), np.datetime64("9999-01-01")
_MALFORMED = -1
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
    reader = Reader(book)
    places = reader.places(events)
    good = (starts >= _FIRST) & (ends < _LAST) & (all_day | (ends >= starts))
    good &= (places != _MALFORMED) & np.array([_is_in_place(event) for event in events], dtype=bool)
    if not good.all():
        bad = np.flatnonzero(~good).tolist()
        refused = [(events[row], _reason(events[row], starts[row].item(), ends[row].item())) for row in bad]
        read = copies_of([event for event, fine in zip(events, good.tolist(), strict=True) if fine], book)
        return read._replace(refused=refused)
    _to_midnight(starts, events, all_day)
    _to_midnight(ends, events, all_day)
    uids = [event.ical_uid or event.series_master_id or event.id for event in events]
    originals = _originals(events, uids, starts, all_day)
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
        places=reader.with_kinds(events, places),
        common=reader.common,
    )
    return Read(copies, events, [])


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


class _Said(NamedTuple):
    """Everything that an event says of people and manners, people as they were written."""

    attendees: bytes
    organizer: bytes
    leads: bool | None
    cancelled: bool | None
    show_as: str | None
    sensitivity: str | None
    response: str | None
    hidden: bool | None
    online: bool | None


class Reader:
    """What has been read in one mailbox; of events that say the same of people and manners one is read."""

    def __init__(self, book: Book) -> None:
        self._known = _Known(book)
        self._variants: dict[tuple[int, EntryKind], int] = {}

    @property
    def common(self) -> list[Common]:
        """What was read, each once."""
        return self._known.common

    def places(self, events: Sequence[Event]) -> Places:
        """Where in `common` stands what belongs to each; `_MALFORMED` where people cannot be read."""
        # In columns, and as bare tuples until something new is met: this is looked up for every event.
        said = zip(
            map(bytes, [event.attendees for event in events]),
            map(bytes, [event.organizer for event in events]),
            [event.is_organizer for event in events],
            [event.is_cancelled for event in events],
            [event.show_as for event in events],
            [event.sensitivity for event in events],
            [event.response_status.response if event.response_status else None for event in events],
            [event.hide_attendees for event in events],
            [event.is_online_meeting for event in events],
            strict=True,
        )
        return np.array([*map(self._known.__getitem__, said)], dtype="int64")

    def with_kinds(self, events: Sequence[Event], places: Places) -> Places:
        """The same places, save where nobody else is there: what such time is kept for only the title tells."""
        found = places.copy()
        alone = np.array(self._known.alone, dtype=bool)[places]
        for row in np.flatnonzero(alone).tolist():
            place = int(places[row])
            kind = _kind(events[row], self.common[place].show_as)
            found[row] = self._variant(place, kind)
        return found

    def _variant(self, place: int, kind: EntryKind) -> int:
        known = self._variants.get((place, kind))
        if known is None:
            self.common.append(self.common[place]._replace(kind=kind))
            known = self._variants[place, kind] = len(self.common) - 1
        return known


class _Known(dict[tuple[Any, ...], int]):
    """The places in `common` by what was said; `alone` says of each whether nobody else is there."""

    def __init__(self, book: Book) -> None:
        super().__init__()
        self._book = book
        self._lists = GuestLists(book)
        self.common: list[Common] = []
        self.alone: list[bool] = []

    def __missing__(self, said: tuple[Any, ...]) -> int:
        try:
            common, alone = self._read(_Said(*said))
        except (ValidationError, UnicodeDecodeError):
            self[said] = _MALFORMED
            return _MALFORMED
        self.common.append(common)
        self.alone.append(alone)
        self[said] = place = len(self.common) - 1
        return place

    def _read(self, said: _Said) -> tuple[Common, bool]:
        organizer = organizer_in(said.organizer)
        listed = self._lists[said.attendees]
        groups = listed.groups
        if organizer is not None and organizer in self._book.groups:
            groups = groups | {organizer}
        everybody = _lists_everybody(said, listed)
        show_as = _SHOWN.get(said.show_as, "busy")
        common = Common(
            organizer,
            ANSWERS.get(said.response, "none"),
            listed.guests,
            groups,
            everybody,
            _status(said, show_as),
            said.sensitivity not in ("normal", None),
            show_as,
            "absence" if show_as == "oof" else "meeting",
            said.online,
        )
        own = said.leads or organizer in self._book.owner
        return common, bool(own and everybody and listed.others <= {organizer})


def _lists_everybody(said: _Said, listed: Listed) -> bool:
    """Whether the guest list is whole: on a guest's copy it may be hidden, and nobody else's meeting has no guests."""
    if said.leads:
        return said.attendees != b""
    return bool(listed.guests or listed.groups) and not said.hidden


def _status(said: _Said, show_as: ShowAs) -> Status:
    if said.cancelled:
        return "cancelled"
    # On a guest's copy "tentative" only says that the guest has not answered.
    return "tentative" if said.leads and show_as == "tentative" else "confirmed"


def _kind(event: Event, show_as: ShowAs) -> EntryKind:
    kind = kind_of(event.subject or "", show_as, all_day=bool(event.is_all_day), alone=True)
    if kind == "hold":
        named = (kind_of(each, show_as, all_day=False, alone=True) for each in event.categories or () if each)
        kind = "focus" if "focus" in named else kind
    return cast("EntryKind", kind)
