"""Requests outside the pages, such as a form sent in: the same viewer check, and an answer in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, redirect, request

from dashboard import notices
from dashboard.page import Look, Stop, asked, door, look
from dashboard.words import Words, message
from privacy.refusal import Refusal
from store.errors import BadInput, Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.wrappers import Response as AnyResponse

BUSY = message("This could not be kept, because something else is writing to the store. Go back and try again.")
ELSEWHERE = message("This did not come from a page of meetload, so nothing was changed.")


def requested_words() -> Words:
    """The language in which this request is answered."""
    return Words(asked(_query()).selection.language)


def requested_look(path: str) -> Look | Response:
    """What the address of this request looks at, or the answer why not; `path` is the page it belongs to."""
    seen = look(door(), asked(_query()), requested_words(), path)
    return plain(seen.sentence, seen.status) if isinstance(seen, Stop) else seen


def keep_form(path: str, keep: Callable[[Look], object], not_kept: str) -> AnyResponse:
    """Do what a form of a page asks, and go back to the page; refused unless it was sent by that page itself."""
    words = requested_words()
    if not is_ours():
        return plain(words(ELSEWHERE), 403)
    seen = requested_look(path)
    if isinstance(seen, Response):
        return seen
    try:
        done = keep(seen)
    except Unreachable:
        return plain(words(BUSY), 503)
    except BadInput:
        return plain(words(not_kept), 400)
    if isinstance(done, Refusal):
        return plain(notices.refusal(words, done), 403)
    return redirect(seen.selection.link(path), code=303)


def is_ours() -> bool:
    """Whether a page of this server sent the request; every browser of today says so itself."""
    return request.headers.get("Sec-Fetch-Site") == "same-origin"


def plain(text: str, status: int) -> Response:
    """A sentence as a whole answer."""
    return Response(text, status=status, content_type="text/plain; charset=utf-8")


def _query() -> dict[str, object]:
    """The address as the pages get it: a key given twice is a list, which nothing understands."""
    return {name: values[0] if len(values) == 1 else values for name, values in request.args.lists()}
