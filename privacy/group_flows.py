"""Where a group's escalations come from and where they end, told of groups of people that are large enough."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from analysis.drift.panel import UNKNOWN_LEVEL
from analysis.escalations.chains import LOOK_BACK_DAYS
from analysis.period import WEEK, Period
from privacy.groups import MINIMUM, merge_levels
from privacy.merging import apart_and_together

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from analysis.escalations import Average, Case, Escalations, Place
    from analysis.escalations.conflicts import Settled

Levels = tuple[int, ...]
Way = tuple[str, str]
People = dict[Way, frozenset[str]]
OTHER_WAYS: Way = ("", "")
FEWEST_CASES = 5


@dataclass(frozen=True)
class Flow:
    """Chains that went from one group to another, with the people of both in them; no names: all other ways."""

    origin: str
    end: str
    cases: int
    hours: float
    origin_people: int
    end_people: int


@dataclass(frozen=True)
class Stretch:
    """The chains that ended in one part of a period, on average; None where they rest on too few."""

    period: Period
    cases: int
    a_week: float
    gap: float | None
    days: float | None
    at_top: float | None
    line: float | None


@dataclass(frozen=True)
class GroupEscalations:
    """The escalations of a group: `cases` are chains with a known beginning, `bands` the levels told together.

    at_top is the share of cases that ended in the highest band, line the share of those that stayed in one line of
    managers. `before` and `lately` compare two stretches of the period, None where it is too short.
    """

    scope: str
    period: Period
    escalations: int
    without_topic: int
    without_history: int
    people: int
    topics: int
    cases: int
    hours: float
    gap: Average
    days: Average
    meetings: Average
    bands: tuple[Levels, ...]
    at_top: float | None
    line: float | None
    by_levels: tuple[Flow, ...]
    by_departments: tuple[Flow, ...]
    before: Stretch | None
    lately: Stretch | None
    settled: Settled | None


def group_escalations(found: Escalations, members: pd.DataFrame, posts: pd.DataFrame) -> GroupEscalations | None:
    """The escalations of a group of enough people, else None.

    `members` are the attendances of all chains, `posts` the levels that people were at (person_id, level).
    """
    bands = _bands(posts)
    cases = [case for case in found.cases if case.origin]
    rows = members[members["case_id"].isin([case.meeting_id for case in cases])]
    if not bands or rows["person_id"].nunique() < MINIMUM or len(cases) < FEWEST_CASES:
        return None
    of = _band_of(bands)
    rows = rows.assign(band=rows["level"].map(of))
    halves = _halves(found.period)
    return GroupEscalations(
        scope=found.scope,
        period=found.period,
        escalations=found.escalations,
        without_topic=found.without_topic,
        without_history=found.without_history,
        people=found.people,
        topics=found.topics,
        cases=len(cases),
        hours=sum(case.hours for case in cases),
        gap=found.gap,
        days=found.days,
        meetings=found.meetings,
        bands=bands,
        at_top=_at_top(cases, bands),
        line=_line(cases),
        by_levels=_flows(cases, rows, "band", lambda place: of[place.level]),
        by_departments=_flows(cases, rows, "department", lambda place: place.department),
        before=_stretch(cases, rows, halves[0], bands) if halves else None,
        lately=_stretch(cases, rows, halves[1], bands) if halves else None,
        settled=found.conflicts.everybody if found.conflicts.everybody.people >= MINIMUM else None,
    )


def band_name(levels: Levels) -> str:
    """A group of levels as rows name it.

    >>> band_name((1, 2)), band_name((4,))
    ('1-2', '4')
    """
    return str(levels[0]) if len(levels) == 1 else f"{levels[0]}-{levels[-1]}"


def _bands(posts: pd.DataFrame) -> tuple[Levels, ...]:
    """Levels joined until each has enough people; everybody counts once, at their highest level."""
    heads = posts[posts["level"] != UNKNOWN_LEVEL].groupby("person_id")["level"].min().value_counts()
    return merge_levels({int(level): int(count) for level, count in heads.items()})


def _band_of(bands: tuple[Levels, ...]) -> dict[int, str]:
    """The band of every level; one that nobody was counted at goes with the band above it."""
    last = max(level for band in bands for level in band) + 20
    found, name = {}, band_name(bands[0])
    starts = {band[0]: band_name(band) for band in bands}
    for level in range(last):
        name = starts.get(level, name)
        found[level] = name
    return found


def _at_top(cases: Sequence[Case], bands: tuple[Levels, ...]) -> float | None:
    if len(bands) == 1:
        return None
    of = _band_of(bands)
    return sum(of[case.end.level] == band_name(bands[0]) for case in cases) / len(cases)


def _line(cases: Sequence[Case]) -> float | None:
    known = [case.path for case in cases if case.path]
    return known.count("line") / len(known) if known else None


def _flows(cases: Sequence[Case], rows: pd.DataFrame, column: str, name: Callable[[Place], str]) -> tuple[Flow, ...]:
    ways: dict[Way, list[Case]] = {}
    for case in cases:
        if case.origin:
            ways.setdefault((name(case.origin), name(case.end)), []).append(case)
    sides = _sides(rows, column, ways)

    def people(chosen: Sequence[Way]) -> tuple[int, int]:
        origins, ends = (frozenset[str]().union(*(sides[side].get(way, ()) for way in chosen)) for side in (0, 1))
        return len(origins), len(ends)

    found = apart_and_together({way: min(people([way])) for way in ways}, lambda chosen: min(people(chosen)) >= MINIMUM)
    if found is None:
        return ()
    parts = [(way, [way]) for way in found[0]] + ([(OTHER_WAYS, found[1])] if found[1] else [])
    told = [
        Flow(
            *way,
            sum(len(ways[each]) for each in chosen),
            sum(case.hours for each in chosen for case in ways[each]),
            *people(chosen),
        )
        for way, chosen in parts
    ]
    return tuple(sorted(told, key=lambda flow: (not flow.origin, -flow.cases, flow.origin, flow.end)))


def _sides(rows: pd.DataFrame, column: str, ways: Mapping[Way, list[Case]]) -> tuple[People, People]:
    """For every way the people of its origin who met before, and those of its end who were in the escalations."""
    places = [(case.meeting_id, *way) for way, held in ways.items() for case in held]
    there = rows.merge(pd.DataFrame(places, columns=["case_id", "way_from", "way_to"]), on="case_id")
    before = there[~there["last"] & (there[column] == there["way_from"])]
    after = there[there["is_end"] & (there[column] == there["way_to"])]
    return _people(before), _people(after)


def _people(rows: pd.DataFrame) -> People:
    pairs = rows[["way_from", "way_to", "person_id"]].drop_duplicates()
    return {
        (str(first), str(last)): frozenset(held["person_id"])
        for (first, last), held in pairs.groupby(["way_from", "way_to"])
    }


def _halves(period: Period) -> tuple[Period, Period] | None:
    """Two equal stretches to compare, after the weeks in which a chain's beginning may lie before the period."""
    first = -(-LOOK_BACK_DAYS // 7)
    weeks = (period.weeks - first) // 2
    if weeks < first:
        return None
    middle = period.end - weeks * WEEK
    return Period(middle - weeks * WEEK, middle), Period(middle, period.end)


def _stretch(cases: Sequence[Case], rows: pd.DataFrame, part: Period, bands: tuple[Levels, ...]) -> Stretch:
    held = [case for case in cases if _in(case.day, part)]
    people = rows[rows["case_id"].isin([case.meeting_id for case in held])]["person_id"].nunique()
    if people < MINIMUM or len(held) < FEWEST_CASES:
        return Stretch(part, len(held), len(held) / part.weeks, None, None, None, None)
    return Stretch(
        period=part,
        cases=len(held),
        a_week=len(held) / part.weeks,
        gap=_mean([case.gap for case in held]),
        days=_mean([case.days for case in held]),
        at_top=_at_top(held, bands),
        line=_line(held),
    )


def _in(day: date, part: Period) -> bool:
    return part.start <= day < part.end


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
