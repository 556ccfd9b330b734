from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from organisation import Small, at

from store.database import Store, writing
from store.errors import BadInput
from store.exchange import EXCHANGED, read_folder, words_known, write_folder
from store.schema import LABELLED

DOCS = Path(__file__).parents[2] / "docs"

PEOPLE = "person_id,level,department,team\nanna,1,A,A1\nbo,2,A,A1\n"
MEETINGS = "meeting_id,title,start,end\nm1,Intake,2026-01-05T09:00:00Z,2026-01-05T10:00:00Z\n"
ATTENDANCE = "meeting_id,person_id,response\nm1,anna,accepted\nm1,bo,declined\n"


def folder_of(path: Path, **files: str) -> Path:
    texts = {"people": PEOPLE, "meetings": MEETINGS, "attendance": ATTENDANCE} | files
    for name, text in texts.items():
        (path / f"{name}.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def told(path: Path, **files: str) -> list[str]:
    return [str(problem) for problem in read_folder(folder_of(path, **files)).problems]


def test_a_clean_folder_has_no_problems(tmp_path):
    reading = read_folder(folder_of(tmp_path))
    assert reading.problems == ()
    assert list(reading.batch.attendance["response"]) == ["accepted", "declined"]
    assert list(reading.batch.attendance["hours"]) == [1.0, 1.0]


def test_good_rows_land_and_bad_rows_are_named_with_line_and_column(tmp_path):
    meetings = MEETINGS + (
        "m2,Wrong time,soon,2026-01-05T10:00:00Z\n"
        "m3,Backwards,2026-01-05T10:00:00Z,2026-01-05T09:00:00Z\n"
        "m4,Too few\n"
        "m1,Again,2026-01-05T09:00:00Z,2026-01-05T10:00:00Z\n"
        ",No id,2026-01-05T09:00:00Z,2026-01-05T10:00:00Z\n"
        "m5,Far,9999-12-31T00:00:00Z,9999-12-31T01:00:00Z\n"
        "m6,Fine,2026-01-06T09:00:00Z,2026-01-06T10:00:00Z\n"
    )
    reading = read_folder(folder_of(tmp_path, meetings=meetings))
    assert list(reading.batch.meetings["meeting_id"]) == ["m1", "m6"]
    assert [(problem.line, problem.column, problem.reason) for problem in reading.problems] == [
        (3, "start", "start is not a date and time such as 2026-03-16T09:30:00+01:00"),
        (4, None, "end is before start"),
        (5, None, "has 2 fields, the first line has 4"),
        (6, None, "a row with this meeting_id came before"),
        (7, "meeting_id", "meeting_id is empty"),
        (8, "end", "end is not a date and time such as 2026-03-16T09:30:00+01:00"),
        (8, "start", "start is not a date and time such as 2026-03-16T09:30:00+01:00"),
    ]


def test_no_title_is_ever_in_a_problem(tmp_path):
    meetings = 'meeting_id,title,start,end\nm1,"SECRET\nplan",x,y\nm2,SECRET\nm3,SECRET,2026-01-02,2026-01-01\n'
    assert not any("SECRET" in line for line in told(tmp_path, meetings=meetings))


def test_lines_are_right_behind_titles_that_span_lines(tmp_path):
    meetings = (
        'meeting_id,title,start,end\nm1,"two\nlines",2026-01-05T09:00Z,2026-01-05T10:00Z\nm2,t,bad,2026-01-05T10:00Z\n'
    )
    assert told(tmp_path, meetings=meetings)[0].startswith("attendance.csv") is False
    assert [problem.line for problem in read_folder(tmp_path).problems] == [4]


def test_attendance_of_an_unknown_meeting_is_reported_with_its_line(tmp_path):
    assert told(tmp_path, attendance=ATTENDANCE + "m9,anna,accepted\n") == [
        "attendance.csv, line 4, column meeting_id: no such meeting in the meetings file"
    ]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("needsAction", "none"),
        ("notResponded", "none"),
        ("tentativelyAccepted", "tentative"),
        ("ACCEPTED", "accepted"),
        ("Geweigerd", "declined"),
        ("", "none"),
    ],
)
def test_the_response_words_of_both_vendors(tmp_path, written, meant):
    attendance = f"meeting_id,person_id,response\nm1,anna,{written}\n"
    reading = read_folder(folder_of(tmp_path, attendance=attendance))
    assert reading.problems == ()
    assert list(reading.batch.attendance["response"]) == [meant]


@pytest.mark.parametrize(
    ("written", "timezone", "meant"),
    [
        ("2026-07-06T09:00:00+02:00", "UTC", "2026-07-06 07:00"),
        ("2026-07-06 09:00", "UTC", "2026-07-06 09:00"),
        ("2026-07-06 09:00", "Europe/Amsterdam", "2026-07-06 07:00"),
        ("2026-03-29T02:30", "Europe/Amsterdam", "2026-03-29 01:00"),
        ("2026-10-25T02:30", "Europe/Amsterdam", "2026-10-25 00:30"),
        ("2026-07-06T09:00:00.1234567Z", "Europe/Amsterdam", "2026-07-06 09:00"),
    ],
)
def test_times_with_and_without_an_offset(tmp_path, written, timezone, meant):
    meetings = f"meeting_id,title,start,end\nm1,t,{written},2026-12-31T00:00Z\n"
    reading = read_folder(folder_of(tmp_path, meetings=meetings), timezone)
    assert list(reading.batch.meetings["start"].dt.floor("min")) == [pd.Timestamp(meant)]


def test_other_names_dutch_excel_and_windows_text_are_read(tmp_path):
    (tmp_path / "org.csv").write_bytes(
        "person_id;level;department;team;title\nanna;1;Zorg;Z1;Coördinator\n".encode("cp1252")
    )
    (tmp_path / "events.csv").write_text(
        "event_id;title;start;end\nm1;t;2026-01-05T09:00Z;2026-01-05T10:00Z\n", "utf-8-sig"
    )
    (tmp_path / "attendance.csv").write_text("event_id\tperson_id\nm1\tanna\n")
    reading = read_folder(tmp_path)
    assert list(reading.batch.people["function"]) == ["Coördinator"]
    assert [problem.reason for problem in reading.problems] == ["not UTF-8; read as Windows-1252"]


def test_an_all_day_out_of_office_entry_is_an_absence(tmp_path):
    meetings = MEETINGS.replace("end\n", "end,show_as\n").replace("10:00:00Z\n", "10:00:00Z,busy\n")
    meetings += "m2,Weg,2026-07-06,2026-07-08,outOfOffice\n"
    reading = read_folder(folder_of(tmp_path, meetings=meetings, attendance=ATTENDANCE + "m2,bo,accepted\n"))
    away = reading.batch.absences
    assert [list(row) for row in away[["person_id", "start", "end"]].to_numpy()] == [
        ["bo", pd.Timestamp("2026-07-05 22:00"), pd.Timestamp("2026-07-07 22:00")]
    ]


def test_bare_dates_of_an_absence_are_days_at_home(tmp_path):
    absences = "person_id,start,end\nbo,2026-07-06,2026-07-06\n"
    away = read_folder(folder_of(tmp_path, absences=absences)).batch.absences
    assert list(away["start"]) == [pd.Timestamp("2026-07-05 22:00")]
    assert list(away["end"]) == [pd.Timestamp("2026-07-06 22:00")]


def test_unknown_columns_are_named_and_left_out(tmp_path):
    people = "person_id,level,department,team,shoe_size\nanna,1,A,A1,39\n"
    assert told(tmp_path, people=people) == ["people.csv: columns not used: shoe_size"]


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"meetings": "meeting_id,title\nm1,t\n"}, "lacks the column start, end"),
        ({"meetings": ""}, "is empty"),
        ({"meetings": b"\x00\xff\xfe\x81\x8d"}, "neither UTF-8 nor Windows-1252"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_whole(tmp_path, files, sentence):
    with pytest.raises(BadInput, match=sentence):
        read_folder(folder_of(tmp_path, **files))


def test_a_folder_without_meetings_is_no_exchange_folder(tmp_path):
    with pytest.raises(BadInput, match="meetings and attendance"):
        read_folder(tmp_path)


def full_store(path: Path) -> Store:
    small = Small().person("anna", name="Anna Bos", fte=0.8, valid_from="2025-01-01", valid_to="2026-01-01")
    small.person("anna", department="B", name="Anna Bos", valid_from="2026-01-01").person("bo", level=1)
    small.meeting("m1", at(0, "09:00"), 45, ["anna", "bo"], title='Komma, "quote"\nregel', headcount=2, online=True)
    small.meeting("m2", at(1, "09:00"), 30, ["bo"], title="  =1+1 ", series_id="s", original_start=at(1, "08:30"))
    small.away("bo", at(2, "00:00"), at(4, "00:00"))
    store = small.store(path)
    with writing(store.path) as writer:
        moved = {"meeting_id": ["m2"], "old_start": [at(1, "08:30")], "new_start": [at(1, "09:00")]}
        writer.upsert("moves", pd.DataFrame(moved))
    return store


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_import_of_an_export_gives_identical_tables(tmp_path, form):
    store = full_store(tmp_path)
    write_folder(store, tmp_path / "out", form)
    reading = read_folder(tmp_path / "out")
    with writing(tmp_path / "again.db") as writer:
        writer.add(reading.batch)
    again = Store(tmp_path / "again.db")
    assert reading.problems == ()
    for table in (each for each in EXCHANGED if each is not LABELLED):
        before, after = (
            each.frame(table.name).sort_values(list(table.key), ignore_index=True) for each in (store, again)
        )
        expected = before.assign(title=before["title"].str.strip()) if table.name == "meetings" else before
        pd.testing.assert_frame_equal(after, expected)


@settings(max_examples=15, deadline=None)
@given(
    titles=st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=30), min_size=1, max_size=6
    )
)
def test_any_title_survives_the_way_out_and_in(tmp_path_factory, titles):
    tmp_path = tmp_path_factory.mktemp("titles")
    small = Small()
    for number, title in enumerate(titles):
        small.meeting(f"m{number}", at(0, "09:00"), 30, ["anna"], title=title)
    write_folder(small.store(tmp_path), tmp_path / "out")
    meetings = read_folder(tmp_path / "out").batch.meetings.sort_values("meeting_id")
    assert [None if pd.isna(title) else title for title in meetings["title"]] == [
        title.strip() or None for title in titles
    ]


def test_the_manual_lists_every_word_a_file_may_use():
    manual = (DOCS / "exchange.md").read_text(encoding="utf-8")
    missing = [word for words in words_known().values() for word in words if f"`{word}`" not in manual]
    assert missing == []
