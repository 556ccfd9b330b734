"""Periods as people choose them: everything, a year, a half, a quarter, and the one before and after."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from analysis.period import WEEK, Period, parse_period

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboard.words import Words

EVERYTHING = ""
YEAR = re.compile(r"(\d{4})")
PART = re.compile(r"(\d{4})-?([HQK])([1-4])", re.IGNORECASE)
MONTH = re.compile(r"(\d{4})-(\d\d)")
WEEK_NUMBER = re.compile(r"(\d{4})-?W(\d{1,2})", re.IGNORECASE)
PARTS_A_YEAR = {"H": 2, "Q": 4}


@dataclass(frozen=True)
class Neighbours:
    """The spans on both sides of one, where there is something to see."""

    before: str | None
    after: str | None


def parse_span(key: str) -> Period | None:
    """The whole weeks a written span stands for, or None where it cannot be read.

    >>> str(parse_span("2026H1"))
    '2026-01-05..2026-07-05'
    """
    try:
        if (half := PART.fullmatch(key)) and half[2].upper() == "H":
            if int(half[3]) > PARTS_A_YEAR["H"]:
                return None
            first = 2 * int(half[3]) - 1
            return Period(parse_period(f"{half[1]}Q{first}").start, parse_period(f"{half[1]}Q{first + 1}").end)
        return parse_period(key)
    except (ValueError, OverflowError):
        return None


def within(key: str, available: Period) -> Period | None:
    """The part of a span that lies in what is available; None where nothing does."""
    if key == EVERYTHING:
        return available
    asked = parse_span(key)
    if asked is None:
        return None
    start, end = max(asked.start, available.start), min(asked.end, available.end)
    return Period(start, end) if start < end else None


def told(period: Period, quarters: Sequence[Period]) -> Period | None:
    """What was released of a period: from the first to the last quarter that mostly lies in it, if any does."""
    inside = [quarter for quarter in quarters if 2 * _overlap(quarter, period) > quarter.weeks]
    return Period(inside[0].start, inside[-1].end) if inside else None


def _overlap(one: Period, other: Period) -> int:
    return (min(one.end, other.end) - max(one.start, other.start)).days // 7


def choices(available: Period) -> dict[str, list[str]]:
    """The spans worth offering, newest first: everything, then years, halves and quarters with weeks in them."""
    years = range(available.last_day.year, available.start.year - 1, -1)
    offered = {
        "years": [str(year) for year in years],
        "halves": [f"{year}H{part}" for year in years for part in (2, 1)],
        "quarters": [f"{year}Q{part}" for year in years for part in (4, 3, 2, 1)],
    }
    return {group: [key for key in keys if within(key, available)] for group, keys in offered.items()}


def neighbours(key: str, available: Period) -> Neighbours:
    """The span before and the one after, where they hold weeks."""
    before, after = (_step(key, steps) for steps in (-1, 1))
    return Neighbours(*(found if found and within(found, available) else None for found in (before, after)))


def _step(key: str, steps: int) -> str | None:
    if found := YEAR.fullmatch(key):
        return f"{int(found[1]) + steps:04d}"
    if found := PART.fullmatch(key):
        unit = "Q" if found[2].upper() == "K" else found[2].upper()
        number = int(found[1]) * PARTS_A_YEAR[unit] + int(found[3]) - 1 + steps
        return f"{number // PARTS_A_YEAR[unit]:04d}{unit}{number % PARTS_A_YEAR[unit] + 1}"
    if found := MONTH.fullmatch(key):
        number = int(found[1]) * 12 + int(found[2]) - 1 + steps
        return f"{number // 12:04d}-{number % 12 + 1:02d}"
    asked = parse_span(key)
    if asked is None:
        return None
    if WEEK_NUMBER.fullmatch(key):
        year, number, _ = (asked.start + steps * WEEK).isocalendar()
        return f"{year}-W{number:02d}"
    shifted = _shifted(asked, steps)
    return str(shifted) if shifted else None


def _shifted(period: Period, steps: int) -> Period | None:
    length = timedelta(weeks=period.weeks * steps)
    try:
        return Period(period.start + length, period.end + length)
    except OverflowError:
        return None


def span_name(words: Words, key: str) -> str:
    """A span as people say it."""
    if key == EVERYTHING:
        return words("Everything available")
    if YEAR.fullmatch(key):
        return key
    if found := PART.fullmatch(key):
        return _part_name(words, found[1], found[2].upper(), int(found[3]))
    if found := MONTH.fullmatch(key):
        return words.month(date(int(found[1]), int(found[2]), 1))
    asked = parse_span(key)
    if asked is None:
        return key
    return words.week(asked.start) if WEEK_NUMBER.fullmatch(key) else words.dates(asked)


def _part_name(words: Words, year: str, unit: str, number: int) -> str:
    if unit == "H":
        return words("First half of {year}", year=year) if number == 1 else words("Second half of {year}", year=year)
    return words("Quarter {number} of {year}", number=number, year=year)
