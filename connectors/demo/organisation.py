"""The people of the agency and its chart over time: five levels, nine departments, comings and goings, a merger.

A larger agency has more regions; every region has its own primary-process departments, staff departments exist once.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from connectors.demo.dice import Dice, digest
from connectors.demo.names import FIRST, LAST, plain
from connectors.demo.phases import REORGANISATION

PEOPLE_PER_REGION = 250
TEAM_SIZE = 8.5
MANAGEMENT = -1


@dataclass(frozen=True)
class Blueprint:
    """A kind of department: what it is called, its teams, and what people in it do."""

    key: str
    name: str
    teams: tuple[str, ...]
    operator: str
    senior: str
    primary: bool = True


BLUEPRINTS = (
    Blueprint(
        "contact", "Klantcontact", ("Balie", "Telefonie", "Webcare"), "medewerker klantcontact", "senior klantadviseur"
    ),
    Blueprint(
        "intake",
        "Intake",
        ("Intake Particulieren", "Intake Bedrijven", "Aanmelding"),
        "medewerker intake",
        "procescoördinator intake",
    ),
    Blueprint(
        "assessment",
        "Beoordeling",
        ("Inhoudelijke Toets", "Inkomenstoets", "Medische Toets"),
        "beoordelaar",
        "senior beoordelaar",
    ),
    Blueprint(
        "permits",
        "Vergunningen",
        ("Bouw & Milieu", "Evenementen & Horeca", "Verkeer"),
        "casemanager vergunningen",
        "senior vergunningverlener",
    ),
    Blueprint(
        "benefits",
        "Uitkeringen",
        ("Toekenning", "Wijziging & Herziening", "Terugvordering"),
        "casemanager uitkeringen",
        "kwaliteitsadviseur uitkeringen",
    ),
    Blueprint(
        "inspection", "Toezicht", ("Toezicht Buiten", "Handhaving", "Signalen"), "toezichthouder", "senior inspecteur"
    ),
    Blueprint(
        "ict",
        "ICT",
        ("Functioneel Beheer", "Ontwikkeling", "Werkplek"),
        "functioneel beheerder",
        "informatiearchitect",
        primary=False,
    ),
    Blueprint(
        "support",
        "HR & Financiën",
        ("Secretariaat & Financiën", "Personeel", "Inkoop"),
        "medewerker bedrijfsvoering",
        "adviseur bedrijfsvoering",
        primary=False,
    ),
    Blueprint(
        "strategy",
        "Strategie & Juridisch",
        ("Beleid & Projectbureau", "Bezwaar & Beroep", "Juridische Zaken"),
        "juridisch medewerker",
        "beleidsadviseur",
        primary=False,
    ),
)
MERGED_TEAM = "Vooronderzoek"
WORKLOADS = ((0.50, 1.0, 0), (0.64, 1.0, 1), (0.82, 0.9, 1), (0.94, 0.8, 1), (1.0, 0.6, 2))
# Free days fall mostly on Wednesday and Friday.
FREE_DAYS = (2, 4, 2, 4, 4, 0, 1, 3)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a name, working hours and fixed free weekdays."""

    number: int
    id: str
    name: str
    email: str
    fte: float
    free_days: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Stint:
    """One row of the chart: where somebody sits from week `first` until week `last`."""

    person: int
    level: int
    department: int
    team: int
    manager: int | None
    function: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Team:
    """A team, its department and the person who leads it."""

    number: int
    name: str
    department: int
    lead: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Department:
    """A department of one region and the person who manages it."""

    number: int
    blueprint: Blueprint
    region: int
    name: str
    manager: int


@dataclass(frozen=True)
class Roster:
    """Who works where in one week."""

    level: dict[int, int]
    team_of: dict[int, int]
    members: dict[int, list[int]]
    seniors: dict[int, list[int]]
    operators: dict[int, list[int]]


@dataclass
class Organisation:
    """Everybody, and the chart over all weeks."""

    seed: int
    weeks: int
    people: list[Person] = field(default_factory=list)
    stints: list[Stint] = field(default_factory=list)
    teams: list[Team] = field(default_factory=list)
    departments: list[Department] = field(default_factory=list)
    successor: dict[int, int] = field(default_factory=dict)
    reorganisation: int = 0

    def rosters(self) -> list[Roster]:
        """The chart of every week; weeks without a change share one."""
        changes = {stint.first for stint in self.stints} | {stint.last for stint in self.stints}
        rosters: list[Roster] = []
        for week in range(self.weeks):
            rosters.append(_roster(self.stints, week) if week == 0 or week in changes else rosters[-1])
        return rosters

    def team_in(self, team: int, week: int) -> int:
        """The team that does this team's work in a week, through the reorganisation."""
        return self.successor.get(team, team) if week >= self.reorganisation else team

    def teams_of(self, department: int) -> list[Team]:
        """The teams a department starts with."""
        return [team for team in self.teams if team.department == department and team.first == 0]

    def department(self, key: str, region: int) -> Department:
        """The department of a kind in a region; staff departments serve all regions."""
        kind = [each for each in self.departments if each.blueprint.key == key]
        return next((each for each in kind if each.region == region), kind[0])

    @property
    def regions(self) -> range:
        """The regions, counted from zero."""
        return range(max(department.region for department in self.departments) + 1)


def _roster(stints: list[Stint], week: int) -> Roster:
    roster = Roster({}, {}, {}, {}, {})
    for stint in stints:
        if not stint.first <= week < stint.last:
            continue
        roster.level[stint.person], roster.team_of[stint.person] = stint.level, stint.team
        if stint.team == MANAGEMENT:
            continue
        for book, wanted in ((roster.members, stint.level), (roster.seniors, 4), (roster.operators, 5)):
            listed = book.setdefault(stint.team, [])
            if stint.level == wanted:
                listed.append(stint.person)
    return roster


def build(seed: int, people: int, weeks: int) -> Organisation:
    """An agency of about this many people, followed for this many weeks."""
    organisation = Organisation(seed, weeks, reorganisation=round(REORGANISATION * weeks))
    builder = _Builder(organisation, Dice(seed, 1))
    builder.fill(people)
    builder.turn_over()
    builder.promote(max(2, people // 50))
    builder.merge()
    return organisation


class _Builder:
    def __init__(self, organisation: Organisation, dice: Dice) -> None:
        self.organisation, self.dice = organisation, dice
        self._names = dice.sample([f"{first} {last}" for first in FIRST for last in LAST], len(FIRST) * len(LAST))
        self._taken: set[str] = set()

    def fill(self, people: int) -> None:
        regions = max(1, round(people / PEOPLE_PER_REGION))
        plan = [(b, region) for region in range(regions) for b in BLUEPRINTS if b.primary or region == 0]
        director = self._seat(1, -1, MANAGEMENT, None, "directeur")
        seats = people - 1 - len(plan)
        sizes = [seats // len(plan) + (at < seats % len(plan)) for at in range(len(plan))]
        for (blueprint, region), size in zip(plan, sizes, strict=True):
            self._department(blueprint, region, size, director, named=regions > 1)

    def _department(self, blueprint: Blueprint, region: int, size: int, director: int, *, named: bool) -> None:
        number = len(self.organisation.departments)
        manager = self._seat(2, number, MANAGEMENT, director, "afdelingsmanager")
        name = f"{blueprint.name} regio {region + 1}" if named and blueprint.primary else blueprint.name
        self.organisation.departments.append(Department(number, blueprint, region, name, manager))
        count = max(2 if blueprint.key in {"intake", "assessment"} else 1, round(size / TEAM_SIZE))
        for at in range(count):
            team_size = size // count + (at < size % count)
            self._team(blueprint, number, at, team_size, manager)

    def _team(self, blueprint: Blueprint, department: int, at: int, size: int, manager: int) -> None:
        number = len(self.organisation.teams)
        name = blueprint.teams[at % len(blueprint.teams)]
        if at >= len(blueprint.teams):
            name = f"{name} {at // len(blueprint.teams) + 1}"
        lead = self._seat(3, department, number, manager, "teamleider")
        self.organisation.teams.append(Team(number, name, department, lead, 0, self.organisation.weeks))
        policy = blueprint.key == "strategy" and at == 0
        seniors = max(1, round((size - 1) * (0.5 if policy else 0.2)))
        for seat in range(size - 1):
            level = 4 if seat < seniors else 5
            self._seat(level, department, number, lead, _function(blueprint, at, level, seat - seniors * (level == 5)))

    def _seat(self, level: int, department: int, team: int, manager: int | None, function: str, first: int = 0) -> int:
        person = self._person(level)
        weeks = self.organisation.weeks
        self.organisation.stints.append(Stint(person, level, department, team, manager, function, first, weeks))
        return person

    def _person(self, level: int) -> int:
        number = len(self.organisation.people)
        name = self._names[number]
        email = plain(name)
        while email in self._taken:
            email += "2"
        self._taken.add(email)
        share = self.dice.roll() * (0.64 if level <= 2 else 1.0)
        _, fte, days = next(each for each in WORKLOADS if share < each[0])
        free = tuple(sorted(set(self.dice.sample(FREE_DAYS, days))))
        self.organisation.people.append(
            Person(number, digest(self.organisation.seed, "person", number), name, f"{email}@example.org", fte, free)
        )
        return number

    def turn_over(self) -> None:
        """Some operators leave; after a gap somebody new takes the seat."""
        weeks = self.organisation.weeks
        for at, stint in enumerate(list(self.organisation.stints)):
            if stint.level < 5 or _stays(stint) or not self.dice.chance(0.16 * weeks / 104):
                continue
            leaves = self.dice.between(min(8, weeks // 4), weeks - min(8, weeks // 4))
            self.organisation.stints[at] = replace(stint, last=leaves)
            joins = leaves + self.dice.between(1, 8)
            if joins < weeks:
                self._seat(stint.level, stint.department, stint.team, stint.manager, stint.function, joins)

    def promote(self, number: int) -> None:
        """A few operators become seniors in their own team."""
        weeks = self.organisation.weeks
        candidates = [stint for stint in self.organisation.stints if stint.level == 5 and stint.last - stint.first > 30]
        chosen = [stint for stint in candidates if not _stays(stint)]
        for stint in self.dice.sample(chosen, number):
            week = self.dice.between(stint.first + 10, min(stint.last, weeks) - 10)
            self._split(stint, week, level=4, function=f"senior {stint.function}")

    def merge(self) -> None:
        """In every region the last intake team and the last assessment team become one assessment team."""
        for region in self.organisation.regions:
            intake = self.organisation.department("intake", region)
            assessment = self.organisation.department("assessment", region)
            self._merge(
                self.organisation.teams_of(intake.number)[-1], self.organisation.teams_of(assessment.number)[-1]
            )

    def _merge(self, moving: Team, staying: Team) -> None:
        organisation, week = self.organisation, self.organisation.reorganisation
        merged = replace(staying, number=len(organisation.teams), name=MERGED_TEAM, lead=moving.lead, first=week)
        organisation.teams.append(merged)
        manager = organisation.departments[staying.department].manager
        for old in (moving, staying):
            organisation.teams[old.number] = replace(old, last=week)
            organisation.successor[old.number] = merged.number
        for stint in [stint for stint in organisation.stints if stint.team in {moving.number, staying.number}]:
            changes: dict[str, object] = {"team": merged.number, "department": merged.department}
            changes["manager"] = manager if stint.person == merged.lead else merged.lead
            if stint.person == staying.lead:
                changes |= {"level": 4, "function": "senior beoordelaar"}
            self._split(stint, week, **changes)

    def _split(self, stint: Stint, week: int, **changes: object) -> None:
        if stint.last <= week:
            return
        stints = self.organisation.stints
        at = stints.index(stint)
        after = replace(stint, first=max(week, stint.first), **changes)  # type: ignore[arg-type]
        if stint.first >= week:
            stints[at] = after
        else:
            stints[at] = replace(stint, last=week)
            stints.append(after)


def _function(blueprint: Blueprint, team: int, level: int, seat: int) -> str:
    if blueprint.key == "support" and team == 0 and level == 5 and seat < 3:
        return "managementassistent"
    if blueprint.key == "strategy" and team == 0:
        if level == 5:
            return "projectondersteuner" if seat < 2 else "beleidsmedewerker"
        return "communicatieadviseur" if seat == 0 else "beleidsadviseur"
    return blueprint.senior if level == 4 else blueprint.operator


def _stays(stint: Stint) -> bool:
    """Assistants and the project office see the whole story."""
    return stint.function in {"managementassistent", "projectondersteuner"}
