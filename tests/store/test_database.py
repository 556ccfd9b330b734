from __future__ import annotations

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import duckdb
import pandas as pd
import pytest
from organisation import MONDAY, Small, at

from store.database import Store, writing
from store.errors import BadInput, Unreachable
from store.migrations import migrate, version_of
from store.schema import TABLES, VERSION
from store.writer import Change


def one_meeting() -> Small:
    return Small().person("anna").person("bo").meeting("m1", at(0, "09:00"), 60, ["anna", "bo"])


def test_the_same_batch_twice_changes_nothing(tmp_path):
    path = tmp_path / "x.db"
    with writing(path) as writer:
        first = writer.add(one_meeting().batch())
    before = path.stat()
    with writing(path) as writer:
        second = writer.add(one_meeting().batch())
    after = path.stat()
    assert first["attendance"] == Change(inserted=2)
    assert second["attendance"] == Change(unchanged=2)
    assert not any(second.values())
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_a_changed_row_is_updated_under_its_key(tmp_path):
    path = tmp_path / "x.db"
    moved = Small().person("anna").meeting("m1", at(1, "10:00"), 30, ["anna"])
    with writing(path) as writer:
        writer.add(one_meeting().batch())
        change = writer.add(moved.batch())
    assert change["meetings"] == Change(updated=1)
    assert list(Store(path).frame("meetings")["start"]) == [pd.Timestamp(at(1, "10:00"))]


def test_local_columns_follow_the_wall_clock_and_the_zone(tmp_path):
    path = tmp_path / "x.db"
    late = Small().meeting("m1", at(0, "23:30"), 60, ["anna"]).meeting("m2", at(6, "23:30"), 60, ["anna"])
    with writing(path) as writer:
        writer.add(late.batch())
    amsterdam = Store(path).frame("meetings").sort_values("meeting_id")
    with writing(path) as writer:
        writer.set("timezone", "Europe/Helsinki")
    helsinki = Store(path).frame("meetings").sort_values("meeting_id")
    assert list(amsterdam["local_date"].dt.day) == [5, 11]
    assert list(amsterdam["local_minute"]) == [23 * 60 + 30] * 2
    assert list(amsterdam["week"].dt.day) == [5, 5]
    assert list(helsinki["local_date"].dt.day) == [6, 12]
    assert list(helsinki["week"].dt.day) == [5, 12]


def test_an_all_day_meeting_keeps_its_date_in_every_zone(tmp_path):
    path = tmp_path / "x.db"
    fair = Small().meeting("m1", MONDAY, 24 * 60, ["anna"], all_day=True)
    with writing(path) as writer:
        writer.set("timezone", "America/New_York")
        writer.add(fair.batch())
    assert list(Store(path).frame("meetings")["local_date"]) == [pd.Timestamp(MONDAY)]


def test_a_private_meeting_never_keeps_its_text(tmp_path):
    path = tmp_path / "x.db"
    small = Small().meeting("m1", at(0, "09:00"), 30, ["anna"], title="Dokter", body="bloed", is_private=True)
    small.meeting("m2", at(0, "10:00"), 30, ["anna"], title="Intake", is_private=False)
    with writing(path) as writer:
        writer.add(small.batch())
    titles = Store(path).frame("meetings").set_index("meeting_id")["title"]
    assert pd.isna(titles["m1"])
    assert titles["m2"] == "Intake"
    assert b"Dokter" not in path.read_bytes()


def delete_and_fail(path):
    with writing(path) as writer:
        writer.delete_meetings(["m1"])
        1 / 0  # noqa: B018 - any failure will do


def test_nothing_lands_when_the_block_fails(tmp_path):
    path = tmp_path / "x.db"
    with writing(path) as writer:
        writer.add(one_meeting().batch())
    with pytest.raises(ZeroDivisionError):
        delete_and_fail(path)
    assert len(Store(path).frame("meetings")) == 1
    assert sorted(each.name for each in tmp_path.iterdir()) == ["x.db", "x.db.lock"]


def test_a_killed_import_leaves_the_old_store(tmp_path):
    path = tmp_path / "x.db"
    with writing(path) as writer:
        writer.add(one_meeting().batch())
    killed = (
        "import os, signal, sys; from store.database import writing\n"
        "with writing(sys.argv[1]) as writer:\n"
        "    writer.delete_meetings(['m1']); os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    subprocess.run([sys.executable, "-c", killed, str(path)], check=False)
    assert len(Store(path).frame("meetings")) == 1
    with writing(path) as writer:
        assert len(writer.frame("meetings")) == 1


def test_readers_keep_their_snapshot_and_see_the_new_one_when_they_ask_again(tmp_path):
    path = tmp_path / "x.db"
    with writing(path) as writer:
        writer.add(one_meeting().batch())
    store = Store(path)
    old = store.snapshot()
    with writing(path) as writer:
        writer.delete_meetings(["m1"])
        assert len(store.frame("meetings")) == 1
    assert len(old.frame("meetings")) == 1
    assert len(store.frame("meetings")) == 0


def test_a_store_is_readable_while_another_process_writes(tmp_path):
    path = tmp_path / "x.db"
    with writing(path) as writer:
        writer.add(one_meeting().batch())
    read = "import sys; from store.database import Store; print(len(Store(sys.argv[1]).frame('meetings')))"
    with writing(path) as writer:
        writer.delete_meetings(["m1"])
        done = subprocess.run([sys.executable, "-c", read, str(path)], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "1"


def test_threads_share_a_store_without_mixing_answers(tmp_path):
    small = Small()
    for number in range(40):
        small.meeting(f"m{number}", at(number % 5, "09:00"), 30 + number, ["anna"])
    store = small.store(tmp_path)

    def minutes_of(number: int) -> int:
        rows = store.tables().meetings.collect().to_pandas()
        row = rows[rows["meeting_id"] == f"m{number}"].iloc[0]
        return int(row["end_minute"] - row["start_minute"])

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(minutes_of, range(40))) == [30 + number for number in range(40)]


def test_a_kept_table_is_built_once_for_all_threads(tmp_path):
    store = one_meeting().store(tmp_path)
    built = []

    def build(tables):
        built.append(threading.get_ident())
        return tables.meetings.select("meeting_id")

    snapshot = store.snapshot()
    with ThreadPoolExecutor(4) as pool:
        frames = list(pool.map(lambda _: snapshot.keep("ids", build).collect().shape, range(12)))
    assert frames == [(1, 1)] * 12
    assert len(built) == 1


def test_a_second_writer_is_told_to_wait(tmp_path):
    path = tmp_path / "x.db"
    with (
        writing(path),
        pytest.raises(Unreachable, match="another meetload is writing"),
        writing(path, wait=0.05),
    ):
        pass


@pytest.mark.parametrize("content", [b"", b"not a database at all", b"\0" * 5000])
def test_a_file_that_is_no_store_is_named(tmp_path, content):
    path = tmp_path / "x.db"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=r"x\.db"):
        Store(path)


def test_a_missing_store_says_how_to_make_one(tmp_path):
    with pytest.raises(Unreachable, match="meetload import"):
        Store(tmp_path / "none.db")


def test_a_newer_store_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "x.db"
    with writing(path) as writer:
        writer.upsert("settings", pd.DataFrame({"name": ["schema_version"], "value": [str(VERSION + 1)]}))
    before = path.read_bytes()
    with pytest.raises(BadInput, match="newer meetload"):
        Store(path)
    with pytest.raises(BadInput, match="newer meetload"), writing(path):
        pass
    assert path.read_bytes() == before


def test_an_old_store_moves_forward_step_by_step_and_keeps_its_rows():
    connection = duckdb.connect()
    connection.execute("CREATE TABLE settings (name VARCHAR, value VARCHAR)")
    connection.execute("INSERT INTO settings VALUES ('schema_version', '1')")
    connection.execute("CREATE TABLE people (person_id VARCHAR)")
    connection.execute("INSERT INTO people VALUES ('anna')")
    steps = {
        2: ("ALTER TABLE people ADD COLUMN desk VARCHAR",),
        3: ("UPDATE people SET desk = 'window'",),
    }
    assert migrate(connection, 1, steps, target=3)
    assert connection.execute("SELECT * FROM people").fetchall() == [("anna", "window")]
    assert version_of(connection, "memory") == 3
    assert not migrate(connection, 3, steps, target=3)


def test_a_failed_migration_leaves_the_version(tmp_path):
    path = tmp_path / "x.db"
    with duckdb.connect(str(path)) as connection:
        migrate(connection, 0)
    with duckdb.connect(str(path)) as connection, pytest.raises(duckdb.Error):
        migrate(connection, VERSION, {VERSION + 1: ("THIS IS NOT SQL",)}, target=VERSION + 1)
    with duckdb.connect(str(path)) as connection:
        assert version_of(connection, "x") == VERSION


def test_every_table_stands_in_the_manual():
    from pathlib import Path

    manual = (Path(__file__).parents[2] / "docs" / "tables.md").read_text(encoding="utf-8")
    missing = [
        f"{table.name}.{name}" for table in TABLES.values() for name in table.names if f"`{name}`" not in manual
    ] + [table.name for table in TABLES.values() if f"## {table.name}" not in manual]
    assert missing == []
