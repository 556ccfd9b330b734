"""Lately against one's own usual: the last weeks of a period, and the year before them."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.period import WEEK, Period

RECENT_WEEKS = 13
USUAL_WEEKS = 52
FEWEST_USUAL_WEEKS = 4


@dataclass(frozen=True)
class Lately:
    """The weeks in question, and the earlier ones to hold them against; without enough of those, none."""

    recent: Period
    usual: Period | None


def lately(period: Period, available: Period) -> Lately:
    """The last quarter of a period and the year before it, as far as there are data; else the period alone.

    >>> from datetime import date
    >>> year = Period(date(2026, 1, 5), date(2027, 1, 4))
    >>> [str(each) for each in (lately(year, year).recent, lately(year, year).usual)]
    ['2026-10-05..2027-01-03', '2026-01-05..2026-10-04']
    """
    recent = Period(max(period.start, period.end - RECENT_WEEKS * WEEK), period.end)
    first = max(available.start, recent.start - USUAL_WEEKS * WEEK)
    if recent.start - first < FEWEST_USUAL_WEEKS * WEEK:
        return Lately(period, None)
    return Lately(recent, Period(first, recent.start))
