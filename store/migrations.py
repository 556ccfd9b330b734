"""Old stores move forward, one version at a time; nothing moves back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.errors import BadInput
from store.schema import JOURNAL, TABLES, VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from duckdb import DuckDBPyConnection

# version reached -> statements that bring the version before it there; new tables appear by themselves
MIGRATIONS: Mapping[int, tuple[str, ...]] = {
    2: (
        "ALTER TABLE corrections ADD COLUMN model_label VARCHAR",
        "ALTER TABLE corrections ADD COLUMN model_probability DOUBLE",
        "ALTER TABLE corrections ADD COLUMN model_version VARCHAR",
    ),
    4: (
        JOURNAL.ddl,
        "ALTER TABLE journal ADD COLUMN IF NOT EXISTS previous VARCHAR",
        """UPDATE journal SET previous = coalesce(before, '') FROM (
            SELECT digest AS own, lag(digest) OVER (ORDER BY "at") AS before FROM journal) WHERE own = digest""",
    ),
}


def version_of(connection: DuckDBPyConnection, catalog: str) -> int:
    """The schema version written in a store; 0 for a file without one."""
    found = connection.execute(
        "SELECT count(*) FROM duckdb_tables() WHERE database_name = ? AND table_name = 'settings'", [catalog]
    ).fetchall()
    if not found[0][0]:
        return 0
    rows = connection.execute(f"SELECT value FROM \"{catalog}\".settings WHERE name = 'schema_version'").fetchall()
    return int(rows[0][0]) if rows else 0


def refuse_newer(path: object, version: int, ours: int = VERSION) -> None:
    """Raise where a store was written by a later meetload than this one."""
    if version > ours:
        raise BadInput(
            f"{path} was written by a newer meetload (schema {version}, this one knows {ours}); "
            "upgrade meetload to open it"
        )


def migrate(
    connection: DuckDBPyConnection,
    version: int,
    migrations: Mapping[int, tuple[str, ...]] = MIGRATIONS,
    target: int = VERSION,
) -> bool:
    """Bring a store's tables to the target version in one transaction; says whether anything was to be done."""
    if version == target:
        return False
    connection.execute("BEGIN")
    for step in range(version + 1, target + 1):
        if version:
            for statement in migrations.get(step, ()):
                connection.execute(statement)
    for table in TABLES.values():
        connection.execute(table.ddl)
    connection.execute("DELETE FROM settings WHERE name = 'schema_version'")
    connection.execute("INSERT INTO settings VALUES ('schema_version', ?)", [str(target)])
    connection.execute("COMMIT")
    return True
