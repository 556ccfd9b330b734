"""What pages are built of: a picture with its sentence, its table and its file; disclosures; plain bars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard.charts import GRAPH
from dashboard.words import message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboard.charts import Figure
    from dashboard.sheets import Sheet
    from dashboard.views.time import Bar
    from dashboard.words import Words

OPENS = message("Choose a bar or a point to open it, or its row in the numbers.")
# Between the addresses of a row whose first columns lead apart.
APART = "\t"


def evidence(
    words: Words,
    sentence: str,
    drawing: Any,
    sheet: Sheet,
    file: str,
    title: str = "",
    wide: bool = False,
    links: Sequence[str] = (),
    hint: str = "",
) -> html.Figure:
    """A picture as a reader can check it: the sentence above, the numbers below, the file beside them.

    `links` are where the rows of the sheet lead, and the bars or points with them; `hint` says where that is, or why
    they lead nowhere.
    """
    hint = hint or (words(OPENS) if links else "")
    heading = [html.Span(title, className="kicker")] if title else []
    return html.Figure(
        [
            html.Figcaption([*heading, html.H2(sentence)]),
            html.Div(drawing, role="img", className="drawing opens" if links else "drawing", **aria(label=sentence)),
            *([html.P(hint, className="hint")] if hint else []),
            html.Div([_numbers(words, sheet, links), _files(words, sheet, file)], className="proof"),
        ],
        className="card wide" if wide else "card",
    )


def aria(**said: str) -> dict[str, Any]:
    """Attributes for those who listen instead of look; empty ones are left out."""
    return {f"aria-{name}": value for name, value in said.items() if value}


def graph(name: str, figure: Figure) -> dcc.Graph:
    """A Plotly figure with the one set of options we allow."""
    return dcc.Graph(
        id=name, figure=figure, config=GRAPH, responsive=True, style={"height": figure["layout"]["height"]}
    )


def table(words: Words, sheet: Sheet, links: Sequence[str] = ()) -> html.Div:
    """A sheet as a table that scrolls inside its own box; the browser makes the rows' names into `links`.

    A row that has several, with `APART` between, has one for each of its first columns.
    """
    # Plain lists: a component for every cell would take longer than all the measures together.
    rows = [[cell.text(words) for cell in row] for row in sheet.rows]
    body, foot = (rows[:-1], rows[-1]) if sheet.has_total else (rows, None)
    data = {"caption": sheet.caption, "head": list(sheet.head), "body": body, **({"foot": foot} if foot else {})}
    content = dmc.Table(data=data, captionSide="top", className=_shape(sheet))
    # Not a component for each link either: assets/behaviour.js.
    rest = aria(label=sheet.caption) | ({"data-links": "\n".join(links)} if links else {})
    return html.Div(content, className="scroll", tabIndex="0", role="region", **rest)


def _shape(sheet: Sheet) -> str:
    """How many columns of words stand before the numbers, and whether reasons stand behind them."""
    row = sheet.rows[0] if sheet.rows else ()
    before = next((place for place, cell in enumerate(row) if cell.is_number), len(row))
    return f"words-{before}" + (" reasoned" if sheet.has_reasons else "")


def bars(items: Sequence[Bar], across: bool = False) -> html.Ul:
    """Named bars with what they mean and their number, readable without the bar."""
    return html.Ul([_bar(item) for item in items], className="bars across" if across else "bars")


def facts(words: Words, sheet: Sheet, skip: int = 1) -> html.Dl:
    """A short sheet as names and values side by side: two columns, or the only row of a wider one after `skip`."""
    if len(sheet.rows) == 1:
        pairs = list(zip(sheet.head[skip:], (cell.text(words) for cell in sheet.rows[0][skip:]), strict=True))
    else:
        pairs = [(row[0].text(words), row[1].text(words)) for row in sheet.rows]
    return html.Dl([html.Div([html.Dt(name), html.Dd(value)]) for name, value in pairs], className="facts")


def disclosure(summary: str, *content: Any) -> html.Details:
    """A question that opens into its answer."""
    return html.Details([html.Summary(summary), html.Div(list(content), className="prose")], className="disclosure")


def headline(*sentences: str) -> html.P:
    """The page's answer: the first sentence large, what follows quieter."""
    first, *others = (sentence for sentence in sentences if sentence)
    rest = [html.Span([" ", *emphasised(other)], className="second") for other in others]
    return html.P([html.Span(emphasised(first), className="first"), *rest], className="headline", id="headline")


def emphasised(sentence: str) -> list[Any]:
    """A sentence with its numbers set apart for the eye; the words stay the same."""
    parts: list[Any] = []
    for word in sentence.split(" "):
        core = word.rstrip(".,;:")
        if core and any(sign.isdigit() for sign in core):
            parts += [html.B(core), word[len(core) :] + " "]
        else:
            parts.append(word + " ")
    return _joined(parts)


def link(text: str, href: str, current: str = "", label: str = "", kind: str = "link") -> dmc.Anchor:
    """A link inside the dashboard that changes the page without loading it anew."""
    return dmc.Anchor(text, href=href, className=kind, underline="never", **aria(current=current, label=label))


def notice(title: str, text: str = "", kind: str = "notice") -> html.Div:
    """A plain message where figures would stand."""
    return html.Div([html.P(title, className="notice-title"), *([html.P(text)] if text else [])], className=kind)


def counter_voice(words: Words, text: str) -> html.Aside:
    """The strongest innocent explanation, said aloud."""
    return html.Aside(
        [html.H2(words("What else could explain this?"), className="kicker"), html.P(text)],
        className="counter-voice",
        **aria(label=words("What else could explain this?")),
    )


def small_print(text: str) -> html.P:
    """What the figures rest on, at the foot of a page's content."""
    return html.P(text, className="small-print")


def _numbers(words: Words, sheet: Sheet, links: Sequence[str]) -> html.Details:
    return html.Details([html.Summary(words("Show the numbers")), table(words, sheet, links)], className="numbers")


def _files(words: Words, sheet: Sheet, file: str) -> html.Div:
    """What can be taken along: the numbers, and the picture as it stands on screen."""
    label = words("Save as a picture: {what}", what=sheet.caption)
    # The browser paints it: assets/picture.js.
    mark = {"data-picture": "yes"} | aria(label=f"PNG, {label}")
    picture = html.Button(words("PNG"), type="button", className="download", **mark)
    return html.Div([download(words, sheet, file), picture], className="files")


def download(words: Words, sheet: Sheet, file: str) -> html.A:
    """A link to a sheet as a file."""
    label = words("Download as a file: {what}", what=sheet.caption)
    return html.A(words("CSV"), href=file, download="", className="download", **aria(label=f"CSV, {label}"))


def _bar(item: Bar) -> html.Li:
    name = [
        html.Span(className="swatch", style={"background": item.colour}),
        html.Span(item.name, className="bar-name"),
    ]
    meaning = [html.Span(item.meaning, className="meaning")] if item.meaning else []
    fill = html.Div(className="fill", style={"width": f"{100 * item.part:.1f}%", "background": item.colour})
    return html.Li(
        [
            html.Div(
                [html.Span([*name, *meaning], className="bar-label"), html.Span(item.written, className="bar-value")],
                className="bar-head",
            ),
            html.Div(fill, className="track"),
        ]
    )


def _joined(parts: list[Any]) -> list[Any]:
    joined: list[Any] = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        else:
            joined.append(part)
    if joined and isinstance(joined[-1], str):
        joined[-1] = joined[-1].rstrip()
    return joined
