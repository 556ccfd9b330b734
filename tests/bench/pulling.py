"""What a pull costs: our own work on a page next to decoding it, and the fault campaign at full size."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pandas as pd

from connectors.copies import batch_of
from tests.connectors.campaign import TABLES, run

REPEATS = 7
MAILBOXES, WEEKS = int(os.environ.get("MEETLOAD_CAMPAIGN_MAILBOXES", "1000")), 52


def google_page() -> tuple[float, float, int]:
    """CPU milliseconds of rows and of bare decoding, for one mailbox's page of a year; and its events."""
    from connectors.google.events import copy_of
    from tests.connectors.fakes.google_world import World

    world = World.generate(60, 52, 1)
    box = world.mailboxes[0]
    return _costs(world.events(box), box, "google", lambda event: copy_of(event, box))


def outlook_page() -> tuple[float, float, int]:
    """The same for one of Graph's pages of 500."""
    from connectors.outlook.events import Book, copy_of, is_row
    from tests.connectors.fakes.outlook_world import World

    world = World.generate(60, 52, 1)
    user = world.users[0]
    box = user["mail"].lower()
    book = Book(box, box)
    events = [event for event in world.events(user["id"]) if is_row(event)][:500]
    return _costs(events, box, "outlook", lambda event: copy_of(event, book))


def _costs(events: list[Any], box: str, source: str, read: Callable[[Any], Any]) -> tuple[float, float, int]:
    raw = orjson.dumps(events)

    def rows() -> object:
        return batch_of(
            [copy for event in events if (copy := read(event)) is not None], box, source, "Europe/Amsterdam"
        )

    return _cpu(rows), _cpu(lambda: orjson.loads(raw)), len(events)


def _cpu(work: Callable[[], object]) -> float:
    best = float("inf")
    for _ in range(REPEATS):
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return best * 1000


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

    for name, page in (("google", google_page), ("outlook", outlook_page)):
        rows, decoding, events = page()
        print(f"{name} page: rows {rows:.1f} ms, decoding {decoding:.1f} ms, {events} events")
    for name in sys.argv[1:]:
        print(name, campaign(name))
