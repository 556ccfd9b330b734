"""One finding of a page about groups, set as a card: its sentence, its bars, its numbers and its file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html

from dashboard import blocks, pictures

if TYPE_CHECKING:
    from dashboard.page import Look
    from dashboard.views.finding import Shown


def card(seen: Look, page: str, part: Shown, drawing: Any = None, wide: bool = False) -> html.Figure:
    """A finding with its picture: the one given, its bars, or else its numbers themselves."""
    if drawing is None:
        figure = pictures.strokes(part.strokes, seen.words) if part.strokes else None
        drawing = blocks.graph(f"{part.key}-chart", figure) if figure else blocks.facts(seen.words, part.sheet)
    return blocks.evidence(
        seen.words, part.sentence, drawing, part.sheet, seen.file(page, part.key), part.title, wide=wide
    )


def how(seen: Look, *lines: str) -> html.Details:
    """How a page's figures are computed, a line each."""
    return blocks.disclosure(seen.words("How is this computed?"), html.Ul([html.Li(line) for line in lines]))


def rests_on(seen: Look, *parts: str) -> html.P:
    """What the figures rest on."""
    return blocks.small_print(seen.words("This page rests on {parts}.", parts=", ".join(parts)))
