"""The page that asks how units are tied."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dashboard import blocks, notices, onward, pictures
from dashboard.opening import NOWHERE, Onward, linked
from dashboard.page import GROUPS_ONLY, Look, Page
from dashboard.showing import back_to_all, card, findings, how, look_closer, question_of
from dashboard.views.ties import QUESTION, TiesView, narrowed, others_of, ties_view, unit_view
from dashboard.words import message
from privacy.groups import MINIMUM, MINIMUM_FOR_COUNTS
from privacy.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dash import html

    from dashboard.sheets import Sheet
    from dashboard.words import Words
    from privacy.released_ties import GroupTies

NAME = "ties"


def _answer(seen: Look) -> GroupTies | Refusal:
    """The ties this viewer sees, all of them or those of the department in the address."""
    answer, unit = seen.door.ties(seen.viewer, seen.period), seen.selection.unit
    if isinstance(answer, Refusal) or not unit:
        return answer
    return narrowed(answer, unit) or Refusal("not_released", {})


def _view(seen: Look, answer: GroupTies) -> TiesView:
    unit = seen.selection.unit
    return unit_view(answer, unit, seen.words) if unit else ties_view(answer, seen.words)


def _sheets(seen: Look) -> dict[str, Sheet] | Refusal:
    answer = _answer(seen)
    if isinstance(answer, Refusal):
        return answer
    return {part.key: part.sheet for part in _view(seen, answer).parts}


def _content(seen: Look) -> list[Any]:
    answer = _answer(seen)
    if isinstance(answer, Refusal):
        return [*back_to_all(seen), blocks.headline(notices.refusal(seen.words, answer))]
    view = _view(seen, answer)
    cards = list(_cards(seen, answer, view))
    found = findings(seen, view, cards, _how(seen), _parts(answer, seen.words), look_closer(seen))
    return [*back_to_all(seen), *found]


def _cards(seen: Look, answer: GroupTies, view: TiesView) -> Iterator[html.Figure]:
    if answer.ties:
        yield _of_unit(seen, answer, view) if seen.selection.unit else _of_all(seen, answer, view)
    if view.hanging:
        no_more = Onward(hint=seen.words(onward.NO_MORE))
        yield card(seen, NAME, view.hanging, onward=no_more if view.hanging.strokes else NOWHERE)


def _of_all(seen: Look, answer: GroupTies, view: TiesView) -> html.Figure:
    """All ties as a network: a point opens its department, a row either."""
    names = [unit.name for unit in answer.units]
    links = onward.ties_of(seen, names) if len(answer.ties) > 1 else {}
    ends = [(names[tie.one], names[tie.other]) for tie in answer.ties]
    hint = seen.words("A point opens the ties of its department; in the numbers both ends open.")
    leads = onward.ways(seen, ends, [(name, "") for name in names], links, hint)
    ties = [(tie.one, tie.other, tie.hours_a_week) for tie in answer.ties]
    figure = pictures.network(view.names, [unit.people for unit in answer.units], ties, seen.words)
    drawing = blocks.graph("network-chart", linked(figure, leads.bars))
    return card(seen, NAME, view.ties, drawing, wide=True, onward=leads)


def _of_unit(seen: Look, answer: GroupTies, view: TiesView) -> html.Figure:
    """The ties of one department as bars: each opens those of the other."""
    others = others_of(answer, seen.selection.unit)
    links = onward.ties_of(seen, others)
    ends = [(name, "") for name in others]
    hint = seen.words("A bar opens the ties of that department, and so does its row in the numbers.")
    return card(seen, NAME, view.ties, wide=True, onward=onward.ways(seen, ends, ends, links, hint))


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
