"""The meetings of a series inside a window: its rule, its extra dates, what was left out, moved or cancelled."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import icalendar
from icalendar.prop import vDDDLists, vDDDTypes, vInt, vRecur
from recurring_ical_events import CalendarQuery, ComponentsWithName, Occurrence
from recurring_ical_events.adapters.event import EventAdapter

from connectors.ics import limits
from connectors.ics.effort import NEVER, Effort
from connectors.ics.limits import RejectedError
from connectors.ics.moments import is_day, naive_utc
from connectors.ics.rule import comes_round, read_rule, start_near
from connectors.ics.timing import as_day

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connectors.contract import Window
    from connectors.ics.moments import Moment
    from connectors.ics.rule import Rule
    from connectors.ics.timing import Period, Timing

_MARGIN = timedelta(days=2)  # covers every zone, and days that have none


@dataclass(frozen=True)
class Meeting:
    """One occurrence: the version of the event it follows, its span and original start in naive UTC."""

    timing: Timing
    start: datetime
    end: datetime
    original: datetime | date | None = None


@dataclass(frozen=True)
class Expansion:
    """The meetings of one UID in a window, how many versions were out of date, and whether some were not read."""

    meetings: list[Meeting]
    outdated: int = 0
    cut: bool = False


def inside(window: Window, start: datetime, end: datetime) -> bool:
    """Whether a span overlaps the half-open window; one without length must begin in it."""
    return start < window.end and (end > window.start or start == end == window.start)


def single(timing: Timing, window: Window) -> list[Meeting]:
    """The one meeting of an event that does not recur, when it is in the window."""
    start, end = naive_utc(timing.start), naive_utc(timing.end)
    return [Meeting(timing, start, end)] if inside(window, start, end) else []


def expand(versions: list[Timing], window: Window, effort: Effort) -> Expansion:
    """The meetings of all versions of one UID: the newest master or masters, and the newest of every exception."""
    masters, exceptions, outdated = _newest(versions)
    if len(masters) == 1 and not exceptions and not masters[0].recurs:
        return Expansion(single(masters[0], window), outdated)
    if len(exceptions) > limits.OCCURRENCES:
        exceptions, cut = exceptions[: limits.OCCURRENCES], True
    else:
        cut = False
    meetings: dict[datetime | date | None, Meeting] = {}
    series: list[Timing | None] = [*masters] or [None]
    for master in series:
        for meeting in _series(master, [_fitting(each, master) for each in exceptions], window, effort):
            if len(meetings) >= limits.OCCURRENCES and meeting.original not in meetings:
                return Expansion(list(meetings.values()), outdated, cut=True)
            meetings[meeting.original] = meeting
    return Expansion(list(meetings.values()), outdated, cut)


def _newest(versions: list[Timing]) -> tuple[list[Timing], list[Timing], int]:
    """Masters of the highest sequence, one a start, and exceptions, one an original start; both oldest first."""
    highest = max((each.sequence for each in versions if each.recurrence_id is None), default=0)
    masters: dict[datetime, Timing] = {}
    exceptions: dict[datetime, Timing] = {}
    for each in sorted(versions, key=lambda timing: (timing.sequence, timing.version, naive_utc(timing.start))):
        if each.recurrence_id is not None:
            exceptions[naive_utc(each.recurrence_id)] = each
        elif each.sequence == highest:
            masters[naive_utc(each.start)] = each
    chosen = [masters[start] for start in sorted(masters)], [exceptions[start] for start in sorted(exceptions)]
    return *chosen, len(versions) - len(chosen[0]) - len(chosen[1])


def _fitting(exception: Timing, master: Timing | None) -> Timing:
    """An exception whose RECURRENCE-ID is of the kind its master's start is: some programs give only the date."""
    original = exception.recurrence_id
    if master is None or original is None or is_day(original) == master.all_day:
        return exception
    if isinstance(original, datetime):
        return replace(exception, recurrence_id=original.astimezone(master.zones.fallback).date())
    if isinstance(master.start, datetime):
        return replace(exception, recurrence_id=datetime.combine(original, master.start.timetz()))
    return exception


class _Adapter(EventAdapter):  # type: ignore[misc, unused-ignore]
    """An event that remembers the timing it was made from."""

    @property
    def timing(self) -> Timing:
        timing: Timing = self._component.timing
        return timing


class _Span(Occurrence):  # type: ignore[misc, unused-ignore]
    """An occurrence handed over as its span alone: copying whole components costs most of an expansion."""

    def as_component(self, keep_recurrence_attributes: bool) -> Any:  # noqa: ARG002
        adapter = self._adapter
        moved = adapter.is_modification() and self.start != adapter.start
        if adapter.is_modification() and not moved:
            original = adapter.timing.recurrence_id
        else:
            shift = adapter.move_recurrences_by
            original = self.start - shift if shift else self.start
        return adapter.timing, self.start, self.end, original


class _Event(icalendar.Event):
    """An event for the expansion, with the timing it stands for."""

    timing: Timing


def _series(master: Timing | None, exceptions: list[Timing], window: Window, effort: Effort) -> Iterator[Meeting]:
    calendar = icalendar.Calendar()
    dense = 1.0
    for exception in exceptions:
        calendar.add_component(_exception(exception))
    if master is not None:
        rules = _rules(master, window, effort)
        dense = max((rule.density for rule in rules), default=1.0)
        calendar.add_component(_master(master, rules, window))
    query = CalendarQuery(calendar, components=[ComponentsWithName("VEVENT", _Adapter, occurrence=_Span)])
    for start, end in _steps(window, timedelta(days=limits.OCCURRENCES / max(dense, 0.05))):
        effort.spend(len(exceptions))
        for timing, begin, finish, original in query.between(start, end):
            meeting = _meeting(timing, begin, finish, original)
            if inside(window, meeting.start, meeting.end):
                yield meeting


def _steps(window: Window, step: timedelta) -> Iterator[tuple[datetime, datetime]]:
    """The window in pieces small enough that no piece of any rule is large."""
    start = window.start.replace(tzinfo=UTC) - _MARGIN
    stop = window.end.replace(tzinfo=UTC) + _MARGIN
    while start < stop:
        yield start, min(start + step, stop)
        start += step


def _meeting(timing: Timing, begin: Moment, finish: Moment, original: Moment) -> Meeting:
    start = naive_utc(begin)
    # Both ends stand in one zone, so this is the exact length that `_event` put there.
    length: timedelta = finish - begin  # type: ignore[operator]
    if original is begin:
        return Meeting(timing, start, start + length, start if isinstance(begin, datetime) else begin)
    key = naive_utc(original) if isinstance(original, datetime) else original
    return Meeting(timing, start, start + length, key)


def _event(timing: Timing, start: Moment) -> _Event:
    event = _Event()
    event.timing = timing
    event["UID"] = "one"
    event["DTSTART"] = vDDDTypes(start)
    # By the wall, so that every occurrence keeps the exact length when clocks change (RFC 5545, 3.8.5.3).
    event["DTEND"] = vDDDTypes(start + timing.length)
    event["SEQUENCE"] = vInt(timing.sequence)
    return event


def _exception(timing: Timing) -> _Event:
    event = _event(timing, timing.start)
    original = timing.recurrence_id or timing.start
    event["RECURRENCE-ID"] = vDDDTypes(original)
    if timing.and_future:
        shift = naive_utc(timing.start) - naive_utc(original)
        if abs(shift) > timedelta(days=limits.SERIES_DAYS):
            raise RejectedError("it moves the rest of its series by more than a year")
        event["RECURRENCE-ID"].params["RANGE"] = "THISANDFUTURE"
    if timing.rules:
        # Never expanded; it tells the library that this was a master once, and may be out of date.
        event["RRULE"] = vRecur({"FREQ": "DAILY"})
    return event


def _master(timing: Timing, rules: list[Rule], window: Window) -> _Event:
    start = timing.start
    if rules and _walks_from_near(timing):
        start = start_near(rules[0], start, window.start.date())
    event = _event(timing, start)
    if rules:
        event["RRULE"] = [vRecur.from_ical(rule.text) for rule in rules]
    near = [each for each in timing.extra if _near(each, window)][: limits.OCCURRENCES + 1]
    if near:
        event["RDATE"] = vDDDLists(near)
    left_out = [each for each in timing.left_out if _near(each, window)]
    if left_out:
        event["EXDATE"] = vDDDLists(left_out)
    return event


def _near(value: Moment | Period, window: Window) -> bool:
    day = as_day(value[0] if isinstance(value, tuple) else value)
    reach = timedelta(days=2 * limits.SERIES_DAYS)
    return window.start.date() - reach <= day <= window.end.date() + reach


def _rules(timing: Timing, window: Window, effort: Effort) -> list[Rule]:
    if timing.length > timedelta(days=limits.SERIES_DAYS):
        raise RejectedError("each meeting of the series would last longer than a year")
    if len(timing.rules) > limits.RULES:
        raise RejectedError(f"it has more than {limits.RULES} recurrence rules")
    zone = timing.start.tzinfo if isinstance(timing.start, datetime) else None
    rules = [read_rule(text, timing.start, zone or timing.zones.fallback) for text in timing.rules]
    for rule in rules:
        start = start_near(rule, timing.start, window.start.date()) if _walks_from_near(timing) else timing.start
        effort.walk(rule, as_day(start), window.end.date())
        if not comes_round(rule, _wall_date(timing.start), window.end.date()):
            effort.spend(NEVER)
            raise RejectedError("its recurrence rule never comes round")
    return rules


def _walks_from_near(timing: Timing) -> bool:
    return len(timing.rules) == 1 and not timing.extra


def _wall_date(value: Moment) -> date:
    return value.date() if isinstance(value, datetime) else value
