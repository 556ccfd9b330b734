"""What pages share: their question, a finding set as a card, and a whole page of findings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from dash import html

from dashboard import blocks, pictures
from dashboard.onward import closer_to
from dashboard.opening import NOWHERE, linked

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from dashboard.opening import Onward
    from dashboard.page import Look
    from dashboard.views.finding import Shown
    from dashboard.words import Words
    from privacy.viewer import Role, Viewer


class Told(Protocol):
    """What a view of findings says around its pictures."""

    @property
    def headline(self) -> str:
        """The page's answer."""
        ...

    @property
    def second(self) -> str:
        """What follows it."""
        ...

    @property
    def counter_voice(self) -> str:
        """The strongest innocent explanation."""
        ...


def question_of(asked: str | Mapping[Role, str], usual: Role = "self") -> Callable[[Words, Viewer | None], str]:
    """A page's question: the same for everybody, or by the viewer's role; `usual` is asked where nobody looks."""
    if isinstance(asked, str):
        return lambda words, _viewer: words(asked)
    return lambda words, viewer: words(asked[viewer.role if viewer else usual])


def findings(
    seen: Look,
    told: Told,
    cards: Sequence[Any],
    how: html.Details,
    rests: Sequence[str],
    closer: Sequence[Any] = (),
) -> list[Any]:
    """A page of findings: its answer, its cards, the counter-voice, how it is computed and what it rests on.

    `closer` are ways on from it, which stand under the answer.
    """
    return [
        blocks.headline(told.headline, told.second),
        *closer,
        html.Div(list(cards), className="cards"),
        blocks.counter_voice(seen.words, told.counter_voice),
        how,
        rests_on(seen, *rests),
    ]


def card(
    seen: Look, page: str, part: Shown, drawing: Any = None, wide: bool = False, onward: Onward = NOWHERE
) -> html.Figure:
    """A finding with its picture: the one given, its bars, or else its numbers themselves."""
    if drawing is None:
        figure = linked(pictures.strokes(part.strokes, seen.words), onward.bars) if part.strokes else None
        drawing = blocks.graph(f"{part.key}-chart", figure) if figure else blocks.facts(seen.words, part.sheet)
    file = seen.file(page, part.key)
    return blocks.evidence(
        seen.words, part.sentence, drawing, part.sheet, file, part.title, wide, onward.rows, onward.hint
    )


def back_to_all(seen: Look) -> list[Any]:
    """From a page that is narrowed to a department, the way back to all of them."""
    if not seen.selection.unit:
        return []
    link = blocks.link(seen.words("All departments"), seen.selection.but(unit="").link(seen.path))
    return [html.P(link, className="back")]


def look_closer(seen: Look) -> list[Any]:
    """From a page that is narrowed to a department, the ways to what else is told of it."""
    links = closer_to(seen, seen.selection.unit) if seen.selection.unit else ()
    if not links:
        return []
    return [closer(seen.words, *(blocks.link(*each) for each in links))]


def closer(words: Words, *links: Any, title: str = "") -> html.Nav:
    """Ways on from a page to what lies behind it, under a title of their own if there is one."""
    heading = [html.P(title)] if title else []
    listed = html.Ul([html.Li(each) for each in links])
    return html.Nav([*heading, listed], className="closer", **blocks.aria(label=title or words("Look closer")))


def how(seen: Look, *lines: str) -> html.Details:
    """How a page's figures are computed, a line each."""
    return blocks.disclosure(seen.words("How is this computed?"), html.Ul([html.Li(line) for line in lines]))


def rests_on(seen: Look, *parts: str) -> html.P:
    """What the figures rest on."""
    return blocks.small_print(seen.words("This page rests on {parts}.", parts=", ".join(parts)))
