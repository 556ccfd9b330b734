"""What a pull costs: our own work on a page next to decoding it, and the fault campaign at full size."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pandas as pd

from connectors.copies import batch_of
from tests.connectors.campaign import TABLES, run

MAILBOXES_TIMED, WARM_UP = 24, 4
MAILBOXES, WEEKS = int(os.environ.get("MEETLOAD_CAMPAIGN_MAILBOXES", "1000")), 52


@dataclass(frozen=True)
class Page:
    """CPU milliseconds of one mailbox's page (medians over mailboxes): bare decoding, copies, rows; and its events."""

    decoding: float
    copies: float
    rows: float
    events: int


def google_page() -> Page:
    """A year of a mailbox, as Google sends it in one page."""
    from connectors.google.events import GuestLists, copy_of
    from tests.connectors.fakes.google_world import World

    world = World.generate(MAILBOXES_TIMED * 8, 52, 1)

    def reader(box: str) -> Callable[[Any], Any]:
        lists = GuestLists(box)
        return lambda event: copy_of(event, box, frozenset(), "Europe/Amsterdam", lists)

    pages = [(box, world.events(box)) for box in world.mailboxes[::8]]
    return _costs(pages, "google", reader)


def outlook_page() -> Page:
    """One of Graph's pages of 500."""
    from connectors.outlook.events import Book, copy_of, is_row
    from tests.connectors.fakes.outlook_world import World

    world = World.generate(MAILBOXES_TIMED * 8, 52, 1)

    def reader(box: str) -> Callable[[Any], Any]:
        book = Book(box, frozenset({box}))
        return lambda event: copy_of(event, book)

    pages = [
        (user["mail"].lower(), [event for event in world.events(user["id"]) if is_row(event)][:500])
        for user in world.users[::8]
    ]
    return _costs(pages, "outlook", reader)


def _costs(pages: list[tuple[str, list[Any]]], source: str, reader: Callable[[str], Callable[[Any], Any]]) -> Page:
    """Every page is another mailbox's and is read once, as in a scan: what is remembered is no better than there."""
    taken = []
    for box, given in pages:
        raw, read = orjson.dumps(given), reader(box)
        decoding, events = _cpu(lambda raw=raw: orjson.loads(raw))
        copying, copies = _cpu(lambda events=events, read=read: [c for e in events if (c := read(e)) is not None])
        rows, _ = _cpu(lambda copies=copies, box=box: batch_of(copies, box, source, "Europe/Amsterdam"))
        taken.append((decoding, copying, rows, len(events)))
    decoding, copying, rows, size = (statistics.median(each) for each in zip(*taken[WARM_UP:], strict=True))
    return Page(decoding, copying, rows, int(size))


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

    for name, measure in (("google", google_page), ("outlook", outlook_page)):
        page = measure()
        own = page.copies + page.rows
        print(
            f"{name} page of {page.events} events: {own:.1f} ms of our own ({page.copies:.1f} copies, {page.rows:.1f} "
            f"rows), {page.decoding:.1f} ms decoding, {own / page.decoding:.1f} times that"
        )
    for name in sys.argv[1:]:
        print(name, campaign(name))
