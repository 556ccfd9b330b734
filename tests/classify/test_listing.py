from __future__ import annotations

import csv

import pytest

from classify import persist
from classify.listing import RESULT, classify_file
from store.errors import BadInput


def run(tmp_path, content, language="en", below=0.5):
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes(content if isinstance(content, bytes) else content.encode())
    count = classify_file(source, target, language, persist.load(), below)
    with target.open(newline="", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == count
    return rows


FULL = """id,title,lang,body,duration_min,n_attendees,n_departments,level_span,organizer_level,recurring,lead_hours,start_hour,weekday,extra
1,Knoop doorhakken: wie krijgt de testers,nl,,30,6,2,2,2,no,5,16,4,x
2,weekly team sync,en,,30,8,1,1,3,yes,300,10,1,
3,Kim 🎂,xx,,,,,,,,,,,
"""


def test_a_list_gets_labels_probabilities_and_reasons(tmp_path):
    rows = run(tmp_path, FULL, "nl")
    assert list(rows[0]) == list(RESULT)
    assert [row["id"] for row in rows] == ["1", "2", "3"]
    assert [row["label"] for row in rows] == ["escalation", "coordination", "other"]
    assert "in de titel" in rows[0]["reasons"]
    assert "in the title" in rows[1]["reasons"]
    assert "in de titel" in rows[2]["reasons"]
    for row in rows:
        assert sum(float(row[name]) for name in row if name.startswith("p_")) == pytest.approx(1, abs=0.001)
        assert float(row["probability"]) == max(float(row[name]) for name in row if name.startswith("p_"))


def test_only_id_and_title_are_needed(tmp_path):
    assert run(tmp_path, "title,id\nstoring kassa,a\n")[0]["label"] == "incident"


@pytest.mark.parametrize(
    "content",
    [
        "id;title\n1;Coördinatie, week 3\n".encode("cp1252"),
        '\ufeffID,Title\r\n1,"Coördinatie, week 3"\r\n',
        "id\ttitle\n1\tCoördinatie, week 3\n",
    ],
)
def test_spreadsheet_habits_are_understood(tmp_path, content):
    assert run(tmp_path, content)[0]["title"] == "Coördinatie, week 3"


def test_formulas_stay_text(tmp_path):
    rows = run(tmp_path, 'id,title\n=1+1,"=HYPERLINK(""x"")"\n2,+31 6\n3,-korting\n4,@home\n5,a=b\n')
    assert [row["title"] for row in rows] == ['\'=HYPERLINK("x")', "'+31 6", "'-korting", "'@home", "a=b"]
    assert rows[0]["id"] == "'=1+1"
    assert not [row for row in rows if row["reasons"].startswith(("=", "+", "-", "@"))]


def test_hostile_rows_are_labelled(tmp_path):
    content = f'id,title\n1,\n2,{"x" * 10_000}\n3,"two\nlines"\n4,<b>lunch</b>\n5\n6,a,too,many\n7,\u200b\n8,NA\n9,"nul\x00l"\n'
    rows = run(tmp_path, content)
    assert [row["id"] for row in rows] == list("123456789")
    assert len(rows[1]["title"]) == 10_000
    assert rows[7]["title"] == "NA"
    assert all(row["label"] for row in rows)


def test_nonsense_numbers_count_as_unknown(tmp_path):
    plain = run(tmp_path, "id,title\n1,overleg\n")
    odd = run(tmp_path, "id,title,duration_min,recurring,lead_hours,weekday\n1,overleg,long,perhaps,inf-ish,\n")
    assert odd[0]["probability"] == plain[0]["probability"]


def test_no_rows_give_an_empty_list(tmp_path):
    assert run(tmp_path, "id,title\n") == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("id,name\n1,x\n", "no column title"),
        ("", "no column id and no column title"),
        (b"PK\x03\x04rest", "save it as CSV"),
    ],
)
def test_what_cannot_be_used_is_explained(tmp_path, content, said):
    with pytest.raises(BadInput, match=said):
        run(tmp_path, content)


def test_a_missing_file_and_a_wrong_target_are_explained(tmp_path):
    with pytest.raises(BadInput, match="cannot be read"):
        classify_file(tmp_path / "none.csv", tmp_path / "out.csv", "en", persist.load())
    (tmp_path / "in.csv").write_text("id,title\n1,x\n")
    with pytest.raises(BadInput, match="cannot be written"):
        classify_file(tmp_path / "in.csv", tmp_path / "no" / "out.csv", "en", persist.load())


def test_equal_rows_get_one_sentence(tmp_path, monkeypatch):
    from classify import reasons

    said = []
    sentence = reasons.sentence
    monkeypatch.setattr(reasons, "sentence", lambda *given: said.append(1) or sentence(*given))
    rows = run(tmp_path, "id,title\n" + "".join(f"{place},overleg\n" for place in range(500)))
    assert len(said) == 1
    assert len({row["reasons"] for row in rows}) == 1


def test_a_label_under_the_threshold_is_unsure(tmp_path):
    titles = "id,title\n1,Storing kassa\n2,Kim\n"
    chances = [float(row["probability"]) for row in run(tmp_path, titles)]
    between = sum(chances) / 2
    assert [row["unsure"] for row in run(tmp_path, titles, below=between)] == [
        "no" if chance > between else "yes" for chance in chances
    ]
    assert {row["unsure"] for row in run(tmp_path, titles, below=0)} == {"no"}
