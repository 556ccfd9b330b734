"""What Google says of events, in the words of `connectors.copies`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from msgspec import ValidationError

from connectors.copies import Common, Copies
from connectors.google.gone import uid_of
from connectors.google.moments import edges, stamps
from connectors.google.page import When
from connectors.google.people import GuestLists, Organizers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from connectors.columns import Places
    from connectors.copies import EntryKind, ShowAs
    from connectors.google.page import Event
    from connectors.google.people import Listed

# Everything else that Google keeps in a calendar (places of work, birthdays) is no meeting and no absence.
_KINDS: dict[str | None, EntryKind] = {
    "default": "meeting",
    "fromGmail": "meeting",
    "focusTime": "focus",
    "outOfOffice": "absence",
}
_PRIVATE = ("private", "confidential")
# Above this Google no longer sends answers on to every guest's copy, and may leave the list out.
_MOST_GUESTS = 200

_MALFORMED = -1
_NO_TIME = When()


class Read(NamedTuple):
    """The copies that events make, and the events that cannot be read."""

    copies: Copies
    unreadable: list[Event]


def copies_of(events: list[Event], reader: Reader, zone: str) -> Read:
    """The copies of all events that take time, in their order; `zone` is where times without one stand."""
    events = [event for event in events if event.event_type in _KINDS]
    ends = edges([event.end for event in events], zone)
    was = [(event.recurring_event_id and event.original_start_time) or _NO_TIME for event in events]
    uids = [event.ical_uid or uid_of(event.recurring_event_id or event.id) or "" for event in events]
    places = reader.places(events, uids)
    # Where only hours are asked for nothing else is kept, whatever came along.
    full = [] if reader.hours_only else events
    nothing: list[Any] = [None] * (len(events) - len(full))
    copies = Copies(
        uids,
        edges([event.start for event in events], zone),
        ends,
        originals=edges(was, zone),
        on_days=np.array([when.date is not None for when in was], dtype=bool),
        all_day=np.array([event.start.date is not None for event in events], dtype=bool),
        titles=[event.summary for event in full] + nothing,
        created=stamps([event.created for event in full] + nothing),
        updated=stamps([event.updated for event in full] + nothing),
        sequences=[event.sequence for event in full] + nothing,
        places=places,
        common=reader.common,
    )
    return _readable(copies, events)


def _readable(copies: Copies, events: list[Event]) -> Read:
    in_series = np.array([event.recurring_event_id is not None for event in events], dtype=bool)
    known = np.array([bool(uid) for uid in copies.uids], dtype=bool)
    good = (copies.ends >= copies.starts) & ~(in_series & np.isnat(copies.originals)) & known
    good &= copies.places != _MALFORMED
    if good.all():
        return Read(copies, [])
    return Read(copies.only(good), [events[row] for row in np.flatnonzero(~good).tolist()])


class _Said(NamedTuple):
    """Everything that an event says of people and manners, people as they were written."""

    attendees: bytes
    organizer: bytes
    event_type: str | None
    status: str | None
    transparency: str | None
    visibility: str | None
    omitted: bool | None
    others_seen: bool | None
    has_call: bool
    made_in_google: bool


class Reader:
    """What has been read in one mailbox; of events that say the same of people and manners one is read."""

    def __init__(self, owner: str, groups: AbstractSet[str] = frozenset(), *, hours_only: bool = False) -> None:
        self.hours_only = hours_only
        self._known = _Hours(owner) if hours_only else _Whole(owner, groups)

    @property
    def common(self) -> list[Common]:
        """What was read, each once."""
        return self._known.common

    def places(self, events: Sequence[Event], uids: Sequence[str]) -> Places:
        """Where in `common` stands what belongs to each; `_MALFORMED` where people cannot be read."""
        # In columns, and as bare tuples until something new is met: this is looked up for every event.
        said = zip(
            map(bytes, [event.attendees for event in events]),
            map(bytes, [event.organizer for event in events]),
            [event.event_type for event in events],
            [event.status for event in events],
            [event.transparency for event in events],
            [event.visibility for event in events],
            [event.attendees_omitted for event in events],
            [event.guests_can_see_other_guests for event in events],
            [event.hangout_link is not None or event.conference_data is not None for event in events],
            [uid.endswith("@google.com") for uid in uids],
            strict=True,
        )
        return np.array([*map(self._known.__getitem__, said)], dtype="int64")


class _Known(dict[tuple[Any, ...], int]):
    """The places in `common` by what was said."""

    def __init__(self) -> None:
        super().__init__()
        self.common: list[Common] = []

    def __missing__(self, said: tuple[Any, ...]) -> int:
        try:
            self.common.append(self.read(_Said(*said)))
        except (ValidationError, UnicodeDecodeError):
            self[said] = _MALFORMED
            return _MALFORMED
        self[said] = place = len(self.common) - 1
        return place

    def read(self, said: _Said) -> Common:
        raise NotImplementedError


class _Hours(_Known):
    """What free and busy time tells of an event: when, and no more. Nobody knows who else is there."""

    def __init__(self, owner: str) -> None:
        super().__init__()
        self._owner = owner

    def read(self, said: _Said) -> Common:
        kind = _KINDS[said.event_type]
        return Common(
            # As a guest: who leads is unknown. Google counts the time as taken, so it counts as accepted.
            own_response="accepted",
            guests={self._owner: ("required", "accepted")},
            all_guests=False,
            private=said.visibility in _PRIVATE,
            show_as=_show_as(said, kind),
            kind=kind,
        )


class _Whole(_Known):
    """All that an event tells."""

    def __init__(self, owner: str, groups: AbstractSet[str]) -> None:
        super().__init__()
        self._owner = owner
        self._organizers, self._lists = Organizers(owner, groups), GuestLists(owner, groups)

    def read(self, said: _Said) -> Common:
        kind = _KINDS[said.event_type]
        organizer, leads = self._organizers[said.organizer]
        listed = self._lists[said.attendees]
        everybody = listed.complete and _is_whole(said, listed, organizer, leads=leads)
        if kind == "meeting" and everybody and listed.alone and organizer in (None, self._owner):
            kind = "hold"
        return Common(
            organizer,
            "accepted" if leads and listed.own is None else listed.own or "none",
            listed.guests,
            listed.groups,
            everybody,
            "tentative" if said.status == "tentative" else "confirmed",
            said.visibility in _PRIVATE,
            _show_as(said, kind),
            kind,
            # A link in the location is not read, so nothing found does not mean that nobody calls in.
            said.has_call or None,
        )


def _is_whole(said: _Said, listed: Listed, organizer: str | None, *, leads: bool) -> bool:
    """Whether the guest list is all there is.

    Where guests may not see each other, or are very many, a copy lists its owner only. The same is to be feared
    where a meeting made in Google lists the owner only and somebody else leads, for there the organizer is on the list.
    """
    if said.omitted:
        return False
    if leads:
        return True
    if said.others_seen is False or len(listed.guests) + len(listed.groups) > _MOST_GUESTS:
        return False
    if organizer is None or listed.others:
        return True
    return bool(listed.guests) and not said.made_in_google


def _show_as(said: _Said, kind: EntryKind) -> ShowAs:
    if kind == "absence":
        return "oof"
    if said.transparency == "transparent":
        return "free"
    return "tentative" if said.status == "tentative" else "busy"
