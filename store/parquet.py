"""The tables as a folder of Parquet files, for an engine other than the store's own file.

    DIR/people.parquet  DIR/meetings.parquet  DIR/attendance.parquet  …

Each name may be one file or, as Spark writes it, a folder of files. Columns worked out when rows are written
(wall-clock day, minute and week) are in it, because engines disagree about time zones; an exchange folder lacks them.
"""

from __future__ import annotations

import tempfile
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import duckdb
import narwhals as nw

from store.errors import BadInput, first_line
from store.opening import quoted
from store.schema import SQL_TYPES, TABLES, Table
from store.tables import Lazy, Tables

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from store.database import Store
    from store.schema import Column

T = TypeVar("T")

NAMES = tuple(each.name for each in fields(Tables))
DEMANDED = ("people", "meetings", "attendance", "labels")
"""Without these there is nothing to measure; any other table may be missing and is empty then."""

WRITE_THEM = "`meetload export DIR --format tables` writes such a folder out of a store"
# An engine of its own in one process leaves room for the rest of the machine, and spills to disk above it.
MEMORY = "3GB"


class Engine(Protocol):
    """Something that reads Parquet and answers lazily."""

    def columns(self, path: str) -> Mapping[str, str] | None:
        """The columns at a path; None where there is no table."""

    def read(self, path: str, table: Table, present: Mapping[str, str]) -> Lazy:
        """The table at a path in the types of the schema, columns that are not there null."""

    def empty(self, table: Table) -> Lazy:
        """A table without rows."""

    def keep(self, name: str, frame: Lazy) -> Lazy:
        """A derived table worked out once, as far as the engine can."""


class Folder:
    """A folder of Parquet on an engine, asked like the snapshot of a store; for one thread."""

    def __init__(self, path: str, engine: Engine) -> None:
        self.path = whole(path)
        self._engine = engine
        self._frames: dict[str, Lazy] = {}
        self._results: dict[str, Any] = {}
        self._tables = Tables(**{name: self._table(name) for name in NAMES}, keeper=self._once)

    def snapshot(self) -> Folder:
        """Itself: a folder does not change while it is read."""
        return self

    def tables(self) -> Tables:
        """The tables; nothing is read until a measure collects."""
        return self._tables

    def keep(self, name: str, build: Callable[[Tables], Lazy]) -> Lazy:
        """A derived table, built once and read by everybody after."""
        return self._once(name, lambda: build(self._tables))

    def remember(self, name: str, work_out: Callable[[Tables], T]) -> T:
        """A result in memory, worked out once; nobody may change it."""
        if name not in self._results:
            self._results[name] = work_out(self._tables)
        result: T = self._results[name]
        return result

    def _once(self, name: str, work_out: Callable[[], Lazy]) -> Lazy:
        if name not in self._frames:
            self._frames[name] = self._engine.keep(name, work_out())
        return self._frames[name]

    def _table(self, name: str) -> Lazy:
        table, path = TABLES[name], f"{self.path}/{name}.parquet"
        present = self._engine.columns(path)
        if present is None:
            if name in DEMANDED:
                raise BadInput(f"{self.path} holds no {name}.parquet; {WRITE_THEM}")
            return self._engine.empty(table)
        missing = [column.name for column in table.columns if _demanded(column) and column.name not in present]
        if missing:
            raise BadInput(f"{path} lacks the column {', '.join(missing)}; {WRITE_THEM}")
        return self._engine.read(path, table, present)


def _demanded(column: Column) -> bool:
    """Whether a measure would go wrong in silence without it."""
    return column.required or column.derived or column.default is not None


def whole(path: str) -> str:
    """A path as an engine wants it: addresses such as s3://… as they are, local folders in full."""
    return path.rstrip("/") if "://" in path else str(Path(path).resolve())


class DuckEngine:
    """DuckDB in this process, which spills to a temporary folder what does not fit in its memory."""

    def __init__(self, memory: str = MEMORY) -> None:
        self._spill = tempfile.TemporaryDirectory(prefix="meetload-")
        settings = {"memory_limit": memory, "temp_directory": self._spill.name, "preserve_insertion_order": "false"}
        try:
            self._connection = duckdb.connect(config=dict(settings))
        except duckdb.Error as error:
            self._spill.cleanup()
            raise BadInput(f"{memory!r} is no amount of memory; write it like 3GB") from error

    def columns(self, path: str) -> dict[str, str] | None:
        """The columns of a file or a folder of files; None where there is none."""
        if not Path(path).exists():
            return None
        try:
            rows = self._connection.execute(f"DESCRIBE FROM {_files(path)}").fetchall()
        except duckdb.Error as error:
            raise BadInput(f"{path} cannot be read as Parquet ({first_line(error)})") from error
        return {str(row[0]): str(row[1]) for row in rows}

    def read(self, path: str, table: Table, present: Mapping[str, str]) -> Lazy:
        """The table, read when asked."""
        columns = ", ".join(
            f'"{column.name}"::{SQL_TYPES[column.kind]} AS "{column.name}"'
            if column.name in present
            else f'NULL::{SQL_TYPES[column.kind]} AS "{column.name}"'
            for column in table.columns
        )
        self._connection.execute(f'CREATE VIEW "{table.name}" AS SELECT {columns} FROM {_files(path)}')
        return self._lazy(table.name)

    def scan(self, path: str) -> Lazy:
        """Any Parquet as it is, such as a derived table that somebody wrote."""
        lazy: Lazy = nw.from_native(self._connection.sql(f"FROM {_files(path)}"))
        return lazy

    def empty(self, table: Table) -> Lazy:
        """A table without rows."""
        self._connection.execute(table.ddl)
        return self._lazy(table.name)

    def keep(self, name: str, frame: Lazy) -> Lazy:
        """A table in memory, or on disk where it does not fit."""
        frame.to_native().create(f"kept_{name}")
        return self._lazy(f"kept_{name}")

    def close(self) -> None:
        """Let go of memory and disk."""
        self._connection.close()
        self._spill.cleanup()

    def _lazy(self, name: str) -> Lazy:
        return nw.from_native(self._connection.table(name))


def _files(path: str) -> str:
    inside = path + "/*.parquet" if Path(path).is_dir() else path
    return f"read_parquet('{quoted(inside)}')"


def write_tables(store: Store, folder: Path) -> dict[str, int]:
    """Write what measures read of a store as Parquet for an engine; returns rows a file."""
    folder.mkdir(parents=True, exist_ok=True)
    counts: dict[str, int] = {}
    tables = store.tables()
    for name in NAMES:
        target = folder / f"{name}.parquet"
        partial = target.with_name(target.name + ".part")
        relation = getattr(tables, name).to_native()
        relation.write_parquet(str(partial))
        partial.replace(target)
        counts[target.name] = int(relation.count("*").fetchall()[0][0])
    return counts
