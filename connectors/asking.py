"""Bringing a person to a vendor's sign-in page and back: where the page leads afterwards is a place on this machine.

Source: RFC 8252 sections 7.3 (loopback redirect) and 8.10 (one's own state, so that no other answer counts).
"""

from __future__ import annotations

import html
import queue
import socket
import threading
import time
import webbrowser
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Self
from urllib.parse import parse_qs, urlsplit

from store.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable

HOST = "127.0.0.1"
# Longer than any vendor's answer; an answer that takes longer to arrive is none.
MOST_BYTES = 64 * 1024
LOOK_UP = 0.2
"""How soon it is noticed that somebody gave up, in seconds."""
PAGE = """<!DOCTYPE html>
<html lang="{language}"><head><meta charset="utf-8"><title>{said}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<style>body {{ font: 1.25rem/1.5 system-ui, sans-serif; margin: 4rem auto; padding: 0 1.5rem; max-width: 34rem }}
h1 {{ font-size: inherit; font-weight: 600 }}</style></head><body><main><h1>{said}</h1></main></body></html>"""


class Stopped(BadInput):
    """Somebody gave up what they had begun."""


def open_window(address: str, _: float = 0) -> None:
    """Open an address in the browser of this machine, where there is one; on a thread, for some browsers stay."""

    def opened() -> None:
        with suppress(webbrowser.Error):
            webbrowser.get().open(address, new=1)

    threading.Thread(target=opened, daemon=True).start()


@dataclass(frozen=True)
class Asking:
    """How somebody is led to a vendor's page, what is said to them there in the end, and whether they gave up.

    `lead` is told the address and how many seconds there are.
    """

    lead: Callable[[str, float], None] = open_window
    allowed: str = "meetload may read your calendar now. You can close this window."
    refused: str = "Nothing was allowed. You can close this window; meetload says what to do."
    language: str = "en"
    given_up: threading.Event = field(default_factory=threading.Event)


class Landing:
    """The place that a vendor's page sends its answer to, as long as the `with` block lasts."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def __enter__(self) -> Self:
        try:
            self._server = _Server((HOST, 0), _Handler)
        except OSError as error:
            raise BadInput(f"this machine opens no place for the answer of the sign-in ({error.strerror})") from error
        self._server.asking = self._asking
        # Vendors are told "localhost", which may also mean ::1; nobody else is to listen there meanwhile.
        self._twin = _reserved(self._server.server_port)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(LOOK_UP,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        if self._twin is not None:
            self._twin.close()

    @property
    def address(self) -> str:
        """Where the vendor's page has to lead."""
        return f"http://localhost:{self._server.server_port}"

    def answer(self, page: str, state: str, seconds: float) -> dict[str, str]:
        """Lead somebody to the page, and what comes back with this state; raises when nobody answers in time."""
        self._server.state = state
        self._asking.lead(page, seconds)
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if self._asking.given_up.is_set():
                raise Stopped("the sign-in was stopped; nothing was read")
            with suppress(queue.Empty):
                return self._server.inbox.get(timeout=min(LOOK_UP, left))
        raise BadInput(f"nobody signed in within {seconds:g} seconds; start again, and sign in within that time")


def _reserved(port: int) -> socket.socket | None:
    with suppress(OSError):
        twin = socket.socket(socket.AF_INET6)
        try:
            twin.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            twin.bind(("::1", port))
        except OSError:
            twin.close()
            raise
        return twin
    return None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    asking: Asking
    state = ""

    def __init__(self, *given: object) -> None:
        super().__init__(*given)  # type: ignore[arg-type]
        self.inbox: queue.SimpleQueue[dict[str, str]] = queue.SimpleQueue()

    def handle_error(self, *_: object) -> None:
        """Nothing: a window that was closed is no error of ours."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    # Browsers open connections that they may never use.
    timeout = 10

    def do_GET(self) -> None:
        self._answered(urlsplit(self.path).query)

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        fits = length.isdigit() and int(length) <= MOST_BYTES
        self._answered(self.rfile.read(int(length)).decode("utf-8", "replace") if fits else "")

    def _answered(self, query: str) -> None:
        answer = {name: values[0] for name, values in parse_qs(query).items()}
        # Whatever else asks here (an icon, another page) is no answer, and the waiting goes on.
        if not self.server.state or answer.get("state") != self.server.state or not {"code", "error"} & answer.keys():
            self.send_error(404)
            return
        asking = self.server.asking
        said = asking.allowed if "code" in answer else asking.refused
        page = PAGE.format(language=html.escape(asking.language), said=html.escape(said)).encode()
        self.send_response(200)
        headers = {
            "Content-Type": "text/html; charset=utf-8",
            "Content-Length": str(len(page)),
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
            "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
        }
        for name, value in headers.items():
            self.send_header(name, value)
        # The answer counts also where the window is gone before it has read ours.
        self.server.inbox.put(answer)
        with suppress(ConnectionError):
            self.end_headers()
            self.wfile.write(page)

    def log_message(self, *_: object) -> None:
        """Nothing: the address holds the answer."""
