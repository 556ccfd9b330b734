"""The page that asks how units are tied."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dashboard import blocks, notices, pictures
from dashboard.page import Look, Page
from dashboard.showing import card, findings, how, question_of
from dashboard.views.ties import QUESTION, TiesView, ties_view
from dashboard.words import message
from privacy.groups import MINIMUM
from privacy.refusal import Refusal

if TYPE_CHECKING:
    from dash import html

    from dashboard.sheets import Sheet
    from dashboard.views.finding import Shown
    from dashboard.words import Words
    from privacy.group_ties import GroupTies

NAME = "ties"


def _sheets(seen: Look) -> dict[str, Sheet] | Refusal:
    answer = seen.door.ties(seen.viewer, seen.period)
    if isinstance(answer, Refusal):
        return answer
    view = ties_view(answer, seen.words)
    return {part.key: part.sheet for part in (view.ties, *view.others)}


def _content(seen: Look) -> list[Any]:
    answer = seen.door.ties(seen.viewer, seen.period)
    if isinstance(answer, Refusal):
        return [blocks.headline(notices.refusal(seen.words, answer))]
    view = ties_view(answer, seen.words)
    first = [card(seen, NAME, view.ties, _network(seen, answer, view), wide=True)] if answer.ties else []
    others = [card(seen, NAME, part, _over_time(seen, answer, part)) for part in view.others]
    return findings(seen, view, [*first, *others], _how(seen), _parts(answer, seen.words))


def _network(seen: Look, answer: GroupTies, view: TiesView) -> Any:
    ties = [(tie.one, tie.other, tie.hours_a_week) for tie in answer.ties]
    sizes = [unit.people for unit in answer.units]
    return blocks.graph("network-chart", pictures.network(view.names, sizes, ties, seen.words))


def _over_time(seen: Look, answer: GroupTies, part: Shown) -> Any:
    if part.key != "slices":
        return None
    words = seen.words
    lines = (
        (words("Pairs that met"), [each.connected for each in answer.slices], False),
        (words("Hang on one person"), [each.hanging for each in answer.slices], True),
    )
    days = [each.period.start for each in answer.slices]
    return blocks.graph("slices-chart", pictures.counts(days, lines, words))


def _parts(answer: GroupTies, words: Words) -> tuple[str, ...]:
    return (
        words.many("{count} person", "{count} people", answer.people),
        words.many("{count} pair of teams", "{count} pairs of teams", answer.pairs),
        words.many("{count} week", "{count} weeks", answer.period.weeks),
    )


def _how(seen: Look) -> html.Details:
    words = seen.words
    return how(
        seen,
        words(
            "A meeting of n people gives each two of them its hours divided by n − 1, so that a crowd ties nobody "
            "closely. A tie between units is the sum over their people."
        ),
        words(
            "A pair hangs on one person when no two people of these teams met without that person. We count such pairs "
            "and never say on whom."
        ),
        words(
            "A unit is shown from {minimum} people on; smaller teams are taken together within their department. A tie "
            "is shown when {minimum} people or more are in it.",
            minimum=MINIMUM,
        ),
        words(
            "How few places would be enough: the smallest set of series and subjects of the last quarter in which "
            "every pair of teams that meets now still meets."
        ),
    )


PAGE = Page(NAME, "/ties", message("Ties"), question_of(QUESTION), _content, _sheets)
