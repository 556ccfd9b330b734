"""Recurrence rules that are known to end their work, before anybody works them out (RFC 5545, 3.3.10).

A rule may ask for every second, or for a 31 February that never comes; either would keep an expansion busy for minutes.
"""

from __future__ import annotations

import re
from calendar import isleap, monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from connectors.ics import limits
from connectors.ics.limits import RejectedError
from connectors.ics.moments import is_day

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from connectors.ics.moments import Moment

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_CLOCK = ("BYHOUR", "BYMINUTE", "BYSECOND")
_LISTS = ("BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS", *_CLOCK)
_KEPT = ("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", *_LISTS)
_BYDAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_UNTIL = re.compile(r"(\d{8})(?:T(\d{6})(Z?))?")
# How many periods without a single match make a rule one that never comes round: about a lifetime each.
_PATIENCE = {"DAILY": 16_000, "WEEKLY": 2_400, "MONTHLY": 1_200, "YEARLY": 100}


@dataclass(frozen=True)
class Rule:
    """A checked rule: how often at most a day, and the text that any expansion understands."""

    parts: dict[str, str]
    lists: dict[str, tuple[int, ...]]
    weekdays: tuple[tuple[int, int], ...]

    @property
    def frequency(self) -> str:
        """DAILY, WEEKLY, MONTHLY or YEARLY."""
        return self.parts["FREQ"]

    @property
    def interval(self) -> int:
        """Every how many periods."""
        return int(self.parts.get("INTERVAL", "1"))

    @property
    def a_day(self) -> int:
        """How often it can come on one day."""
        times = 1
        for name in _CLOCK:
            times *= max(1, len(set(self.lists.get(name, ()))))
        return times

    @property
    def density(self) -> float:
        """How often it comes on an average day, at most."""
        days_a_week = max(1, len(self.weekdays))
        if self.frequency == "DAILY":
            return self.a_day / self.interval
        if self.frequency == "WEEKLY":
            return self.a_day * days_a_week / 7 / self.interval
        narrow = not self.weekdays and set(self.lists) <= {"BYMONTH", "BYMONTHDAY", *_CLOCK}
        return self.a_day * len(self.lists.get("BYMONTHDAY", (1,))) / 28 if narrow else self.a_day

    @property
    def text(self) -> str:
        """The rule as a line, frequency first."""
        return ";".join(f"{name}={self.parts[name]}" for name in _KEPT if name in self.parts)


def read_rule(text: str, start: Moment, zone: tzinfo) -> Rule:
    """The rule of a series that begins at `start`, its UNTIL in the form that start needs."""
    rule = _parsed(text)
    until = rule.parts.get("UNTIL")
    if until is not None:
        rule.parts["UNTIL"] = _until(until, start, zone)
    return rule


def read_yearly(text: str) -> tuple[str, datetime | None, bool]:
    """A rule that clocks follow, once a year on a day that exists; its end in UTC; whether any year can begin it."""
    rule = _parsed(text)
    if rule.frequency != "YEARLY" or rule.a_day > 1 or not comes_round(rule, date(2000, 1, 1), date(2000, 1, 1)):
        raise RejectedError("a time zone changes by a rule that is not yearly")
    until = rule.parts.pop("UNTIL", None)
    last = datetime.strptime(until.rstrip("Z"), "%Y%m%dT%H%M%S") if until else None  # noqa: DTZ007
    steady = rule.interval == 1 and "COUNT" not in rule.parts and "BYMONTH" in rule.parts and bool(rule.weekdays)
    return rule.text, last, steady


def _parsed(text: str) -> Rule:
    parts = _parts(text)
    frequency = parts.get("FREQ", "")
    if frequency in ("SECONDLY", "MINUTELY", "HOURLY"):
        raise RejectedError(f"it repeats within the day (FREQ={frequency})")
    if frequency not in _PATIENCE:
        raise RejectedError("its recurrence rule names no frequency")
    lists = {name: _numbers(name, parts[name]) for name in _LISTS if name in parts}
    rule = Rule(parts, lists, _weekdays(parts.get("BYDAY", "")))
    if rule.a_day > limits.A_DAY:
        raise RejectedError(f"it repeats more than {limits.A_DAY} times a day")
    return rule


def _parts(text: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in text.strip().upper().split(";") if part.strip())
    parts = {name.strip(): value.strip().rstrip(",") for name, _, value in pairs}
    if parts.get("RSCALE", "GREGORIAN") != "GREGORIAN":
        raise RejectedError("its recurrence rule follows another calendar than the Gregorian")
    kept = {name: value for name, value in parts.items() if name in _KEPT and value}
    for name in ("INTERVAL", "COUNT"):
        if name in kept and not _counted(kept, name):
            del kept[name]
    if kept.get("WKST", "MO") not in DAYS:
        del kept["WKST"]
    return kept


def _counted(parts: dict[str, str], name: str) -> bool:
    """Whether the number is one to keep; a count below nothing, or beyond any calendar, means no count at all."""
    if not re.fullmatch(r"[+-]?\d{1,9}", parts[name], re.ASCII):
        raise RejectedError(f"its recurrence rule has an {name} that is not a number")
    number = int(parts[name])
    if name == "INTERVAL":
        return number > 0
    return 0 <= number < limits.COUNT


def _numbers(name: str, value: str) -> tuple[int, ...]:
    pieces = value.split(",")
    if len(pieces) > 400 or not all(re.fullmatch(r"\s*[+-]?\d{1,3}\s*", piece, re.ASCII) for piece in pieces):
        raise RejectedError(f"its recurrence rule has a {name} that is not a list of numbers")
    return tuple(int(piece) for piece in pieces)


def _weekdays(value: str) -> tuple[tuple[int, int], ...]:
    if not value:
        return ()
    matches = [_BYDAY.fullmatch(piece.strip()) for piece in value.split(",")[:400]]
    found = tuple((int(match[1] or 0), DAYS.index(match[2])) for match in matches if match)
    if len(found) != len(matches):
        raise RejectedError("its recurrence rule has a BYDAY that is not a list of days")
    return found


def _until(value: str, start: Moment, zone: tzinfo) -> str:
    """The last moment in UTC for a series of times, a date for one of days; a bare date means that whole day."""
    match = _UNTIL.fullmatch(value)
    if match is None:
        raise RejectedError("its recurrence rule has an UNTIL that is not a date or time")
    day, clock, utc = match.groups()
    if is_day(start):
        return day
    try:
        last = datetime.strptime(day + (clock or "235959"), "%Y%m%d%H%M%S")  # noqa: DTZ007 - the zone follows
        return f"{last.replace(tzinfo=UTC if utc else zone).astimezone(UTC):%Y%m%dT%H%M%SZ}"
    except (ValueError, OverflowError):
        raise RejectedError("its recurrence rule has an UNTIL that does not exist") from None


def start_near(rule: Rule, start: Moment, day: date) -> Moment:
    """A later start of an endless daily or weekly rule, in step with it and well before `day`.

    A series that began in 1970 need not be walked through year by year.
    """
    step = {"DAILY": 1, "WEEKLY": 7}.get(rule.frequency, 0) * rule.interval
    began = start.date() if isinstance(start, datetime) else start
    distance = (day - began).days - 2 * limits.SERIES_DAYS
    if "COUNT" in rule.parts or not step or distance < step:
        return start
    return start + timedelta(days=distance // step * step)


def comes_round(rule: Rule, start: date, after: date) -> bool:
    """Whether any day soon after `after` matches; what never does would be searched for until the year 9999."""
    wanted = _with_defaults(rule, start)
    try:
        for _, days in zip(range(_PATIENCE[rule.frequency]), _periods(rule, start, max(start, after)), strict=False):
            if _any_chosen(wanted, days):
                return True
    except (OverflowError, ValueError):
        return True  # the end of the calendar is near, so the search is short
    return False


def _with_defaults(rule: Rule, start: date) -> Rule:
    """What a rule without BY parts takes from its start."""
    lists = dict(rule.lists)
    days_given = rule.weekdays or any(name in lists for name in ("BYMONTHDAY", "BYYEARDAY", "BYWEEKNO"))
    if days_given or rule.frequency == "DAILY":
        return rule
    if rule.frequency == "WEEKLY":
        return Rule(rule.parts, lists, ((0, start.weekday()),))
    lists["BYMONTHDAY"] = (start.day,)
    if rule.frequency == "YEARLY":
        lists.setdefault("BYMONTH", (start.month,))
    return Rule(rule.parts, lists, ())


def _periods(rule: Rule, start: date, after: date) -> Iterator[Iterator[date]]:
    step = rule.interval
    if rule.frequency in ("DAILY", "WEEKLY"):
        length = 1 if rule.frequency == "DAILY" else 7
        week_start = DAYS.index(rule.parts.get("WKST", "MO"))
        first = start if length == 1 else start - timedelta(days=(start.weekday() - week_start) % 7)
        number = (after - first).days // length // step
        while True:
            yield _days(first + timedelta(days=number * step * length), length)
            number += 1
    months = step * (1 if rule.frequency == "MONTHLY" else 12)
    begun = start.year * 12 + (start.month - 1 if rule.frequency == "MONTHLY" else 0)
    number = (after.year * 12 + after.month - 1 - begun) // months
    while True:
        year, month = divmod(begun + number * months, 12)
        span = monthrange(year, month + 1)[1] if rule.frequency == "MONTHLY" else 365 + isleap(year)
        yield _days(date(year, month + 1, 1), span)
        number += 1


def _days(first: date, count: int) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range(count))


def _any_chosen(rule: Rule, days: Iterator[date]) -> bool:
    matching = (day for day in days if _matches(rule, day))
    positions = rule.lists.get("BYSETPOS")
    if positions is None:
        return next(matching, None) is not None
    candidates = sum(1 for _ in matching) * rule.a_day
    return any(0 < abs(position) <= candidates for position in positions)


def _matches(rule: Rule, day: date) -> bool:
    lists = rule.lists
    if "BYMONTH" in lists and day.month not in lists["BYMONTH"]:
        return False
    length = monthrange(day.year, day.month)[1]
    if "BYMONTHDAY" in lists and not {day.day, day.day - length - 1} & set(lists["BYMONTHDAY"]):
        return False
    yearday = day.timetuple().tm_yday
    if "BYYEARDAY" in lists and not {yearday, yearday - 366 - isleap(day.year)} & set(lists["BYYEARDAY"]):
        return False
    if "BYWEEKNO" in lists and not _week_matches(day, lists["BYWEEKNO"]):
        return False
    return not rule.weekdays or any(_weekday_matches(rule, day, *wanted) for wanted in rule.weekdays)


def _week_matches(day: date, weeks: tuple[int, ...]) -> bool:
    year, week, _ = day.isocalendar()
    last = date(year, 12, 28).isocalendar().week
    return week in weeks or week - last - 1 in weeks


def _weekday_matches(rule: Rule, day: date, nth: int, weekday: int) -> bool:
    if day.weekday() != weekday:
        return False
    if nth == 0 or rule.frequency in ("DAILY", "WEEKLY"):
        return True
    whole_year = rule.frequency == "YEARLY" and "BYMONTH" not in rule.lists
    place = day.timetuple().tm_yday if whole_year else day.day
    length = 365 + isleap(day.year) if whole_year else monthrange(day.year, day.month)[1]
    return nth in ((place - 1) // 7 + 1, -((length - place) // 7 + 1))
