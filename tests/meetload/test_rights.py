"""The commands about rights, as people type them."""

from __future__ import annotations

import json
import zipfile
from datetime import datetime

import jsonschema
import pytest
from organisation import Small, at
from typer.testing import CliRunner

from meetload.cli import app
from privacy import registry
from store import journal
from store.database import Store, writing

NOW = datetime(2026, 3, 2, 12)
TEXT = {"type": ["string", "null"]}
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": [
        "measure",
        "contract",
        "made",
        "person_id",
        "meetings",
        "attendance",
        "labels",
        "decisions",
        "journal",
    ],
    "properties": {
        "measure": {"const": "mydata"},
        "contract": {"const": 1},
        "made": {"type": "string"},
        "person_id": {"type": "string"},
        "addresses": {"type": "array", "items": {"type": "string"}},
        "reports": {"type": "integer"},
        "objects": {"type": "boolean"},
        "shared_until": TEXT,
        **{
            name: {"type": "array", "items": {"type": "object"}}
            for name in (
                ["people", "meetings", "attendance", "labels", "absences", "corrections", "decisions", "journal"]
            )
        },
    },
}


@pytest.fixture
def store(tmp_path):
    small = Small().person("p1", name="Jan Vos", email="jan@example.org")
    small.person("p2", name="Kim Dam", email="kim@example.org", manager_id="p1")
    small.meeting("both", at(0, "9:00"), 60, ["p1", "p2"], title="=Formule", organizer_id="p2", headcount=2)
    small.meeting("kims", at(1, "9:00"), 60, ["p2"], title="Van Kim")
    path = small.away("p1", at(3, "0:00"), at(5, "0:00")).store(tmp_path).path
    registry.decide(path, "p1", "card", "share", NOW)
    return path


def run(*arguments):
    return CliRunner().invoke(app, [str(each) for each in arguments])


def test_ones_own_data_is_a_contract_and_says_nothing_of_others(store, tmp_path):
    out = tmp_path / "mine.json"
    assert run("mydata", "--store", store, "--person", "jan@example.org", "--out", out).exit_code == 0
    data = json.loads(out.read_text())
    jsonschema.validate(data, SCHEMA)
    assert [row["meeting_id"] for row in data["meetings"]] == ["both"]
    assert (data["meetings"][0]["headcount"], data["meetings"][0]["organized_by_me"]) == (2, False)
    assert (data["reports"], len(data["absences"]), data["decisions"][0]["decision"]) == (1, 1, "share")
    assert [row["action"] for row in data["journal"]] == ["share the own card"]
    assert not any(word in out.read_text() for word in ("p2", "Kim", "Van Kim"))
    assert (out.stat().st_mode & 0o777) == 0o600


def test_the_same_as_tables_that_a_spreadsheet_can_open(store, tmp_path):
    out = tmp_path / "mine.zip"
    assert run("mydata", "--store", store, "--person", "p1", "--out", out).exit_code == 0
    with zipfile.ZipFile(out) as archive:
        assert {"mydata.json", "meetings.csv", "attendance.csv", "absences.csv"} <= set(archive.namelist())
        assert "'=Formule" in archive.read("meetings.csv").decode()


def test_an_unknown_person_or_form_is_refused(store, tmp_path):
    assert run("mydata", "--store", store, "--person", "eve", "--out", tmp_path / "x.json").exit_code != 0
    assert run("mydata", "--store", store, "--person", "p1", "--out", tmp_path / "x.pdf").exit_code != 0
    assert not list(tmp_path.glob("x.*"))


def test_the_journal_can_be_shown_and_verified(store):
    shown = run("journal", "show", "--store", store, "--format", "json")
    rows = json.loads(shown.stdout)["rows"]
    assert rows[0].keys() == {"at", "actor", "action", "scope", "digest", "previous"}
    good = run("journal", "verify", "--store", store, "--expect", rows[-1]["digest"])
    assert (good.exit_code, good.stdout.count("ok  ")) == (0, 3)
    assert run("journal", "verify", "--store", store, "--expect", "0" * 64).exit_code == 1


def test_a_journal_that_was_changed_is_said_by_row(store):
    with writing(store) as writer:
        writer.replace("journal", writer.frame("journal").assign(scope="nothing"))
    bad = run("journal", "verify", "--store", store)
    assert bad.exit_code == 1
    assert "row 1 (" in bad.stdout
    assert "was changed after it was written" in bad.stdout


def test_objecting_and_forgetting(store):
    assert "1 attendances" in run("objection", "--store", store, "--person", "p1").stdout
    assert registry.objecting(Store(store)) == {"p1"}
    assert run("objection", "--store", store, "--person", "p1", "--withdraw").exit_code == 0
    gone = run("forget", "Jan Vos", "--store", store)
    assert gone.exit_code == 0
    assert "nothing of this person is left" in gone.stdout
    assert "base64, URL, hex, zip" in gone.stdout
    assert "Jan" not in gone.stdout
    assert journal.check(Store(store)) == []


def test_forgetting_says_where_somebody_still_stands(store, tmp_path):
    (tmp_path / "mail.txt").write_text("aan jan@example.org")
    gone = run("forget", "p1", "--store", store)
    assert gone.exit_code == 1
    assert "mail.txt" in gone.stdout


def test_retention_says_what_it_did(store):
    done = run("retention", "--store", store, "--titles", 10)
    assert done.exit_code == 0
    assert "older than 10 days: 2 deleted" in done.stdout
    assert "no such title is left" in done.stdout
