"""What Google says of events, in the words of `connectors.copies`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from connectors.copies import Copies, Manner, give_kind
from connectors.google.gone import uid_of
from connectors.google.moments import edges, stamps
from connectors.google.page import When
from connectors.google.people import People
from connectors.guests import ACCEPTED, MALFORMED, NOBODY, REQUIRED, UNTOLD, Guests, Numbered

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from connectors.columns import Flags, Places
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

_NO_TIME = When()


class Read(NamedTuple):
    """The copies that events make, and the events that cannot be read."""

    copies: Copies
    unreadable: list[Event]


class Reader(NamedTuple):
    """How a mailbox is read: whose it is, which addresses stand for many people, whether only hours are asked for."""

    owner: str
    groups: AbstractSet[str] = frozenset()
    hours_only: bool = False


def copies_of(events: list[Event], reader: Reader, zone: str) -> Read:
    """The copies of all events that take time, in their order; `zone` is where times without one stand."""
    events = [event for event in events if event.event_type in _KINDS]
    ends = edges([event.end for event in events], zone)
    was = [(event.recurring_event_id and event.original_start_time) or _NO_TIME for event in events]
    uids = [event.ical_uid or uid_of(event.recurring_event_id or event.id) or "" for event in events]
    company = _just_the_owner(len(events), reader.owner) if reader.hours_only else _company(events, uids, reader)
    manner, manners = _manners(events, company.alone, hours_only=reader.hours_only)
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
        organizers=company.organizers,
        own_answers=company.own_answers,
        guest_lists=company.guest_lists,
        all_guests=company.all_guests,
        guests=company.guests,
        manner=manner,
        manners=manners,
    )
    return _readable(copies, events, company.known)


def _readable(copies: Copies, events: list[Event], known: Flags) -> Read:
    in_series = np.array([event.recurring_event_id is not None for event in events], dtype=bool)
    named = np.array([bool(uid) for uid in copies.uids], dtype=bool)
    good = known & named & (copies.ends >= copies.starts) & ~(in_series & np.isnat(copies.originals))
    if good.all():
        return Read(copies, [])
    return Read(copies.only(good), [events[row] for row in np.flatnonzero(~good).tolist()])


class _Company(NamedTuple):
    """Who is at each event, as in `Copies`; `alone` is the owner, with a room perhaps, `known` what can be read."""

    organizers: Places
    own_answers: Places
    guest_lists: Places
    all_guests: Flags
    guests: Guests
    alone: Flags
    known: Flags


def _just_the_owner(many: int, owner: str) -> _Company:
    """What free and busy time tells: the owner is there as a guest, for who leads is unknown, and who else comes.

    Google counts the time as taken, so it counts as accepted.
    """
    size, who, role, answer = (np.array([each]) for each in (1, 0, REQUIRED, ACCEPTED))
    return _Company(
        organizers=np.full(many, NOBODY),
        own_answers=np.full(many, ACCEPTED),
        guest_lists=np.zeros(many, dtype="int64"),
        all_guests=np.zeros(many, dtype=bool),
        guests=Guests([owner], size, who, role, answer),
        alone=np.zeros(many, dtype=bool),
        known=np.ones(many, dtype=bool),
    )


def _company(events: Sequence[Event], uids: Sequence[str], reader: Reader) -> _Company:
    people = People(reader.owner, reader.groups)
    lists = people.lists.places([event.attendees for event in events])
    organizers, leads = people.organizers.numbers([event.organizer for event in events])
    known = (lists != MALFORMED) & (organizers != MALFORMED)
    lists[~known], organizers[~known] = UNTOLD, NOBODY
    listed = people.listed()
    everybody = listed.complete[lists] & _are_whole(events, uids, listed, lists, organizers, leads)
    return _Company(
        organizers,
        np.where(leads & ~listed.invited[lists], ACCEPTED, listed.own[lists]),
        lists,
        everybody,
        listed.guests,
        alone=everybody & listed.alone[lists] & ((organizers == people.me) | (organizers == NOBODY)),
        known=known,
    )


def _are_whole(
    events: Sequence[Event], uids: Sequence[str], listed: Listed, lists: Places, organizers: Places, leads: Flags
) -> Flags:
    """Whether each guest list is all there is.

    Where guests may not see each other, or are very many, a copy lists its owner only. The same is to be feared
    where a meeting made in Google lists the owner only and somebody else leads, for there the organizer is on the list.
    """
    omitted = np.array([bool(event.attendees_omitted) for event in events], dtype=bool)
    hidden = np.array([event.guests_can_see_other_guests is False for event in events], dtype=bool)
    made_in_google = np.array([uid.endswith("@google.com") for uid in uids], dtype=bool)
    few = listed.guests.sizes <= _MOST_GUESTS
    plausible = (organizers == NOBODY) | listed.others[lists] | (listed.invited[lists] & ~made_in_google)
    whole: Flags = ~omitted & (leads | (~hidden & few[lists] & plausible))
    return whole


def _manners(events: Sequence[Event], alone: Flags, *, hours_only: bool) -> tuple[Places, list[Manner]]:
    """Which manner belongs to each event, and the manners there are."""
    said: Numbered[tuple[Any, ...]] = Numbered()
    columns = zip(
        [event.event_type for event in events],
        [event.status for event in events],
        [event.transparency for event in events],
        [event.visibility for event in events],
        [event.hangout_link is not None or event.conference_data is not None for event in events],
        strict=True,
    )
    manner = np.array([*map(said.__getitem__, columns)], dtype="int64")
    manners = [_manner(*each) for each in said]
    if hours_only:
        manners = [each._replace(status="confirmed", online=None) for each in manners]
    is_meeting = np.array([each.kind == "meeting" for each in manners], dtype=bool)
    give_kind("hold", alone & is_meeting[manner], manner, manners)
    return manner, manners


def _manner(
    event_type: str | None, status: str | None, transparency: str | None, visibility: str | None, has_call: bool
) -> Manner:
    kind = _KINDS[event_type]
    return Manner(
        "tentative" if status == "tentative" else "confirmed",
        visibility in _PRIVATE,
        _show_as(kind, status, transparency),
        kind,
        # A link in the location is not read, so nothing found does not mean that nobody calls in.
        has_call or None,
    )


def _show_as(kind: EntryKind, status: str | None, transparency: str | None) -> ShowAs:
    if kind == "absence":
        return "oof"
    if transparency == "transparent":
        return "free"
    return "tentative" if status == "tentative" else "busy"
