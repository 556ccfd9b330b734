"""`meetload topics`: look at the groups, merge and split them, and see the decision stand."""

from __future__ import annotations

import json

import pytest
from organisation import Small, at
from typer.testing import CliRunner

from meetload.topics import app
from store.database import Store, writing
from store.errors import BadInput


@pytest.fixture
def store(tmp_path):
    small = Small()
    for number in range(6):
        small.person(f"p{number}", level=5, team=f"T{number}")
    for number, title in enumerate(["Zaalverhuur"] * 3 + ["Zalen verhuren"] * 2 + ["Wachtlijsten", "Overleg"]):
        small.meeting(f"m{number}", at(number, "10:00"), 60, ["p0", "p1", f"p{number % 6}"], title=title)
    return small.store(tmp_path).path


def run(*words: str) -> str:
    result = CliRunner().invoke(app, list(words))
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.stdout


def listed(store) -> dict[str, dict]:
    found = json.loads(run("list", "--store", str(store), "--format", "json"))
    assert (found["measure"], found["contract"], found["titled"]) == ("topics", 1, 7)
    return {topic["name"]: topic for topic in found["topics"]}


def test_merge_and_split(store):
    before = listed(store)
    ids = [before[name]["topic_id"] for name in ("zaalverhuur", "wachtlijsten")]
    run("merge", *ids, "--store", str(store), "--by", "ann")
    merged = listed(store)["zaalverhuur"]
    assert "wachtlijsten" in {wording["text"] for wording in merged["wordings"]}
    assert merged["edited"] is True
    run("split", merged["topic_id"][:8], "--wording", "Wachtlijsten", "--store", str(store), "--by", "bo")
    assert listed(store).keys() == before.keys()
    edits = Store(store).frame("topic_edits")
    assert edits[["by", "action"]].to_numpy().tolist() == [["ann", "merge"], ["bo", "split"]]
    assert "wachtlijsten" not in edits.to_csv()


def test_the_table_names_topics(store):
    shown = run("list", "--store", str(store))
    assert listed(store)["zaalverhuur"]["topic_id"] in shown
    assert "of 0 of 7 meetings nobody can tell the subject" in shown


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["merge", "zzz", "yyy"], "no topic begins with 'zzz'"),
        (["list", "--format", "xml"], "is not known"),
        (["split", "{}", "--wording", "nothing"], "no such wording"),
        (["merge", "{}", "{}"], "two topics or more"),
        (["merge", "{}", "{}", "--by", " "], "needs the name"),
    ],
)
def test_what_cannot_be_done_is_said(store, words, told):
    first = listed(store)["zaalverhuur"]["topic_id"]
    with pytest.raises(BadInput, match=told):
        run(*(word.format(first) for word in words), "--store", str(store))


def test_a_scan_has_no_topics(store):
    with writing(store) as writer:
        writer.set("scanned", "yes")
    with pytest.raises(BadInput, match="keeps no titles"):
        run("list", "--store", str(store))
