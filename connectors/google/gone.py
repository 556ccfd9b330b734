"""What Google says of an event that is no more, and which meeting that was.

    what was deleted             what comes                                     what it means
    one occurrence of a series   id, recurringEventId, originalStartTime        that occurrence is gone
    a single event               id, often nothing else                         the meeting of that id is gone
    a whole series               its occurrences one by one, about six months   a full pull finds the later ones

An id is the UID before `@google.com` for what was made in Google; for what came from elsewhere it is `_` and the UID
written in base32hex. Ids of occurrences have no promised form, so they are only used when nothing else is there.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING

from connectors.google.moments import original
from connectors.google.page import When
from connectors.identity import instance_key, meeting_id

if TYPE_CHECKING:
    from connectors.google.page import Event

_OCCURRENCE = re.compile(r"(?P<base>.+)_(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)(?:T(?P<time>\d{6})Z)?")
_MADE_HERE = re.compile(r"[A-Za-z0-9]+(_R\d{8}(T\d{6})?)?")

MALFORMED = (ValueError, OverflowError, KeyError)
"""What `meeting_of` raises where the times of a stub are none."""


def uid_of(event_id: str) -> str | None:
    """The UID of a single event or series from its id, where the id tells.

    >>> uid_of("4j7e1kq0a2c3d4")
    '4j7e1kq0a2c3d4@google.com'
    >>> uid_of("_" + base64.b32hexencode(b"weekly@example.org").decode().rstrip("=").lower())
    'weekly@example.org'
    """
    if _MADE_HERE.fullmatch(event_id):
        return f"{event_id}@google.com"
    if not event_id.startswith("_"):
        return None
    letters = event_id[1:].upper()
    try:
        text = base64.b32hexdecode(letters + "=" * (-len(letters) % 8)).decode()
    except (binascii.Error, ValueError):
        return None
    return text if text.isprintable() else None


def meeting_of(stub: Event, zone: str) -> str | None:
    """The meeting id of a cancelled event; None where only a full pull can tell."""
    series, was = stub.recurring_event_id, stub.original_start_time
    if series is None and was is None and (found := _OCCURRENCE.fullmatch(stub.id)):
        series, was = found["base"], _was(found)
    uid = stub.ical_uid or uid_of(series or stub.id)
    if uid is None:
        return None
    return meeting_id(uid, instance_key(original(was, zone) if was else None))


def _was(found: re.Match[str]) -> When:
    day = f"{found['year']}-{found['month']}-{found['day']}"
    time = found["time"]
    return When(f"{day}T{time[:2]}:{time[2:4]}:{time[4:]}Z") if time else When(date=day)
