"""The page that asks what fills the standing tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dashboard import blocks, notices
from dashboard.page import TEAMS_ONLY, Look, Page
from dashboard.showing import card, findings, how, question_of
from dashboard.views.forums import QUESTIONS, forums_view
from dashboard.words import message
from privacy.refusal import Refusal

if TYPE_CHECKING:
    from dash import html

    from dashboard.sheets import Sheet
    from dashboard.words import Words
    from privacy.released_forums import GroupForums

NAME = "forums"


def _sheets(seen: Look) -> dict[str, Sheet] | Refusal:
    answer = seen.door.forums(seen.viewer, seen.period)
    if isinstance(answer, Refusal):
        return answer
    return {part.key: part.sheet for part in forums_view(answer, seen.words).parts}


def _content(seen: Look) -> list[Any]:
    words, answer = seen.words, seen.door.forums(seen.viewer, seen.period)
    if isinstance(answer, Refusal):
        return [blocks.headline(notices.refusal(words, answer))]
    view = forums_view(answer, words)
    cards = [
        card(seen, NAME, view.division, blocks.bars(view.bars)),
        card(seen, NAME, view.tables, blocks.facts(words, view.tables.sheet, skip=0)),
    ]
    return findings(seen, view, cards, _how(seen), _parts(answer, words))


def _parts(answer: GroupForums, words: Words) -> tuple[str, ...]:
    return (
        words.many("{count} standing table", "{count} standing tables", answer.tables),
        words("at least {count} members", count=words.count(answer.people)),
        words("at least {count} meetings", count=words.count(answer.meetings)),
    )


def _how(seen: Look) -> html.Details:
    words = seen.words
    return how(
        seen,
        words("A standing table is a series with a stable set of people that includes one of the top two levels."),
        words(
            "Shares are of its clock hours, to 10%; hours a week are those of everybody in the room, to 5; levels in "
            "the room are told to a half."
        ),
        words("All tables of a unit are told together: never one by itself, who sits there or leads it, or a subject."),
    )


PAGE = Page(NAME, "/forums", message("Tables"), question_of(QUESTIONS, "mt"), _content, _sheets, roles=TEAMS_ONLY)
