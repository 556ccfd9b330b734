"""The page that asks where escalations come from and where they end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.escalations.chains import CONTINUES_DAYS, LOOK_BACK_DAYS
from dashboard import blocks, notices, onward
from dashboard.opening import NOWHERE, Onward
from dashboard.page import GROUPS_ONLY, Look, Page
from dashboard.showing import back_to_all, card, findings, how, look_closer, question_of
from dashboard.views.escalations import QUESTION, drawn, escalations_view
from dashboard.words import message
from privacy.groups import MINIMUM
from privacy.refusal import Refusal

if TYPE_CHECKING:
    from dash import html

    from dashboard.sheets import Sheet
    from dashboard.views.finding import Shown
    from dashboard.words import Words
    from privacy.released_escalations import Flow, GroupEscalations

NAME = "escalations"


def _answer(seen: Look) -> GroupEscalations | Refusal:
    return seen.door.escalations(seen.viewer, seen.period, seen.selection.unit)


def _sheets(seen: Look) -> dict[str, Sheet] | Refusal:
    answer = _answer(seen)
    if isinstance(answer, Refusal):
        return answer
    return {part.key: part.sheet for part in escalations_view(answer, seen.words).parts}


def _content(seen: Look) -> list[Any]:
    answer, unit = _answer(seen), seen.selection.unit
    if isinstance(answer, Refusal):
        return [*back_to_all(seen), blocks.headline(notices.refusal(seen.words, answer))]
    view = escalations_view(answer, seen.words, unit)
    cards = [
        card(seen, NAME, part, wide=part.key in {"departments", "summary"}, onward=_leads(seen, answer, part))
        for part in view.parts
    ]
    found = findings(seen, view, cards, _how(seen), _parts(answer, seen.words), look_closer(seen))
    return [*back_to_all(seen), *found]


def _leads(seen: Look, answer: GroupEscalations, part: Shown) -> Onward:
    """Where the bars and rows of a picture lead."""
    words = seen.words
    if part.key == "levels":
        hint = words(
            "A bar opens how coordination moved at the level where its way begins; in the numbers both ends open."
        )
        return _along(seen, answer.by_levels, part, onward.levels_of(seen, _names(answer.by_levels)), hint)
    if part.key == "departments":
        hint = words(
            "A bar opens the escalations of the department where its way begins; in the numbers both ends open."
        )
        links = onward.escalations_of(seen, _names(answer.by_departments))
        return _along(seen, answer.by_departments, part, links, hint)
    return Onward(hint=words(onward.NO_MORE)) if part.strokes else NOWHERE


def _along(seen: Look, flows: tuple[Flow, ...], part: Shown, links: dict[str, str], hint: str) -> Onward:
    bars = [(flow.origin, flow.end) for flow in drawn(flows)]
    others = [("", "")] * (len(part.strokes) - len(bars))
    return onward.ways(seen, [(flow.origin, flow.end) for flow in flows], [*bars, *others], links, hint)


def _names(flows: tuple[Flow, ...]) -> dict[str, None]:
    """Every group that ways begin or end in, once."""
    return dict.fromkeys(name for flow in flows for name in (flow.origin, flow.end) if name)


def _parts(answer: GroupEscalations, words: Words) -> tuple[str, ...]:
    return (words("about {count} escalations that could be followed", count=words.count(answer.whole.cases)),)


def _how(seen: Look) -> html.Details:
    words = seen.words
    return how(
        seen,
        words(
            "An escalation is a meeting with that label. It comes from the meetings of the {days} days before on the "
            "same subject that shared a person with it; without such a meeting, from all on the subject.",
            days=LOOK_BACK_DAYS,
        ),
        words(
            "An escalation that another one carried on within {days} days is a step on the way, not an end.",
            days=CONTINUES_DAYS,
        ),
        words(
            "It begins at the lowest level that met on the subject before, and ends at the highest level in its "
            "escalations; the levels climbed are the difference."
        ),
        words(
            "A way is shown when {minimum} people or more took part at both its ends; the others are taken together.",
            minimum=MINIMUM,
        ),
        words(
            "Up one line of managers: at least 80% of the people are one manager, the direct reports, and the managers "
            "above."
        ),
        words(
            "Counts are told in fives and parts in tenths: at least 85% may be all of them, at most 15% none. The "
            "escalations of a department are those that somebody of it was in."
        ),
    )


PAGE = Page(NAME, "/escalations", message("Escalations"), question_of(QUESTION), _content, _sheets, roles=GROUPS_ONLY)
