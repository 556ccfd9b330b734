"""The page that asks where time goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html

from analysis.rules import DEFAULT
from dashboard import blocks, charts, notices, opening
from dashboard.page import Look, Page
from dashboard.pages.labels import PATH as LABELS_PATH
from dashboard.showing import closer, question_of
from dashboard.views.time import QUESTIONS, TimeView, time_view
from dashboard.words import message
from privacy.refusal import Refusal

if TYPE_CHECKING:
    from analysis.split import Split
    from dashboard.sheets import Sheet
    from dashboard.words import Words

# As many weeks as a person's meetings can be read through.
FEW_WEEKS = 4


def _sheets(seen: Look) -> dict[str, Sheet] | Refusal:
    answer = seen.door.split(seen.viewer, seen.period)
    if isinstance(answer, Refusal):
        return answer
    view = time_view(answer, seen.words, seen.viewer.role)
    return {part.key: part.sheet for part in (view.division, view.weeks, view.rest, view.answers)}


def _content(seen: Look) -> list[Any]:
    words, answer = seen.words, seen.door.split(seen.viewer, seen.period)
    if isinstance(answer, Refusal):
        return [blocks.headline(notices.refusal(words, answer))]
    view = time_view(answer, words, seen.viewer.role)
    if view.empty:
        return [blocks.headline(view.headline)]
    notes = [] if view.labelled else [blocks.notice(words(notices.NO_LABELS), kind="notice small")]
    return [
        blocks.headline(*_two(view.headline)),
        *notes,
        *_closer(seen),
        html.Div(_evidence(seen, answer, view), className="cards"),
        blocks.counter_voice(words, view.counter_voice),
        _how(words),
        blocks.small_print(_rests_on(answer, words)),
    ]


def _closer(seen: Look) -> list[Any]:
    """From a few weeks of one's own to the meetings in them."""
    if seen.viewer.role != "self" or seen.period.weeks > FEW_WEEKS:
        return []
    words = seen.words
    link = blocks.link(words("The meetings of these weeks, and why they are labelled so"), _labels(seen))
    return [closer(words, link)]


def _labels(seen: Look) -> str:
    return seen.selection.but(show="").link(LABELS_PATH)


def _two(headline: str) -> tuple[str, str]:
    first, stop, second = headline.partition(". ")
    return (first + stop.strip(), second)


def _evidence(seen: Look, answer: Split, view: TimeView) -> list[Any]:
    words = seen.words
    show = seen.selection.show or ("hours" if seen.viewer.role == "self" else "share")

    def drawn(part: Any, title: str, drawing: Any, wide: bool = False, links: tuple[str, ...] = ()) -> html.Figure:
        file = seen.file("time", part.key)
        return blocks.evidence(words, part.sentence, drawing, part.sheet, file, title, wide, links)

    links = opening.weeks(seen, view.weeks.sheet)
    weeks = blocks.graph("weeks-chart", opening.linked(charts.weekly_bars(answer, words, show), links))
    return [
        drawn(view.division, words("By kind of meeting"), blocks.bars(view.division.bars)),
        drawn(view.rest, words("What is left"), blocks.bars(view.rest.bars)),
        html.Section(
            [_ways(seen, show), drawn(view.weeks, words("Week by week"), weeks, True, links)],
            className="with-ways wide",
            **blocks.aria(label=words("Week by week")),
        ),
        # A release does not hold answers.
        *(
            [drawn(view.answers, words("How sure it is"), blocks.bars(view.answers.bars, across=True), wide=True)]
            if answer.answers
            else []
        ),
    ]


def _ways(seen: Look, show: str) -> html.Ul:
    words = seen.words
    names = {"hours": words("Hours"), "share": words("Share of working time")}
    links = [
        html.Li(blocks.link(name, seen.selection.but(show=key).link(seen.path), current="true" if key == show else ""))
        for key, name in names.items()
    ]
    return html.Ul(links, className="ways")


def _rests_on(answer: Split, words: Words) -> str:
    parts = (
        words.many("{count} person", "{count} people", answer.people),
        *([words.many("{count} attendance", "{count} attendances", answer.meetings)] if answer.meetings else []),
        words.many("{count} week", "{count} weeks", answer.period.weeks),
    )
    return words("This page rests on {parts}.", parts=", ".join(parts))


def _how(words: Words) -> html.Details:
    rules = DEFAULT
    lines = (
        words("Hours are clock hours: two meetings at the same time count once."),
        words(
            "Left out: declined, cancelled and all-day meetings, time marked as free, meetings with nobody else, and "
            "everything during leave."
        ),
        words(
            "Share of working time = meeting hours / (contract hours less public holidays and leave, which a release "
            "tells of large groups only); a full week is {hours} hours, holidays are those of {country}.",
            hours=words.count(rules.full_time_hours),
            country=rules.country,
        ),
        words(
            "Focus time = free blocks of {minutes} minutes or more between {start} and {end}; shorter ones are "
            "fragmented time. A day without meetings is one long block.",
            minutes=rules.focus_minutes,
            start=_clock(rules.day_start_minute),
            end=_clock(rules.day_end_minute),
        ),
        words(
            "Hours count whoever was invited and did not decline. Who usually stays away is reckoned with apart: an "
            "accepted invitation is kept {accepted} of the time, one without an answer {unanswered}.",
            accepted=words.percent(rules.accepted),
            unanswered=words.percent(rules.unanswered),
        ),
    )
    return blocks.disclosure(words("How is this computed?"), html.Ul([html.Li(line) for line in lines]))


def _clock(minute: int) -> str:
    return f"{minute // 60}:{minute % 60:02d}"


PAGE = Page("time", "/", message("Time"), question_of(QUESTIONS), _content, _sheets, group="own")
