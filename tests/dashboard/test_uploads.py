"""What a browser may give: laid out by what it is, never by its name, and never too much of it."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest

from dashboard import uploads
from dashboard.uploads import Layout
from store.errors import BadInput

CALENDAR = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> BytesIO:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", method) as out:
        for name, content in members.items():
            out.writestr(name, content)
    packed.seek(0)
    return packed


def laid(folder, *given) -> Layout:
    layout = Layout(folder)
    layout.take(given)
    return layout


def inside(folder) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd.ics",
        "/etc/cron.d/x.ics",
        "C:\\Windows\\x.ics",
        "..\\..\\x.ICS",
        "a/\x1b[31mx.ics",
        "~/x.ics",
    ],
)
def test_a_name_never_says_where_a_file_goes(tmp_path, name):
    home = tmp_path / "in"
    home.mkdir()
    for give in ((name, BytesIO(CALENDAR)), ("all.zip", zipped({name: CALENDAR}))):
        layout = laid(home, give)
        shown = layout.shown.get("0001.ics", "")
        assert "/" not in shown
        assert "\\" not in shown
        assert shown.isprintable()
        assert inside(tmp_path) == {"in/calendars/0001.ics"}
        (home / "calendars" / "0001.ics").unlink()


def test_tables_keep_the_names_of_the_exchange_folder_and_nothing_else_does(tmp_path):
    given = {
        "deep/Meetings.CSV": b"a",
        "deep/attendance.parquet": b"b",
        "x.exe": b"c",
        "notes.csv": b"d",
        ".hidden.ics": b"",
    }
    layout = laid(tmp_path, ("export.zip", zipped(given)), ("meetings.csv", BytesIO(b"again")))
    assert inside(tmp_path) == {"tables/meetings.csv", "tables/attendance.parquet"}
    assert (tmp_path / "tables" / "meetings.csv").read_bytes() == b"a"
    assert {(each.file, each.reason) for each in layout.problems} == {
        ("x.exe", uploads.NOT_OURS),
        ("notes.csv", uploads.NOT_OURS),
        ("meetings.csv", uploads.CAME_BEFORE),
    }
    assert layout.calendars is None


def test_a_bomb_is_refused_before_it_goes_off(tmp_path, monkeypatch):
    monkeypatch.setattr(uploads, "RATIO_FREE_BYTES", 100_000)
    bomb = zipped({"a.ics": b"\0" * 5_000_000})
    with pytest.raises(BadInput, match="far more than calendars"):
        laid(tmp_path, ("bomb.zip", bomb))
    assert sum(path.stat().st_size for path in tmp_path.rglob("*.ics")) <= 2 * uploads.PIECE


def test_many_small_bombs_are_one(tmp_path, monkeypatch):
    monkeypatch.setattr(uploads, "UNPACKED_BYTES", 1_000_000)
    with pytest.raises(BadInput, match="far more than calendars"):
        laid(tmp_path, ("a.zip", zipped({f"{n}.ics": b"\0" * 90_000 for n in range(20)})))


def test_too_many_files_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(uploads, "FILES", 5)
    with pytest.raises(BadInput, match="more files"):
        laid(tmp_path, ("a.zip", zipped({f"{n}.txt": b"" for n in range(6)})))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04 not really",
        zipped({"a.ics": CALENDAR}).getvalue()[:-30],
        zipped({"a.ics": CALENDAR}, zipfile.ZIP_LZMA).getvalue(),
    ],
    # The time stands in a zip, so that its bytes are no name for a test.
    ids=["empty", "only a beginning", "cut off", "another compression"],
)
def test_a_broken_zip_is_a_problem_and_no_crash(tmp_path, content):
    layout = laid(tmp_path, ("a.zip", BytesIO(content)))
    assert [each.reason for each in layout.problems] == [uploads.BROKEN_ZIP]


def test_a_zip_in_a_zip_stays_shut(tmp_path):
    layout = laid(tmp_path, ("a.zip", zipped({"b.zip": zipped({"c.ics": CALENDAR}).getvalue()})))
    assert inside(tmp_path) == set()
    assert [each.reason for each in layout.problems] == [uploads.NOT_OURS]
