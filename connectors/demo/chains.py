"""Questions that cross teams: a first meeting, follow-ups, an escalation, sometimes a design session.

question ──► follow-up ──► follow-up ──► escalation        one chain on one topic, a week or two apart
                 │
                 └── whoever carries the topic is away: not held, moved to after the return, or a deputy stands in
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from connectors.demo import world as worlds
from connectors.demo.grid import DAYS, Meeting
from connectors.demo.purposes import AD_HOC_PROCESS, PURPOSES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connectors.demo.topics import Topic
    from connectors.demo.world import Week, World

LEADS = {"question": 0.25, "followup": 0.4, "escalation": 0.9, "design": 0.6, "casework": 0.1}
MANAGERS = {"question": 0.09, "followup": 0.15, "escalation": 1.0, "design": 0.45, "casework": 0.0}


@dataclass(slots=True)
class Chain:
    """One issue on its way through the agency."""

    topic: Topic
    core: list[int]
    stages: list[str]
    language: str
    step: int = 0


class Chains:
    """All issues under way, week by week."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._due: defaultdict[int, list[Chain]] = defaultdict(list)
        self._postponed: defaultdict[int, list[Meeting]] = defaultdict(list)
        self._under_way()

    def hold(self, week: Week) -> Iterator[Meeting]:
        """The meetings on topics in one week, put into its calendars."""
        for meeting in self._postponed.pop(week.number, []):
            yield self._caught_up(meeting, week)
        for topic in self.world.topics:
            for chain in self._new(topic, week):
                yield from self._meet(chain, week)
        for chain in self._due.pop(week.number, []):
            yield from self._meet(chain, week)

    # ---- how an issue starts

    def _under_way(self) -> None:
        """Issues that began before the first week: otherwise every story would start with a quiet month."""
        dice, first = self.world.dice, worlds.week(self.world, 0)
        for week in (0, 0, 1):
            for topic in self.world.topics:
                for chain in self._new(topic, first):
                    chain.step = dice.between(1, 2)
                    if chain.step < len(chain.stages):
                        self._due[week].append(chain)

    def _new(self, topic: Topic, week: Week) -> Iterator[Chain]:
        dice, story = self.world.dice, self.world.story
        rate = topic.rate * story.at("cross", week.number) * week.season * topic.strength(week.number)
        if topic.subject.kind in {"cyclic", "burst", "casework"}:
            rate = topic.rate * week.season * topic.strength(week.number)
        for _ in range(dice.count(rate)):
            yield Chain(topic, self._core(topic, week), self._stages(topic, week), self._language())
        if topic.design_week == week.number:
            yield Chain(topic, self._core(topic, week), ["design", "design", "design"], self._language())

    def _language(self) -> str:
        return self.world.titles.language(0.24)

    def _stages(self, topic: Topic, week: Week) -> list[str]:
        dice, story = self.world.dice, self.world.story
        if topic.subject.kind == "casework":
            return ["casework"]
        stages = ["question"]
        while dice.chance(0.5) and len(stages) < 5:
            stages.append("followup")
        if dice.chance(story.at("escalation", week.number)):
            stages.append("escalation")
        if dice.chance(story.at("design", week.number)):
            stages.append("design")
        return stages

    def _core(self, topic: Topic, week: Week) -> list[int]:
        dice, people = self.world.dice, []
        for number in dice.sample(topic.teams, dice.between(2, 3)):
            team = self.world.organisation.team_in(number, week.number)
            seniors, operators = week.roster.seniors.get(team, []), week.roster.operators.get(team, [])
            book = seniors if seniors and (dice.chance(0.3) or not operators) else operators
            people += dice.sample(book or week.roster.members[team], 2 if dice.chance(0.3) else 1)
        return list(dict.fromkeys(people))

    # ---- one meeting of it

    def _meet(self, chain: Chain, week: Week) -> Iterator[Meeting]:
        stage = chain.stages[chain.step]
        gate = chain.topic.gate
        wanted = gate is not None and self._gate_wanted(chain.topic, stage, week.number)
        meeting = self._draft(chain, stage, week)
        back = week.number
        if wanted and gate is not None:
            back = self.world.presence.returns(gate, week.number)
            if back > week.number and chain.topic.deputy is None:
                outcome = self._without(chain, meeting, gate, week, back)
                if outcome is not None:
                    yield outcome
                return
            self._invite_gate(chain.topic, meeting, away=back > week.number)
            back = week.number
        if self._place(chain, meeting, week) and week.grid.survives(meeting, 0.04):
            yield meeting
        self._go_on(chain, back)

    def _gate_wanted(self, topic: Topic, stage: str, week: int) -> bool:
        if stage == "escalation":
            return True
        chance = 0.84 if topic.subject.carrier == "connector" else self.world.story.at("gate", week)
        return self.world.dice.chance(chance if stage in AD_HOC_PROCESS else 0.8)

    def _invite_gate(self, topic: Topic, meeting: Meeting, *, away: bool) -> None:
        carrier = topic.deputy if away else topic.gate
        if carrier is None:
            return
        meeting.people = list(dict.fromkeys([*meeting.people, carrier]))
        if not away:
            meeting.required = frozenset([carrier])

    def _without(self, chain: Chain, meeting: Meeting, gate: int, week: Week, back: int) -> Meeting | None:
        """Nobody may decide: not held, moved to after the return, cancelled, or now and then held all the same."""
        dice = self.world.dice
        roll = dice.roll()
        last = back >= self.world.story.weeks
        if roll < 0.14:
            self._go_on(chain, week.number)
            return meeting if self._place(chain, meeting, week) else None
        meeting.people = list(dict.fromkeys([*meeting.people, gate]))
        meeting.planned = (self._absent_day(gate, week), week.grid.some_slot(meeting.length))
        if roll < 0.44 and not last:
            self._postponed[back].append(meeting)
            self._go_on(chain, back)
            return None
        if roll < 0.58:
            self._go_on(chain, back)
            return self._cancelled(meeting)
        if dice.chance(0.55) and not last:
            self._due[back].append(chain)
        return None

    def _absent_day(self, gate: int, week: Week) -> int:
        closed = self.world.presence.closed[week.number * DAYS : week.number * DAYS + DAYS]
        away = [day for day in range(DAYS) if week.grid.out[day][gate] and not closed[day]]
        return week.number * DAYS + self.world.dice.pick(away or [1])

    def _cancelled(self, meeting: Meeting) -> Meeting | None:
        if self.world.dice.chance(0.45) or meeting.planned is None:
            return None
        meeting.day, meeting.slot = meeting.planned
        meeting.cancelled = True
        return meeting

    def _caught_up(self, meeting: Meeting, week: Week) -> Meeting:
        everybody = list(meeting.people)
        if not week.grid.place(meeting):
            meeting.people = everybody
            meeting.day, meeting.slot = meeting.planned or (week.number * DAYS, 4)
            meeting.cancelled = True
        return meeting

    def _go_on(self, chain: Chain, week: int) -> None:
        chain.step += 1
        if chain.step < len(chain.stages):
            self._due[week + self.world.dice.pick((1, 1, 1, 2))].append(chain)

    def _draft(self, chain: Chain, stage: str, week: Week) -> Meeting:
        world, dice = self.world, self.world.dice
        topic, level = chain.topic, week.roster.level
        people = [person for person in chain.core if person in level] or self._core(topic, week)
        teams = [world.organisation.team_in(team, week.number) for team in topic.teams]
        people += [world.organisation.teams[t].lead for t in teams[:2] if dice.chance(LEADS[stage])]
        upward = world.story.at("upward", week.number) if stage in AD_HOC_PROCESS else 1.0
        people += [
            world.manager_of(team) for team in dict.fromkeys(teams) if dice.chance(MANAGERS[stage] * upward * 0.62)
        ]
        if stage == "escalation":
            people = people[:3] + people[-2:] + ([0] if dice.chance(0.18) else [])
        helpers = [*world.cast.project_office, *world.cast.communication] if topic.region == 0 else []
        optional = [each for each in helpers if dice.chance(0.035)]
        people = list(dict.fromkeys([*people, *optional]))
        words = world.topic_words(topic, chain.language, week.number)
        title = world.titles.write(stage, chain.language, **words)
        meeting = Meeting(stage, title, people[0], people, dice.pick(PURPOSES[stage].lengths), topic=topic.number)
        meeting.optional = frozenset(optional) - {people[0]}
        meeting.body = world.titles.body(chain.language)
        if dice.chance(PURPOSES[stage].private):
            meeting.title = None
        return meeting

    def _place(self, chain: Chain, meeting: Meeting, week: Week) -> bool:
        dice = self.world.dice
        present = [p for p in meeting.people if self.world.presence.days_at_work(p, week.number) > 0]
        if len(present) < 2:
            return False
        meeting.organizer = meeting.organizer if meeting.organizer in present else present[0]
        managers = [p for p in meeting.people if week.roster.level.get(p, 5) <= 2]
        if managers and self.world.cast.assistants and chain.topic.region == 0 and dice.chance(0.1):
            self._by_assistant(meeting, week)
        if dice.chance(self.world.story.at("clash", week.number)) and self._clash(meeting, week):
            return True
        return week.grid.place(meeting) and len(meeting.people) > 1

    def _by_assistant(self, meeting: Meeting, week: Week) -> None:
        there = [p for p in self.world.cast.assistants if self.world.presence.days_at_work(p, week.number) > 2]
        if there:
            meeting.organizer = self.world.dice.pick(there)
            meeting.people = list(dict.fromkeys([meeting.organizer, *meeting.people]))

    def _clash(self, meeting: Meeting, week: Week) -> bool:
        """Two requests at one hour: planned straight over the team meeting of an operator who must be in both."""
        for person in meeting.people:
            if week.roster.level.get(person) != 5:
                continue
            for weekday, slot in week.line_slots.get(week.roster.team_of[person], []):
                if not any(week.grid.out[weekday][each] for each in (*meeting.required, meeting.organizer, person)):
                    meeting.people = [p for p in meeting.people if not week.grid.out[weekday][p]]
                    week.grid.book(meeting, weekday, slot)
                    return True
        return False
