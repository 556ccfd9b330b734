"""A Microsoft Graph of our own: one local server that answers, refuses and fails as the real one does.

    with OutlookFake(World.generate(mailboxes=20, weeks=4, seed=1), Faults.campaign(seed=2)) as fake:
        graph = Graph(fake.settings(), fake.sign_in())

Every body is held against Microsoft's published schema before it is sent. What a client may not do, it refuses.
"""

from __future__ import annotations

import json
import re
import ssl
import threading
from collections import Counter, OrderedDict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from connectors.outlook.settings import OutlookSettings
from tests.connectors.fakes.certificates import encrypted
from tests.connectors.fakes.outlook_answers import Answer
from tests.connectors.fakes.outlook_calendar import Calendar
from tests.connectors.fakes.outlook_directory import Directory
from tests.connectors.fakes.outlook_faults import Faults
from tests.connectors.fakes.outlook_login import DirectSignIn, Login
from tests.connectors.fakes.outlook_world import World

ROLES = ("Calendars.ReadBasic.All", "User.Read.All", "Place.Read.All", "GroupMember.Read.All")
SCOPES = ("Calendars.ReadBasic", "User.Read")
_CALENDAR = re.compile(r"/v1\.0/(?:me|users/([^/]+))/(calendarView|calendarView/delta|events/[^/]+)$")


class OutlookFake(Calendar, Directory):
    """The server; `counts` says how many requests of each kind came, `most_in_flight` how many at once for one mailbox."""

    def __init__(
        self,
        world: World,
        faults: Faults | None = None,
        *,
        validate: bool = True,
        latency: float = 0.0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.world = world
        self.faults = faults or Faults()
        self.counts: Counter[str] = Counter()
        self.requests: list[str] = []
        self.most_in_flight = 0
        self.roles: tuple[str, ...] = ROLES
        self.scope: set[str] = set()
        self.sync_refusal: tuple[int, str] | None = None
        self.thin_masters = True
        self.login = Login(self)
        self._validate = validate
        self._latency = latency
        self._lock = threading.Lock()
        self._in_flight: Counter[str] = Counter()
        self._numbers: Counter[str] = Counter()
        self._prepared: OrderedDict[tuple[Any, ...], list[bytes]] = OrderedDict()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.fake = self
        self._scheme, self._host = "http", "127.0.0.1"
        if tls:
            self._server.socket = encrypted(self._server.socket, tls)
            self._scheme, self._host = "https", "localhost"
            self.login.host = self.origin
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.hang_up()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        """The base address, as settings want it."""
        return f"{self._scheme}://{self._host}:{self._server.server_port}/v1.0"

    @property
    def origin(self) -> str:
        return self.url.removesuffix("/v1.0")

    def settings(self, **given: Any) -> OutlookSettings:
        """Settings that lead here."""
        return OutlookSettings(
            **{"client_id": "cid", "tenant": "tenant", "graph": self.url, "authority": "https://login.fake", **given}
        )

    def sign_in(self, person: str | None = None) -> DirectSignIn:
        """A sign-in without the ceremony: as the application, or as one person."""
        return DirectSignIn(self, person)

    def addresses(self) -> dict[str, str]:
        """Address -> Graph's id of everybody, as `OutlookSource` wants it."""
        return {each["mail"].lower(): each["id"] for each in self.world.users}

    # What is answered

    def answer(self, method: str, target: str, headers: Any, body: bytes) -> Answer | str:
        """The answer to one request; the word "drop" for one that breaks off."""
        split = urlsplit(target)
        if split.path == "/issue":
            return self.login.issued()
        if method == "POST" or not split.path.startswith("/v1.0/"):
            return self.login.answer(method, split.path, dict(parse_qsl(split.query)), dict(parse_qsl(body.decode())))
        with self._lock:
            self.requests.append(target)
        principal = self.login.principal(headers.get("Authorization", ""))
        if principal is None:
            return self._refused(401, "InvalidAuthenticationToken", "Access token has expired or is not yet valid.")
        query = dict(parse_qsl(split.query, keep_blank_values=True))
        if match := _CALENDAR.match(split.path):
            return self._of_mailbox(match, query, headers, principal)
        return self._of_tenant(split.path, query, headers, principal)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    fake: OutlookFake

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._open: set[Any] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        for request in list(self._open):
            self.shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no news; anything else is a defect of the fake and shows in the answer (500)."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        self._respond("GET")

    def do_POST(self) -> None:
        self._respond("POST")

    def _respond(self, method: str) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            answer = self.server.fake.answer(method, self.path, self.headers, body)
        except AssertionError as error:
            answer = 418, {}, json.dumps({"error": {"code": "dishonest", "message": str(error)}}).encode()
            self.server.fake.counts["dishonest"] += 1
        if isinstance(answer, str):
            self._break_off(answer.removeprefix("drop").encode())
            return
        status, headers, content = answer
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers, "Content-Length": len(content)}.items():
            self.send_header(name, str(value))
        self._flushed(content)

    def _flushed(self, content: bytes) -> None:
        """Head and body in one piece; two would wait for each other on the wire."""
        self._headers_buffer.append(b"\r\n" + content)
        self.flush_headers()

    def _break_off(self, content: bytes) -> None:
        self.server.fake.counts["dropped"] += 1
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self._flushed(content[: len(content) // 2])
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass
