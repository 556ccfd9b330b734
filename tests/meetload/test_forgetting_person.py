"""Forgetting a person: nothing of the planted words is left, others keep what is theirs, and a miss is said."""

from __future__ import annotations

import base64
import gzip
import zipfile
from datetime import datetime
from urllib.parse import quote

import pandas as pd
import pytest
from organisation import Small, at

from connectors.contract import Window
from meetload.forgetting_person import forget_person
from meetload.proving import prove
from privacy import registry
from privacy.release.ledger import Published, add_to_ledger, ledger_of, read_ledger
from store import journal
from store.copies import Taken, open_copies
from store.database import Store, writing
from store.errors import BadInput
from store.frames import Batch
from store.subjects import Subject
from store.viewlog import ViewLog, views_path
from tests.written import Copy, batch_of

NOW = datetime(2026, 3, 2, 12)
NINE = datetime(2026, 1, 5, 9)
WINDOW = Window(datetime(2026, 1, 1), datetime(2026, 2, 1))
CANARIES = ("kanarie-p1", "renée.kwikstaart@example.org", "r.kwik@alias.example", "Renée Kwikstaart")
SUBJECT = Subject(CANARIES[0], CANARIES[1:3], CANARIES[3:])


@pytest.fixture
def store(tmp_path):
    """The canary everywhere a person can stand: chart, aliases, meetings, titles, corrections, copies, views."""
    person, address, alias, name = CANARIES
    small = Small().person(person, name=name, email=address)
    small.person("p2", name="Kim Dam", email="kim@example.org", manager_id=person)
    small.meeting("both", at(0, "9:00"), 60, [person, "p2"], title=f"1:1 {name}", organizer_id=person, headcount=2)
    small.meeting("alone", at(1, "9:00"), 60, [person], title="Kwikstaart alleen", headcount=2)
    small.meeting("others", at(2, "9:00"), 60, ["p2"], title=f"Verslag {name.upper()}, {name}", body=f"zie {alias}")
    small.away(person, at(3, "0:00"), at(5, "0:00"))
    path = small.store(tmp_path).path
    with writing(path) as writer:
        writer.add(Batch(aliases=pd.DataFrame({"email": [alias], "person_id": [person]})))
        row = {"meeting_id": "both", "label": "design", "by": person, "at": NOW, "note": f"volgens {name}"}
        writer.upsert("corrections", pd.DataFrame([row]))
        writer.set("owner", person)
        journal.append(writer, name, "correct a label", "design, meetings: 1", NOW)
        # As an older meetload wrote it, which named people.
        writer.set(journal.HEAD, "")
    with open_copies(path) as copies:
        for owner, mailbox in ((person, address), ("p2", "kim@example.org")):
            meeting = Copy("uid", NINE, NINE.replace(hour=10), title=f"1:1 {name}", organizer=address)
            batch = batch_of([meeting], mailbox, "google", "Europe/Amsterdam")
            guests = pd.DataFrame({"meeting_id": batch.meetings["meeting_id"].iloc[0], "person_id": [person, "p2"]})
            copies.replace(
                "google", mailbox, Taken(Batch(meetings=batch.meetings, attendance=guests), owner), WINDOW, NINE
            )
    ViewLog(views_path(path)).note(address, "view", "/ as self", NOW)
    return path


def test_no_canary_is_left_in_any_file(store, tmp_path):
    found = prove(sorted(tmp_path.iterdir()), SUBJECT)
    assert {hit.file.name for hit in found.hits} == {"small.db", "small.db.copies", "small.db.views.jsonl"}
    gone = forget_person(CANARIES[1], store, NOW)
    assert gone.proof.holds, gone.proof.hits
    assert gone.proof.columns > 100
    assert gone.proof.words == 4
    for file in tmp_path.iterdir():
        data = file.read_bytes().lower()
        for canary in (*CANARIES, "kwikstaart"):
            assert canary.lower().encode() not in data, file


def test_others_keep_what_is_theirs(store):
    forget_person(CANARIES[0], store, NOW)
    found = Store(store)
    meetings = found.frame("meetings").set_index("meeting_id")
    assert sorted(meetings.index) == ["both", "others"]
    assert meetings["headcount"]["both"] == 2
    assert meetings["title"].to_dict() == {"both": "1:1 …", "others": "Verslag …, …"}
    assert found.frame("people")["person_id"].tolist() == ["p2"]
    assert found.frame("people")["manager_id"].isna().all()
    assert found.frame("corrections")["by"].tolist() == ["forgotten"]
    assert found.setting("owner") == ""
    with open_copies(store) as copies:
        rows = copies._rows("SELECT owner, len(guests), title FROM copies")
    assert rows == [("p2", 1, "1:1 …")]


def test_the_chains_still_hold_and_say_what_was_done(store):
    registry.decide(store, CANARIES[0], "card", "share", NOW)
    forget_person(CANARIES[3], store, NOW)
    found = Store(store)
    assert (journal.check(found), registry.check(found)) == ([], [])
    assert journal.in_order(found.frame("journal"))["action"].tolist()[-1] == "forget a person"
    log = ViewLog(views_path(store))
    assert log.check() == []
    assert [row["action"] for row in log.rows()] == ["view", "take a name out"]


def test_earlier_releases_keep_a_member_without_a_name(store):
    groups = {"Intake": frozenset({CANARIES[0], "p2"})}
    published = Published("2025Q4", "2025-10-06", "2026-01-05", groups["Intake"], groups, frozenset())
    add_to_ledger(ledger_of(store), published)
    assert forget_person(CANARIES[0], store, NOW).proof.holds
    (found,) = read_ledger(ledger_of(store))
    assert len(found.people) == len(found.groups["Intake"]) == 2
    assert "p2" in found.people


def test_models_that_learnt_here_go(store):
    folder = store.with_name("small.db.models")
    folder.mkdir()
    (folder / "model").write_bytes(b"kwikstaart")
    assert forget_person(CANARIES[0], store, NOW).models
    assert not folder.exists()


def wrapped(name: str, text: str, tmp_path):
    file = tmp_path / name
    data = f"{{x}} {text} {{y}}".encode()
    if name == "base64":
        file.write_bytes(b"key=" + base64.b64encode(b"odd" + data))
    elif name == "urlsafe":
        file.write_bytes(base64.urlsafe_b64encode(data).rstrip(b"="))
    elif name == "url":
        file.write_text(quote(data))
    elif name == "hex":
        file.write_text(f"0x{data.hex()}")
    elif name == "zip":
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("inner.txt", base64.b64encode(data))
    elif name == "gzip":
        file.write_bytes(gzip.compress(data))
    elif name == "utf-16":
        file.write_bytes(data.decode().encode("utf-16-le"))
    elif name == "json":
        file.write_text(data.decode().encode("ascii", "backslashreplace").decode().replace("\\x", "\\u00"))
    elif name == "twice":
        file.write_text(quote(base64.b64encode(base64.b64encode(data)).decode()))
    return file


@pytest.mark.parametrize("name", ["base64", "urlsafe", "url", "hex", "zip", "gzip", "utf-16", "json", "twice"])
@pytest.mark.parametrize("canary", CANARIES)
def test_the_search_unwraps_what_it_reads(tmp_path, name, canary):
    if name == "utf-16" and not canary.isascii():
        pytest.skip("found as UTF-16 only where every letter is plain")
    file = wrapped(name, canary, tmp_path)
    assert not prove([file], SUBJECT).holds
    assert prove([wrapped(name, "iemand anders, kanarie-p12", tmp_path)], SUBJECT).holds


def test_what_is_left_elsewhere_is_said(store, tmp_path):
    (tmp_path / "notes.txt").write_text(f"bel {CANARIES[1]}")
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "report.html").write_text("Ren&eacute;e Kwikstaart")
    hits = forget_person(CANARIES[0], store, NOW, [kept]).proof.hits
    assert {hit.file.name for hit in hits} == {"notes.txt", "report.html"}


def test_a_backup_of_the_store_is_searched_cell_by_cell(store, tmp_path):
    (tmp_path / "backup.db").write_bytes(store.read_bytes())
    hits = forget_person(CANARIES[0], store, NOW).proof.hits
    assert {hit.file.name for hit in hits} == {"backup.db"}
    assert "the column people.name" in {hit.how for hit in hits}


def test_a_stranger_cannot_be_forgotten(store):
    before = store.read_bytes()
    with pytest.raises(BadInput, match="no person"):
        forget_person("nobody", store, NOW)
    assert store.read_bytes() == before
