"""Where a person's decision about their own data arrives: the same viewer check as the page, then back to the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from dashboard.forms import keep_form
from dashboard.pages.mine import DECIDE_PATH, PATH
from dashboard.words import message
from privacy.refusal import Refusal
from store import clock

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.wrappers import Response

    from dashboard.page import Look

NOT_DECIDED = message("This could not be kept: it is no decision that can be taken here. Go back and try again.")


def serve_deciding(server: Flask) -> None:
    """Answer the forms of the page about what others see."""
    server.add_url_rule(DECIDE_PATH, "decide", _decide, methods=["POST"])


def _decide() -> Response:
    return keep_form(PATH, _kept, NOT_DECIDED)


def _kept(seen: Look) -> object:
    """Keep the decision of a form; why not, where it is not theirs to take."""
    if seen.viewer.role != "self":
        return Refusal("own_view_only", {})
    return seen.door.decide(seen.viewer, request.args.get("purpose", ""), request.form.get("decision", ""), clock.now())
