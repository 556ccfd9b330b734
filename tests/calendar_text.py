"""Small calendar files for tests, written beside what is expected of them."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path

from connectors.contract import Pull, Window
from connectors.ics import IcsSource

ANNA = "anna@example.org"
YEAR = Window(datetime(2026, 1, 1), datetime(2027, 1, 1))


def event(*lines: str, uid: str = "one", start: str = "20260105T100000", length: str = "PT1H") -> str:
    """A VEVENT; a line of one's own replaces the one that would stand there."""
    given = {line.partition(":")[0].partition(";")[0] for line in lines}
    usual = {"UID": uid, "DTSTART": start, "DURATION": "" if "DTEND" in given else length}
    kept = [f"{name}:{value}" for name, value in usual.items() if value and name not in given]
    return "\r\n".join(["BEGIN:VEVENT", *kept, *lines, "END:VEVENT", ""])


def calendar(*parts: str, headers: tuple[str, ...] = ()) -> str:
    """A VCALENDAR around events and zones."""
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *headers, "".join(parts) + "END:VCALENDAR", ""])


def zone(name: str, offset: str) -> str:
    """A VTIMEZONE that never changes."""
    return (
        f"BEGIN:VTIMEZONE\r\nTZID:{name}\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
        f"TZOFFSETFROM:{offset}\r\nTZOFFSETTO:{offset}\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    )


def read(content: str | bytes, *me: str, timezone: str = "Europe/Amsterdam", window: Window = YEAR) -> Pull:
    """What the source reads from a file with this content."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "my.ics"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return IcsSource(path, me=me, timezone=timezone).pull("my.ics", window)


def starts(pull: Pull) -> list[str]:
    """The starts of all meetings, in UTC, as short text."""
    return sorted(f"{start:%m-%d %H:%M}" for start in pull.batch.meetings["start"])


def one(pull: Pull) -> dict[str, object]:
    """The only meeting."""
    (row,) = pull.batch.meetings.to_dict("records")
    return row


def answers(pull: Pull) -> dict[str, tuple[str, str]]:
    """Role and response by person."""
    return {row.person_id: (row.role, row.response) for row in pull.batch.attendance.itertuples()}


def reasons(pull: Pull) -> list[str]:
    """Why events were left out."""
    return [problem.reason for problem in pull.problems if problem.rejected]
