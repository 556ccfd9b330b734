"""Where a corrected label arrives: the same viewer check as the page, then back to the page."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flask import Response, redirect, request

from dashboard import notices
from dashboard.page import Stop, asked, door, look
from dashboard.pages.labels import PATH, SAY_PATH
from dashboard.words import Words, message
from privacy.door import Refusal
from store.errors import BadInput, Unreachable

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.wrappers import Response as AnyResponse

NOT_KEPT = message("This could not be kept: the meeting or the label is not known here. Go back and try again.")
BUSY = message("This could not be kept, because something else is writing to the store. Go back and try again.")
ELSEWHERE = message("This did not come from a page of meetload, so nothing was changed.")


def serve_saying(server: Flask) -> None:
    """Answer the forms of the page of labels."""
    server.add_url_rule(SAY_PATH, "say_label", _say, methods=["POST"])


def _say() -> AnyResponse:
    query = {name: values[0] if len(values) == 1 else values for name, values in request.args.lists()}
    found = asked(query)
    words = Words(found.selection.language)
    if request.headers.get("Sec-Fetch-Site") != "same-origin":
        return _plain(words(ELSEWHERE), 403)
    seen = look(door(), found, words, PATH)
    if isinstance(seen, Stop):
        return _plain(seen.sentence, seen.status)
    label = request.form.get("label", "") or None
    try:
        done = seen.door.say_label(
            seen.viewer, request.args.get("meeting", ""), label, datetime.now(UTC).replace(tzinfo=None)
        )
    except Unreachable:
        return _plain(words(BUSY), 503)
    except BadInput:
        return _plain(words(NOT_KEPT), 400)
    if isinstance(done, Refusal):
        return _plain(notices.refusal(words, done), 403)
    return redirect(seen.selection.link(PATH), code=303)


def _plain(text: str, status: int) -> Response:
    return Response(text, status=status, content_type="text/plain; charset=utf-8")
