"""A made-up organisation in the words of Microsoft Graph: accounts, rooms, groups, and who has which event.

`World()` is empty and filled by hand; `World.generate` makes one from a seed, a mailbox at a time when it is asked for,
so that a thousand mailboxes of a year need no more memory than a few.
"""

from __future__ import annotations

import random
import threading
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from typing import Any
from zlib import crc32

Event = dict[str, Any]

GOID = bytes.fromhex("040000008200e00074c5b7101a82e008")
MONDAY = datetime(2026, 1, 5)
DOMAIN = "example.org"
TEAM = 8
DEPARTMENT = 5 * TEAM
_ANSWERS = (*["accepted"] * 6, "tentativelyAccepted", "notResponded", "declined")
_WIRE = "%Y-%m-%dT%H:%M:%S"


@lru_cache(maxsize=4096)
def _raw(text: str) -> bytes:
    drawn = blake2b(text.encode(), digest_size=24).digest()
    return GOID + bytes(4) + drawn[:8] + bytes(8) + (16).to_bytes(4, "little") + drawn[8:]


def goid(text: str, day: date | None = None) -> str:
    """An Exchange UID of a meeting, with the date of one occurrence in it where given."""
    raw = bytearray(_raw(text))
    if day is not None:
        raw[16:20] = day.year.to_bytes(2, "big") + bytes([day.month, day.day])
    return raw.hex().upper()


def wrapped(uid: str) -> str:
    """A foreign UID as Exchange wraps it."""
    data = b"vCal-Uid\x01\0\0\0" + uid.encode() + b"\0"
    return (GOID + bytes(20) + len(data).to_bytes(4, "little") + data).hex().upper()


def wire(moment: datetime) -> dict[str, str]:
    """A time as Graph writes it: seven digits, no offset."""
    return {"dateTime": moment.isoformat() + ".0000000", "timeZone": "UTC"}


def recipient(address: str) -> dict[str, Any]:
    return {"emailAddress": {"name": address.partition("@")[0].title(), "address": address}}


def guest(address: str, role: str = "required", answer: str = "none") -> dict[str, Any]:
    return {
        "type": role,
        "status": {"response": answer, "time": "0001-01-01T00:00:00Z"},
        **recipient(address),
    }


def event(key: str, start: datetime, end: datetime | None = None, /, **given: Any) -> Event:
    """A whole event; by default a meeting of the owner's own with nobody else in it. See Graph's type `event`."""
    owner = given.pop("owner", f"anna@{DOMAIN}")
    led = given.pop("leads", True)
    return {
        "@odata.etag": f'W/"{key}"',
        "id": key,
        "createdDateTime": "2025-12-01T08:00:00Z",
        "lastModifiedDateTime": "2025-12-02T08:00:00Z",
        "categories": [],
        "originalStartTimeZone": "W. Europe Standard Time",
        "iCalUId": goid(key),
        "subject": "Overleg",
        "sensitivity": "normal",
        "isAllDay": False,
        "isCancelled": False,
        "isOrganizer": led,
        "seriesMasterId": None,
        "showAs": "busy",
        "type": "singleInstance",
        "isOnlineMeeting": False,
        "onlineMeetingProvider": "unknown",
        "hideAttendees": False,
        "originalStart": None,
        "responseStatus": {"response": "organizer" if led else "accepted", "time": "0001-01-01T00:00:00Z"},
        "start": wire(start),
        "end": wire(end or start + timedelta(hours=1)),
        "attendees": [],
        "organizer": recipient(owner),
        **given,
    }


def user(number: int, name: str, manager: str | None = None, **given: Any) -> dict[str, Any]:
    mail = f"{name.lower()}@{DOMAIN}"
    return {
        "id": f"{number:08x}-0000-4000-8000-000000000000",
        "displayName": name,
        "userPrincipalName": mail,
        "mail": mail.title(),
        "proxyAddresses": [f"SMTP:{mail.title()}", f"smtp:{name.lower()}.alias@{DOMAIN}"],
        "department": "Beleid",
        "jobTitle": "Adviseur",
        "accountEnabled": True,
        "userType": "Member",
        **({"manager": {"@odata.type": "#microsoft.graph.user", "id": manager}} if manager else {}),
        **given,
    }


def room(name: str) -> dict[str, Any]:
    return {"id": f"room-{name}", "displayName": name, "emailAddress": f"{name.lower()}@{DOMAIN}", "capacity": 8}


@dataclass
class World:
    """Accounts and their calendars; every change gets a number, so that a sync can ask what came after one."""

    users: list[dict[str, Any]] = field(default_factory=list)
    rooms: list[dict[str, Any]] = field(default_factory=list)
    groups: list[dict[str, Any]] = field(default_factory=list)
    states: dict[str, str] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        self._events: dict[str, dict[str, Event]] = defaultdict(dict)
        self._log: dict[str, list[str]] = defaultdict(list)
        self._find: dict[str, str] = {}

    def user_id(self, named: str) -> str | None:
        """The account of an id or a user principal name (Graph knows no other names)."""
        with self.lock:
            if len(self._find) < 2 * len(self.users):
                for each in self.users:
                    self._find[each["id"].lower()] = self._find[each["userPrincipalName"].lower()] = each["id"]
        return self._find.get(named.lower())

    def events(self, user_id: str) -> list[Event]:
        """Everything in a calendar, masters included."""
        with self.lock:
            return list(self._events[user_id].values())

    def event(self, user_id: str, key: str) -> Event | None:
        with self.lock:
            return self._events[user_id].get(key)

    def put(self, user_id: str, *events: Event) -> None:
        """New events, or new versions of known ones."""
        with self.lock:
            for each in events:
                self._events[user_id][each["id"]] = each
                self._log[user_id].append(each["id"])

    def remove(self, user_id: str, *keys: str, told: bool = True) -> None:
        """Events that go; with `told=False` no sync will ever hear of it."""
        with self.lock:
            for key in keys:
                self._events[user_id].pop(key, None)
                if told:
                    self._log[user_id].append(key)

    def version(self, user_id: str) -> int:
        with self.lock:
            return len(self._log[user_id])

    def changed(self, user_id: str, since: int) -> list[str]:
        """The ids that changed after a version, each once, in the order of their last change."""
        with self.lock:
            later = self._log[user_id][since:]
        return list(reversed(dict.fromkeys(reversed(later))))

    @classmethod
    def generate(cls, mailboxes: int, weeks: int, seed: int = 0) -> World:
        """An organisation of that many mailboxes with about 25 events a week each, from the first Monday of 2026."""
        return _Generated(mailboxes, weeks, seed)


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting of a generated organisation; `starts` has one entry, or more for a series (moved ones differ)."""

    key: str
    subject: str
    leader: int
    people: tuple[int, ...]
    starts: tuple[datetime, ...]
    minutes: int = 30
    series: bool = False
    room: int | None = None
    group: bool = False
    hidden: bool = False
    sensitivity: str = "normal"
    all_day: bool = False
    show_as: str = "busy"
    optional: frozenset[int] = frozenset()
    moved: frozenset[int] = frozenset()
    cancelled: bool = False


class _Generated(World):
    """A world whose calendars are worked out when somebody asks; the last few are kept."""

    KEPT = 4
    TEAMS = 40

    def __init__(self, mailboxes: int, weeks: int, seed: int) -> None:
        super().__init__()
        self.size, self.weeks, self.seed = mailboxes, weeks, seed
        self.users = [self._account(number) for number in range(mailboxes)]
        self.rooms = [room(f"Zaal{number}") for number in range(max(1, mailboxes // 20))]
        self.groups = [
            {"id": f"group-{number}", "mail": f"afdeling{number}@{DOMAIN}", "proxyAddresses": []}
            for number in range(-(-mailboxes // DEPARTMENT))
        ]
        self._numbers = {each["id"]: number for number, each in enumerate(self.users)}
        self._made: OrderedDict[str, list[Event]] = OrderedDict()
        self._team = lru_cache(maxsize=self.TEAMS)(self._team_meetings)
        self._department = lru_cache(maxsize=self.TEAMS)(self._department_meetings)

    def events(self, user_id: str) -> list[Event]:
        with self.lock:
            made = self._made.get(user_id)
            if made is None:
                made = self._made[user_id] = list(self._calendar(self._numbers[user_id]))
                if len(self._made) > self.KEPT:
                    self._made.popitem(last=False)
            touched, log = self._events.get(user_id), self._log.get(user_id)
            if not log and not touched:
                return made
            gone = {*(log or ()), *(touched or ())}
            return [each for each in made if each["id"] not in gone] + list((touched or {}).values())

    def event(self, user_id: str, key: str) -> Event | None:
        return next((each for each in self.events(user_id) if each["id"] == key), None)

    def _account(self, number: int) -> dict[str, Any]:
        lead = number - number % TEAM
        head = number - number % DEPARTMENT
        boss = 0 if number == head else head if number == lead else lead
        manager = None if number == 0 else f"{boss:08x}-0000-4000-8000-000000000000"
        return user(number, f"Persoon{number}", manager, department=f"Afdeling {number // DEPARTMENT}")

    def address(self, number: int) -> str:
        return f"persoon{number}@{DOMAIN}"

    def _number(self, *what: object) -> int:
        """A number that looks drawn, for what is drawn a million times."""
        return crc32(f"{self.seed}/{what}".encode())

    def _dice(self, *what: object) -> random.Random:
        return random.Random(f"{self.seed}/{'/'.join(map(str, what))}")

    def _moments(self, hour: float, weekday: int) -> tuple[datetime, ...]:
        return tuple(MONDAY + timedelta(weeks=week, days=weekday, hours=hour) for week in range(self.weeks))

    def _team_meetings(self, team: int) -> tuple[Meeting, ...]:
        dice = self._dice("team", team)
        people = tuple(range(team * TEAM, min(self.size, (team + 1) * TEAM)))
        lead, key = people[0], f"t{team}"
        made = [
            Meeting(f"{key}-d{weekday}", "Dagstart", lead, people, self._moments(8, weekday), 15, series=True)
            for weekday in range(5)
        ]
        starts = self._moments(9.5, dice.randrange(5))
        moved = frozenset(dice.sample(range(self.weeks), self.weeks // 10))
        made.append(
            Meeting(f"{key}-w", "Teamoverleg", lead, people, starts, 60, True, room=team % len(self.rooms), moved=moved)
        )
        for each in people[1:]:
            starts = self._moments(dice.choice([10, 11, 13, 14]), dice.randrange(5))
            made.append(Meeting(f"{key}-b{each}", "Bila", lead, (lead, each), starts, 30, series=True))
        made.extend(self._single(f"{key}-s{n}", people, dice) for n in range(self.weeks * 5 * len(people)))
        return tuple(made)

    def _single(self, key: str, people: tuple[int, ...], dice: random.Random) -> Meeting:
        invited = dice.sample(people, min(len(people), dice.choice([1, 2, 2, 3, 3, 4])))
        if dice.random() < 0.2:
            invited.append(dice.randrange(self.size))
        days, quarters = dice.randrange(self.weeks * 7), dice.randrange(32, 72)
        return Meeting(
            key=key,
            subject=dice.choice(["Wie beslist?", "Ontwerp werkwijze", "Focustijd", "Storing", "Afstemming", "Privé"]),
            leader=invited[0],
            people=tuple(dict.fromkeys(invited)),
            starts=(MONDAY + timedelta(days=days, minutes=15 * quarters),),
            minutes=dice.choice([30, 45, 60, 90]),
            room=dice.randrange(len(self.rooms)) if dice.random() < 0.2 else None,
            hidden=dice.random() < 0.02,
            sensitivity="private" if dice.random() < 0.05 else "normal",
            all_day=dice.random() < 0.03,
            show_as=dice.choice(["busy"] * 12 + ["free", "tentative", "oof", "workingElsewhere"]),
            optional=frozenset(each for each in invited[1:] if dice.random() < 0.2),
            cancelled=dice.random() < 0.03,
        )

    def _department_meetings(self, department: int) -> tuple[Meeting, ...]:
        people = tuple(range(department * DEPARTMENT, min(self.size, (department + 1) * DEPARTMENT)))
        leads = people[::TEAM]
        return (
            Meeting(f"a{department}-m", "MT", people[0], leads, self._moments(15, 0), 90, series=True),
            Meeting(
                f"a{department}-g", "Afdeling bijeen", people[0], people, self._moments(16, 3), 45, True, group=True
            ),
        )

    def _calendar(self, number: int) -> Iterator[Event]:
        meetings = (*self._team(number // TEAM), *self._department(number // DEPARTMENT))
        outside = (each for each in meetings if number in each.people)
        for meeting in outside:
            yield from self._copies(meeting, number)

    def _copies(self, meeting: Meeting, number: int) -> Iterator[Event]:
        """A mailbox's copies of one meeting: the master of a series and its occurrences, or the single event."""
        shared = self._shared(meeting, number)
        key = f"AAMk{number}_{meeting.key}="
        if not meeting.series:
            yield self._event(meeting, number, key, meeting.starts[0], shared)
            return
        for at, start in enumerate(meeting.starts):
            kind = "exception" if at in meeting.moved else "occurrence"
            # Graph's two habits: some mailboxes carry the date of the occurrence in the UID, some do not.
            uid = goid(meeting.key, start.date() if number % 2 else None)
            moved = start + timedelta(hours=2 if kind == "exception" else 0)
            given = {**shared, "type": kind, "seriesMasterId": key, "iCalUId": uid}
            if kind == "exception":
                given["originalStart"] = start.strftime(_WIRE) + "Z"
            yield self._event(meeting, number, f"{key}{at}", moved, given)
        yield self._event(meeting, number, key, meeting.starts[0], {**shared, "type": "seriesMaster"})

    def _event(self, meeting: Meeting, number: int, key: str, start: datetime, shared: dict[str, Any]) -> Event:
        end = start + timedelta(minutes=meeting.minutes)
        if meeting.all_day:
            start = start.replace(hour=0, minute=0)
            end = start + timedelta(days=1)
        return event(key, start, end, owner=self.address(meeting.leader), leads=number == meeting.leader, **shared)

    def _shared(self, meeting: Meeting, number: int) -> dict[str, Any]:
        drawn = self._number("copy", meeting.key, number)
        leads = number == meeting.leader
        created = MONDAY - timedelta(days=20, minutes=drawn % 2000)
        own = "organizer" if leads else self._answer(meeting, number)
        return {
            "iCalUId": goid(meeting.key),
            "subject": meeting.subject,
            "attendees": self._guests(meeting, number) if len(meeting.people) > 1 else [],
            "hideAttendees": meeting.hidden,
            "sensitivity": meeting.sensitivity,
            "isAllDay": meeting.all_day,
            "isCancelled": meeting.cancelled,
            "showAs": "tentative" if own == "notResponded" else meeting.show_as,
            "responseStatus": {"response": own, "time": "0001-01-01T00:00:00Z"},
            "createdDateTime": created.strftime(_WIRE) + "Z",
            "lastModifiedDateTime": (created + timedelta(hours=drawn % 100)).strftime(_WIRE) + ".1234567Z",
            "isOnlineMeeting": drawn % 2 == 0,
        }

    def _answer(self, meeting: Meeting, number: int) -> str:
        return _ANSWERS[self._number("answer", meeting.key, number) % len(_ANSWERS)]

    def _guests(self, meeting: Meeting, number: int) -> list[dict[str, Any]]:
        """The list as this mailbox has it: answers only on the organizer's copy, and of a hidden list only oneself."""
        leads = number == meeting.leader
        if meeting.group:
            return [guest(self.groups[number // DEPARTMENT]["mail"])]
        people: Iterable[int] = meeting.people if leads or not meeting.hidden else (number,)
        listed = [
            guest(
                self.address(each),
                "optional" if each in meeting.optional else "required",
                self._answer(meeting, each) if leads else "none",
            )
            for each in people
            if each != meeting.leader
        ]
        if meeting.room is not None:
            role = "resource" if meeting.room % 2 else "required"
            listed.append(guest(self.rooms[meeting.room]["emailAddress"], role, "accepted"))
        return listed


def window_of(given: str) -> datetime:
    """A time in a question: UTC, with or without saying so."""
    parsed = datetime.fromisoformat(given)
    return parsed.astimezone(UTC).replace(tzinfo=None) if parsed.tzinfo else parsed
