"""Single events of Google read the way a page of them is."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

import orjson

from connectors.google import gone, page
from connectors.google.events import Read, Reader, copies_of
from tests.connectors.fakes.google_world import Event
from tests.written import Copy, read_back


def page_of(given: list[Event], **more: str) -> page.Page:
    """A page with these events."""
    return page.page_of(orjson.dumps({"items": given} | more))


def read(given: list[Event], reader: Reader, zone: str = "UTC") -> Read:
    """What a reader makes of a page with these events."""
    found = page_of(given)
    assert not found.unreadable
    return copies_of(found.events, reader, zone)


def copy_of(given: Event, owner: str, groups: AbstractSet[str] = frozenset(), zone: str = "UTC") -> Copy | None:
    """The copy that one event makes; None where it takes no time."""
    return _one(read([given], Reader(owner, groups), zone))


def hours_of(given: Event, owner: str) -> Copy | None:
    """The same where only hours were asked for."""
    return _one(read([given], Reader(owner, hours_only=True)))


def meeting_of(given: Event) -> str | None:
    """The meeting that a stub says is gone."""
    (stub,) = page_of([given]).events
    return gone.meeting_of(stub, "UTC")


def _one(found: Read) -> Copy | None:
    assert not found.unreadable
    return next(iter(read_back(found.copies)), None)
