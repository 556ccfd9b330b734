"""The events of one calendar in a span of time, whole or not at all, and whether anything changed since the last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from connectors.caldav import questions
from connectors.caldav.server import RefusedError, Reply, Server
from connectors.caldav.transport import TooMuchError
from connectors.errors import TokenExpired, Trouble

if TYPE_CHECKING:
    from collections.abc import Iterable

_SHORTEST = timedelta(days=1)
_TOO_MANY = "number-of-matches-within-limits"
_AT_ONCE = 100


@dataclass(frozen=True)
class Resource:
    """One file of a calendar: its path on the server, the mark of its version, and its text."""

    path: str
    etag: str | None
    text: str


def read(server: Server, url: str, start: datetime, end: datetime) -> list[Resource]:
    """Every resource with an event in the span, in the order of their paths."""
    found = {each.path: each for each in _read(server, url, start, end)}
    return [found[path] for path in sorted(found)]


def _read(server: Server, url: str, start: datetime, end: datetime) -> list[Resource]:
    """The span in one piece, or in halves where the server or our limit says that it is too much at once."""
    reply = _asked(server, url, start, end, questions.DATA)
    if reply is not None:
        return _whole(server, url, reply)
    if end - start <= _SHORTEST:
        raise Trouble(f"{server.host} has more in one day of this calendar than it hands over")
    middle = start + (end - start) / 2
    return [*_read(server, url, start, middle), *_read(server, url, middle, end)]


def _asked(server: Server, url: str, start: datetime, end: datetime, wanted: tuple[type, ...]) -> Reply | None:
    """The answer for a span; None when it is cut off."""
    try:
        reply = server.report(url, questions.events_between(start, end, wanted), depth=1)
    except TooMuchError:
        return None
    except RefusedError as refused:
        if refused.status == 507 or _TOO_MANY in refused.reasons:
            return None
        raise
    return None if reply.is_cut else reply


def _whole(server: Server, url: str, reply: Reply) -> list[Resource]:
    """The resources of an answer; texts that it left out are asked for by name."""
    results = _results(reply, url)
    found = [Resource(each.href, each.etag, each.calendar_data) for each in results if each.calendar_data]
    missing = [urlsplit(reply.url_of(each.href)).path for each in results if not each.calendar_data]
    for at in range(0, len(missing), _AT_ONCE):
        found.extend(_by_name(server, url, missing[at : at + _AT_ONCE]))
    return found


def _by_name(server: Server, url: str, paths: list[str]) -> Iterable[Resource]:
    reply = server.report(url, questions.resources(paths), depth=None)
    # One that is gone by now was deleted after we asked; anything else without text is a gap.
    there = [each for each in _results(reply, url) if each.status != 404]
    if not all(each.calendar_data for each in there):
        raise Trouble(f"{server.host} left out events it had announced")
    return [Resource(each.href, each.etag, each.calendar_data) for each in there]


def _results(reply: Reply, url: str) -> list[Any]:
    """What the answer says about resources; some servers add a line about the calendar itself."""
    itself = urlsplit(url).path.rstrip("/")
    return [each for each in reply.resources() if urlsplit(reply.url_of(each.href)).path.rstrip("/") != itself]


def versions(server: Server, url: str, start: datetime, end: datetime) -> str | None:
    """A digest of which resources there are in a span and in which version; None when it cannot be told."""
    reply = _asked(server, url, start, end, questions.ETAGS)
    return None if reply is None else digest((each.href, each.etag) for each in _results(reply, url))


def digest(marks: Iterable[tuple[str, str | None]]) -> str | None:
    """One short mark for all (path, etag) pairs, whatever their order; None when one has no etag."""
    listed = sorted(marks, key=lambda mark: mark[0])
    if not all(etag for _, etag in listed):
        return None
    text = "\n".join(f"{path}\t{etag}" for path, etag in listed)
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def sync_token(server: Server, url: str) -> str | None:
    """The server's mark for the calendar's state at this moment, where it has such marks."""
    found = server.properties(url, ["{DAV:}sync-token", "{DAV:}resourcetype"]).properties()
    token = found[0].properties.get("{DAV:}sync-token") if found else None
    return token if isinstance(token, str) and token else None


def unchanged_since(server: Server, url: str, token: str) -> str | None:
    """The next sync token when nothing changed since this one, None when something did."""
    try:
        reply = server.report(url, questions.changes_since(token), depth=0)
    except RefusedError:
        # A void token by the book, and servers that have stopped offering them: either way the window is read anew.
        raise TokenExpired(f"{server.host} has forgotten the last sync") from None
    result = reply.changes()
    if result.changed or result.deleted or result.truncated:
        return None
    return result.sync_token or token
