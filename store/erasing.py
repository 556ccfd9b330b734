"""Taking one person out of a database file: out of the store's tables, or out of the copies of mailboxes.

What belongs to others stays: a meeting keeps its head count and loses the guest, a report loses its manager's id.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from store.subjects import Subject

FORGOTTEN = "forgotten"
NAMELESS = "…"
# Chains of digests: they name nobody, and a changed row would break them.
CHAINED = ("journal", "registry")


@dataclass(frozen=True)
class Erased:
    """How many rows lost a person: own attendance, meetings nobody else was in, absences, and places in text."""

    attendance: int = 0
    meetings: int = 0
    absences: int = 0
    texts: int = 0

    def __add__(self, other: Erased) -> Erased:
        return Erased(
            self.attendance + other.attendance,
            self.meetings + other.meetings,
            self.absences + other.absences,
            self.texts + other.texts,
        )


def erase_events(connection: DuckDBPyConnection, person_id: str) -> Erased:
    """Delete what a person did: attendance, meetings of that person alone, absences; others' meetings stay."""
    mine = _one_column(connection, "SELECT meeting_id FROM attendance WHERE person_id = ?", person_id)
    attendance = _changed(connection, "DELETE FROM attendance WHERE person_id = ? RETURNING 1", person_id)
    _changed(connection, "UPDATE meetings SET organizer_id = NULL WHERE organizer_id = ? RETURNING 1", person_id)
    alone = _one_column(
        connection, "SELECT unnest(?) AS meeting_id EXCEPT SELECT meeting_id FROM attendance", mine or [""]
    )
    for table in ("meetings", "labels", "moves", "corrections"):
        _changed(connection, f'DELETE FROM "{table}" WHERE list_contains(?, meeting_id) RETURNING 1', alone)
    absences = _changed(connection, "DELETE FROM absences WHERE person_id = ? RETURNING 1", person_id)
    _changed(connection, "DELETE FROM absence_days WHERE person_id = ? RETURNING 1", person_id)
    return Erased(attendance, len([each for each in alone if each]), absences)


def erase_person(connection: DuckDBPyConnection, subject: Subject) -> Erased:
    """Delete a person from every table of a store, and their name and addresses from every text in it."""
    erased = erase_events(connection, subject.person_id)
    words = list(subject.words)
    for statement in (
        "DELETE FROM people WHERE list_contains(?, person_id) RETURNING 1",
        "UPDATE people SET manager_id = NULL WHERE list_contains(?, manager_id) RETURNING 1",
        "DELETE FROM aliases WHERE list_contains(?, person_id) RETURNING 1",
        "DELETE FROM syncs WHERE list_contains(?, mailbox) RETURNING 1",
        f'UPDATE corrections SET "by" = \'{FORGOTTEN}\' WHERE list_contains(?, "by") RETURNING 1',
        f'UPDATE topic_edits SET "by" = \'{FORGOTTEN}\' WHERE list_contains(?, "by") RETURNING 1',
        f"UPDATE agreements SET owner = '{FORGOTTEN}' WHERE list_contains(?, owner) RETURNING 1",
        "DELETE FROM settings WHERE list_contains(?, value) RETURNING 1",
    ):
        _changed(connection, statement, words)
    return erased + Erased(texts=_scrub_all(connection, subject))


def erase_copies(connection: DuckDBPyConnection, subject: Subject, *, wholly: bool) -> Erased:
    """Delete a person's mailboxes from a copies file, and the person from the guest lists of others' copies.

    `wholly` takes the mailboxes out of the queue as well, and the name out of others' titles.
    """
    words, person = list(subject.words), subject.person_id
    numbers = _one_column(
        connection,
        "SELECT number FROM syncs WHERE list_contains($w, mailbox) OR list_contains($w, owner)",
        {"w": words},
    )
    own = _changed(connection, "DELETE FROM copies WHERE list_contains(?, mailbox) RETURNING 1", numbers or [-1])
    for table in ("copy_absences", "seen_moves"):
        _changed(connection, f"DELETE FROM {table} WHERE list_contains(?, mailbox) RETURNING 1", numbers or [-1])
    for table in ("copy_absences", "gone_absences"):
        _changed(connection, f"DELETE FROM {table} WHERE person_id = ? RETURNING 1", person)
    guests = _changed(
        connection,
        "UPDATE copies SET guests = list_filter(guests, lambda guest: guest.person_id <> $p) "
        "WHERE list_contains(list_transform(guests, lambda guest: guest.person_id), $p) RETURNING 1",
        {"p": person},
    )
    _changed(connection, "UPDATE copies SET organizer_id = NULL WHERE organizer_id = ? RETURNING 1", person)
    if not wholly:
        # The next pull reads the mailbox whole, should the person come back.
        _changed(
            connection,
            "UPDATE syncs SET token = NULL, pieces = [] WHERE list_contains(?, number) RETURNING 1",
            numbers or [-1],
        )
        return Erased(guests, own)
    _changed(connection, "DELETE FROM syncs WHERE list_contains(?, number) RETURNING 1", numbers or [-1])
    return Erased(guests, own, texts=_scrub_all(connection, subject))


def _scrub_all(connection: DuckDBPyConnection, subject: Subject) -> int:
    """Every text of a database but its chains."""
    return sum(
        _scrub(connection, table, column, subject)
        for table, columns in _columns(connection, "data_type = 'VARCHAR'").items()
        if table not in CHAINED
        for column in _naming(connection, table, columns, subject)
    )


def _scrub(connection: DuckDBPyConnection, table: str, column: str, subject: Subject) -> int:
    """Put a sign wherever a text names the person; how many rows did."""
    values = {"pattern": subject.sql_pattern, "fresh": rf"\1{NAMELESS}\3"}
    replaced = f"regexp_replace(\"{column}\", $pattern, $fresh, 'gi')"
    statement = (
        f'UPDATE "{table}" SET "{column}" = {replaced} WHERE regexp_matches("{column}", $pattern, \'i\') RETURNING 1'
    )
    # Two names with one space between them need a second look: a match takes its neighbours with it.
    found = 0
    while again := _changed(connection, statement, values):
        found += again
    return found


def _changed(connection: DuckDBPyConnection, statement: str, value: object) -> int:
    return len(connection.execute(statement, value if isinstance(value, dict) else [value]).fetchall())


def _one_column(connection: DuckDBPyConnection, statement: str, value: object) -> list[object]:
    rows = connection.execute(statement, value if isinstance(value, dict) else [value]).fetchall()
    return [row[0] for row in rows]


def find_in(connection: DuckDBPyConnection, subject: Subject) -> tuple[int, list[str]]:
    """How many columns of a database were searched, and in which of them (table.column) the person still stands."""
    columns = _columns(connection, "true")
    left = [
        f"{table}.{each}" for table, names in columns.items() for each in _naming(connection, table, names, subject)
    ]
    return sum(map(len, columns.values())), left


def _columns(connection: DuckDBPyConnection, which: str) -> dict[str, list[str]]:
    rows = connection.execute(
        f"SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal AND {which} ORDER BY ALL"
    ).fetchall()
    found: dict[str, list[str]] = {}
    for table, column in rows:
        found.setdefault(table, []).append(column)
    return found


def _naming(connection: DuckDBPyConnection, table: str, columns: list[str], subject: Subject) -> list[str]:
    """The columns of a table in which the person stands; one pass over the table."""
    asked = ", ".join(f"bool_or(regexp_matches(CAST(\"{name}\" AS VARCHAR), $pattern, 'i'))" for name in columns)
    row = connection.execute(f'SELECT {asked} FROM "{table}"', {"pattern": subject.sql_pattern}).fetchall()[0]
    return [name for name, found in zip(columns, row, strict=True) if found]
