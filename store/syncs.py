"""The queue beside a store: one row a mailbox with how it stands, so that any run can stop anywhere and go on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any, Protocol

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    import duckdb

READ = ("ok", "waiting")
STATES = ("waiting", "ok", "no_mailbox", "no_calendar", "denied", "gone", "throttled", "failed")
DDL = (
    """CREATE TABLE IF NOT EXISTS syncs (
        number INTEGER, run INTEGER, source VARCHAR, mailbox VARCHAR, owner VARCHAR, state VARCHAR, attempts INTEGER,
        next_at TIMESTAMP, token VARCHAR, params VARCHAR, window_start TIMESTAMP, window_end TIMESTAMP,
        last_full TIMESTAMP, last_ok TIMESTAMP, last_error VARCHAR, suspicious BOOLEAN, pieces BIGINT[])""",
    """CREATE TABLE IF NOT EXISTS runs (
        run INTEGER, source VARCHAR, window_start TIMESTAMP, window_end TIMESTAMP,
        started TIMESTAMP, finished TIMESTAMP, stopped VARCHAR)""",
)
_CHUNK = 10_000
_FIELDS = (
    "number, source, mailbox, state, attempts, next_at, token, params, window_start, window_end, "
    "last_full, last_ok, coalesce(pieces, [])"
)


class Span(Protocol):
    """A half-open span of time in naive UTC, such as a `Window`."""

    @property
    def start(self) -> datetime:
        """The first moment in it."""

    @property
    def end(self) -> datetime:
        """The first moment after it."""


@dataclass(frozen=True)
class Sync:
    """How one mailbox stands. `pieces` are the numbers of the commits that wrote the rows it has now."""

    number: int
    source: str
    mailbox: str
    state: str = "waiting"
    attempts: int = 0
    next_at: datetime | None = None
    token: str | None = None
    params: str | None = None
    window_start: datetime | None = None
    window_end: datetime | None = None
    last_full: datetime | None = None
    last_ok: datetime | None = None
    pieces: tuple[int, ...] = ()


@dataclass(frozen=True)
class Run:
    """One pass over all mailboxes of a source, however often it was interrupted; `done` of `total` have an outcome."""

    number: int
    source: str
    total: int
    done: int
    resumed: bool


class Syncs:
    """The queue. Every change is one statement or one transaction; claims follow a random order fixed by the seed."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        for statement in DDL:
            connection.execute(statement)

    def begin(self, source: str, mailboxes: Iterable[str], window: Span, at: datetime) -> Run:
        """Start a pass over the mailboxes, or go on with the unfinished one of the same window.

        Going on keeps every outcome; only where the pass was stopped for too many refusals are those asked again.
        """
        resumed = self._unfinished(source, window)
        run = resumed[0] if resumed else self._count("SELECT coalesce(max(run), 0) + 1 FROM runs")
        connection = self._connection
        connection.execute("CREATE OR REPLACE TEMP TABLE wanted (mailbox VARCHAR)")
        for chunk in _chunks(mailboxes):
            connection.register("chunk", pd.DataFrame({"mailbox": pd.Series(chunk, dtype="str")}))
            connection.execute("INSERT INTO wanted FROM chunk")
            connection.unregister("chunk")
        if resumed is None:
            connection.execute("DELETE FROM runs WHERE source = ?", [source])
            row = [run, source, window.start, window.end, at]
            connection.execute("INSERT INTO runs VALUES (?, ?, ?, ?, ?, NULL, NULL)", row)
        anew = "state = 'denied'" if resumed and resumed[1] == "denied" else f"run IS DISTINCT FROM {run}"
        connection.execute(
            f"UPDATE syncs SET run = {run}, state = 'waiting', attempts = 0, next_at = NULL "
            f"WHERE source = ? AND (({anew}) OR run IS DISTINCT FROM {run}) AND mailbox IN (FROM wanted)",
            [source],
        )
        connection.execute(
            "INSERT INTO syncs (number, run, source, mailbox, state, attempts, suspicious, pieces) "
            "SELECT (SELECT coalesce(max(number), 0) FROM syncs) + row_number() OVER (ORDER BY mailbox), "
            f"{run}, $source, mailbox, 'waiting', 0, false, [] FROM (SELECT DISTINCT mailbox FROM wanted) "
            "WHERE mailbox NOT IN (SELECT mailbox FROM syncs WHERE source = $source)",
            {"source": source},
        )
        connection.execute("UPDATE runs SET stopped = NULL WHERE run = ?", [run])
        total = self._count("SELECT count(*) FROM syncs WHERE run = ?", run)
        waiting = self._count("SELECT count(*) FROM syncs WHERE run = ? AND state = 'waiting'", run)
        return Run(run, source, total, total - waiting, resumed is not None)

    def _unfinished(self, source: str, window: Span) -> tuple[int, str | None] | None:
        found = self._connection.execute(
            "SELECT run, stopped FROM runs "
            "WHERE source = ? AND window_start = ? AND window_end = ? AND finished IS NULL",
            [source, window.start, window.end],
        ).fetchall()
        return (int(found[0][0]), found[0][1]) if found else None

    def unfinished(self, source: str) -> tuple[datetime, datetime] | None:
        """The window of a pass that was never finished: asking for the same one goes on with it."""
        found = self._connection.execute(
            "SELECT window_start, window_end FROM runs WHERE source = ? AND finished IS NULL", [source]
        ).fetchall()
        return (found[0][0], found[0][1]) if found else None

    def end(self, run: Run, at: datetime, stopped: str | None) -> None:
        """A pass ends: finished when nobody waits any more, else to be gone on with."""
        waiting = self._count("SELECT count(*) FROM syncs WHERE run = ? AND state = 'waiting'", run.number)
        finished = at if waiting == 0 and stopped != "denied" else None
        self._connection.execute(
            "UPDATE runs SET finished = ?, stopped = ? WHERE run = ?", [finished, stopped, run.number]
        )

    def waiting(self, run: Run, seed: int, size: int = 256) -> Iterator[Sync]:
        """Those that wait, in random order; read a few at a time, so that memory does not grow with the queue."""
        place, last = "hash(mailbox || ?)", -1
        while True:
            rows = self._connection.execute(
                f"SELECT {place} AS place, {_FIELDS} FROM syncs WHERE run = ? AND state = 'waiting' "
                f"AND {place} > ? ORDER BY place LIMIT ?",
                [f" {seed}", run.number, f" {seed}", last, size],
            ).fetchall()
            if not rows:
                return
            last = int(rows[-1][0])
            yield from (_sync(row[1:]) for row in rows)

    def get(self, source: str, mailbox: str) -> Sync:
        """How a mailbox stands; a new one is entered."""
        found = self._connection.execute(
            f"SELECT {_FIELDS} FROM syncs WHERE mailbox = ? AND source = ?", [mailbox, source]
        ).fetchall()
        if found:
            return _sync(found[0])
        number = self._count("SELECT coalesce(max(number), 0) + 1 FROM syncs")
        self._connection.execute(
            "INSERT INTO syncs (number, source, mailbox, state, attempts, suspicious, pieces) "
            "VALUES (?, ?, ?, 'waiting', 0, false, [])",
            [number, source, mailbox],
        )
        return Sync(number, source, mailbox)

    def set(self, number: int, **values: Any) -> None:
        """Write some of a mailbox's fields."""
        names = ", ".join(f"{name} = ?" for name in values)
        self._connection.execute(f"UPDATE syncs SET {names} WHERE number = ?", [*values.values(), number])

    def postpone(self, sync: Sync, attempts: int, next_at: datetime, error: str) -> Sync:
        """A mailbox waits until `next_at`."""
        self.set(sync.number, attempts=attempts, next_at=next_at, last_error=error)
        return replace(sync, attempts=attempts, next_at=next_at)

    def fail(self, source: str, mailbox: str, state: str, error: str) -> None:
        """A mailbox has its outcome for this pass, and it is not `ok`; what was pulled before stays."""
        self.set(self.get(source, mailbox).number, state=state, last_error=error, next_at=None)

    def coverage(self, source: str | None = None) -> dict[str, int]:
        """How many mailboxes stand how; every state is named."""
        rows = self._connection.execute(
            "SELECT state, count(*) FROM syncs WHERE source = ? OR ? IS NULL GROUP BY state", [source, source]
        ).fetchall()
        return dict.fromkeys(STATES, 0) | dict(rows)

    def refusal(self, source: str, mailboxes: Iterable[str]) -> str | None:
        """Why none of these mailboxes could be read, as the first of them has it; None where any was."""
        rows = self._connection.execute(
            "SELECT state, suspicious, last_error FROM syncs WHERE source = ? AND list_contains(?, mailbox) "
            "ORDER BY number",
            [source, list(mailboxes)],
        ).fetchall()
        failed = bool(rows) and not any(suspicious or state in READ for state, suspicious, _ in rows)
        return str(rows[0][2]) if failed else None

    def suspicious(self, source: str | None = None) -> list[str]:
        """Mailboxes that suddenly had nothing and whose meetings were kept."""
        rows = self._connection.execute(
            "SELECT mailbox FROM syncs WHERE suspicious AND (source = ? OR ? IS NULL) ORDER BY mailbox",
            [source, source],
        ).fetchall()
        return [str(row[0]) for row in rows]

    def _count(self, query: str, *values: object) -> int:
        return int(self._connection.execute(query, list(values)).fetchall()[0][0])


def _sync(row: tuple[Any, ...]) -> Sync:
    return replace(Sync(*row), pieces=tuple(row[-1]))


def _chunks(mailboxes: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(mailboxes)
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk
