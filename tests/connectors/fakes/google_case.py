"""A small known calendar at the fake Google, and the handles that the contract's tests turn."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connectors.contract import Window
from connectors.google.source import GoogleSource
from tests.connectors.fakes.google import GoogleFake
from tests.connectors.fakes.google_world import Event, World, event, guest, occurrence

ANNA, BRAM, CARO = (f"{name}@meridiaan.example" for name in ("anna", "bram", "caro"))


WINDOW = Window(datetime(2026, 1, 1), datetime(2026, 4, 1))


@dataclass(frozen=True)
class Case:
    """A source with a small known calendar behind it, and the handles that the contract's tests turn."""

    fake: GoogleFake
    source: GoogleSource
    mailbox: str = ANNA
    window: Window = WINDOW

    def add(self) -> None:
        """One meeting more in the mailbox."""
        more = event("erbij1", "2026-01-08T15:00:00+01:00", "2026-01-08T16:00:00+01:00", **_with(ANNA, BRAM))
        self.fake.world.change(self.mailbox, more)

    def remove(self) -> None:
        """One meeting less in the mailbox."""
        self.fake.world.delete(self.mailbox, known_calendar(self.mailbox)[0])

    def move(self) -> None:
        """One meeting is put off by a day."""
        found = known_calendar(self.mailbox)[1]
        times = {"start": {"dateTime": "2026-01-07T10:00:00+01:00"}, "end": {"dateTime": "2026-01-07T11:00:00+01:00"}}
        self.fake.world.change(self.mailbox, found | times | {"updated": "2026-01-03T09:00:00.000Z"})

    def expire(self) -> None:
        """The next question with a sync token meets a token that is void."""
        self.fake.faults.expired = 1.0


def _with(organizer: str, *others: str, seen_by: str = ANNA) -> Event:
    def line(who: str, **more: Any) -> Event:
        return guest(who, **more, **({"self": True} if who == seen_by else {}))

    people = [line(organizer, organizer=True), *(line(each) for each in others)]
    return {"organizer": {"email": organizer, **({"self": True} if organizer == seen_by else {})}, "attendees": people}


def known_calendar(mailbox: str) -> list[Event]:
    """A single meeting, a series of two, a meeting with another's series moved, and a whole day, seen by the mailbox."""
    both = _with(ANNA, BRAM, seen_by=mailbox)
    return [
        event("los1", "2026-01-05T09:00:00+01:00", "2026-01-05T10:00:00+01:00", **both),
        occurrence("reeks1", "2026-01-06T09:00:00Z", "2026-01-06T10:00:00+01:00", "2026-01-06T11:00:00+01:00", **both),
        occurrence("reeks1", "2026-01-13T09:00:00Z", "2026-01-14T10:00:00+01:00", "2026-01-14T11:00:00+01:00", **both),
        event("dag1", "2026-01-20", "2026-01-21", organizer={"email": mailbox, "self": True}),
        event(
            "weg1",
            "2026-02-02T00:00:00+01:00",
            "2026-02-07T00:00:00+01:00",
            eventType="outOfOffice",
            organizer={"email": mailbox, "self": True},
        ),
    ]


@contextmanager
def google_case() -> Iterator[Case]:
    """The source over a fake with two small calendars, for the contract's tests."""
    world = World.of({each: known_calendar(each) for each in (ANNA, BRAM)})
    with GoogleFake(world) as fake, fake.scan() as source:
        yield Case(fake, source)


def encoded_id(uid: str) -> str:
    """The id that Google gives an event from elsewhere."""
    return "_" + base64.b32hexencode(uid.encode()).decode().rstrip("=").lower()
