"""One DuckDB file, read as snapshots and written by swapping.

Readers attach the file read-only and keep the snapshot they opened. A writer works on a copy beside it and puts the
copy in place in one step, so readers in any process and thread are never blocked, a crash leaves the old file whole,
and a half-written store cannot exist. See docs/architecture.md.
"""

from __future__ import annotations

import os
import shutil
import threading
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import duckdb
import narwhals as nw
import pandas as pd
from filelock import FileLock, Timeout

from store.erasing import Erased, erase_events, erase_person, find_in
from store.errors import BadInput, Unreachable
from store.frames import DTYPES, Batch, absence_days, tidy, with_local_time, without_private_text
from store.kept import Kept, Stamp, discard_kept, stamp_of
from store.migrations import migrate, refuse_newer, version_of
from store.packed import packed, unpacked
from store.schema import ABSENCE_DAYS, ABSENCES, MEETINGS, SQL_TYPES, TABLES, TEXT_DROPPED, VERSION, Table
from store.tables import Lazy, Tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from store.settling import Part, Settled
    from store.subjects import Subject

T = TypeVar("T")

DEFAULT_TIMEZONE = "Europe/Amsterdam"
OF_EVENTS = (
    *("people", "aliases", "meetings", "attendance", "absences", "absence_days", "moves", "labels"),
    *("corrections", "topic_edits", "syncs"),
)
# A person's own rows lie together, so that reading them passes over everybody else's.
BY_PERSON = ("person_id", "week", "local_date", "meeting_id")
AS_PARQUET = "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 8192)"
# DuckDB would otherwise fetch extensions from the network by itself.
OFFLINE: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}


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


class Snapshot:
    """One state of a store, shared by threads: every call takes its own cursor.

    With a `disk`, what is derived is read from there where it was kept, and kept there where it was not.
    """

    def __init__(self, path: Path, disk: Kept | None = None) -> None:
        self.disk = disk
        self.stamp = stamp_of(path)
        self._connection = duckdb.connect(config=OFFLINE)
        self._kept: dict[str, None] = {}
        self._results: dict[str, Any] = {}
        self._lock = threading.RLock()
        self._remembering = threading.RLock()
        try:
            self._connection.execute(f"ATTACH '{_quoted(path)}' AS stored (READ_ONLY)")
        except duckdb.Error as error:
            raise BadInput(f"{path} is not a meetload store ({_first_line(error)})") from error
        self.version = version_of(self._connection, "stored")
        refuse_newer(path, self.version)
        if self.version == VERSION:
            for name in TABLES:
                self._connection.execute(f'CREATE VIEW "{name}" AS SELECT * FROM stored."{name}"')

    def tables(self) -> Tables:
        """The tables, on a cursor of this caller's own."""
        cursor = self._connection.cursor()
        return Tables.of(cursor, lambda name, work_out: self._once(cursor, name, work_out))

    def frame(self, name: str) -> pd.DataFrame:
        """One table whole, in memory, typed."""
        return _typed(TABLES[name], self._connection.cursor().execute(f'SELECT * FROM stored."{name}"').df())

    def keep(self, name: str, build: Callable[[Tables], Lazy]) -> Lazy:
        """A derived table, built once for this snapshot and read by everybody after."""
        with self._lock:
            if name not in self._kept:
                if not self._found(name):
                    relation = build(self.tables()).to_native()
                    relation.create(f"kept_{name}")
                    self._put_away(name)
                self._kept[name] = None
        return _lazy(self._connection.cursor(), f"kept_{name}")

    def _once(self, cursor: duckdb.DuckDBPyConnection, name: str, work_out: Callable[[], Lazy]) -> Lazy:
        """A table that others are made of: in memory only, since these others are what is read again."""
        with self._lock:
            if name not in self._kept:
                work_out().to_native().create(f"kept_{name}")
                self._kept[name] = None
        return _lazy(cursor, f"kept_{name}")

    def _found(self, name: str) -> bool:
        file = self.disk.table(name) if self.disk else None
        if file is not None:
            self._connection.execute(f"CREATE VIEW \"kept_{name}\" AS SELECT * FROM read_parquet('{_quoted(file)}')")
        return file is not None

    def _put_away(self, name: str) -> None:
        """Move a table to the disk, each person's rows side by side, so that a person's own are quickly read."""
        if self.disk is None:
            return

        def write(file: Path) -> None:
            cursor = self._connection.cursor()
            columns = [row[0] for row in cursor.execute(f'DESCRIBE "kept_{name}"').fetchall()]
            order = ", ".join(f'"{each}"' for each in BY_PERSON if each in columns) or "ALL"
            cursor.execute(f"COPY (FROM \"kept_{name}\" ORDER BY {order}) TO '{_quoted(file)}' {AS_PARQUET}")

        if self.disk.keep_table(name, write):
            self._connection.execute(f'DROP TABLE "kept_{name}"')
            self._found(name)

    def remember(self, name: str, work_out: Callable[[Tables], T]) -> T:
        """A result in memory, worked out once for this snapshot; nobody may change it."""
        with self._remembering:
            if name not in self._results:
                self._results[name] = self._recalled(name, work_out)
        result: T = self._results[name]
        return result

    def _recalled(self, name: str, work_out: Callable[[Tables], T]) -> T:
        if self.disk is None:
            return work_out(self.tables())
        text = self.disk.text(name)
        if text is not None:
            recalled: T = unpacked(text)
            return recalled
        result = work_out(self.tables())
        self.disk.keep_text(name, packed(result).encode())
        return result

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()


class Store:
    """A store to read from. Safe to share between threads and while another process imports.

    With `kept_since`, a text such as a week, what is derived is kept on disk (`store.kept`).
    """

    def __init__(self, path: Path | str, kept_since: str | None = None) -> None:
        self.path = Path(path)
        self._kept_since = kept_since
        self._lock = threading.Lock()
        self._stamp: Stamp | None = None
        self._snapshot: Snapshot | None = None
        if not self.path.exists():
            raise Unreachable(
                f"there is no store at {self.path}; make one with `meetload import PATH --store {self.path}`"
            )
        if self.snapshot().version != VERSION:
            with writing(self.path):
                pass

    def snapshot(self) -> Snapshot:
        """The newest state of the file; the same object until somebody writes."""
        with self._lock:
            stamp = stamp_of(self.path)
            if self._snapshot is None or stamp != self._stamp:
                disk = None if self._kept_since is None else Kept(self.path, self._kept_since)
                # The old snapshot may still serve another thread; it closes when the last of them lets go.
                self._snapshot, self._stamp = Snapshot(self.path, disk), stamp
            return self._snapshot

    def tables(self) -> Tables:
        """The tables of the newest state."""
        return self.snapshot().tables()

    def frame(self, name: str) -> pd.DataFrame:
        """One table whole, in memory."""
        return self.snapshot().frame(name)

    def setting(self, name: str, default: str = "") -> str:
        """One remembered setting of this store."""
        rows = self.frame("settings")
        values = rows.loc[rows["name"] == name, "value"]
        return str(values.iloc[0]) if len(values) else default

    @property
    def timezone(self) -> str:
        """The wall clock this store's days and weeks follow."""
        return self.setting("timezone", DEFAULT_TIMEZONE)


class Writer:
    """The one who may change a store, until the end of its `with` block."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, changed: bool) -> None:
        self._connection = connection
        self.changed = changed
        self.rewrite = False

    def tables(self) -> Tables:
        """The tables as they stand now, uncommitted changes included."""
        return Tables.of(self._connection.cursor())

    def frame(self, name: str) -> pd.DataFrame:
        """One table whole, in memory, typed."""
        return _typed(TABLES[name], self._connection.cursor().execute(f'SELECT * FROM "{name}"').df())

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


@contextmanager
def writing(path: Path | str, wait: float = 10.0) -> Iterator[Writer]:
    """Open a store for changes; all of them land together when the block ends well, none when it does not.

    Only one writer at a time: a second one waits `wait` seconds, then raises `Unreachable`.
    """
    path = Path(path)
    if not path.parent.exists():
        raise BadInput(f"the folder {path.parent} does not exist; make it first or choose another place with --store")
    lock = FileLock(path.with_name(path.name + ".lock"))
    try:
        lock.acquire(timeout=wait)
    except Timeout as error:
        raise Unreachable(f"another meetload is writing to {path}; try again when it has finished") from error
    copy = path.with_name(path.name + ".writing")
    try:
        _discard(copy)
        if path.exists():
            shutil.copyfile(path, copy)
        with closing(_connect(copy, path)) as connection:
            version = version_of(connection, _catalog(connection))
            refuse_newer(path, version)
            writer = Writer(connection, changed=migrate(connection, version))
            yield writer
            connection.execute("CHECKPOINT")
        if writer.rewrite:
            rewrite(copy)
        if writer.changed:
            _put_in_place(copy, path)
    finally:
        _discard(copy)
        lock.release()


def rewrite(file: Path) -> None:
    """Write a database file anew, so that nothing deleted lingers in its free blocks."""
    fresh = file.with_name(file.name + ".fresh")
    fresh.unlink(missing_ok=True)
    with closing(duckdb.connect(config=OFFLINE)) as connection:
        connection.execute(f"ATTACH '{_quoted(file)}' AS old (READ_ONLY)")
        connection.execute(f"ATTACH '{_quoted(fresh)}' AS new")
        connection.execute("COPY FROM DATABASE old TO new")
    fresh.replace(file)


def search(file: Path, subject: Subject) -> tuple[int, list[str]]:
    """How many columns of a database file were searched, and in which of them a person still stands."""
    with closing(duckdb.connect(str(file), read_only=True, config=OFFLINE)) as connection:
        return find_in(connection, subject)


def _connect(copy: Path, path: Path) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(str(copy), config=OFFLINE)
    except duckdb.Error as error:
        raise BadInput(f"{path} is not a meetload store ({_first_line(error)})") from error


def _put_in_place(copy: Path, path: Path) -> None:
    with copy.open("rb+") as written:
        os.fsync(written.fileno())
    discard_kept(path)
    copy.replace(path)


def _discard(copy: Path) -> None:
    for leftover in (copy, copy.with_name(copy.name + ".wal")):
        leftover.unlink(missing_ok=True)


def _typed(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    return frame.astype({column.name: DTYPES[column.kind] for column in table.columns})


def _sql_type(table: Table, name: str) -> str:
    return SQL_TYPES[table.by_name[name].kind]


def _lazy(cursor: duckdb.DuckDBPyConnection, name: str) -> Lazy:
    return nw.from_native(cursor.table(name))


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]


def _catalog(connection: duckdb.DuckDBPyConnection) -> str:
    return str(connection.execute("SELECT current_database()").fetchall()[0][0])
