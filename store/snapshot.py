"""One state of a store's file: its tables, what is derived of them, and results that were worked out once."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, TypeVar

import duckdb
import narwhals as nw

from store.frames import with_types
from store.kept import Kept, stamp_of
from store.migrations import refuse_newer, version_of
from store.opening import attach, in_memory, no_store, quoted
from store.packed import packed, unpacked
from store.schema import TABLES, VERSION
from store.tables import Tables

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pandas as pd

    from store.tables import Lazy

T = TypeVar("T")

# A person's own rows lie together, so that reading them passes over everybody else's.
BY_PERSON = ("person_id", "week", "local_date", "meeting_id")
AS_PARQUET = "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 8192)"


class Snapshot:
    """One state of a store, shared by threads: every call takes its own cursor.

    With a `disk`, what is derived is read from there where it was kept, and kept there where it was not.
    """

    def __init__(self, path: Path, disk: Kept | None = None) -> None:
        self.disk = disk
        self.stamp = stamp_of(path)
        self._connection = in_memory()
        self._kept: dict[str, None] = {}
        self._results: dict[str, Any] = {}
        self._lock = threading.RLock()
        self._remembering = threading.RLock()
        try:
            attach(self._connection, path, "stored")
        except duckdb.Error as error:
            raise no_store(path, error) from error
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
        return with_types(TABLES[name], self._connection.cursor().execute(f'SELECT * FROM stored."{name}"').df())

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
            self._connection.execute(f"CREATE VIEW \"kept_{name}\" AS SELECT * FROM read_parquet('{quoted(file)}')")
        return file is not None

    def _put_away(self, name: str) -> None:
        """Move a table to the disk, each person's rows side by side, so that a person's own are quickly read."""
        if self.disk is None:
            return

        def write(file: Path) -> None:
            cursor = self._connection.cursor()
            columns = [row[0] for row in cursor.execute(f'DESCRIBE "kept_{name}"').fetchall()]
            order = ", ".join(f'"{each}"' for each in BY_PERSON if each in columns) or "ALL"
            cursor.execute(f"COPY (FROM \"kept_{name}\" ORDER BY {order}) TO '{quoted(file)}' {AS_PARQUET}")

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


def _lazy(cursor: duckdb.DuckDBPyConnection, name: str) -> Lazy:
    return nw.from_native(cursor.table(name))
