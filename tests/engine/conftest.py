"""One Spark for all tests of this folder: Sail in this process, or a server that `make test-spark` started."""

from __future__ import annotations

import os
import sys
from dataclasses import fields
from datetime import timedelta

import pytest
from simulation.build import as_tables, simulate
from simulation.plan import with_topics

from analysis.period import Period
from store.parquet import DuckEngine, Folder
from store.spark import connect

# PySpark takes a main module without a file, as a worker of pytest-xdist has, for one of its own doctests.
sys.modules["__main__"].__dict__.setdefault("__file__", __file__)

REMOTE = "MEETLOAD_SPARK_REMOTE"
PLAN = with_topics(3, people=30, weeks=16, growth=0.4)


@pytest.fixture(scope="session")
def remote():
    """The address of a Spark Connect server."""
    if REMOTE in os.environ:
        yield os.environ[REMOTE]
        return
    from pysail.spark import SparkConnectServer

    server = SparkConnectServer(port=0)
    server.start()
    yield f"sc://localhost:{server.listening_address[1]}"
    server.stop()


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """A small organisation as a folder of Parquet."""
    target = tmp_path_factory.mktemp("tables")
    tables = as_tables(simulate(PLAN))
    for each in fields(tables):
        getattr(tables, each.name).to_native().write_parquet(str(target / f"{each.name}.parquet"))
    return target


@pytest.fixture(scope="session")
def period():
    return Period(PLAN.start, PLAN.start + timedelta(weeks=PLAN.weeks))


@pytest.fixture(scope="session")
def on_duckdb(folder):
    engine = DuckEngine()
    yield Folder(str(folder), engine)
    engine.close()


@pytest.fixture(scope="session")
def on_spark(folder, remote, tmp_path_factory):
    engine = connect(remote, str(tmp_path_factory.mktemp("scratch")))
    yield Folder(str(folder), engine)
    engine.close()
