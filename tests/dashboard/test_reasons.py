"""What lower rooms say of files and accounts is said in the reader's language, every sentence of it."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from connectors import errors
from connectors.google.failures import failure
from connectors.google.login import client_config
from connectors.outlook.login import reason as refused
from dashboard.reasons import SENTENCES, said
from dashboard.words import Words
from store.errors import BadInput
from store.schema import TABLES
from store.values import _wanted

ROOT = Path(__file__).parents[2]
# What a file given in the browser goes through, and an account that is read from there.
SOURCES = (
    *sorted((ROOT / "connectors" / "ics").glob("*.py")),
    *(
        ROOT / each
        for each in (
            "store/exchange.py",
            "store/values.py",
            "store/delimited.py",
            "store/database.py",
            "store/locked.py",
            "store/opening.py",
            "store/snapshot.py",
            "store/writer.py",
            "store/migrations.py",
            "store/copies.py",
            "connectors/asking.py",
            "connectors/google/failures.py",
            "connectors/google/login.py",
            "connectors/google/own.py",
            "connectors/google/page.py",
            "connectors/google/source.py",
            "connectors/google/wire.py",
            "connectors/outlook/answers.py",
            "connectors/outlook/client.py",
            "connectors/outlook/delta.py",
            "connectors/outlook/events.py",
            "connectors/outlook/login.py",
            "connectors/outlook/page.py",
            "connectors/outlook/source.py",
            "connectors/secrets/file.py",
            "connectors/secrets/ring.py",
            "meetload/connecting.py",
        )
    ),
)
# One of the blanks is one of a few words, tried one by one below.
FILLED = {
    "7 is not 7",
    "the 7 7 cannot be read: 7",
    "the 7 7 is not JSON; download it again",
    "the 7 7 is not what Google gives out; download it again",
}
SAYING = {
    "BadInput": 0,
    "Unreachable": 0,
    **{name: 0 for name, found in vars(errors).items() if isinstance(found, type)},
    "RejectedError": 0,
    "_reject": 0,
    "_note": 0,
    "_refuse": 0,
    "Stopped": 0,
    "Problem": 1,
    "mask": 1,
}


TABLES_OF_SENTENCES = {"NOT_BUILT", "_REFUSALS", "_WORDS"}


def texts(node: ast.expr) -> list[str]:
    """The sentences an expression may be; a blank is filled with a number."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.JoinedStr):
        return ["".join(part.value if isinstance(part, ast.Constant) else "7" for part in node.values)]
    if isinstance(node, ast.IfExp):
        return texts(node.body) + texts(node.orelse)
    if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "get":
        return [each for argument in node.args for each in texts(argument)]
    if isinstance(node, ast.Dict):
        return [each for value in node.values for each in texts(value)]
    return []


def sentences(source: Path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            place = SAYING.get(getattr(node.func, "id", getattr(node.func, "attr", "")))
            if place is not None and len(node.args) > place:
                found += texts(node.args[place])
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in {
            "reason",
            "empty",
            "many",
            *TABLES_OF_SENTENCES,
        }:
            found += texts(node.value)
        if isinstance(node, ast.FunctionDef) and node.name in {"reason", "_reason"}:
            returned = (inner.value for inner in ast.walk(node) if isinstance(inner, ast.Return) and inner.value)
            found += [each for value in returned for each in texts(value)]
    return found


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_no_room_says_what_is_not_known_here(source):
    assert [each for each in sentences(source) if each not in FILLED and said(Words("nl"), each) is None] == []


def test_every_kind_of_value_that_does_not_fit_is_known():
    for table in TABLES.values():
        for column in table.columns:
            assert said(Words("nl"), f"{column.name} is not {_wanted(column)}"), column


def test_the_rooms_were_read():
    assert sum(len(sentences(source)) for source in SOURCES) > 140
    assert all(sentences(source) for source in SOURCES if source.parts[-2] in {"google", "outlook", "secrets"})


@pytest.mark.parametrize("content", [None, "no JSON", "[]", "{}", '{"installed": {}}'])
def test_every_fault_of_the_file_of_an_application_is_known(tmp_path, content):
    file = tmp_path / "client.json"
    if content is not None:
        file.write_text(content)
    with pytest.raises(BadInput) as fault:
        client_config(file)
    found = said(Words("nl"), str(fault.value))
    assert found
    assert "client secret" not in found


@pytest.mark.parametrize("status", [400, 401, 403, 404, 408, 410, 429, 500])
@pytest.mark.parametrize("with_token", [False, True])
@pytest.mark.parametrize(
    "word", ["", "quotaExceeded", "accessNotConfigured", "insufficientPermissions", "notACalendarUser"]
)
def test_every_answer_of_google_is_known(status, with_token, word):
    body = json.dumps({"error": {"errors": [{"reason": word}]}} if word else {}).encode()
    assert said(Words("nl"), str(failure(status, body, with_token=with_token)))


def test_why_an_event_was_left_out_is_said_inside_the_sentence():
    for reason in sentences(ROOT / "connectors" / "outlook" / "events.py"):
        found = said(Words("nl"), f"the event 7 was left out: {reason}")
        assert found == f"de afspraak 7 is weggelaten: {said(Words('nl'), reason)}"


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"error": "x"},
        {"error": "x", "error_description": "AADSTS1: y"},
        {"error_codes": [90002]},
        {"error": "access_denied"},
    ],
)
def test_why_microsoft_refused_is_said_inside_the_sentence(answer):
    found = said(Words("nl"), f"signing in to Microsoft failed: {refused(answer)}")
    assert found.startswith("inloggen bij Microsoft is niet gelukt: ")
    assert refused(answer) not in found


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
        (
            "Google does not accept the sign-in for this mailbox (401 authError)",
            "Google aanvaardt de aanmelding voor deze mailbox niet (401 authError)",
        ),
        (
            "another meetload is pulling into /a/s.db.copies; try again when it has finished",
            "een andere meetload leest agenda's in naar /a/s.db.copies; ",
        ),
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
