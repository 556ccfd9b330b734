"""The page that asks which series could stop, and what that would free."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html

from analysis.habits.endless import OLD_WEEKS, RECENT_WEEKS, STILL_MEETING_WEEKS
from analysis.stopping import ENOUGH_PEOPLE, MUCH_THE_SAME
from dashboard import blocks, notices
from dashboard.page import SELF_ONLY, Look, Page
from dashboard.showing import question_of
from dashboard.views.stopping import QUESTIONS, stopping_view
from dashboard.words import message
from privacy.refusal import Refusal

if TYPE_CHECKING:
    from dashboard.sheets import Sheet
    from dashboard.views.time import Part
    from dashboard.words import Words
    from privacy.ownwork import StoppingSeen

NAME = "stopping"


def _sheets(seen: Look) -> dict[str, Sheet] | Refusal:
    answer = seen.door.stopping(seen.viewer, seen.period)
    if isinstance(answer, Refusal):
        return answer
    view = stopping_view(answer, seen.words, seen.viewer)
    return {part.key: part.sheet for part in (view.series, view.choices)}


def _content(seen: Look) -> list[Any]:
    words, answer = seen.words, seen.door.stopping(seen.viewer, seen.period)
    if isinstance(answer, Refusal):
        return [blocks.headline(notices.refusal(words, answer))]
    view = stopping_view(answer, words, seen.viewer)
    if not answer.stopping.series:
        return [blocks.headline(view.headline), _how(words)]

    def drawn(part: Part, title: str) -> html.Figure:
        drawing = blocks.bars(part.bars)
        return blocks.evidence(words, part.sentence, drawing, part.sheet, seen.file(NAME, part.key), title, wide=True)

    cards = [drawn(view.series, words("Series")), drawn(view.choices, words("Choices"))]
    return [
        blocks.headline(view.headline, view.second),
        html.Div(cards, className="cards"),
        blocks.counter_voice(words, view.counter_voice),
        _how(words),
        blocks.small_print(_rests_on(answer, words)),
    ]


def _rests_on(answer: StoppingSeen, words: Words) -> str:
    parts = (
        words.many("{count} series that still meets", "{count} series that still meet", answer.stopping.count),
        words.many("{count} week", "{count} weeks", answer.stopping.window.weeks),
    )
    return words("This page rests on {parts}.", parts=", ".join(parts))


def _how(words: Words) -> html.Details:
    lines = (
        words(
            "Counted are series with a meeting in the last {still} weeks of the period; hours a week are those of its "
            "last {weeks} weeks.",
            still=STILL_MEETING_WEEKS,
            weeks=RECENT_WEEKS,
        ),
        words(
            "No end in sight: the series goes on as far as the calendar does. Older than half a year means {weeks} "
            "weeks since it was made.",
            weeks=OLD_WEEKS,
        ),
        words(
            "Ending frees all hours, halving half. Sending somebody else frees yours and costs that person as much, "
            "unless somebody of your team sits there already. Inviting fewer brings the room back to {people} people; "
            "what you free then is the others' time.",
            people=ENOUGH_PEOPLE,
        ),
        words(
            "Much the same people: those with a seat in both are {share} or more of those with a seat in either; a "
            "seat has who comes to half of the meetings.",
            share=words.percent(MUCH_THE_SAME),
        ),
    )
    return blocks.disclosure(words("How is this computed?"), html.Ul([html.Li(line) for line in lines]))


PAGE = Page(
    NAME,
    "/stopping",
    message("What could stop"),
    question_of(QUESTIONS),
    _content,
    _sheets,
    group="own",
    roles=SELF_ONLY,
)
