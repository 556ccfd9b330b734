"""One mailbox's copy of one occurrence, in words that every vendor's answer can be put into.

Google and Outlook each turn an event into a `Copy`; from there on nothing knows the vendor.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import repeat
from typing import TYPE_CHECKING, Any, Literal, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from connectors.columns import frame_of, taken, texts
from connectors.identity import address, instance_key, meeting_id, series_id
from store.frames import Batch
from store.schema import ABSENCES, ATTENDANCE, MEETINGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

GuestKind = Literal["person", "room", "group"]
_HOUR = timedelta(hours=1)
_NOTHING = Batch().tidied()


class Guest(NamedTuple):
    """One line of a guest list."""

    address: str
    role: Literal["organizer", "required", "optional", "resource"] = "required"
    response: Literal["accepted", "declined", "tentative", "none"] = "none"
    kind: GuestKind = "person"


class Copy(NamedTuple):
    """One occurrence as one mailbox sees it. Times are naive UTC; of all-day entries the dates at midnight.

    `original` is where the series had put it (None for a single meeting). `all_guests` is False where the list is
    hidden, cut off or missing: then nobody knows how many people there are.
    """

    uid: str
    start: datetime
    end: datetime
    original: datetime | date | None = None
    in_series: bool = False
    all_day: bool = False
    title: str | None = None
    body: str | None = None
    organizer: str | None = None
    own_response: Literal["accepted", "declined", "tentative", "none"] = "none"
    guests: tuple[Guest, ...] = ()
    all_guests: bool = True
    created: datetime | None = None
    updated: datetime | None = None
    sequence: int | None = None
    status: Literal["confirmed", "tentative", "cancelled"] = "confirmed"
    private: bool = False
    show_as: Literal["busy", "free", "oof", "tentative", "elsewhere"] = "busy"
    kind: Literal["meeting", "focus", "absence", "hold", "travel"] = "meeting"
    online: bool | None = None

    @property
    def meeting_id(self) -> str:
        """The id that every copy of this occurrence has."""
        return meeting_id(self.uid, instance_key(self.original))


def batch_of(
    copies: Iterable[Copy], owner: str, source: str, home: str, aliases: Mapping[str, str] | None = None
) -> Batch:
    """Rows of one mailbox's copies; `owner` is the mailbox's person_id, `aliases` maps addresses to person ids.

    The owner attends everything in the own calendar, with the own answer. Titles and bodies of private entries are
    dropped here, before anybody can store them.
    """
    kept = {each.meeting_id: each for each in copies}
    keys, once = list(kept), list(kept.values())
    guests = _Guests(owner, _Persons(aliases or {}))
    lists = [guests.of(copy) for copy in once]
    return replace(
        Batch(**{table.name: frame.copy(deep=False) for table, frame in _NOTHING}),
        meetings=_meetings(keys, once, lists, source, guests.person),
        attendance=guests.frame(keys, once, lists),
        absences=_absences(once, owner, home),
    )


class _Persons(dict[str, str]):
    """Whose an address is; each is worked out once."""

    def __init__(self, aliases: Mapping[str, str]) -> None:
        super().__init__()
        self._aliases = aliases

    def __missing__(self, given: str) -> str:
        plain = address(given)
        self[given] = found = self._aliases.get(plain, plain)
        return found


class _List(NamedTuple):
    """Who attends: the places of (person, role, answer) in the ledger, and how many people that is, where known."""

    places: list[int]
    headcount: int | None


class _Guests:
    """Who attends what. The same lines and the same lists come again and again, so each is worked out once.

    Attendance is built from places in a ledger of lines: it has several rows a meeting and is most of a pull.
    """

    def __init__(self, owner: str, person: _Persons) -> None:
        self.person = person
        self._owner = owner
        self._ledger: dict[tuple[str, str, str], int] = {}
        self._lists: dict[tuple[object, ...], _List] = {}

    def of(self, copy: Copy) -> _List:
        """Everybody in the copy, rooms and the owner included."""
        # A reader gives out one tuple for one list, and as long as its copy is held no other has the same number.
        key = (id(copy.guests), copy.organizer, copy.own_response, copy.all_guests)
        found = self._lists.get(key)
        if found is None:
            found = self._lists[key] = self._worked_out(copy)
        return found

    def _worked_out(self, copy: Copy) -> _List:
        people, groups = _people(copy, self._owner, self.person)
        places = [
            self._ledger.setdefault((who, role, answer), len(self._ledger)) for who, (role, answer) in people.items()
        ]
        humans = sum([role != "resource" for role, _ in people.values()])
        return _List(places, humans if copy.all_guests and not groups else None)

    def frame(self, keys: list[str], copies: list[Copy], lists: list[_List]) -> pd.DataFrame:
        """The attendance table of these meetings."""
        sizes = [len(each.places) for each in lists]
        places = np.array([place for each in lists for place in each.places], dtype="int64")
        persons, roles, answers = zip(*self._ledger, strict=True) if self._ledger else ((), (), ())
        hours = [0.0 if copy.all_day else (copy.end - copy.start) / _HOUR for copy in copies]
        columns = {
            "meeting_id": taken(texts(keys), np.repeat(np.arange(len(keys)), sizes)),
            "person_id": taken(texts(persons), places),
            "role": taken(texts(roles), places),
            "response": taken(texts(answers), places),
            "hours": np.repeat(np.array(hours, dtype="float64"), sizes),
        }
        return frame_of(ATTENDANCE, columns)


def _people(copy: Copy, owner: str, person: _Persons) -> tuple[dict[str, tuple[str, str]], set[str]]:
    """Everybody in the copy, rooms included: person -> (role, response); and the groups, which are not people."""
    people: dict[str, tuple[str, str]] = {}
    groups: set[str] = set()
    for guest in copy.guests:
        who = person[guest.address]
        if guest.kind == "person":
            people.setdefault(who, (guest.role, guest.response))
        elif guest.kind == "room":
            people.setdefault(who, ("resource", guest.response))
        else:
            groups.add(who)
    organizer = person[copy.organizer] if copy.organizer else None
    if organizer and organizer not in groups:
        answer = people.get(organizer, ("", "none"))[1]
        people[organizer] = ("organizer", "accepted" if answer == "none" else answer)
    own_role = people.get(owner, ("organizer" if organizer in (None, owner) else "required", ""))[0]
    own = "accepted" if own_role == "organizer" and copy.own_response == "none" else copy.own_response
    people[owner] = (own_role, own)
    return people, groups


_AS_GIVEN = {
    "start": "start",
    "end": "end",
    "all_day": "all_day",
    "created": "created",
    "updated": "updated",
    "sequence": "sequence",
    "status": "status",
    "is_private": "private",
    "show_as": "show_as",
    "kind": "kind",
    "online": "online",
}


def _meetings(keys: list[str], copies: list[Copy], lists: list[_List], source: str, person: _Persons) -> pd.DataFrame:
    fields: dict[str, Any] = dict(zip(Copy._fields, zip(*copies, strict=True) if copies else repeat(()), strict=False))
    columns = {name: fields[field] for name, field in _AS_GIVEN.items()} | {
        "meeting_id": keys,
        "series_id": [series_id(copy.uid) if copy.in_series else None for copy in copies],
        "original_start": [_at_midnight(original) for original in fields["original"]],
        "title": [None if copy.private else copy.title for copy in copies],
        "organizer_id": [person[each] if each else None for each in fields["organizer"]],
        "headcount": [each.headcount for each in lists],
        "headcount_external": [None] * len(keys),
        "body": [None if copy.private else copy.body for copy in copies],
        "source": [source] * len(keys),
    }
    return frame_of(MEETINGS, columns)


def _at_midnight(original: datetime | date | None) -> datetime | None:
    if original is None or isinstance(original, datetime):
        return original
    return datetime(original.year, original.month, original.day)  # noqa: DTZ001 - a date, kept at midnight


def _absences(copies: list[Copy], owner: str, home: str) -> pd.DataFrame:
    edges = [
        _edges(copy, home)
        for copy in copies
        if copy.kind == "absence" and copy.status != "cancelled" and copy.end > copy.start
    ]
    columns = {
        "person_id": [owner] * len(edges),
        "start": [start for start, _ in edges],
        "end": [end for _, end in edges],
        "kind": ["leave"] * len(edges),
        "source": ["calendar"] * len(edges),
    }
    return frame_of(ABSENCES, columns)


def _edges(copy: Copy, home: str) -> tuple[datetime, datetime]:
    """An absence as moments; whole days begin at midnight where the person is."""
    if not copy.all_day:
        return copy.start, copy.end
    zone = ZoneInfo(home)
    start, end = (edge.replace(tzinfo=zone).astimezone(UTC).replace(tzinfo=None) for edge in (copy.start, copy.end))
    return start, end
