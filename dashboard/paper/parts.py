"""A page as the parts of a document: what stands on the screen, without what can only be clicked.

The parts are read off the page's own components, so paper and screen cannot say different things.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dashboard.charts import Figure

# What leads elsewhere or waits for a click says nothing on paper.
CLICKED = {"download", "closer", "ways", "skip", "link", "step", "plain", "hint"}
# Figures in fields, and how to read them: the table behind says the same.
FIELDS = {"grid", "legend"}


@dataclass(frozen=True)
class Text:
    """A paragraph; `role` is plain, lead (the page's answer), quiet, or item (one of a list)."""

    text: str
    role: str = "plain"


@dataclass(frozen=True)
class Title:
    """A heading below the page's own."""

    text: str
    small: bool = False


@dataclass(frozen=True)
class Drawing:
    """A picture with the sentence it shows."""

    figure: Figure
    sentence: str


@dataclass(frozen=True)
class Grid:
    """A table: caption, heads (none where the first column names the rows), rows, and the total under them."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...] = ()


@dataclass(frozen=True)
class Aside:
    """The counter-voice, or another note in a frame."""

    parts: tuple[Part, ...]


Part = Text | Title | Drawing | Grid | Aside


def parts_of(content: Any) -> tuple[Part, ...]:
    """The parts of a page's content, in the order they stand in."""
    return tuple(_walk(content))


def text_of(content: Any) -> str:
    """All words of a component, as one line."""
    return " ".join("".join(_texts(content)).split())


def _texts(content: Any) -> Iterator[str]:
    if content is None:
        return
    if isinstance(content, list | tuple):
        for each in content:
            yield from _texts(each)
    elif isinstance(content, Component):
        if not isinstance(content, html.Button):
            # Sentences set their numbers apart with <b>, in the middle of words; everything else stands by itself.
            gap = "" if isinstance(content, html.B) else " "
            yield from (gap, *_texts(getattr(content, "children", None)), gap)
    else:
        yield str(content)


def _walk(content: Any) -> Iterator[Part]:
    if isinstance(content, list | tuple):
        for each in content:
            yield from _walk(each)
    elif isinstance(content, Component):
        if not isinstance(content, html.Button) and not any(_has(content, name) for name in CLICKED | FIELDS):
            yield from _component(content)
    elif content is not None and str(content).strip():
        yield Text(str(content).strip())


def _component(content: Component) -> Iterator[Part]:
    for kind, read in READERS.items():
        if isinstance(content, kind):
            yield from read(content)
            return
    if _is_inline(content):
        yield Text(text_of(content))
    else:
        yield from _walk(getattr(content, "children", None))


def _figure(content: html.Figure) -> Iterator[Part]:
    """A picture with its sentence and its table; bars made of words are left to the table, which says the same."""
    found = tuple(_walk(content.children))
    sentence = next((part.text for part in found if isinstance(part, Title)), "")
    has_sheet = any(isinstance(part, Grid) and part.caption for part in found)
    for part in found:
        if isinstance(part, Drawing):
            yield Drawing(part.figure, part.sentence or sentence)
        elif isinstance(part, Title):
            yield Title(part.text, small=True)
        elif isinstance(part, Text) and part == found[0]:
            yield Text(part.text, "quiet")
        elif not (isinstance(part, Grid) and not part.caption and has_sheet):
            yield part


def _has(content: Component, name: str) -> bool:
    return name in str(getattr(content, "className", "") or "").split()


def _bar(item: Component) -> tuple[str, str]:
    """A bar's name with its meaning, and its number."""
    label, value = item.children[0].children
    return ": ".join(text for each in label.children if (text := text_of(each))), text_of(value)


def _table(content: dmc.Table) -> Grid:
    """A table; reasons are too long for its columns here, and stand in a list of their own."""
    data: dict[str, Any] = content.data
    shown = slice(-1 if _has(content, "reasoned") else None)
    rows = tuple(tuple(map(str, row))[shown] for row in data.get("body", []))
    foot = tuple(map(str, data.get("foot", ())))[shown]
    return Grid(data.get("caption", ""), tuple(data.get("head", ()))[shown], rows, foot)


def _pairs(children: Any) -> Iterator[tuple[str, str]]:
    for each in children:
        name, value = each.children
        yield text_of(name), text_of(value)


def _role(content: html.P) -> str:
    if getattr(content, "id", None) == "headline":
        return "lead"
    return "quiet" if getattr(content, "className", "") == "small-print" else "plain"


def _is_inline(content: Component) -> bool:
    """Whether a component holds nothing but words, so that its words belong together."""
    children = getattr(content, "children", None)
    if isinstance(content, html.Span | html.B | html.Em | html.Strong):
        return bool(text_of(content))
    items = children if isinstance(children, list) else [children]
    return bool(items) and all(isinstance(each, str | html.Span | html.B) for each in items) and bool(text_of(content))


def _list(content: Component) -> Iterator[Part]:
    if _has(content, "bars"):
        yield Grid("", (), tuple(map(_bar, content.children)))
    else:
        yield from (Text(text_of(item), "item") for item in content.children)


def _disclosed(content: Component) -> Iterator[Part]:
    """What opens on a click stands open on paper."""
    summary, *rest = content.children
    if not _has(content, "numbers"):
        yield Title(text_of(summary), small=True)
    yield from _walk(rest)


READERS: dict[Any, Callable[[Any], Iterator[Part]]] = {
    html.Figure: _figure,
    html.Aside: lambda found: iter([Aside(parts_of(found.children))]),
    dcc.Graph: lambda found: iter([Drawing(found.figure, "")]),
    dmc.Table: lambda found: iter([_table(found)]),
    html.Dl: lambda found: iter([Grid("", (), tuple(_pairs(found.children)))]),
    html.Details: _disclosed,
    html.Ul | html.Ol: _list,
    html.H2: lambda found: iter([Title(text_of(found))]),
    html.H3: lambda found: iter([Title(text_of(found), small=True)]),
    html.P: lambda found: iter([Text(text_of(found), _role(found))]),
}
