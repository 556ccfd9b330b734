"""What the contract's tests need of a source: a small calendar behind it and handles to change it.

Every source has a case here or in its fake: a context manager that gives an object with `source`, `mailbox` and
`window`, and with `add`, `remove`, `move`, `expire` where the source can do more than read.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from calendar_text import ANNA, calendar, event

from connectors.contract import Source, Window
from connectors.demo import DemoSource
from connectors.folder import FolderSource
from connectors.ics import IcsSource

# A word that stands in every title of the files below, broken and private entries included.
TITLE = "Zuidas"
SPAN = Window(datetime(2026, 1, 5), datetime(2026, 2, 2))


@dataclass(frozen=True)
class Case:
    """A source with something to pull; `cut` makes it unreadable."""

    source: Source
    mailbox: str
    window: Window = SPAN
    cut: Callable[[], Any] | None = None


@contextmanager
def demo_case() -> Iterator[Case]:
    """The smallest demo there is, over a month in its middle."""
    yield Case(DemoSource(people=60, weeks=26), "organisation", Window(datetime(2026, 8, 3), datetime(2026, 9, 7)))


@contextmanager
def ics_case() -> Iterator[Case]:
    """A calendar file with one of everything, and three events that cannot be read."""
    with_bob = ("ORGANIZER:mailto:bob@example.org", "ATTENDEE:mailto:bob@example.org")
    declined = ("ATTENDEE;PARTSTAT=DECLINED:mailto:anna@example.org", *with_bob)
    title = f"SUMMARY:{TITLE}"
    text = calendar(
        event(title, *with_bob, "ATTENDEE;PARTSTAT=ACCEPTED:mailto:anna@example.org", uid="plain"),
        event(title, *declined, uid="declined", start="20260106T090000Z"),
        event(title, "STATUS:CANCELLED", *with_bob, uid="cancelled", start="20260107T090000Z"),
        event(title, "CLASS:PRIVATE", "DESCRIPTION:" + TITLE, uid="private", start="20260108T090000Z"),
        event(title, "DTSTART;VALUE=DATE:20260109", "DTEND;VALUE=DATE:20260110", uid="day"),
        event(title, "RRULE:FREQ=WEEKLY;COUNT=3", uid="series", start="20260112T090000Z"),
        event(title, "RECURRENCE-ID:20260119T090000Z", uid="series", start="20260120T090000Z"),
        event(title, uid="before", start="20260104T230000Z"),
        event(title, uid="across", start="20260104T233000Z"),
        event(title, uid="after", start="20260202T000000Z"),
        event(title, "DTSTART:not a date", uid="broken"),
        event(title, "RRULE:FREQ=SECONDLY", uid="endless"),
        event(title, "DTEND:20250101T000000Z", uid="backwards", start="20260113T090000Z"),
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "anna.ics"
        path.write_text(text, encoding="utf-8")
        yield Case(IcsSource(path, me=(ANNA,), timezone="UTC"), "anna.ics", cut=path.unlink)


MEETINGS = f"""meeting_id,title,start,end,all_day,status,is_private,original_start,series_id
plain,{TITLE},2026-01-05T10:00:00Z,2026-01-05T11:00:00Z,,,,,
declined,{TITLE},2026-01-06T09:00:00Z,2026-01-06T10:00:00Z,,,,,
cancelled,{TITLE},2026-01-07T09:00:00Z,2026-01-07T10:00:00Z,,cancelled,,,
private,{TITLE},2026-01-08T09:00:00Z,2026-01-08T10:00:00Z,,,true,,
day,{TITLE},2026-01-09,2026-01-10,true,,,,
series1,{TITLE},2026-01-12T09:00:00Z,2026-01-12T10:00:00Z,,,,2026-01-12T09:00:00Z,series
series2,{TITLE},2026-01-20T09:00:00Z,2026-01-20T10:00:00Z,,,,2026-01-19T09:00:00Z,series
before,{TITLE},2026-01-04T23:00:00Z,2026-01-05T00:00:00Z,,,,,
across,{TITLE},2026-01-04T23:30:00Z,2026-01-05T00:30:00Z,,,,,
after,{TITLE},2026-02-02T00:00:00Z,2026-02-02T01:00:00Z,,,,,
broken,{TITLE},not a date,2026-01-05T11:00:00Z,,,,,
backwards,{TITLE},2026-01-13T09:00:00Z,2025-01-01T00:00:00Z,,,,,
"""
ATTENDANCE = """meeting_id,person_id,response
plain,anna,accepted
plain,bob,needsAction
declined,anna,declined
cancelled,bob,accepted
series1,anna,accepted
nowhere,anna,accepted
"""


@contextmanager
def folder_case() -> Iterator[Case]:
    """An exchange folder with the same entries."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        (path / "meetings.csv").write_text(MEETINGS, encoding="utf-8")
        (path / "attendance.csv").write_text(ATTENDANCE, encoding="utf-8")
        yield Case(FolderSource(path), str(path), cut=(path / "meetings.csv").unlink)
