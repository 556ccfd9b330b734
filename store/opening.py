"""How a DuckDB file is opened: never with the network, and said to be no store where it is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from store.errors import BadInput, first_line

if TYPE_CHECKING:
    from pathlib import Path

# DuckDB would otherwise fetch extensions from the network by itself.
OFFLINE: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}


def in_memory() -> duckdb.DuckDBPyConnection:
    """A DuckDB of one's own with no file, to attach files to."""
    return duckdb.connect(config=OFFLINE)


def attach(connection: duckdb.DuckDBPyConnection, file: Path, name: str, *, read_only: bool = True) -> None:
    """Attach a file under a name."""
    connection.execute(f"ATTACH '{quoted(file)}' AS {name}{' (READ_ONLY)' if read_only else ''}")


def no_store(path: Path, error: duckdb.Error) -> BadInput:
    """What is said of a file that DuckDB cannot open."""
    return BadInput(f"{path} is not a meetload store ({first_line(error)})")


def quoted(path: Path | str) -> str:
    """A path as it stands between the quotes of an SQL text."""
    return str(path).replace("'", "''")
