"""What people type, run as they would run it: a new process, a new folder."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest

README = Path(__file__).parents[2] / "README.md"

CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//tests//EN
BEGIN:VEVENT
UID:weekly@example.org
DTSTART;TZID=Europe/Amsterdam:20260105T100000
DTEND;TZID=Europe/Amsterdam:20260105T110000
RRULE:FREQ=WEEKLY;COUNT=10
SUMMARY:Afstemming intake SECRETWORD
ORGANIZER:mailto:bo@example.org
ATTENDEE;PARTSTAT=ACCEPTED:mailto:anna@example.org
ATTENDEE;PARTSTAT=DECLINED:mailto:cas@example.org
END:VEVENT
BEGIN:VEVENT
UID:broken@example.org
SUMMARY:SECRETWORD without a start
END:VEVENT
END:VCALENDAR
"""


@pytest.fixture
def calendar(tmp_path):
    path = tmp_path / "mine.ics"
    path.write_text(CALENDAR.replace("\n", "\r\n"), encoding="utf-8")
    return path


def rows_of(path):
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def test_the_own_calendar_in_one_step(run, calendar):
    said = run("import", calendar, "--me", "anna@example.org").stdout
    assert "1 files read, 2 events, 10 occurrences, 1 rejected" in said
    assert "meetings: 10 new" in said
    again = run("import", calendar, "--me", "anna@example.org").stdout
    assert "nothing changed" in again
    run("classify")
    result = json.loads(run("measure", "split", "--person", "anna@example.org", "--format", "json").stdout)
    assert result["hours"] == 10.0
    assert [part["label"] for part in result["labels"] if part["hours"]] == ["coordination"]


def test_the_same_meeting_in_two_files_is_one_and_stays_as_it_is(run, tmp_path):
    files = tmp_path / "files"
    files.mkdir()
    (files / "a.ics").write_text(CALENDAR, encoding="utf-8")
    (files / "b.ics").write_text(CALENDAR.replace("Afstemming intake", "Bijpraten"), encoding="utf-8")
    assert "meetings: 10 new, 0 changed" in run("import", "files").stdout
    assert "nothing changed" in run("import", "files").stdout


def test_no_title_reaches_a_report_or_a_list_of_problems(run, calendar, tmp_path):
    done = run("import", calendar, "--problems", tmp_path / "problems.csv")
    assert "SECRETWORD" not in done.stdout + done.stderr
    rows = rows_of(tmp_path / "problems.csv")
    assert [row["reason"] for row in rows] == ["it has no DTSTART"]
    assert "SECRETWORD" not in (tmp_path / "problems.csv").read_text(encoding="utf-8")


def test_an_export_imported_again_measures_the_same(run, calendar, tmp_path):
    run("import", calendar, "--me", "anna@example.org", "--store", "a.db")
    run("export", "folder", "--store", "a.db")
    run("import", "folder", "--store", "b.db")
    texts = [run("measure", "split", "--store", name, "--format", "csv").stdout for name in ("a.db", "b.db")]
    assert texts[0] == texts[1]
    run("export", "again", "--store", "b.db")
    for file in sorted((tmp_path / "folder").iterdir()):
        assert file.read_bytes() == (tmp_path / "again" / file.name).read_bytes(), file.name


@pytest.mark.parametrize("name", ["split", "levels", "drift", "dependence", "habits", "roles"])
def test_every_measure_speaks_all_three_forms(run, calendar, name):
    run("import", calendar, "--me", "anna@example.org")
    contract = json.loads(run("measure", name, "--format", "json").stdout)
    assert (contract["measure"], contract["contract"]) == (name, 1)
    assert run("measure", name, "--format", "csv").stdout.count("\n") > 1
    assert name in run("measure", name).stdout


def test_every_field_of_a_contract_stands_in_the_manual(run, calendar):
    manual = (README.parent / "docs" / "json.md").read_text(encoding="utf-8")
    run("import", calendar, "--me", "anna@example.org")
    for name in ("split", "levels", "drift", "dependence", "habits", "roles", "escalations", "mt"):
        contract = json.loads(run("measure", name, "--format", "json").stdout)
        assert [field for field in contract if f"`{field}`" not in manual and f"`{field}." not in manual] == []


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["import", "nowhere.ics"], 2, "does not exist"),
        (["import", ".", "--home", "Mars/Base"], 2, "not a time zone"),
        (["import", ".", "--from", "yesterday"], 2, "not a day"),
        (["measure", "happiness"], 2, "there is no measure"),
        (["measure", "split"], 2, "there is no store"),
        (["serve", "--store", "none.db"], 2, "there is no store"),
        (["classify", "titles.csv"], 2, "say where"),
        (["fly"], 2, "No such command"),
        (["doctor", "--store", "broken.db"], 2, "not a meetload store"),
    ],
)
def test_what_goes_wrong_is_said_in_a_sentence(run, tmp_path, arguments, code, sentence):
    (tmp_path / "broken.db").write_text("not a database")
    assert sentence in run(*arguments, code=code).stderr


def test_a_plain_list_of_titles_gets_labels_and_reasons(run, tmp_path):
    (tmp_path / "titles.csv").write_text(
        "id,title\n1,Escalatie: knoop doorhakken budget\n2,Kerstborrel\n", encoding="utf-8"
    )
    run("classify", "titles.csv", "--out", "labelled.csv", "--language", "nl")
    rows = rows_of(tmp_path / "labelled.csv")
    assert [row["label"] for row in rows] == ["escalation", "other"]
    assert all(row["reasons"] for row in rows)
    assert all(abs(sum(float(row[f"p_{label}"]) for label in LABELS) - 1) < 1e-3 for row in rows)


LABELS = ("design", "coordination", "escalation", "incident", "other")


def test_the_demo_is_built_labelled_and_trusted(run, tmp_path):
    run("demo", "--no-serve", "--people", "60", "--folder", "demo")
    checks = run("doctor", "--store", "demo/demo.db").stdout
    assert checks.count("ok ") == 5
    drift = json.loads(run("measure", "drift", "--store", "demo/demo.db", "--format", "json").stdout)
    assert len(drift["weekly"]) == 104
    assert (tmp_path / "demo" / "truth.json").exists()


def test_every_command_of_the_readme_is_one_of_ours(run):
    known = set(re.findall(r"^[│|]?\s*([a-z]+)\s{2,}", run("--help").stdout, re.MULTILINE))
    used = set(re.findall(r"bin/meetload ([a-z]+)", README.read_text(encoding="utf-8")))
    assert {"import", "measure"} <= used <= known
