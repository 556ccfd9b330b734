"""The front gate of a served dashboard: nobody gets anything, not even an empty page, before signing in."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from flask import Response, g, has_request_context, redirect, request
from markupsafe import escape

from dashboard.sessions import Sessions
from dashboard.words import DEFAULT_LANGUAGE, LANGUAGES, Words, message
from store.errors import BadInput, Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from flask import Flask
    from werkzeug.wrappers import Response as AnyResponse

    from privacy.identity import Grants, Identity

LOGIN, CALLBACK, LOGOUT = "/login", "/login/callback", "/logout"
OPEN_PATHS = frozenset({LOGIN, CALLBACK})
ATTEMPT_SECONDS = 10 * 60
IDENTITY = "identity"

NOT_SIGNED_IN = message("You are not signed in.")
NO_RIGHTS = message("You are signed in, but no view has been given to you. Ask whoever runs meetload here.")
SIGNED_OUT = message("You are signed out.")
FAILED = message("Signing in did not work. Start again; if it keeps failing, ask whoever runs meetload here.")
NO_PROVIDER = message("The sign-in provider cannot be reached. Try again in a while.")
SIGN_IN = message("Sign in")


class SignIn(Protocol):
    """A provider people sign in at, such as `connectors.oidc.Provider`."""

    def begin(self, redirect_uri: str) -> tuple[str, Any]:
        """The address to send the browser to, and the attempt to keep."""
        ...

    def finish(self, attempt: Any, query: str) -> dict[str, Any]:
        """The claims of whoever came back; BadInput where the answer is not to be trusted."""
        ...


@dataclass(frozen=True)
class Gate:
    """What a served dashboard needs: where people sign in, who may see what, and its own public address."""

    provider: SignIn
    grants: Grants
    public_url: str

    @property
    def secure(self) -> bool:
        """Whether the public address is encrypted, so that cookies may insist on it."""
        return self.public_url.startswith("https://")

    @property
    def cookie(self) -> str:
        """The name of the session's cookie; the prefix makes browsers refuse one set by another host."""
        return "__Host-meetload" if self.secure else "meetload"


def current_identity() -> Identity | None:
    """Who sent this request, once the gate let them in."""
    return g.get(IDENTITY) if has_request_context() else None


def close_gate(server: Flask, gate: Gate, clock: Callable[[], float] = time.monotonic) -> None:
    """Put the gate before every path of a server but signing in itself; default deny."""
    keeper = _Keeper(gate, clock)
    server.before_request(keeper.check)
    server.add_url_rule(LOGIN, "login", keeper.login)
    server.add_url_rule(CALLBACK, "login_callback", keeper.callback)
    server.add_url_rule(LOGOUT, "logout", keeper.logout, methods=["POST"])


class _Keeper:
    """Checks every request, and leads people to the provider and back."""

    def __init__(self, gate: Gate, clock: Callable[[], float]) -> None:
        self._gate = gate
        self._sessions: Sessions[Identity] = Sessions(clock)
        self._attempts: Sessions[Any] = Sessions(clock, idle=ATTEMPT_SECONDS, whole=ATTEMPT_SECONDS)
        self._attempt_cookie = f"{gate.cookie}-attempt"

    def check(self) -> AnyResponse | None:
        """What a request gets instead of an answer; None lets it through."""
        if request.method not in {"GET", "HEAD", "OPTIONS"} and not _from_here(self._gate):
            return _page(FAILED, 403)
        if request.path in OPEN_PATHS:
            return None
        identity = self._sessions.read(request.cookies.get(self._gate.cookie, ""))
        if identity is None:
            return redirect(LOGIN) if _is_navigation() else _page(NOT_SIGNED_IN, 401)
        g.identity = identity
        return None if identity.viewers or request.path == LOGOUT else _page(NO_RIGHTS, 403)

    def login(self) -> AnyResponse:
        """Send the browser to the provider."""
        try:
            address, attempt = self._gate.provider.begin(self._gate.public_url.rstrip("/") + CALLBACK)
        except (Unreachable, BadInput):
            return _page(NO_PROVIDER, 503)
        answer = redirect(address)
        self._set(answer, self._attempt_cookie, self._attempts.open(attempt), ATTEMPT_SECONDS)
        return answer

    def callback(self) -> AnyResponse:
        """Open a session for whoever comes back from the provider."""
        attempt = self._attempts.take(request.cookies.get(self._attempt_cookie, ""))
        if attempt is None:
            return _page(FAILED, 400)
        try:
            claims = self._gate.provider.finish(attempt, request.query_string.decode())
        except BadInput:
            return _page(FAILED, 400)
        except Unreachable:
            return _page(NO_PROVIDER, 503)
        # A key that was there before signing in is never the key afterwards.
        self._sessions.take(request.cookies.get(self._gate.cookie, ""))
        answer = redirect("/")
        self._set(answer, self._gate.cookie, self._sessions.open(self._gate.grants.of(claims)))
        self._unset(answer, self._attempt_cookie)
        return answer

    def logout(self) -> AnyResponse:
        """End a session."""
        self._sessions.take(request.cookies.get(self._gate.cookie, ""))
        answer = _page(SIGNED_OUT, 200)
        self._unset(answer, self._gate.cookie)
        return answer

    def _set(self, answer: AnyResponse, name: str, value: str, seconds: int | None = None) -> None:
        secure = self._gate.secure
        answer.set_cookie(name, value, max_age=seconds, path="/", secure=secure, httponly=True, samesite="Lax")

    def _unset(self, answer: AnyResponse, name: str) -> None:
        answer.delete_cookie(name, secure=self._gate.secure, httponly=True, samesite="Lax")


def _from_here(gate: Gate) -> bool:
    """Whether a request that changes something was sent by a page of this server."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if origin in {None, "null"}:
        # Our own forms send "null", as no page of ours tells where it came from; then only the browser's word counts.
        return site == "same-origin"
    return origin == gate.public_url.rstrip("/") and site in {None, "same-origin"}


def _is_navigation() -> bool:
    return request.method == "GET" and "text/html" in request.headers.get("Accept", "")


def _page(text: str, status: int) -> Response:
    """A page of one sentence that needs no script: there may be nobody to load one for."""
    words = Words(request.accept_languages.best_match(list(LANGUAGES), DEFAULT_LANGUAGE) or DEFAULT_LANGUAGE)
    link = f'<p><a href="{LOGIN}">{escape(words(SIGN_IN))}</a></p>'
    body = (
        f'<!DOCTYPE html><html lang="{words.language}"><head><meta charset="utf-8"><title>meetload</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"></head>'
        f"<body><main><h1>meetload</h1><p>{escape(words(text))}</p>{link}</main></body></html>"
    )
    return Response(body, status=status, content_type="text/html; charset=utf-8")
