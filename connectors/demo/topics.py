"""What the agency talks about: subjects that cross departments, who carries them and what becomes of them.

Kinds: `open` is never designed; `designed` is, in the last phase, and falls; `failed` had design meetings that changed
nothing; `cyclic` follows the month; `burst` happens once; `casework` is the work itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from connectors.demo.phases import FIRST_DESIGN

if TYPE_CHECKING:
    from connectors.demo.cast import Cast
    from connectors.demo.dice import Dice
    from connectors.demo.organisation import Organisation

Kind = Literal["open", "designed", "failed", "cyclic", "burst", "casework"]
Carrier = Literal["gatekeeper", "connector", "permits", "contact", ""]


@dataclass(frozen=True)
class Subject:
    """A subject in the words people use for it, the departments it touches and who carries it."""

    dutch: tuple[str, ...]
    english: tuple[str, ...]
    departments: tuple[str, ...]
    stream: str = ""
    carrier: Carrier = ""
    kind: Kind = "open"
    weight: float = 1.0


def _subject(
    dutch: str,
    english: str,
    departments: str,
    stream: str = "",
    carrier: Carrier = "",
    kind: Kind = "open",
    weight: float = 1.0,
) -> Subject:
    return Subject(
        tuple(dutch.split("/")), tuple(english.split("/")), tuple(departments.split()), stream, carrier, kind, weight
    )


SUBJECTS = (
    _subject(
        "achterstand beoordeling/achterstanden toets/werkvoorraad beoordeling",
        "assessment backlog/backlog assessments",
        "assessment intake benefits",
        "benefits",
        "gatekeeper",
        weight=1.25,
    ),
    _subject(
        "inkomensgrens jongeren/inkomensgrens",
        "income threshold/threshold young applicants",
        "assessment benefits",
        "benefits",
        "gatekeeper",
    ),
    _subject(
        "herbeoordelingen/herbeoordeling oude dossiers",
        "reassessments/reassessment old files",
        "assessment benefits contact",
        "benefits",
        "gatekeeper",
    ),
    _subject(
        "medisch advies/second opinion medisch",
        "medical advice/medical second opinion",
        "assessment intake",
        "benefits",
        "gatekeeper",
    ),
    _subject(
        "samengestelde dossiers/dossiers met meerdere regelingen",
        "combined files/multi-scheme files",
        "assessment permits benefits",
        "benefits",
        "gatekeeper",
    ),
    _subject(
        "overdracht intake beoordeling/overdracht intake",
        "handover intake/intake handover assessment",
        "intake assessment benefits",
        "benefits",
        "connector",
        weight=0.8,
    ),
    _subject(
        "bewijsstukken/aanlevering bewijsstukken",
        "supporting documents/evidence upload",
        "intake assessment contact",
        "benefits",
        "connector",
        weight=0.6,
    ),
    _subject(
        "terugkoppeling toekenning/terugmelding toekenningen",
        "award feedback/feedback on awards",
        "intake benefits assessment",
        "benefits",
        "connector",
        weight=0.6,
    ),
    _subject(
        "brandveiligheid evenementen/advies brandveiligheid",
        "fire safety events/fire safety advice",
        "permits inspection",
        "permits",
        "permits",
        "designed",
    ),
    _subject("leges/toepassing leges", "permit fees/fees", "permits support", "permits", "permits", weight=0.9),
    _subject(
        "doorlooptijd bouwaanvragen/doorlooptijden bouw",
        "building permit lead times/lead times building",
        "permits intake inspection",
        "permits",
        "permits",
    ),
    _subject(
        "terrassen en horeca/horecadossiers", "hospitality permits/terraces", "permits inspection", "permits", "permits"
    ),
    _subject("terugbelverzoeken/terugbellen", "callback requests/callbacks", "contact benefits", "", "contact"),
    _subject("wachttijden balie/wachttijd", "counter waiting times/waiting times", "contact intake ict", "", "contact"),
    _subject("klachtafhandeling/klachten burgers", "complaint handling/complaints", "contact strategy", "", "contact"),
    _subject(
        "aanvullen bouwdossiers/onvolledige bouwdossiers",
        "incomplete building files/building files",
        "permits intake",
        "permits",
        kind="designed",
    ),
    _subject(
        "bezwaartermijnen/termijnen bezwaar",
        "objection deadlines/deadlines objections",
        "strategy permits benefits",
        "objections",
        kind="designed",
    ),
    _subject(
        "pro forma bezwaren/proforma's",
        "pro forma objections/pro formas",
        "strategy benefits",
        "objections",
        kind="designed",
    ),
    _subject(
        "motivering besluiten/motiveringen",
        "reasoning of decisions/decision letters reasoning",
        "strategy permits assessment",
        "objections",
        kind="designed",
    ),
    _subject(
        "handhavingsverzoeken/verzoeken handhaving",
        "enforcement requests/requests enforcement",
        "inspection permits strategy",
        "permits",
    ),
    _subject("samenloop signalen/signalen", "overlapping signals/signals", "inspection benefits", "benefits"),
    _subject(
        "velden zaaksysteem/zaaksysteem velden",
        "case system fields/fields case system",
        "ict intake assessment",
        kind="failed",
    ),
    _subject("autorisaties/autorisaties zaaksysteem", "access rights/authorisations", "ict contact permits"),
    _subject("koppeling basisregistratie/koppeling BR", "registry link/registry interface", "ict benefits"),
    _subject(
        "briefsjablonen/sjablonen brieven", "letter templates/templates", "strategy contact assessment", kind="failed"
    ),
    _subject("inzet uitzendkrachten/inhuur piek", "temp staff/hiring for peak", "support intake contact"),
    _subject("scanstraat/postverwerking", "mail scanning/mail room", "intake ict"),
    _subject(
        "maandafsluiting/afsluiting maand", "month-end close/month end", "support benefits", kind="cyclic", weight=1.3
    ),
    _subject(
        "kwartaalrapportage/Q-rapportage", "quarterly report/Q report", "strategy assessment permits", kind="cyclic"
    ),
    _subject(
        "verhuizing Havenstraat/verhuizing",
        "office move/move Havenstraat",
        "support ict contact",
        kind="burst",
        weight=4,
    ),
    _subject(
        "bezoek rekenkamer/vragen rekenkamer",
        "audit visit/audit questions",
        "support strategy benefits",
        kind="burst",
        weight=4,
    ),
    _subject(
        "casusbespreking meervoudig/casusoverleg gezin",
        "case conference/case conference family",
        "benefits assessment",
        kind="casework",
        weight=1.6,
    ),
    _subject(
        "casusbespreking toezicht/casus pand",
        "case discussion premises/case discussion",
        "inspection permits",
        kind="casework",
    ),
)


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject in one region: its teams, who carries it, how often it comes up, when it is designed."""

    number: int
    subject: Subject
    region: int
    teams: tuple[int, ...]
    gate: int | None
    deputy: int | None
    rate: float
    design_week: int | None
    burst_week: int | None

    def strength(self, week: int) -> float:
        """How much of its usual rate a topic has in a week, apart from what happens everywhere."""
        kind = self.subject.kind
        if kind == "cyclic":
            return 2.6 if week % 4 == 0 else 0.2
        if self.burst_week is not None:
            return 1.0 if 0 <= week - self.burst_week < 7 else 0.0
        if kind == "designed" and self.design_week is not None and week > self.design_week + 3:
            return 0.22
        return 1.0


def topics(organisation: Organisation, cast: Cast, dice: Dice, chains_a_week: float) -> list[Topic]:
    """Every subject in every region, scaled so that this many chains of questions start in a quiet first week."""
    found: list[Topic] = []
    total = sum(subject.weight for subject in SUBJECTS if subject.kind != "burst") * len(organisation.regions)
    for region in organisation.regions:
        for subject in SUBJECTS:
            gate, deputy = _carrier(organisation, cast, subject, region)
            spread = 0.8 + 0.4 * dice.roll()
            found.append(
                Topic(
                    len(found),
                    subject,
                    region,
                    _teams(organisation, subject, region, dice),
                    gate,
                    deputy,
                    chains_a_week * subject.weight / total * spread,
                    _design_week(organisation.weeks, subject, dice),
                    dice.between(10, max(10, organisation.weeks - 20)) if subject.kind == "burst" else None,
                )
            )
    return found


def _design_week(weeks: int, subject: Subject, dice: Dice) -> int | None:
    if subject.kind == "designed":
        return round(weeks * (FIRST_DESIGN + 0.06 * dice.roll()))
    return round(weeks * (0.3 + 0.2 * dice.roll())) if subject.kind == "failed" else None


def _carrier(organisation: Organisation, cast: Cast, subject: Subject, region: int) -> tuple[int | None, int | None]:
    if subject.carrier == "gatekeeper":
        return cast.gatekeepers[region], None
    if subject.carrier == "connector":
        return cast.connectors[region], None
    if subject.carrier:
        manager = organisation.department(subject.carrier, region).manager
        return manager, cast.deputies[manager]
    return None, None


def _teams(organisation: Organisation, subject: Subject, region: int, dice: Dice) -> tuple[int, ...]:
    chosen = []
    for key in subject.departments:
        teams = organisation.teams_of(organisation.department(key, region).number)
        own = subject.carrier == "connector" and key == "intake"
        chosen.append(teams[0] if own else dice.pick(teams))
    return tuple(team.number for team in chosen)
