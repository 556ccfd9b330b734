"""`meetload pull`, `doctor` and `forget` as people type them, against servers that the test starts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from store.database import Store
from tests.connectors.fakes.google import GoogleFake
from tests.connectors.fakes.google_world import World
from tests.connectors.fakes.radicale import PASSWORD, caldav_case

MEETLOAD = Path(sys.executable).with_name("meetload")


@pytest.fixture(scope="module")
def tenant():
    with GoogleFake(World.generate(12, 4, 3), validate_every=10) as fake:
        yield fake


@pytest.fixture
def administrator(tenant, tmp_path):
    """What an administrator has at hand: the key, and settings that lead to the tenant."""
    settings = tenant.settings()
    (tmp_path / "key.json").write_text(json.dumps(tenant.key()))
    (tmp_path / "settings.toml").write_text(
        f'[google]\ncalendar_url = "{settings.calendar_url}"\ndirectory_url = "{settings.directory_url}"\n'
        "[scan]\nmost_concurrency = 4\n"
    )
    return ["--key", "key.json", "--admin", tenant.world.mailboxes[0], "--settings", "settings.toml"]


WINDOW = ("--from", "2025-01-01", "--until", "2025-12-31")


def test_an_organisation_is_scanned_measured_and_forgotten(told, tenant, administrator, tmp_path):
    scan = ["pull", "google", "--organisation", *administrator, "--store", "scan.db", *WINDOW]
    first = told(*scan)
    assert "mailboxes: " in first
    assert "12 ok" in first
    meetings = Store(tmp_path / "scan.db").frame("meetings")
    assert len(meetings) > 100
    assert meetings["title"].isna().all()
    assert meetings["body"].isna().all()
    before = tenant.counts["token events"], tenant.counts["events"]
    assert "nothing changed" in told(*scan)
    asked = tenant.counts["token events"] - before[0], tenant.counts["events"] - before[1]
    assert asked == (12, 0), "with a token one request a mailbox"
    known = Store(tmp_path / "scan.db").frame("labels").set_index("meeting_id")["label"]
    assert {"coordination", "design", "other"} <= set(known)
    told("classify", "--store", "scan.db")
    again = Store(tmp_path / "scan.db").frame("labels").set_index("meeting_id")["label"]
    assert again.loc[known.index].equals(known), "labels were made while titles were in memory"
    people = Store(tmp_path / "scan.db").frame("people")
    assert sorted(people["level"].dropna().unique()) == [1, 2, 3][: people["level"].nunique()]
    split = json.loads(told("measure", "split", "--store", "scan.db", "--period", "2025Q1", "--format", "json"))
    assert split["hours"] > 50
    said = told("forget", "google", "--store", "scan.db")
    assert f"meetings removed: {len(meetings):,}" in said
    assert len(Store(tmp_path / "scan.db").frame("meetings")) == 0
    assert not (tmp_path / "scan.db.copies").exists()


def test_doctor_names_what_a_tenant_lacks(told, tenant, administrator):
    good = told("doctor", "google", *administrator, "--mailbox", tenant.world.mailboxes[1])
    assert "\nok " in good
    assert "\nlook " not in good
    tenant.delegated.discard(next(each for each in tenant.delegated if "resource.calendar" in each))
    assert "\nlook " in told("doctor", "google", *administrator, code=1)


def test_an_own_caldav_calendar_is_pulled_with_a_password_that_is_kept_apart(told, tmp_path):
    with caldav_case() as case:
        pull = [
            "pull",
            "caldav",
            case.between.url,
            "--user",
            "anna",
            "--me",
            "anna@example.org",
            "--allow-local",
            *YEAR,
        ]
        first = told(*pull, typed=PASSWORD + "\n")
        assert "meetings: " in first
        assert "nothing changed" in told(*pull), "the password is known by now"
        assert PASSWORD not in first
        told("classify")
        split = json.loads(told("measure", "split", "--period", "2026-01", "--format", "json"))
        assert (split["people"], split["meetings"] > 0) == (1, True)
        store = tmp_path / "data" / "meetload" / "meetload.db"
        assert PASSWORD.encode() not in store.read_bytes()
        secrets = [path for path in (tmp_path / "config").rglob("*") if path.is_file()]
        assert secrets
        assert all(path.stat().st_mode & 0o077 == 0 for path in secrets)
        said = told("forget", "caldav")
        assert "secrets removed: caldav/" in said
        assert not any(PASSWORD.encode() in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


YEAR = ("--from", "2026-01-01", "--until", "2026-12-31")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["pull", "google"], "say --client"),
        (["pull", "google", "--client", "none.json"], "none.json"),
        (["pull", "outlook", "--client-id", "x", "--organisation"], "say --certificate"),
        (["pull", "caldav", "http://127.0.0.1:1/", "--me", "anna@example.org"], "127.0.0.1"),
        (["pull", "chart", "none.csv"], "none.csv"),
        (["pull", "google", "--client", "c.json", "--settings", "bad.toml"], "has no setting 'speed'"),
        (["forget", "everything"], "there is no source"),
        (["doctor", "yahoo"], "google, outlook, or nothing"),
    ],
)
def test_what_is_missing_is_said(told, tmp_path, arguments, sentence):
    (tmp_path / "c.json").write_text("{}")
    (tmp_path / "bad.toml").write_text("[google]\nspeed = 1\n")
    process = subprocess.run(
        [str(MEETLOAD), *arguments], capture_output=True, text=True, input="geheim\n", cwd=tmp_path, check=False,
        env=os.environ | {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)},
    )  # fmt: skip
    assert process.returncode in {2, 3}, process.stderr
    assert sentence in process.stderr
    assert "Traceback" not in process.stderr
    assert "geheim" not in process.stderr


def test_a_chart_keeps_its_history(told, tmp_path):
    (tmp_path / "chart.csv").write_text("email,manager,department\nanna@x.org,,Top\nbo@x.org,anna@x.org,Intake\n")
    told("pull", "chart", "chart.csv", "--store", "x.db")
    assert "0 new rows" in told("pull", "chart", "chart.csv", "--store", "x.db")
    (tmp_path / "chart.csv").write_text("email,manager,department\nanna@x.org,,Top\nbo@x.org,anna@x.org,Zorg\n")
    told("pull", "chart", "chart.csv", "--store", "x.db")
    people = Store(tmp_path / "x.db").frame("people")
    rows = people[people["person_id"] == "bo@x.org"].sort_values("valid_from", na_position="first")
    assert list(rows["department"]) == ["Intake", "Zorg"]
    assert rows["valid_to"].iloc[0] == rows["valid_from"].iloc[1]
