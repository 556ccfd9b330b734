"""Decoding what a vendor sent where some of it is not what was asked for: the rest is read all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct, ValidationError
from msgspec.json import Decoder

if TYPE_CHECKING:
    from collections.abc import Iterable

    from msgspec import Raw

Event = TypeVar("Event")

OTHERWISE = (ValidationError, UnicodeDecodeError)
"""It is JSON, but not what was asked for; or (msgspec says so only where it reads it) a text in no known writing."""


class _Named(Struct):
    id: str | None = None


_NAMED = Decoder(_Named)


def one_by_one(items: Iterable[Raw], event: Decoder[Event]) -> tuple[list[Event], list[str | None]]:
    """The events among the items of a page, and the ids (where known) of what is no event."""
    events: list[Event] = []
    unreadable: list[str | None] = []
    for item in items:
        try:
            events.append(event.decode(item))
        except OTHERWISE:
            unreadable.append(_id_in(item))
    return events, unreadable


def _id_in(item: Raw) -> str | None:
    try:
        return _NAMED.decode(item).id
    except OTHERWISE:
        return None
