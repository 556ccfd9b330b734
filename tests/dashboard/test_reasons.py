"""What lower rooms say of files is said in the reader's language, every sentence of it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from dashboard.reasons import SENTENCES, said
from dashboard.words import Words
from store.schema import TABLES
from store.values import _wanted

ROOT = Path(__file__).parents[2]
# What a file given in the browser goes through.
SOURCES = (
    *sorted((ROOT / "connectors" / "ics").glob("*.py")),
    *(
        ROOT / each
        for each in (
            "store/exchange.py",
            "store/values.py",
            "store/delimited.py",
            "store/database.py",
            "store/migrations.py",
        )
    ),
)
# Its second blank is one of a few, tried one by one below.
FILLED = "7 is not 7"
SAYING = {
    "BadInput": 0,
    "Unreachable": 0,
    "RejectedError": 0,
    "_reject": 0,
    "_note": 0,
    "_refuse": 0,
    "Problem": 1,
    "mask": 1,
}


def texts(node: ast.expr) -> list[str]:
    """The sentences an expression may be; a blank is filled with a number."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.JoinedStr):
        return ["".join(part.value if isinstance(part, ast.Constant) else "7" for part in node.values)]
    if isinstance(node, ast.IfExp):
        return texts(node.body) + texts(node.orelse)
    return []


def sentences(source: Path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            place = SAYING.get(getattr(node.func, "id", getattr(node.func, "attr", "")))
            if place is not None and len(node.args) > place:
                found += texts(node.args[place])
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in {"reason", "empty"}:
            found += texts(node.value)
    return found


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_no_room_says_what_is_not_known_here(source):
    assert [each for each in sentences(source) if each != FILLED and said(Words("nl"), each) is None] == []


def test_every_kind_of_value_that_does_not_fit_is_known():
    for table in TABLES.values():
        for column in table.columns:
            assert said(Words("nl"), f"{column.name} is not {_wanted(column)}"), column


def test_the_rooms_were_read():
    assert sum(len(sentences(source)) for source in SOURCES) > 45


@pytest.mark.parametrize(
    ("sentence", "dutch"),
    [
        ("it is empty", "het is leeg"),
        ("level is not a whole number", "level is geen geheel getal"),
        (
            "the time zone Mars/Olympus is unknown; events read in Europe/Amsterdam: 12",
            "de tijdzone Mars/Olympus is onbekend; afspraken gelezen in Europe/Amsterdam: 12",
        ),
        (
            "people.csv lacks the column level; it has a, b (docs/exchange.md lists them)",
            "people.csv mist de kolom level",
        ),
        ("DTSTART is not a date or time that exists", "DTSTART is geen datum of tijd die bestaat"),
    ],
)
def test_a_sentence_keeps_what_was_in_it(sentence, dutch):
    assert said(Words("nl"), sentence).startswith(dutch)
    assert said(Words("en"), sentence) == sentence


def test_what_is_not_known_is_left_to_the_page():
    assert said(Words("nl"), "the moon is in the way") is None


def test_every_sentence_is_its_own_in_english():
    samples = [text.replace("{", "").replace("}", "") for text in SENTENCES]
    assert [said(Words("en"), each) for each in samples] == samples
