"""Which meetings come back: team meetings, stand-ups, bilas, management, value streams, projects, bridges."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from connectors.demo.grid import DAY_WEIGHTS, DAYS, QUARTERS, one_of, room_for
from connectors.demo.organisation import MANAGEMENT
from connectors.demo.purposes import PURPOSES
from connectors.demo.titles import PROJECTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from connectors.demo.organisation import Team
    from connectors.demo.topics import Topic
    from connectors.demo.world import World

_ALLOWED = sum(1 << slot for slot in range(2, 36, 2) if not 16 <= slot < 20)


@dataclass(frozen=True, slots=True)
class Series:
    """A meeting that recurs on fixed weekdays; members are fixed people, or a team or department as it is that week."""

    number: int
    purpose: str
    title: str | None
    organizer: int
    people: tuple[int, ...]
    length: int
    every: int = 1
    offset: int = 0
    first: int = 0
    last: int = 10_000
    weekdays: tuple[int, ...] = ()
    slot: int = 0
    team: int = MANAGEMENT
    department: int = -1
    topic: int = -1
    room: int = -1

    def meets(self, week: int) -> bool:
        """Whether an occurrence falls in this week."""
        return self.first <= week < self.last and (week - self.offset) % self.every == 0


class Planner:
    """Invents all series of the agency and finds each a weekly hour that suits its members."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.series: list[Series] = []
        self._template = [[[0] * len(world.organisation.people) for _ in range(DAYS)] for _ in range(2)]
        self._free = [[day in each.free_days for each in world.organisation.people] for day in range(DAYS)]
        for region in world.organisation.regions:
            self._management(region)
        for team in world.organisation.teams:
            self._team(team)
        for region in world.organisation.regions:
            self._across(region)
        self._bilas()

    # ---- which series there are

    def _management(self, region: int) -> None:
        organisation, dice = self.world.organisation, self.world.dice
        departments = [each for each in organisation.departments if each.region == region]
        managers = [each.manager for each in departments]
        assistants = self.world.cast.assistants
        top = [0, *managers] if region == 0 else managers
        minutes = [dice.pick(assistants)] if assistants else []
        self._add("mt", top + minutes, (minutes or top)[0], weekdays=(1,), rooms=True)
        for manager in managers if region == 0 else []:
            self._add("bila_up", [0, manager], 0, every=2, words=self._names(manager, 0))
        for each in departments:
            leads = [team.lead for team in organisation.teams if team.department == each.number]
            words = {"dept": each.blueprint.name}
            self._add(
                "department", [each.manager, *leads], each.manager, words=words, department=each.number, rooms=True
            )

    def _team(self, team: Team) -> None:
        dice, world = self.world.dice, self.world
        people = world.rosters[team.first].members[team.number]
        words = {"team": team.name}
        span, number = (team.first, team.last), team.number
        self._add("team", people, team.lead, words=words, rooms=True, span=span, team=number)
        if dice.chance(0.72):
            days = dice.pick(((0, 1, 2, 3, 4), (0, 1, 3, 4), (0, 1, 2, 3), (0, 1, 3)))
            self._add("standup", people, team.lead, words=words, weekdays=days, span=span, team=number)
        if dice.chance(0.5):
            organizer = dice.pick(people)
            self._add(
                "retro", people, organizer, every=8, offset=dice.between(0, 7), words=words, span=span, team=number
            )

    def _bilas(self) -> None:
        dice = self.world.dice
        for stint in self.world.organisation.stints:
            if stint.manager is None or stint.level <= 2:
                continue
            lead = stint.level == 3
            purpose, every = ("bila_up", 1 if dice.chance(0.45) else 2) if lead else ("bila", dice.pick((2, 2, 3, 4)))
            organizer = stint.manager if dice.chance(0.8) else stint.person
            self._add(
                purpose,
                [stint.person, stint.manager],
                organizer,
                every=every,
                offset=dice.between(0, every - 1),
                span=(stint.first, stint.last),
                words=self._names(stint.person, stint.manager),
            )

    def _across(self, region: int) -> None:
        topics = [topic for topic in self.world.topics if topic.region == region]
        for stream in ("permits", "benefits", "objections"):
            own = [topic for topic in topics if topic.subject.stream == stream]
            people = self._from_teams({team for topic in own for team in topic.teams}, 1)
            self._add("stream", people, people[0], words=self._topic_words(own[0]), rooms=True)
        self._add(
            "policy", self._seniors(region, 7), self._seniors(region, 1)[0], every=2, words=self._topic_words(topics[0])
        )
        self._add("peer", self._leads(region, 7), self._leads(region, 1)[0], every=6, offset=2)
        council = self.world.dice.sample(sorted(self.world.rosters[0].team_of), 8)
        self._add("council", council, council[0], every=2, offset=1)
        self._projects(region)
        self._all_hands(region)
        for topic in self.world.dice.sample(
            [t for t in topics if t.subject.kind in {"open", "designed", "failed"}], 20
        ):
            self._bridge(topic)

    def _projects(self, region: int) -> None:
        dice, story = self.world.dice, self.world.story
        office, communication = self.world.cast.project_office, self.world.cast.communication
        for project in PROJECTS:
            first = story.week(max(0.0, dice.roll() * 0.9 - 0.4))
            span, words = (first, first + dice.between(50, 80)), {"project": project}
            team = [*self._seniors(region, 2), *self._operators(region, 3), *self._leads(region, 1)]
            helped = region == 0 and bool(office)
            support = [*dice.sample(office, 1), *(communication if dice.chance(0.55) else [])] if helped else []
            organizer = support[0] if support else team[0]
            self._add(
                "project", team + support, organizer, every=dice.pick((1, 2, 2)), rooms=True, span=span, words=words
            )
            managers = [each.manager for each in self.world.organisation.departments if each.region == region]
            board = [*dice.sample(managers, 4), *support[:1], team[-1]]
            self._add("steering", board, organizer, every=4, offset=dice.between(0, 3), span=span, words=words)

    def _all_hands(self, region: int) -> None:
        everybody = sorted(
            {stint.person for stint in self.world.organisation.stints if self._region(stint.person) == region}
        )
        organizer = self.world.organisation.department("contact", region).manager
        self._add("allhands", [organizer, *everybody], organizer, every=4, offset=3, weekdays=(3,), slot=20)

    def _bridge(self, topic: Topic) -> None:
        dice, story = self.world.dice, self.world.story
        people = self._from_teams(set(topic.teams), 2)[: dice.between(5, 7)]
        if topic.gate is not None and dice.chance(0.5):
            people.append(topic.gate)
        designed = topic.design_week is not None and topic.subject.kind == "designed"
        last = topic.design_week + 4 if designed and topic.design_week is not None else self.world.story.weeks
        first = story.week(0.05 + 0.75 * dice.roll())
        self._add(
            "bridge",
            people,
            people[0],
            every=dice.pick((1, 1, 2)),
            offset=dice.between(0, 1),
            span=(first, last),
            words=self._topic_words(topic),
            topic=topic.number,
        )

    # ---- who is in them

    def _region(self, person: int) -> int:
        department = next(s.department for s in self.world.organisation.stints if s.person == person)
        return self.world.organisation.departments[department].region if department >= 0 else 0

    def _region_teams(self, region: int) -> list[Team]:
        organisation = self.world.organisation
        return [
            t for t in organisation.teams if t.first == 0 and organisation.departments[t.department].region == region
        ]

    def _leads(self, region: int, size: int) -> list[int]:
        return self.world.dice.sample([team.lead for team in self._region_teams(region)], size)

    def _seniors(self, region: int, size: int) -> list[int]:
        roster = self.world.rosters[0]
        seniors = [person for team in self._region_teams(region) for person in roster.seniors[team.number]]
        return self.world.dice.sample(seniors, size)

    def _operators(self, region: int, size: int) -> list[int]:
        roster = self.world.rosters[0]
        operators = [person for team in self._region_teams(region) for person in roster.operators[team.number]]
        return self.world.dice.sample(operators, size)

    def _from_teams(self, teams: Iterable[int], each: int) -> list[int]:
        roster, people = self.world.rosters[0], []
        for number in sorted(teams):
            people += self.world.dice.sample([*roster.seniors[number], *roster.operators[number]], each)
            if self.world.dice.chance(0.4):
                people.append(self.world.organisation.teams[number].lead)
        return people

    def _names(self, person: int, other: int) -> dict[str, str]:
        return {"name": self.world.first_name(person), "other": self.world.first_name(other)}

    def _topic_words(self, topic: Topic) -> dict[str, str]:
        return self.world.topic_words(topic, "nl", 0)

    # ---- when they are

    def _add(
        self,
        purpose: str,
        people: Iterable[int],
        organizer: int,
        *,
        words: dict[str, str] | None = None,
        rooms: bool = False,
        weekdays: tuple[int, ...] = (),
        slot: int | None = None,
        every: int = 1,
        offset: int = 0,
        span: tuple[int, int] = (0, 10_000),
        team: int = MANAGEMENT,
        department: int = -1,
        topic: int = -1,
    ) -> None:
        dice, meant = self.world.dice, PURPOSES[purpose]
        members = tuple(dict.fromkeys([organizer, *people]))
        title = self.world.titles.write(purpose, self.world.titles.language(), **(words or {}))
        length = dice.pick(meant.lengths)
        parities = (offset % 2,) if every % 2 == 0 else (0, 1)
        if slot is None:
            weekdays, slot = self._moment(members, length, weekdays, parities)
        series = Series(
            len(self.series),
            purpose,
            None if dice.chance(meant.private) else title,
            organizer,
            members,
            length,
            every=every,
            offset=offset,
            first=span[0],
            last=span[1],
            weekdays=weekdays,
            slot=slot,
            team=team,
            department=department,
            topic=topic,
            room=dice.between(0, 7) if rooms and dice.chance(0.7) else -1,
        )
        self.series += self._renewed(series) if dice.chance(0.15) else [series]
        for parity in parities:
            for day in weekdays:
                for person in members:
                    self._template[parity][day][person] |= ((1 << length) - 1) << slot

    def _renewed(self, series: Series) -> list[Series]:
        """The same series twice: somebody ended it and made it anew."""
        last = min(series.last, self.world.story.weeks)
        if last - series.first < 30:
            return [series]
        week = self.world.dice.between(series.first + 10, last - 10)
        return [replace(series, last=week), replace(series, number=series.number + 1, first=week)]

    def _moment(
        self, people: tuple[int, ...], length: int, weekdays: tuple[int, ...], parities: tuple[int, ...]
    ) -> tuple[tuple[int, ...], int]:
        dice = self.world.dice
        if len(weekdays) > 1:
            return weekdays, dice.between(3, 7)
        days = list(weekdays) or sorted(range(DAYS), key=lambda day: -DAY_WEIGHTS[day] * dice.roll())
        for tolerated in (0.0, 0.2, 1.0):
            for day in days:
                away = sum(self._free[day][person] for person in people) / len(people)
                slot = self._open(people, day, length, parities) if away <= tolerated else None
                if slot is not None:
                    return (day,), slot
        return (days[0],), 2 * dice.between(1, 15)

    def _open(self, people: tuple[int, ...], day: int, length: int, parities: tuple[int, ...]) -> int | None:
        taken = 0
        for parity in parities:
            row = self._template[parity][day]
            for person in people:
                taken |= row[person]
        latest = _ALLOWED & ((1 << 20) - 1) if day in (2, 4) else _ALLOWED
        return one_of(room_for(length, taken) & latest, int(self.world.dice.roll() * QUARTERS))
