"""The page that asks how units are tied."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dashboard import blocks, notices, pictures
from dashboard.page import GROUPS_ONLY, Look, Page
from dashboard.showing import card, findings, how, question_of
from dashboard.views.ties import QUESTION, TiesView, ties_view
from dashboard.words import message
from privacy.groups import MINIMUM, MINIMUM_FOR_COUNTS
from privacy.refusal import Refusal

if TYPE_CHECKING:
    from dash import html

    from dashboard.sheets import Sheet
    from dashboard.words import Words
    from privacy.released_ties import GroupTies

NAME = "ties"


def _sheets(seen: Look) -> dict[str, Sheet] | Refusal:
    answer = seen.door.ties(seen.viewer, seen.period)
    if isinstance(answer, Refusal):
        return answer
    return {part.key: part.sheet for part in ties_view(answer, seen.words).parts}


def _content(seen: Look) -> list[Any]:
    answer = seen.door.ties(seen.viewer, seen.period)
    if isinstance(answer, Refusal):
        return [blocks.headline(notices.refusal(seen.words, answer))]
    view = ties_view(answer, seen.words)
    first = [card(seen, NAME, view.ties, _network(seen, answer, view), wide=True)] if answer.ties else []
    hanging = [card(seen, NAME, view.hanging)] if view.hanging else []
    return findings(seen, view, [*first, *hanging], _how(seen), _parts(answer, seen.words))


def _network(seen: Look, answer: GroupTies, view: TiesView) -> Any:
    ties = [(tie.one, tie.other, tie.hours_a_week) for tie in answer.ties]
    sizes = [unit.people for unit in answer.units]
    return blocks.graph("network-chart", pictures.network(view.names, sizes, ties, seen.words))


def _parts(answer: GroupTies, words: Words) -> tuple[str, ...]:
    return (
        words("at least {count} people", count=words.count(answer.people)),
        words.many("{count} pair of departments", "{count} pairs of departments", len(answer.ties)),
        words.many("{count} week", "{count} weeks", answer.period.weeks),
    )


def _how(seen: Look) -> html.Details:
    words = seen.words
    return how(
        seen,
        words(
            "Two departments are tied by the hours of the meetings in which both are, in bands: from 1, from 5 and "
            "from 20 hours a week. A tie is told when {minimum} people or more are in it, and enough on either side.",
            minimum=MINIMUM,
        ),
        words(
            "A pair hangs on one person when no two people of these teams met without that person, and they met more "
            "than once. We count such pairs and never say on whom, nor which they are; service roles and secretariats "
            "are left out."
        ),
        words(
            "The number of pairs is told in fives and the part in tenths, from {minimum} people on: at least 85% may "
            "be all of them, at most 15% none.",
            minimum=MINIMUM_FOR_COUNTS,
        ),
    )


PAGE = Page(NAME, "/ties", message("Ties"), question_of(QUESTION), _content, _sheets, roles=GROUPS_ONLY)
