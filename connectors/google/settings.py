"""Addresses, quotas and scopes of Google's Calendar and Directory: every number can be set."""

from __future__ import annotations

from dataclasses import dataclass

_PREFIX = "https://www.googleapis.com/auth/"
OWNED = _PREFIX + "calendar.events.owned.readonly"
EVENTS = _PREFIX + "calendar.events.readonly"
CALENDARS = _PREFIX + "calendar.calendarlist.readonly"
FREE_BUSY = _PREFIX + "calendar.events.freebusy"
USERS = _PREFIX + "admin.directory.user.readonly"
ROOMS = _PREFIX + "admin.directory.resource.calendar.readonly"
GROUPS = _PREFIX + "admin.directory.group.readonly"

# Why each scope is asked for; the manual and `doctor` both read it here.
WHY = {
    OWNED: "read the events of one's own calendar, titles and guests included",
    EVENTS: "read the events of a mailbox, titles and guests included",
    CALENDARS: "list the calendars that others share",
    FREE_BUSY: "read when somebody is busy, without titles and guests",
    USERS: "read people, their managers, departments and other addresses",
    ROOMS: "tell rooms from people",
    GROUPS: "tell mailing groups from people",
}

SCAN_SCOPES = (EVENTS,)
DIRECTORY_SCOPES = (USERS, ROOMS, GROUPS)

EVENT_TYPES = ("default", "fromGmail", "focusTime", "outOfOffice")

_WHEN = "id,iCalUID,recurringEventId,originalStartTime,status,eventType,start,end,transparency,visibility"
# Without the two tokens paging stops silently; without description and location they never reach this machine.
FIELDS = (
    f"nextPageToken,nextSyncToken,timeZone,items({_WHEN},created,updated,sequence,organizer(email,self),"
    "attendees(email,self,organizer,optional,resource,responseStatus),attendeesOmitted,guestsCanSeeOtherGuests,"
    "summary,hangoutLink,conferenceData/conferenceSolution/key/type)"
)
HOURS_FIELDS = f"nextPageToken,nextSyncToken,timeZone,items({_WHEN})"


@dataclass(frozen=True)
class GoogleSettings:
    """How Google is asked. Addresses end in a slash; `quota_rest` is how many seconds to wait once a quota is spent.

    A scan begins with `threads` mailboxes at once and grows up to `most_threads`.
    """

    calendar_url: str = "https://www.googleapis.com/calendar/v3/"
    directory_url: str = "https://admin.googleapis.com/"
    revoke_url: str = "https://oauth2.googleapis.com/revoke"
    page_size: int = 2500
    directory_page_size: int = 500
    requests_per_minute: int = 8000
    threads: int = 16
    most_threads: int = 64
    timeout: float = 60.0
    sign_in_seconds: int = 300
    quota_rest: float = 1800.0
    mailboxes_signed_in: int = 256


def own_scopes(*, shared: bool = False, hours_only: bool = False) -> tuple[str, ...]:
    """The narrowest scopes for reading one's own calendar, and the calendars that others share where asked for."""
    if hours_only:
        return (FREE_BUSY, CALENDARS) if shared else (FREE_BUSY,)
    return (EVENTS, CALENDARS) if shared else (OWNED,)
