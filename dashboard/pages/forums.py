"""The page that asks what fills the standing tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dashboard import blocks, notices
from dashboard.page import Look, Page
from dashboard.showing import card, findings, how, question_of
from dashboard.views.forums import QUESTIONS, forums_view
from dashboard.words import message
from privacy.groups import MINIMUM
from privacy.refusal import Refusal

if TYPE_CHECKING:
    from dash import html

    from dashboard.sheets import Sheet
    from dashboard.views.finding import Shown
    from dashboard.words import Words
    from privacy.group_forums import GroupForums

NAME = "forums"


def _sheets(seen: Look) -> dict[str, Sheet] | Refusal:
    answer = seen.door.forums(seen.viewer, seen.period)
    if isinstance(answer, Refusal):
        return answer
    view = forums_view(answer, seen.words)
    return {part.key: part.sheet for part in (view.division, *view.others)}


def _content(seen: Look) -> list[Any]:
    words, answer = seen.words, seen.door.forums(seen.viewer, seen.period)
    if isinstance(answer, Refusal):
        return [blocks.headline(notices.refusal(words, answer))]
    view = forums_view(answer, words)
    cards = [card(seen, NAME, view.division, blocks.bars(view.bars)), *(_card(seen, part) for part in view.others)]
    return findings(seen, view, cards, _how(seen), _parts(answer, words))


def _card(seen: Look, part: Shown) -> html.Figure:
    if part.key != "tables":
        return card(seen, NAME, part, wide=part.key == "subjects")
    # The table is the picture: every column is another question about the same tables.
    return card(seen, NAME, part, blocks.facts(seen.words, _last_row(part)), wide=True)


def _last_row(part: Shown) -> Sheet:
    """All tables together, as a sheet of one row."""
    return type(part.sheet)(part.sheet.caption, part.sheet.head, part.sheet.rows[-1:])


def _parts(answer: GroupForums, words: Words) -> tuple[str, ...]:
    return (
        words.many("{count} member", "{count} members", answer.people),
        words.many("{count} standing table", "{count} standing tables", answer.together.tables),
        words.many("{count} meeting", "{count} meetings", answer.together.meetings),
    )


def _how(seen: Look) -> html.Details:
    words = seen.words
    return how(
        seen,
        words("A standing table is a series with a stable set of people that includes one of the top two levels."),
        words(
            "Shares are of its clock hours; hours a week are those of everybody in the room. Subjects keep coming back "
            "when they were met on in three different weeks or more, at the table or besides it with the same people."
        ),
        words(
            "Taking turns in the chair is the spread of who led in the last half year: 0% when one person always led, "
            "100% when all did so equally. Who that was is not said."
        ),
        words(
            "A table is shown by itself from {minimum} members on; the smaller ones are taken together. A subject is "
            "named to a management team only, when {minimum} people or more met on it and nobody's name is in it.",
            minimum=MINIMUM,
        ),
    )


PAGE = Page(NAME, "/forums", message("Tables"), question_of(QUESTIONS, "mt"), _content, _sheets)
