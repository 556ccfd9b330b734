"""Where a group's time went, out of released rows: totals are those of the fewest people its size may mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.focus import Focus
from analysis.rules import DEFAULT
from analysis.split import LabelHours, Split, WeekHours
from privacy.release.cohort import REST
from privacy.release.rows import TOTAL
from privacy.released_quarter import base_of, span_of
from store.schema import LABELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from privacy.released_quarter import Quarter


def released_split(told: Sequence[Quarter], group: str, scope: str) -> Split:
    """The hours of a group by kind, as a whole and week by week."""
    people = min(each.people(group) for each in told)
    weeks = np.array([each.period.weeks for each in told], dtype=float)
    labels = _labels(told, group)
    sums = {name: _sum(told, group, name, weeks) * people for name in (TOTAL, *labels)}
    rest = max(0.0, sums[TOTAL] - sum(sums[name] for name in labels))
    shown = {**{name: sums[name] for name in labels}, REST: rest}
    whole = sum(shown.values())
    base = base_of(told, group)
    working = float(np.dot([each.value(base, group) or 0.0 for each in told], weeks))
    return Split(
        scope=scope,
        period=span_of(told),
        people=people,
        meetings=0,
        hours=whole,
        expected_hours=whole,
        available=working * people,
        labels=tuple(LabelHours(name, hours, hours / whole if whole else 0.0, 0) for name, hours in shown.items()),
        answers={},
        weeks=tuple(week for each in told for week in _weeks(each, group, labels, people, base)),
        focus=_focus(told, group, weeks, int(weeks.sum()) * people),
    )


def _labels(told: Iterable[Quarter], group: str) -> list[str]:
    """The labels told apart in every quarter; the rest of any is in "other"."""
    quarters = list(told)
    return [
        label
        for label in LABELS
        if label != REST and all(each.value("hours", group, label) is not None for each in quarters)
    ]


def _sum(told: Sequence[Quarter], group: str, label: str, weeks: np.ndarray) -> float:
    return float(np.dot([each.value("hours", group, label) or 0.0 for each in told], weeks))


def _weeks(quarter: Quarter, group: str, labels: list[str], people: int, base: str) -> list[WeekHours]:
    """Every week with the figures of the finest block it lies in."""
    found = []
    for block in quarter.stretches(group):
        total = quarter.value("hours", group, TOTAL, block) or 0.0
        hours = {name: quarter.value("hours", group, name, block) for name in labels}
        told = {name: value * people for name, value in hours.items() if value is not None}
        told[REST] = max(0.0, total * people - sum(told.values()))
        working = (quarter.value(base, group, "", block) or 0.0) * people
        found += [WeekHours(monday, told, working, people) for monday in block.mondays]
    return found


def _focus(told: Sequence[Quarter], group: str, weeks: np.ndarray, person_weeks: int) -> Focus:
    means = []
    for name in ("focus", "fragmented"):
        values = [each.value("focus", group, name) for each in told]
        known = [value is not None for value in values]
        means.append(
            float(np.average(np.array(values, dtype=float)[known], weights=weeks[known])) if any(known) else 0.0
        )
    return Focus(means[0], means[1], person_weeks, DEFAULT.focus_minutes)
