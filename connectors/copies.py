"""One mailbox's copies of occurrences, in words that every vendor's answer can be put into.

Google and Outlook each turn their pages into `Copies`, column by column; from there on nothing knows the vendor.
Whatever many copies have in common (their guests, above all) is written down once and pointed at.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import UTC
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, cast
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from connectors.columns import column, flags, frame_of, ready, repeated, taken, texts
from connectors.guests import ACCEPTED, ANSWERS, NOBODY, NONE, ORGANIZER, REQUIRED, RESOURCE, ROLES, Numbered
from connectors.identity import instance_keys, meeting_ids, series_id
from store.frames import Batch
from store.schema import ABSENCES, ATTENDANCE, MEETINGS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    import pyarrow as pa

    from connectors.columns import Flags, Places, Times
    from connectors.guests import Guests

EntryKind = Literal["meeting", "focus", "absence", "hold", "travel"]
ShowAs = Literal["busy", "free", "oof", "tentative", "elsewhere"]
Status = Literal["confirmed", "tentative", "cancelled"]
_HOUR = np.timedelta64(1, "h")
_NOTHING = Batch().tidied()
# What no calendar tells.
_UNTOLD = ("people", "aliases", "moves", "labels")


class Manner(NamedTuple):
    """What a copy is like, apart from time, text and people; a mailbox has a handful of these."""

    status: Status = "confirmed"
    private: bool = False
    show_as: ShowAs = "busy"
    kind: EntryKind = "meeting"
    online: bool | None = None


def give_kind(kind: EntryKind, wanted: Flags, manner: Places, manners: list[Manner]) -> None:
    """Make the wanted copies of that kind: writes into `manner`, and adds what it needs to `manners`."""
    for place in np.unique(manner[wanted]).tolist():
        manner[wanted & (manner == place)] = len(manners)
        manners.append(manners[place]._replace(kind=kind))


@dataclass(frozen=True)
class Copies:
    """Occurrences as one mailbox sees them. Times are naive UTC; of all-day entries the dates at midnight.

    `originals` is where the series had put each (NaT for a single meeting), `on_days` whether it had put it on whole
    days.

    People are numbers: places in `guests.people`. A copy has an organizer (`NOBODY` where none is known), the owner's
    own answer, and one of the lists of `guests`; `all_guests` is False where that list is hidden, cut off or missing:
    then nobody knows how many people there are. `manner` says which of `manners` belongs to each.
    """

    uids: list[str]
    starts: Times
    ends: Times
    originals: Times
    on_days: Flags
    all_day: Flags
    titles: list[str | None]
    created: Times
    updated: Times
    sequences: list[int | None]
    organizers: Places
    own_answers: Places
    guest_lists: Places
    all_guests: Flags
    guests: Guests
    manner: Places
    manners: Sequence[Manner]

    def __len__(self) -> int:
        return len(self.uids)

    @cached_property
    def meeting_ids(self) -> list[str]:
        """The ids that every copy of these occurrences has."""
        return meeting_ids(self.uids, instance_keys(self.originals, self.on_days))

    def only(self, wanted: Flags) -> Copies:
        """The copies that are wanted."""
        if wanted.all():
            return self
        rows = np.flatnonzero(wanted)
        listed = rows.tolist()
        columns = {each.name: getattr(self, each.name) for each in fields(self) if each.name not in _SHARED}
        chosen: dict[str, Any] = {
            name: [values[row] for row in listed] if isinstance(values, list) else values[rows]
            for name, values in columns.items()
        }
        return replace(self, **chosen)

    def each_once(self) -> Copies:
        """Of a meeting that stands twice in the calendar the copy that changed last, else the one that came last."""
        ids = self.meeting_ids
        if len(set(ids)) == len(ids):
            return self
        newest = {ids[row]: row for row in np.argsort(_known_first(self.updated), kind="stable").tolist()}
        wanted = np.zeros(len(self), dtype=bool)
        wanted[list(newest.values())] = True
        return self.only(wanted)


_SHARED = ("guests", "manners")


def _known_first(updated: Times) -> Places:
    """Numbers that put unknown times before all others."""
    return cast("Places", updated.astype("int64"))  # NaT is the smallest integer


def batch_of(copies: Copies, owner: str, source: str, home: str, aliases: Mapping[str, str] | None = None) -> Batch:
    """Rows of one mailbox's copies; `owner` is the mailbox's person_id, `aliases` maps addresses to person ids.

    The owner attends everything in the own calendar, with the own answer. Titles of private entries are dropped here,
    before anybody can store them.
    """
    once = _by_person(copies, aliases or {}).each_once()
    ids, attended = texts(once.meeting_ids), _attended(once, owner)
    return Batch(
        **{name: getattr(_NOTHING, name).copy(deep=False) for name in _UNTOLD},
        meetings=_meetings(once, ids, attended, source),
        attendance=_attendance(once, ids, attended),
        absences=_absences(once, owner, home),
    )


def _by_person(copies: Copies, aliases: Mapping[str, str]) -> Copies:
    """The same copies with people by their ids instead of by addresses."""
    guests = copies.guests
    if aliases.keys().isdisjoint(guests.people):
        return copies
    persons: Numbered[str] = Numbered()
    number = np.array([persons[aliases.get(each, each)] for each in guests.people], dtype="int64")
    return replace(
        copies,
        guests=replace(guests, people=list(persons), who=number[guests.who]).each_once(),
        organizers=np.where(copies.organizers == NOBODY, NOBODY, number[copies.organizers]),
    )


class _Seats(NamedTuple):
    """Everybody at every meeting, rooms included, in numbers: at which (a row of the copies), who, role and answer."""

    rows: Places
    who: Places
    roles: Places
    answers: Places

    def also(self, who: Places, roles: Places) -> _Seats:
        """With a last seat at each meeting for whom it names, where they have none yet."""
        seated = who == NOBODY
        seated[self.rows[self.who == who[self.rows]]] = True
        rows = np.flatnonzero(~seated)
        added = (rows, who[rows], roles[rows], np.full(len(rows), NONE))
        together = _Seats(*(np.concatenate(both) for both in zip(self, added, strict=True)))
        order = np.argsort(together.rows, kind="stable")
        return _Seats(*(each[order] for each in together))


class _Attended(NamedTuple):
    """Who has a seat at the copies' meetings: numbers are places in `people`; `counted` where all of them are known."""

    people: Sequence[str]
    seats: _Seats
    counted: Flags


def _attended(copies: Copies, owner: str) -> _Attended:
    """Whoever is listed, the organizer and the owner; groups have no seat."""
    guests = copies.guests
    people = guests.people if owner in guests.people else [*guests.people, owner]
    me = np.full(len(copies), people.index(owner))
    is_group = np.array([each in guests.groups and each != owner for each in people], dtype=bool)
    has_group = guests.with_any(is_group[guests.who])[copies.guest_lists]
    group_leads = (copies.organizers != NOBODY) & is_group[copies.organizers]
    leaders = np.where(group_leads, NOBODY, copies.organizers)
    seats = _listed(guests.only(~is_group[guests.who]), copies.guest_lists)
    seats = seats.also(leaders, np.full(len(copies), ORGANIZER))
    seats = seats.also(me, np.where(copies.organizers == NOBODY, ORGANIZER, REQUIRED))
    _say(seats, leaders, me, copies.own_answers)
    return _Attended(people, seats, copies.all_guests & ~has_group & ~group_leads)


def _listed(guests: Guests, lists: Places) -> _Seats:
    """A seat for every line of each copy's list."""
    many = guests.sizes[lists]
    rows = np.repeat(np.arange(len(lists)), many)
    # Within each meeting one line after the other, beginning where its list begins.
    begins = (np.cumsum(guests.sizes) - guests.sizes)[lists] - (np.cumsum(many) - many)
    lines = np.arange(len(rows)) + begins[rows]
    return _Seats(rows, guests.who[lines], guests.roles[lines], guests.answers[lines])


def _say(seats: _Seats, leaders: Places, me: Places, own_answers: Places) -> None:
    """The organizer leads, and the owner's own answer holds; who leads and has not answered comes."""
    leads = seats.who == leaders[seats.rows]
    seats.roles[leads] = ORGANIZER
    mine = seats.who == me[seats.rows]
    seats.answers[mine] = own_answers[seats.rows[mine]]
    seats.answers[(leads | (mine & (seats.roles == ORGANIZER))) & (seats.answers == NONE)] = ACCEPTED


def _attendance(copies: Copies, ids: pa.LargeStringArray, attended: _Attended) -> pd.DataFrame:
    seats = attended.seats
    hours = np.where(copies.all_day, 0.0, (copies.ends - copies.starts) / _HOUR)
    columns = {
        "meeting_id": taken(ids, seats.rows),
        "person_id": taken(texts(attended.people), seats.who),
        "role": taken(texts(ROLES), seats.roles),
        "response": taken(texts(ANSWERS), seats.answers),
        "hours": hours[seats.rows],
    }
    return frame_of(ATTENDANCE, columns)


def _meetings(copies: Copies, ids: pa.LargeStringArray, attended: _Attended, source: str) -> pd.DataFrame:
    shared = {
        name: column(MEETINGS.by_name[name].kind, few).take(copies.manner)
        for name, few in _in_columns(copies.manners).items()
    }
    columns: dict[str, Any] = {
        "meeting_id": ready(ids),
        "series_id": _series_ids(copies),
        "original_start": copies.originals,
        "title": _titles(copies),
        "start": copies.starts,
        "end": copies.ends,
        "all_day": flags(copies.all_day),
        "organizer_id": taken(texts(attended.people), copies.organizers, copies.organizers == NOBODY),
        "created": copies.created,
        "updated": copies.updated,
        "sequence": copies.sequences,
        "headcount": _headcounts(attended),
        "headcount_external": repeated("integer", None, len(copies)),
        "body": repeated("text", None, len(copies)),
        "source": repeated("text", source, len(copies)),
    }
    return frame_of(MEETINGS, columns | shared)


def _in_columns(manners: Sequence[Manner]) -> dict[str, list[Any]]:
    return {
        "status": [each.status for each in manners],
        "is_private": [each.private for each in manners],
        "show_as": [each.show_as for each in manners],
        "kind": [each.kind for each in manners],
        "online": [each.online for each in manners],
    }


def _series_ids(copies: Copies) -> list[str | None]:
    single = np.isnat(copies.originals).tolist()
    return [None if alone else series_id(uid) for uid, alone in zip(copies.uids, single, strict=True)]


def _headcounts(attended: _Attended) -> Any:
    people = attended.seats.rows[attended.seats.roles != RESOURCE]
    return pd.arrays.IntegerArray(np.bincount(people, minlength=len(attended.counted)), ~attended.counted)


def _titles(copies: Copies) -> list[str | None]:
    private = np.array([each.private for each in copies.manners], dtype=bool)[copies.manner]
    return [None if hidden else title for title, hidden in zip(copies.titles, private.tolist(), strict=True)]


def _absences(copies: Copies, owner: str, home: str) -> pd.DataFrame:
    away = np.array([each.kind == "absence" and each.status != "cancelled" for each in copies.manners], dtype=bool)
    rows = np.flatnonzero(away[copies.manner] & (copies.ends > copies.starts))
    if not rows.size:
        return _NOTHING.absences.copy(deep=False)
    spans = zip(copies.starts[rows].tolist(), copies.ends[rows].tolist(), copies.all_day[rows].tolist(), strict=True)
    edges = [_edges(start, end, all_day, home) for start, end, all_day in spans]
    columns = {
        "person_id": [owner] * len(edges),
        "start": [start for start, _ in edges],
        "end": [end for _, end in edges],
        "kind": ["leave"] * len(edges),
        "source": ["calendar"] * len(edges),
    }
    return frame_of(ABSENCES, columns)


def _edges(start: datetime, end: datetime, all_day: bool, home: str) -> tuple[datetime, datetime]:
    """An absence as moments; whole days begin at midnight where the person is."""
    if not all_day:
        return start, end
    zone = ZoneInfo(home)
    first, last = (edge.replace(tzinfo=zone).astimezone(UTC).replace(tzinfo=None) for edge in (start, end))
    return first, last
