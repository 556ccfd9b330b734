"""What we ask a CalDAV server, as XML: what changed, and the events of a span (RFC 4791, 6578)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from caldav.elements import cdav, dav

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

DATA = (dav.GetEtag, cdav.CalendarData)
ETAGS = (dav.GetEtag,)


def events_between(start: datetime, end: datetime, wanted: tuple[type, ...] = DATA) -> str:
    """Every resource with an event in the span (RFC 4791, 7.8); times are aware."""
    events = cdav.CompFilter("VCALENDAR") + (cdav.CompFilter("VEVENT") + cdav.TimeRange(start, end))
    asked = [dav.Prop() + [each() for each in wanted], cdav.Filter() + events]
    return str(cdav.CalendarQuery() + asked)


def resources(paths: Iterable[str]) -> str:
    """These resources whole (RFC 4791, 7.9)."""
    asked = [dav.Prop() + [each() for each in DATA], *(dav.Href(value=path) for path in paths)]
    return str(cdav.CalendarMultiGet() + asked)


def changes_since(token: str) -> str:
    """What changed since the token was given out (RFC 6578, 3.2)."""
    asked = [dav.SyncToken(value=token), dav.SyncLevel(value="1"), dav.Prop() + dav.GetEtag()]
    return str(dav.SyncCollection() + asked)
