"""What a title says of its subject: words that only say what kind of meeting it is stripped, the rest made alike.

"RE: Intake-achterstand, wie beslist?"  ->  intake achterstand  ->  backlog intak
"intake backlog"                        ->  intake backlog      ->  backlog intak
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

# Words that say which kind or stage of meeting it is, not what it is about.
_STAGE = """
    re fw fwd antw doorst vervolg vervolgoverleg vervolgafspraak vervolgsessie followup follow up cont continued
    deel part sessie sessies session ronde round extra herhaling repeat nieuwe new eerste tweede derde first second
    third last laatste next steps stap stappen
    overleg overleggen afstemming afstemmen afstemoverleg bespreken bespreking bespreekpunt doorspreken doornemen
    bijpraten praten sparren bellen belletje bila bilateraal bilat sync meeting meet call calls align alignment catch
    check checkin touch base chat talk huddle discuss discussion discussing gesprek gesprekken kennismaking intro
    vergadering vergaderen werkoverleg teamoverleg werkafspraak werkafspraken werkvergadering bijeenkomst afspraak
    appointment session workshop brainstorm brainstormen werksessie update updates bijwerken status statusoverleg
    statusupdate stand zaken voortgang voortgangsoverleg progress planning weekly daily monthly wekelijks maandelijks
    dagelijks weekstart dagstart standup kickoff kick off start startgesprek startoverleg aftrap opstart
    escalatie escaleren escalation escalate escalated opschalen opschaling spoed spoedoverleg urgent dringend asap haast
    knoop doorhakken besluit besluiten besluitvorming beslissen beslist beslissing decide decision
    decisions needed nodig blocked geblokkeerd blokkade stuck vast loopt loopvast knelpunt knelpunten tie break impasse
    plat ligt down nogmaals again weer opnieuw afronden afronding voorbereiden voorbereiding prepare preparation prep
    pakt oppakken nalopen gaan doen owns own takes fu mtg ovl periodiek tweewekelijks wekelijkse maandelijkse biweekly
    ontwerp herontwerp ontwerpen procesontwerp procesinrichting inrichting inrichten design redesign designing
    proces process processes processen rol rollen role roles spelregel spelregels rule rules raci
    verantwoordelijkheid verantwoordelijkheden responsibilities operating model werkwijze working agreement agreements
    review reviewen retro retrospective retrospectief evaluatie evaluation evalueren terugblik terugkijken lessons
    vraag vragen vraagje question questions probleem problemen problem problems issue issues punt punten item items
    actie acties actiepunten action actions todo terugkoppeling feedback toelichting presentatie presentation
    stuurgroep werkgroep projectgroep regiegroep klankbordgroep commissie steering committee group groep board team
    dossier dossiers casus case cases file zaak zaken ticket nr no nummer versie version concept draft
    kort korte kortweg even snel snelle quick short brief klein tussendoor informeel informal ad hoc
    de het een en of in op aan van voor met over bij naar door om te wie wat hoe waar waarom wanneer welke is zijn wordt
    als dan nog niet wel geen ook uit tot tussen tijdens na per ons onze je jouw mijn deze dit die alle the a an and or
    on at to for of with about by from into who what how where why when which are be not we our us my this that all vs
    maandag dinsdag woensdag donderdag vrijdag monday tuesday wednesday thursday friday week weken weeks
    januari februari maart april mei juni juli augustus september oktober november december
    january february march may june july august october
"""
STAGE_WORDS = frozenset(_STAGE.split())
GENERIC = ""
GLOSSARY = Path(__file__).with_name("glossary.tsv")
SHORTEST_PART = 4
_LINKS = ("", "s", "e", "en")
_WORD = re.compile(r"[^\W\d_]{2,}")


def words_of(title: str | None) -> tuple[str, ...]:
    """The words of a title that may name its subject, in lower case and in their order.

    >>> words_of("FW: Intake-achterstand (deel 2)")
    ('intake', 'achterstand')
    """
    if not title:
        return ()
    plain = unicodedata.normalize("NFKC", title).lower().replace("'s ", " ").replace("’s ", " ")
    return tuple(word for word in _WORD.findall(plain) if word not in STAGE_WORDS)


def topic_of(title: str | None) -> str:
    """The subject words of a title in a fixed order, or "" where the title names no subject.

    >>> topic_of("RE: Achterstand intake, wie beslist?")
    'achterstand intake'
    >>> topic_of("Overleg")
    ''
    """
    return " ".join(sorted(set(words_of(title))))


def stem(word: str) -> str:
    """A word without accents, plural endings and doubled letters, alike enough for Dutch and English.

    >>> stem("vergunningen"), stem("zalen"), stem("zaal"), stem("policies"), stem("policy")
    ('verguning', 'zal', 'zal', 'polic', 'polic')
    """
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", word) if not unicodedata.combining(sign))
    if len(plain) > 3 and plain.endswith("s") and not plain.endswith(("ss", "us", "is")):
        plain = plain[:-1]
    if len(plain) > 4 and plain.endswith("en"):
        plain = plain[:-2]
    plain = re.sub(r"(.)\1", r"\1", plain)
    if len(plain) > 4:
        plain = re.sub(r"(?:ie|y|e|i)$", "", plain)
    return re.sub(r"v$", "f", re.sub(r"z$", "s", plain))


@cache
def glossary() -> dict[str, tuple[str, ...]]:
    """Dutch stems with the English stems for them; general words of work, in glossary.tsv beside this file."""
    found: dict[str, tuple[str, ...]] = {}
    for line in GLOSSARY.read_text(encoding="utf-8").splitlines():
        dutch, english = line.split("\t")
        # Of two words with one stem, such as a plural with another translation, the first stands.
        found.setdefault(stem(dutch), tuple(stem(word) for word in english.split()))
    return found


class Concepts:
    """Turns words into what they mean in either language; compounds fall apart at words that are used on their own."""

    def __init__(self, words: Iterable[str]) -> None:
        """`words` are those of all titles of the organisation."""
        self._parts = {stem(word) for word in words if len(word) >= SHORTEST_PART} | set(glossary())
        self._known: dict[str, tuple[str, ...]] = {}

    def of(self, words: Collection[str]) -> tuple[str, ...]:
        """The concepts of some words, each once and in a fixed order."""
        return tuple(sorted({concept for word in words for concept in self._concepts(word)}))

    def _concepts(self, word: str) -> tuple[str, ...]:
        if word not in self._known:
            whole = stem(word)
            parts = (whole,) if whole in glossary() else _split(word, self._parts) or (whole,)
            self._known[word] = tuple(each for part in parts for each in glossary().get(part, (part,)))
        return self._known[word]


def _split(word: str, parts: Collection[str]) -> tuple[str, ...]:
    """The stems of the parts of a compound, fewest and longest first part first; nothing where it is none.

    >>> _split("intakeachterstanden", {"intak", "achterstand"})
    ('intak', 'achterstand')
    >>> _split("verzekeringsbeleid", {"verzekering", "beleid"})
    ('verzekering', 'beleid')
    """
    for end in range(len(word) - SHORTEST_PART, SHORTEST_PART - 1, -1):
        head = word[:end]
        for link in _LINKS:
            bare = head[: len(head) - len(link)]
            if head.endswith(link) and len(bare) >= SHORTEST_PART and stem(bare) in parts:
                tail = word[end:]
                rest = (stem(tail),) if stem(tail) in parts else _split(tail, parts)
                if rest:
                    return (stem(bare), *rest)
    return ()
