"""Google, as far as meetload asks it: sign-in, Calendar and Directory on a local address.

Real client libraries talk to it. Every body it sends is held against the published types first, so that no test can
pass on an invented field. `Faults` makes it misbehave, the same way every time for the same seed and request number.
"""

from __future__ import annotations

import base64
import hashlib
import json
import random
import socket
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlencode, urlsplit
from urllib.request import urlopen

import orjson
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth import jwt

from connectors.contract import Window
from connectors.google.settings import (
    CALENDARS,
    DIRECTORY_SCOPES,
    EVENTS,
    FREE_BUSY,
    GROUPS,
    OWNED,
    ROOMS,
    SCAN_SCOPES,
    USERS,
    GoogleSettings,
)
from connectors.google.source import GoogleSource
from connectors.google.wire import DelegatedWire
from tests.connectors.fakes.google_contract import faults as contract_faults
from tests.connectors.fakes.google_world import Event, World, event, guest, occurrence

SECRET = "geheim"
_FREE = {
    "id",
    "iCalUID",
    "recurringEventId",
    "originalStartTime",
    "status",
    "eventType",
    "start",
    "end",
    "transparency",
    "visibility",
}
_NOT_WITH_TOKEN = {
    "iCalUID",
    "orderBy",
    "q",
    "privateExtendedProperty",
    "sharedExtendedProperty",
    "timeMin",
    "timeMax",
    "updatedMin",
}
_KNOWN = {
    "calendarId",
    "singleEvents",
    "maxResults",
    "eventTypes",
    "fields",
    "timeMin",
    "timeMax",
    "pageToken",
    "syncToken",
    "alt",
    "prettyPrint",
}
_LISTINGS_KEPT = 32


@dataclass
class Faults:
    """How often what goes wrong, as shares of requests. `on` switches all of it off."""

    seed: int = 1
    throttled: float = 0.0
    retry_after: str | None = "1"
    server_errors: float = 0.0
    dropped: float = 0.0
    expired: float = 0.0
    short_pages: float = 0.0
    empty_pages: float = 0.0
    duplicates: float = 0.0
    reordered: bool = False
    on: bool = True

    def strikes(self, box: str, number: int) -> str | None:
        """What goes wrong with this mailbox's so-many-th request."""
        if not self.on:
            return None
        dice = random.Random(f"{self.seed}/{box}/{number}").random()
        for kind in ("throttled", "server_errors", "dropped", "expired"):
            dice -= getattr(self, kind)
            if dice < 0:
                return kind
        return None

    def bends(self, kind: str, box: str, number: int) -> bool:
        """Whether a page of this mailbox is bent that way."""
        return self.on and random.Random(f"{self.seed}/{kind}/{box}/{number}").random() < getattr(self, kind)


class _Refused(Exception):  # noqa: N818
    def __init__(self, status: int, reason: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(reason)
        self.status, self.reason, self.headers = status, reason, headers or {}

    def body(self) -> dict[str, Any]:
        error = {"domain": "global", "reason": self.reason, "message": f"{SECRET} in woorden"}
        return {"error": {"code": self.status, "message": error["message"], "errors": [error]}}


class _NoToken(Exception):  # noqa: N818
    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(error)
        self.status, self.answer = status, {"error": error, "error_description": description}


@dataclass
class GoogleFake:
    """A running Google with a world in it; a context manager. `counts` are requests by kind, `struck` faults by kind."""

    world: World
    faults: Faults = field(default_factory=Faults)
    me: str = ""
    page_limit: int = 2500
    latency: float = 0.0
    validate_every: int = 1
    delegated: set[str] = field(default_factory=lambda: {*SCAN_SCOPES, *DIRECTORY_SCOPES})
    granted: set[str] | None = None
    switched_off: set[str] = field(default_factory=set)
    refuse_sign_in: _NoToken | None = None
    refuse: _Refused | None = None
    counts: Counter[str] = field(default_factory=Counter)
    struck: Counter[str] = field(default_factory=Counter)
    asked: list[tuple[str, dict[str, list[str]]]] = field(default_factory=list)
    url: str = ""

    def __post_init__(self) -> None:
        self.me = self.me or (self.world.mailboxes[0] if self.world.mailboxes else "")
        self._lock = threading.Lock()
        self._tokens: dict[str, tuple[str, frozenset[str]]] = {}
        self._serial = count()
        self._codes: dict[str, frozenset[str]] = {}
        self._numbers: Counter[str] = Counter()
        self._listings: OrderedDict[tuple[str, ...], list[tuple[float, float, Event]]] = OrderedDict()

    def __enter__(self) -> Self:
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.fake = self
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    # What the tests need to come in

    def settings(self, **more: Any) -> GoogleSettings:
        """Settings that point here."""
        own = {
            "calendar_url": f"{self.url}/calendar/v3/",
            "directory_url": f"{self.url}/",
            "revoke_url": f"{self.url}/revoke",
        }
        return GoogleSettings(**(own | {"timeout": 20.0} | more))

    def key(self) -> dict[str, Any]:
        """A service account's key, as the console gives it out."""
        return {
            "type": "service_account",
            "client_id": "1122334455",
            "client_email": f"scan@{SECRET}.iam.gserviceaccount.com",
            "private_key_id": "k1",
            "private_key": _keys()[0],
            "token_uri": f"{self.url}/token",
        }

    def client(self) -> dict[str, Any]:
        """A desktop app's client, as the console gives it out."""
        return {
            "installed": {
                "client_id": "client-1",
                "client_secret": f"{SECRET}-client",
                "auth_uri": f"{self.url}/auth",
                "token_uri": f"{self.url}/token",
                "redirect_uris": ["http://localhost"],
            }
        }

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

    def browser(self) -> _Browser:
        """A browser whose user allows everything (or `granted`) at once."""
        return _Browser()

    # Signing in

    def token_for(self, form: dict[str, str]) -> dict[str, Any]:
        if self.refuse_sign_in:
            raise self.refuse_sign_in
        grant = form["grant_type"]
        if grant.endswith("jwt-bearer"):
            return self._delegated_token(form["assertion"])
        if grant == "authorization_code":
            scopes = self._codes.pop(form["code"])
            return self._token(self.me, scopes) | {
                "refresh_token": f"{SECRET}-refresh {' '.join(sorted(scopes))}",
                "scope": " ".join(sorted(scopes)),
            }
        if not form["refresh_token"].startswith(f"{SECRET}-refresh "):
            raise _NoToken("invalid_grant", "Token has been expired or revoked.")
        return self._token(self.me, frozenset(form["refresh_token"].split(" ")[1:]))

    def _delegated_token(self, assertion: str) -> dict[str, Any]:
        claims = jwt.decode(assertion, certs=_keys()[1], audience="https://oauth2.googleapis.com/token")
        subject, scopes = claims.get("sub", ""), frozenset(claims["scope"].split())
        if subject and not scopes <= self.delegated:
            raise _NoToken("unauthorized_client", "Client is unauthorized to retrieve access tokens.", 401)
        if subject and (subject not in self.world.mailboxes or subject in self.world.suspended):
            raise _NoToken("invalid_grant", "Invalid email or User ID")
        return self._token(subject, scopes)

    def _token(self, subject: str, scopes: frozenset[str]) -> dict[str, Any]:
        with self._lock:
            # Never a name that was given out before: a void token must not open somebody else's calendar.
            token = f"ya29.{SECRET}-{next(self._serial)}"
            self._tokens[token] = (subject, scopes)
        return {"access_token": token, "expires_in": 3599, "token_type": "Bearer"}

    def code_for(self, asked: str) -> str:
        with self._lock:
            code = f"4/{SECRET}{len(self._codes)}"
            self._codes[code] = frozenset(asked.split()) & (
                self.granted if self.granted is not None else set(asked.split())
            )
        return code

    def signed_in(self, header: str) -> tuple[str, frozenset[str]]:
        found = self._tokens.get(header.removeprefix("Bearer "))
        if found is None:
            raise _Refused(401, "authError")
        return found

    def expire_access(self) -> None:
        """Every access token is void from here on."""
        self._tokens.clear()

    # Calendar

    def events(self, calendar: str, header: str, query: dict[str, list[str]]) -> tuple[bytes, str | None]:
        """A page of events, and the fault to commit while sending it."""
        subject, scopes = self.signed_in(header)
        owner = self._opened(calendar, subject, scopes)
        with self._lock:
            number = self._numbers[owner]
            self._numbers[owner] += 1
            self.counts["token events" if "syncToken" in query else "events"] += 1
            self.asked.append((owner, query))
        fault = self.faults.strikes(owner, number)
        if fault:
            self._strike(fault, header, query)
        page = self._page(owner, subject, scopes, query, number)
        if number % self.validate_every == 0:
            wrong = contract_faults("Events", page)
            assert not wrong, wrong[:5]
        return orjson.dumps(page), fault

    def _strike(self, fault: str, header: str, query: dict[str, list[str]]) -> None:
        with self._lock:
            self.struck[fault] += 1
        wait = {"Retry-After": self.faults.retry_after} if self.faults.retry_after else {}
        if fault == "throttled":
            raise (
                _Refused(403, "rateLimitExceeded", wait) if len(query) % 2 else _Refused(429, "rateLimitExceeded", wait)
            )
        if fault == "server_errors":
            raise _Refused(503, "backendError")
        if fault == "expired":
            if "syncToken" in query:
                raise _Refused(410, "fullSyncRequired")
            self._tokens.pop(header.removeprefix("Bearer "), None)
            raise _Refused(401, "authError")

    def _opened(self, calendar: str, subject: str, scopes: frozenset[str]) -> str:
        """Whose calendar is meant, if the caller may see it."""
        if "calendar" in self.switched_off:
            raise _Refused(403, "accessNotConfigured")
        if not scopes & {EVENTS, OWNED, FREE_BUSY}:
            raise _Refused(403, "insufficientPermissions")
        owner = subject if calendar == "primary" else calendar
        if self.refuse:
            raise self.refuse
        if owner in self.world.without_calendar:
            raise _Refused(403, "notACalendarUser")
        if owner in self.world.closed:
            raise _Refused(403, "forbidden")
        shared = self.world.shared.get(subject, {})
        if owner not in self.world.mailboxes or (owner != subject and (owner not in shared or EVENTS not in scopes)):
            raise _Refused(404, "notFound")
        return owner

    def _page(
        self, owner: str, subject: str, scopes: frozenset[str], query: dict[str, list[str]], number: int
    ) -> dict[str, Any]:
        self._checked(query)
        mask = _mask(query["fields"][0])
        constant = _digest(owner, query)
        found = self._changed(owner, query) if "syncToken" in query else self._listed(owner, query)
        start, nonce = _place(query, constant)
        size = min(int(query["maxResults"][0]), self.page_limit)
        taken = found[start : start + self._taken(owner, number, size, nonce)]
        following = start + len(taken)
        if start and taken and self.faults.bends("duplicates", owner, number):
            taken = [found[start - 1], *taken]
        page: dict[str, Any] = {"timeZone": "Europe/Amsterdam", "summary": owner}
        page["items"] = [self._shown(each, owner, subject, scopes) for each in taken]
        if following < len(found):
            page["nextPageToken"] = f"{constant}.{following}.{nonce + 1}"
        else:
            page["nextSyncToken"] = f"{constant}.{len(self.world.changes.get(owner, ()))}"
        return _projected(page, mask, {})

    def _taken(self, owner: str, number: int, size: int, nonce: int) -> int:
        if nonce % 3 != 2 and self.faults.bends("empty_pages", owner, number):
            return 0
        return max(1, size // 2) if self.faults.bends("short_pages", owner, number) else size

    def _checked(self, query: dict[str, list[str]]) -> None:
        if set(query) - _KNOWN or query.get("singleEvents") != ["true"]:
            raise _Refused(400, "badRequest")
        if "syncToken" in query and _NOT_WITH_TOKEN & set(query):
            raise _Refused(400, "badRequest")

    def _listed(self, owner: str, query: dict[str, list[str]]) -> list[Event]:
        kinds = set(query.get("eventTypes", ()))
        low, high = (
            _seconds(query[name][0]) if name in query else edge
            for name, edge in (("timeMin", -1e18), ("timeMax", 1e18))
        )
        return [
            each
            for start, end, each in self._timed(owner)
            if end > low and start < high and (not kinds or each["eventType"] in kinds)
        ]

    def _timed(self, owner: str) -> list[tuple[float, float, Event]]:
        key = (owner, str(len(self.world.changes.get(owner, ()))))
        with self._lock:
            found = self._listings.pop(key, None)
        if found is None:
            found = [(_moment(each["start"]), _moment(each["end"]), each) for each in self.world.events(owner)]
            if self.faults.on and self.faults.reordered:
                random.Random(f"{self.faults.seed}/{owner}").shuffle(found)
        with self._lock:
            self._listings[key] = found
            if len(self._listings) > _LISTINGS_KEPT:
                self._listings.popitem(last=False)
        return found

    def _changed(self, owner: str, query: dict[str, list[str]]) -> list[Event]:
        seal, _, version = query["syncToken"][0].rpartition(".")
        if seal != _digest(owner, query):
            raise _Refused(400, "invalid")
        since = self.world.changes.get(owner, [])[int(version) :]
        kinds = set(query.get("eventTypes", ()))
        latest = {each["id"]: each for each in since}
        return [each for each in latest.values() if each.get("eventType", "default") in kinds]

    def _shown(self, given: Event, owner: str, subject: str, scopes: frozenset[str]) -> Event:
        if not scopes & {EVENTS, OWNED}:
            return {name: each for name, each in given.items() if name in _FREE}
        if owner != subject:
            if given.get("visibility") in ("private", "confidential"):
                return {name: each for name, each in given.items() if name in _FREE}
            if not subject:
                return {name: each for name, each in given.items() if name != "attendees"}
        return given

    def calendar_list(self, header: str) -> dict[str, Any]:
        subject, scopes = self.signed_in(header)
        if CALENDARS not in scopes:
            raise _Refused(403, "insufficientPermissions")
        own = {"id": subject, "primary": True, "accessRole": "owner"}
        others = [{"id": each, "accessRole": role} for each, role in self.world.shared.get(subject, {}).items()]
        return {"items": [own, *others]}

    # Directory

    def directory(self, what: str, header: str, query: dict[str, list[str]]) -> dict[str, Any]:
        _, scopes = self.signed_in(header)
        needed, name, rows = {
            "users": (USERS, "users", self._users(query)),
            "groups": (GROUPS, "groups", [{"email": each} for each in self.world.groups]),
            "rooms": (ROOMS, "items", [{"resourceEmail": each, "resourceName": "Zaal"} for each in self.world.rooms]),
        }[what]
        if "admin" in self.switched_off:
            raise _Refused(403, "accessNotConfigured")
        if self.refuse:
            raise self.refuse
        if needed not in scopes:
            raise _Refused(403, "insufficientPermissions")
        start, size = int(query.get("pageToken", ["0"])[0]), int(query["maxResults"][0])
        page: dict[str, Any] = {name: rows[start : start + size]}
        if start + size < len(rows):
            page["nextPageToken"] = str(start + size)
        return _projected(page, _mask(query["fields"][0]), {})

    def _users(self, query: dict[str, list[str]]) -> list[Event]:
        active = query.get("query") == ["isSuspended=false"]
        return [each for each in self.world.users if not (active and each.get("suspended"))]


@lru_cache(maxsize=64)
def _mask(fields: str) -> dict[str, Any]:
    """A partial response mask as a tree: `a,b(c,d/e)`; an empty branch is everything below."""
    tree: dict[str, Any] = {}
    stack, here, word = [], tree, ""
    path = [tree]
    for letter in fields + ",":
        if letter in ",(/)":
            if word:
                here = here.setdefault(word, {})
                word = ""
            if letter == "(":
                stack.append(path[-1])
                path.append(here)
            elif letter == ")":
                path.pop()
                here = path[-1]
            elif letter == ",":
                here = path[-1]
        else:
            word += letter
    return tree


def _projected(value: Any, mask: dict[str, Any], memo: dict[int, Any]) -> Any:
    """What the mask leaves of a body; parts that events share are cut once."""
    if not mask:
        return value
    if isinstance(value, list):
        if id(value) not in memo:
            memo[id(value)] = [_projected(each, mask, memo) for each in value]
        return memo[id(value)]
    return {name: _projected(value[name], inner, memo) for name, inner in mask.items() if name in value}


@lru_cache(maxsize=65536)
def _seconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def _moment(edge: Event) -> float:
    """A whole day begins at midnight of the calendar's zone, which for the window of a fake may be UTC."""
    return _seconds(edge["dateTime"] if "dateTime" in edge else f"{edge['date']}T00:00:00Z")


def _digest(owner: str, query: dict[str, list[str]]) -> str:
    """What a token is bound to: every parameter that must be repeated."""
    left_out = {"pageToken", "syncToken", "timeMin", "timeMax", "prettyPrint", "alt"}
    kept = sorted((name, values) for name, values in query.items() if name not in left_out)
    return hashlib.sha256(json.dumps([owner, kept]).encode()).hexdigest()[:16]


def _place(query: dict[str, list[str]], constant: str) -> tuple[int, int]:
    """Where the page begins, and the how-manieth page it is."""
    if "pageToken" not in query:
        return 0, 0
    seal, start, nonce = query["pageToken"][0].split(".")
    if seal != constant:
        raise _Refused(400, "badRequest")
    return int(start), int(nonce)


@cache
def _keys() -> tuple[str, str]:
    """A private key and its public half, made once."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return pem.decode(), public.decode()


def _followed(url: str) -> None:
    with urlopen(url) as answer:
        answer.read()


class _Browser:
    """Opens an address and follows it to the end, as a browser whose user clicks at once."""

    def __init__(self) -> None:
        self.opened: list[str] = []

    def open(self, url: str, *_: object, **__: object) -> bool:
        self.opened.append(url)
        threading.Thread(target=_followed, args=(url,), daemon=True).start()
        return True


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    fake: GoogleFake

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is none of the server's business; anything else is told in the test's output."""
        import sys

        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
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
        except _Refused as refused:
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
        raise _Refused(404, "notFound")

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
        answer = {"error": "access_denied"} if fake.granted == set() else {"code": fake.code_for(query["scope"][0])}
        back = f"{query['redirect_uri'][0]}?{urlencode({'state': query['state'][0]} | answer)}"
        self._send(302, b"", {"Location": back})

    def do_POST(self) -> None:
        fake = self.server.fake
        text = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(text).items()}
        fake.counts[self.path.strip("/")] += 1
        if self.path == "/revoke":
            self._send(200, b"{}")
            return
        try:
            self._send(200, orjson.dumps(fake.token_for(form)))
        except _NoToken as refused:
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


def refusal(status: int, reason: str, **headers: str) -> _Refused:
    """An error as Google words it, for `GoogleFake.refuse`."""
    return _Refused(status, reason, {name.replace("_", "-"): value for name, value in headers.items()})


def no_token(error: str, description: str = "", status: int = 400) -> _NoToken:
    """A refusal of the token service, for `GoogleFake.refuse_sign_in`."""
    return _NoToken(error, description, status)


def encoded_id(uid: str) -> str:
    """The id that Google gives an event from elsewhere."""
    return "_" + base64.b32hexencode(uid.encode()).decode().rstrip("=").lower()


ANNA, BRAM, CARO = (f"{name}@meridiaan.example" for name in ("anna", "bram", "caro"))


WINDOW = Window(datetime(2026, 1, 1), datetime(2026, 4, 1))


@dataclass(frozen=True)
class Case:
    """A source with a small known calendar behind it, and the handles that the contract's tests turn."""

    fake: GoogleFake
    source: GoogleSource
    mailbox: str = ANNA
    window: Window = WINDOW

    def add(self) -> None:
        """One meeting more in the mailbox."""
        more = event("erbij1", "2026-01-08T15:00:00+01:00", "2026-01-08T16:00:00+01:00", **_with(ANNA, BRAM))
        self.fake.world.change(self.mailbox, more)

    def remove(self) -> None:
        """One meeting less in the mailbox."""
        self.fake.world.delete(self.mailbox, known_calendar(self.mailbox)[0])

    def move(self) -> None:
        """One meeting is put off by a day."""
        found = known_calendar(self.mailbox)[1]
        times = {"start": {"dateTime": "2026-01-07T10:00:00+01:00"}, "end": {"dateTime": "2026-01-07T11:00:00+01:00"}}
        self.fake.world.change(self.mailbox, found | times | {"updated": "2026-01-03T09:00:00.000Z"})

    def expire(self) -> None:
        """The next question with a sync token meets a token that is void."""
        self.fake.faults.expired = 1.0


def _with(organizer: str, *others: str, seen_by: str = ANNA) -> Event:
    def line(who: str, **more: Any) -> Event:
        return guest(who, **more, **({"self": True} if who == seen_by else {}))

    people = [line(organizer, organizer=True), *(line(each) for each in others)]
    return {"organizer": {"email": organizer, **({"self": True} if organizer == seen_by else {})}, "attendees": people}


def known_calendar(mailbox: str) -> list[Event]:
    """A single meeting, a series of two, a meeting with another's series moved, and a whole day, seen by the mailbox."""
    both = _with(ANNA, BRAM, seen_by=mailbox)
    return [
        event("los1", "2026-01-05T09:00:00+01:00", "2026-01-05T10:00:00+01:00", **both),
        occurrence("reeks1", "2026-01-06T09:00:00Z", "2026-01-06T10:00:00+01:00", "2026-01-06T11:00:00+01:00", **both),
        occurrence("reeks1", "2026-01-13T09:00:00Z", "2026-01-14T10:00:00+01:00", "2026-01-14T11:00:00+01:00", **both),
        event("dag1", "2026-01-20", "2026-01-21", organizer={"email": mailbox, "self": True}),
        event(
            "weg1",
            "2026-02-02T00:00:00+01:00",
            "2026-02-07T00:00:00+01:00",
            eventType="outOfOffice",
            organizer={"email": mailbox, "self": True},
        ),
    ]


@contextmanager
def google_case() -> Iterator[Case]:
    """The source over a fake with two small calendars, for the contract's tests."""
    world = World.of({each: known_calendar(each) for each in (ANNA, BRAM)})
    with GoogleFake(world) as fake, fake.scan() as source:
        yield Case(fake, source)
