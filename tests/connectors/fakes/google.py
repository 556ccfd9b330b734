"""Google, as far as meetload asks it: sign-in, Calendar and Directory on a local address.

Real client libraries talk to it. Every body it sends is held against the published types first, so that no test can
pass on an invented field. `Faults` makes it misbehave, the same way every time for the same seed and request number.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

import orjson

from connectors.google.settings import DIRECTORY_SCOPES, SCAN_SCOPES, GoogleSettings
from connectors.google.source import GoogleSource
from connectors.google.wire import DelegatedWire
from tests.connectors.fakes.certificates import encrypted
from tests.connectors.fakes.google_calendar import Calendar
from tests.connectors.fakes.google_contract import faults as contract_faults
from tests.connectors.fakes.google_directory import Directory
from tests.connectors.fakes.google_faults import Faults, NoToken, Refused
from tests.connectors.fakes.google_signin import SignIn, consent_page
from tests.connectors.fakes.google_world import Event, World


@dataclass
class GoogleFake(SignIn, Calendar, Directory):
    """A running Google with a world in it; a context manager. `counts` are requests by kind, `struck` faults by kind.

    `asks` shows a page that wants a click, as Google does; else whoever comes consents at once. `tls` encrypts it all.
    """

    world: World
    faults: Faults = field(default_factory=Faults)
    me: str = ""
    page_limit: int = 2500
    latency: float = 0.0
    validate_every: int = 1
    delegated: set[str] = field(default_factory=lambda: {*SCAN_SCOPES, *DIRECTORY_SCOPES})
    granted: set[str] | None = None
    switched_off: set[str] = field(default_factory=set)
    refuse_sign_in: NoToken | None = None
    refuse: Refused | None = None
    counts: Counter[str] = field(default_factory=Counter)
    struck: Counter[str] = field(default_factory=Counter)
    asked: list[tuple[str, dict[str, list[str]]]] = field(default_factory=list)
    tls: ssl.SSLContext | None = None
    asks: bool = False
    url: str = ""

    def __post_init__(self) -> None:
        self.me = self.me or (self.world.mailboxes[0] if self.world.mailboxes else "")
        self._lock = threading.Lock()
        self._tokens: dict[str, tuple[str, frozenset[str]]] = {}
        self._serial = count()
        self._codes: dict[str, tuple[frozenset[str], str]] = {}
        self._numbers: Counter[str] = Counter()
        self._listings: OrderedDict[tuple[str, ...], list[tuple[float, float, Event]]] = OrderedDict()

    def __enter__(self) -> Self:
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.fake = self
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        if self.tls:
            self._server.socket = encrypted(self._server.socket, self.tls)
            self.url = f"https://localhost:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def settings(self, **more: Any) -> GoogleSettings:
        """Settings that point here."""
        own = {
            "calendar_url": f"{self.url}/calendar/v3/",
            "directory_url": f"{self.url}/",
            "revoke_url": f"{self.url}/revoke",
        }
        return GoogleSettings(**(own | {"timeout": 20.0} | more))

    def source(self, **more: Any) -> GoogleSource:
        """The scan of this world: `settings` go to GoogleSettings, the rest to GoogleSource."""
        settings = self.settings(**more.pop("settings", {}))
        boxes = tuple(more.pop("boxes", self.world.mailboxes))
        return GoogleSource(DelegatedWire(self.key(), settings, SCAN_SCOPES), boxes, settings, **more)

    @contextmanager
    def scan(self, **more: Any) -> Iterator[GoogleSource]:
        """The same, with its connections closed at the end."""
        source = self.source(**more)
        try:
            yield source
        finally:
            source.wire.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    fake: GoogleFake

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is none of the server's business; anything else is told in the test's output."""
        import sys

        if not isinstance(sys.exception(), ConnectionError | TimeoutError | ssl.SSLError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        fake, parts = self.server.fake, urlsplit(self.path)
        query = parse_qs(parts.query)
        if fake.latency:
            time.sleep(fake.latency)
        fault = None
        try:
            if parts.path == "/auth":
                self._consent(query)
                return
            body, fault = self._answer(parts.path, query)
        except Refused as refused:
            self._send(refused.status, orjson.dumps(refused.body()), refused.headers)
        except AssertionError as wrong:
            self._send(418, str(wrong).encode())
        else:
            self._send(200, body, dropped=fault == "dropped")

    def _answer(self, path: str, query: dict[str, list[str]]) -> tuple[bytes, str | None]:
        fake, header = self.server.fake, self.headers.get("Authorization", "")
        match path.strip("/").split("/"):
            case ["calendar", "v3", "calendars", calendar, "events"]:
                return fake.events(unquote(calendar), header, query)
            case ["calendar", "v3", "users", "me", "calendarList"]:
                fake.counts["calendars"] += 1
                return self._valid("CalendarList", fake.calendar_list(header)), None
            case ["admin", "directory", "v1", "users"]:
                return self._listed("users", "Users", header, query), None
            case ["admin", "directory", "v1", "groups"]:
                return self._listed("groups", "Groups", header, query), None
            case ["admin", "directory", "v1", "customer", _, "resources", "calendars"]:
                return self._listed("rooms", "CalendarResources", header, query), None
        raise Refused(404, "notFound")

    def _listed(self, what: str, kind: str, header: str, query: dict[str, list[str]]) -> bytes:
        self.server.fake.counts[what] += 1
        return self._valid(kind, self.server.fake.directory(what, header, query))

    def _valid(self, kind: str, body: dict[str, Any]) -> bytes:
        wrong = contract_faults(kind, body)
        assert not wrong, wrong[:5]
        return orjson.dumps(body)

    def _consent(self, query: dict[str, list[str]]) -> None:
        fake = self.server.fake
        fake.counts["consent"] += 1
        asked = {name: values[0] for name, values in query.items()}
        if fake.asks:
            self._send(200, consent_page(asked).encode(), {"Content-Type": "text/html; charset=utf-8"})
            return
        self._decided(asked, allowed=fake.granted != set())

    def _decided(self, asked: dict[str, str], *, allowed: bool) -> None:
        fake = self.server.fake
        code = fake.code_for(asked["scope"], asked.get("code_challenge", "")) if allowed else ""
        answer = {"code": code, "scope": asked["scope"]} if allowed else {"error": "access_denied"}
        back = f"{asked['redirect_uri']}?{urlencode({'state': asked['state']} | answer)}"
        self._send(302, b"", {"Location": back})

    def do_POST(self) -> None:
        fake = self.server.fake
        text = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(text).items()}
        fake.counts[self.path.strip("/")] += 1
        if self.path == "/decide":
            self._decided(form, allowed=form["decision"] == "allow")
            return
        if self.path == "/revoke":
            self._send(200, b"{}")
            return
        try:
            self._send(200, orjson.dumps(fake.token_for(form)))
        except NoToken as refused:
            self._send(refused.status, orjson.dumps(refused.answer))

    def _send(self, status: int, body: bytes, headers: dict[str, str] | None = None, *, dropped: bool = False) -> None:
        self.send_response(status)
        for name, value in {
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            **(headers or {}),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        if not dropped:
            self.wfile.write(body)
            return
        self.wfile.write(body[: len(body) // 2])
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)
