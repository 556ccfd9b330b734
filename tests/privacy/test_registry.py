"""Objections, sharing and taking back: kept in a chain by pseudonym, and in force at once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from organisation import Small, at

from connectors.contract import Window
from privacy import registry
from store import journal
from store.copies import Taken, open_copies
from store.database import Store, writing
from store.errors import BadInput
from tests.written import Copy, batch_of

NOW = datetime(2026, 3, 2, 12)
NINE = datetime(2026, 1, 5, 9)
WINDOW = Window(datetime(2026, 1, 1), datetime(2026, 2, 1))


def organisation() -> Small:
    """Jan (p1) meets Kim (p2) and Bo (p3), has an hour with nobody else in it, and two days away."""
    small = Small()
    for number, name in enumerate(("Jan Vos", "Kim Dam", "Bo Smit"), start=1):
        small.person(f"p{number}", name=name, email=f"{name.split()[0].lower()}@example.org", manager_id="p1")
    small.meeting("together", at(0, "9:00"), 60, ["p1", "p2", "p3"], headcount=3, organizer_id="p1")
    small.meeting("alone", at(1, "9:00"), 60, ["p1"], headcount=2)
    small.meeting("others", at(2, "9:00"), 60, ["p2", "p3"], headcount=2)
    return small.away("p1", at(3, "0:00"), at(5, "0:00"))


@pytest.fixture
def store(tmp_path):
    return organisation().store(tmp_path).path


def test_an_objection_takes_the_rows_out_at_once_and_keeps_the_head_count(store):
    erased = registry.decide(store, "p1", "scan", "objection", NOW)
    found = Store(store)
    assert (erased.attendance, erased.meetings, erased.absences) == (2, 1, 1)
    assert set(found.frame("attendance")["person_id"]) == {"p2", "p3"}
    meetings = found.frame("meetings").set_index("meeting_id")
    assert meetings["headcount"].to_dict() == {"together": 3, "others": 2}
    assert meetings["organizer_id"].isna().all()
    assert found.frame("absences").empty
    assert found.frame("absence_days").empty
    assert "alone" not in set(found.frame("labels")["meeting_id"])
    assert registry.objecting(found) == {"p1"}


def test_an_objection_still_holds_when_an_import_brings_the_rows_again(store):
    registry.decide(store, "jan@example.org", "scan", "objection", NOW)
    with writing(store) as writer:
        writer.add(organisation().batch())
        registry.enforce(writer)
    assert "p1" not in set(Store(store).frame("attendance")["person_id"])


def test_an_objection_reaches_the_copies_of_mailboxes(store):
    guests = [Copy("m", NINE, NINE.replace(hour=10), organizer="jan@example.org")]
    with open_copies(store) as copies:
        for owner in ("p1", "p2"):
            batch = batch_of(guests, owner, "google", "Europe/Amsterdam")
            batch.attendance["person_id"] = owner
            copies.replace("google", owner, Taken(batch, owner), WINDOW, NINE)
    registry.decide(store, "p1", "scan", "objection", NOW)
    with open_copies(store) as copies:
        rows = copies._rows("SELECT owner, CAST(guests AS VARCHAR) FROM copies")
    assert [owner for owner, _ in rows] == ["p2"]
    assert "p1" not in str(rows)


def test_an_objection_can_be_withdrawn(store):
    registry.decide(store, "p1", "scan", "objection", NOW)
    registry.decide(store, "p1", "scan", "withdraw", NOW)
    assert registry.objecting(Store(store)) == set()
    assert not registry.standing(Store(store), "p1", NOW).objects


def test_sharing_expires_after_ninety_days_and_can_be_withdrawn(store):
    registry.decide(store, "p1", "card", "share", NOW)
    registry.decide(store, "p2", "card", "share", NOW)
    registry.decide(store, "p2", "card", "withdraw", NOW)
    found = Store(store)
    assert registry.sharing(found, NOW) == {"p1": NOW + timedelta(days=90)}
    assert registry.sharing(found, NOW + timedelta(days=90)) == {}
    assert registry.standing(found, "p1", NOW).shared_until == NOW + timedelta(days=90)
    assert registry.standing(found, "p2", NOW) == registry.standing(found, "p3", NOW)


def test_the_register_and_the_journal_name_nobody(store):
    registry.decide(store, "p1", "card", "share", NOW)
    found = Store(store)
    written = found.frame("registry").to_csv() + found.frame("journal").to_csv()
    for word in ("p1", "Jan", "Vos", "example.org"):
        assert word not in written
    assert found.frame("journal")["actor"].iloc[0] == found.frame("registry")["subject_ref"].iloc[0]
    assert (registry.check(found), journal.check(found)) == ([], [])


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (lambda rows: rows.assign(decision="share"), "changed"),
        (lambda rows: rows.assign(expires=NOW + timedelta(days=900)), "changed"),
        (lambda rows: rows.iloc[1:], "missing"),
        (lambda rows: rows.iloc[:1], "cut"),
    ],
)
def test_a_register_that_was_changed_says_so(store, change, kind):
    registry.decide(store, "p1", "scan", "objection", NOW)
    registry.decide(store, "p2", "card", "withdraw", NOW)
    with writing(store) as writer:
        writer.replace("registry", change(writer.frame("registry").sort_values("at")))
    assert kind in {each.kind for each in registry.check(Store(store))}


@pytest.mark.parametrize(
    ("who", "purpose", "decision"),
    [("p1", "card", "objection"), ("p1", "other", "share"), ("p1", "scan", "share"), ("nobody", "card", "share")],
)
def test_what_nobody_can_decide_changes_nothing(store, who, purpose, decision):
    before = store.read_bytes()
    with pytest.raises(BadInput):
        registry.decide(store, who, purpose, decision, NOW)
    assert store.read_bytes() == before


def test_two_people_of_one_name_must_be_told_apart(tmp_path):
    store = Small().person("p1", name="Jan Vos").person("p2", name="jan vos").store(tmp_path).path
    with pytest.raises(BadInput, match="2 people"):
        registry.decide(store, "Jan Vos", "card", "share", NOW)
