"""Who may knock: loopback names only; headers on every answer; nothing kept by a cache or sent off the machine."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import abort, request

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask, Response

LOOPBACK = ("localhost", "127.0.0.1", "::1")
STATIC = ("/assets/", "/_dash-component-suites/")

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def policy(script_hashes: list[str]) -> str:
    """The content security policy: everything from this server, inline scripts only when we wrote them."""
    rules = (
        "default-src 'self'",
        "script-src 'self' " + " ".join(script_hashes),
        # Plotly draws nothing without inline styles.
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "worker-src 'self' blob:",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "object-src 'none'",
    )
    return "; ".join(rules)


def script_hash(script: str) -> str:
    """How the policy names one inline script."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def guard(server: Flask, script_hashes: Callable[[], list[str]], hosts: tuple[str, ...] = LOOPBACK) -> None:
    """Put the checks before and the headers behind every request of a server."""

    def known_host_only() -> None:
        # A page elsewhere that makes its own name point here (DNS rebinding) still sends its own name.
        if hostname(request.host) not in hosts:
            abort(421)
        if request.method == "POST" and request.headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"}:
            abort(403)

    def headers(response: Response) -> Response:
        response.headers.update(HEADERS)
        response.headers["Content-Security-Policy"] = policy(script_hashes())
        if not request.path.startswith(STATIC):
            response.headers["Cache-Control"] = "no-store"
        return response

    server.before_request(known_host_only)
    server.after_request(headers)


def hostname(host: str) -> str:
    """The name in a Host header, without its port; empty where it is none.

    >>> hostname("[::1]:8050")
    '::1'
    """
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
