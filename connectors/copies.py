"""One mailbox's copy of one occurrence, in words that every vendor's answer can be put into.

Google and Outlook each turn an event into a `Copy`; from there on nothing knows the vendor.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

import pandas as pd

from connectors.identity import address, instance_key, meeting_id, series_id
from store.frames import Batch
from store.schema import ABSENCES, ATTENDANCE, MEETINGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

GuestKind = Literal["person", "room", "group"]
_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Guest:
    """One line of a guest list."""

    address: str
    role: Literal["organizer", "required", "optional", "resource"] = "required"
    response: Literal["accepted", "declined", "tentative", "none"] = "none"
    kind: GuestKind = "person"


@dataclass(frozen=True)
class Copy:
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
    person = _Persons(aliases or {})
    meetings: list[tuple[Any, ...]] = []
    guests = _Guests()
    absences: list[tuple[Any, ...]] = []
    for key, copy in {each.meeting_id: each for each in copies}.items():
        people, groups = _people(copy, owner, person)
        meetings.append(_meeting(key, copy, people, source, person, counted=copy.all_guests and not groups))
        guests.add(key, people, 0.0 if copy.all_day else (copy.end - copy.start) / _HOUR)
        if copy.kind == "absence" and copy.status != "cancelled" and copy.end > copy.start:
            absences.append((owner, *_edges(copy, home), "leave", "calendar"))
    return Batch(
        meetings=_frame(MEETINGS.given, meetings), attendance=guests.frame(), absences=_frame(ABSENCES.given, absences)
    ).tidied()


class _Persons(dict[str, str]):
    """Whose an address is; each is worked out once."""

    def __init__(self, aliases: Mapping[str, str]) -> None:
        super().__init__()
        self._aliases = aliases

    def __missing__(self, given: str) -> str:
        plain = address(given)
        self[given] = found = self._aliases.get(plain, plain)
        return found


class _Guests:
    """Attendance, column by column: there are several rows a meeting, and this is most of a scan's own work."""

    def __init__(self) -> None:
        self._columns: tuple[list[Any], ...] = tuple([] for _ in ATTENDANCE.given)

    def add(self, key: str, people: dict[str, tuple[str, str]], hours: float) -> None:
        size = len(people)
        roles, answers = zip(*people.values(), strict=True)
        for column, values in zip(self._columns, ([key] * size, people, roles, answers, [hours] * size), strict=True):
            column.extend(values)

    def frame(self) -> pd.DataFrame:
        return pd.DataFrame(dict(zip(ATTENDANCE.given, self._columns, strict=True)))


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


def _meeting(
    key: str, copy: Copy, people: dict[str, tuple[str, str]], source: str, person: _Persons, *, counted: bool
) -> tuple[Any, ...]:
    original = copy.original
    if original is not None and not isinstance(original, datetime):
        original = datetime(original.year, original.month, original.day)  # noqa: DTZ001 - a date, kept at midnight
    return (
        key,
        series_id(copy.uid) if copy.in_series else None,
        original,
        None if copy.private else copy.title,
        copy.start,
        copy.end,
        copy.all_day,
        person[copy.organizer] if copy.organizer else None,
        copy.created,
        copy.updated,
        copy.sequence,
        copy.status,
        copy.private,
        copy.show_as,
        copy.kind,
        sum([role != "resource" for role, _ in people.values()]) if counted else None,
        None,
        copy.online,
        None if copy.private else copy.body,
        source,
    )


def _edges(copy: Copy, home: str) -> tuple[datetime, datetime]:
    """An absence as moments; whole days begin at midnight where the person is."""
    if not copy.all_day:
        return copy.start, copy.end
    zone = ZoneInfo(home)
    start, end = (edge.replace(tzinfo=zone).astimezone(UTC).replace(tzinfo=None) for edge in (copy.start, copy.end))
    return start, end


def _frame(names: list[str], rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    columns = zip(*rows, strict=True) if rows else ([] for _ in names)
    return pd.DataFrame(dict(zip(names, map(list, columns), strict=True)))
