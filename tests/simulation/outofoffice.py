"""How absence shows: a list of the personnel department, an out-of-office entry, only a title, or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulation import titles as words
from simulation.days import dice
from simulation.meetings import AWAY, OTHER, Guests, Meetings, Part, together

if TYPE_CHECKING:
    from simulation.chart import Chart
    from simulation.days import Days
    from simulation.leave import Leave
    from simulation.titles import Titles

INVISIBLE, FILE, ENTRY, TITLE_ONLY = range(4)


@dataclass(frozen=True)
class Shown:
    """How each stretch of absence shows, and the all-day entries that belong to it."""

    how: np.ndarray
    entries: Part


def shown_leave(days: Days, chart: Chart, leave: Leave, titles: Titles) -> Shown:
    """Draw how each absence shows, and write the all-day entries."""
    plan, chance = days.plan, dice(days.plan, "out of office")
    size = len(leave.person)
    known = 1 - plan.leave_titled_only
    odds = np.cumsum([known / 2, known / 2, plan.leave_titled_only])
    how = np.where(
        chance.random(size) < plan.leave_visible, 1 + (chance.random(size)[:, None] > odds[:2]).sum(axis=1), INVISIBLE
    )
    listed = np.flatnonzero(how >= ENTRY)
    sick = leave.sick[listed]
    title = np.where(
        sick,
        chance.choice(titles.numbers(words.SICK), len(listed)),
        chance.choice(titles.numbers(words.AWAY), len(listed)),
    )
    spells = Meetings.of(
        len(listed), day=leave.first[listed], slot=0, half_hours=leave.last[listed] - leave.first[listed], label=OTHER,
        title=title, organizer=leave.person[listed], kind=AWAY, stage=np.where(how[listed] == TITLE_ONLY, 1, 0),
        lead=np.where(sick, 0, chance.integers(10, 90, len(listed))),
    )  # fmt: skip
    free = _free_days(days, chart, leave, titles, chance)
    both = [Part(each, _alone(each)) for each in (spells, free)]
    return Shown(how, together(both))


def _free_days(days: Days, chart: Chart, leave: Leave, titles: Titles, chance: np.random.Generator) -> Meetings:
    """The weekly free day of some part-timers as an all-day entry, shown as free."""
    showing = np.flatnonzero((chart.free_day >= 0) & (chance.random(chart.size) < days.plan.free_days_visible))
    title = chance.choice(titles.numbers(words.FREE_DAY), len(showing))
    which, week = (
        each.ravel() for each in np.meshgrid(np.arange(len(showing)), np.arange(days.plan.weeks), indexing="ij")
    )
    day = 7 * week + chart.free_day[showing][which]
    here = (chart.first_day[showing][which] <= day) & (day < chart.last_day[showing][which])
    which, day = which[here], day[here]
    return Meetings.of(
        len(day), day=day, slot=0, half_hours=1, label=OTHER, title=title[which], organizer=showing[which], kind=AWAY,
        stage=1, series=which, lead=np.minimum(day + 30, 200),
    )  # fmt: skip


def _alone(meetings: Meetings) -> Guests:
    there = np.ones(len(meetings), dtype=bool)
    return Guests(np.arange(len(meetings)), meetings.organizer.copy(), there, ~there)
