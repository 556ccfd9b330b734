"""A provider that believes whatever the query says; the real ones are in tests/connectors and tests/browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from store.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.test import Client


class Scripted:
    """Signs in who is named, with these claims."""

    def __init__(self, people: Mapping[str, dict[str, Any]]) -> None:
        self.people = people

    def begin(self, redirect_uri: str) -> tuple[str, str]:
        return f"https://login.example/?redirect_uri={redirect_uri}", "attempt"

    def finish(self, attempt: str, query: str) -> dict[str, Any]:
        if query not in self.people:
            raise BadInput("no such person")
        return self.people[query]


def signed_in(client: Client, person: str) -> Client:
    """A browser after signing in."""
    client.get("/login")
    client.get(f"/login/callback?{person}")
    client.get("/_dash-layout")
    return client
