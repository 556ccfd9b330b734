"""A document as one HTML file that needs nothing else: no script, no font, no picture from elsewhere."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from dashboard.paper.document import is_long
from dashboard.paper.drawing import NotDrawableError, svg
from dashboard.paper.parts import Aside, Drawing, Grid, Text, Title

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dashboard.paper.document import Document
    from dashboard.paper.parts import Part

STYLE = """
body{font:16px/1.55 system-ui,"Segoe UI",Roboto,"Noto Sans",Arial,sans-serif;color:#1c1c1c;background:#fff;margin:0}
main{max-width:46rem;margin:0 auto;padding:2.5rem 1.25rem}
h1{font-size:1.9rem;line-height:1.2}h2{font-size:1.35rem;margin-top:2.6rem}h3{font-size:1.1rem}h4{font-size:1rem}
.lead{font-size:1.25rem}.quiet{color:#555;font-size:.9rem}
aside{border-left:4px solid #b07d00;background:#f6f4ee;padding:.4rem 1rem}
.scroll{overflow-x:auto}table{border-collapse:collapse;font-size:.88rem}
caption{text-align:left;color:#555;padding-bottom:.4rem}
th,td{text-align:left;padding:.25rem .7rem .25rem 0;border-bottom:1px solid #ddd;vertical-align:top}
td.number{text-align:right;font-variant-numeric:tabular-nums}tfoot{font-weight:bold}
svg{width:100%;height:auto}
@media print{main{padding:0;max-width:none}h2,h3{break-after:avoid}tr,aside,figure{break-inside:avoid}}
"""


def page(document: Document) -> str:
    """The document as a web page."""
    return (
        f'<!DOCTYPE html>\n<html lang="{document.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{escape(document.title)}</title><style>{STYLE}</style></head>"
        f"<body><main>{''.join(_body(document))}</main></body></html>\n"
    )


def _body(document: Document) -> Iterator[str]:
    yield f"<h1>{escape(document.title)}</h1>"
    yield from (f'<p class="quiet">{escape(fact)}</p>' for fact in document.facts)
    for chapter in document.chapters:
        yield f"<h2>{escape(chapter.question)}</h2>"
        for part in chapter.parts:
            yield _part(part, document)
    if document.long_tables:
        yield f"<h2>{escape(document.numbers_title)}</h2>"
        yield from map(_table, document.long_tables)


def _part(part: Part, document: Document) -> str:
    if isinstance(part, Text):
        return _text(part)
    if isinstance(part, Title):
        return f"<h4>{escape(part.text)}</h4>" if part.small else f"<h3>{escape(part.text)}</h3>"
    if isinstance(part, Drawing):
        return _drawing(part)
    if isinstance(part, Aside):
        return f"<aside>{''.join(_part(each, document) for each in part.parts)}</aside>"
    return f'<p class="quiet">{escape(document.see_numbers)}</p>' if is_long(part) else _table(part)


def _text(part: Text) -> str:
    if part.role == "item":
        return f"<ul><li>{escape(part.text)}</li></ul>"
    kind = f' class="{part.role}"' if part.role in {"lead", "quiet"} else ""
    return f"<p{kind}>{escape(part.text)}</p>"


def _drawing(part: Drawing) -> str:
    try:
        picture = svg(part.figure)
    except NotDrawableError:
        return ""
    return f'<figure role="img" aria-label="{escape(part.sentence)}" style="margin:0">{picture}</figure>'


def _table(grid: Grid) -> str:
    caption = f"<caption>{escape(grid.caption)}</caption>" if grid.caption else ""
    heads = "".join(f'<th scope="col">{escape(head)}</th>' for head in grid.head)
    head = f"<thead><tr>{heads}</tr></thead>" if heads else ""
    rows = "".join(f"<tr>{_cells(row)}</tr>" for row in grid.rows)
    foot = f"<tfoot><tr>{_cells(grid.total)}</tr></tfoot>" if grid.total else ""
    label = escape(grid.caption or " ".join(grid.head))
    name = f' role="region" aria-label="{label}"' if label else ""
    return f'<div class="scroll" tabindex="0"{name}><table>{caption}{head}<tbody>{rows}</tbody>{foot}</table></div>'


def _cells(row: tuple[str, ...]) -> str:
    first, *others = row
    numbers = "".join(f'<td class="number">{escape(cell)}</td>' for cell in others)
    return f'<th scope="row">{escape(first)}</th>{numbers}'
