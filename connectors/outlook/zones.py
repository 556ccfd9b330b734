"""Time zones by the names Exchange gives them, and the times that stand in them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

import pyarrow as pa

from connectors.columns import times
from connectors.ics.zones import well_known
from connectors.outlook.page import When

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from connectors.columns import Times

_UTC_NAMES = {"", "utc", "tzone://microsoft/utc"}
_NEVER = ("0001", "9999")
# Arrow reads seven digits only where it may keep nine.
_SEVEN_DIGITS, _SEVEN_DIGITS_UTC = pa.timestamp("ns"), pa.timestamp("ns", "UTC")
_ELSEWHERE = "in another zone"
_NO_TIME = When(time_zone="UTC")
_DAY = timedelta(days=1)


@lru_cache(maxsize=1024)
def zone_of(name: str) -> tzinfo | None:
    """The zone behind a name, None where nobody knows it (a custom zone of one mailbox, say).

    >>> zone_of("W. Europe Standard Time").key
    'Europe/Berlin'
    >>> zone_of("tzone://Microsoft/Utc")
    datetime.timezone.utc
    >>> zone_of("tzone://Microsoft/Custom") is None
    True
    """
    return UTC if name.strip().lower() in _UTC_NAMES else well_known(name)


def moments(whens: Sequence[When | None], home: tzinfo) -> Times:
    """Starts or ends as naive UTC, NaT where there is none; seven-digit fractions and no offset are what Graph sends.

    >>> moments([When("2026-01-05T09:00:00.0000000", "UTC")], UTC).tolist()
    [datetime.datetime(2026, 1, 5, 9, 0)]
    """
    known = [when or _NO_TIME for when in whens]
    written = [when.date_time if when.time_zone == "UTC" else _ELSEWHERE for when in known]
    return times(written, _SEVEN_DIGITS, lambda place: _moment(known[place], home))


def _moment(when: When, home: tzinfo) -> datetime | None:
    try:
        given = datetime.fromisoformat(when.date_time or "")
        if given.tzinfo is None:
            given = given.replace(tzinfo=zone_of(when.time_zone or "") or home)
        return given.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None


def stamp(text: str | None) -> datetime | None:
    """A time stamp as naive UTC; None where there is none, or where the year 1 stands for none."""
    if not text or text[:4] in _NEVER:
        return None
    given = datetime.fromisoformat(text.removesuffix("Z"))
    return given.astimezone(UTC).replace(tzinfo=None) if given.tzinfo else given


def is_stamp(text: str | None) -> bool:
    """Whether `stamp` can read it."""
    try:
        stamp(text)
    except ValueError:
        return False
    return True


def stamps(texts: Sequence[str | None]) -> Times:
    """When things were made or changed; NaT where that is not known.

    >>> stamps(["2026-01-05T09:00:00Z", "0001-01-01T00:00:00Z", None]).tolist()
    [datetime.datetime(2026, 1, 5, 9, 0), None, None]
    """
    written = [text if text and text[:4] not in _NEVER else None for text in texts]
    return times(written, _SEVEN_DIGITS_UTC, lambda place: stamp(texts[place]) if is_stamp(texts[place]) else None)


def midnight(given: datetime, zone: tzinfo | None) -> datetime:
    """The day an all-day edge means, at midnight: as written, or as the wall clock in its zone had it.

    >>> midnight(datetime(2026, 1, 4, 23), zone_of("W. Europe Standard Time"))
    datetime.datetime(2026, 1, 5, 0, 0)
    """
    if _on_the_day(given):
        return given
    local = given.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None) if zone else given
    # Half a day further, then down to midnight: the nearest day.
    return local if _on_the_day(local) else (given + _DAY / 2).replace(hour=0, minute=0, second=0, microsecond=0)


def _on_the_day(given: datetime) -> bool:
    return not (given.hour or given.minute or given.second or given.microsecond)
