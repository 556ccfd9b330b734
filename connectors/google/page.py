"""A page of events as Google sends it, in bytes, and the parts of it that are read.

Decoding to these parts costs a third of decoding to dictionaries. Guest lists stay as they were written: most are
repeated to the letter, and then their bytes are enough to know them again.
"""

from __future__ import annotations

from typing import Annotated, Generic, NamedTuple, TypeVar

from msgspec import DecodeError, Meta, Raw, Struct, field
from msgspec.json import Decoder

from connectors.decoding import OTHERWISE, one_by_one
from connectors.errors import Trouble


class When(Struct, gc=False):
    """A moment, or the date of a whole day."""

    dateTime: str | None = None  # noqa: N815 - as Google calls it
    date: str | None = None
    timeZone: str | None = None  # noqa: N815 - as Google calls it


class Person(Struct, gc=False, rename="camel"):
    """An organizer, or a line of a guest list; `self` says that it is the owner of the calendar."""

    email: str | None = None
    is_self: bool | None = field(name="self", default=None)
    organizer: bool | None = None
    optional: bool | None = None
    resource: bool | None = None
    response_status: str | None = None


class Anything(Struct, gc=False):
    """Something of which it matters only that it is there."""


class Event(Struct, gc=False, rename="camel"):
    """One entry of a calendar; of a deleted one there may be no more than its id and its status."""

    id: str
    ical_uid: str | None = field(name="iCalUID", default=None)
    recurring_event_id: str | None = None
    original_start_time: When | None = None
    status: str | None = None
    event_type: str | None = "default"
    start: When = field(default_factory=When)
    end: When = field(default_factory=When)
    created: str | None = None
    updated: str | None = None
    sequence: Annotated[int, Meta(ge=0, lt=2**31)] | None = None
    organizer: Raw = Raw()
    attendees: Raw = Raw()
    attendees_omitted: bool | None = None
    guests_can_see_other_guests: bool | None = None
    transparency: str | None = None
    visibility: str | None = None
    summary: str | None = None
    hangout_link: str | None = None
    conference_data: Anything | None = None


class Page(NamedTuple):
    """The events of a page, the ids (where known) of what is no event, and what leads to the next page or sync."""

    events: list[Event]
    unreadable: list[str | None]
    zone: str | None
    next_page: str | None
    next_sync: str | None


_Item = TypeVar("_Item")


class _Answer(Struct, Generic[_Item], rename="camel"):
    items: list[_Item] | None = None
    time_zone: str | None = None
    next_page_token: str | None = None
    next_sync_token: str | None = None

    def page(self, events: list[Event], unreadable: list[str | None]) -> Page:
        return Page(events, unreadable, self.time_zone, self.next_page_token, self.next_sync_token)


_ANSWER, _LOOSE, _EVENT = Decoder(_Answer[Event]), Decoder(_Answer[Raw]), Decoder(Event)


def page_of(body: bytes) -> Page:
    """The page in the bytes of an answer; `Trouble` where it is cut off or is no page at all."""
    try:
        answer = _ANSWER.decode(body)
    except OTHERWISE:
        return _one_by_one(body)
    except DecodeError:
        raise Trouble("Google's answer was cut off") from None
    return answer.page(answer.items or [], [])


def _one_by_one(body: bytes) -> Page:
    """A page with something on it that is no event: the others are read all the same."""
    try:
        answer = _LOOSE.decode(body)
    except OTHERWISE:
        raise Trouble("Google's answer was not what it promises") from None
    return answer.page(*one_by_one(answer.items or (), _EVENT))
