"""What meetings are called: our own subjects in Dutch and English, stage words, generic and standing titles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulation.subjects import SUBJECTS, Subject

if TYPE_CHECKING:
    from collections.abc import Sequence

DUTCH, ENGLISH = 0, 1
FIRST, FOLLOW, ESCALATE, DECIDE, CASE = range(5)

GENERIC = (
    "Overleg", "Bijpraten", "Even sparren", "Kort overleg", "Afstemming", "Catch-up", "Touch base", "Quick call", "Vraagje",
    "Meeting", "Korte afstemming", "Alignment", "Bila extra", "Call", "Even bellen", "Check-in", "Tussendoor",
)  # fmt: skip

# How a stage of a chain is worded around its subject; {s} is the subject.
STAGES: dict[int, tuple[tuple[str, ...], tuple[str, ...]]] = {
    FIRST: (
        ("{s}", "{s}", "Overleg {s}", "Afstemming {s}", "{s} bespreken", "Startgesprek {s}"),
        ("{s}", "{s}", "Discuss {s}", "{s} alignment", "Kick-off {s}", "{s} catch-up"),
    ),
    FOLLOW: (
        ("Vervolg {s}", "{s} (vervolg)", "{s} deel 2", "RE: {s}", "Vervolgafspraak {s}", "{s} - stand van zaken"),
        ("Follow-up {s}", "{s} (cont.)", "RE: {s}", "{s} part 2", "{s} - next steps", "FW: {s}"),
    ),
    ESCALATE: (
        ("SPOED {s}", "Escalatie {s}", "{s}: knoop doorhakken", "{s} loopt vast", "Opschalen {s}", "{s} - besluit nodig"),
        ("URGENT {s}", "Escalation {s}", "{s}: decision needed", "{s} is stuck", "Blocked: {s}", "{s} - tie-break"),
    ),
    DECIDE: (
        ("Werkafspraken {s}", "Herontwerp {s}", "{s}: rollen en spelregels", "Procesontwerp {s}", "Inrichting {s}"),
        ("Redesign {s}", "{s}: roles and rules", "Working agreement {s}", "Process design {s}", "{s} operating model"),
    ),
    CASE: (
        ("Dossier {n} {s}", "Casus {n} - {s}", "{s} zaak {n}"),
        ("Case {n} {s}", "File {n} - {s}", "{s} case {n}"),
    ),
}  # fmt: skip

LINE = (
    "Teamzaken",
    "Taken verdelen",
    "Bezetting deze week",
    "Team catch-up",
    "Planning rondmaken",
    "Who does what",
    "Weekverdeling",
)
INCIDENTS = ("Storing {s}", "Uitval {s}", "P1 {s}", "{s} ligt plat", "Outage {s}", "{s} down")
OTHERS = (
    "Lunch", "Koffie met nieuwe collega", "Training gesprekstechniek", "Voortgangsgesprek", "Kennismaking", "Coffee",
    "Webinar", "Loopbaangesprek", "Borrel commissie", "Intervisie", "Sollicitatiegesprek", "Interview candidate",
)  # fmt: skip
SERIES = {
    "board": ("Directieberaad", "Board meeting"),
    "management": ("MT {n}", "Management overleg {n}", "Leadership team {n}"),
    "unit": ("Unitoverleg {n}", "Werkoverleg leiding {n}"),
    "team": ("Werkoverleg {n}", "Teamoverleg {n}", "Team meeting {n}"),
    "everybody": ("Plenair {n}", "Afdelingsbijeenkomst {n}", "Town hall {n}"),
    "pair": ("1-op-1", "Bila", "One-on-one"),
    "standup": ("Dagstart {n}", "Stand-up {n}"),
    "focus": ("Focustijd", "Blok concentratie", "Deep work"),
}
COMMITTEES = ("Stuurgroep {s}", "Keten {s}", "Voortgang {s}", "Regiegroep {s}", "Steering committee {s}", "{s} weekly")
DESIGN_GROUPS = ("Werkgroep inrichting {s}", "Ontwerpgroep {s}", "Design working group {s}", "Architectuur {s}")
AWAY = ("Vakantie", "Vrij", "Verlof", "Annual leave", "Out of office", "Afwezig", "On holiday", "Met vakantie")
SICK = ("Ziek", "Ziek gemeld", "Sick leave", "Sick")
FREE_DAY = ("Vrije dag", "Parttime dag", "Roostervrij", "Day off", "Niet werkzaam")


PLACES = ("Noordrand", "Zuiderpark", "Westkade", "Oosterhof", "Centrum", "Havenkwartier", "Molenwijk", "Vogelbuurt")


class Titles:
    """All titles in use, each once; meetings hold its number. `pool` has the subjects of meetings outside topics."""

    def __init__(self, pool: Sequence[Subject] = SUBJECTS) -> None:
        self.pool = pool
        self.texts: list[str] = []
        self._number: dict[str, int] = {}

    def number(self, text: str) -> int:
        """The number of a title, noted when it is new."""
        if text not in self._number:
            self._number[text] = len(self.texts)
            self.texts.append(text)
        return self._number[text]

    def numbers(self, texts: Sequence[str]) -> np.ndarray:
        """The numbers of several titles."""
        return np.array([self.number(text) for text in texts], dtype=np.int64)

    def series(self, kind: str, key: int) -> int:
        """A standing title; the same kind and key give the same one."""
        patterns = COMMITTEES if kind == "committee" else DESIGN_GROUPS if kind == "design" else SERIES[kind]
        pattern = patterns[key % len(patterns)]
        return self.number(pattern.format(s=wording(key, key, pool=self.pool), n=key + 1))

    def adhoc(self, kind: np.ndarray, team: np.ndarray, chance: np.random.Generator) -> np.ndarray:
        """Titles of meetings outside series, by kind (see adhoc.KINDS) and the organiser's team."""
        styles = [self._wordings(number) for number in range(6)]
        found = np.zeros(len(kind), dtype=np.int64)
        for number, style in enumerate(styles):
            rows = np.flatnonzero(kind == number)
            subject = (team[rows] + chance.integers(0, 4, len(rows))) % len(style)
            found[rows] = style[subject, (chance.random(len(rows)) * style.shape[1]).astype(int)]
        generic = self.numbers(GENERIC)
        vague = (chance.random(len(kind)) < 0.1) & np.isin(kind, (0, 2, 4))
        found[vague] = chance.choice(generic, vague.sum())
        return found

    def _wordings(self, kind: int) -> np.ndarray:
        """All titles of one kind, a row a subject."""
        stage = {0: FIRST, 2: ESCALATE, 4: DECIDE}.get(kind)
        if stage is not None:
            return np.array(
                [self.numbers(every_wording(subject, stage, self.pool)) for subject in range(len(self.pool))]
            )
        if kind == 3:
            said = [wording(subject, 0, pool=self.pool) for subject in range(len(self.pool))]
            return np.array([self.numbers([pattern.format(s=each) for pattern in INCIDENTS]) for each in said])
        return self.numbers(LINE if kind == 1 else OTHERS)[:, None]


def wording(subject: int, which: int, language: int = DUTCH, pool: Sequence[Subject] = SUBJECTS) -> str:
    """One way to say a subject."""
    ways = pool[subject % len(pool)][language]
    return ways[which % len(ways)]


def every_wording(subject: int, stage: int, pool: Sequence[Subject]) -> list[str]:
    """All titles of a subject at a stage that every subject has equally many of."""
    texts = []
    for language in (DUTCH, ENGLISH):
        for number, pattern in enumerate(STAGES[stage][language]):
            texts.append(_capital(pattern.format(s=wording(subject, number, language, pool), n=number)))
    return texts


def topic_title(subject: int, stage: int, language: int, way: int, pattern: int, case: int) -> str:
    """The title of one meeting of a topic; where there are more topics than subjects a place tells them apart."""
    patterns = STAGES[stage][language]
    said = wording(subject, way, language)
    if subject >= len(SUBJECTS):
        said = f"{said} {place(subject // len(SUBJECTS) - 1)}"
    return _capital(patterns[pattern % len(patterns)].format(s=said, n=case))


def place(number: int) -> str:
    """One of many places."""
    return PLACES[number] if number < len(PLACES) else f"{PLACES[number % len(PLACES)]} {number // len(PLACES) + 1}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
