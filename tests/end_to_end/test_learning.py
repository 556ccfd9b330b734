"""Teaching meetload as people type it."""

from __future__ import annotations

import csv

import pytest

TITLES = ("Weekstart Zwaan", "DT", "Kompas", "Tafelronde", "Vuurtoren")


@pytest.fixture
def store(told, tmp_path):
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "people.csv").write_text("person_id,level,department,team\nann,2,A,A1\n")
    rows = [f"m{n},{title},2026-01-{n + 5:02d}T09:00Z,2026-01-{n + 5:02d}T10:00Z" for n, title in enumerate(TITLES)]
    (folder / "meetings.csv").write_text("meeting_id,title,start,end\n" + "\n".join(rows) + "\n")
    attendance = "".join(f"m{n},ann\n" for n in range(len(TITLES)))
    (folder / "attendance.csv").write_text("meeting_id,person_id\n" + attendance)
    told("import", "own", "--store", "own.db")
    return "own.db"


REFUSED = {
    ("train",): "needs 5 or more",
    ("accept", "--by", "ann"): "there is no candidate",
    ("rollback", "--by", "ann"): "nothing to go back to",
    ("accept",): "Missing option '--by'",
}


def test_classify_review_rules_and_back(told, store, tmp_path):
    said = told("classify", "--store", store, "--unsure-below", "1")
    assert "comes with meetload" in said
    assert "(probability below 1)" in said
    reviewed = told("review", "--store", store, "--by", "ann", "--language", "nl", typed="d u c q")
    assert "1 series corrected or confirmed" in reviewed
    assert "in de titel" in reviewed
    assert "unsure" in reviewed
    (tmp_path / "rules.csv").write_text("name,pattern,label,weight\ndirectieteam,DT,coordination,3\nwrong,*,other,1\n")
    assert "rules.csv, line 3, column pattern" in told("rules", "check", "rules.csv", code=2)
    assert "none were taken" in told("rules", "use", "rules.csv", "--store", store, "--by", "ann", code=2)
    (tmp_path / "rules.csv").write_text("name,pattern,label,weight\ndirectieteam,DT,coordination,3\n")
    assert "+rules-" in told("rules", "use", "rules.csv", "--store", store, "--by", "ann")
    (tmp_path / "titles.csv").write_text("id,title\n1,DT\n")
    told("classify", "titles.csv", "--out", "out.csv", "--store", store)
    (row,) = csv.DictReader((tmp_path / "out.csv").read_text().splitlines())
    assert "own rule 'directieteam'" in row["reasons"]
    assert (row["label"], row["unsure"]) == ("coordination", "yes")
    for arguments, sentence in REFUSED.items():
        assert sentence in told(*arguments, "--store", store, code=2)
