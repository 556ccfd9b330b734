"""Spans of whole weeks: what every measure is asked about, as dates and as people write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import narwhals as nw

if TYPE_CHECKING:
    from store.tables import Lazy

WEEK = timedelta(days=7)


@dataclass(frozen=True, order=True)
class Period:
    """Whole weeks from the Monday `start` up to, not including, the Monday `end`."""

    start: date
    end: date

    @property
    def weeks(self) -> int:
        """How many weeks it holds."""
        return (self.end - self.start).days // 7

    @property
    def mondays(self) -> list[date]:
        """The Mondays of its weeks, in order."""
        return [self.start + WEEK * number for number in range(self.weeks)]

    @property
    def last_day(self) -> date:
        """Its last day, a Sunday."""
        return self.end - timedelta(days=1)

    def of(self, rows: Lazy) -> Lazy:
        """Only rows whose `week` lies in the period."""
        first, after = (nw.lit(day).cast(nw.Date) for day in (self.start, self.end))
        return rows.filter(nw.col("week") >= first, nw.col("week") < after)

    def __str__(self) -> str:
        return f"{self.start.isoformat()}..{self.last_day.isoformat()}"


def monday(day: date) -> date:
    """The Monday of a day's week.

    >>> monday(date(2026, 11, 21))
    datetime.date(2026, 11, 16)
    """
    return day - timedelta(days=day.weekday())


def parse_period(text: str) -> Period:
    """A period as people write it; weeks that begin in it belong to it.

    >>> str(parse_period("2026-W12"))
    '2026-03-16..2026-03-22'
    >>> str(parse_period("2026Q3"))
    '2026-07-06..2026-10-04'
    >>> parse_period("2026").weeks
    52
    >>> str(parse_period("2026-03"))
    '2026-03-02..2026-04-05'
    >>> str(parse_period("2026-01-05..2026-01-18"))
    '2026-01-05..2026-01-18'
    """
    first, after = _bounds(text.strip())
    start, end = _monday_from(first), _monday_from(after)
    if start >= end:
        raise ValueError(f"{text!r} holds no whole week")
    return Period(start, end)


def _bounds(text: str) -> tuple[date, date]:
    if found := re.fullmatch(r"(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)", text):
        return date.fromisoformat(found[1]), date.fromisoformat(found[2]) + timedelta(days=1)
    if found := re.fullmatch(r"(\d{4})-?W(\d{1,2})", text, re.IGNORECASE):
        start = date.fromisocalendar(int(found[1]), int(found[2]), 1)
        return start, start + WEEK
    if found := re.fullmatch(r"(\d{4})-?[QK]([1-4])", text, re.IGNORECASE):
        return _months(int(found[1]), 3 * int(found[2]) - 2, 3)
    if found := re.fullmatch(r"(\d{4})-(\d\d)", text):
        return _months(int(found[1]), int(found[2]), 1)
    if found := re.fullmatch(r"(\d{4})", text):
        return _months(int(found[1]), 1, 12)
    raise ValueError(f"{text!r} is not a period; write 2026, 2026Q3, 2026-03, 2026-W12 or 2026-01-05..2026-03-29")


def _months(year: int, month: int, count: int) -> tuple[date, date]:
    after = month - 1 + count
    return date(year, month, 1), date(year + after // 12, after % 12 + 1, 1)


def _monday_from(day: date) -> date:
    return monday(day + timedelta(days=6))
