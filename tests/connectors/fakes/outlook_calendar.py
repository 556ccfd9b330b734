"""Calendars at the fake Graph: windows, changes and single events, page by page, and the faults of chance."""

from __future__ import annotations

import re
import time
from collections import Counter, OrderedDict
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlencode

import orjson

from tests.connectors.fakes.graph_contract import definitions
from tests.connectors.fakes.outlook_answers import Answer, Answers
from tests.connectors.fakes.outlook_faults import Faults
from tests.connectors.fakes.outlook_login import Login
from tests.connectors.fakes.outlook_world import MONDAY, World, window_of

_THIN = ("@odata.etag", "id", "seriesMasterId", "type", "start", "end")
_LARGEST = 1000
_ALWAYS = ("@odata.etag", "id")
_CONCURRENT = 4


class Calendar(Answers):
    """The part of the fake that holds mailboxes; `most_in_flight` says how many requests came at once for one."""

    world: World
    faults: Faults
    login: Login
    url: str
    most_in_flight: int
    roles: tuple[str, ...]
    scope: set[str]
    sync_refusal: tuple[int, str] | None
    thin_masters: bool
    _validate: bool
    _latency: float
    _in_flight: Counter[str]
    _numbers: Counter[str]
    _prepared: OrderedDict[tuple[Any, ...], list[bytes]]

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

    def _span(self, query: dict[str, str]) -> tuple[datetime, datetime, Answer | None]:
        try:
            return window_of(query["startDateTime"]), window_of(query["endDateTime"]), None
        except (KeyError, ValueError):
            message = "This request requires a time window specified by the query string parameters."
            return MONDAY, MONDAY, self._refused(400, "ErrorInvalidParameter", message)


def _size(headers: Any) -> int:
    match = re.search(r"odata\.maxpagesize=(\d+)", headers.get("Prefer", ""))
    return min(int(match[1]), _LARGEST) if match else 10


def _within(each: dict[str, Any], start: datetime, end: datetime) -> bool:
    begins, ends = (datetime.fromisoformat(each[edge]["dateTime"]) for edge in ("start", "end"))
    return begins < end and (ends > start or begins >= start)


def _unknown(selected: str | None) -> str | None:
    known = definitions()["event"]["properties"]
    return next((name for name in (selected or "").split(",") if name and name not in known), None)


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
