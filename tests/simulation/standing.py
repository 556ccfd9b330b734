"""Standing series: team, unit and management meetings, committees, design groups, one-to-ones."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from simulation.days import dice
from simulation.meetings import (
    CANCELLED,
    COORDINATION,
    DESIGN,
    HELD,
    OTHER,
    Diary,
    Guests,
    Meetings,
    Part,
    expanded,
    random_slot,
    without_clashes,
)

if TYPE_CHECKING:
    from simulation.chart import Chart
    from simulation.days import Days
    from simulation.leave import Leave
    from simulation.titles import Titles

HELD_SHARE = 0.85
COMES = 0.93
ALWAYS = 10**6
REALLY = 0.66
"""What is left of a series' hours: some are not held, some people are away or do not come."""
# Hours of ad-hoc coordination per available hour by level, as adhoc.KINDS has them.
COORDINATION_SHARE = np.array([0.0, 0.13, 0.12, 0.10, 0.08, 0.04])


@dataclass
class _Series:
    """Series while they are being listed; members carry the weeks in which they belong."""

    rows: list[tuple[int, ...]] = field(default_factory=list)
    members: list[np.ndarray] = field(default_factory=list)

    def add(
        self, members: np.ndarray, label: int, line: bool, half_hours: int, every: int, title: int,
        first: int = 0, last: int = ALWAYS, organizer: int = -1,
    ) -> None:  # fmt: skip
        if len(members) < 2:
            return
        called_by = organizer if organizer >= 0 else int(members[0])
        self.rows.append((label, int(line), half_hours, every, title, first, last, called_by))
        self.members.append(members)


def standing(days: Days, chart: Chart, leave: Leave, shocks: np.ndarray, titles: Titles, diary: Diary) -> Part:
    """All occurrences of all series over the window; what is not held is cancelled."""
    chance = dice(days.plan, "standing")
    series = _Series()
    _line(series, days, chart, titles)
    _committees(series, days, chart, titles, chance)
    _one_to_ones(series, chart, titles)
    return _occurrences(series, days, chart, leave, shocks, diary, chance)


def _groups(keys: np.ndarray, people: np.ndarray) -> list[tuple[int, np.ndarray]]:
    order = np.argsort(keys[people], kind="stable")
    sorted_people = people[order]
    values, starts = np.unique(keys[sorted_people], return_index=True)
    return list(zip(values.tolist(), np.split(sorted_people, starts[1:]), strict=True))


def _line(series: _Series, days: Days, chart: Chart, titles: Titles) -> None:
    """Meetings of a manager with the own reports; those changed by the reorganisation end and begin there."""
    border = chart.reorganised // 7
    eras = (
        [(chart.before, 0, border), (chart.after, border, ALWAYS)]
        if border < days.plan.weeks
        else [(chart.before, 0, ALWAYS)]
    )
    spans: dict[tuple[int, bytes], list[int]] = {}
    for places, first, last in eras:
        for manager, reports in _groups(places.manager, np.flatnonzero(places.manager >= 0)):
            spans.setdefault((manager, reports.tobytes()), [first, last])[1] = last
    for (manager, packed), (first, last) in spans.items():
        members = np.append(manager, np.frombuffer(packed, dtype=np.int64))
        level = int(chart.before.level[manager])
        half_hours, every, kind = {
            1: (4, 1, "board"),
            2: (3, 1, "management"),
            3: (2, 1, "unit"),
            4: (2, 1, "team"),
        }.get(level, (2, 1, "team"))
        series.add(
            members, COORDINATION, True, half_hours, every, titles.series(kind, int(chart.team[manager])), first, last
        )
    for number, people in _groups(chart.before.department, np.arange(chart.size)):
        lead = people[np.argmin(chart.before.level[people])]
        members = np.append(lead, people[people != lead])[:400]
        series.add(members, OTHER, False, 2, 4, titles.series("everybody", number))


def _committees(series: _Series, days: Days, chart: Chart, titles: Titles, chance: np.random.Generator) -> None:
    """Process committees and design groups across teams; many end and are followed by another of the same size."""
    weeks, plan = days.plan.weeks, days.plan
    committees, groups = max(2, plan.people // 10), max(2, plan.people // 25)
    kinds = [(COORDINATION, 3, "committee")] * committees + [(DESIGN, 3, "design")] * groups
    for label, half_hours, kind in kinds:
        size, every = int(chance.integers(5, 10)), int(chance.choice([1, 2, 2, 4]))
        ends = [int(chance.integers(8, weeks - 8))] if weeks > 20 and chance.random() < 0.4 else []
        for first, last in zip([0, *ends], [*ends, ALWAYS], strict=True):
            members = _across(chart, size, chance)
            series.add(
                members, label, False, half_hours, every, titles.series(kind, int(chart.team[members[0]])), first, last
            )
    extra = round(plan.growth * plan.growth_by_series * _coordination_hours(series, chart) / (7 * 1.5 / 2 * REALLY))
    for first in np.linspace(2, weeks - 2, extra).astype(int).tolist():
        members = _across(chart, 7, chance)
        series.add(members, COORDINATION, False, 3, 2, titles.series("committee", int(chart.team[members[0]])), first)


def _coordination_hours(series: _Series, chart: Chart) -> float:
    """Hours of coordination in an ordinary week: the series listed so far and what comes ad hoc."""
    label, _, half_hours, every, _, first, _, _ = np.array(series.rows).T
    heads = np.array([len(each) for each in series.members])
    standing_hours = float((heads * half_hours / 2 / every)[(label == COORDINATION) & (first == 0)].sum()) * REALLY
    here = chart.first_day == 0
    return standing_hours + float((COORDINATION_SHARE[chart.work_level] * chart.fte)[here].sum()) * 29


def _across(chart: Chart, size: int, chance: np.random.Generator) -> np.ndarray:
    """People of a few neighbouring teams, and a manager among them; those there from the first day to the last."""
    steady = np.flatnonzero((chart.first_day == 0) & (chart.last_day == chart.last_day.max()))
    nearness = np.abs(chart.team[steady] - chance.integers(0, chart.teams)) + chance.exponential(3.0, len(steady))
    nearness = nearness + np.where(chart.work_level[steady] == 1, 50, 0)
    return steady[np.argsort(nearness, kind="stable")[:size]][chance.permutation(min(size, len(steady)))]


def _one_to_ones(series: _Series, chart: Chart, titles: Titles) -> None:
    for person in np.flatnonzero((chart.before.manager >= 0) & (chart.before.level <= 4)).tolist():
        pair = np.array([chart.before.manager[person], person])
        series.add(pair, OTHER, True, 1, 2, titles.series("pair", person))


def _occurrences(
    series: _Series,
    days: Days,
    chart: Chart,
    leave: Leave,
    shocks: np.ndarray,
    diary: Diary,
    chance: np.random.Generator,
) -> Part:
    label, line, half_hours, every, title, first, last, organizer = np.array(series.rows).T
    weekday, slot = _timetable(series, chart, half_hours, chance)
    phase = chance.integers(0, 4, len(label)) % every
    week = np.arange(days.plan.weeks)
    due = (week >= first[:, None]) & (week < last[:, None]) & ((week - phase[:, None]) % every[:, None] == 0)
    which, when = np.nonzero(due)
    day = 7 * when + weekday[which]
    open_day = days.working[day]
    which, when, day = which[open_day], when[open_day], day[open_day]
    held = chance.random(len(day)) < HELD_SHARE * shocks[when]
    meetings = Meetings.of(
        len(day), day=day, slot=slot[which], half_hours=half_hours[which], label=label[which],
        line=line[which].astype(bool), title=title[which], series=which, organizer=organizer[which],
        lead=day - np.maximum(7 * first[which] - 30, -200), state=np.where(held, HELD, CANCELLED),
        moved_on=np.where(held, -1, day - chance.integers(0, 5, len(day))),
    )  # fmt: skip
    part = Part(meetings, _members(series, meetings, chart, leave, chance))
    diary.enter(part, meetings.state == HELD)
    return part


def _timetable(
    series: _Series, chart: Chart, half_hours: np.ndarray, chance: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """A weekday and slot for each series, on a week of its own in which nobody is in two at once."""
    size = len(half_hours)
    counts = np.array([len(each) for each in series.members])
    guests = Guests(
        np.repeat(np.arange(size), counts),
        np.concatenate(series.members),
        np.ones(counts.sum(), bool),
        np.zeros(counts.sum(), bool),
    )
    template = Meetings.of(
        size, day=chance.choice(5, size, p=[0.22, 0.24, 0.2, 0.22, 0.12]), slot=random_slot(half_hours, chance),
        half_hours=half_hours, label=0,
    )  # fmt: skip
    without_clashes(Part(template, guests), Diary(chart.size, 7), _AnyWeek(), chance)  # type: ignore[arg-type]
    return template.day, template.slot


class _AnyWeek:
    working = np.arange(7) < 5


def _members(series: _Series, meetings: Meetings, chart: Chart, leave: Leave, chance: np.random.Generator) -> Guests:
    """Everybody who belongs to the series and works here that day; who is away stays invited and is not there."""
    counts = np.array([len(each) for each in series.members])
    starts, people = np.cumsum(counts) - counts, np.concatenate(series.members)
    meeting, rank = expanded(counts[meetings.series])
    person = people[starts[meetings.series[meeting]] + rank]
    day = meetings.day[meeting]
    here = (chart.first_day[person] <= day) & (day < chart.last_day[person])
    meeting, person, day = meeting[here], person[here], day[here]
    at_work = leave.at_work[person, day]
    there = at_work & (chance.random(len(person)) < COMES)
    return Guests(meeting, person, there, ~at_work)
