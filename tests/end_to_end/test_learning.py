"""Teaching meetload as people type it."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest

MEETLOAD = Path(sys.executable).with_name("meetload")
TITLES = ("Weekstart Zwaan", "DT", "Kompas", "Tafelronde", "Vuurtoren")


@pytest.fixture
def run(tmp_path):
    """Run meetload in a folder of its own, with a home of its own."""

    def command(*arguments: str, keys: str = "", code: int = 0) -> str:
        environment = os.environ | {
            "XDG_DATA_HOME": str(tmp_path / "data"),
            "XDG_CONFIG_HOME": str(tmp_path / "config"),
            "HOME": str(tmp_path),
            "COLUMNS": "200",
        }
        done = subprocess.run(
            [str(MEETLOAD), *arguments],
            input=keys,
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env=environment,
            check=False,
        )
        said = done.stdout + done.stderr
        assert "Traceback" not in said
        assert done.returncode == code, said
        return said

    return command


@pytest.fixture
def store(run, tmp_path):
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "people.csv").write_text("person_id,level,department,team\nann,2,A,A1\n")
    rows = [f"m{n},{title},2026-01-{n + 5:02d}T09:00Z,2026-01-{n + 5:02d}T10:00Z" for n, title in enumerate(TITLES)]
    (folder / "meetings.csv").write_text("meeting_id,title,start,end\n" + "\n".join(rows) + "\n")
    attendance = "".join(f"m{n},ann\n" for n in range(len(TITLES)))
    (folder / "attendance.csv").write_text("meeting_id,person_id\n" + attendance)
    run("import", "own", "--store", "own.db")
    return "own.db"


REFUSED = {
    ("train",): "needs 5 or more",
    ("accept", "--by", "ann"): "there is no candidate",
    ("rollback", "--by", "ann"): "nothing to go back to",
    ("accept",): "Missing option '--by'",
}


def test_classify_review_rules_and_back(run, store, tmp_path):
    said = run("classify", "--store", store, "--unsure-below", "1")
    assert "comes with meetload" in said
    assert "(probability below 1)" in said
    reviewed = run("review", "--store", store, "--by", "ann", "--language", "nl", keys="d u c q")
    assert "1 series corrected or confirmed" in reviewed
    assert "in de titel" in reviewed
    assert "unsure" in reviewed
    (tmp_path / "rules.csv").write_text("name,pattern,label,weight\ndirectieteam,DT,coordination,3\nwrong,*,other,1\n")
    assert "rules.csv, line 3, column pattern" in run("rules", "check", "rules.csv", code=2)
    assert "none were taken" in run("rules", "use", "rules.csv", "--store", store, "--by", "ann", code=2)
    (tmp_path / "rules.csv").write_text("name,pattern,label,weight\ndirectieteam,DT,coordination,3\n")
    assert "+rules-" in run("rules", "use", "rules.csv", "--store", store, "--by", "ann")
    (tmp_path / "titles.csv").write_text("id,title\n1,DT\n")
    run("classify", "titles.csv", "--out", "out.csv", "--store", store)
    (row,) = csv.DictReader((tmp_path / "out.csv").read_text().splitlines())
    assert "own rule 'directieteam'" in row["reasons"]
    assert (row["label"], row["unsure"]) == ("coordination", "yes")
    for arguments, sentence in REFUSED.items():
        assert sentence in run(*arguments, "--store", store, code=2)
