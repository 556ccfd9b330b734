"""Meetings outside any series, drawn person by person so that hours per available hour are exactly what is planted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulation.days import dice
from simulation.meetings import (
    COORDINATION,
    DESIGN,
    ESCALATION,
    HELD,
    INCIDENT,
    OTHER,
    Diary,
    Guests,
    Meetings,
    Part,
    random_slot,
    without_clashes,
)
from simulation.shocks import planted

if TYPE_CHECKING:
    from simulation.chart import Chart
    from simulation.days import Days
    from simulation.leave import Leave
    from simulation.titles import Titles


@dataclass(frozen=True)
class Kind:
    """One kind of ad-hoc meeting: share of available hours by level (1 to 5), and how many take part."""

    name: str
    label: int
    line: bool
    shares: tuple[float, ...]
    fewest: int
    most: int
    lead: float


KINDS = (
    Kind("process", COORDINATION, False, (0.10, 0.09, 0.07, 0.05, 0.025), 3, 8, 6),
    Kind("line", COORDINATION, True, (0.03, 0.03, 0.03, 0.03, 0.015), 2, 5, 4),
    Kind("escalation", ESCALATION, False, (0.04, 0.035, 0.02, 0.01, 0.003), 3, 6, 2),
    Kind("incident", INCIDENT, False, (0.005, 0.005, 0.008, 0.01, 0.006), 2, 6, 0.3),
    Kind("design", DESIGN, False, (0.03, 0.04, 0.03, 0.02, 0.01), 3, 8, 10),
    Kind("other", OTHER, False, (0.05, 0.05, 0.04, 0.03, 0.02), 2, 4, 7),
)
LENGTHS, LENGTH_ODDS = np.array([1, 2, 3]), (0.3, 0.5, 0.2)
MEAN_HOURS = float(LENGTHS @ LENGTH_ODDS) / 2
COMES = 0.93


def expected_shares(kind: Kind, chart: Chart) -> np.ndarray:
    """The planted share of available hours of each person for one kind, before growth."""
    return np.array(kind.shares)[chart.work_level - 1]


def person_effect(days: Days, chart: Chart) -> np.ndarray:
    """How much more or less than usual each person is asked, all along; 1 on average."""
    return np.exp(dice(days.plan, "people").normal(0, days.plan.person_sd, chart.size) - days.plan.person_sd**2 / 2)


def growth_factor(days: Days, standing_hours: float, adhoc_hours: float) -> np.ndarray:
    """What ad-hoc coordination must grow by so that all coordination grows as planted, standing series staying."""
    whole = (standing_hours + adhoc_hours) / adhoc_hours
    own = 1 - days.plan.growth_by_series
    return np.maximum(0.0, 1 + (planted(days) - 1) * whole * own)


def adhoc(days: Days, chart: Chart, leave: Leave, factors: dict[str, np.ndarray], titles: Titles, diary: Diary) -> Part:
    """All ad-hoc meetings. `factors` gives each kind's factor by level (5) and week; shocks are in it."""
    chance = dice(days.plan, "adhoc")
    effect = person_effect(days, chart)
    slots = [
        _slots(number, kind, days, chart, leave, factors[kind.name], effect, chance)
        for number, kind in enumerate(KINDS)
    ]
    kind, week, person = (np.concatenate([each[i] for each in slots]) for i in range(3))
    meeting, person, kind_of, week_of = _grouped(kind, week, person, chart, chance)
    part = _part(meeting, person, kind_of, week_of, days, leave, titles, chart, chance)
    without_clashes(part, diary, days, chance)
    guests = part.guests
    guests.away = ~leave.at_work[guests.person, part.meetings.day[guests.meeting]]
    guests.there &= ~guests.away
    return part


def _slots(
    number: int, kind: Kind, days: Days, chart: Chart, leave: Leave, factor: np.ndarray, effect: np.ndarray,
    chance: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    """How often each person takes part in each week, one row a time."""
    rate = (expected_shares(kind, chart) * effect / (MEAN_HOURS * COMES))[:, None] * leave.available
    rate = rate * factor[chart.work_level - 1] * days.plan.volume
    # Hours are available by the day, but somebody with no day at work in a week cannot be invited to one.
    rate[days.weekly(leave.at_work) == 0] = 0
    times = chance.poisson(rate)
    person, week = np.nonzero(times)
    repeat = times[person, week]
    return np.full(repeat.sum(), number), np.repeat(week, repeat), np.repeat(person, repeat)


def _grouped(
    kind: np.ndarray, week: np.ndarray, person: np.ndarray, chart: Chart, chance: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Neighbours of one kind and week sit down together; line meetings stay within one manager's span."""
    line = np.array([each.line for each in KINDS])[kind]
    manages = chart.before.level <= 4
    own = manages[person] & (chance.random(len(person)) < 0.6)
    span = np.where(own, person, chart.before.manager[person])
    near = chart.team[person] + np.where(
        chart.work_level[person] <= 3, chance.normal(0, 6.0, len(person)), chance.normal(0, 2.0, len(person))
    )
    key = np.where(line, span + chance.random(len(person)) * 0.5, near)
    order = np.lexsort((key, week, kind))
    kind, week, person, span, line = (each[order] for each in (kind, week, person, span, line))
    hard = np.append(True, (kind[1:] != kind[:-1]) | (week[1:] != week[:-1]))
    soft = np.append(False, line[1:] & (span[1:] != span[:-1])) | _cuts(kind, chance)
    meeting = np.cumsum(_no_singles(hard, soft)) - 1
    heads = np.bincount(meeting)
    first = np.cumsum(heads) - heads
    kept = heads >= 2
    number = np.cumsum(kept) - 1
    rows = kept[meeting]
    pairs = np.unique(number[meeting[rows]] * np.int64(chart.size) + person[rows])
    return pairs // chart.size, pairs % chart.size, kind[first[kept]], week[first[kept]]


def _cuts(kind: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """Where a new group begins, from group sizes drawn one after another."""
    cuts = np.zeros(len(kind), dtype=bool)
    for number, each in enumerate(KINDS):
        rows = np.flatnonzero(kind == number)
        sizes = chance.integers(each.fewest, each.most + 1, len(rows) // each.fewest + 1)
        places = np.cumsum(sizes)
        cuts[rows[places[places < len(rows)]]] = True
    return cuts


def _no_singles(hard: np.ndarray, soft: np.ndarray) -> np.ndarray:
    """Cuts, without soft ones that would leave one person alone before the next cut."""
    cut = hard | soft
    after = np.append(cut[1:], True)
    return hard | (soft & ~after)


def _part(
    meeting: np.ndarray, person: np.ndarray, kind: np.ndarray, week: np.ndarray, days: Days, leave: Leave,
    titles: Titles, chart: Chart, chance: np.random.Generator,
) -> Part:  # fmt: skip
    size = len(kind)
    half_hours = chance.choice(LENGTHS, size, p=LENGTH_ODDS)
    day = _day_of_most(meeting, person, week, size, days, leave, chance)
    leads = np.array([each.lead for each in KINDS])[kind]
    first = np.searchsorted(meeting, np.arange(size))
    heads = np.bincount(meeting, minlength=size)
    organizer = person[first + (chance.random(size) * heads).astype(int)]
    line = np.array([each.line for each in KINDS])[kind]
    meetings = Meetings.of(
        size, day=day, slot=random_slot(half_hours, chance), half_hours=half_hours,
        label=np.array([each.label for each in KINDS])[kind], line=line,
        title=titles.adhoc(kind, chart.team[organizer], chance), organizer=organizer,
        lead=chance.exponential(leads).astype(int), state=HELD,
    )  # fmt: skip
    return Part(meetings, Guests(meeting, person, chance.random(len(person)) < COMES, np.zeros(len(person), bool)))


def _day_of_most(
    meeting: np.ndarray, person: np.ndarray, week: np.ndarray, size: int, days: Days, leave: Leave,
    chance: np.random.Generator,
) -> np.ndarray:  # fmt: skip
    """A working day of the week on which most of the people are there, chance deciding between equals."""
    best, day = np.full(size, -1.0), np.zeros(size, dtype=np.int64)
    for weekday in range(5):
        when = 7 * week + weekday
        present = np.bincount(meeting, weights=leave.at_work[person, when[meeting]], minlength=size)
        worth = np.where(days.working[when], present + chance.random(size) * 0.9, -1.0)
        better = worth > best
        best[better], day[better] = worth[better], when[better]
    return day
