"""What the one who may change a store does with it: rows come and go by key, and nothing else is touched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from store.erasing import Erased, erase_events, erase_person
from store.frames import absence_days, tidy, with_local_time, with_types, without_private_text
from store.schema import (
    ABSENCE_DAYS,
    ABSENCES,
    DEFAULT_TIMEZONE,
    MEETINGS,
    SQL_TYPES,
    TABLES,
    TEXT_DROPPED,
    Table,
)
from store.tables import Tables

if TYPE_CHECKING:
    from datetime import date

    from duckdb import DuckDBPyConnection

    from store.frames import Batch
    from store.settling import Part, Settled
    from store.subjects import Subject

OF_EVENTS = (
    *("people", "aliases", "meetings", "attendance", "absences", "absence_days", "moves", "labels"),
    *("corrections", "topic_edits", "syncs"),
)


@dataclass(frozen=True)
class Change:
    """What an upsert did to one table, in rows."""

    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    deleted: int = 0

    def __add__(self, other: Change) -> Change:
        return Change(
            self.inserted + other.inserted,
            self.updated + other.updated,
            self.unchanged + other.unchanged,
            self.deleted + other.deleted,
        )

    def __bool__(self) -> bool:
        return bool(self.inserted or self.updated or self.deleted)


class Writer:
    """The one who may change a store, until the end of its `with` block."""

    def __init__(self, connection: DuckDBPyConnection, changed: bool) -> None:
        self._connection = connection
        self.changed = changed
        self.rewrite = False

    def tables(self) -> Tables:
        """The tables as they stand now, uncommitted changes included."""
        return Tables.of(self._connection.cursor())

    def frame(self, name: str) -> pd.DataFrame:
        """One table whole, in memory, typed."""
        return with_types(TABLES[name], self._connection.cursor().execute(f'SELECT * FROM "{name}"').df())

    def setting(self, name: str, default: str = "") -> str:
        """One remembered setting."""
        rows = self._connection.execute("SELECT value FROM settings WHERE name = ?", [name]).fetchall()
        return str(rows[0][0]) if rows else default

    def set(self, name: str, value: str) -> None:
        """Remember a setting; a new time zone is applied to what is already there."""
        if self.setting(name, "") == value:
            return
        self.upsert("settings", pd.DataFrame({"name": [name], "value": [value]}))
        if name == "timezone":
            self._merge(MEETINGS, with_local_time(self.frame("meetings"), value))
            self._refresh_absence_days()

    @property
    def timezone(self) -> str:
        """The wall clock this store's days and weeks follow."""
        return self.setting("timezone", DEFAULT_TIMEZONE)

    def add(self, batch: Batch) -> dict[str, Change]:
        """Upsert everything a source brought; the same batch twice changes nothing."""
        return {table.name: self.upsert(table.name, frame) for table, frame in batch if len(frame)}

    def upsert(self, name: str, frame: pd.DataFrame) -> Change:
        """Insert new rows and update changed ones by key; among rows of one key the last wins."""
        table = TABLES[name]
        rows = tidy(table, frame).drop_duplicates(list(table.key), keep="last", ignore_index=True)
        if table is MEETINGS:
            rows = with_local_time(without_private_text(rows), self.timezone)
        change = self._merge(table, rows)
        if table is ABSENCES and change:
            self._refresh_absence_days()
        return change

    def replace(self, name: str, frame: pd.DataFrame) -> Change:
        """Make the frame the whole content of a table: upsert its rows and delete all others."""
        change = self.upsert(name, frame)
        return change + self._delete_others(TABLES[name], frame)

    def forget_source(self, source: str) -> Change:
        """Take out everything a source brought, and leave none of its bytes in the file's free space."""
        rows = self._connection.execute("SELECT meeting_id FROM meetings WHERE source = ?", [source]).fetchall()
        self._connection.execute("DELETE FROM syncs WHERE source = ?", [source])
        self.rewrite = self.changed = True
        return self.delete_meetings([row[0] for row in rows])

    def clear_events(self) -> int:
        """Take out everybody and everything they did, for a scan that begins anew; how many meetings there were.

        Settings, the journal, the register and what a team wrote down stay.
        """
        counts = {
            name: len(self._connection.execute(f'DELETE FROM "{name}" RETURNING 1').fetchall()) for name in OF_EVENTS
        }
        if any(counts.values()):
            self.rewrite = self.changed = True
        return counts["meetings"]

    def erase(self, subject: Subject, *, wholly: bool) -> Erased:
        """Take a person's meetings, answers and absences out, or `wholly` everything that is known of the person."""
        erased = (
            erase_person(self._connection, subject) if wholly else erase_events(self._connection, subject.person_id)
        )
        if wholly or erased != Erased():
            self.rewrite = self.changed = True
        return erased

    def delete_text(self, before: date, keep_of: str = "") -> int:
        """Drop titles and bodies of meetings before a day, but for those that one person takes part in."""
        rows = self._connection.execute(
            "UPDATE meetings SET title = NULL, body = NULL WHERE local_date < ? AND (title IS NOT NULL OR body IS NOT "
            "NULL) AND meeting_id NOT IN (SELECT meeting_id FROM attendance WHERE person_id = ?) RETURNING 1",
            [before, keep_of],
        ).fetchall()
        if rows:
            self.changed = self.rewrite = True
            self.set(TEXT_DROPPED, "yes")
        return len(rows)

    def delete_absences(self, since: date, until: date) -> int:
        """Drop absences that began in a span of days."""
        rows = self._connection.execute(
            'DELETE FROM absences WHERE "start" >= ? AND "start" < ? RETURNING 1', [since, until]
        ).fetchall()
        if rows:
            self.changed = self.rewrite = True
            self._refresh_absence_days()
        return len(rows)

    def delete_meetings(self, meeting_ids: list[str]) -> Change:
        """Take meetings out, with everything that hangs on them."""
        gone = pd.DataFrame({"meeting_id": pd.Series(meeting_ids, dtype="str")})
        cursor = self._connection.cursor()
        cursor.register("gone", gone)
        counts = [
            len(cursor.execute(f'DELETE FROM "{name}" WHERE meeting_id IN (FROM gone) RETURNING 1').fetchall())
            for name in ("meetings", "attendance", "labels", "moves")
        ]
        self.changed |= any(counts)
        return Change(deleted=counts[0])

    def settle(self, settled: Settled) -> dict[str, Change]:
        """Write what all mailboxes together say, and take out what none has any more; twice changes nothing."""
        changes: dict[str, Change] = {}
        for part in settled.parts():
            for name, change in self._settle_part(part).items():
                changes[name] = changes.get(name, Change()) + change
        changes["meetings"] = changes.get("meetings", Change()) + self._delete_gone(settled.gone())
        self._delete_absences(settled.gone_absences())
        return changes

    def _settle_part(self, part: Part) -> dict[str, Change]:
        changes = self.add(part.batch)
        meetings = part.batch.meetings["meeting_id"]
        for name, frame in (("attendance", part.batch.attendance), ("moves", part.batch.moves)):
            changes[name] = changes.get(name, Change()) + self._delete_others(TABLES[name], frame, meetings)
        if len(part.labels):
            cursor = self._connection.cursor()
            cursor.register("said", part.labels)
            by_people = "SELECT meeting_id FROM labels WHERE decided_by IN ('person', 'file')"
            said = cursor.execute(f"FROM said WHERE meeting_id NOT IN ({by_people})").df()
            changes["labels"] = self.upsert("labels", said)
        return changes

    def _delete_gone(self, gone: pd.DataFrame) -> Change:
        cursor = self._connection.cursor()
        cursor.register("gone", gone)
        # What another source brought in the meantime stays.
        found = cursor.execute("SELECT meeting_id FROM meetings SEMI JOIN gone USING (meeting_id, source)").fetchall()
        return self.delete_meetings([row[0] for row in found]) if found else Change()

    def _delete_absences(self, gone: pd.DataFrame) -> None:
        cursor = self._connection.cursor()
        cursor.register("gone", gone)
        same = " AND ".join(f'gone."{name}" = absences."{name}"' for name in ABSENCES.key)
        deleted = cursor.execute(
            f"DELETE FROM absences WHERE source = 'calendar' AND EXISTS (SELECT 1 FROM gone WHERE {same}) RETURNING 1"
        ).fetchall()
        if deleted:
            self.changed = True
            self._refresh_absence_days()

    def _merge(self, table: Table, rows: pd.DataFrame) -> Change:
        names = [name for name in table.names if name in rows]
        others = [name for name in names if name not in table.key]
        same = " AND ".join(f't."{name}" IS NOT DISTINCT FROM s."{name}"' for name in table.key)
        differs = " OR ".join(f't."{name}" IS DISTINCT FROM s."{name}"' for name in others) or "false"
        updates = ", ".join(f'"{name}" = s."{name}"' for name in others or table.key)
        columns, values = ", ".join(f'"{name}"' for name in names), ", ".join(f's."{name}"' for name in names)
        types = ", ".join(f'"{name}"::{_sql_type(table, name)} AS "{name}"' for name in names)
        cursor = self._connection.cursor()
        cursor.register("incoming", rows)
        actions = cursor.execute(
            f'MERGE INTO "{table.name}" AS t USING (SELECT {types} FROM incoming) AS s ON {same} '
            f"WHEN MATCHED AND ({differs}) THEN UPDATE SET {updates} "
            f"WHEN NOT MATCHED THEN INSERT ({columns}) VALUES ({values}) RETURNING merge_action"
        ).df()
        counts = actions["merge_action"].value_counts()
        inserted, updated = int(counts.get("INSERT", 0)), int(counts.get("UPDATE", 0))
        self.changed |= bool(inserted or updated)
        return Change(inserted, updated, len(rows) - inserted - updated)

    def _delete_others(self, table: Table, frame: pd.DataFrame, meetings: pd.Series | None = None) -> Change:
        """Delete all rows that are not in the frame; with `meetings` given, only rows of those."""
        cursor = self._connection.cursor()
        cursor.register(
            "these", pd.DataFrame({"meeting_id": pd.Series([] if meetings is None else meetings, dtype="str")})
        )
        within = "true" if meetings is None else "meeting_id IN (FROM these)"
        cursor.register("wanted", tidy(table, frame)[list(table.key)])
        same = " AND ".join(f'w."{name}" IS NOT DISTINCT FROM t."{name}"' for name in table.key)
        gone = cursor.execute(
            f'DELETE FROM "{table.name}" AS t '
            f"WHERE {within} AND NOT EXISTS (SELECT 1 FROM wanted AS w WHERE {same}) RETURNING 1"
        ).fetchall()
        self.changed |= bool(gone)
        return Change(deleted=len(gone))

    def _refresh_absence_days(self) -> None:
        self._connection.execute("DELETE FROM absence_days")
        self._merge(ABSENCE_DAYS, absence_days(self.frame("absences"), self.timezone))


def _sql_type(table: Table, name: str) -> str:
    return SQL_TYPES[table.by_name[name].kind]
