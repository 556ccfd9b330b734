"""Google's times as the tables hold them: naive UTC, and dates that no zone may shift."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from connectors.columns import times

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from connectors.columns import Times
    from connectors.google.page import When

# What cannot be true is no time: before the first and from the second on.
_FIRST, _LAST = datetime(1970, 1, 1), datetime(2201, 1, 1)  # noqa: DTZ001 - naive UTC
_WITH_OFFSET = pa.timestamp("us", "UTC")
_MIDNIGHT = "T00:00:00Z"


def utc(text: str, zone: str) -> datetime:
    """The moment in naive UTC; one without an offset is read in the zone.

    >>> utc("2026-03-30T10:00:00+02:00", "UTC")
    datetime.datetime(2026, 3, 30, 8, 0)
    >>> utc("2026-03-30T10:00:00", "Europe/Amsterdam")
    datetime.datetime(2026, 3, 30, 8, 0)
    """
    moment = datetime.fromisoformat(text)
    aware = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))
    return _possible(aware.astimezone(UTC).replace(tzinfo=None))


def day(text: str) -> datetime:
    """The date at midnight.

    >>> day("2026-03-30")
    datetime.datetime(2026, 3, 30, 0, 0)
    """
    return _possible(datetime.strptime(text, "%Y-%m-%d"))  # noqa: DTZ007 - a date has no zone


def _possible(moment: datetime) -> datetime:
    if not _FIRST <= moment < _LAST:
        raise ValueError("it is not a time that can be true")
    return moment


def original(when: When, zone: str) -> datetime | date:
    """Where a series had put an occurrence: a moment, or a date when it took whole days."""
    return day(when.date).date() if when.date is not None else utc(when.dateTime or "", when.timeZone or zone)


def edges(whens: Sequence[When], zone: str) -> Times:
    """Starts or ends: moments, and dates at midnight; NaT where there is none that can be true."""
    written = [when.dateTime if when.date is None else when.date + _MIDNIGHT for when in whens]
    return _times(written, lambda place: _edge(whens[place], zone))


def _edge(when: When, zone: str) -> datetime | None:
    try:
        return day(when.date) if when.date is not None else utc(when.dateTime or "", when.timeZone or zone)
    except (ValueError, OverflowError, KeyError):
        return None


def stamps(texts: Sequence[str | None]) -> Times:
    """When things were made or changed; NaT where Google says nothing that can be true, never now.

    >>> stamps(["0000-12-29T00:00:00.000Z", "2026-03-30T10:00:00.000Z"]).tolist()
    [None, datetime.datetime(2026, 3, 30, 10, 0)]
    """
    return _times([text or None for text in texts], lambda place: _stamp(texts[place]))


def _stamp(text: str | None) -> datetime | None:
    try:
        return utc(text or "", "UTC")
    except (ValueError, OverflowError):
        return None


def _times(written: list[str | None], one: Callable[[int], datetime | None]) -> Times:
    found = times(written, _WITH_OFFSET, one)
    found[(found < np.datetime64(_FIRST)) | (found >= np.datetime64(_LAST))] = np.datetime64("NaT")
    return found
