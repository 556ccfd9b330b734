"""Everything the makers of meetings look at: the agency, its story, and one week of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from connectors.demo import absence, cast, organisation, phases, topics
from connectors.demo.dice import Dice
from connectors.demo.grid import DAYS, Grid
from connectors.demo.titles import STREAMS, Titles

if TYPE_CHECKING:
    from datetime import date

    from connectors.demo.organisation import Organisation, Roster, Team
    from connectors.demo.topics import Topic

CHAINS_PER_PERSON = 0.24


@dataclass
class World:
    """The agency and its story; the same arguments make the same world."""

    organisation: Organisation
    rosters: list[Roster]
    cast: cast.Cast
    topics: list[Topic]
    presence: absence.Presence
    story: phases.Story
    dice: Dice
    titles: Titles

    def first_name(self, person: int) -> str:
        """What colleagues call somebody."""
        return self.organisation.people[person].name.split(" ")[0]

    def department_name(self, team: int) -> str:
        """The short name of the department a team sits in."""
        return self.organisation.departments[self.organisation.teams[team].department].blueprint.name

    def manager_of(self, team: int) -> int:
        """The department manager above a team."""
        return self.organisation.departments[self.organisation.teams[team].department].manager

    def teams(self, week: int) -> list[Team]:
        """The teams that exist in a week."""
        return [team for team in self.organisation.teams if team.first <= week < team.last]

    def topic_words(self, topic: Topic, language: str, week: int) -> dict[str, str]:
        """The words a title about a topic may use; people mix languages now and then."""
        spoken = language if self.dice.chance(0.93) else "en"
        words = topic.subject.english if spoken == "en" else topic.subject.dutch
        near, far = (self.organisation.team_in(team, week) for team in (topic.teams[0], topic.teams[-1]))
        return {
            "topic": words[0] if self.dice.chance(0.6) else self.dice.pick(words),
            "dept": self.department_name(near),
            "dept2": self.department_name(far),
            "stream": STREAMS[language][topic.subject.stream],
        }


@dataclass
class Week:
    """One week: who works where, whose calendar has room, how lively it is."""

    number: int
    roster: Roster
    grid: Grid
    season: float
    line_slots: dict[int, list[tuple[int, int]]] = field(default_factory=dict)


def build(seed: int, people: int, weeks: int, monday: date) -> World:
    """The world that a seed stands for."""
    agency = organisation.build(seed, people, weeks)
    players = cast.choose(agency)
    chains = CHAINS_PER_PERSON * people
    return World(
        agency,
        agency.rosters(),
        players,
        topics.topics(agency, players, Dice(seed, 2), chains),
        absence.presence(agency, monday, players.settled, Dice(seed, 3)),
        phases.story(weeks),
        Dice(seed, 4),
        Titles(Dice(seed, 5)),
    )


def week(world: World, number: int) -> Week:
    """An empty week, ready to be filled."""
    roster = world.rosters[number]
    out = world.presence.out[:, number * DAYS : number * DAYS + DAYS].T.tolist()
    return Week(number, roster, Grid(number, out, roster.level, world.dice), world.presence.season[number])
