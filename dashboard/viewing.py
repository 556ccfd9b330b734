"""Views and exports of a served dashboard, written down before the answer leaves: no line, no answer."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from flask import g, request

from dashboard.signin import current_identity

if TYPE_CHECKING:
    from flask import Flask, Response

    from dashboard.page import Look

LOOKED = "looked"
EXPORTS = "/numbers/"
ROUTER = "/_dash-update-component"


class Log(Protocol):
    """Where views are written down, such as `store.viewlog.ViewLog`."""

    def note(self, actor: str, action: str, scope: str, now: datetime) -> None:
        """Write down one view, export or refusal."""
        ...


def keep_views(server: Flask, log: Log) -> None:
    """Write down what everybody who signed in gets to see."""

    def note(response: Response) -> Response:
        identity, seen = current_identity(), g.get(LOOKED)
        if identity is not None and seen is not None:
            log.note(identity.subject, _action(response), scope_of(seen), datetime.now(UTC).replace(tzinfo=None))
        return response

    server.after_request(note)


def scope_of(seen: Look) -> str:
    """What was looked at and as whom; a person's own view names nobody, for the actor is that person."""
    viewer = "self" if seen.viewer.role == "self" else seen.viewer.key
    period = seen.selection.period or str(seen.period)
    return f"{seen.path} as {viewer}, {period}"


def _action(response: Response) -> str:
    if response.status_code >= 400:
        return "refused"
    if request.path.startswith(EXPORTS):
        return "export"
    return "change" if request.method == "POST" and request.path != ROUTER else "view"
