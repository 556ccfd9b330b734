"""A time zone as a file defines it, worked out once into a table of changes (RFC 5545, 3.6.5)."""

from __future__ import annotations

from bisect import bisect_right
from datetime import datetime, timedelta, tzinfo
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING, Any

import icalendar
from dateutil.rrule import rrulestr

from connectors.ics import limits
from connectors.ics.limits import RejectedError
from connectors.ics.rule import read_yearly

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_FIRST = limits.FIRST_YEAR - 1
_LAST = datetime(limits.LAST_YEAR + 1, 12, 31)  # noqa: DTZ001 - wall-clock times of no zone yet
_DAY = timedelta(days=1)
_ILL_DEFINED = (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError, RejectedError)

Change = tuple[datetime, timedelta, timedelta]
"""When in UTC, the offset before, the offset after."""


class Clock(tzinfo):
    """A zone that looks its offset up in a table of changes.

    offset     +1 ------------|+2 ---------------|+1 -----
    changes              March 29           October 25
    """

    def __init__(self, name: str, changes: list[Change]) -> None:
        self._name = name
        self._offsets = [changes[0][1], *(after for _, _, after in changes)]
        self._changes = [moment for moment, _, _ in changes]
        pairs = list(zip(self._changes, pairwise(self._offsets), strict=True))
        # A wall time that comes twice is the earlier of the two unless `fold` says otherwise (PEP 495).
        self._walls = (
            [moment + max(before, after) for moment, (before, after) in pairs],
            [moment + min(before, after) for moment, (before, after) in pairs],
        )

    def utcoffset(self, when: datetime | None, /) -> timedelta | None:
        """The offset on the wall at that time."""
        if when is None:
            return None
        return self._offsets[bisect_right(self._walls[when.fold], when.replace(tzinfo=None))]

    def dst(self, when: datetime | None, /) -> timedelta | None:  # noqa: ARG002
        """Unknown: a table of changes says what clocks show, not why."""
        return None

    def tzname(self, when: datetime | None, /) -> str:  # noqa: ARG002
        """The name the file gives it."""
        return self._name

    def fromutc(self, when: datetime, /) -> datetime:
        """The wall time of a moment in UTC."""
        moment = when.replace(tzinfo=None)
        place = bisect_right(self._changes, moment)
        wall = moment + self._offsets[place]
        again = place > 0 and moment - self._changes[place - 1] < self._offsets[place - 1] - self._offsets[place]
        return wall.replace(tzinfo=self, fold=int(again))

    def __str__(self) -> str:
        return self._name


def clock(name: str, lines: list[bytes]) -> Clock | None:
    """The zone of a VTIMEZONE, or None where its definition makes no sense."""
    rules = sum(line[:5].upper() == b"RRULE" for line in lines)
    if rules > limits.ZONE_RULES or sum(map(len, lines)) > limits.ZONE_BYTES:
        return None
    try:
        component = icalendar.Timezone.from_ical(b"\r\n".join(lines) + b"\r\n")
        if len(component.subcomponents) > limits.ZONE_PARTS:
            return None
        changes = sorted(change for part in component.subcomponents for change in _changes(part))
        return Clock(name, changes)
    except _ILL_DEFINED:
        return None


def _changes(part: Any) -> Iterator[Change]:
    """All changes one STANDARD or DAYLIGHT part brings."""
    before, after = part["TZOFFSETFROM"].td, part["TZOFFSETTO"].td
    if max(abs(before), abs(after)) >= _DAY:
        raise RejectedError("a time zone is more than a day away")
    for wall in _walls(part):
        if wall.year > 1 and wall < _LAST:
            yield wall.replace(tzinfo=None) - before, before, after


def _walls(part: Any) -> Iterable[datetime]:
    start = part["DTSTART"].dt
    begin = start.replace(tzinfo=None) if isinstance(start, datetime) else datetime(start.year, start.month, start.day)  # noqa: DTZ001
    yield begin
    for rule in _listed(part, "RRULE"):
        text, until, steady = read_yearly(rule.to_ical().decode())
        if steady and begin.year < _FIRST:
            begin = datetime(_FIRST, begin.month, min(begin.day, 28), begin.hour, begin.minute, begin.second)  # noqa: DTZ001
        last = _LAST if until is None else until + part["TZOFFSETFROM"].td
        yield from takewhile(lambda wall, last=last: wall <= last, rrulestr(text, dtstart=begin))  # type: ignore[misc]
    for dates in _listed(part, "RDATE"):
        yield from (each.dt for each in dates.dts if isinstance(each.dt, datetime))


def _listed(part: Any, name: str) -> list[Any]:
    found = part.get(name, [])
    return found if isinstance(found, list) else [found]
