"""When one VEVENT takes place and which series it belongs to; everything else about it is read later, if at all."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING

from connectors.ics import limits
from connectors.ics.content import every, first, text
from connectors.ics.limits import RejectedError
from connectors.ics.moments import Moment, duration, is_day, later, moment, naive_utc, parsed
from connectors.identity import canonical_uid

if TYPE_CHECKING:
    from connectors.ics.content import Property
    from connectors.ics.scan import Block
    from connectors.ics.zones import Zones

Period = tuple[Moment, Moment | timedelta]


@dataclass(frozen=True)
class Timing:
    """One version of one event: its span, its place in a series, and the block with the rest of it."""

    uid: str
    line: int
    start: Moment
    end: Moment
    sequence: int
    version: tuple[str, ...]
    zones: Zones
    block: Block | None
    recurrence_id: Moment | None = None
    and_future: bool = False
    rules: tuple[str, ...] = ()
    extra: list[Moment | Period] = field(default_factory=list)
    left_out: list[Moment] = field(default_factory=list)

    @property
    def all_day(self) -> bool:
        """Whether it takes whole days."""
        return is_day(self.start)

    @property
    def recurs(self) -> bool:
        """Whether it is a series, or one meeting of a series."""
        return bool(self.rules or self.extra) or self.recurrence_id is not None

    @property
    def length(self) -> timedelta:
        """Its exact length, whatever clocks do meanwhile."""
        return naive_utc(self.end) - naive_utc(self.start)


def read_timing(block: Block, zones: Zones) -> Timing:
    """The timing of an event; raises `RejectedError` with the reason when it cannot be told."""
    begin = first(block, "DTSTART")
    if begin is None:
        raise RejectedError("it has no DTSTART")
    start = moment("DTSTART", begin, zones, block.line)
    recurrence = first(block, "RECURRENCE-ID")
    timing = Timing(
        uid=_uid(block, begin),
        line=block.line,
        start=start,
        end=_end(block, start, zones),
        sequence=_sequence(block),
        version=tuple(found.value for name in ("LAST-MODIFIED", "DTSTAMP") if (found := first(block, name))),
        zones=zones,
        block=block,
        recurrence_id=moment("RECURRENCE-ID", recurrence, zones, block.line) if recurrence else None,
        and_future=recurrence is not None and recurrence.parameters.get("RANGE", "").upper() == "THISANDFUTURE",
        rules=tuple(found.value for found in every(block, "RRULE") if found.value.strip()),
        extra=_dates(block, "RDATE", zones),
        left_out=[each for each in _dates(block, "EXDATE", zones) if not isinstance(each, tuple)],
    )
    _check(timing)
    return timing


def _uid(block: Block, begin: Property) -> str:
    """The UID, or for an event without one a digest of what it is and when."""
    found = first(block, "UID")
    uid = canonical_uid(found.value) if found else ""
    if uid:
        return uid
    end = first(block, "DTEND") or first(block, "DURATION")
    facts = (begin.value, end.value if end else "", text(block, "SUMMARY"))
    return "no-uid-" + blake2b("\n".join(facts).encode("utf-8", "replace"), digest_size=16).hexdigest()


def _sequence(block: Block) -> int:
    found = first(block, "SEQUENCE")
    digits = found.value.strip()[:9] if found else ""
    return int(digits) if digits.isascii() and digits.isdigit() else 0


def _end(block: Block, start: Moment, zones: Zones) -> Moment:
    """DTEND, or DURATION, or one day, or no length at all (RFC 5545, 3.6.1)."""
    found = first(block, "DTEND")
    try:
        if found is not None and found.value.strip():
            return _matching(start, moment("DTEND", found, zones, block.line))
        length = first(block, "DURATION")
        if length is not None and length.value.strip():
            return _matching(start, later(start, duration(length.value)))
        return start + timedelta(days=1) if is_day(start) else start
    except OverflowError:
        raise RejectedError("it ends beyond the end of the calendar") from None


def _matching(start: Moment, end: Moment) -> Moment:
    """An end of the same kind as the start: a date for days, a time for times; a day that ends as it begins is one."""
    if isinstance(start, datetime):
        return end if isinstance(end, datetime) else datetime(end.year, end.month, end.day, tzinfo=start.tzinfo)
    if isinstance(end, datetime):
        begun = (end.hour, end.minute, end.second) > (0, 0, 0)
        end = end.date() + timedelta(days=begun)
    return start + timedelta(days=1) if end == start else end


def _dates(block: Block, name: str, zones: Zones) -> list[Moment | Period]:
    """The dates, times and periods of all RDATE or EXDATE lines."""
    return [
        _date_or_period(name, value, line.parameters, zones, block.line)
        for line in every(block, name)
        for value in line.value.split(",")
        if value.strip()
    ]


def _date_or_period(name: str, value: str, parameters: dict[str, str], zones: Zones, line: int) -> Moment | Period:
    begin, slash, end = value.partition("/")
    start = parsed(name, begin, parameters, zones, line)
    if not slash:
        return start
    if end.strip().upper().startswith(("P", "+P")):
        return start, duration(end)
    return start, parsed(name, end, parameters, zones, line)


def _check(timing: Timing) -> None:
    earliest = limits.FIRST_SERIES_YEAR if timing.rules or timing.extra else limits.FIRST_YEAR
    if not (earliest <= timing.start.year <= limits.LAST_YEAR and timing.end.year <= limits.LAST_YEAR + 1):
        raise RejectedError(f"it lies outside the years {limits.FIRST_YEAR} to {limits.LAST_YEAR}")
    if naive_utc(timing.end) < naive_utc(timing.start):
        raise RejectedError("it ends before it starts")
    if timing.recurrence_id is not None and not 1 < timing.recurrence_id.year < 9999:
        raise RejectedError("its RECURRENCE-ID lies outside the calendar")


def as_day(value: Moment) -> date:
    """The date of a moment, in UTC."""
    return value.astimezone(UTC).date() if isinstance(value, datetime) else value
