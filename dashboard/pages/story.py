"""The page that leads through the demo: one step at a time, each with links to what it speaks about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html

from analysis.period import Period
from dashboard import blocks, spans
from dashboard.address import BY_NAME
from dashboard.page import Look, Page, offered, permitted
from dashboard.showing import card, question_of
from dashboard.views.steps import STEPS, Pointer
from dashboard.views.story import NO_STORY, PLANTED, QUESTION, StoryView, names, story_view
from dashboard.words import message
from privacy.naming import may_see_names
from privacy.refusal import Refusal
from privacy.viewer import Viewer

if TYPE_CHECKING:
    from analysis.split import Split
    from dashboard.address import Selection
    from dashboard.sheets import Sheet

NAME, PATH = "story", "/story"
EVERYBODY = Viewer("mt")


def _sheets(seen: Look) -> dict[str, Sheet] | Refusal:
    if not permitted(seen.door, EVERYBODY):
        return Refusal("not_permitted", {})
    part = _view(seen).phases
    return {part.key: part.sheet} if part else {}


def _content(seen: Look) -> list[Any]:
    words = seen.words
    if not seen.door.overview().story:
        return [blocks.headline(words(NO_STORY))]
    view = _view(seen)
    shown = [card(seen, NAME, view.phases, blocks.bars(view.bars))] if view.phases else []
    return [
        _steps(seen, view),
        blocks.headline(f"{view.number}. {view.title}.", view.figures),
        html.Div([*shown, _told(seen, view)], className="cards"),
        blocks.counter_voice(words, words(PLANTED)),
        _around(seen, view),
    ]


def _view(seen: Look) -> StoryView:
    return story_view(_number(seen), seen.door.overview().story, _splits(seen), seen.words)


def _number(seen: Look) -> int:
    return min(int(seen.selection.step or 1), len(STEPS))


def _splits(seen: Look) -> tuple[Split, ...]:
    """The whole organisation in the quarters of each phase; nothing where that view is closed or too small."""
    if not permitted(seen.door, EVERYBODY):
        return ()
    released = [each.period for each in seen.door.overview(EVERYBODY).released]
    told = [spans.told(phase.period, released) for phase in seen.door.overview().story]
    answers = [seen.door.split(EVERYBODY, period) for period in told if period]
    splits = tuple(answer for answer in answers if not isinstance(answer, Refusal))
    return splits if len(splits) == len(told) else ()


def _to(seen: Look, number: int) -> str:
    return seen.selection.but(step=str(number)).link(PATH)


def _steps(seen: Look, view: StoryView) -> html.Nav:
    links = [
        html.Li(blocks.link(f"{number}. {name}", _to(seen, number), current="step" if number == view.number else ""))
        for number, name in enumerate(names(seen.words), 1)
    ]
    return html.Nav(html.Ol(links), className="steps", **blocks.aria(label=seen.words("Steps of the story")))


def _told(seen: Look, view: StoryView) -> html.Section:
    words = seen.words
    links = [html.Li(blocks.link(words(each.look_for), _address(seen, view, each))) for each in view.pointers]
    parts = (
        (words("What happened"), html.P(view.happened)),
        (words("What to look at"), html.Ul(links)),
        (words("What it means"), html.P(view.means)),
    )
    content = [each for title, part in parts for each in (html.H2(title, className="kicker"), part)]
    return html.Section(content, className="card told", **blocks.aria(label=view.title))


def _address(seen: Look, view: StoryView, pointer: Pointer) -> str:
    show = BY_NAME if pointer.eyes == "unit" else ""
    selection: Selection = seen.selection.but(
        viewer=_eyes(seen, pointer), period=_period(seen, view, pointer), step="", show=show
    )
    return selection.link(pointer.path)


def _eyes(seen: Look, pointer: Pointer) -> Viewer:
    owner = seen.door.overview().owner
    if pointer.eyes == "self" and owner:
        return Viewer("self", person_id=owner)
    if pointer.eyes == "unit":
        return next((viewer for viewer in offered(seen.door) if _names_somebody(seen, viewer)), EVERYBODY)
    return Viewer("hr") if pointer.eyes == "hr" else EVERYBODY


def _names_somebody(seen: Look, viewer: Viewer) -> bool:
    available = seen.door.overview(viewer).period
    if not may_see_names(viewer) or available is None:
        return False
    named = seen.door.named(viewer, available)
    return not isinstance(named, Refusal) and bool(named.people)


def _period(seen: Look, view: StoryView, pointer: Pointer) -> str:
    phases = seen.door.overview().story
    if pointer.span == "before the last":
        return str(Period(phases[0].period.start, phases[-2].period.end))
    if pointer.span == "all" or view.number > len(phases):
        return ""
    now = phases[view.number - 1].period
    return str(now if pointer.span == "phase" else Period(phases[0].period.start, now.end))


def _around(seen: Look, view: StoryView) -> html.Nav:
    words = seen.words
    before = [blocks.link(words("Previous step"), _to(seen, view.number - 1))] if view.number > 1 else []
    after = [blocks.link(words("Next step"), _to(seen, view.number + 1), kind="link onward")]
    links = [*before, *(after if view.number < len(STEPS) else [])]
    return html.Nav(
        html.Ul([html.Li(each) for each in links]),
        className="around",
        **blocks.aria(label=words("Previous and next step")),
    )


PAGE = Page(NAME, PATH, message("The story"), question_of(QUESTION), _content, _sheets, on_paper=False, group="demo")
