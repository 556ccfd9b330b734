"""A real Radicale server for tests, and a messenger that stands before it and can spoil what passes through."""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import subprocess
import sys
import threading
import time
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import unquote

import requests
from calendar_text import calendar, event

from connectors.caldav import CalDavSource
from connectors.contract import Window
from tests.ports import free_port

PASSWORD = "kastanje/9 & ßpoor"  # signs that URLs and base64 write differently
CONFIG = """
[server]
hosts = 127.0.0.1:{port}
[auth]
type = htpasswd
htpasswd_filename = {folder}/users
htpasswd_encryption = plain
delay = 0
cache_logins = True
[rights]
type = owner_only
[storage]
filesystem_folder = {folder}/collections
[logging]
level = error
"""


@dataclass
class Radicale:
    """A running server; `anna` and `bob` have accounts."""

    port: int
    folder: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def ask(self, method: str, path: str, body: str = "", user: str = "anna", **headers: str) -> requests.Response:
        login = (user.encode(), PASSWORD.encode())
        answer = requests.request(
            method, self.url + path, data=body.encode(), auth=login, headers=headers, timeout=10, proxies={"http": ""}
        )
        answer.raise_for_status()
        return answer

    def make_calendar(self, name: str, user: str = "anna", parts: tuple[str, ...] = ("VEVENT",)) -> str:
        """A new calendar; what comes back is its path."""
        listed = "".join(f'<C:comp name="{part}"/>' for part in parts)
        body = (
            '<C:mkcalendar xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:set><D:prop>'
            f"<D:displayname>{name.title()}</D:displayname>"
            f"<C:supported-calendar-component-set>{listed}</C:supported-calendar-component-set>"
            "</D:prop></D:set></C:mkcalendar>"
        )
        self.ask("MKCALENDAR", f"{user}/{name}/", body, user)
        return f"/{user}/{name}/"

    def put(self, path: str, text: str, user: str = "anna") -> None:
        self.ask("PUT", path.lstrip("/"), text, user, **{"Content-Type": "text/calendar; charset=utf-8"})

    def delete(self, path: str, user: str = "anna") -> None:
        self.ask("DELETE", path.lstrip("/"), user=user)


@contextmanager
def radicale(folder: Path) -> Iterator[Radicale]:
    """A server with nothing in it, on a port of its own, until the end of the block."""
    port = free_port()
    (folder / "users").write_text("".join(f"{user}:{PASSWORD}\n" for user in ("anna", "bob")), encoding="utf-8")
    (folder / "config").write_text(CONFIG.format(port=port, folder=folder))
    command = [sys.executable, "-m", "radicale", "--config", str(folder / "config")]
    with (folder / "log").open("w") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            _wait(port, process)
            yield Radicale(port, folder)
        finally:
            process.terminate()


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        assert process.poll() is None, "radicale did not start"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError("radicale does not listen")


@dataclass
class Reply:
    """What goes back to whoever asked; `cut` closes the connection after that many bytes of the body."""

    status: int = 207
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None


@dataclass
class Question:
    """What was asked, and a way to have the real server answer it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    answer: Callable[[], Reply]


class Messenger:
    """Counts what passes, and lets a test answer instead of the server or change its answer."""

    def __init__(self, port: int, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> None:
        self.behind = port
        self.host = host
        self.asked: list[Question] = []
        self.spoil: Callable[[Question], Reply] = lambda question: question.answer()
        self.server = ThreadingHTTPServer((host, 0), self._handler())
        if tls is not None:
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        self.server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/"

    def reset(self) -> None:
        self.asked.clear()
        self.spoil = lambda question: question.answer()

    def methods(self) -> list[str]:
        return [question.method for question in self.asked]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        messenger = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: object) -> None:
                pass

            def handle_one(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = dict(self.headers.items())
                question = Question(
                    self.command,
                    self.path,
                    headers,
                    body,
                    lambda: messenger.forward(self.command, self.path, headers, body),
                )
                messenger.asked.append(question)
                reply = messenger.spoil(question)
                self.send_response(reply.status)
                for name, value in ({"Content-Type": "text/xml; charset=utf-8"} | reply.headers).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body[: reply.cut])
                self.close_connection = reply.cut is not None

            do_PROPFIND = do_REPORT = do_GET = handle_one  # noqa: N815 - named by the protocol

        return Handler

    def forward(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Reply:
        connection = http.client.HTTPConnection("127.0.0.1", self.behind, timeout=10)
        try:
            kept = {name: value for name, value in headers.items() if name.lower() not in {"host", "accept-encoding"}}
            connection.request(method, path, body, kept)
            answer = connection.getresponse()
            given = answer.getheader("Content-Type")
            extra = {} if given is None else {"Content-Type": given}
            challenge = answer.getheader("WWW-Authenticate")
            extra |= {} if challenge is None else {"WWW-Authenticate": challenge}
            return Reply(answer.status, answer.read(), extra)
        finally:
            connection.close()


@contextmanager
def messenger(port: int, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> Iterator[Messenger]:
    """A messenger before the server at this port."""
    between = Messenger(port, host, tls)
    thread = threading.Thread(target=between.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield between
    finally:
        between.server.shutdown()
        between.server.server_close()
        thread.join()


CASE_WINDOW = Window(datetime(2026, 1, 5), datetime(2026, 3, 2))
CASE_ZONE = "Europe/Amsterdam"


@dataclass
class Case:
    """A source with a small known calendar behind it, and the handles that the contract's tests turn."""

    server: Radicale
    between: Messenger
    source: CalDavSource
    path: str
    window: Window = CASE_WINDOW

    @property
    def mailbox(self) -> str:
        return self.between.url + self.path[1:]

    def add(self) -> None:
        """One meeting more in the calendar."""
        self.server.put(f"{self.path}more.ics", calendar(event(uid="more", start="20260108T150000")))

    def remove(self) -> None:
        """One meeting less in the calendar."""
        self.server.delete(f"{self.path}one.ics")

    def move(self) -> None:
        """One meeting of the series is put off by a day."""
        moved = event("RECURRENCE-ID:20260113T100000", uid="series", start="20260114T100000")
        self.server.put(f"{self.path}series.ics", calendar(event(*SERIES, uid="series", start=SECOND_DAY), moved))

    def expire(self) -> None:
        """The next question with a sync token meets a token that is void."""
        void = b'<error xmlns="DAV:"><valid-sync-token/></error>'
        self.between.spoil = lambda asked: Reply(403, void) if b"sync-collection" in asked.body else asked.answer()


SERIES = ("RRULE:FREQ=WEEKLY;COUNT=4",)
SECOND_DAY = "20260106T100000"
GUESTS = ("ORGANIZER:mailto:bob@example.org", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:anna@example.org")
CASE_EVENTS = {
    "one": event("SUMMARY:Begroting", *GUESTS, "ATTENDEE:mailto:bob@example.org", uid="one"),
    "series": event(*SERIES, "SUMMARY:Weekstart", *GUESTS, uid="series", start=SECOND_DAY),
    "day": event("DTSTART;VALUE=DATE:20260120", "DTEND;VALUE=DATE:20260121", "SUMMARY:Heidag", uid="day"),
    "private": event("CLASS:PRIVATE", "SUMMARY:Tandarts", uid="private", start="20260107T100000"),
}


@contextmanager
def caldav_case() -> Iterator[Case]:
    """A server with Anna's calendar of four events, of which one is a series of four, and the source that reads it."""
    with TemporaryDirectory() as folder, radicale(Path(folder)) as server, messenger(server.port) as between:
        path = server.make_calendar("work")
        for name, text in CASE_EVENTS.items():
            server.put(f"{path}{name}.ics", calendar(text))
        source = CalDavSource(between.url, "anna", PASSWORD, me=["anna@example.org"], home=CASE_ZONE, allow_local=True)
        yield Case(server, between, source, path)


def every_reading(text: str) -> Iterator[str]:
    """A text as it stands, with its percent signs resolved, and whatever in it can be read as base64."""
    yield text
    yield unquote(text)
    for word in re.findall(r"[A-Za-z0-9+/_-]{8,}", text):
        for start in range(4):
            whole = word[start : start + (len(word) - start) // 4 * 4]
            yield b64decode(whole, altchars=b"-_").decode("utf-8", "replace")
