"""What one VEVENT says beyond its time: title, people, status; private text is dropped here and goes no further."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from connectors.ics import limits
from connectors.ics.content import first, text, word
from connectors.ics.limits import RejectedError
from connectors.ics.moments import is_day, moment, naive_utc
from connectors.ics.nature import has_call_link, is_sick, kind_of
from connectors.ics.people import PARTIAL_METHODS, Company, Owner, company

if TYPE_CHECKING:
    from datetime import datetime

    from connectors.ics.scan import Block
    from connectors.ics.timing import Timing

_SHOWN = {"FREE": "free", "TENTATIVE": "tentative", "BUSY": "busy", "OOF": "oof", "WORKINGELSEWHERE": "elsewhere"}
_STATUS = {"TENTATIVE": "tentative", "CANCELLED": "cancelled", "CANCELED": "cancelled"}
_CALL_PROPERTIES = (
    *("CONFERENCE", "X-GOOGLE-CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL"),
    "X-MICROSOFT-ONLINEMEETINGCONFLINK",
)


@dataclass(frozen=True)
class Details:
    """One version of an event, ready for the tables."""

    title: str | None
    body: str | None
    private: bool
    status: str
    show_as: str
    kind: str
    sick: bool
    online: bool
    created: datetime | None
    updated: datetime | None
    sequence: int | None
    company: Company


def read_details(timing: Timing, block: Block, owner: Owner, method: str) -> Details:
    """Everything the tables hold of an event besides its time."""
    private = word(block, "CLASS") in ("PRIVATE", "CONFIDENTIAL")
    description = text(block, "DESCRIPTION")
    title = "" if private else text(block, "SUMMARY")
    people = company(block, owner, partial=method in PARTIAL_METHODS)
    show_as = _show_as(block)
    return Details(
        title=title[: limits.TITLE] or None,
        body=None if private else description[: limits.BODY] or None,
        private=private,
        status="cancelled" if method == "CANCEL" else _STATUS.get(word(block, "STATUS"), "confirmed"),
        show_as=show_as,
        kind=kind_of(title, show_as, all_day=timing.all_day, alone=people.alone),
        sick=is_sick(title),
        online=_online(block, description),
        created=_stamp(block, "CREATED", timing),
        updated=_stamp(block, "LAST-MODIFIED", timing),
        sequence=timing.sequence if first(block, "SEQUENCE") else None,
        company=people,
    )


def _show_as(block: Block) -> str:
    shown = _SHOWN.get(word(block, "X-MICROSOFT-CDO-BUSYSTATUS"))
    return shown or ("free" if word(block, "TRANSP") == "TRANSPARENT" else "busy")


def _online(block: Block, description: str) -> bool:
    if any(name in block.properties for name in _CALL_PROPERTIES):
        return True
    return has_call_link(description, text(block, "LOCATION"), text(block, "URL"))


def _stamp(block: Block, name: str, timing: Timing) -> datetime | None:
    """When it was made or changed; unknown where the file says nothing that can be true."""
    found = first(block, name)
    if found is None:
        return None
    try:
        value = moment(name, found, timing.zones, timing.line)
    except RejectedError:
        return None
    if is_day(value) or not limits.FIRST_YEAR < value.year <= limits.LAST_YEAR:
        return None
    return naive_utc(value)
