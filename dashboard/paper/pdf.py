"""A document as PDF, set by Typst with the fonts that come with it: the same file on every machine."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import typst

from dashboard.paper.document import is_long
from dashboard.paper.drawing import NotDrawableError, svg
from dashboard.paper.parts import Aside, Drawing, Grid, Text, Title

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dashboard.paper.document import Document
    from dashboard.paper.parts import Part

STYLE = """
#set document(title: title)
#set page(paper: "a4", margin: (x: 2.3cm, top: 2.2cm, bottom: 2.4cm),
  footer: context [#set text(8.5pt, fill: luma(90)); #title #h(1fr) #counter(page).display("1 / 1", both: true)])
#set text(font: "Libertinus Serif", size: 10.5pt, lang: language, hyphenate: true)
#set par(leading: 0.66em, spacing: 0.95em, justify: false)
#set table(inset: (x: 5pt, y: 3.6pt),
  stroke: (_, y) => if y == 0 { (bottom: 0.7pt + black) } else { (bottom: 0.3pt + luma(215)) })
#show heading.where(level: 1): it => block(above: 1.6em, below: 0.9em, text(16pt, weight: "bold", it.body))
#show heading.where(level: 2): it => block(above: 1.5em, below: 0.7em, text(12pt, weight: "bold", it.body))
#show heading.where(level: 3): it => block(above: 1.3em, below: 0.6em, text(10.5pt, weight: "bold", it.body))
#show figure: set block(breakable: true)
#let quiet(it) = text(9pt, fill: luma(80), it)
#let lead(it) = block(above: 0.6em, below: 1.1em, text(13pt, it))
#let aside(it) = block(width: 100%, inset: 10pt, fill: luma(244), stroke: (left: 2.5pt + rgb("#b07d00")), it)
#let sheet(caption, heads, rows, total, words) = {
  if caption != "" { block(sticky: true, below: 0.5em, quiet(caption)) }
  set text(8.8pt)
  table(columns: if heads.len() > 0 { heads.len() } else { words.len() },
    align: (x, _) => if words.at(x) { left } else { right },
    ..if heads.len() > 0 { (table.header(..heads.map(strong)),) },
    ..rows.flatten(),
    ..total.map(strong))
}
"""


def pdf(document: Document) -> bytes:
    """The document as a PDF file with headings, alternative texts and its language."""
    return typst.compile("\n".join(_lines(document)).encode(), format="pdf", ignore_system_fonts=True)


def _lines(document: Document) -> Iterator[str]:
    yield f"#let title = {_string(document.title)}\n#let language = {_string(document.language)}"
    yield STYLE
    yield f'#text(22pt, weight: "bold", title)\n\n#quiet({_string(" · ".join(document.facts))})'
    for chapter in document.chapters:
        yield f"#heading(level: 1, {_string(chapter.question)})"
        for part in chapter.parts:
            yield _part(part, document)
    if document.long_tables:
        yield f"#pagebreak()\n#heading(level: 1, {_string(document.numbers_title)})"
        for grid in document.long_tables:
            yield _sheet(grid)


def _part(part: Part, document: Document) -> str:
    if isinstance(part, Text):
        return _text(part)
    if isinstance(part, Title):
        return f"#heading(level: {3 if part.small else 2}, {_string(part.text)})"
    if isinstance(part, Drawing):
        return _drawing(part)
    if isinstance(part, Aside):
        return f"#aside[{' '.join(_part(each, document) for each in part.parts)}]"
    return f"#quiet({_string(document.see_numbers)})\n" if is_long(part) else _sheet(part)


def _text(part: Text) -> str:
    written = _string(part.text)
    if part.role in {"lead", "quiet"}:
        return f"#{part.role}({written})\n"
    return f"#list.item({written})" if part.role == "item" else f"#par({written})"


def _drawing(part: Drawing) -> str:
    try:
        picture = svg(part.figure)
    except NotDrawableError:
        return ""
    return f'#image(bytes({_string(picture)}), format: "svg", width: 100%, alt: {_string(part.sentence)})'


def _sheet(grid: Grid) -> str:
    first = grid.rows[0] if grid.rows else grid.head
    words = [not _is_number(cell) for cell in first]
    parts = (
        _string(grid.caption),
        _list(map(_string, grid.head)),
        _list(_list(map(_string, row)) for row in grid.rows),
        _list(map(_string, grid.total)),
        _list(str(word).lower() for word in words),
    )
    return f"#sheet({', '.join(parts)})"


def _is_number(cell: str) -> bool:
    return bool(cell) and not cell.strip("0123456789.,%+−-– ") and any(sign.isdigit() for sign in cell)


def _list(items: Iterator[str] | map[str]) -> str:
    written = list(items)
    return f"({', '.join(written)},)" if written else "()"


def _string(text: str) -> str:
    """A text as a Typst string: whatever is in it stays text and is never markup or code."""
    return json.dumps("".join(sign for sign in text if sign.isprintable() or sign == "\n"), ensure_ascii=False)
