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
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from store.erasing import find_in
from store.errors import Unreachable
from store.kept import Kept, Stamp, discard_kept, stamp_of
from store.locked import locked
from store.migrations import migrate, refuse_newer, version_of
from store.opening import OFFLINE, attach, in_memory, no_store
from store.schema import DEFAULT_TIMEZONE, VERSION
from store.snapshot import Snapshot
from store.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from store.subjects import Subject
    from store.tables import Tables


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


@contextmanager
def writing(path: Path | str, wait: float = 10.0) -> Iterator[Writer]:
    """Open a store for changes; all of them land together when the block ends well, none when it does not.

    Only one writer at a time: a second one waits `wait` seconds, then raises `Unreachable`.
    """
    path = Path(path)
    busy = Unreachable(f"another meetload is writing to {path}; try again when it has finished")
    with locked(path, wait, busy), _copy_of(path) as copy:
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


def rewrite(file: Path) -> None:
    """Write a database file anew, so that nothing deleted lingers in its free blocks."""
    fresh = file.with_name(file.name + ".fresh")
    fresh.unlink(missing_ok=True)
    with closing(in_memory()) as connection:
        attach(connection, file, "old")
        attach(connection, fresh, "new", read_only=False)
        connection.execute("COPY FROM DATABASE old TO new")
    fresh.replace(file)


def search(file: Path, subject: Subject) -> tuple[int, list[str]]:
    """How many columns of a database file were searched, and in which of them a person still stands."""
    with closing(duckdb.connect(str(file), read_only=True, config=OFFLINE)) as connection:
        return find_in(connection, subject)


@contextmanager
def _copy_of(path: Path) -> Iterator[Path]:
    """A copy beside the file to work on; what is left of it afterwards goes."""
    copy = path.with_name(path.name + ".writing")
    try:
        _discard(copy)
        if path.exists():
            shutil.copyfile(path, copy)
        yield copy
    finally:
        _discard(copy)


def _connect(copy: Path, path: Path) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(str(copy), config=OFFLINE)
    except duckdb.Error as error:
        raise no_store(path, error) from error


def _put_in_place(copy: Path, path: Path) -> None:
    with copy.open("rb+") as written:
        os.fsync(written.fileno())
    discard_kept(path)
    copy.replace(path)


def _discard(copy: Path) -> None:
    for leftover in (copy, copy.with_name(copy.name + ".wal")):
        leftover.unlink(missing_ok=True)


def _catalog(connection: duckdb.DuckDBPyConnection) -> str:
    return str(connection.execute("SELECT current_database()").fetchall()[0][0])
