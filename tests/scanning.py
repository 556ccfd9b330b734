"""A scan of a scripted source in simulated time, and the settled store that it leaves."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pandas as pd
from scripted import Faults, Scripted, minimise, window
from simulated import SimulatedClock

from connectors.scan import Bucket, ScanSettings, scan
from store.copies import open_copies
from store.database import Store, writing

TESTS = Path(__file__).parent
TABLES = ("meetings", "attendance", "absences", "moves", "labels")
NASTY = Faults(throttled=0.05, retry_after=7, trouble=0.03, expired=0.05, duplicates=0.05)


class Scanning:
    """A scripted source with its own simulated clock, ready to scan into a store."""

    def __init__(self, place, source=None, clock=None, rate=100_000, **settings):
        self.place = place
        self.clock = clock or SimulatedClock()
        self.bucket = Bucket(rate, 5, self.clock.now, self.clock.sleep)
        self.source = source or Scripted(people=12, weeks=2)
        self.source.before_request, self.source.sleep = self.bucket.take, self.clock.sleep
        self.settings = ScanSettings(**settings)

    def __call__(self, copies=None, mailboxes=None, during=None, **settings):
        if copies is None:
            with open_copies(self.place) as opened:
                return self(opened, mailboxes, during, **settings)
        return scan(
            self.source,
            self.source.mailboxes() if mailboxes is None else mailboxes,
            copies,
            window(self.source.weeks),
            replace(self.settings, **settings),
            minimise=minimise,
            progress=during,
            bucket=self.bucket,
            clock=self.clock,
            random=random.Random(3).random,
        )


def tables(place) -> dict[str, pd.DataFrame]:
    """The settled store, row by row."""
    with open_copies(place) as copies, writing(place) as writer:
        writer.settle(copies.settle())
    store = Store(place)
    frames = {name: store.frame(name) for name in TABLES}
    return {name: frame.sort_values(list(frame.columns[:3]), ignore_index=True) for name, frame in frames.items()}


def assert_same(one: dict[str, pd.DataFrame], other: dict[str, pd.DataFrame]) -> None:
    for name in TABLES:
        pd.testing.assert_frame_equal(one[name], other[name])
