"""A page of events as Graph sends it, in bytes, and the parts of it that are read.

Guest lists stay as they were written: most are repeated to the letter, and then their bytes are enough to know them
again.
"""

from __future__ import annotations

from typing import Generic, NamedTuple, TypeVar

from msgspec import DecodeError, Raw, Struct, field
from msgspec.json import Decoder

from connectors.decoding import OTHERWISE, one_by_one
from connectors.errors import Trouble


class When(Struct, gc=False, rename="camel"):
    """A time without an offset, and the name of its zone."""

    date_time: str | None = None
    time_zone: str | None = None


class Mail(Struct, gc=False):
    """An address, or a mere name."""

    address: str | None = None
    name: str | None = None


class Reply(Struct, gc=False):
    """What somebody answered."""

    response: str | None = None


class Invited(Struct, gc=False, rename="camel"):
    """A line of a guest list, or the organizer."""

    email_address: Mail | None = None
    type: str | None = None
    status: Reply | None = None

    @property
    def given(self) -> str | None:
        """What there is of an address."""
        mail = self.email_address
        return (mail.address or mail.name) if mail else None


class Event(Struct, gc=False, rename="camel"):
    """One event. Graph sends every part that was asked for; nothing but an id and times is relied upon."""

    id: str
    ical_uid: str | None = field(name="iCalUId", default=None)
    type: str | None = None
    series_master_id: str | None = None
    original_start: str | None = None
    subject: str | None = None
    start: When | None = None
    end: When | None = None
    is_all_day: bool | None = None
    is_cancelled: bool | None = None
    is_organizer: bool | None = None
    show_as: str | None = None
    sensitivity: str | None = None
    response_status: Reply | None = None
    organizer: Raw = Raw()
    attendees: Raw = Raw()
    original_start_time_zone: str | None = None
    categories: tuple[str | None, ...] | None = None
    is_online_meeting: bool | None = None
    hide_attendees: bool | None = None
    created: str | None = field(name="createdDateTime", default=None)
    updated: str | None = field(name="lastModifiedDateTime", default=None)


class Page(NamedTuple):
    """The events of a page, and the ids (where known) of what is no event."""

    events: list[Event]
    unreadable: list[str | None]


_Item = TypeVar("_Item")


class _Answer(Struct, Generic[_Item]):
    value: list[_Item]
    following: str | None = field(name="@odata.nextLink", default=None)


_ANSWER, _LOOSE, _EVENT = Decoder(_Answer[Event]), Decoder(_Answer[Raw]), Decoder(Event)


def page_of(body: bytes) -> tuple[Page, str | None]:
    """The page in the bytes of an answer, and where the next one is; `Trouble` where it is cut off or is no page."""
    try:
        answer = _ANSWER.decode(body)
    except OTHERWISE:
        return _one_by_one(body)
    except DecodeError:
        raise Trouble("Microsoft's answer broke off") from None
    return Page(answer.value, []), answer.following


def _one_by_one(body: bytes) -> tuple[Page, str | None]:
    """A page with something on it that is no event: the others are read all the same."""
    try:
        answer = _LOOSE.decode(body)
    except OTHERWISE:
        raise Trouble("Microsoft sent a page without a list") from None
    return Page(*one_by_one(answer.value, _EVENT)), answer.following
