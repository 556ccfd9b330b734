"""Issues of topics as chains of meetings, and what happens to them while the one they wait for is away."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from simulation import titles as words
from simulation.casting import (
    ASSISTANT,
    CANCEL_HAPPY,
    CASE_WORK,
    CRISIS,
    CYCLIC,
    DESIGNED,
    FAILED_DESIGN,
)
from simulation.chart import NOBODY
from simulation.days import dice
from simulation.meetings import (
    CANCELLED,
    COORDINATION,
    DESIGN,
    ESCALATION,
    HELD,
    OTHER,
    Diary,
    Guests,
    Meetings,
    Part,
    expanded,
    random_slot,
    together,
    without_clashes,
)

if TYPE_CHECKING:
    from simulation.casting import Cast
    from simulation.chart import Chart
    from simulation.days import Days
    from simulation.leave import Leave
    from simulation.titles import Titles

CHAIN = 5
"""The longest chain of meetings on one issue."""
COMES = 0.93


@dataclass
class _Steps:
    """One meeting of a chain each, while its fate is being decided."""

    topic: np.ndarray
    issue: np.ndarray
    day: np.ndarray
    stage: np.ndarray
    needs_gate: np.ndarray
    organizer: np.ndarray
    lead: np.ndarray
    state: np.ndarray = field(init=False)
    moved_from: np.ndarray = field(init=False)
    moved_on: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        self.state = np.full(len(self.day), HELD)
        self.moved_from, self.moved_on = (np.full(len(self.day), NOBODY) for _ in range(2))

    def take(self, which: np.ndarray) -> _Steps:
        taken = _Steps(
            *(
                getattr(self, name)[which]
                for name in ("topic", "issue", "day", "stage", "needs_gate", "organizer", "lead")
            )
        )
        for name in ("state", "moved_from", "moved_on"):
            setattr(taken, name, getattr(self, name)[which].copy())
        return taken


class _Story:
    """Everything a step needs to know of its organisation."""

    def __init__(self, days: Days, chart: Chart, leave: Leave, cast: Cast) -> None:
        self.days, self.chart, self.leave, self.cast = days, chart, leave, cast
        self.topics, self.chance = days.plan.topics, dice(days.plan, "chains")
        work = np.where(leave.at_work, np.arange(days.count), days.count)
        # The first day on or after each day on which somebody is back at work.
        self.back = np.minimum.accumulate(work[:, ::-1], axis=1)[:, ::-1].astype(np.int32)
        self.design_day = 7 * self.chance.integers(
            int(days.plan.weeks * 0.35),
            max(int(days.plan.weeks * 0.7), int(days.plan.weeks * 0.35) + 1),
            len(cast.kind),
        )
        leads, tops = (np.flatnonzero(chart.work_level == level) for level in (3, 2))
        self.superior = [(leads, chart.team[leads]), (tops, chart.team[tops])]

    def open_day(self, day: np.ndarray) -> np.ndarray:
        """The next working day, or the last day of the window plus one."""
        return np.append(self.days.next_working, self.days.count)[np.minimum(day, self.days.count)]


def chains(
    days: Days, chart: Chart, leave: Leave, shocks: np.ndarray, cast: Cast, titles: Titles, diary: Diary
) -> Part:
    """All meetings of all topics; nothing where the plan has no topics."""
    if not days.plan.topics or not len(cast.kind):
        nothing = np.zeros(0, dtype=np.int64)
        return Part(Meetings.of(0, day=nothing, slot=nothing, half_hours=nothing, label=nothing), _no_guests())
    story = _Story(days, chart, leave, cast)
    steps = _first_steps(story, shocks)
    done = [_designs(story)]
    for _ in range(CHAIN):
        done.append(_fates(story, steps))
        steps = _next_steps(story, done[-1])
    part = together([_part(story, each, titles) for each in done])
    without_clashes(part, diary, days, story.chance, rounds=3)
    return part


def _rates(story: _Story) -> np.ndarray:
    """Issues by topic and week, before shocks."""
    days, cast = story.days, story.cast
    week = np.arange(days.plan.weeks)[None, :]
    kind, design = cast.kind[:, None], story.design_day[:, None] // 7
    quarter_end = np.isin(week % 13, (0, 1, 12))
    shape = np.ones((len(cast.kind), days.plan.weeks))
    shape = np.where((kind == DESIGNED) & (week > design), 0.12, shape)
    shape = np.where(kind == CYCLIC, np.where(quarter_end, 3.5, 0.05), shape)
    shape = np.where(kind == CRISIS, np.where((week >= design) & (week < design + 6), 5.0, 0.03), shape)
    return cast.rate[:, None] * np.where(kind == CASE_WORK, 1.8, shape)


def _first_steps(story: _Story, shocks: np.ndarray) -> _Steps:
    days, chance = story.days, story.chance
    working = days.weekly(days.working[None, :])[0] / 5
    # Fewer issues come up when fewer people are there.
    there = story.leave.available.sum(axis=0) / max(1.0, story.leave.available.sum(axis=0).max())
    counts = chance.poisson(_rates(story) * shocks * np.where(working > 0, there, 0))
    topic, week = np.nonzero(counts)
    topic, week = np.repeat(topic, counts[topic, week]), np.repeat(week, counts[topic, week])
    stage = np.where(story.cast.kind[topic] == CASE_WORK, words.CASE, words.FIRST)
    return _steps(story, topic, np.arange(len(topic)), 7 * week + chance.integers(0, 5, len(topic)), stage)


def _steps(story: _Story, topic: np.ndarray, issue: np.ndarray, day: np.ndarray, stage: np.ndarray) -> _Steps:
    """Steps on working days, with who calls them and how long before."""
    chance, cast, size = story.chance, story.cast, len(topic)
    day = story.open_day(day)
    inside = day < story.days.count
    topic, issue, day, stage = topic[inside], issue[inside], day[inside], stage[inside]
    size = len(topic)
    mean = np.where(stage == words.ESCALATE, 1.2, np.where(stage == words.CASE, 3.0, 5.5))
    main = chance.random(size) < 0.7
    organizer = np.where(main, cast.organizer[topic], _some_member(story, topic))
    needs = (cast.gate[topic] >= 0) & (chance.random(size) < story.topics.gate_attends)
    return _Steps(topic, issue, day, stage, needs, organizer, chance.exponential(mean).astype(int))


def _some_member(story: _Story, topic: np.ndarray) -> np.ndarray:
    cast = story.cast
    counts = np.bincount(cast.member_topic, minlength=len(cast.kind))
    starts = np.cumsum(counts) - counts
    rank = (story.chance.random(len(topic)) * counts[topic]).astype(int)
    return cast.member[np.minimum(starts[topic] + rank, len(cast.member) - 1)]


def _fates(story: _Story, steps: _Steps) -> _Steps:
    """Decide for each step: as planned, moved, cancelled, held later, escalated, or never."""
    waiting, deputised = _gate_away(story, steps)
    steps = _reshuffled(story, steps, ~waiting & ~deputised)
    return _stalled(story, steps, waiting)


def _gate_away(story: _Story, steps: _Steps) -> tuple[np.ndarray, np.ndarray]:
    """Steps that wait for an absent gate, and those that a deputy can take over."""
    gate = story.cast.gate[steps.topic]
    away = steps.needs_gate & (gate >= 0) & ~story.leave.at_work[gate, steps.day]
    helped = story.cast.deputy[steps.topic] >= 0
    stalls = np.where(story.leave.away[gate, steps.day], story.topics.stalls, 0.5)
    return away & ~helped & (story.chance.random(len(gate)) < stalls), away & helped


def _reshuffled(story: _Story, steps: _Steps, which: np.ndarray) -> _Steps:
    """What happens to any meeting: some are moved, some cancelled; with some organisers many."""
    chance, size = story.chance, len(steps.day)
    fickle = story.cast.role[steps.organizer] == CANCEL_HAPPY
    draw = chance.random(size)
    moved = which & (draw < np.where(fickle, 0.2, 0.08))
    cancelled = which & (draw > np.where(fickle, 0.8, 0.95))
    return _cancelled(story, _moved(story, steps, moved, steps.day + chance.integers(1, 8, size)), cancelled, steps.day)


def _moved(story: _Story, steps: _Steps, which: np.ndarray, to: np.ndarray) -> _Steps:
    to = story.open_day(to)
    which = which & (to < story.days.count)
    before = np.minimum(steps.lead, story.chance.integers(0, 5, len(steps.day)))
    steps.moved_on = np.where(which, steps.day - before, steps.moved_on)
    steps.moved_from = np.where(which, steps.day, steps.moved_from)
    steps.day = np.where(which, to, steps.day)
    return steps


def _cancelled(story: _Story, steps: _Steps, which: np.ndarray, day: np.ndarray) -> _Steps:
    before = np.minimum(steps.lead, story.chance.integers(0, 4, len(day)))
    steps.state = np.where(which, CANCELLED, steps.state)
    steps.moved_on = np.where(which, day - before, steps.moved_on)
    return steps


def _stalled(story: _Story, steps: _Steps, waiting: np.ndarray) -> _Steps:
    """Without gate and deputy: moved behind the return, cancelled, escalated, or silently not planned.

    A share of what was cancelled or not planned comes back within a week of the return.
    """
    chance, size = story.chance, len(steps.day)
    gate, draw = story.cast.gate[steps.topic], chance.random(size)
    sick = story.leave.sick_days[gate, steps.day]
    free = ~story.leave.away[gate, steps.day]
    edges = np.where(sick[:, None], [0.4, 0.7, 0.85], np.where(free[:, None], [0.6, 0.8, 0.9], [0.25, 0.45, 0.6]))
    returned = story.back[gate, steps.day] + np.where(free, 0, chance.integers(0, 6, size))
    to_move, to_cancel = waiting & (draw < edges[:, 0]), waiting & (draw >= edges[:, 0]) & (draw < edges[:, 1])
    up = waiting & (draw >= edges[:, 1]) & (draw < edges[:, 2])
    never = waiting & (draw >= edges[:, 2])
    again = (to_cancel | never) & (chance.random(size) < story.topics.piles_up)
    later = _steps(story, steps.topic[again], steps.issue[again], returned[again], steps.stage[again])
    later.lead = np.minimum(later.lead, 4)
    steps = _cancelled(story, _moved(story, steps, to_move, returned), to_cancel, steps.day)
    steps.stage = np.where(up, words.ESCALATE, steps.stage)
    steps.needs_gate &= ~up
    return _both(steps.take(~never), later)


def _both(one: _Steps, other: _Steps) -> _Steps:
    names = ("topic", "issue", "day", "stage", "needs_gate", "organizer", "lead")
    joined = _Steps(*(np.concatenate([getattr(one, name), getattr(other, name)]) for name in names))
    for name in ("state", "moved_from", "moved_on"):
        setattr(joined, name, np.concatenate([getattr(one, name), getattr(other, name)]))
    return joined


def _next_steps(story: _Story, done: _Steps) -> _Steps:
    """Held meetings that did not settle their issue are followed by another, some of them higher up."""
    chance = story.chance
    odds = np.select([done.stage == words.FIRST, done.stage == words.FOLLOW], [0.6, 0.45], default=0.0)
    on = (done.state == HELD) & (chance.random(len(odds)) < odds)
    up = chance.random(on.sum()) < 0.25
    gap = np.where(up, chance.integers(1, 5, on.sum()), chance.integers(3, 13, on.sum()))
    stage = np.where(up, words.ESCALATE, words.FOLLOW)
    return _steps(story, done.topic[on], done.issue[on], done.day[on] + gap, stage)


def _designs(story: _Story) -> _Steps:
    """Two or three meetings that design how it will be done, on topics where somebody tried."""
    tried = np.flatnonzero(np.isin(story.cast.kind, (DESIGNED, FAILED_DESIGN)))
    which, rank = expanded(story.chance.integers(2, 4, len(tried)))
    topic = tried[which]
    day = story.design_day[topic] - 7 * rank + story.chance.integers(0, 5, len(topic))
    return _steps(story, topic, -1 - np.arange(len(topic)), np.maximum(day, 0), np.full(len(topic), words.DECIDE))


def _part(story: _Story, steps: _Steps, titles: Titles) -> Part:
    chance, size = story.chance, len(steps.day)
    half_hours = chance.choice([1, 2, 3], size, p=[0.3, 0.5, 0.2]) + (steps.stage == words.DECIDE)
    label = np.select(
        [steps.stage == words.ESCALATE, steps.stage == words.DECIDE, steps.stage == words.CASE],
        [ESCALATION, DESIGN, OTHER],
        default=COORDINATION,
    )
    meetings = Meetings.of(
        size, day=steps.day, slot=random_slot(half_hours, chance), half_hours=half_hours, label=label,
        topic=steps.topic, stage=steps.stage, organizer=steps.organizer, state=steps.state, moved_from=steps.moved_from,
        moved_on=steps.moved_on, lead=_lead(steps), title=_titles(story, steps, titles),
    )  # fmt: skip
    part = Part(meetings, _guests(story, steps))
    kept = np.bincount(part.guests.meeting, minlength=size) >= 2
    thin = chance.random(size) < story.days.plan.volume if story.days.plan.volume < 1 else kept
    return part.only(kept & thin)


def _lead(steps: _Steps) -> np.ndarray:
    """Days from making an entry to where it stands now; a moved one was made for its first day."""
    shift = np.where(steps.moved_from >= 0, steps.day - steps.moved_from, 0)
    return steps.lead + np.maximum(shift, 0)


def _titles(story: _Story, steps: _Steps, titles: Titles) -> np.ndarray:
    """A wording by issue and a stage word by meeting; some are generic, some in English, cases have a number."""
    chance, size, cast = story.chance, len(steps.day), story.cast
    spread, habit = dice(story.days.plan, "wording").random((2, 9973)), steps.issue % 9973
    language = (spread[0, habit] < story.topics.english).astype(int)
    way = (spread[1, habit] * 6).astype(int)
    pattern = chance.integers(0, 30, size)
    case = np.where(steps.stage == words.CASE, chance.integers(1000, 9999, size), 0)
    found = np.zeros(size, dtype=np.int64)
    known: dict[tuple[int, ...], int] = {}
    rows = zip(
        cast.subject[steps.topic].tolist(),
        steps.stage.tolist(),
        language.tolist(),
        way.tolist(),
        pattern.tolist(),
        case.tolist(),
        strict=True,
    )
    for number, row in enumerate(rows):
        if row not in known:
            known[row] = titles.number(words.topic_title(*row))
        found[number] = known[row]
    vague = chance.random(size) < story.topics.generic_titles
    found[vague] = chance.choice(titles.numbers(words.GENERIC), vague.sum())
    return found


def _guests(story: _Story, steps: _Steps) -> Guests:
    """Members by their habit, the gate where it is needed, a deputy in its place, a manager where it climbed."""
    chance, cast, size = story.chance, story.cast, len(steps.day)
    counts = np.bincount(cast.member_topic, minlength=len(cast.kind))
    starts = np.cumsum(counts) - counts
    meeting, rank = expanded(counts[steps.topic])
    row = starts[steps.topic[meeting]] + rank
    person, comes = cast.member[row], cast.comes[row]
    # An organiser knows part of the leave: somebody away is asked less often.
    at_work = story.leave.at_work[person, steps.day[meeting]]
    asked = chance.random(len(row)) < np.where(at_work, comes, 0.6 * comes)
    whole = np.arange(size)
    gate, deputy = cast.gate[steps.topic], cast.deputy[steps.topic]
    gate_here = (gate >= 0) & story.leave.at_work[gate, steps.day]
    ask_gate = steps.needs_gate & (gate_here | (chance.random(size) < 0.7))
    ask_deputy = (deputy >= 0) & (chance.random(size) < np.where(steps.needs_gate & ~gate_here, 0.92, 0.04))
    climbed = steps.stage == words.ESCALATE
    superior = _superiors(story, steps)
    calls = ~((cast.role[steps.organizer] == ASSISTANT) & (chance.random(size) < 0.7))
    meetings = np.concatenate([meeting[asked], whole[ask_gate], whole[ask_deputy], whole[climbed], whole[calls]])
    people = np.concatenate(
        [person[asked], gate[ask_gate], deputy[ask_deputy], superior[climbed], steps.organizer[calls]]
    )
    pairs = np.unique(meetings * np.int64(story.chart.size) + people)
    meetings, people = pairs // story.chart.size, pairs % story.chart.size
    away = ~story.leave.at_work[people, steps.day[meetings]]
    return Guests(meetings, people, ~away & (chance.random(len(people)) < COMES), away)


def _superiors(story: _Story, steps: _Steps) -> np.ndarray:
    """A unit manager near the organiser, in one of four cases a department manager."""
    found = np.zeros(len(steps.day), dtype=np.int64)
    high = story.chance.random(len(steps.day)) < 0.25
    for rows, (people, teams) in ((~high, story.superior[0]), (high, story.superior[1])):
        place = np.searchsorted(teams, story.chart.team[steps.organizer[rows]], side="right") - 1
        found[rows] = people[np.maximum(place, 0)]
    return found


def _no_guests() -> Guests:
    nothing = np.zeros(0, dtype=np.int64)
    return Guests(nothing, nothing, nothing.astype(bool), nothing.astype(bool))
