from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

import pandas as pd
import pytest
from organisation import Small, at

from store import kept
from store.database import Store, writing
from store.kept import Kept, kept_folder
from store.locked import lock_of
from store.tables import to_pandas

WEEK = "2026-11-16"


@pytest.fixture
def path(tmp_path) -> Path:
    small = Small()
    for name in ("b", "a"):
        small.person(name)
    small.meeting("m1", at(0, "9:00"), 60, ["a", "b"])
    small.store(tmp_path)
    return next(tmp_path.glob("*.db"))


def files(path: Path) -> list[Path]:
    return sorted(each for each in kept_folder(path).rglob("*") if each.is_file())


def test_a_text_is_kept_for_the_next_process(path):
    assert Kept(path, WEEK).keep_text("answer", b"42")
    assert Kept(path, WEEK).text("answer") == b"42"
    assert Kept(path, WEEK).text("other") is None


def test_nothing_is_kept_unless_asked_for(path):
    Store(path).snapshot().remember("x", lambda _: 1)
    assert not kept_folder(path).exists()


def test_a_table_is_built_once_for_all_processes(path):
    def build(tables):
        return tables.people.select("person_id")

    def never(_tables):
        raise AssertionError

    Store(path, kept_since=WEEK).snapshot().keep("names", build)
    found = to_pandas(Store(path, kept_since=WEEK).snapshot().keep("names", never))
    assert found["person_id"].tolist() == ["a", "b"]  # one person's rows lie together


def test_a_result_is_worked_out_once_for_all_processes(path):
    Store(path, kept_since=WEEK).snapshot().remember("count", lambda _: (1, 2))
    assert Store(path, kept_since=WEEK).snapshot().remember("count", lambda _: ()) == (1, 2)


@pytest.mark.parametrize("changed", [b"", b"43", b"42 "])
def test_what_somebody_changed_is_not_believed(path, changed):
    Kept(path, WEEK).keep_text("answer", b"42")
    files(path)[0].write_bytes(changed)
    assert Kept(path, WEEK).text("answer") is None


def test_one_answer_is_not_taken_for_another(path):
    one = Kept(path, WEEK)
    one.keep_text("of hr", b"all")
    one.keep_text("of me", b"own")
    hr, me = (next(file for file in files(path) if file.read_bytes() == said) for said in (b"all", b"own"))
    hr.write_bytes(b"own")
    me.write_bytes(b"all")
    assert one.text("of hr") is None
    assert one.text("of me") is None


def test_the_table_of_another_store_is_not_believed(path, tmp_path):
    other = tmp_path / "other.db"
    shutil.copyfile(path, other)
    with writing(other) as writer:
        writer.set("owner", "a")
    Kept(other, WEEK).keep_text("answer", b"42")
    shutil.copytree(kept_folder(other), kept_folder(path))
    assert Kept(path, WEEK).text("answer") is None
    assert Kept(other, WEEK).text("answer") == b"42"


def test_other_code_and_another_week_work_it_out_anew(path, monkeypatch):
    Kept(path, WEEK).keep_text("answer", b"42")
    assert Kept(path, "2026-11-23").text("answer") is None
    monkeypatch.setattr(kept, "code_version", lambda: "changed")
    assert Kept(path, WEEK).text("answer") is None


def test_whoever_writes_deletes_what_was_kept(path):
    Kept(path, WEEK).keep_text("answer", b"42")
    with writing(path) as writer:
        writer.set("owner", "a")
    assert not kept_folder(path).exists()


def test_nothing_changed_nothing_deleted(path):
    Kept(path, WEEK).keep_text("answer", b"42")
    with writing(path):
        pass
    assert Kept(path, WEEK).text("answer") == b"42"


def test_an_answer_about_an_earlier_state_is_not_kept(path):
    early = Kept(path, WEEK)
    with writing(path) as writer:
        writer.set("owner", "a")
    assert not early.keep_text("answer", b"with somebody who was forgotten")
    assert not files(path)


def test_nothing_is_kept_while_somebody_writes(path):
    state = Kept(path, WEEK)
    with lock_of(path):
        assert not state.keep_text("answer", b"42")
    assert not files(path)


def test_it_is_as_closed_as_the_store(path):
    path.chmod(0o640)
    Kept(path, WEEK).keep_text("answer", b"42")
    assert stat.S_IMODE(files(path)[0].stat().st_mode) == 0o640
    assert {stat.S_IMODE(each.stat().st_mode) for each in (kept_folder(path), files(path)[0].parent)} == {0o750}


def test_no_name_of_a_file_says_what_is_in_it(path):
    Kept(path, WEEK).keep_text("answer of self:p12", b"42")
    assert all("p12" not in str(file.relative_to(path.parent)) for file in files(path))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the administrator may write anywhere")
def test_where_we_may_not_write_nothing_is_kept(path):
    path.parent.chmod(0o500)
    try:
        assert not Kept(path, WEEK).keep_text("answer", b"42")
    finally:
        path.parent.chmod(0o700)


def test_tidying_leaves_what_holds_and_no_halves(path):
    now, then = Kept(path, WEEK), Kept(path, "2026-11-09")
    then.keep_text("answer", b"old")
    now.keep_text("answer", b"new")
    (files(path)[0].parent / "x.partial").write_bytes(b"half")
    now.tidy()
    assert [file.read_bytes() for file in files(path)] == [b"new"]


def test_a_frame_is_remembered(path):
    frame = pd.DataFrame({"a": [1, 2]})
    Store(path, kept_since=WEEK).snapshot().remember("frame", lambda _: frame)
    pd.testing.assert_frame_equal(Store(path, kept_since=WEEK).snapshot().remember("frame", lambda _: None), frame)
