"""The dashboard as one Dash application over one door."""

from __future__ import annotations

import logging
import secrets
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dash
import dash_mantine_components as dmc
from dash import ClientsideFunction, Input, Output, State, dcc, html
from flask import Response, has_request_context, request
from werkzeug.exceptions import HTTPException

from dashboard import blocks, notices
from dashboard.charts import FONT
from dashboard.deciding import serve_deciding
from dashboard.downloads import serve_numbers
from dashboard.guard import LOOPBACK, guard, script_hash
from dashboard.opening import OPENING
from dashboard.page import DOOR, GATED, PRODUCT, TAKES_IN, Page, asked, name_page, page_title
from dashboard.pages import PAGES
from dashboard.saying import serve_saying
from dashboard.shell import show
from dashboard.signin import Gate, close_gate
from dashboard.starting import serve_starting
from dashboard.viewing import keep_views
from dashboard.waiting import serve_waiting, too_early
from dashboard.words import DEFAULT_LANGUAGE, Words
from privacy.answers import NotReady

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboard.intake import TakeIn
    from dashboard.viewing import Log
    from privacy.door import Door

log = logging.getLogger(__name__)

ASSETS = Path(__file__).with_name("assets")
# Before the first paint: the scheme this reader chose last, or else the system's.
SCHEME = (
    "(function(){var s=null;try{s=localStorage.getItem('mantine-color-scheme-value')}catch(e){}"
    "var d=s==='dark'||(s!=='light'&&matchMedia('(prefers-color-scheme: dark)').matches);"
    "document.documentElement.setAttribute('data-mantine-color-scheme',d?'dark':'light')})()"
)
INDEX = """<!DOCTYPE html>
<html lang="{language}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>{title}</title>
    <link rel="icon" type="image/svg+xml" href="{icon}">
    <script>{scheme}</script>
    {css}
  </head>
  <body>
    {app_entry}
    <footer hidden>{config}{scripts}{renderer}</footer>
  </body>
</html>"""


class Dashboard(dash.Dash):
    """A Dash application whose first document already speaks the reader's language."""

    def interpolate_index(self, **parts: str) -> str:  # type: ignore[override]
        """The document around the application."""
        return INDEX.format(
            language=readers_words().language,
            title=parts["title"],
            icon=self.get_asset_url("mark.svg"),
            scheme=SCHEME,
            css=parts["css"],
            app_entry='<div id="react-entry-point"><div class="opening" role="status">meetload</div></div>',
            config=parts["config"],
            scripts=parts["scripts"],
            renderer=parts["renderer"],
        )


def create_app(
    door: Door,
    secret_key: str | None = None,
    hosts: tuple[str, ...] = LOOPBACK,
    gate: Gate | None = None,
    views: Log | None = None,
    take_in: TakeIn | None = None,
) -> dash.Dash:
    """The dashboard over a door. `hosts` are the only names it answers to; by default those of this machine.

    With a gate nobody gets anything before signing in, and then only the views given to them; who looked at what is
    written into `views`. With `take_in`, and without a gate, whoever sits here may give files to take in.
    """
    app = Dashboard(
        "dashboard",
        use_pages=True,
        pages_folder="",
        assets_folder=str(ASSETS),
        enable_mcp=False,
        title=PRODUCT,
        update_title=None,  # type: ignore[arg-type]
        # Without it Dash would build every page once, outside any request.
        suppress_callback_exceptions=True,
        include_pages_meta=False,
        on_error=broken,
    )
    app.server.config.update(
        {
            DOOR: door,
            GATED: gate is not None,
            "SECRET_KEY": secret_key or secrets.token_urlsafe(32),
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Strict",
        }
    )
    guard(app.server, lambda: [*app.csp_hashes(), script_hash(SCHEME)], hosts)
    if gate is not None:
        close_gate(app.server, gate)
    if views is not None:
        keep_views(app.server, views)
    # Not 500: for that Flask has already logged the message, which may hold a title.
    app.server.register_error_handler(Exception, broken_file)
    app.server.register_error_handler(NotReady, lambda _: too_early(readers_words()))
    for order, page in enumerate(PAGES):
        register(page, order)
    dash.register_page("dashboard.not_found_404", path="/not-found", title=page_title, layout=_not_found)  # type: ignore[no-untyped-call]
    serve_numbers(app.server, PAGES)
    serve_saying(app.server)
    serve_waiting(app.server)
    serve_deciding(app.server)
    if take_in is not None and gate is None:
        app.server.config[TAKES_IN] = True
        serve_starting(app.server, take_in, SCHEME)
    app.layout = _layout()
    _navigate(app)
    return app


def register(page: Page, order: int) -> None:
    """Tell Dash about one page. Its door comes with the request, so several apps can share a process."""

    def layout(**query: object) -> html.Div:
        return show(page, PAGES, query)

    dash.register_page(f"dashboard.{page.name}", path=page.path, title=page_title, layout=layout, order=order)  # type: ignore[no-untyped-call]


def readers_words() -> Words:
    """Words for whoever sent this request, also where its address asks for nonsense."""
    if not has_request_context():
        return Words(DEFAULT_LANGUAGE)
    return Words(asked({"lang": request.args.get("lang", "")}).selection.language)


def _layout() -> dmc.MantineProvider:
    # The parts of dash.page_container, with something to look at before the first answer.
    container = html.Div(
        [
            dcc.Location(id="_pages_location", refresh="callback-nav"),
            html.Div(_skeleton(), id="_pages_content", disable_n_clicks=True),
            dcc.Store(id="_pages_store"),
            html.Div(id="_pages_dummy", disable_n_clicks=True),
        ]
    )
    theme = {"primaryColor": "blue", "primaryShade": 8, "fontFamily": FONT, "defaultRadius": "md"}
    return dmc.MantineProvider(
        [
            container,
            dcc.Location(id="go", refresh="callback-nav"),
            html.Div(id="announcement", role="status", className="unseen"),
        ],
        theme=theme,
        defaultColorScheme="auto",
    )


def _skeleton() -> html.Div:
    lines = [dmc.Skeleton(height=height, width=width, radius="md") for height, width in ((18, "30%"), (44, "80%"))]
    cards = [dmc.Skeleton(height=320, radius="lg"), dmc.Skeleton(height=320, radius="lg")]
    return html.Div([*lines, html.Div(cards, className="cards")], className="skeleton", **blocks.aria(hidden="true"))


def _navigate(app: dash.Dash) -> None:
    """The callbacks that need no server: a choice changes the address, a new page is announced."""
    # One for each picker: a page without a period to pick has no such input.
    for picker in ("viewer", "period"):
        app.clientside_callback(  # type: ignore[no-untyped-call]
            ClientsideFunction("meetload", "go"),
            Output("go", "href", allow_duplicate=True),
            Input(picker, "value"),
            State("here", "data"),
            prevent_initial_call=True,
        )
    for picture in OPENING:
        app.clientside_callback(  # type: ignore[no-untyped-call]
            ClientsideFunction("meetload", "open"),
            Output("go", "href", allow_duplicate=True),
            Input(picture, "clickData"),
            prevent_initial_call=True,
        )
    app.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction("meetload", "announce"),
        Output("announcement", "children"),
        Input("_pages_store", "data"),
        prevent_initial_call=True,
    )


def _not_found(**query: object) -> html.Main:
    selection = asked(query).selection
    words = Words(selection.language)
    name_page(words(notices.NO_PAGE))
    home = blocks.link(words("To the first page"), selection.link("/"))
    return html.Main([html.H1(words(notices.NO_PAGE)), html.P(home)], id="main", className="frame alone")


def _reference(error: BaseException) -> str:
    """Log where an error happened under a number of its own; its message may hold titles and stays out."""
    reference = secrets.token_hex(4)
    places = "".join(traceback.format_tb(error.__traceback__))
    log.error("%s %s\n%s", reference, type(error).__name__, places)
    return reference


def _request_query() -> Mapping[str, object]:
    """The address a callback was asked from, as far as it can be read."""
    body = request.get_json(silent=True) if has_request_context() else None
    for given in body.get("inputs", []) if isinstance(body, dict) else []:
        if isinstance(given, dict) and given.get("property") == "search":
            text = str(given.get("value") or "")
            return {"lang": "nl"} if "lang=nl" in text else {"lang": "en"} if "lang=en" in text else {}
    return {}


def broken(error: Exception) -> Any:
    """What a page shows when building it failed: a plain notice with a number to find it by."""
    words = Words(asked(_request_query()).selection.language)
    reference = _reference(error)
    message = blocks.notice(
        words(notices.BROKEN), words(notices.BROKEN_WHAT_NOW, reference=reference), kind="notice broken"
    )
    title = words(notices.BROKEN)
    return [html.Main([html.H1(PRODUCT), message], id="main", className="frame alone"), {"title": title}]


def broken_file(error: Exception) -> Response | HTTPException:
    """What a request outside the pages gets when it failed; an answer with a status of its own stays that."""
    if isinstance(error, HTTPException):
        return error
    words = readers_words()
    text = words(notices.BROKEN_WHAT_NOW, reference=_reference(error))
    return Response(f"{words(notices.BROKEN)} {text}", status=500, content_type="text/plain; charset=utf-8")
