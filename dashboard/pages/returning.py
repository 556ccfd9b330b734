"""The page that asks which subjects keep coming back, and opens one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html

from analysis.signals import BLOCK_WEEKS, FEWEST_MEETINGS, GAP_DAYS, HALF_YEAR, LANDS, SURE, WORKS
from dashboard import blocks, notices
from dashboard.page import SELF_ONLY, Look, Page
from dashboard.showing import closer, question_of
from dashboard.views.returning import QUESTIONS, SHOWN, name_of, returning_view, topic_view
from dashboard.words import message
from privacy.refusal import Refusal

if TYPE_CHECKING:
    from analysis.signals import Signal, Signals
    from dashboard.sheets import Sheet
    from dashboard.views.returning import TopicView
    from dashboard.views.time import Part
    from dashboard.words import Words

NAME = "returning"


def _sheets(seen: Look) -> dict[str, Sheet] | Refusal:
    answer = seen.door.signals(seen.viewer, seen.period)
    if isinstance(answer, Refusal):
        return answer
    opened = _opened(seen, answer)
    if isinstance(opened, Refusal):
        return opened
    view = returning_view(answer, seen.words, seen.viewer.role)
    parts = [view.subjects, view.saving, *((opened.facts, opened.meetings) if opened else ())]
    return {part.key: part.sheet for part in parts}


def _opened(seen: Look, answer: Signals) -> TopicView | Refusal | None:
    """The subject that the address opens; None for all of them, or for one that is not there."""
    if not seen.selection.topic:
        return None
    meetings = seen.door.topic_meetings(seen.viewer, seen.period, seen.selection.topic)
    if isinstance(meetings, Refusal):
        return meetings
    signal = next((each for each in answer.topics if each.topic_id == seen.selection.topic), None)
    return topic_view(signal, answer, meetings, seen.words) if signal else None


def _content(seen: Look) -> list[Any]:
    words, answer = seen.words, seen.door.signals(seen.viewer, seen.period)
    if isinstance(answer, Refusal):
        return [blocks.headline(notices.refusal(words, answer))]
    opened = _opened(seen, answer)
    if isinstance(opened, Refusal):
        return [blocks.notice(notices.refusal(words, opened)), _back(seen)]
    view = returning_view(answer, words, seen.viewer.role)
    rests = [blocks.counter_voice(words, view.counter_voice), _how(words), blocks.small_print(_rests_on(answer, words))]
    if opened:
        return [_back(seen), *_one(seen, opened), *rests]
    if not answer.topics:
        return [blocks.headline(view.headline), html.P(_why_nothing(answer, words)), *rests]
    subjects = blocks.bars(view.subjects.bars)
    cards = [
        _drawn(seen, view.subjects, words("Subjects"), subjects, wide=True),
        _drawn(seen, view.saving, words("What an agreement may save"), blocks.bars(view.saving.bars), wide=True),
    ]
    return [
        blocks.headline(view.headline, view.second),
        _look_closer(seen, answer) if seen.viewer.role == "self" else _nameless(words),
        html.Div(cards, className="cards"),
        *rests,
    ]


def _drawn(seen: Look, part: Part, title: str, drawing: Any, wide: bool = False) -> html.Figure:
    file = seen.file(NAME, part.key)
    return blocks.evidence(seen.words, part.sentence, drawing, part.sheet, file, title, wide)


def _one(seen: Look, opened: TopicView) -> list[Any]:
    words = seen.words
    cards = [
        _drawn(seen, opened.facts, words("Did a design help?"), blocks.facts(words, opened.facts.sheet), wide=True),
        html.Section(
            [html.H2(opened.meetings.sentence), blocks.table(words, opened.meetings.sheet)], className="card wide"
        ),
    ]
    return [blocks.headline(opened.headline, opened.advice), html.Div(cards, className="cards")]


def _look_closer(seen: Look, answer: Signals) -> html.Nav:
    """The largest subjects as links; each opens the meetings behind it."""
    words = seen.words
    ranked = sorted(answer.topics, key=lambda each: (-each.hours, each.topic_id))[:SHOWN]
    links = (_opens(seen, each) for each in ranked)
    return closer(words, *links, title=words("Look at the meetings behind a subject"))


def _opens(seen: Look, signal: Signal) -> Any:
    return blocks.link(name_of(signal, seen.words), seen.selection.but(topic=signal.topic_id).link(seen.path))


def _nameless(words: Words) -> html.P:
    return html.P(
        words(
            "Subjects have no names in a group's view, because a title may name a person. Whoever was there finds them "
            "by name in their own view."
        ),
        className="small-print",
    )


def _back(seen: Look) -> html.P:
    link = blocks.link(seen.words("All subjects"), seen.selection.but(topic="").link(seen.path))
    return html.P(link, className="back")


def _why_nothing(answer: Signals, words: Words) -> str:
    return words(
        "A subject counts from {fewest} meetings outside series in half a year. Here are {meetings} such meetings; of "
        "{without} the title does not tell the subject.",
        fewest=FEWEST_MEETINGS,
        meetings=words.count(answer.meetings),
        without=words.count(answer.without_topic),
    )


def _rests_on(answer: Signals, words: Words) -> str:
    parts = (
        words.many("{count} meeting outside series", "{count} meetings outside series", answer.meetings),
        words.many("{count} subject", "{count} subjects", len(answer.topics)),
        words.many("{count} week", "{count} weeks", answer.window.weeks),
    )
    return words("This page rests on {parts}.", parts=", ".join(parts))


def _how(words: Words) -> html.Details:
    lines = (
        words(
            "Counted are meetings outside series in the last {weeks} weeks of the period, except those about design "
            "and those with the label other, on subjects with {fewest} or more of them.",
            weeks=HALF_YEAR,
            fewest=FEWEST_MEETINGS,
        ),
        words("A month is {weeks} weeks here. Teams are all teams in the room.", weeks=BLOCK_WEEKS),
        words(
            "Was it designed? Looked for is a meeting labelled design with {sure} certainty or more. Meetings a week "
            "in the half year before and after it are compared, {gap} days after it left out; below {works} of the old "
            "rate it helps much, below {lands} some. Few meetings draw the comparison towards no change.",
            sure=words.percent(SURE),
            gap=GAP_DAYS,
            works=words.percent(WORKS),
            lands=words.percent(LANDS),
        ),
        words(
            "Hours a year to be saved = hours in the half year × 2 × months with a meeting × evenness over those "
            "months × signs of returning (follow-ups and escalations) × what a design has not solved yet × what a "
            "design solves elsewhere here. The range comes from that last factor and holds in 80 of 100 cases."
        ),
    )
    return blocks.disclosure(words("How is this computed?"), html.Ul([html.Li(line) for line in lines]))


PAGE = Page(
    NAME, "/returning", message("What returns"), question_of(QUESTIONS), _content, _sheets, group="own", roles=SELF_ONLY
)
