"""Google's Calendar: pages of events cut by a field mask, sync tokens, and the faults of chance."""

from __future__ import annotations

import hashlib
import json
import random
import threading
from collections import Counter, OrderedDict
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson

from connectors.google.settings import CALENDARS, EVENTS, FREE_BUSY, OWNED
from tests.connectors.fakes.google_contract import faults as contract_faults
from tests.connectors.fakes.google_faults import Faults, Refused
from tests.connectors.fakes.google_world import Event, World

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


class Calendar:
    """The part of the fake that holds calendars."""

    world: World
    faults: Faults
    page_limit: int
    validate_every: int
    switched_off: set[str]
    refuse: Refused | None
    counts: Counter[str]
    struck: Counter[str]
    asked: list[tuple[str, dict[str, list[str]]]]
    _lock: threading.Lock
    _tokens: dict[str, tuple[str, frozenset[str]]]
    _numbers: Counter[str]
    _listings: OrderedDict[tuple[str, ...], list[tuple[float, float, Event]]]

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
                Refused(403, "rateLimitExceeded", wait) if len(query) % 2 else Refused(429, "rateLimitExceeded", wait)
            )
        if fault == "server_errors":
            raise Refused(503, "backendError")
        if fault == "expired":
            if "syncToken" in query:
                raise Refused(410, "fullSyncRequired")
            self._tokens.pop(header.removeprefix("Bearer "), None)
            raise Refused(401, "authError")

    def _opened(self, calendar: str, subject: str, scopes: frozenset[str]) -> str:
        """Whose calendar is meant, if the caller may see it."""
        if "calendar" in self.switched_off:
            raise Refused(403, "accessNotConfigured")
        if not scopes & {EVENTS, OWNED, FREE_BUSY}:
            raise Refused(403, "insufficientPermissions")
        owner = subject if calendar == "primary" else calendar
        if self.refuse:
            raise self.refuse
        if owner in self.world.without_calendar:
            raise Refused(403, "notACalendarUser")
        if owner in self.world.closed:
            raise Refused(403, "forbidden")
        shared = self.world.shared.get(subject, {})
        if owner not in self.world.mailboxes or (owner != subject and (owner not in shared or EVENTS not in scopes)):
            raise Refused(404, "notFound")
        return owner

    def _page(
        self, owner: str, subject: str, scopes: frozenset[str], query: dict[str, list[str]], number: int
    ) -> dict[str, Any]:
        self._checked(query)
        mask = mask_of(query["fields"][0])
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
        return projected(page, mask, {})

    def _taken(self, owner: str, number: int, size: int, nonce: int) -> int:
        if nonce % 3 != 2 and self.faults.bends("empty_pages", owner, number):
            return 0
        return max(1, size // 2) if self.faults.bends("short_pages", owner, number) else size

    def _checked(self, query: dict[str, list[str]]) -> None:
        if set(query) - _KNOWN or query.get("singleEvents") != ["true"]:
            raise Refused(400, "badRequest")
        if "syncToken" in query and _NOT_WITH_TOKEN & set(query):
            raise Refused(400, "badRequest")

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
            raise Refused(400, "invalid")
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
            raise Refused(403, "insufficientPermissions")
        own = {"id": subject, "primary": True, "accessRole": "owner"}
        others = [{"id": each, "accessRole": role} for each, role in self.world.shared.get(subject, {}).items()]
        return {"items": [own, *others]}


@lru_cache(maxsize=64)
def mask_of(fields: str) -> dict[str, Any]:
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


def projected(value: Any, mask: dict[str, Any], memo: dict[int, Any]) -> Any:
    """What the mask leaves of a body; parts that events share are cut once."""
    if not mask:
        return value
    if isinstance(value, list):
        if id(value) not in memo:
            memo[id(value)] = [projected(each, mask, memo) for each in value]
        return memo[id(value)]
    return {name: projected(value[name], inner, memo) for name, inner in mask.items() if name in value}


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
        raise Refused(400, "badRequest")
    return int(start), int(nonce)
