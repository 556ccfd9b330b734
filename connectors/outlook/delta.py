"""Only what changed since the last time, for one's own calendar.

Graph sends occurrences of a series thin (times and the id of their master) and removals as bare ids. So the token that
goes from one sync to the next holds Graph's link, the window it is bound to, and which id was which meeting:

    {"v": 1, "link": "https://...", "from": "...", "to": "...", "ids": {"<id>": ["<meeting>", "<master>"]}}

Ids are digests. What Graph forgets to tell, the next window replace repairs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import orjson

from connectors.contract import Window
from connectors.errors import TokenExpired

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

Item = dict[str, Any]
VERSION = 1
_SERIES = ("occurrence", "exception")
# Of these an occurrence has its own, or none: the master's would be wrong.
_NOT_INHERITED = {"originalStart", "recurrence", "type", "id", "@odata.etag"}


@dataclass(frozen=True)
class Token:
    """What the next sync needs to know: Graph's link, its window, and (meeting, master) by digest of the id."""

    link: str
    window: Window
    ids: dict[str, tuple[str, str]] = field(default_factory=dict)

    def __str__(self) -> str:
        start, end = self.window.start.isoformat(), self.window.end.isoformat()
        return orjson.dumps(
            {"v": VERSION, "link": self.link, "from": start, "to": end, "ids": self.ids}, option=orjson.OPT_SORT_KEYS
        ).decode()

    @classmethod
    def read(cls, text: str, window: Window) -> Token:
        """The token of an earlier sync; `TokenExpired` where it is another version's or another window's."""
        try:
            given = orjson.loads(text)
            version, link, ids = given["v"], given["link"], given["ids"]
            old = Window(datetime.fromisoformat(given["from"]), datetime.fromisoformat(given["to"]))
            known = {digest: (str(meeting), str(master)) for digest, (meeting, master) in ids.items()}
        except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError):
            raise TokenExpired("what was kept of the last sync cannot be read") from None
        if version != VERSION or old != window or not isinstance(link, str):
            raise TokenExpired("the last sync was of another window or version; a link to changes holds for one window")
        return cls(link, old, known)


def digest(provider_id: str) -> str:
    """A short stand-in for one of Graph's long ids."""
    return blake2b(provider_id.encode(), digest_size=9).hexdigest()


@dataclass(frozen=True)
class Changes:
    """Whole events that are new or changed, ids that are gone, and masters seen or found gone."""

    events: list[Item]
    removed: list[str]
    masters: frozenset[str]


def hydrate(items: Iterable[Item], fetch: Callable[[str], Item | None]) -> Changes:
    """Fill thin occurrences from their masters; `fetch` gets a master that is not among the items, None if it is gone.

    Of an item that comes twice the last one holds. Masters themselves are no events.
    """
    latest: dict[str, Item] = {}
    for item in items:
        # What comes last must also stand last.
        latest.pop(item["id"], None)
        latest[item["id"]] = item
    masters: dict[str, Item | None] = {key: item for key, item in latest.items() if item.get("type") == "seriesMaster"}
    seen = frozenset(masters)
    removed = [key for key, item in latest.items() if "@removed" in item]
    events = []
    for key, item in latest.items():
        if "@removed" in item or key in masters:
            continue
        master_id = item.get("seriesMasterId")
        if item.get("type") not in _SERIES or not master_id or not _is_thin(item):
            events.append(item)
            continue
        if master_id not in masters:
            masters[master_id] = fetch(master_id)
        master = masters[master_id]
        if master is None:
            removed.extend((key, master_id))
        else:
            events.append(_filled(item, master))
    return Changes(events, list(dict.fromkeys(removed)), seen)


def _is_thin(item: Item) -> bool:
    return "iCalUId" not in item or "attendees" not in item


def _filled(item: Item, master: Item) -> Item:
    inherited: dict[str, Any] = {name: value for name, value in master.items() if name not in _NOT_INHERITED}
    return {**inherited, **item}


def tombstones(
    known: Mapping[str, tuple[str, str]],
    changes: Changes,
    left: Iterable[str],
    now: Mapping[str, tuple[str, str]],
) -> tuple[tuple[str, ...], dict[str, tuple[str, str]]]:
    """The meetings that are gone, and what is known after it.

    `known` is what the last sync knew, `now` what this one brought, `left` ids that moved out of the window. Ids that
    nobody knows are ignored: Graph also names removals outside the window. A removed master takes its occurrences
    along; an id that has become a master was a single meeting before, and is one no more.
    """
    gone = {digest(each) for each in (*changes.removed, *left)} | {digest(each) for each in changes.masters}
    fallen = {digest(each) for each in changes.removed}
    after = {key: pair for key, pair in known.items() if key not in gone and pair[1] not in fallen} | dict(now)
    alive = {meeting for meeting, _ in after.values()}
    before = {meeting for meeting, _ in known.values()}
    return tuple(sorted(before - alive)), after
