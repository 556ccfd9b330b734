"""Calendar habits that spread without any change in work: focus blocks, and stand-ups that get into the calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulation.days import dice
from simulation.meetings import COORDINATION, FOCUS, HELD, MEETING, OTHER, Guests, Meetings, Part, expanded, random_slot

if TYPE_CHECKING:
    from simulation.chart import Chart
    from simulation.days import Days
    from simulation.leave import Leave
    from simulation.titles import Titles


def focus_blocks(days: Days, chart: Chart, leave: Leave, titles: Titles) -> Part:
    """Two blocks of two hours a week for everybody who begins with it, at some moment in the middle of the window."""
    chance = dice(days.plan, "focus")
    adopters = np.flatnonzero(chance.random(chart.size) < days.plan.focus_adoption)
    owner = np.repeat(adopters, 2)
    begins = np.repeat(chance.uniform(0.15, 0.85, len(adopters)) * days.plan.weeks, 2).astype(int)
    marked = np.repeat(chance.random(len(adopters)) < 0.6, 2)
    weekday, slot = chance.integers(0, 5, len(owner)), random_slot(np.full(len(owner), 4), chance)
    which, week = np.nonzero(np.arange(days.plan.weeks)[None, :] >= begins[:, None])
    day = 7 * week + weekday[which]
    kept = leave.at_work[owner[which], day] & (chance.random(len(day)) < 0.85)
    which, day = which[kept], day[kept]
    meetings = Meetings.of(
        len(day), day=day, slot=slot[which], half_hours=4, label=OTHER, series=which, organizer=owner[which],
        title=chance.choice(titles.numbers([titles.texts[titles.series("focus", n)] for n in range(3)]), len(owner))[which],
        kind=np.where(marked, FOCUS, MEETING)[which], lead=day - 7 * begins[which] + 3,
    )  # fmt: skip
    alone = np.ones(len(day), bool)
    return Part(meetings, Guests(np.arange(len(day)), owner[which], alone, ~alone))


def stand_ups(days: Days, chart: Chart, leave: Leave, titles: Titles) -> Part:
    """Half an hour a week per team, held all along; the calendar has it from a few weeks around the middle on."""
    chance = dice(days.plan, "standups")
    teams = np.flatnonzero(chance.random(chart.teams) < days.plan.standup_adoption)
    entered = days.plan.weeks // 2 + chance.integers(-3, 4, len(teams))
    weekday, slot = chance.integers(0, 5, len(teams)), chance.integers(0, 3, len(teams))
    which, week = (
        each.ravel() for each in np.meshgrid(np.arange(len(teams)), np.arange(days.plan.weeks), indexing="ij")
    )
    day = 7 * week + weekday[which]
    which, week, day = which[days.working[day]], week[days.working[day]], day[days.working[day]]
    people = [np.flatnonzero((chart.team == team) & (chart.work_level >= 4)) for team in teams]
    title = titles.numbers([titles.texts[titles.series("standup", int(team))] for team in teams])
    leads = np.array([each[0] if len(each) else 0 for each in people], dtype=np.int64)
    meetings = Meetings.of(
        len(day), day=day, slot=slot[which], half_hours=1, label=COORDINATION, line=True, series=which, title=title[which],
        organizer=leads[which], lead=np.minimum(day, day - 7 * entered[which] + 3), state=HELD, known=week >= entered[which],
    )  # fmt: skip
    counts = np.array([len(each) for each in people], dtype=np.int64)
    starts = np.cumsum(counts) - counts
    meeting, rank = expanded(counts[which])
    person = np.concatenate([*people, np.zeros(0, int)]).astype(np.int64)[starts[which[meeting]] + rank]
    at_work = leave.at_work[person, day[meeting]]
    here = chart.employed(days.count)[person, day[meeting]]
    return Part(meetings, Guests(meeting[here], person[here], at_work[here], ~at_work[here]))
