"""Any Spark that somebody runs, over Spark Connect: reads a folder of Parquet where the server can see it."""

from __future__ import annotations

import re
import shutil
import socket
import warnings
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import narwhals as nw

from store.errors import BadInput, Unreachable, first_line
from store.parquet import whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from store.schema import Column, Kind, Table
    from store.tables import Lazy

ADDRESS = re.compile(r"sc://(?P<host>\[[^\]]+\]|[^:/;\s]+)(?::(?P<port>\d+))?(?:/.*)?")
USUAL_PORT = 15002
PATIENCE = 10.0

SPARK_TYPES: dict[Kind, str] = {
    "text": "string",
    "time": "timestamp_ntz",
    "number": "double",
    "integer": "int",
    "flag": "boolean",
    "date": "date",
}


def connect(remote: str, scratch: str | None = None) -> SparkEngine:
    """A session on the Spark Connect server at `sc://HOST:PORT`; see `SparkEngine` for `scratch`."""
    _answering(remote)
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415 - nobody else needs it installed
    except ImportError as error:
        raise BadInput(
            "--engine spark needs the package pyspark-client, which meetload does not bring: "
            "pip install pyspark-client (of the same major version as the server)"
        ) from error
    with warnings.catch_warnings():
        # Frames come back through Arrow, not through the parts of PySpark that this is about.
        warnings.filterwarnings("ignore", message="PySpark does not yet fully support pandas")
        session = SparkSession.builder.remote(remote).create()
    session.conf.set("spark.sql.session.timeZone", "UTC")
    return SparkEngine(session, scratch)


def _answering(remote: str) -> None:
    """Look at the door first: the client itself would try again for ten minutes."""
    found = ADDRESS.fullmatch(remote)
    if found is None:
        raise BadInput(f"{remote!r} is no address of a Spark Connect server; write it like sc://HOST:{USUAL_PORT}")
    host, port = found["host"].strip("[]"), int(found["port"] or USUAL_PORT)
    try:
        socket.create_connection((host, port), timeout=PATIENCE).close()
    except OSError as error:
        raise Unreachable(f"no Spark Connect server answers at {host}:{port} ({error})") from error


class SparkEngine:
    """One session; `close` it, else the program does not end.

    Derived tables that several questions read are kept in the cluster's memory, or, where `scratch` names a folder that
    the server may write, as Parquet in a folder of this session's own there. Not every server has such a memory.
    """

    def __init__(self, session: Any, scratch: str | None = None) -> None:
        self._session = session
        self._scratch = f"{whole(scratch)}/meetload-{uuid4().hex}" if scratch else None

    def columns(self, path: str) -> dict[str, str] | None:
        """The columns of a table as the server sees them; None where it sees none."""
        from pyspark.errors import AnalysisException, PySparkException  # noqa: PLC0415 - as above

        try:
            schema = self._session.read.parquet(path).schema
        except AnalysisException as error:
            if _not_there(str(error)):
                return None
            raise BadInput(f"the Spark server cannot read {path} ({first_line(error)})") from error
        except PySparkException as error:
            raise BadInput(f"the Spark server cannot read {path} ({first_line(error)})") from error
        return {field.name: field.dataType.simpleString() for field in schema.fields}

    def read(self, path: str, table: Table, present: Mapping[str, str]) -> Lazy:
        """The table, read when asked."""
        columns = [
            f"CAST(`{column.name}` AS {kind}) AS `{column.name}`"
            if column.name in present
            else f"CAST(NULL AS {kind}) AS `{column.name}`"
            for column, kind in _typed(table)
        ]
        return _lazy(self._session.read.parquet(path).selectExpr(*columns))

    def empty(self, table: Table) -> Lazy:
        """A table without rows."""
        columns = ", ".join(f"CAST(NULL AS {kind}) AS `{column.name}`" for column, kind in _typed(table))
        return _lazy(self._session.sql(f"SELECT {columns} WHERE false"))

    def keep(self, name: str, frame: Lazy) -> Lazy:
        """The frame, written to the scratch folder or marked as worth the cluster's memory."""
        if self._scratch is None:
            return _lazy(frame.to_native().persist())
        path = f"{self._scratch}/{name}.parquet"
        frame.to_native().write.parquet(path)
        return _lazy(self._session.read.parquet(path))

    def close(self) -> None:
        """End the session, and clear the scratch folder where it lies on this machine."""
        self._session.stop()
        if self._scratch:
            shutil.rmtree(self._scratch, ignore_errors=True)


def _typed(table: Table) -> Iterator[tuple[Column, str]]:
    return ((column, SPARK_TYPES[column.kind]) for column in table.columns)


def _lazy(frame: Any) -> Lazy:
    lazy: Lazy = nw.from_native(frame)
    return lazy


def _not_there(said: str) -> bool:
    return "PATH_NOT_FOUND" in said or "no such file" in said.lower() or "not found" in said.lower()
