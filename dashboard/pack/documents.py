"""The works council's pack and the draft of a data-protection impact assessment, from what is really running."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.pack import people, reading, ruling
from dashboard.paper.document import Chapter, Document
from dashboard.paper.parts import Aside, Text
from dashboard.words import Words, message

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dashboard.pack.running import Running
    from dashboard.paper.parts import Part

    Write = Callable[[Running, Words], tuple[Part, ...]]

READ = (message("What is read?"), reading.read)
KEPT = (message("What is kept?"), reading.kept)
WHY = (message("Why is it read?"), people.why)
WHO = (message("Who sees what?"), people.who)
HOW_LONG = (message("How long is it kept?"), reading.how_long)
RULES = (message("Which rules are in force?"), ruling.rules)
AUDITS = (message("What did the audits find?"), ruling.audits)
LABELS = (message("How right are the labels?"), ruling.labels)
NEVER = (message("What does it never do?"), people.never)
RIGHTS = (message("Which rights do people have, and how do they use them?"), people.rights)
RISKS = (message("Which risks do people run, and what is done about them?"), people.risks)
COUNCIL = (message("Open questions for the works council (OR)"), people.council)
OFFICER = (message("Open questions for the data-protection officer (FG)"), people.officer)

KINDS: Mapping[str, tuple[str, tuple[tuple[str, Write], ...]]] = {
    "works-council": (
        message("meetload: what the works council needs to know"),
        (WHY, READ, KEPT, WHO, HOW_LONG, RULES, AUDITS, LABELS, NEVER, RIGHTS, COUNCIL, OFFICER),
    ),
    "impact": (
        message("meetload: draft of a data-protection impact assessment"),
        (READ, KEPT, HOW_LONG, WHY, WHO, RISKS, RULES, AUDITS, LABELS, RIGHTS, NEVER, OFFICER, COUNCIL),
    ),
}


def pack(running: Running, kind: str, language: str) -> Document:
    """One document of a kind in a language; every number in it is read from `running`."""
    words = Words(language)
    title, chapters = KINDS[kind]
    draft, *written = (Chapter(words(question), write(running, words)) for question, write in chapters)
    return Document(
        title=words(title),
        language=words.language,
        facts=_facts(running, words),
        chapters=(Chapter(draft.question, (_draft(words), *draft.parts)), *written),
        numbers_title=words("The numbers"),
        see_numbers=words("The numbers stand at the end."),
    )


def _draft(words: Words) -> Aside:
    return Aside(
        (
            Text(
                words(
                    "Draft, to be confirmed by the data-protection officer (FG) and the works council (OR). "
                    "This is no legal advice."
                )
            ),
        )
    )


def _facts(running: Running, words: Words) -> tuple[str, ...]:
    facts = [words("Made on {day} from the settings in use.", day=words.day(running.made))]
    if running.releases:
        quarters = ", ".join(release.quarter for release in running.releases)
        facts.append(words("Releases: {quarters}.", quarters=quarters))
    else:
        facts.append(words("No release yet."))
    if running.demo:
        facts.append(words("Made-up people in a made-up organisation"))
    return tuple(facts)
