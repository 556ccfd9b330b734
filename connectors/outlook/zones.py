"""Time zones by the names Exchange gives them, and the times that stand in them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from connectors.ics.zones import well_known

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

_UTC_NAMES = {"", "utc", "tzone://microsoft/utc"}
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


def moment(value: Mapping[str, str | None], home: tzinfo) -> datetime:
    """A dateTimeTimeZone as naive UTC; seven-digit fractions and no offset are what Graph sends.

    >>> moment({"dateTime": "2026-01-05T09:00:00.0000000", "timeZone": "UTC"}, UTC)
    datetime.datetime(2026, 1, 5, 9, 0)
    """
    given = datetime.fromisoformat(value["dateTime"] or "")
    name = value.get("timeZone") or ""
    if name == "UTC" and given.tzinfo is None:
        return given
    return (given if given.tzinfo else given.replace(tzinfo=zone_of(name) or home)).astimezone(UTC).replace(tzinfo=None)


def stamp(text: str | None) -> datetime | None:
    """A time stamp as naive UTC; None where there is none, or where the year 1 stands for none."""
    if not text or text.startswith(("0001-", "9999-")):
        return None
    given = datetime.fromisoformat(text.removesuffix("Z"))
    return given.astimezone(UTC).replace(tzinfo=None) if given.tzinfo else given


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
