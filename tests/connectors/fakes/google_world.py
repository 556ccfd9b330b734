"""An organisation as Google Calendar would hold it: who works there and what stands in every calendar.

A `World` is made by hand from events, or by `World.generate` from a seed. In a generated one eight mailboxes are a team;
a calendar is worked out when it is asked for, so that a thousand calendars take no room.
"""

from __future__ import annotations

import random
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache, partial
from typing import Any
from zoneinfo import ZoneInfo

Event = dict[str, Any]

DOMAIN = "meridiaan.example"
ZONE = "Europe/Amsterdam"
FIRST_MONDAY = date(2025, 1, 6)
TEAM = 8
ROOM = "c_room-{}@resource.calendar.google.com"
EVERYBODY = f"iedereen@{DOMAIN}"
_WORDS = ("Planning", "Intake", "Rooster", "Budget", "Voortgang", "Kwartaal", "Klantgesprek", "Bijpraten", "Ontwerp")
_ANSWERS = ("accepted",) * 14 + ("needsAction",) * 3 + ("tentative",) + ("declined",) * 2


def timed(moment: str, zone: str = ZONE) -> Event:
    """A moment as Google writes it."""
    return {"dateTime": moment, "timeZone": zone}


def guest(email: str, answer: str = "accepted", **more: Any) -> Event:
    """A line of a guest list."""
    return {"email": email, "responseStatus": answer} | more


def event(event_id: str, start: str, end: str, **more: Any) -> Event:
    """A single event; dates make it all-day. A value of None leaves a field out."""
    edges = [{"date": each} if len(each) == 10 else timed(each) for each in (start, end)]
    made: Event = {
        "id": event_id,
        "iCalUID": f"{event_id}@google.com",
        "status": "confirmed",
        "eventType": "default",
        "start": edges[0],
        "end": edges[1],
        "created": "2025-12-01T09:00:00.000Z",
        "updated": "2025-12-02T09:00:00.000Z",
        "sequence": 0,
        "summary": f"Overleg {event_id}",
    }
    return {name: value for name, value in (made | more).items() if value is not None}


def occurrence(series: str, was: str, start: str, end: str, **more: Any) -> Event:
    """One occurrence of a series, which the series had put at `was` (UTC, or a date)."""
    plain = was.replace("-", "").replace(":", "")
    original = {"date": was} if len(was) == 10 else timed(was)
    usual = {"iCalUID": f"{series}@google.com", "recurringEventId": series, "originalStartTime": original}
    return event(f"{series}_{plain}", start, end, **(usual | more))


def stub(given: Event) -> Event:
    """What is left of an event that was deleted: no more than Google promises."""
    kept = ("id", "recurringEventId", "originalStartTime")
    return {name: given[name] for name in kept if name in given} | {"status": "cancelled"}


@dataclass
class World:
    """Who works there and what stands in every calendar; `calendars` gives a mailbox's events as its owner sees them."""

    mailboxes: list[str]
    calendars: Callable[[str], list[Event]]
    users: list[Event] = field(default_factory=list)
    rooms: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    without_calendar: set[str] = field(default_factory=set)
    suspended: set[str] = field(default_factory=set)
    closed: set[str] = field(default_factory=set)
    # Whose calendars a mailbox may read, and how; the service account itself is the mailbox "".
    shared: dict[str, dict[str, str]] = field(default_factory=dict)
    changes: dict[str, list[Event]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def of(cls, calendars: dict[str, list[Event]], **more: Any) -> World:
        """A world made by hand."""
        boxes = sorted(calendars)
        users = more.pop("users", None) or [user(each) for each in boxes]
        return cls(boxes, lambda mailbox: calendars.get(mailbox, []), users, **more)

    @classmethod
    def generate(cls, mailboxes: int, weeks: int, seed: int = 1) -> World:
        """About 25 events a week in every mailbox, many of them shared, with everything that Google can do to them."""
        boxes = [f"persoon{number:05}@{DOMAIN}" for number in range(mailboxes)]
        users = [user(box, number, boxes) for number, box in enumerate(boxes)]
        rooms = [ROOM.format(number) for number in range(mailboxes // TEAM + 1)]
        return cls(boxes, _Teams(boxes, weeks, seed).calendar, users, rooms, [EVERYBODY])

    def events(self, mailbox: str) -> list[Event]:
        """What stands in a calendar now."""
        changed = {each["id"]: each for each in self.changes.get(mailbox, ())}
        if not changed:
            return self.calendars(mailbox)
        kept = [each for each in self.calendars(mailbox) if each["id"] not in changed]
        return kept + [each for each in changed.values() if each["status"] != "cancelled"]

    def change(self, mailbox: str, given: Event) -> None:
        """Put an event into a calendar, in place of the one with its id."""
        with self.lock:
            self.changes.setdefault(mailbox, []).append(given)

    def delete(self, mailbox: str, given: Event) -> None:
        """Delete an event from a calendar."""
        self.change(mailbox, stub(given))


def user(email: str, number: int = 0, boxes: list[str] | None = None) -> Event:
    """A row of the directory; the first of a team leads it, and all leaders answer to the first of all."""
    name = email.partition("@")[0]
    leads = number % TEAM == 0
    chief = boxes[0 if leads else number - number % TEAM] if boxes and number else None
    return {
        "id": f"1{number:020}",
        "primaryEmail": email,
        "name": {"fullName": name.capitalize(), "givenName": name, "familyName": "Voorbeeld"},
        "aliases": [f"{name}.oud@{DOMAIN}"],
        "orgUnitPath": f"/Teams/{number // TEAM}",
        "suspended": False,
        "archived": False,
        "isMailboxSetup": True,
        "organizations": [{"primary": True, "department": f"Team {number // TEAM}", "title": "Adviseur"}],
        "relations": [{"type": "manager", "value": chief}] if chief else [],
    }


@lru_cache(maxsize=4096)
def _midnight(day: int) -> tuple[str, str, int]:
    """A day of the world (0 is the first Monday): its date, its offset at noon, and the seconds of its midnight in UTC."""
    when = FIRST_MONDAY + timedelta(days=day)
    noon = datetime(when.year, when.month, when.day, 12, tzinfo=ZoneInfo(ZONE))
    offset = int((noon.utcoffset() or timedelta()).total_seconds())
    seconds = int(datetime(when.year, when.month, when.day, tzinfo=UTC).timestamp()) - offset
    return when.isoformat(), f"+{offset // 3600:02}:00", seconds


def _local(day: int, minute: int) -> str:
    written, offset, _ = _midnight(day)
    return f"{written}T{minute // 60:02}:{minute % 60:02}:00{offset}"


def _utc(day: int, minute: int) -> str:
    return datetime.fromtimestamp(_midnight(day)[2] + minute * 60, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class _Plan:
    """A meeting before anybody looks at it: what all copies share, who is in it, and when."""

    event_id: str
    shared: Event
    organizer: str
    people: list[Event]
    series: bool
    # (day and minute that the series had meant, day and minute it is at, minutes it lasts)
    times: list[tuple[int, int, int, int, int]]
    all_day: bool = False
    hidden: bool = False
    omitted: bool = False

    def seen_by(self, mailbox: str) -> Iterable[Event]:
        constant = self._constant(mailbox)
        for was_day, was_minute, day, minute, length in self.times:
            made = {**constant, **self._edges(day, minute, length)}
            if self.series:
                was = _utc(was_day, was_minute)
                made["id"] = f"{self.event_id}_{was.replace('-', '').replace(':', '')}"
                made["recurringEventId"] = self.event_id
                made["originalStartTime"] = timed(was)
            yield made

    def _constant(self, mailbox: str) -> Event:
        mine = {"self": True}
        leads = mailbox == self.organizer
        made = {"id": self.event_id, "iCalUID": f"{self.event_id}@google.com", **self.shared}
        made["organizer"] = {"email": self.organizer} | (mine if leads else {})
        people = [each | mine if each["email"] == mailbox else each for each in self.people]
        if self.hidden and not leads:
            made["guestsCanSeeOtherGuests"] = False
            people = [each for each in people if each.get("self")]
        if self.omitted and not leads:
            made["attendeesOmitted"] = True
            people = [each for each in people if each.get("self")]
        if people:
            made["attendees"] = people
        return made

    def _edges(self, day: int, minute: int, length: int) -> Event:
        if self.all_day:
            return {"start": {"date": _midnight(day)[0]}, "end": {"date": _midnight(day + 1)[0]}}
        end = minute + length
        return {"start": timed(_local(day, minute)), "end": timed(_local(day + end // 1440, end % 1440))}


class _Teams:
    """Works out the calendars of a generated world, team by team."""

    def __init__(self, boxes: list[str], weeks: int, seed: int) -> None:
        self.boxes, self.weeks, self.seed = boxes, weeks, seed
        self._plans: OrderedDict[int, dict[str, list[_Plan]]] = OrderedDict()
        self._lock = threading.Lock()
        self._leaders = [boxes[number] for number in range(0, len(boxes), TEAM)]
        self._common = list(self._whole_house())

    def calendar(self, mailbox: str) -> list[Event]:
        if not mailbox.startswith("persoon"):
            return []
        number = int(mailbox[len("persoon") :].partition("@")[0]) // TEAM
        common = [plan for plan in self._common if any(each["email"] == mailbox for each in plan.people)]
        plans = [*self._team(number).get(mailbox, ()), *common]
        return [*(each for plan in plans for each in plan.seen_by(mailbox)), *self._alone(mailbox)]

    def _team(self, number: int) -> dict[str, list[_Plan]]:
        with self._lock:
            found = self._plans.pop(number, None)
            if found is None:
                found = {}
                members = self.boxes[number * TEAM : (number + 1) * TEAM]
                for plan in self._meetings(number, members):
                    for email in {plan.organizer, *(each["email"] for each in plan.people)}:
                        found.setdefault(email, []).append(plan)
            self._plans[number] = found
            if len(self._plans) > 16:
                self._plans.popitem(last=False)
            return found

    def _meetings(self, number: int, members: list[str]) -> Iterable[_Plan]:
        chance = random.Random(f"{self.seed}/team/{number}")
        daily = [(d, 555, d, 555, 15) for week in range(self.weeks) for d in range(week * 7, week * 7 + 5)]
        yield self._plan(chance, f"dag{number:04}", members, daily, series=True)
        for which in range(8):
            chosen = chance.sample(members, min(len(members), chance.randint(2, TEAM)))
            times = list(self._weekly(chance, chance.randrange(5), chance.randrange(10, 32) * 30))
            yield self._plan(chance, f"week{number:04}x{which}", chosen, times, series=True)
        for which in range(self.weeks * len(members) * 4):
            chosen = chance.sample(members, min(len(members), chance.choice((2, 2, 2, 3, 4))))
            day = chance.randrange(self.weeks) * 7 + chance.randrange(5)
            minute, length = chance.randrange(16, 68) * 15, chance.choice((15, 30, 30, 45, 60, 60, 90))
            yield self._plan(chance, f"los{number:04}x{which}", chosen, [(day, minute, day, minute, length)])

    def _weekly(self, chance: random.Random, weekday: int, minute: int) -> Iterable[tuple[int, int, int, int, int]]:
        length = chance.choice((30, 60, 60, 90))
        for week in range(self.weeks):
            day, dice = week * 7 + weekday, chance.random()
            if dice < 0.04:
                continue
            moved = (week * 7 + (weekday + 1) % 5, minute + 30) if dice > 0.94 else (day, minute)
            yield day, minute, *moved, length

    def _plan(
        self, chance: random.Random, event_id: str, members: list[str], times: list[tuple[int, int, int, int, int]],
        *, series: bool = False,
    ) -> _Plan:  # fmt: skip
        dice = chance.random()
        people = [guest(each, chance.choice(_ANSWERS)) for each in members]
        people[0] = guest(members[0], "accepted", organizer=True)
        if len(people) > 2 and dice < 0.2:
            people[-1] = people[-1] | {"optional": True}
        if dice < 0.15:
            people.append(guest(ROOM.format(int(event_id.strip("dagweklos").partition("x")[0])), resource=True))
        if 0.15 < dice < 0.17:
            people.append(guest(EVERYBODY, "needsAction"))
        if 0.2 < dice < 0.3:
            people.append(guest(f"klant{chance.randrange(50)}@elders.example", chance.choice(_ANSWERS)))
        return _Plan(
            event_id, self._shared(chance, min(each[0] for each in times)), members[0], people, series, times,
            hidden=dice > 0.97,
        )  # fmt: skip

    def _shared(self, chance: random.Random, first: int) -> Event:
        made: Event = {
            "status": "tentative" if chance.random() < 0.02 else "confirmed",
            "eventType": "default",
            "created": _utc(first - chance.randrange(1, 40), 480)[:-1] + ".000Z",
            "updated": _utc(first, 400)[:-1] + ".000Z",
            "sequence": chance.randrange(3),
            "summary": f"{chance.choice(_WORDS)} {chance.randrange(100)}",
        }
        dice = chance.random()
        if dice < 0.04:
            made["visibility"] = "private"
        if dice > 0.5:
            made["hangoutLink"] = "https://meet.google.com/abc-defg-hij"
            made["conferenceData"] = {"conferenceSolution": {"key": {"type": "hangoutsMeet"}}}
        return made

    def _whole_house(self) -> Iterable[_Plan]:
        """What goes beyond a team: the leaders' weekly hour, and a monthly meeting of all with a list nobody sees."""
        chance = random.Random(f"{self.seed}/house")
        weekly = list(self._weekly(chance, 1, 600))
        if len(self._leaders) > 1:
            people = [guest(each, chance.choice(_ANSWERS)) for each in self._leaders[:40]]
            people[0] = guest(self._leaders[0], "accepted", organizer=True)
            yield _Plan("leiding", self._shared(chance, 0), self._leaders[0], people, True, weekly)
        days = [(week * 7 + 3, 900, week * 7 + 3, 900, 60) for week in range(0, self.weeks, 4)]
        everybody = [guest(each, chance.choice(_ANSWERS)) for each in self.boxes]
        everybody[0] = guest(self.boxes[0], "accepted", organizer=True)
        yield _Plan("allemaal", self._shared(chance, 0), self.boxes[0], everybody, True, days, omitted=True)

    def _alone(self, mailbox: str) -> Iterable[Event]:
        """Time for oneself: focus, leave, whole days, holds, and the places of work that nobody asked for."""
        chance = random.Random(f"{self.seed}/{mailbox}")
        name = mailbox.partition("@")[0]
        for week in range(self.weeks):
            plan = partial(_Plan, organizer=mailbox, people=[], series=False)
            kinds = {"focusTime": 1.0, "default": 0.5, "workingLocation": 1.0, "outOfOffice": 0.05}
            for kind, often in kinds.items():
                if chance.random() < often:
                    day, minute = week * 7 + chance.randrange(5), chance.randrange(16, 60) * 15
                    length = 540 if kind == "outOfOffice" else 120
                    shared = self._shared(chance, day) | {"eventType": kind}
                    times = [(day, minute, day, minute, length)]
                    yield from plan(f"{kind}{name}w{week}".lower(), shared, times=times).seen_by(mailbox)
            if chance.random() < 0.3:
                day = week * 7 + chance.randrange(5)
                shared = self._shared(chance, day) | {"transparency": "transparent"}
                whole = plan(f"dag{name}w{week}", shared, times=[(day, 0, day, 0, 0)], all_day=True)
                yield from whole.seen_by(mailbox)
