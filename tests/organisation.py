"""Small made-up organisations, written as tests want to read them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pandas as pd

from store.database import Store, writing
from store.frames import Batch

# A Monday in winter: 9:00 in Amsterdam is 8:00 UTC.
MONDAY = datetime(2026, 1, 5)


def at(day: int, clock: str, monday: datetime = MONDAY) -> datetime:
    """A wall-clock time in Amsterdam in winter, `day` days after the Monday, as naive UTC."""
    hour, minute = map(int, clock.split(":"))
    return monday + timedelta(days=day, hours=hour - 1, minutes=minute)


@dataclass
class Small:
    """Collects rows and writes them to a store."""

    people: list[dict] = field(default_factory=list)
    meetings: list[dict] = field(default_factory=list)
    attendance: list[dict] = field(default_factory=list)
    absences: list[dict] = field(default_factory=list)
    labels: list[dict] = field(default_factory=list)

    def person(self, person_id: str, level: int = 3, department: str = "A", **more: object) -> Small:
        row = {"person_id": person_id, "level": level, "department": department, "team": department + "1"}
        self.people.append(row | more)
        return self

    def meeting(self, meeting_id, start, minutes, who, label="coordination", answers=None, **more) -> Small:
        end = start + timedelta(minutes=minutes)
        self.meetings.append({"meeting_id": meeting_id, "title": "t", "start": start, "end": end} | more)
        for person in who:
            self.attendance.append(
                {
                    "meeting_id": meeting_id,
                    "person_id": person,
                    "response": (answers or {}).get(person, "accepted"),
                    "hours": minutes / 60,
                }
            )
        self.labels.append({"meeting_id": meeting_id, "label": label, "probability": 0.9})
        return self

    def away(self, person_id, start, end) -> Small:
        self.absences.append({"person_id": person_id, "start": start, "end": end, "kind": "leave"})
        return self

    def batch(self) -> Batch:
        return Batch(
            people=pd.DataFrame(self.people),
            meetings=pd.DataFrame(self.meetings),
            attendance=pd.DataFrame(self.attendance),
            absences=pd.DataFrame(self.absences),
        )

    def store(self, folder: Path) -> Store:
        path = folder / "small.db"
        with writing(path) as writer:
            writer.add(self.batch())
            writer.upsert("labels", pd.DataFrame(self.labels))
        return Store(path)
