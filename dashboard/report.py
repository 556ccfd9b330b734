"""The pages of the dashboard as one document for a viewer, a period and a language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask

from dashboard.address import Asked, Selection
from dashboard.page import DOOR, PRODUCT, Look, Stop, look
from dashboard.paper.document import Chapter, Document
from dashboard.paper.parts import parts_of
from dashboard.shell import viewer_name
from dashboard.views.trust import seen_share
from dashboard.words import Words
from store.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboard.page import Page
    from privacy.door import Door
    from privacy.viewer import Viewer


def report(door: Door, pages: Sequence[Page], viewer: Viewer | None, period: str, language: str) -> Document:
    """What the pages say to this viewer about this period.

    `period` is written as in an address (`2026Q3`; empty is everything). Raises BadInput where there is nothing to
    show or nothing this viewer may see.
    """
    words = Words(language)
    selection = Selection(viewer, period, language)
    server = Flask(PRODUCT)
    server.config[DOOR] = door
    with server.app_context():
        looks = [(page, look(door, Asked(selection), words, page.path)) for page in pages if page.on_paper]
        chapters = tuple(
            _chapter(page, seen, words)
            for page, seen in looks
            if isinstance(seen, Look) and seen.viewer.role in page.roles
        )
        seen = looks[0][1]
        if isinstance(seen, Stop):
            raise BadInput(seen.sentence)
        return Document(
            title=words("Where our meeting time goes"),
            language=language,
            facts=_facts(seen),
            chapters=chapters,
            numbers_title=words("The numbers"),
            see_numbers=words("The numbers stand at the end."),
        )


def _chapter(page: Page, seen: Look, words: Words) -> Chapter:
    return Chapter(page.question(words, seen.viewer), parts_of(page.content(seen)))


def _facts(seen: Look) -> tuple[str, ...]:
    words, overview = seen.words, seen.overview
    share = seen_share(seen.door.checks(seen.viewer, seen.period))
    rests = [
        words.many("{count} person", "{count} people", overview.people),
        *([words.many("{count} meeting", "{count} meetings", overview.meetings)] if overview.meetings else []),
    ]
    if share is not None:
        rests.append(words("{share} of people with a calendar", share=words.percent(share)))
    facts = [f"{viewer_name(seen.door, words, seen.viewer)}, {words.dates(seen.period)}"]
    facts.append(words("These figures come from {parts}.", parts=", ".join(rests)))
    if overview.demo:
        facts.append(words("Made-up people in a made-up organisation"))
    return tuple(facts)
