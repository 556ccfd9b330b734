"""A Microsoft Graph of our own: one local server that answers, refuses and fails as the real one does.

    with OutlookFake(World.generate(mailboxes=20, weeks=4, seed=1), Faults.campaign(seed=2)) as fake:
        graph = Graph(fake.settings(), fake.sign_in())

Every body is held against Microsoft's published schema before it is sent. What a client may not do, it refuses.
"""

from __future__ import annotations

import json
import random
import re
import threading
import time
from collections import Counter, OrderedDict
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

import orjson

from connectors.contract import Window
from connectors.outlook.client import Graph
from connectors.outlook.settings import OutlookSettings
from connectors.outlook.source import OutlookSource
from tests.connectors.fakes.graph_contract import ROOM, definitions, faults
from tests.connectors.fakes.outlook_login import Login
from tests.connectors.fakes.outlook_world import DOMAIN, MONDAY, World, event, goid, guest, user, window_of

if TYPE_CHECKING:
    from collections.abc import Iterator

Answer = tuple[int, dict[str, str], bytes]

ROLES = ("Calendars.ReadBasic.All", "User.Read.All", "Place.Read.All", "GroupMember.Read.All")
SCOPES = ("Calendars.ReadBasic", "User.Read")
_CALENDAR = re.compile(r"/v1\.0/(?:me|users/([^/]+))/(calendarView|calendarView/delta|events/[^/]+)$")
_THIN = ("@odata.etag", "id", "seriesMasterId", "type", "start", "end")
_LARGEST = 1000
_ALWAYS = ("@odata.etag", "id")
_CONCURRENT = 4


@dataclass(frozen=True)
class Faults:
    """How often things go wrong, from 0 to 1, the same way every time for one seed.

    Refusals are drawn for the n-th request of a mailbox; the shape of pages for the mailbox and the place in its list.
    """

    seed: int = 0
    throttled: float = 0.0
    retry_after: int = 1
    errors: float = 0.0
    dropped: float = 0.0
    expired: float = 0.0
    slow_pages: float = 0.0
    short: float = 0.0
    empty: float = 0.0
    duplicated: float = 0.0
    reordered: bool = False

    @classmethod
    def campaign(cls, seed: int = 0) -> Faults:
        """The mix the scan must survive."""
        return cls(
            seed, throttled=0.05, errors=0.02, dropped=0.01, expired=0.01, slow_pages=0.02, short=0.1, empty=0.05,
            duplicated=0.1, reordered=True,
        )  # fmt: skip

    def dice(self, *what: object) -> random.Random:
        return random.Random(f"{self.seed}/{'/'.join(map(str, what))}")

    def drawn(self, mailbox: str, number: int) -> str | None:
        """What happens to the n-th request of a mailbox; None when all is well."""
        roll = self.dice("request", mailbox, number).random()
        for name in ("throttled", "errors", "dropped", "expired"):
            rate = getattr(self, name)
            if roll < rate:
                return name
            roll -= rate
        return None

    def is_slow(self, mailbox: str) -> bool:
        return self.slow_pages > 0 and self.dice("slow", mailbox).random() < self.slow_pages


class OutlookFake:
    """The server; `counts` says how many requests of each kind came, `most_in_flight` how many at once for one mailbox."""

    def __init__(
        self, world: World, faults: Faults | None = None, *, validate: bool = True, latency: float = 0.0
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
        return f"http://127.0.0.1:{self._server.server_port}/v1.0"

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

    def _of_mailbox(self, match: re.Match[str], query: dict[str, str], headers: Any, principal: str) -> Answer | str:
        named = unquote(match[1]) if match[1] else principal
        user_id = self.world.user_id(named)
        kind = match[2].partition("/")[0] if match[2].startswith("events") else match[2]
        if user_id is None:
            return self._refused(404, "ErrorInvalidUser", f"The requested user '{named}' is invalid.")
        with self._lock:
            self._in_flight[user_id] += 1
            self.most_in_flight = max(self.most_in_flight, self._in_flight[user_id])
            crowded = self._in_flight[user_id] > _CONCURRENT
            self._numbers[user_id] += 1
            number = self._numbers[user_id]
        try:
            if self._latency:
                time.sleep(self._latency)
            if crowded:
                message = "Application is over its MailboxConcurrency limit."
                return self._refused(429, "ApplicationThrottled", message, {"Retry-After": "1"})
            if state := self._state(user_id, principal):
                return state
            if unlucky := self._unlucky(user_id, number, query, headers):
                return unlucky
            self._count(kind)
            return self._calendar(match[2], user_id, query, headers, number)
        finally:
            with self._lock:
                self._in_flight[user_id] -= 1

    def _state(self, user_id: str, principal: str) -> Answer | None:
        state = self.world.states.get(user_id)
        if state == "no_mailbox":
            return self._refused(
                404,
                "MailboxNotEnabledForRESTAPI",
                "The mailbox is either inactive, soft-deleted, or is hosted on-premise.",
            )
        if state == "disabled":
            return self._refused(403, "ErrorAccessDenied", "Access to OData is disabled: [RAOP] : Blocked by tenant.")
        if state == "gone":
            return self._refused(404, "Request_ResourceNotFound", "Resource does not exist.")
        if principal == "app":
            allowed = any(role.startswith("Calendars.") for role in self.roles) or user_id in self.scope
        else:
            allowed = self.world.user_id(principal) == user_id
        if state == "denied" or not allowed:
            return self._refused(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.")
        return None

    def _unlucky(self, user_id: str, number: int, query: dict[str, str], headers: Any) -> Answer | None:
        what = self.faults.drawn(user_id, number)
        if what == "throttled":
            wait = {"Retry-After": str(self.faults.retry_after)} if number % 2 else {}
            return self._refused(429, "TooManyRequests", "Too many requests.", wait)
        if what == "errors":
            status, code = [(500, "generalException"), (502, "UnknownError"), (503, "serviceNotAvailable")][number % 3]
            return self._refused(status, code, "Something went wrong.")
        if what == "expired":
            if "$deltatoken" in query:
                return self._refused(410, "SyncStateNotFound", "The sync state generation is not found.")
            self.login.expire(headers["Authorization"])
            return self._refused(401, "InvalidAuthenticationToken", "Access token has expired or is not yet valid.")
        if self.faults.is_slow(user_id) and _size(headers) > 100:
            return self._refused(504, "UnknownError", "The gateway timed out.")
        return None

    def _calendar(self, what: str, user_id: str, query: dict[str, str], headers: Any, number: int) -> Answer | str:
        if what.startswith("events/"):
            return self._one(user_id, unquote(what.partition("/")[2]), query, headers)
        view = self._delta if what.endswith("/delta") else self._view
        answer = view(user_id, query, headers)
        # Half an answer: the head promises more than arrives.
        return "drop" + answer[2].decode() if self.faults.drawn(user_id, number) == "dropped" else answer

    def _view(self, user_id: str, query: dict[str, str], headers: Any) -> Answer:
        start, end, wrong = self._span(query)
        if wrong:
            return wrong
        selected = query.get("$select")
        if unknown := _unknown(selected):
            return self._refused(400, "RequestBroker--ParseUri", f"Could not find a property named '{unknown}'.")
        key = (user_id, self.world.version(user_id), query["startDateTime"], query["endDateTime"], selected)
        with self._lock:
            rows = self._prepared.get(key)
        if rows is None:
            rows = self._rows(user_id, start, end, selected)
            with self._lock:
                self._prepared[key] = rows
                while len(self._prepared) > 80:
                    self._prepared.popitem(last=False)
        return self._page("calendarView", user_id, query, rows, _size(headers), {})

    def _rows(self, user_id: str, start: datetime, end: datetime, selected: str | None) -> list[bytes]:
        found = [
            each for each in self.world.events(user_id) if each["type"] != "seriesMaster" and _within(each, start, end)
        ]
        found.sort(key=lambda each: (each["start"]["dateTime"], each["id"]))
        if self.faults.reordered:
            self.faults.dice("order", user_id).shuffle(found)
        return [self._written(each, selected) for each in found]

    def _written(self, each: dict[str, Any], selected: str | None) -> bytes:
        shown = _shown(each, selected)
        if self._validate:
            self._held("event", shown)
        # A copy of its very length: what the writer hands over holds on to several times the room.
        return bytes(memoryview(orjson.dumps(shown)))

    def _page(
        self, path: str, user_id: str, query: dict[str, str], rows: list[bytes], size: int, last: dict[str, str]
    ) -> Answer:
        """One page of rows, with everything a page may do: be short, be empty, repeat an event."""
        at, again = int(query.get("$skip", 0)), query.pop("again", None)
        dice = self.faults.dice("page", user_id, at, again)
        take = size
        if dice.random() < self.faults.short:
            take = max(1, size // 2)
        if again is None and dice.random() < self.faults.empty:
            take = 0
        chunk = rows[at : at + take]
        if chunk and dice.random() < self.faults.duplicated:
            chunk.append(dice.choice(rows[: at + take]))
        tail = dict(last)
        if at + take < len(rows) or (take == 0 and again is None):
            following = {**query, "$skip": str(at + take), **({"again": "1"} if take == 0 else {})}
            tail = {"@odata.nextLink": f"{self.url}/users/{user_id}/{path}?{urlencode(following)}"}
        head = {"@odata.context": f"{self.url}/$metadata#users('{user_id}')/{path}"}
        envelope = orjson.dumps({**head, **tail})
        return 200, {}, b'{"value":[' + b",".join(chunk) + b"]," + envelope[1:]

    def _delta(self, user_id: str, query: dict[str, str], headers: Any) -> Answer:
        allowed = {"startDateTime", "endDateTime", "$deltatoken", "$skip", "again"}
        if set(query) - allowed:
            return self._refused(
                400, "ErrorInvalidUrlQuery", "The following parameters are not supported with change tracking."
            )
        token = query.get("$deltatoken")
        if token and self.sync_refusal:
            status, code = self.sync_refusal
            return self._refused(status, code, "The sync state is gone.", {"Location": f"{self.url}/fresh"})
        if token:
            since, _, span = token.partition(".")
            query = {**query, **dict(zip(("startDateTime", "endDateTime"), span.split("_"), strict=True))}
        start, end, wrong = self._span(query)
        if wrong:
            return wrong
        items = self._changes(user_id, start, end, int(since) if token else None)
        link = f"{self.world.version(user_id)}.{query['startDateTime']}_{query['endDateTime']}"
        last = {"@odata.deltaLink": f"{self.url}/users/{user_id}/calendarView/delta?{urlencode({'$deltatoken': link})}"}
        kept = {name: value for name, value in query.items() if not (token and name.endswith("DateTime"))}
        for each in items:
            self._held("event", each)
        return self._page(
            "calendarView/delta", user_id, kept, [orjson.dumps(each) for each in items], _size(headers), last
        )

    def _changes(self, user_id: str, start: datetime, end: datetime, since: int | None) -> list[dict[str, Any]]:
        """Everything in the window, or what changed: occurrences thin, masters beside them, removals as bare ids."""
        everything = {each["id"]: each for each in self.world.events(user_id)}
        if since is None:
            found = [
                each for each in everything.values() if each["type"] == "seriesMaster" or _within(each, start, end)
            ]
        else:
            keys = self.world.changed(user_id, since)
            found = [everything.get(key, {"@removed": {"reason": "deleted"}, "id": key}) for key in keys]
        if not self.thin_masters:
            found = [each for each in found if each.get("type") != "seriesMaster"]
        return [_thin(each) if each.get("type") == "occurrence" else _shown(each, None) for each in found]

    def _one(self, user_id: str, key: str, query: dict[str, str], headers: Any) -> Answer:
        found = self.world.event(user_id, key)
        if found is None:
            return self._refused(404, "ErrorItemNotFound", "The specified object was not found in the store.")
        shown = _shown(found, query.get("$select"))
        self._held("event", shown)
        return 200, {}, orjson.dumps({"@odata.context": f"{self.url}/$metadata", **shown})

    def _of_tenant(self, path: str, query: dict[str, str], headers: Any, principal: str) -> Answer:
        kind = path.removeprefix("/v1.0/").partition("/")[0]
        self._count(kind)
        selected = query.get("$select")
        if kind == "me" and principal != "app":
            own = next(each for each in self.world.users if each["id"] == self.world.user_id(principal))
            shown = _chosen(own, selected)
            self._held("user", shown)
            return 200, {}, orjson.dumps(shown)
        needed = {"users": "User.Read.All", "places": "Place.Read.All", "groups": "GroupMember.Read.All"}.get(kind)
        if needed is None:
            return self._refused(400, "BadRequest", "Resource not found for the segment.")
        if principal != "app" or needed not in self.roles:
            return self._refused(
                403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation."
            )
        rows = {"users": self.world.users, "places": self.world.rooms, "groups": self.world.groups}[kind]
        expands = query.get("$expand") == "manager($select=id)"
        size = min(int(query.get("$top", 100)), 100 if expands or kind == "places" else 999)
        at = int(query.get("$skiptoken", 0))
        shown = [_chosen(each, selected, ("manager",) if expands else ()) for each in rows[at : at + size]]
        for each in shown:
            if kind == "users":
                self._held("user", each)
            assert kind != "places" or set(each) <= ROOM, each
        body: dict[str, Any] = {"@odata.context": f"{self.url}/$metadata#{kind}", "value": shown}
        if at + size < len(rows):
            body["@odata.nextLink"] = f"{self.origin}{path}?{urlencode({**query, '$skiptoken': str(at + size)})}"
        return 200, {}, orjson.dumps(body)

    def _span(self, query: dict[str, str]) -> tuple[datetime, datetime, Answer | None]:
        try:
            return window_of(query["startDateTime"]), window_of(query["endDateTime"]), None
        except (KeyError, ValueError):
            message = "This request requires a time window specified by the query string parameters."
            return MONDAY, MONDAY, self._refused(400, "ErrorInvalidParameter", message)

    def _refused(self, status: int, code: str, message: str, headers: dict[str, str] | None = None) -> Answer:
        self._count(str(status))
        body = {"error": {"code": code, "message": message, "innerError": {"request-id": "0"}}}
        return status, headers or {}, orjson.dumps(body)

    def _held(self, name: str, value: dict[str, Any]) -> None:
        wrong = faults(name, value)
        assert not wrong, f"the fake is about to say what Microsoft never would: {wrong}"

    def _count(self, kind: str) -> None:
        with self._lock:
            self.counts[kind] += 1


class DirectSignIn:
    """Hands out words of access that the fake accepts; a new one when the last was refused."""

    def __init__(self, fake: OutlookFake, person: str | None) -> None:
        self._fake = fake
        self._person = person
        self._lock = threading.Lock()
        self._token = ""

    def token(self, refused: str | None = None) -> str:
        with self._lock:
            if not self._token or self._token == refused:
                self._token = self._fake.login.issue(self._person or "app")
            return self._token


def _size(headers: Any) -> int:
    match = re.search(r"odata\.maxpagesize=(\d+)", headers.get("Prefer", ""))
    return min(int(match[1]), _LARGEST) if match else 10


def _within(each: dict[str, Any], start: datetime, end: datetime) -> bool:
    begins, ends = (datetime.fromisoformat(each[edge]["dateTime"]) for edge in ("start", "end"))
    return begins < end and (ends > start or begins >= start)


def _unknown(selected: str | None) -> str | None:
    known = definitions()["event"]["properties"]
    return next((name for name in (selected or "").split(",") if name and name not in known), None)


def _chosen(row: dict[str, Any], selected: str | None, more: tuple[str, ...] = ()) -> dict[str, Any]:
    names = {*selected.split(","), "id", *more} if selected else set(row) - {"manager"}
    return {name: value for name, value in row.items() if name in names}


def _shown(each: dict[str, Any], selected: str | None) -> dict[str, Any]:
    """An event as asked for; whoever does not select gets the body, and pays for it."""
    if selected:
        names = (*_ALWAYS, *selected.split(","))
        return {name: each[name] for name in dict.fromkeys(names) if name in each}
    if "@removed" in each:
        return each
    return {**each, "bodyPreview": BODY, "body": {"contentType": "text", "content": BODY}, "importance": "normal"}


BODY = "This text must never be kept anywhere."


def _thin(each: dict[str, Any]) -> dict[str, Any]:
    return {name: each[name] for name in _THIN if name in each}


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


CASE_WINDOW = Window(datetime(2026, 1, 1), datetime(2026, 3, 1))


def small_world() -> World:
    """Anna's calendar: one of everything. Bob is her manager and leads a series she is in."""
    bob, anna = user(1, "Bob"), user(2, "Anna", "00000001-0000-4000-8000-000000000000")
    world = World(users=[bob, anna])
    mail = f"bob@{DOMAIN}"
    series = {"owner": mail, "leads": False, "iCalUId": goid("series"), "attendees": [guest(f"anna@{DOMAIN}")]}
    monday = MONDAY + timedelta(hours=9)
    world.put(
        anna["id"],
        event("single", monday, attendees=[guest(mail, answer="accepted")], subject="Ontwerp werkwijze"),
        event("hold", monday + timedelta(hours=2), subject="Nadenken"),
        event("away", MONDAY + timedelta(days=7), MONDAY + timedelta(days=8), isAllDay=True, showAs="oof", subject="Vrij"),
        event("secret", monday + timedelta(days=1), sensitivity="private", subject="Tandarts", attendees=[guest(mail)]),
        event("off", monday + timedelta(days=2), isCancelled=True, attendees=[guest(mail)], subject="Canceled: Bila"),
        event("master", monday, type="seriesMaster", subject="Weekstart", **series),
        *(
            event(
                f"master{week}", monday + timedelta(weeks=week, days=3), type="occurrence", seriesMasterId="master",
                subject="Weekstart", **series,
            )
            for week in range(4)
        ),
        event(
            "master4", monday + timedelta(weeks=4, days=4), type="exception", seriesMasterId="master", subject="Weekstart",
            originalStart="2026-02-05T09:00:00Z", **series,
        ),
    )  # fmt: skip
    return world


@dataclass(frozen=True)
class Case:
    """A source with something to pull, for the suite that all sources pass."""

    source: OutlookSource
    mailbox: str
    window: Window
    fake: OutlookFake


@contextmanager
def outlook_case(*, incremental: bool = False) -> Iterator[Case]:
    """The fake with Anna's small calendar (nine events of which five are a series), and the source that reads it."""
    with OutlookFake(small_world()) as fake:
        graph = Graph(fake.settings(page_size=4, small_page=2), fake.sign_in())
        mailboxes = {f"anna@{DOMAIN}": fake.addresses()[f"anna@{DOMAIN}"]}
        source = OutlookSource(graph, mailboxes, home="Europe/Amsterdam", incremental=incremental)
        try:
            yield Case(source, f"anna@{DOMAIN}", CASE_WINDOW, fake)
        finally:
            source.close()
