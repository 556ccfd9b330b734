"""Where a measure finds its tables: the store, or a folder of Parquet on DuckDB or on a Spark server."""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from meetload.options import existing
from privacy.overview import whole_weeks
from store import clock
from store.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from analysis.period import Period
    from store.held import Holder
    from store.parquet import DuckEngine
    from store.spark import SparkEngine

ENGINES = ("duckdb", "spark")


@dataclass(frozen=True)
class Where:
    """What the command line said: a store file, or a folder of Parquet and an engine to read it with."""

    store: Path | None = None
    engine: str | None = None
    remote: str | None = None
    data: str | None = None
    scratch: str | None = None
    memory: str | None = None

    @property
    def elsewhere(self) -> bool:
        """Whether anything but a store is asked for."""
        return any((self.engine, self.remote, self.data, self.scratch, self.memory))


@contextmanager
def opened(where: Where) -> Iterator[Holder]:
    """The tables, until the end of the `with` block."""
    if not where.elsewhere:
        from store.database import Store  # noqa: PLC0415 - a command pays only for its own imports

        yield Store(existing(where.store))
        return
    from store.parquet import Folder  # noqa: PLC0415 - as above

    data = _demand(where)
    with closing(_engine(where)) as engine:
        yield Folder(data, engine)


def default_period(tables: Holder) -> Period:
    """The whole weeks that have meetings, up to today."""
    period = whole_weeks(tables.tables(), clock.now().date())
    if period is None:
        raise BadInput("there are no past meetings to measure in this folder")
    return period


def _demand(where: Where) -> str:
    if where.store:
        raise BadInput("give either --store or --data with an engine, not both")
    if where.engine and where.engine not in ENGINES:
        raise BadInput(f"there is no engine {where.engine!r}; there are {', '.join(ENGINES)}")
    if where.data is None:
        raise BadInput("an engine reads a folder of Parquet: give --data DIR (`meetload export DIR --format tables`)")
    if where.engine == "spark" and where.memory:
        raise BadInput("--memory is for DuckDB; a Spark server has its own")
    if where.engine == "spark" and where.remote is None:
        raise BadInput("say which Spark Connect server: --spark-remote sc://HOST:15002")
    if where.engine != "spark" and (where.remote or where.scratch):
        raise BadInput("--spark-remote and --scratch are for --engine spark")
    return where.data


def _engine(where: Where) -> DuckEngine | SparkEngine:
    if where.engine == "spark" and where.remote:
        from store.spark import connect  # noqa: PLC0415 - as above

        return connect(where.remote, where.scratch)
    from store.parquet import MEMORY, DuckEngine  # noqa: PLC0415 - as above

    return DuckEngine(where.memory or MEMORY)
