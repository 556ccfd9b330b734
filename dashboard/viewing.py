"""Views and exports of a served dashboard, written down before the answer leaves: no line, no answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from flask import g, request

from dashboard.address import BY_NAME
from dashboard.signin import current_identity
from store import clock

if TYPE_CHECKING:
    from datetime import datetime

    from flask import Flask, Response

    from dashboard.page import Look

LOOKED = "looked"
EXPORTS = "/numbers/"
ROUTER = "/_dash-update-component"
NOBODY = "nobody signed in"


class Log(Protocol):
    """Where views are written down, such as `store.viewlog.ViewLog`."""

    def note(self, actor: str, action: str, scope: str, now: datetime) -> None:
        """Write down one view, export or refusal."""
        ...


def keep_views(server: Flask, log: Log) -> None:
    """Write down what everybody who signed in gets to see; of who did not, each look at people by name."""

    def note(response: Response) -> Response:
        identity, seen = current_identity(), g.get(LOOKED)
        if seen is not None and (identity is not None or seen.selection.show == BY_NAME):
            actor = identity.subject if identity else NOBODY
            log.note(actor, _action(response), scope_of(seen), clock.now())
        return response

    server.after_request(note)


def scope_of(seen: Look) -> str:
    """What was looked at and as whom; a person's own view names nobody, for the actor is that person."""
    viewer = "self" if seen.viewer.role == "self" else seen.viewer.key
    period = seen.selection.period or str(seen.period)
    how = " by name" if seen.selection.show == BY_NAME else ""
    about = f" about {seen.selection.unit}" if seen.selection.unit else ""
    return f"{seen.path}{about}{how} as {viewer}, {period}"


def _action(response: Response) -> str:
    if response.status_code >= 400:
        return "refused"
    if request.path.startswith(EXPORTS):
        return "export"
    return "change" if request.method == "POST" and request.path != ROUTER else "view"
