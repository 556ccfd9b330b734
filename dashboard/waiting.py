"""What a page says while its answer is being worked out, and where the browser asks whether it is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html
from flask import Response, jsonify

from dashboard import blocks
from dashboard.page import door
from dashboard.words import message

if TYPE_CHECKING:
    from flask import Flask

    from dashboard.words import Words
    from privacy.answers import Helper, NotReady

BEING_WORKED_OUT = message("This is being worked out.")
COMES_BY_ITSELF = message("The answer comes up by itself; you can look at other pages meanwhile.")
RETRY = "3"


def waiting(words: Words, found: NotReady) -> list[Any]:
    """A headline without figures, how far the work is, and the address at which the browser asks on."""
    at: Any = {"data-ask": f"/ready/{found.ticket}"}
    bar = html.Progress(max=str(max(found.total, 1)), value=str(found.done), **blocks.aria(label=words("Progress")))
    return [
        blocks.headline(words(BEING_WORKED_OUT), words(COMES_BY_ITSELF)),
        html.Div([bar], id="waiting", className="card wide going", **at),
    ]


def serve_waiting(server: Flask) -> None:
    """Answer `/ready/TICKET`, and tell whoever asks for a file too early when to come back."""

    def ready(ticket: str) -> Response:
        # A door onto a release has nobody to ask: there every answer is ready.
        helper: Helper | None = getattr(door(), "helper", None)
        if helper is None:
            return jsonify(ready=True, done=0, total=0)
        state = helper.state(ticket)
        return jsonify(ready=state.is_there, done=state.done, total=state.total)

    server.add_url_rule("/ready/<ticket>", "ready", ready)


def too_early(words: Words) -> Response:
    """What a file says that cannot be made yet."""
    text = words(BEING_WORKED_OUT)
    return Response(text, status=503, content_type="text/plain; charset=utf-8", headers={"Retry-After": RETRY})
