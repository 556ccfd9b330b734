"""The page where a person sees what others can see about them, and decides about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from dash import html

from dashboard import blocks, notices
from dashboard.page import SELF_ONLY, Look, Page
from dashboard.showing import question_of
from dashboard.views.mine import QUESTION, MineView, mine_view
from dashboard.words import message
from privacy.refusal import Refusal

if TYPE_CHECKING:
    from dashboard.sheets import Sheet
    from dashboard.words import Words

PATH = "/mine"
DECIDE_PATH = "/mine/decide"


def _view(seen: Look) -> MineView | Refusal:
    # Asked here as well: a door that opens onto a release knows no persons at all.
    if seen.viewer.role != "self":
        return Refusal("own_view_only", {})
    answer = seen.door.others_see(seen.viewer, seen.period)
    return answer if isinstance(answer, Refusal) else mine_view(answer, seen.words)


def _sheets(seen: Look) -> dict[str, Sheet] | Refusal:
    view = _view(seen)
    return view if isinstance(view, Refusal) else {"seen": view.sheet}


def _content(seen: Look) -> list[Any]:
    words, view = seen.words, _view(seen)
    if isinstance(view, Refusal):
        return [blocks.headline(notices.refusal(words, view))]
    return [
        blocks.headline(view.headline, view.second),
        html.Aside(
            [html.H2(words("What HR sees"), className="kicker"), html.P(view.hr)],
            className="counter-voice",
            **blocks.aria(label=words("What HR sees")),
        ),
        html.Section([blocks.table(words, view.sheet), _file(seen)], className="card wide seen"),
        html.P(
            words(
                "Other pages tell the same groups, and no smaller ones, about subjects, roles, series, escalations, "
                "forums and ties between units. Those figures are not repeated here; none is about one person."
            ),
            className="small-print",
        ),
        *_not_seen(words, view),
        html.Div([_card(seen, view), _objection(seen, view)], className="cards"),
        _how(words),
    ]


def _file(seen: Look) -> html.P:
    link = html.A(seen.words("Download as a file: {what}", what="CSV"), href=seen.file("mine", "seen"), download="")
    return html.P(link, className="small-print")


def _not_seen(words: Words, view: MineView) -> list[Any]:
    if not view.not_seen:
        return []
    lines = html.Ul([html.Li(line) for line in view.not_seen])
    return [blocks.disclosure(words("What others do not get to see"), lines)]


def _card(seen: Look, view: MineView) -> html.Section:
    words = seen.words
    if view.is_shared:
        button = _form(seen, "card", "withdraw", words("Stop sharing"))
    else:
        button = _form(seen, "card", "share", words("Share with the management team for 90 days"))
    return html.Section([html.H2(words("Your own card")), html.P(view.card, role="status"), button], className="card")


def _objection(seen: Look, view: MineView) -> html.Section:
    words = seen.words
    if view.objects:
        button: Any = _form(seen, "scan", "withdraw", words("Withdraw my objection"))
    else:
        # Two steps: what this deletes does not come back by itself.
        form = _form(seen, "scan", "objection", words("Object, and delete my meetings here now"))
        button = blocks.disclosure(words("I object"), form)
    return html.Section([html.H2(words("Objecting")), html.P(view.objection, role="status"), button], className="card")


def _form(seen: Look, purpose: str, decision: str, name: str) -> html.Form:
    # A plain form, as on the page of labels: the keyboard works, and no callback could be asked for others.
    address = f"{seen.selection.link(DECIDE_PATH)}&{urlencode({'purpose': purpose})}"
    button = html.Button(name, type="submit", name="decision", value=decision)
    return html.Form(html.Div(button, className="choices"), action=address, method="POST")


def _how(words: Words) -> html.Details:
    lines = (
        words("These figures were asked for just now as the management teams over you and as HR, by the same rules."),
        words("Who decided what is kept under a pseudonym, in a list that shows every change."),
        words("Everything this store knows about you, as a file: `meetload mydata --person YOU --out FILE.zip`."),
    )
    return blocks.disclosure(words("How is this computed?"), html.Ul([html.Li(line) for line in lines]))


PAGE = Page(
    "mine",
    PATH,
    message("About me"),
    question_of(QUESTION),
    _content,
    _sheets,
    on_paper=False,
    group="trust",
    roles=SELF_ONLY,
)
