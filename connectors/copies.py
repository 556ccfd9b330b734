"""One mailbox's copies of occurrences, in words that every vendor's answer can be put into.

Google and Outlook each turn their pages into `Copies`, column by column; from there on nothing knows the vendor.
Whatever many copies have in common (their guests, above all) is written down once and pointed at.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import UTC
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, cast
from zoneinfo import ZoneInfo

import numpy as np

from connectors.columns import column, flags, frame_of, repeated, taken, texts
from connectors.identity import instance_keys, meeting_ids, series_id
from store.frames import Batch
from store.schema import ABSENCES, ATTENDANCE, MEETINGS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet
    from datetime import datetime

    import pandas as pd

    from connectors.columns import Flags, Places, Times

Answer = Literal["accepted", "declined", "tentative", "none"]
Role = Literal["organizer", "required", "optional", "resource"]
Line = tuple[Role, Answer]
EntryKind = Literal["meeting", "focus", "absence", "hold", "travel"]
ShowAs = Literal["busy", "free", "oof", "tentative", "elsewhere"]
Status = Literal["confirmed", "tentative", "cancelled"]
_HOUR = np.timedelta64(1, "h")
_NOTHING = Batch().tidied()
# What no calendar tells.
_UNTOLD = ("people", "aliases", "moves", "labels")


class Common(NamedTuple):
    """What the occurrences of a series, and many a copy besides, have in common: everything but time, text and id.

    `guests` maps addresses to what they are there and what they answered, rooms as resources; `groups` are addresses
    that stand for many people. `all_guests` is False where the list is hidden, cut off or missing: then nobody knows
    how many people there are.
    """

    organizer: str | None = None
    own_response: Answer = "none"
    guests: Mapping[str, Line] = MappingProxyType({})
    groups: AbstractSet[str] = frozenset()
    all_guests: bool = True
    status: Status = "confirmed"
    private: bool = False
    show_as: ShowAs = "busy"
    kind: EntryKind = "meeting"
    online: bool | None = None


@dataclass(frozen=True)
class Copies:
    """Occurrences as one mailbox sees them. Times are naive UTC; of all-day entries the dates at midnight.

    `originals` is where the series had put each (NaT for a single meeting), `on_days` whether it had put it on whole
    days. `places` says which of `common` belongs to each.
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
    places: Places
    common: Sequence[Common]

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
        columns = {each.name: getattr(self, each.name) for each in fields(self) if each.name != "common"}
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


def _known_first(updated: Times) -> Places:
    """Numbers that put unknown times before all others."""
    return cast("Places", updated.astype("int64"))  # NaT is the smallest integer


def batch_of(copies: Copies, owner: str, source: str, home: str, aliases: Mapping[str, str] | None = None) -> Batch:
    """Rows of one mailbox's copies; `owner` is the mailbox's person_id, `aliases` maps addresses to person ids.

    The owner attends everything in the own calendar, with the own answer. Titles of private entries are dropped here,
    before anybody can store them.
    """
    once = copies.each_once()
    guests = _Guests(once.common, owner, aliases or {})
    return Batch(
        **{name: getattr(_NOTHING, name).copy(deep=False) for name in _UNTOLD},
        meetings=_meetings(once, guests, source),
        attendance=_attendance(once, guests),
        absences=_absences(once, owner, home),
    )


class _Ledger(dict[tuple[str, Line], int]):
    """Every line of every guest list once; attendance has several rows a meeting, and is built from places in here."""

    def __missing__(self, line: tuple[str, Line]) -> int:
        self[line] = place = len(self)
        return place


class _Guests:
    """Who attends what, for each of the commons: the size of each list, and all their `places` in the ledger."""

    def __init__(self, common: Sequence[Common], owner: str, aliases: Mapping[str, str]) -> None:
        self.ledger = _Ledger()
        self.places: list[int] = []
        self.sizes: list[int] = []
        self.headcounts: list[int | None] = []
        self.organizers = [aliases.get(each.organizer, each.organizer) if each.organizer else None for each in common]
        for each, organizer in zip(common, self.organizers, strict=True):
            people = _people(each, owner, organizer, aliases)
            self.places += map(self.ledger.__getitem__, people.items())
            self.sizes.append(len(people))
            self.headcounts.append(_headcount(people) if each.all_guests and not each.groups else None)


def _headcount(people: Mapping[str, Line]) -> int:
    return len(people) - sum([role == "resource" for role, _ in people.values()])


def _people(common: Common, owner: str, organizer: str | None, aliases: Mapping[str, str]) -> dict[str, Line]:
    """Everybody in the copy, rooms included."""
    people = _by_person(common.guests, aliases)
    if organizer and organizer not in common.groups:
        answer = people[organizer][1] if organizer in people else "none"
        people[organizer] = ("organizer", "accepted" if answer == "none" else answer)
    own_role: Role = "organizer" if organizer in (None, owner) else "required"
    if owner in people:
        own_role = people[owner][0]
    own = "accepted" if own_role == "organizer" and common.own_response == "none" else common.own_response
    people[owner] = (own_role, own)
    return people


def _by_person(guests: Mapping[str, Line], aliases: Mapping[str, str]) -> dict[str, Line]:
    """The list by person instead of by address; of somebody who is on it twice the first line counts."""
    if aliases.keys().isdisjoint(guests):
        return dict(guests)
    people: dict[str, Line] = {}
    for given, line in guests.items():
        people.setdefault(aliases.get(given, given), line)
    return people


def _attendance(copies: Copies, guests: _Guests) -> pd.DataFrame:
    sizes = np.array(guests.sizes, dtype="int64")
    many = sizes[copies.places]
    rows = np.repeat(np.arange(len(copies)), many)
    # Within each meeting one line after the other, beginning where the list of its common begins.
    begins = (np.cumsum(sizes) - sizes)[copies.places] - (np.cumsum(many) - many)
    lines = np.array(guests.places, dtype="int64")[np.arange(len(rows)) + begins[rows]]
    ledger = [(who, *line) for who, line in guests.ledger]
    hours = np.where(copies.all_day, 0.0, (copies.ends - copies.starts) / _HOUR)
    columns = {
        "meeting_id": taken(texts(copies.meeting_ids), rows),
        "person_id": taken(texts([who for who, _, _ in ledger]), lines),
        "role": taken(texts([role for _, role, _ in ledger]), lines),
        "response": taken(texts([answer for _, _, answer in ledger]), lines),
        "hours": hours[rows],
    }
    return frame_of(ATTENDANCE, columns)


_OF_COMMON = {
    "status": "status",
    "is_private": "private",
    "show_as": "show_as",
    "kind": "kind",
    "online": "online",
}


def _meetings(copies: Copies, guests: _Guests, source: str) -> pd.DataFrame:
    single = np.isnat(copies.originals).tolist()
    values = {name: [getattr(each, field) for each in copies.common] for name, field in _OF_COMMON.items()}
    values |= {"organizer_id": guests.organizers, "headcount": guests.headcounts}
    shared = {name: column(MEETINGS.by_name[name].kind, few).take(copies.places) for name, few in values.items()}
    columns: dict[str, Any] = {
        "meeting_id": copies.meeting_ids,
        "series_id": [None if alone else series_id(uid) for uid, alone in zip(copies.uids, single, strict=True)],
        "original_start": copies.originals,
        "title": _titles(copies),
        "start": copies.starts,
        "end": copies.ends,
        "all_day": flags(copies.all_day),
        "created": copies.created,
        "updated": copies.updated,
        "sequence": copies.sequences,
        "headcount_external": repeated("integer", None, len(copies)),
        "body": repeated("text", None, len(copies)),
        "source": repeated("text", source, len(copies)),
    }
    return frame_of(MEETINGS, columns | shared)


def _titles(copies: Copies) -> list[str | None]:
    private = np.array([each.private for each in copies.common], dtype=bool)[copies.places]
    return [None if hidden else title for title, hidden in zip(copies.titles, private.tolist(), strict=True)]


def _absences(copies: Copies, owner: str, home: str) -> pd.DataFrame:
    away = np.array([each.kind == "absence" and each.status != "cancelled" for each in copies.common], dtype=bool)
    rows = np.flatnonzero(away[copies.places] & (copies.ends > copies.starts))
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
