"""Everything that just comes up: talks inside a team, incidents, the work itself, social life and blocks of time."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from connectors.demo.grid import DAYS, Meeting
from connectors.demo.phases import FOCUS_ADOPTION
from connectors.demo.purposes import PURPOSES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connectors.demo.organisation import Department, Team
    from connectors.demo.world import Week, World

# What the work of a department brings a week to one operator: the sort of meeting and how often.
OWN_WORK = {
    "contact": ("client", 0.5),
    "intake": ("client", 0.8),
    "assessment": ("client", 0.4),
    "permits": ("client", 0.7),
    "benefits": ("client", 1.0),
    "inspection": ("visit", 1.3),
    "strategy": ("hearing", 0.35),
}


class Daily:
    """What comes up, week by week."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._reviews: defaultdict[int, list[tuple[list[int], str]]] = defaultdict(list)
        self._adopts = {
            team.number: round(world.story.weeks * (FOCUS_ADOPTION + 0.25 * world.dice.roll()))
            for team in world.organisation.teams
            if world.dice.chance(0.55)
        }
        self._habits = {each.number: world.dice.roll() for each in world.organisation.people}

    def hold(self, week: Week) -> Iterator[Meeting]:
        """The meetings of one week that no series and no topic explains."""
        for meeting in self._all(week):
            dice, meant = self.world.dice, PURPOSES[meeting.purpose]
            if dice.chance(meant.private):
                meeting.title = None
            if not week.grid.place(meeting):
                continue
            alone = len(meeting.people) + meeting.outsiders < 2
            if alone and meant.kind == "meeting" and meeting.purpose != "personal":
                continue
            if week.grid.survives(meeting, 0.25 if meeting.organizer in self.world.cast.cancels else 0.035):
                yield meeting

    def blocks(self, week: Week) -> Iterator[Meeting]:
        """Focus time, travel, lunch and reservations: one person each, in what room is left."""
        for person, level in week.roster.level.items():
            for meeting in self._own_blocks(person, level, week):
                if week.grid.place(meeting):
                    yield meeting

    def _all(self, week: Week) -> Iterator[Meeting]:
        yield from self._incidents(week)
        for region in self.world.organisation.regions:
            yield from self._top(region, week)
            yield from self._together(region, week)
        for department in self.world.organisation.departments:
            yield from self._managers(department, week)
        for team in self.world.teams(week.number):
            yield from self._in_team(team, week)
            yield from self._own_work(team, week)

    def _make(
        self, purpose: str, people: list[int], outsiders: int = 0, words: dict[str, str] | None = None
    ) -> Meeting:
        dice, world = self.world.dice, self.world
        people = list(dict.fromkeys(people))
        language = world.titles.language()
        named = {"name": world.first_name(people[-1]), "other": world.first_name(people[0]), **(words or {})}
        meeting = Meeting(
            purpose,
            world.titles.write(purpose, language, **named),
            people[0],
            people,
            dice.pick(PURPOSES[purpose].lengths),
            outsiders=outsiders,
        )
        meeting.body = world.titles.body(language) if PURPOSES[purpose].kind == "meeting" else None
        return meeting

    def _count(self, mean: float, week: Week) -> range:
        return range(self.world.dice.count(mean * week.season))

    # ---- above the teams

    def _top(self, region: int, week: Week) -> Iterator[Meeting]:
        world, dice = self.world, self.world.dice
        managers = [each.manager for each in world.organisation.departments if each.region == region]
        escalated = [topic for topic in world.topics if topic.region == region and topic.subject.kind == "open"]
        for _ in self._count(world.story.at("mt", week.number), week):
            topic = dice.pick(escalated)
            around = [world.manager_of(world.organisation.team_in(team, week.number)) for team in topic.teams]
            people = [*around, *dice.sample(managers, 2), *([0] if region == 0 else [])]
            if topic.gate is not None:
                people.append(topic.gate)
            meeting = self._make("mt_extra", people, words=world.topic_words(topic, "nl", week.number))
            meeting.topic = topic.number
            yield meeting
        if region == 0:
            for _ in self._count(11.0, week):
                yield self._make("partner", [0], dice.between(1, 4))

    def _managers(self, department: Department, week: Week) -> Iterator[Meeting]:
        world, dice = self.world, self.world.dice
        leads = [team.lead for team in world.teams(week.number) if team.department == department.number]
        for _ in self._count(6.6, week):
            yield self._make(
                "partner", [department.manager, *(leads[:1] if dice.chance(0.3) else [])], dice.between(1, 5)
            )
        for _ in self._count(3.2 * world.story.at("line", week.number), week):
            if leads:
                yield self._make("talk", [department.manager, dice.pick(leads)])
        for _ in self._count(1.1 * world.story.at("line", week.number), week):
            yield self._make("capacity", [department.manager, *leads], words={"team": department.blueprint.name})

    def _together(self, region: int, week: Week) -> Iterator[Meeting]:
        world, dice = self.world, self.world.dice
        everybody = [p for p in week.roster.level if week.roster.level[p] >= 3 and self._at_home(p, region, week)]
        for _ in self._count(0.011 * len(everybody), week):
            yield self._make("training", dice.sample(everybody, dice.between(5, 13)), 1)
        leads = [team.lead for team in world.teams(week.number) if self._region(team) == region]
        for _ in self._count(0.008 * len(everybody), week):
            hiring = [dice.pick(leads), *dice.sample(everybody, 2)]
            yield self._make("interview", hiring, 1, words={"function": "casemanager"})
        office = [*world.cast.project_office, *world.cast.communication] if region == 0 else []
        for person in office:
            for _ in self._count(4.0, week):
                topic = dice.pick(world.topics)
                yield self._make(
                    "work", [person, *dice.sample(everybody, 2)], words=world.topic_words(topic, "nl", week.number)
                )

    def _at_home(self, person: int, region: int, week: Week) -> bool:
        team = week.roster.team_of[person]
        return team >= 0 and self._region(self.world.organisation.teams[team]) == region

    def _region(self, team: Team) -> int:
        return self.world.organisation.departments[team.department].region

    # ---- in the teams

    def _in_team(self, team: Team, week: Week) -> Iterator[Meeting]:
        dice, line = self.world.dice, self.world.story.at("line", week.number)
        people = week.roster.members[team.number]
        others = [person for person in people if person != team.lead] or people
        words = {"team": team.name, "topic": dice.pick(self.world.topics).subject.dutch[0]}
        for _ in self._count(1.3 * line, week):
            yield self._make("talk", [team.lead, dice.pick(others)] if dice.chance(0.7) else dice.sample(people, 2))
        for _ in self._count(0.6 * line, week):
            yield self._make("capacity", [team.lead, *dice.sample(others, dice.between(2, 4))], words=words)
        for _ in self._count(0.9, week):
            yield self._make("work", dice.sample(others, dice.between(2, 4)), words=words)
        for _ in self._count(0.14, week):
            yield self._make("drinks", people)
        for _ in self._count(0.16 * self.world.story.at("retro", week.number), week):
            yield self._make("design", people, words=words)
        for _ in self._count(0.8, week):
            yield self._make("partner", [team.lead], dice.between(1, 3))

    def _own_work(self, team: Team, week: Week) -> Iterator[Meeting]:
        dice = self.world.dice
        key = self.world.organisation.departments[team.department].blueprint.key
        purpose, often = OWN_WORK.get(key, ("partner", 0.12))
        seniors = week.roster.seniors.get(team.number, [])
        for person in week.roster.operators.get(team.number, []):
            for _ in self._count(often, week):
                colleague = dice.sample(seniors, 1) if dice.chance(0.15) else []
                yield self._make(purpose, [person, *colleague], dice.between(1, 2))
        for person in seniors:
            for _ in self._count(1.6, week):
                near = week.roster.members[team.number]
                yield self._make(
                    "work",
                    [person, *dice.sample(near, 2)],
                    words={"topic": dice.pick(self.world.topics).subject.dutch[0]},
                )
            for _ in self._count(0.7, week):
                yield self._make("partner", [person], dice.between(1, 3))

    def _incidents(self, week: Week) -> Iterator[Meeting]:
        world, dice = self.world, self.world.dice
        for people, system in self._reviews.pop(week.number, []):
            there = [person for person in people if person in week.roster.level]
            if len(there) > 1:
                yield self._make("review", there, words={"system": system})
        ict = world.organisation.department("ict", 0)
        technicians = [
            p for t in world.teams(week.number) if t.department == ict.number for p in week.roster.members[t.number]
        ]
        for _ in self._count(world.story.at("incident", week.number) * len(world.organisation.regions), week):
            hit = dice.sample(world.teams(week.number), 3)
            people = [*dice.sample(technicians, 3), *(team.lead for team in hit)]
            people += [dice.pick(week.roster.members[team.number]) for team in hit]
            people += [ict.manager] if dice.chance(0.6) else []
            system = dice.pick(("zaaksysteem", "klantportaal", "telefonie", "DMS"))
            yield self._make("incident", people, words={"system": system})
            if dice.chance(0.6):
                self._reviews[week.number + 1].append((people, system))

    # ---- blocks

    def _own_blocks(self, person: int, level: int, week: Week) -> Iterator[Meeting]:
        team, habit = week.roster.team_of[person], self._habits[person]
        if week.number >= self._adopts.get(team, 10_000) and level >= 3:
            kept = self.world.story.at("focus", week.number)
            for _ in self._count((0.8 + habit) * kept, week):
                yield self._make("focus", [person])
        if level <= 2 or habit > 0.8:
            for _ in self._count(0.6, week):
                yield self._make("travel", [person])
        if habit < 0.12:
            for _ in self._count(2.0, week):
                yield self._make("lunch", [person])
        for _ in self._count(0.10, week):
            yield self._make("personal", [person])
        if level in (3, 4):
            for _ in self._count(0.10, week):
                yield self._make(
                    "hold", [person], words={"topic": self.world.dice.pick(self.world.topics).subject.dutch[0]}
                )


def absence_items(world: World) -> Iterator[Meeting]:
    """The all-day items of those who put their absence into their own calendar."""
    for spell in world.presence.spells:
        if spell.source == "calendar":
            language = world.titles.language(0.2)
            title = world.titles.write(spell.kind, language, first=world.first_name(spell.person))
            item = Meeting(
                "sick" if spell.kind == "sick" else "absence",
                title,
                spell.person,
                [spell.person],
                DAYS,
                day=spell.first,
                slot=0,
            )
            item.last_day = spell.last
            yield item
