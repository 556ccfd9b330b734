"""Where a person's decision about their own data arrives: the same viewer check as the page, then back to the page."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flask import Response, redirect, request

from dashboard import notices
from dashboard.page import Stop, asked, door, look
from dashboard.pages.mine import DECIDE_PATH, PATH
from dashboard.saying import BUSY, ELSEWHERE
from dashboard.words import Words, message
from privacy.door import Refusal
from store.errors import BadInput, Unreachable

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.wrappers import Response as AnyResponse

    from dashboard.page import Look

NOT_DECIDED = message("This could not be kept: it is no decision that can be taken here. Go back and try again.")


def serve_deciding(server: Flask) -> None:
    """Answer the forms of the page about what others see."""
    server.add_url_rule(DECIDE_PATH, "decide", _decide, methods=["POST"])


def _decide() -> AnyResponse:
    query = {name: values[0] if len(values) == 1 else values for name, values in request.args.lists()}
    found = asked(query)
    words = Words(found.selection.language)
    if request.headers.get("Sec-Fetch-Site") != "same-origin":
        return _plain(words(ELSEWHERE), 403)
    seen = look(door(), found, words, PATH)
    if isinstance(seen, Stop):
        return _plain(seen.sentence, seen.status)
    try:
        refused = _kept(seen)
    except Unreachable:
        return _plain(words(BUSY), 503)
    except BadInput:
        return _plain(words(NOT_DECIDED), 400)
    if refused:
        return _plain(notices.refusal(words, refused), 403)
    return redirect(seen.selection.link(PATH), code=303)


def _kept(seen: Look) -> Refusal | None:
    """Keep the decision of a form; why not, where it is not theirs to take."""
    if seen.viewer.role != "self":
        return Refusal("own_view_only", {})
    purpose, decision = request.args.get("purpose", ""), request.form.get("decision", "")
    done = seen.door.decide(seen.viewer, purpose, decision, datetime.now(UTC).replace(tzinfo=None))
    return done if isinstance(done, Refusal) else None


def _plain(text: str, status: int) -> Response:
    return Response(text, status=status, content_type="text/plain; charset=utf-8")
