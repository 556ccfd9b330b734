"""Every number and address of the Outlook connector, so that a test or a national cloud can set its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

# Asking for these and nothing else keeps bodies out: with them a scan of 10,000 mailboxes is twenty times as large.
SELECT = (
    "id",
    "iCalUId",
    "type",
    "seriesMasterId",
    "originalStart",
    "subject",
    "start",
    "end",
    "isAllDay",
    "isCancelled",
    "isOrganizer",
    "showAs",
    "sensitivity",
    "responseStatus",
    "organizer",
    "attendees",
    "originalStartTimeZone",
    "categories",
    "isOnlineMeeting",
    "onlineMeetingProvider",
    "hideAttendees",
    "createdDateTime",
    "lastModifiedDateTime",
)

# Why each permission is asked for; the manual and `doctor` name the same ones.
WHY = {
    "Calendars.ReadBasic": "read one's own events without their bodies and attachments",
    "User.Read": "know one's own addresses",
    "Calendars.ReadBasic.All": "read the events of every mailbox without their bodies and attachments",
    "Calendars.Read": "read the events of chosen mailboxes, where RBAC for Applications narrows it to them",
    "User.Read.All": "read people, their managers, departments, job titles and other addresses",
    "Place.Read.All": "tell rooms from people",
    "GroupMember.Read.All": "tell groups from people",
}


@dataclass(frozen=True)
class OutlookSettings:
    """Where Graph and its sign-in are, who we are to them, and how hard we may lean on them.

    `tenant` is the organisation's id or domain; "organizations" lets anybody with a work account sign in as themselves.
    The last block is for the scan: with how many mailboxes at once it begins, how far that may grow, and how fast it
    may ask. Of one mailbox it never reads more than one page at a time, where Microsoft allows four.
    """

    client_id: str = ""
    tenant: str = "organizations"
    graph: str = "https://graph.microsoft.com/v1.0"
    authority: str = "https://login.microsoftonline.com"
    own_scopes: tuple[str, ...] = ("Calendars.ReadBasic", "User.Read")
    sign_in_seconds: int = 300

    page_size: int = 500
    small_page: int = 100
    directory_page: int = 999
    connect_seconds: float = 10.0
    read_seconds: float = 90.0
    # All-day entries are cut by the server in the mailbox's own zone, so the question reaches a day further.
    margin: timedelta = timedelta(days=1)

    in_flight: int = 8
    most_in_flight: int = 64
    requests_per_minute: int = 700_000

    @property
    def app_scope(self) -> str:
        """The scope of an application: everything an administrator has consented to."""
        origin = self.graph.split("/", 3)
        return "/".join(origin[:3]) + "/.default"
