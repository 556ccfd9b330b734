"""What a pull costs: a page of a vendor turned into rows next to bare decoding, and the fault campaign at full size."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import orjson
import pandas as pd

from connectors.contract import Pull, Source, Window
from connectors.google.settings import EVENT_TYPES
from connectors.google.source import GoogleSource
from connectors.outlook.client import Graph
from connectors.outlook.settings import OutlookSettings
from connectors.outlook.source import OutlookSource
from connectors.scan.pseudonymous import PseudonymousSource
from store.pseudonyms import KEY_BYTES, Pseudonyms
from tests.connectors.campaign import TABLES, run
from tests.connectors.fakes import google_world, outlook_world
from tests.connectors.fakes.outlook_world import MONDAY

if TYPE_CHECKING:
    from connectors.outlook.client import SignIn

A_MONDAY = datetime.combine(google_world.FIRST_MONDAY, datetime.min.time())

MAILBOXES_TIMED, WARM_UP = 24, 4
MAILBOXES, WEEKS = int(os.environ.get("MEETLOAD_CAMPAIGN_MAILBOXES", "1000")), 52
GOOGLE_YEAR, OUTLOOK_YEAR = (Window(monday, monday + timedelta(weeks=WEEKS)) for monday in (A_MONDAY, MONDAY))
DEFAULT_PAGE = 250
"""So many events Google sends in a page when nobody asks for more."""


@dataclass(frozen=True)
class Page:
    """CPU milliseconds of one mailbox's page (medians over mailboxes), and how many events are on it.

    `decoding` turns its bytes into dictionaries and no more; `whole` turns the same bytes into rows.
    """

    decoding: float
    whole: float
    events: int

    @property
    def own(self) -> float:
        """What rows cost beyond bare decoding."""
        return self.whole - self.decoding


@dataclass(frozen=True)
class Hiding:
    """CPU milliseconds of one mailbox's page in a scan (medians over mailboxes), and how many events are on it.

    `rows` turns its bytes into rows, `own` puts these under pseudonyms; everybody of the organisation is known.
    """

    rows: float
    own: float
    events: int


@dataclass(frozen=True)
class Pages:
    """A page of each mailbox, in bytes, and a source that reads them."""

    bodies: dict[str, bytes]
    source: Source
    window: Window
    people: list[str]


def google_page(events: int | None = None) -> Page:
    """A year of a mailbox, as Google sends it in one page; or the first events of it."""
    return _costs(_google_pages(events))


def google_hiding(events: int | None = None) -> Hiding:
    """The same page in a scan."""
    return _hiding(_google_pages(events))


def outlook_page() -> Page:
    """One of Graph's pages of 500."""
    return _costs(_outlook_pages())


def outlook_hiding() -> Hiding:
    """The same page in a scan."""
    return _hiding(_outlook_pages())


def _google_pages(events: int | None) -> Pages:
    world = google_world.World.generate(MAILBOXES_TIMED * 8, WEEKS, 1)
    bodies = {box: _google_body(world.events(box), events) for box in world.mailboxes[::8]}

    class Wire:
        def page(self, mailbox: str, _: object) -> bytes:
            return bodies[mailbox]

        def close(self) -> None:
            pass

    return Pages(bodies, GoogleSource(Wire(), tuple(bodies)), GOOGLE_YEAR, world.mailboxes)


def _google_body(events: list[dict[str, Any]], most: int | None) -> bytes:
    asked = [event for event in events if event["eventType"] in EVENT_TYPES]
    return orjson.dumps({"timeZone": "Europe/Amsterdam", "nextSyncToken": "t", "items": asked[:most]})


def _outlook_pages() -> Pages:
    world = outlook_world.World.generate(MAILBOXES_TIMED * 8, WEEKS, 1)
    bodies = {user["mail"].lower(): _outlook_body(world.events(user["id"])) for user in world.users[::8]}

    class Answers(Graph):
        def read(self, path: str, _: object, page_of: Any, **__: object) -> Iterator[Any]:
            yield page_of(bodies[path.split("/")[2]])[0]

    graph = Answers(OutlookSettings(), cast("SignIn", None))
    source = OutlookSource(graph, {box: box for box in bodies})
    return Pages(bodies, source, OUTLOOK_YEAR, [user["mail"].lower() for user in world.users])


def _outlook_body(events: list[dict[str, Any]]) -> bytes:
    return orjson.dumps({"value": [event for event in events if event["type"] != "seriesMaster"][:500]})


def _costs(pages: Pages) -> Page:
    """Every page is another mailbox's and is read once, as in a scan: what is remembered is no better than there."""
    taken = []
    for box, body in pages.bodies.items():
        decoding, _ = _cpu(partial(orjson.loads, body))
        whole, pull = _cpu(partial(pages.source.pull, box, pages.window))
        taken.append((decoding, whole, pull.counts["events"]))
    decoding, whole, size = _medians(taken)
    return Page(decoding, whole, int(size))


def _hiding(pages: Pages) -> Hiding:
    """Every page is another mailbox's here too; the scan's chart has everybody, so their names were made before."""
    taken = []
    within = _Timed(pages.source)
    names = Pseudonyms(b"s" * KEY_BYTES, b"r" * KEY_BYTES)
    hidden = PseudonymousSource(within, names, frozenset(map(names.person, pages.people)))
    for box in hidden.mailboxes():
        whole, pull = _cpu(partial(hidden.pull, box, pages.window))
        taken.append((within.last, whole - within.last, pull.counts["events"]))
    rows, own, size = _medians(taken)
    return Hiding(rows, own, int(size))


class _Timed:
    """A source that remembers what its last pull cost."""

    def __init__(self, source: Source) -> None:
        self.source, self.name, self.last = source, source.name, 0.0

    def mailboxes(self) -> Iterator[str]:
        return self.source.mailboxes()

    def pull(self, mailbox: str, window: Window, token: str | None = None) -> Pull:
        self.last, pull = _cpu(partial(self.source.pull, mailbox, window, token))
        return pull


def _medians(taken: list[tuple[float, float, float]]) -> tuple[float, ...]:
    return tuple(statistics.median(each) for each in zip(*taken[WARM_UP:], strict=True))


def _cpu(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.process_time()
    result = work()
    return (time.process_time() - began) * 1000, result


def campaign(vendor: str, mailboxes: int = MAILBOXES) -> dict[str, float]:
    """A tenant scanned calmly, and with faults and three kills: seconds of both; fails where the tables differ."""
    with tempfile.TemporaryDirectory() as folder:
        calm = run(vendor, Path(folder) / "calm", mailboxes, WEEKS, faulty=False)
        rough = run(vendor, Path(folder) / "rough", mailboxes, WEEKS, faulty=True, kills=3)
        for name in TABLES:
            columns = list(calm.tables[name].columns)
            before, after = (each.tables[name].sort_values(columns, ignore_index=True) for each in (calm, rough))
            pd.testing.assert_frame_equal(after, before)
        return {
            "mailboxes": mailboxes,
            "meetings": len(calm.tables["meetings"]),
            "attendance": len(calm.tables["attendance"]),
            "calm_s": calm.seconds,
            "rough_s": rough.seconds,
            "calm_requests": calm.requests,
            "rough_requests": rough.requests,
        }


if __name__ == "__main__":
    import sys

    for name, measure in (
        ("google page", google_page),
        ("google page as by default", partial(google_page, DEFAULT_PAGE)),
        ("outlook page", outlook_page),
    ):
        page = measure()
        print(
            f"{name}, {page.events} events: {page.own:.1f} ms beyond decoding ({page.whole:.1f} ms in all, "
            f"{page.decoding:.1f} ms bare decoding, {page.whole / page.decoding:.1f} times that)"
        )
    for name, hide in (("google page", google_hiding), ("outlook page", outlook_hiding)):
        found = hide()
        print(f"pseudonyms of a {name}, {found.events} events: {found.own:.1f} ms ({found.rows:.1f} ms its rows)")
    for name in sys.argv[1:]:
        print(name, campaign(name))
