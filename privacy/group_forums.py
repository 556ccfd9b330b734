"""The standing tables of a group, told of tables with enough members; who sits or leads there is never said."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from analysis.escalations.conflicts import conflicts
from analysis.period import WEEK, Period
from analysis.snapshots import forums_of, presence_of, topics_in
from privacy.groups import MINIMUM
from privacy.merging import apart_and_together
from store.tables import to_pandas

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.drift import Drift, PartDrift
    from analysis.escalations.conflicts import Settled
    from analysis.forums import Forum, Forums
    from analysis.scope import Scope
    from store.held import Held

FEWEST_WEEKS = 13


@dataclass(frozen=True)
class Table:
    """One standing table, or several (`tables`) taken together; a mean over tables weighs their hours.

    hours_a_week are person-hours; labels are shares of clock hours; returning counts subjects that keep coming back;
    arrivals are escalations at the table and besides it; levels is how many are in the room on average; rotation is 0
    where one person always leads and 1 where all take turns; deputised is how often a missing member sent somebody.
    What a release does not tell is None.
    """

    tables: int
    members: int
    meetings: int
    hours_a_week: float
    labels: dict[str, float]
    returning: int | None
    arrivals: int | None
    levels: float | None
    three_share: float | None
    rotation: float | None
    deputised: float | None


@dataclass(frozen=True)
class Subject:
    """A subject that keeps coming back, as far as it may be named: meetings, different weeks, and escalations."""

    name: str
    meetings: int
    weeks: int
    escalations: int


@dataclass(frozen=True)
class GroupForums:
    """All tables of a group together, those large enough by themselves, and the others as one.

    before and lately are label shares in two halves of the period, None where it is too short. kinds are the parts of
    working time that line, process, escalation and incident take.
    """

    scope: str
    period: Period
    people: int
    together: Table
    alone: tuple[Table, ...]
    others: Table | None
    before: dict[str, float] | None
    lately: dict[str, float] | None
    subjects: tuple[Subject, ...]
    kinds: tuple[PartDrift, ...]
    settled: Settled | None


@dataclass(frozen=True)
class Parts:
    """The tables of the whole organisation in a period and in its two halves (None where it is too short)."""

    whole: Forums
    before: Forums | None
    lately: Forums | None


def forums_in(snapshot: Held, period: Period) -> Parts:
    """The tables of everybody; they cross borders, so a department's are found among them."""
    first, last = _halves(period)
    before, lately = (forums_of(snapshot, half) if half else None for half in (first, last))
    return Parts(forums_of(snapshot, period), before, lately)


def group_forums(
    snapshot: Held, parts: Parts, scope: Scope, drift: Drift, names: frozenset[str] | None
) -> GroupForums | None:
    """The tables of a group, None where too few people sit at them.

    `drift` is that of the group; subjects are named only where `names`, everybody's names, are given to leave out.
    """
    found, period = _of(parts.whole, scope), parts.whole.period
    told = tables(found)
    if told is None:
        return None
    halves = [_shares(_of(half, scope)) if half else None for half in (parts.before, parts.lately)]
    before, lately = halves if all(halves) else (None, None)
    settled = conflicts(snapshot.tables(), period, scope).everybody
    return GroupForums(
        scope=scope.name,
        period=period,
        people=told[0].members,
        together=told[0],
        alone=told[1],
        others=told[2],
        before=before,
        lately=lately,
        subjects=() if names is None else subjects(found, _people_of(snapshot, period), _words(names)),
        kinds=drift.by_kind,
        settled=settled if settled.people >= MINIMUM else None,
    )


def _of(found: Forums, scope: Scope) -> Forums:
    """The tables at which somebody of the scope has a seat."""
    if scope.department is None:
        return found
    return replace(found, forums=tuple(each for each in found.forums if scope.department in each.departments))


def _halves(period: Period) -> tuple[Period | None, Period | None]:
    weeks = period.weeks // 2
    if weeks < FEWEST_WEEKS:
        return None, None
    return Period(period.start, period.start + weeks * WEEK), Period(period.end - weeks * WEEK, period.end)


def _shares(found: Forums) -> dict[str, float] | None:
    """Label shares over all tables, None where they have too few members together."""
    return _table(found.forums, found.period.weeks).labels if _large(found.forums) else None


def _people_of(snapshot: Held, period: Period) -> dict[str, int]:
    """How many different people met on each subject."""
    rows = to_pandas(period.of(presence_of(snapshot)).select("meeting_id", "person_id"))
    met = rows.merge(topics_in(snapshot).named(), on="meeting_id")
    return {str(topic): int(count) for topic, count in met.groupby("topic")["person_id"].nunique().items()}


def _words(names: frozenset[str]) -> frozenset[str]:
    """Every part of a name that is long enough to tell one."""
    return frozenset(part for name in names for part in re.findall(r"\w{3,}", name.casefold()))


def tables(found: Forums) -> tuple[Table, tuple[Table, ...], Table | None] | None:
    """All tables together, each that is large enough, and the rest as one; None where all together are too small."""
    by_id = {forum.series_id: forum for forum in found.forums}
    chosen = apart_and_together(
        {series: len(forum.members) for series, forum in by_id.items()},
        lambda keys: _large([by_id[key] for key in keys]),
    )
    if chosen is None:
        return None
    weeks = found.period.weeks
    alone = tuple(_table([by_id[key]], weeks) for key in chosen[0])
    others = _table([by_id[key] for key in chosen[1]], weeks) if chosen[1] else None
    return _table(found.forums, weeks), tuple(sorted(alone, key=lambda each: -each.hours_a_week)), others


def _large(forums: Sequence[Forum]) -> bool:
    return len({member for forum in forums for member in forum.members}) >= MINIMUM


def _table(forums: Sequence[Forum], weeks: int) -> Table:
    hours = [forum.hours for forum in forums]
    absences = sum(forum.deputies.absences for forum in forums)
    return Table(
        tables=len(forums),
        members=len({member for forum in forums for member in forum.members}),
        meetings=sum(forum.meetings for forum in forums),
        hours_a_week=sum(forum.person_hours for forum in forums) / weeks,
        labels={label: _mean([forum.labels[label] for forum in forums], hours) or 0.0 for label in forums[0].labels},
        returning=len({subject.topic for forum in forums for subject in forum.returning}),
        arrivals=sum(forum.arrivals.own + forum.arrivals.besides for forum in forums),
        levels=_mean([forum.layers.levels for forum in forums], hours),
        three_share=_mean([forum.layers.three_share for forum in forums], hours),
        rotation=_mean([forum.chair.rotation for forum in forums], [float(forum.chair.meetings) for forum in forums]),
        deputised=sum(forum.deputies.sent for forum in forums) / absences if absences else None,
    )


def _mean(values: Sequence[float | None], weights: Sequence[float]) -> float | None:
    known = [(value, weight) for value, weight in zip(values, weights, strict=True) if value is not None]
    total = sum(weight for _, weight in known)
    return sum(value * weight for value, weight in known) / total if total else None


def _returning(forums: Sequence[Forum]) -> dict[str, tuple[int, int, int]]:
    """Per subject the most meetings, weeks and escalations that any table saw of it."""
    found: dict[str, tuple[int, int, int]] = {}
    for forum in forums:
        for each in forum.returning:
            known = found.get(each.topic, (0, 0, 0))
            found[each.topic] = max(known, (each.meetings, each.weeks, each.escalations))
    return found


def subjects(found: Forums, people_of: dict[str, int], names: frozenset[str]) -> tuple[Subject, ...]:
    """The subjects that may be named to a management team: met on by enough people, and nobody's name in them."""
    told = [
        Subject(topic, *counts)
        for topic, counts in _returning(found.forums).items()
        if people_of.get(topic, 0) >= MINIMUM and not names & frozenset(re.findall(r"\w+", topic.casefold()))
    ]
    return tuple(sorted(told, key=lambda each: (-each.weeks, -each.meetings, each.name)))
