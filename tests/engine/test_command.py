"""`meetload measure` over a folder of Parquet, and what it says when something is missing."""

from __future__ import annotations

import json
import sys
from datetime import datetime, timedelta

import pandas as pd
import pytest
from typer.testing import CliRunner

from meetload.cli import app
from store.database import Store, writing
from store.errors import BadInput, Unreachable
from store.parquet import DuckEngine, Folder, write_tables
from store.spark import connect
from tests.ports import free_port

WEEKS = "2025-01-06..2025-04-27"


def told(*arguments: str) -> dict[str, object]:
    result = CliRunner().invoke(app, ["measure", *arguments, "--format", "json"], catch_exceptions=False)
    return json.loads(result.stdout)


def refused(*arguments: str) -> str:
    with pytest.raises((BadInput, Unreachable)) as caught:
        CliRunner().invoke(app, ["measure", "split", *arguments], catch_exceptions=False, standalone_mode=False)
    return str(caught.value)


def test_drift_on_spark_is_drift_on_duckdb(folder, remote):
    here = told("drift", "--data", str(folder), "--engine", "duckdb", "--period", WEEKS)
    there = told("drift", "--data", str(folder), "--engine", "spark", "--spark-remote", remote, "--period", WEEKS)
    share = [each["coordination_share"] for each in (here, there)]
    assert share[0]["start"] == pytest.approx(share[1]["start"], rel=1e-9)
    assert share[0]["change_per_year"] == pytest.approx(share[1]["change_per_year"], rel=1e-7)


def test_without_a_period_all_weeks_with_meetings_up_to_today_are_measured(folder):
    assert told("split", "--data", str(folder))["period"]["start"] == "2025-01-06"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--engine", "ray"), "there are duckdb, spark"),
        (("--engine", "spark"), "give --data DIR"),
        (("--engine", "spark", "--data", "."), "--spark-remote sc://HOST:15002"),
        (("--data", ".", "--spark-remote", "sc://here"), "for --engine spark"),
        (("--data", ".", "--memory", "much"), "no amount of memory"),
        (("--data", ".", "--store", "x.db"), "not both"),
        (("--engine", "spark", "--data", ".", "--spark-remote", "http://here"), "no address of a Spark Connect server"),
    ],
)
def test_what_does_not_fit_is_said(options, sentence):
    assert sentence in refused(*options)


def test_a_server_that_is_not_there_is_unreachable_at_once():
    port = free_port()
    with pytest.raises(Unreachable, match=f"no Spark Connect server answers at 127.0.0.1:{port}"):
        connect(f"sc://127.0.0.1:{port}")


def test_without_the_client_its_package_is_named(monkeypatch, remote):
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(BadInput, match="pip install pyspark-client"):
        connect(remote)


@pytest.mark.parametrize("engine", ["duckdb", "spark"])
def test_a_folder_without_labels_says_how_to_write_one(engine, tmp_path, remote):
    pd.DataFrame({"person_id": ["a"]}).to_parquet(tmp_path / "people.parquet")
    options = ("--engine", "spark", "--spark-remote", remote) if engine == "spark" else ()
    said = refused("--data", str(tmp_path), *options)
    assert "people.parquet lacks the column level" in said
    assert "--format tables" in said


def test_quality_needs_a_store(folder):
    with pytest.raises(BadInput, match="use --store"):
        CliRunner().invoke(
            app, ["measure", "quality", "--data", str(folder)], catch_exceptions=False, standalone_mode=False
        )


def test_a_store_written_as_tables_measures_the_same(tmp_path):
    start = datetime(2025, 1, 6, 9)
    meetings = pd.DataFrame(
        {"meeting_id": ["m", "n"], "title": ["x", "y"], "start": [start, start + timedelta(days=7)]}
    )
    meetings["end"] = meetings["start"] + timedelta(hours=2)
    people = pd.DataFrame({"person_id": ["a", "b"], "level": [1, 2], "department": "D", "team": "T"})
    attendance = pd.DataFrame({"meeting_id": ["m", "m", "n"], "person_id": ["a", "b", "a"], "response": "accepted"})
    labels = pd.DataFrame({"meeting_id": ["m", "n"], "label": ["design", "coordination"]})
    with writing(tmp_path / "s.db") as writer:
        tables = {"people": people, "meetings": meetings, "attendance": attendance, "labels": labels}
        for name, frame in tables.items():
            writer.upsert(name, frame)
    counts = write_tables(Store(tmp_path / "s.db"), tmp_path / "out")
    assert counts["attendance.parquet"] == 3
    period = ("--period", "2025-01-06..2025-01-19")
    assert told("split", "--data", str(tmp_path / "out"), *period) == told(
        "split", "--store", str(tmp_path / "s.db"), *period
    )


def test_a_folder_of_parts_is_a_table_too(folder, tmp_path, on_duckdb):
    for file in folder.glob("*.parquet"):
        parts = tmp_path / file.name
        parts.mkdir()
        (parts / "part-0.parquet").write_bytes(file.read_bytes())
    engine = DuckEngine()
    tables = Folder(str(tmp_path), engine).tables()
    whole = on_duckdb.tables()
    assert len(tables.meetings.collect()) == len(whole.meetings.collect())
    engine.close()
