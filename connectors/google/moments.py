"""Google's times as the tables hold them: naive UTC, and dates that no zone may shift."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

_FIRST_YEAR, _LAST_YEAR = 1970, 2200
_A_MOMENT = "2000-01-01T00:00:00"
_SECONDS = len(_A_MOMENT)
_BEFORE_OFFSET = ("Z", "+", "-")


def utc(text: str, zone: str) -> datetime:
    """The moment in naive UTC; one without an offset is read in the zone.

    >>> utc("2026-03-30T10:00:00+02:00", "UTC")
    datetime.datetime(2026, 3, 30, 8, 0)
    >>> utc("2026-03-30T10:00:00", "Europe/Amsterdam")
    datetime.datetime(2026, 3, 30, 8, 0)
    """
    # Whole seconds and an offset are what Google sends; read apart they take a third of the time.
    offset = _offset(text[_SECONDS:])
    moment = datetime.fromisoformat(text[:_SECONDS] if offset is not None else text)
    if offset is None:
        offset = moment.utcoffset()
    if offset is None:
        offset = moment.replace(tzinfo=ZoneInfo(zone)).utcoffset()
    if offset is None or not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise ValueError("it is not a moment that can be true")
    return (moment.replace(tzinfo=None) if moment.tzinfo else moment) - offset


@lru_cache(maxsize=256)
def _offset(text: str) -> timedelta | None:
    """What stands behind the seconds, where it is an offset and nothing else."""
    return datetime.fromisoformat(f"{_A_MOMENT}{text}").utcoffset() if text[:1] in _BEFORE_OFFSET else None


@lru_cache(maxsize=4096)
def day(text: str) -> datetime:
    """The date at midnight.

    >>> day("2026-03-30")
    datetime.datetime(2026, 3, 30, 0, 0)
    """
    found = datetime.strptime(text, "%Y-%m-%d")  # noqa: DTZ007 - a date has no zone
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise ValueError("it is not a date that can be true")
    return found


def edge(when: Mapping[str, Any], zone: str) -> datetime:
    """A start or end: the moment, or the date at midnight of a whole day."""
    if "date" in when:
        return day(when["date"])
    return utc(when["dateTime"], when.get("timeZone") or zone)


def original(when: Mapping[str, Any], zone: str) -> datetime | date:
    """Where a series had put an occurrence: a moment, or a date when it took whole days."""
    return day(when["date"]).date() if "date" in when else utc(when["dateTime"], when.get("timeZone") or zone)


@lru_cache(maxsize=16384)
def stamp(text: str | None) -> datetime | None:
    """When something was made or changed; unknown where Google says nothing that can be true, never now.

    >>> stamp("0000-12-29T00:00:00.000Z") is None
    True
    """
    if not text:
        return None
    try:
        return utc(text, "UTC")
    except ValueError:
        return None
