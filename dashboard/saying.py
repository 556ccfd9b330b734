"""Where a corrected label arrives: the same viewer check as the page, then back to the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from dashboard.forms import keep_form
from dashboard.pages.labels import PATH, SAY_PATH
from dashboard.words import message
from store import clock

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.wrappers import Response

    from dashboard.page import Look

NOT_KEPT = message("This could not be kept: the meeting or the label is not known here. Go back and try again.")


def serve_saying(server: Flask) -> None:
    """Answer the forms of the page of labels."""
    server.add_url_rule(SAY_PATH, "say_label", _say, methods=["POST"])


def _say() -> Response:
    return keep_form(PATH, _kept, NOT_KEPT)


def _kept(seen: Look) -> object:
    label = request.form.get("label", "") or None
    return seen.door.say_label(seen.viewer, request.args.get("meeting", ""), label, clock.now())
