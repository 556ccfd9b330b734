"""The page that asks how coordination has moved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html

from analysis.drift import EDGE_WEEKS, SPARSE
from analysis.rules import DEFAULT
from dashboard import blocks, charts, notices, onward, opening, pictures
from dashboard.page import Look, Page
from dashboard.showing import card, question_of
from dashboard.views.coordination import QUESTION, SMOOTHING_WEEKS, CoordinationView, coordination_view
from dashboard.views.movement import label_sentence, step_sentence, upward_sentence
from dashboard.words import message
from privacy.refusal import Refusal
from privacy.released_drift import ReleasedDrift

if TYPE_CHECKING:
    from analysis.drift import Drift
    from dashboard.sheets import Sheet
    from dashboard.views.finding import Shown
    from dashboard.words import Words
    from privacy.release.ladder import Step

PARTS_ADD_UP = message(
    "The parts compare the same weeks of two years where the period allows, and add up exactly. They compare plain "
    "shares, so their ends may differ a little from those above."
)
MEASURED = (
    message(
        "Share = hours of coordination / (contract hours less public holidays and leave), week by week; a full week is "
        "{hours} hours."
    ),
    message(
        "Everybody counts against their own usual rate, so that people coming and going are not taken for a change of "
        "work."
    ),
    message(
        "Weeks with less than {sparse} of the usual working time are left out; the ends are the means of the first and "
        "last {weeks} weeks, the smooth line is the mean of {smooth} weeks."
    ),
    message(
        "Change a year = the slope of the logarithm of the share. Its range holds the true change in 95 of 100 cases "
        "and allows for weeks that resemble their neighbours. We say rising or falling when chance alone would show "
        "such a slope in fewer than 5 of 100 cases, and otherwise not measurable, unless the range rules out a change "
        "of more than a tenth."
    ),
    message(
        "The middle of coordination = the average height of the levels, each weighed by its share of working time "
        "spent on coordination and escalation, so that it does not move when a level grows."
    ),
    PARTS_ADD_UP,
)
RELEASED = (
    message(
        "Share = hours of coordination / (contract hours less public holidays), as released: rounded, and in the "
        "stretches of time that the size of the group allows. Leave is taken off where it is told, which is in groups "
        "of about a hundred people or more; in the share of every part it is still in."
    ),
    message(
        "Change a year = the slope of the logarithm of the share through the finest stretches that all quarters share, "
        "six at least; where leave is in the share through quarters, as soon as there are seven. Its range allows for "
        "weeks that resemble their neighbours, for rounding, and for the season: from a year and a half on the year is "
        "held constant, in less its usual size is added to the doubt."
    ),
    message(
        "A step is looked for where weeks or four weeks are told, and where these differ enough for rounding not to "
        "make one."
    ),
    message(
        "Explanations are tested on released figures alone: what they need and no release tells is not known here "
        "either, and then we say so."
    ),
    PARTS_ADD_UP,
)
TOLD_IN: dict[Step, str] = {
    "week": message("{count} weeks as released"),
    "four weeks": message("{count} stretches of four weeks as released"),
    "quarter": message("{count} quarters as released"),
}


def _sheets(seen: Look) -> dict[str, Sheet] | Refusal:
    answer = seen.door.drift(seen.viewer, seen.period)
    if isinstance(answer, Refusal):
        return answer
    view = coordination_view(answer, seen.words)
    parts = {part.key: part.sheet for part in view.movements}
    return {"weeks": view.weeks, "summary": view.summary, **parts, "voices": view.voices_sheet}


def _content(seen: Look) -> list[Any]:
    words, answer = seen.words, seen.door.drift(seen.viewer, seen.period)
    if isinstance(answer, Refusal):
        return [blocks.headline(notices.refusal(words, answer))]
    if not seen.overview.labelled:
        return [blocks.notice(words(notices.NO_LABELS))]
    view = coordination_view(answer, words)
    return [
        html.P(view.verdict, className=f"verdict {answer.verdict.replace(' ', '-')}"),
        blocks.headline(view.headline, view.slope),
        html.Div([_line(seen, view), _levels(seen, view)], className="cards"),
        *([html.P(upward_sentence(answer, words), className="remark")] if answer.people > 1 else []),
        html.P(step_sentence(answer, words), className="remark"),
        html.Div(_movements(seen, answer, view), className="cards"),
        _counter_voices(seen, view),
        html.P(label_sentence(answer, words), className="small-print"),
        _how(words, RELEASED if isinstance(answer, ReleasedDrift) else MEASURED),
        blocks.small_print(_rests_on(answer, words)),
    ]


def _line(seen: Look, view: CoordinationView) -> html.Figure:
    links = opening.weeks(seen, view.weeks)
    drawing = blocks.graph("line-chart", opening.linked(charts.weekly_line(view.line, seen.words), links))
    file = seen.file("coordination", "weeks")
    return blocks.evidence(
        seen.words, view.line_sentence, drawing, view.weeks, file, seen.words("Week by week"), True, links
    )


def _levels(seen: Look, view: CoordinationView) -> html.Figure:
    drawings = [
        html.Div(
            [
                html.Div([html.B(line.name), html.Span(line.caption)], className="small-title"),
                blocks.graph(f"level-chart-{place}", figure),
            ],
            id=onward.level_place(line.key),
            tabIndex="-1",
        )
        for place, (line, figure) in enumerate(
            zip(view.levels, charts.level_lines(view.levels, seen.words), strict=True)
        )
    ]
    drawing = html.Div(drawings, className="multiples") if drawings else blocks.facts(seen.words, view.summary, skip=2)
    file = seen.file("coordination", "summary")
    title = seen.words("Level by level") if drawings else seen.words("At both ends")
    return blocks.evidence(seen.words, view.levels_sentence, drawing, view.summary, file, title, wide=True)


def _movements(seen: Look, answer: Drift, view: CoordinationView) -> list[Any]:
    return [
        card(
            seen,
            "coordination",
            part,
            _drawing(seen, answer, part),
            part.key in {"altitude", "departments"},
            opening.departments(seen, part.sheet) if part.key == "departments" else opening.NOWHERE,
        )
        for part in view.movements
    ]


def _drawing(seen: Look, answer: Drift, part: Shown) -> Any:
    if part.key != "altitude":
        return None
    weekly = answer.altitude.weekly
    band = [None if each.low is None or each.high is None else (each.low, each.high) for each in weekly]
    figure = pictures.banded_line(
        [each.week for each in weekly], [each.value for each in weekly], band, seen.words("One week"), seen.words
    )
    return blocks.graph("altitude-chart", figure)


def _counter_voices(seen: Look, view: CoordinationView) -> html.Aside:
    aside = blocks.counter_voice(seen.words, view.counter_voice)
    if view.voices:
        aside.children.append(html.Ul([html.Li(line) for line in view.voices], className="reasons"))
        aside.children.append(blocks.download(seen.words, view.voices_sheet, seen.file("coordination", "voices")))
    return aside


def _rests_on(answer: Drift, words: Words) -> str:
    if isinstance(answer, ReleasedDrift):
        return words("This page rests on {parts}.", parts=", ".join(_released(answer, words)))
    parts = (
        words.many("{count} person", "{count} people", answer.people),
        words.many("{count} week used", "{count} weeks used", answer.weeks_used),
        words.many("{count} week left out", "{count} weeks left out", answer.weeks_left_out),
    )
    return words("This page rests on {parts}.", parts=", ".join(parts))


def _released(answer: ReleasedDrift, words: Words) -> tuple[str, ...]:
    """What a released drift rests on: sizes and coverage are told in bands."""
    return (
        words("at least {people}", people=words.many("{count} person", "{count} people", answer.people)),
        words(TOLD_IN[answer.told_in], count=words.count(answer.blocks)),
        *(words("{share} of people with a calendar", share=band) for band in answer.coverage_bands),
    )


def _how(words: Words, lines: tuple[str, ...]) -> html.Details:
    said = (
        words(
            line,
            hours=words.count(DEFAULT.full_time_hours),
            sparse=words.percent(SPARSE),
            weeks=EDGE_WEEKS,
            smooth=SMOOTHING_WEEKS,
        )
        for line in lines
    )
    return blocks.disclosure(words("How is this computed?"), html.Ul([html.Li(line) for line in said]))


PAGE = Page("coordination", "/coordination", message("Coordination"), question_of(QUESTION), _content, _sheets)
