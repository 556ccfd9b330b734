"""The frame around every page: who looks, at when, in which language, and what the figures rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard import blocks, spans
from dashboard.marking import mark_sentence
from dashboard.page import PRODUCT, Look, Page, Stop, asked, door, is_gated, look, name_page, offered, takes_in
from dashboard.signin import LOGOUT
from dashboard.views.trust import seen_share
from dashboard.waiting import waiting
from dashboard.words import LANGUAGES, Words, message
from privacy.answers import NotReady

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dashboard.address import Selection
    from privacy.door import Door
    from privacy.viewer import Viewer

TRUST_PATH = "/checks"
STORY_PATH = "/story"
OWN = {"self": message("Me"), "mt": message("Us"), "hr": message("People")}
MENU = {"own": OWN["self"], "organisation": message("Organisation"), "trust": message("Trust")}
GROUPS = {
    "years": message("Years"),
    "halves": message("Half-years"),
    "quarters": message("Quarters"),
}


def show(page: Page, pages: Sequence[Page], query: Mapping[str, object]) -> html.Div:
    """A whole page for one address: header, answer, footer."""
    found = asked(query)
    words = Words(found.selection.language)
    seen = look(door(), found, words, page.path)
    viewer = seen.viewer if isinstance(seen, Look) else None
    question = page.question(words, viewer)
    name_page(question)
    if isinstance(seen, Stop):
        selection = found.selection.but(viewer=None) if seen.status == 403 else found.selection
        refusal = [html.H1(question), blocks.notice(seen.sentence, seen.hint)]
        return _framed(page, pages, words, selection, refusal, _footer_without(words))
    complaints = [blocks.notice(words(text), kind="notice small") for text in found.complaints]
    above = [_eyebrow(seen), html.H1(question), *complaints]
    try:
        content = page.content(seen)
    except NotReady as early:
        content = waiting(words, early)
    return _framed(page, pages, words, seen.selection, [*above, *content], _footer(seen))


def _framed(
    page: Page, pages: Sequence[Page], words: Words, selection: Selection, content: list[Any], footer: html.Footer
) -> html.Div:
    return html.Div(
        [
            html.A(words("Skip to the answer"), href="#main", className="skip"),
            _header(page, pages, words, selection),
            html.Main(content, id="main", tabIndex="-1"),
            footer,
            # The address of what is shown now: choosing it again is no choice.
            dcc.Store(id="here", data=selection.link(page.path)),
        ],
        className="frame",
        lang=words.language,
    )


def _header(page: Page, pages: Sequence[Page], words: Words, selection: Selection) -> html.Header:
    badge = html.Span(words("Demo"), className="badge", title=words("Made-up people in a made-up organisation"))
    demo = [badge] if door().overview().demo else []
    brand = html.Div(
        [
            html.Span(className="mark"),
            html.Span(PRODUCT, className="product"),
            *demo,
        ],
        className="brand",
    )
    leave = [_sign_out(words)] if is_gated() else []
    tale = _story(page, words, selection) if demo else []
    tools = html.Div([*tale, _languages(page, words, selection), _scheme(words), *leave], className="tools")
    top = html.Div([brand, _navigation(page, pages, words, selection), tools], className="bar")
    return html.Header([html.Div([top, _pickers(page, words, selection)], className="inner")])


def _story(page: Page, words: Words, selection: Selection) -> list[dmc.Anchor]:
    """The way to the story, in the demo only."""
    current = "page" if page.path == STORY_PATH else ""
    address = selection.whole.but(period="").link(STORY_PATH)
    return [blocks.link(words("The story"), address, current=current)]


def _navigation(page: Page, pages: Sequence[Page], words: Words, selection: Selection) -> html.Nav:
    menus = [_menu(group, page, pages, words, selection) for group in MENU]
    return html.Nav(html.Ul(menus, className="menus"), id="menu", **blocks.aria(label=words("Pages")))


def _menu(group: str, page: Page, pages: Sequence[Page], words: Words, selection: Selection) -> html.Li:
    """One part of the menu: closed it names the page we are on, open it links to all of its pages."""
    role = selection.viewer.role if selection.viewer else "self"
    links = [html.Li(_to(each, page, words, selection)) for each in pages if each.group == group and role in each.roles]
    title = [html.Span(words(OWN[role] if group == "own" else MENU[group]), className="menu-name")]
    if page.group == group:
        title.append(html.Span(words(page.short), className="menu-page"))
    closed = html.Summary(title, className="here" if page.group == group else "")
    return html.Li(html.Details([closed, html.Ul(links)], className="menu"))


def _to(each: Page, page: Page, words: Words, selection: Selection) -> dmc.Anchor:
    current = "page" if each.path == page.path else ""
    return blocks.link(words(each.short), selection.whole.link(each.path), current=current)


def _languages(page: Page, words: Words, selection: Selection) -> html.Ul:
    # Real links, not callbacks: the language of the whole document changes with them.
    links = [
        html.Li(
            html.A(
                code.upper(),
                href=selection.but(language=code).link(page.path),
                lang=code,
                title=name,
                **blocks.aria(current="true" if code == words.language else "", label=f"{code.upper()}, {name}"),
            )
        )
        for code, name in LANGUAGES.items()
    ]
    return html.Ul(links, className="languages")


def _scheme(words: Words) -> dmc.ColorSchemeToggle:
    return dmc.ColorSchemeToggle(
        id="scheme",
        lightIcon=html.Span(className="icon sun"),
        darkIcon=html.Span(className="icon moon"),
        variant="subtle",
        color="gray",
        size="lg",
        **blocks.aria(label=words("Switch between light and dark")),
    )


def _sign_out(words: Words) -> html.Form:
    return html.Form(html.Button(words("Sign out"), type="submit", className="plain"), action=LOGOUT, method="post")


def _pickers(page: Page, words: Words, selection: Selection) -> html.Div:
    return html.Div(
        [_viewer_picker(page, words, selection), _period_picker(page, words, selection)],
        className="pickers",
        role="group",
        **blocks.aria(label=words("Who and when")),
    )


def _viewer_picker(page: Page, words: Words, selection: Selection) -> dmc.Select:
    here = door()
    choices = list(offered(here))
    if selection.viewer and selection.viewer not in choices:
        choices.insert(0, selection.viewer)
    own = [viewer for viewer in choices if viewer.role == "self"]
    teams = [viewer for viewer in choices if viewer.role == "mt"]
    others = [viewer for viewer in choices if viewer.role == "hr"]
    groups = ((words("My own view"), own), (words("Management teams"), teams), (words("HR"), others))
    data = [
        {
            "group": title,
            "items": [
                _option(viewer_name(here, words, each), _seen_as(each, selection).link(page.path)) for each in viewers
            ],
        }
        for title, viewers in groups
        if viewers
    ]
    value = selection.link(page.path) if selection.viewer else None
    return _select("viewer", words("View"), data, value, words("Choose a view"))


def _seen_as(viewer: Viewer, selection: Selection) -> Selection:
    """The same page for another viewer, who has no such subject and may not be told of that department."""
    return selection if viewer == selection.viewer else selection.but(viewer=viewer, topic="", unit="")


def _period_picker(page: Page, words: Words, selection: Selection) -> html.Div:
    available = door().overview(selection.viewer).period
    if available is None or not selection.viewer:
        return html.Div(className="period")
    offered = spans.choices(available)
    known = {spans.EVERYTHING, *(key for keys in offered.values() for key in keys)}
    loose = [spans.EVERYTHING] if selection.period in known else [spans.EVERYTHING, selection.period]
    data: list[dict[str, Any]] = [
        {"group": words("All"), "items": [_period_option(page, words, selection, key) for key in loose]}
    ]
    data += [
        {"group": words(GROUPS[group]), "items": [_period_option(page, words, selection, key) for key in keys]}
        for group, keys in offered.items()
        if keys
    ]
    sides = spans.neighbours(selection.period, available)
    return html.Div(
        [
            _step(page, words("Earlier"), "‹", selection, sides.before),
            _select("period", words("Period"), data, selection.link(page.path), words("Choose a period")),
            _step(page, words("Later"), "›", selection, sides.after),
        ],
        className="period",
    )


def _period_option(page: Page, words: Words, selection: Selection, key: str) -> dict[str, str]:
    return _option(spans.span_name(words, key), selection.but(period=key).link(page.path))


def _step(page: Page, label: str, sign: str, selection: Selection, key: str | None) -> Any:
    if key is None:
        return html.Span(sign, className="step", **blocks.aria(hidden="true"))
    return blocks.link(sign, selection.but(period=key).link(page.path), label=label, kind="step")


def _option(label: str, value: str) -> dict[str, str]:
    return {"label": label, "value": value}


def _select(name: str, label: str, data: list[dict[str, Any]], value: str | None, hint: str) -> dmc.Select:
    return dmc.Select(
        id=name,
        label=label,
        data=data,
        value=value,
        placeholder=hint,
        allowDeselect=False,
        searchable=False,
        checkIconPosition="right",
        maxDropdownHeight=360,
        className="select",
        comboboxProps={"shadow": "md", "radius": "md"},
    )


def viewer_name(door: Door, words: Words, viewer: Viewer) -> str:
    """A viewer as people call them."""
    if viewer.role == "self":
        return door.name_of(viewer) or words("My own calendar")
    if viewer.role == "mt":
        return viewer.unit or words("Management team, whole organisation")
    return words("HR, whole organisation")


def _eyebrow(seen: Look) -> html.P:
    who = viewer_name(seen.door, seen.words, seen.viewer)
    # Files made in the browser are named after these dates, as the server's are.
    dates: dict[str, Any] = {"data-dates": f"{seen.period.start}_{seen.period.last_day}"}
    return html.P([html.Span(who), html.Span(seen.words.dates(seen.period), **dates)], className="eyebrow")


def _footer(seen: Look) -> html.Footer:
    words, overview = seen.words, seen.overview
    share = _share_seen(seen)
    parts = [
        words.many("{count} person", "{count} people", overview.people),
        *([words.many("{count} meeting", "{count} meetings", overview.meetings)] if overview.meetings else []),
        words("{share} labelled", share=words.percent(overview.labelled)),
    ]
    if share is not None:
        parts.append(words("{share} of people with a calendar", share=words.percent(share)))
    facts = words("These figures come from {parts}.", parts=", ".join(parts)) + f" {mark_sentence(seen)}".rstrip()
    trust = blocks.link(words("Can we trust this?"), seen.selection.whole.link(TRUST_PATH))
    return html.Footer(
        html.Div(
            [html.P([html.Span(facts, id="source"), " ", trust]), html.P([_local(words), *_more(words)])],
            className="inner",
        )
    )


def _share_seen(seen: Look) -> float | None:
    """How many people have a calendar; no page waits for this alone."""
    try:
        return seen_share(seen.door.checks(seen.viewer, seen.period))
    except NotReady:
        return None


def _more(words: Words) -> list[Any]:
    """The way to bring more in; a page of its own outside Dash, so a plain link."""
    address = f"/start?again=yes&lang={words.language}"
    return [" ", html.A(words("Bring in another calendar"), href=address)] if takes_in() else []


def _footer_without(words: Words) -> html.Footer:
    return html.Footer(html.Div(html.P(_local(words)), className="inner"))


def _local(words: Words) -> str:
    if is_gated():
        return words("You are signed in; you see what was given to you.")
    return words("Everything stays on this machine.")
