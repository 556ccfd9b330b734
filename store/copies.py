"""The copies file: what every mailbox has, so that the same meeting seen in several mailboxes becomes one.

It lies beside the store (`F.copies`), is written by one puller at a time and never read by the dashboard. A mailbox is
one transaction: first its rows, then its token and state. Every commit has a number; a mailbox remembers the numbers
that wrote its rows, and DuckDB skips all parts of the file with other numbers, so a commit costs the same in a file of
ten mailboxes and of ten thousand.
"""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from store.erasing import Erased, erase_copies
from store.errors import BadInput, Unreachable, first_line
from store.frames import Batch
from store.locked import locked
from store.nesting import LABEL, nested, plain
from store.opening import OFFLINE
from store.schema import ABSENCES, LABELLED, MEETINGS, SQL_TYPES
from store.settling import Settled
from store.syncs import Syncs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date, datetime

    import pandas as pd

    from store.subjects import Subject
    from store.syncs import Run, Span, Sync

VERSION = 1
# A mailbox with nothing after this many meetings is an incident, not a deletion.
SUSPICIOUS = 50
# With more commits than these behind its rows, a mailbox is written anew as one.
_PIECES = 12
_GUEST = 'STRUCT(person_id VARCHAR, "role" VARCHAR, response VARCHAR, hours DOUBLE)'
_LABELS = ", ".join(f'"{name}" {SQL_TYPES[LABELLED.by_name[name].kind]}' for name in LABEL)
_GIVEN = ", ".join(f'"{name}"' for name in MEETINGS.given)
_ROWS = f"{_GIVEN}, owner, own, guests, label"
# Types are put right before the digest is taken, so that it depends on nothing but the values.
_INCOMING = (
    "SELECT hash(*COLUMNS(*)) AS digest, * FROM (SELECT "
    + ", ".join(f'"{name}"::{SQL_TYPES[MEETINGS.by_name[name].kind]} AS "{name}"' for name in MEETINGS.given)
    + f", owner, own::{_GUEST} AS own, guests::{_GUEST}[] AS guests, label::STRUCT({_LABELS}) AS label FROM incoming)"
)
_MINE = "mailbox = {number} AND written IN ({pieces})"
_INSIDE = '"start" < $until AND ("end" > $since OR "start" >= $since)'
DDL = (
    "CREATE TABLE IF NOT EXISTS about (version INTEGER)",
    "CREATE TABLE IF NOT EXISTS copies (mailbox INTEGER, written BIGINT, digest UBIGINT, "
    + ", ".join(f'"{name}" {SQL_TYPES[MEETINGS.by_name[name].kind]}' for name in MEETINGS.given)
    + f", owner VARCHAR, own {_GUEST}, guests {_GUEST}[], label STRUCT({_LABELS}))",
    """CREATE TABLE IF NOT EXISTS copy_absences (
        mailbox INTEGER, person_id VARCHAR, "start" TIMESTAMP, "end" TIMESTAMP, kind VARCHAR, source VARCHAR)""",
    """CREATE TABLE IF NOT EXISTS seen_moves (
        mailbox INTEGER, meeting_id VARCHAR, seen_at TIMESTAMP, old_start TIMESTAMP, new_start TIMESTAMP)""",
    "CREATE TABLE IF NOT EXISTS gone (meeting_id VARCHAR, source VARCHAR)",
    'CREATE TABLE IF NOT EXISTS gone_absences (person_id VARCHAR, "start" TIMESTAMP, "end" TIMESTAMP, kind VARCHAR)',
)


@dataclass(frozen=True)
class Taken:
    """What one pull brought. `params` is what the token depends on besides the window (parameters, token version)."""

    batch: Batch = field(default_factory=Batch)
    owner: str | None = None
    labels: pd.DataFrame | None = None
    tombstones: Sequence[str] = ()
    token: str | None = None
    params: str = ""


@dataclass(frozen=True)
class Commit:
    """What one pull changed in its mailbox, in meetings; `suspicious` says that it was not believed."""

    inserted: int = 0
    updated: int = 0
    removed: int = 0
    moved: int = 0
    suspicious: bool = False

    def __bool__(self) -> bool:
        return bool(self.inserted or self.updated or self.removed)


class WholeNeeded(Exception):  # noqa: N818 - it is a request, not an error
    """Changes alone do not say enough here (they touch an absence): pull the whole window instead."""


@dataclass(frozen=True)
class _Difference:
    """Meeting ids of one mailbox by what is to happen to them."""

    inserted: list[str]
    updated: list[str]
    removed: list[str]
    moves: list[tuple[str, datetime, datetime]]

    @property
    def fresh(self) -> list[str]:
        return self.inserted + self.updated

    @property
    def stale(self) -> list[str]:
        return self.updated + self.removed


class Copies:
    """An open copies file; `syncs` is its queue."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        for statement in DDL:
            connection.execute(statement)
        self.syncs = Syncs(connection)
        self._written = self._value("SELECT coalesce(max(written), 0) FROM copies")

    def begin(self, source: str, mailboxes: Iterable[str], window: Span, at: datetime) -> Run:
        """Queue a pass over the mailboxes, or go on with the unfinished one of the same window."""
        with self.transaction():
            return self.syncs.begin(source, mailboxes, window, at)

    def replace(
        self, source: str, mailbox: str, taken: Taken, window: Span, at: datetime, *, force: bool = False
    ) -> Commit:
        """Make a complete pull the mailbox's whole content within the window; rows outside stay.

        Nothing where there were many meetings is kept and reported, unless forced.
        """
        with self.transaction():
            sync = self.syncs.get(source, mailbox)
            have, new = self._have(sync, window), self._stage(taken)
            inside = {key for key, row in have.items() if row[3]}
            if not new and len(inside) >= SUSPICIOUS and not force:
                self._keep(sync, len(inside))
                return Commit(suspicious=True)
            difference = _difference(have, new, inside - new.keys())
            pieces = self._write(sync, difference, at)
            self._replace_absences(sync, taken.batch.absences, window)
            self._save(sync, taken, window, at, pieces, last_full=at)
        return _commit(difference)

    def amend(self, source: str, mailbox: str, taken: Taken, window: Span, at: datetime) -> Commit:
        """Lay changes over what the mailbox has; unknown tombstones are ignored, what left the window goes.

        Raises `WholeNeeded`, changing nothing, where an absence changed: its rows do not name their meeting.
        """
        with self.transaction():
            sync = self.syncs.get(source, mailbox)
            have, staged = self._have(sync, window), self._stage(taken, window)
            new = {key: row for key, row in staged.items() if row[3]}
            left = (set(taken.tombstones) | (staged.keys() - new.keys())) & have.keys() - new.keys()
            difference = _difference(have, new, left)
            touched = [new[key][2] for key in difference.fresh] + [have[key][2] for key in difference.stale]
            if "absence" in touched:
                raise WholeNeeded
            pieces = self._write(sync, difference, at)
            self._save(sync, taken, window, at, pieces)
        return _commit(difference)

    def settle(self, size: int = 250_000) -> Settled:
        """What all mailboxes together say, in slices of about `size` copies; to be read while the file is open."""
        # Commits are too small to share among threads, this is not.
        self._connection.execute("RESET threads")
        return Settled(self._connection.cursor(), size, self.syncs.coverage())

    def clear_gone(self) -> None:
        """Forget what is gone, once the store knows it too."""
        with self.transaction():
            for table in ("gone", "gone_absences"):
                if self._value(f"SELECT count(*) FROM {table}"):
                    self._connection.execute(f"DELETE FROM {table}")

    def coverage(self, source: str | None = None) -> dict[str, int]:
        """How many mailboxes stand how."""
        return self.syncs.coverage(source)

    def forget(self, source: str) -> int:
        """Take out all mailboxes of a source and say how many; after the next settling the store has lost them too."""
        numbers = "SELECT number FROM syncs WHERE source = $source"
        values = {"source": source}
        with self.transaction():
            for statement in (
                f"INSERT INTO gone SELECT DISTINCT meeting_id, source FROM copies WHERE mailbox IN ({numbers})",
                f"""INSERT INTO gone_absences SELECT DISTINCT person_id, "start", "end", kind FROM copy_absences
                    WHERE mailbox IN ({numbers})""",
                f"DELETE FROM copies WHERE mailbox IN ({numbers})",
                f"DELETE FROM copy_absences WHERE mailbox IN ({numbers})",
                f"DELETE FROM seen_moves WHERE mailbox IN ({numbers})",
                "DELETE FROM runs WHERE source = $source",
            ):
                self._connection.execute(statement, values)
            return len(self._rows("DELETE FROM syncs WHERE source = $source RETURNING 1", values))

    def erase(self, subject: Subject, *, wholly: bool) -> Erased:
        """Take a person's mailboxes out, and the person out of the guest lists in all others."""
        with self.transaction():
            return erase_copies(self._connection, subject, wholly=wholly)

    def delete_text(self, before: date, keep_of: str = "") -> int:
        """Drop titles and bodies of meetings before a day, but for the copies of one owner."""
        with self.transaction():
            return len(
                self._rows(
                    'UPDATE copies SET title = NULL, body = NULL WHERE "start" < $before AND owner IS DISTINCT FROM '
                    "$keep AND (title IS NOT NULL OR body IS NOT NULL) RETURNING 1",
                    {"before": before, "keep": keep_of},
                )
            )

    def delete_between(self, since: date, until: date) -> int:
        """Drop all copies of meetings that began in a span of days."""
        with self.transaction():
            values = {"since": since, "until": until}
            self._rows('DELETE FROM copy_absences WHERE "start" >= $since AND "start" < $until RETURNING 1', values)
            return len(
                self._rows('DELETE FROM copies WHERE "start" >= $since AND "start" < $until RETURNING 1', values)
            )

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing."""
        self._connection.execute("BEGIN")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def _have(self, sync: Sync, window: Span) -> dict[str, tuple[datetime, int, str, bool]]:
        """The mailbox's copies by meeting: start, digest, kind, and whether they lie in the window."""
        if not sync.pieces:
            return {}
        rows = self._rows(
            f'SELECT meeting_id, "start", digest, kind, {_INSIDE} FROM copies WHERE {_mine(sync)}', _edges(window)
        )
        return {row[0]: row[1:] for row in rows}

    def _stage(self, taken: Taken, window: Span | None = None) -> dict[str, tuple[datetime, int, str, bool]]:
        """Lay what came ready as `incoming`; the same summary as of what is there."""
        if taken.batch.meetings.empty:
            return {}
        self._connection.register("incoming", nested(taken.batch, taken.owner, taken.labels))
        inside = _INSIDE if window else "true"
        rows = self._rows(
            f'SELECT meeting_id, "start", digest, kind, {inside} FROM ({_INCOMING})', _edges(window) if window else {}
        )
        return {row[0]: row[1:] for row in rows}

    def _write(self, sync: Sync, difference: _Difference, at: datetime) -> tuple[int, ...]:
        """Rows out, rows in, moves noted; returns the numbers of the commits behind the mailbox's rows."""
        execute = self._connection.execute
        pieces = sync.pieces
        if difference.stale:
            execute(f"DELETE FROM copies WHERE {_mine(sync)} AND meeting_id IN (SELECT unnest(?))", [difference.stale])
        if difference.fresh:
            self._written += 1
            execute(
                f"INSERT INTO copies (mailbox, written, digest, {_ROWS}) "
                f"SELECT {sync.number}, {self._written}, digest, {_ROWS} FROM ({_INCOMING}) "
                "WHERE meeting_id IN (SELECT unnest(?))",
                [difference.fresh],
            )
            pieces = (*pieces, self._written)
        if difference.removed:
            execute("INSERT INTO gone SELECT unnest(?), ?", [difference.removed, sync.source])
        if difference.moves:
            ids, old, new = map(list, zip(*difference.moves, strict=True))
            execute(
                "INSERT INTO seen_moves SELECT ?, unnest(?), ?, unnest(?), unnest(?)", [sync.number, ids, at, old, new]
            )
        return self._as_one(sync, pieces) if len(pieces) > _PIECES else pieces

    def _as_one(self, sync: Sync, pieces: tuple[int, ...]) -> tuple[int, ...]:
        mine = _MINE.format(number=sync.number, pieces=", ".join(map(str, pieces)))
        self._written += 1
        self._connection.execute(f"CREATE OR REPLACE TEMP TABLE whole AS FROM copies WHERE {mine}")
        self._connection.execute(f"DELETE FROM copies WHERE {mine}")
        self._connection.execute(f"INSERT INTO copies SELECT * REPLACE ({self._written} AS written) FROM whole")
        return (self._written,)

    def _replace_absences(self, sync: Sync, frame: pd.DataFrame, window: Span) -> None:
        columns = ", ".join(f'"{name}"' for name in ABSENCES.given)
        values = _edges(window)
        mine = f"mailbox = {sync.number} AND {_INSIDE}"
        have = set(self._rows(f"SELECT {columns} FROM copy_absences WHERE {mine}", values))
        new = {tuple(row) for row in _records(plain(ABSENCES, frame))}
        if have == new:
            return
        self._connection.execute(f"DELETE FROM copy_absences WHERE {mine}", values)
        for row in sorted(new, key=str):
            self._connection.execute(f"INSERT INTO copy_absences VALUES ({sync.number}, ?, ?, ?, ?, ?)", list(row))
        for row in have - new:
            self._connection.execute("INSERT INTO gone_absences VALUES (?, ?, ?, ?)", list(row[:4]))

    def _save(
        self, sync: Sync, taken: Taken, window: Span, at: datetime, pieces: tuple[int, ...], **more: object
    ) -> None:
        """Token and state, behind the data and in the same transaction."""
        # Written only where they changed: a list would cost more than the whole rest of the row.
        if pieces != sync.pieces:
            more["pieces"] = list(pieces)
        self.syncs.set(
            sync.number,
            owner=taken.owner,
            state="ok",
            attempts=0,
            next_at=None,
            token=taken.token,
            params=taken.params,
            window_start=window.start,
            window_end=window.end,
            last_ok=at,
            last_error=None,
            suspicious=False,
            **more,
        )

    def _keep(self, sync: Sync, meetings: int) -> None:
        error = f"it had nothing where it had {meetings} meetings before; they were kept"
        self.syncs.set(sync.number, state="failed", suspicious=True, token=None, next_at=None, last_error=error)

    def _rows(self, query: str, values: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
        return self._connection.execute(query, values or {}).fetchall()

    def _value(self, query: str) -> int:
        return int(self._rows(query)[0][0])


def copies_path(store: Path | str) -> Path:
    """Where the copies of a store lie."""
    path = Path(store)
    return path.with_name(path.name + ".copies")


@contextmanager
def open_copies(store: Path | str, wait: float = 10.0) -> Iterator[Copies]:
    """The copies file of a store, made if there is none; a second puller waits `wait` seconds, then is told so."""
    path = copies_path(store)
    busy = Unreachable(f"another meetload is pulling into {path}; try again when it has finished")
    with locked(path, wait, busy), closing(_connect(path)) as connection:
        yield Copies(connection)


def _connect(path: Path) -> duckdb.DuckDBPyConnection:
    try:
        connection = duckdb.connect(str(path), config={**OFFLINE, "checkpoint_threshold": "64MB", "threads": 1})
        connection.execute(DDL[0])
        found = connection.execute("SELECT version FROM about").fetchall()
    except duckdb.Error as error:
        raise BadInput(f"{path} is not a file of copies ({first_line(error)})") from error
    if not found:
        connection.execute("INSERT INTO about VALUES (?)", [VERSION])
    elif found[0][0] != VERSION:
        connection.close()
        raise BadInput(f"{path} was written by another meetload (version {found[0][0]}, this one knows {VERSION})")
    return connection


def _mine(sync: Sync) -> str:
    return _MINE.format(number=sync.number, pieces=", ".join(map(str, sync.pieces)) or "NULL")


def _edges(window: Span) -> dict[str, Any]:
    return {"since": window.start, "until": window.end}


def _records(frame: pd.DataFrame) -> list[tuple[Any, ...]]:
    plain = [each.dt.to_pydatetime() if each.dtype.kind == "M" else each for _, each in frame.items()]
    return list(zip(*plain, strict=True)) if len(frame) else []


def _difference(
    have: dict[str, tuple[datetime, int, str, bool]],
    new: dict[str, tuple[datetime, int, str, bool]],
    removed: set[str],
) -> _Difference:
    both = have.keys() & new.keys()
    return _Difference(
        inserted=sorted(new.keys() - both),
        updated=sorted(key for key in both if have[key][1] != new[key][1]),
        removed=sorted(removed),
        moves=sorted((key, have[key][0], new[key][0]) for key in both if have[key][0] != new[key][0]),
    )


def _commit(difference: _Difference) -> Commit:
    return Commit(len(difference.inserted), len(difference.updated), len(difference.removed), len(difference.moves))
