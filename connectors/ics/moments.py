"""Dates and times of a property: a date stays a date, a time gets its zone (RFC 5545, 3.3.4 to 3.3.9)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from icalendar.prop import vDuration

from connectors.ics.limits import RejectedError

if TYPE_CHECKING:
    from datetime import tzinfo

    from connectors.ics.content import Property
    from connectors.ics.zones import Zones

Moment = date | datetime
"""A date of a whole day, or a time that knows its zone."""

_VALUE = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?)|Z)?", re.ASCII | re.IGNORECASE)


def moment(name: str, found: Property, zones: Zones, line: int) -> Moment:
    """The date or time a property holds."""
    return parsed(name, found.value, found.parameters, zones, line)


def parsed(name: str, value: str, parameters: dict[str, str], zones: Zones, line: int) -> Moment:
    """The date or time of one value, read with the parameters of its property."""
    match = _VALUE.fullmatch(value.strip())
    if match is None:
        raise RejectedError(_unreadable(name, value, parameters))
    year, month, day, hour, minute, second, utc = match.groups()
    try:
        if hour is None or parameters.get("VALUE", "").upper() == "DATE":
            return date(int(year), int(month), int(day))
        zone = UTC if utc else _zone(parameters, zones, line)
        # A leap second is a time people can write and Python cannot hold.
        return datetime(int(year), int(month), int(day), int(hour), int(minute), min(int(second), 59), tzinfo=zone)
    except ValueError:
        raise RejectedError(f"{name} is not a date or time that exists") from None


def _zone(parameters: dict[str, str], zones: Zones, line: int) -> tzinfo:
    name = parameters.get("TZID")
    return zones.named(name, line) if name else zones.fallback


def _unreadable(name: str, value: str, parameters: dict[str, str]) -> str:
    if "TZID" in parameters and ":" in value:
        return f"the TZID of {name} holds a colon without quotes around it"
    return f"{name} is not a date or time"


def duration(value: str) -> timedelta:
    """The length a DURATION holds."""
    try:
        length: timedelta = vDuration.from_ical(value.strip())  # type: ignore[no-untyped-call]
    except (ValueError, OverflowError, TypeError):
        raise RejectedError("DURATION is not a length of time") from None
    return length


def is_day(value: Moment) -> bool:
    """Whether it is a date of a whole day."""
    return not isinstance(value, datetime)


def naive_utc(value: Moment) -> datetime:
    """The moment in the tables: naive UTC, and midnight of a date, which no zone shifts."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None)
    return datetime(value.year, value.month, value.day)  # noqa: DTZ001 - the tables hold naive times


def later(start: Moment, length: timedelta) -> Moment:
    """A length after a moment: days follow the clock on the wall, the rest is exact."""
    if not isinstance(start, datetime):
        whole = timedelta(days=length.days)
        return start + (whole if whole == length else whole + timedelta(days=1))
    by_the_wall = start + timedelta(days=length.days)
    exact = by_the_wall.astimezone(UTC) + timedelta(seconds=length.seconds)
    return exact.astimezone(start.tzinfo)
