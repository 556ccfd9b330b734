"""The page where a person corrects the labels of their own meetings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from dash import html

from dashboard import blocks, notices
from dashboard.page import SELF_ONLY, Look, Page
from dashboard.showing import question_of
from dashboard.views.labels import QUESTION, UNDO, Choice, LabelsView, Row, labels_view
from dashboard.words import message
from privacy.refusal import Refusal

if TYPE_CHECKING:
    from classify.phrases import Language
    from dashboard.sheets import Sheet
    from dashboard.words import Words

PATH = "/labels"
SAY_PATH = "/labels/say"


def _sheets(_seen: Look) -> dict[str, Sheet] | Refusal:
    # Titles leave by no file.
    return {}


def _content(seen: Look) -> list[Any]:
    words = seen.words
    language: Language = "nl" if words.language == "nl" else "en"
    answer = seen.door.own_queue(seen.viewer, seen.period, language)
    if isinstance(answer, Refusal):
        return [blocks.headline(notices.refusal(words, answer))]
    view = labels_view(answer, words)
    return [
        blocks.headline(view.headline),
        *_last(seen, view),
        *([_help(words)] if view.rows else []),
        html.Ol([_card(seen, row) for row in view.rows], className="review"),
        _how(words),
    ]


def _last(seen: Look, view: LabelsView) -> list[Any]:
    if not view.last:
        return []
    undo = html.Button(seen.words("Undo"), type="submit", name="label", value="", **_keyed(UNDO))
    return [
        html.Div(
            [html.P(view.last, role="status"), _form(seen, view.undo, [undo], seen.words("Undo"))],
            className="notice small said",
        )
    ]


def _help(words: Words) -> html.P:
    return html.P(
        words(
            "With the keyboard: go to a series with Tab, then press the letter of a label; u takes your last word "
            "back. What you say holds for the whole series at once, and the model learns nothing from it until you ask."
        ),
        className="small-print",
    )


def _card(seen: Look, row: Row) -> html.Li:
    buttons = [_button(choice) for choice in row.choices]
    return html.Li(
        [
            html.H2(row.title),
            html.P(row.facts, className="facts-line"),
            html.P([html.B(row.verdict), f" · {row.why}"]),
            _form(seen, row.meeting_id, buttons, label=seen.words("What is “{title}” for?", title=row.title)),
        ],
        className="card",
        **_data(review="yes"),
    )


def _button(choice: Choice) -> html.Button:
    return html.Button(
        [html.Kbd(choice.key, **blocks.aria(hidden="true")), choice.name],
        type="submit",
        name="label",
        value=choice.label,
        className="now" if choice.is_now else "",
        **_keyed(choice.key),
    )


def _keyed(key: str) -> dict[str, Any]:
    return {**_data(key=key), **blocks.aria(keyshortcuts=key)}


def _data(**said: str) -> dict[str, Any]:
    return {f"data-{name}": value for name, value in said.items()}


def _form(seen: Look, meeting_id: str, buttons: list[html.Button], label: str) -> html.Form:
    # A plain form: it works under the strictest policy and needs no callback that could be asked for others.
    action = seen.selection.link(SAY_PATH)
    group = html.Div(buttons, className="choices", role="group", **blocks.aria(label=label))
    return html.Form(group, action=f"{action}&{urlencode({'meeting': meeting_id})}", method="POST")


def _how(words: Words) -> html.Details:
    lines = (
        words("Order: (1 − probability of the label) × hours, added up over the meetings of a series."),
        words("The reasons are the strongest parts of an exact sum; nothing else decides."),
        words("Who said what is kept with the store. Undo adds a line that takes it back; nothing is erased."),
    )
    return blocks.disclosure(words("How is this computed?"), html.Ul([html.Li(line) for line in lines]))


PAGE = Page("labels", PATH, message("Labels"), question_of(QUESTION), _content, _sheets, group="trust", roles=SELF_ONLY)
