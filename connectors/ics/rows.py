"""Meetings of a file as rows of the tables."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pandas as pd

from connectors.ics import limits
from connectors.ics.limits import RejectedError
from connectors.ics.moments import naive_utc
from connectors.identity import instance_key, meeting_id, series_id
from store.frames import Batch
from store.schema import ABSENCES, ALIASES, ATTENDANCE, MEETINGS, PEOPLE, Table

if TYPE_CHECKING:
    from connectors.ics.details import Details
    from connectors.ics.people import Owner
    from connectors.ics.recurrence import Meeting

_HOUR = timedelta(hours=1)


class Rows:
    """Collects rows of one file, up to the limit."""

    def __init__(self, owner: Owner, timezone: str, source: str) -> None:
        self.owner = owner
        self.source = source
        self.zone = ZoneInfo(timezone)
        self.owner_name: str | None = None
        self.meetings: list[tuple[Any, ...]] = []
        self.attendance: list[tuple[Any, ...]] = []
        self.absences: list[tuple[Any, ...]] = []

    def add(self, meetings: list[Meeting], details: Details, *, recurs: bool) -> None:
        """All meetings that follow one version of an event."""
        size = len(meetings) * (1 + len(details.company.attendance))
        if len(self.meetings) + len(self.attendance) + size > limits.ROWS:
            raise RejectedError(f"with it the file would hold more than {limits.ROWS:,} meetings and attendances")
        self.owner_name = self.owner_name or details.company.owner_name
        for meeting in meetings:
            self._add_one(meeting, details, recurs=recurs)

    def _add_one(self, meeting: Meeting, details: Details, *, recurs: bool) -> None:
        timing, people = meeting.timing, details.company
        key = meeting_id(timing.uid, instance_key(meeting.original))
        self.meetings.append(
            (
                key,
                series_id(timing.uid) if recurs else None,
                None if meeting.original is None else naive_utc_of_key(meeting),
                details.title,
                meeting.start,
                meeting.end,
                timing.all_day,
                people.organizer,
                details.created,
                details.updated,
                details.sequence,
                details.status,
                details.private,
                details.show_as,
                details.kind,
                people.headcount,
                None,
                details.online,
                details.body,
                self.source,
            )
        )
        hours = 0.0 if timing.all_day else (meeting.end - meeting.start) / _HOUR
        self.attendance.extend((key, person, role, response, hours) for person, role, response in people.attendance)
        if details.kind == "absence" and details.status != "cancelled" and self.owner.person_id:
            self._add_absence(meeting, details)

    def _add_absence(self, meeting: Meeting, details: Details) -> None:
        """The owner's own leave; its whole days begin at midnight where the owner is."""
        start, end = meeting.start, meeting.end
        if meeting.timing.all_day:
            start, end = self._local(start), self._local(end)
        if end > start:
            self.absences.append((self.owner.person_id, start, end, "sick" if details.sick else "leave", "calendar"))

    def _local(self, midnight: datetime) -> datetime:
        return midnight.replace(tzinfo=self.zone).astimezone(UTC).replace(tzinfo=None)

    def batch(self) -> Batch:
        """The rows in the shape of the tables."""
        owner = self.owner.person_id
        people = [] if owner is None else [(owner, self.owner_name, owner)]
        return Batch(
            people=pd.DataFrame(people, columns=PEOPLE.given[:3]),
            aliases=pd.DataFrame([(each, owner) for each in self.owner.addresses], columns=ALIASES.given),
            meetings=_frame(MEETINGS, self.meetings),
            attendance=_frame(ATTENDANCE, self.attendance),
            absences=_frame(ABSENCES, self.absences),
        ).tidied()


def naive_utc_of_key(meeting: Meeting) -> datetime | None:
    """The original start as the tables hold it."""
    original = meeting.original
    if original is None or isinstance(original, datetime):
        return original
    return naive_utc(original)


def _frame(table: Table, rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    columns = zip(*rows, strict=True) if rows else ([] for _ in table.given)
    return pd.DataFrame(dict(zip(table.given, map(list, columns), strict=True)))
