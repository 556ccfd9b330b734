"""A small known calendar at the fake Graph, for the suite that all sources pass."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from connectors.contract import Window
from connectors.outlook.client import Graph
from connectors.outlook.source import OutlookSource
from tests.connectors.fakes.outlook import OutlookFake
from tests.connectors.fakes.outlook_world import DOMAIN, MONDAY, World, event, goid, guest, user

CASE_WINDOW = Window(datetime(2026, 1, 1), datetime(2026, 3, 1))


def small_world() -> World:
    """Anna's calendar: one of everything. Bob is her manager and leads a series she is in."""
    bob, anna = user(1, "Bob"), user(2, "Anna", "00000001-0000-4000-8000-000000000000")
    world = World(users=[bob, anna])
    mail = f"bob@{DOMAIN}"
    series = {"owner": mail, "leads": False, "iCalUId": goid("series"), "attendees": [guest(f"anna@{DOMAIN}")]}
    monday = MONDAY + timedelta(hours=9)
    world.put(
        anna["id"],
        event("single", monday, attendees=[guest(mail, answer="accepted")], subject="Ontwerp werkwijze"),
        event("hold", monday + timedelta(hours=2), subject="Nadenken"),
        event("away", MONDAY + timedelta(days=7), MONDAY + timedelta(days=8), isAllDay=True, showAs="oof", subject="Vrij"),
        event("secret", monday + timedelta(days=1), sensitivity="private", subject="Tandarts", attendees=[guest(mail)]),
        event("off", monday + timedelta(days=2), isCancelled=True, attendees=[guest(mail)], subject="Canceled: Bila"),
        event("master", monday, type="seriesMaster", subject="Weekstart", **series),
        *(
            event(
                f"master{week}", monday + timedelta(weeks=week, days=3), type="occurrence", seriesMasterId="master",
                subject="Weekstart", **series,
            )
            for week in range(4)
        ),
        event(
            "master4", monday + timedelta(weeks=4, days=4), type="exception", seriesMasterId="master", subject="Weekstart",
            originalStart="2026-02-05T09:00:00Z", **series,
        ),
    )  # fmt: skip
    return world


@dataclass(frozen=True)
class Case:
    """A source with something to pull, for the suite that all sources pass."""

    source: OutlookSource
    mailbox: str
    window: Window
    fake: OutlookFake


@contextmanager
def outlook_case(*, incremental: bool = False) -> Iterator[Case]:
    """The fake with Anna's small calendar (nine events of which five are a series), and the source that reads it."""
    with OutlookFake(small_world()) as fake:
        graph = Graph(fake.settings(page_size=4, small_page=2), fake.sign_in())
        mailboxes = {f"anna@{DOMAIN}": fake.addresses()[f"anna@{DOMAIN}"]}
        source = OutlookSource(graph, mailboxes, home="Europe/Amsterdam", incremental=incremental)
        try:
            yield Case(source, f"anna@{DOMAIN}", CASE_WINDOW, fake)
        finally:
            source.close()
