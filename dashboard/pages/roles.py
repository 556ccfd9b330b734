"""The page that asks whether one designs or coordinates, and how meetings are held."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html

from analysis.roles.standing import FEWEST_PEERS
from analysis.rules import DEFAULT
from analysis.usual import RECENT_WEEKS, USUAL_WEEKS
from dashboard import blocks, charts, notices, opening
from dashboard.page import Look, Page
from dashboard.showing import question_of
from dashboard.views.roles import QUESTIONS, RolesView, roles_view
from dashboard.words import message
from privacy.refusal import Refusal

if TYPE_CHECKING:
    from dashboard.sheets import Sheet
    from dashboard.views.time import Part
    from dashboard.words import Words
    from privacy.ownwork import RolesSeen

NAME = "roles"


def _sheets(seen: Look) -> dict[str, Sheet] | Refusal:
    answer = seen.door.roles(seen.viewer, seen.period)
    if isinstance(answer, Refusal):
        return answer
    return {part.key: part.sheet for part in roles_view(answer, seen.words, seen.viewer.role).parts}


def _content(seen: Look) -> list[Any]:
    words, answer = seen.words, seen.door.roles(seen.viewer, seen.period)
    if isinstance(answer, Refusal):
        return [blocks.headline(notices.refusal(words, answer))]
    if not seen.overview.labelled:
        return [blocks.headline(words(notices.NO_LABELS))]
    view = roles_view(answer, words, seen.viewer.role)
    return [
        blocks.headline(view.headline, view.second),
        html.Div(_evidence(seen, answer, view), className="cards"),
        blocks.counter_voice(words, view.counter_voice),
        _how(words, own=seen.viewer.role == "self"),
        blocks.small_print(_rests_on(seen, answer)),
    ]


def _evidence(seen: Look, answer: RolesSeen, view: RolesView) -> list[Any]:
    words = seen.words

    def drawn(part: Part, title: str, drawing: Any, wide: bool = False, links: tuple[str, ...] = ()) -> html.Figure:
        file = seen.file(NAME, part.key)
        return blocks.evidence(words, part.sentence, drawing, part.sheet, file, title, wide, links)

    found = [drawn(view.mix, words("The mix"), blocks.bars(view.mix.bars))]
    if view.sides:
        found.append(drawn(view.sides, words("Line or process"), blocks.bars(view.sides.bars)))
    if view.day:
        found.append(drawn(view.day, words("In a day"), blocks.facts(words, view.day.sheet)))
    if view.weeks:
        links = opening.weeks(seen, view.weeks.sheet)
        weeks = blocks.graph("role-weeks-chart", opening.linked(charts.role_bars(answer.weeks.weeks, words), links))
        found.append(drawn(view.weeks, words("Week by week"), weeks, True, links))
    if view.habits:
        found.append(drawn(view.habits, words("Habits"), blocks.bars(view.habits.bars), wide=True))
    if view.subjects:
        found.append(drawn(view.subjects, words("On both sides"), blocks.bars(view.subjects.bars), wide=True))
    return found


def _rests_on(seen: Look, answer: RolesSeen) -> str:
    words = seen.words
    days = [words.many("{count} working day", "{count} working days", answer.mix.days)] if answer.mix.days else []
    parts = (
        words.many("{count} person", "{count} people", answer.people),
        *days,
        words.many("{count} week", "{count} weeks", seen.period.weeks),
    )
    return words("This page rests on {parts}.", parts=", ".join(parts))


def _how(words: Words, own: bool) -> html.Details:
    roles = words(
        "Designing = meetings labelled design; coordinating = meetings labelled coordination, escalation or "
        "incident; doing the work = what is left of working time, other meetings included."
    )
    sides = words(
        "In the line = at least four in five people there are one manager and their own reports; any other "
        "coordination goes across teams."
    )
    more = _how_of_oneself(words) if own else (words("Working time of groups = contract hours less public holidays."),)
    lines = (roles, sides, *more)
    return blocks.disclosure(words("How is this computed?"), html.Ul([html.Li(line) for line in lines]))


def _how_of_oneself(words: Words) -> tuple[str, ...]:
    return (
        words(
            "A change of role is counted between one block of a day and the next; free time of half an hour or more is "
            "a block of doing the work."
        ),
        words("Purity = 1 − entropy of the three shares / ln 3, times 100."),
        words(
            "Others are people of the same function and level, or else of the same level, if there are at least "
            "{fewest}; half of them lie between the lower and the upper quarter.",
            fewest=FEWEST_PEERS,
        ),
        words(
            "Habits are shares of meeting hours in the last {recent} weeks of the period; as usual = the {usual} weeks "
            "before, or as many as there are. Office hours are {start} to {end}.",
            recent=RECENT_WEEKS,
            usual=USUAL_WEEKS,
            start=f"{DEFAULT.day_start_minute // 60}:{DEFAULT.day_start_minute % 60:02d}",
            end=f"{DEFAULT.day_end_minute // 60}:{DEFAULT.day_end_minute % 60:02d}",
        ),
    )


PAGE = Page(NAME, "/roles", message("Roles"), question_of(QUESTIONS), _content, _sheets, group="own")
