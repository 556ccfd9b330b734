"""The page that names people: only behind a choice, only to the unit's own management, and every look written down."""

from __future__ import annotations

import pytest
from dashboard_planted import SECRET, TODAY, ask, client_of, own_card

from dashboard.app import create_app
from privacy.door import Door
from privacy.naming import NamedPeople, NamedPerson
from store.viewlog import ViewLog

PERSON = "Zonneveld (coördinator)"
MT, WITH = "?viewer=mt:Intake&lang=nl", "&show=names"


@pytest.fixture
def app(store, released, monkeypatch, tmp_path):
    """A dashboard whose door has one name to tell."""
    door = Door(store, TODAY, released=released)
    found = NamedPeople("Intake", "publieke taak", "OR-2026-7", (NamedPerson(PERSON, own_card().card.reasons),), False)
    monkeypatch.setattr(door, "named", lambda viewer, _: found if viewer.unit == "Intake" else pytest.fail("asked"))
    log = ViewLog(tmp_path / "views.jsonl")
    client = create_app(door, views=log).server.test_client()
    client.get("/_dash-layout")
    return client, log


def test_names_stand_behind_a_choice_and_rest_on_what_was_agreed(app):
    client, log = app
    plain = ask(client, "/dependence", MT).get_data(as_text=True)
    assert "Met naam, aan het MT" in plain
    assert "Zonneveld" not in plain
    assert log.rows() == []
    told = ask(client, "/dependence", MT + WITH).get_json()
    text = str(told)
    for part in ("Zonneveld", "publieke taak", "OR-2026-7", "HR nooit", "bezwaar", "30 werkdagen weg"):
        assert part in text, part
    assert "1,4" not in text.split("Zonneveld")[1][:600], "no score and no number of waiting meetings by name"
    assert [(row["actor"], row["scope"].partition(" by name as ")[0]) for row in log.rows()] == [
        ("nobody signed in", "/dependence")
    ]


@pytest.mark.parametrize("viewer", ["hr", "mt", "self:p1"])
def test_nobody_else_is_asked_about(app, viewer):
    client, _ = app
    assert "Zonneveld" not in ask(client, "/dependence", f"?viewer={viewer}{WITH}").get_data(as_text=True)


def test_no_file_holds_the_names(app):
    client, _ = app
    for sheet in ("functions", "spread", "named", "names"):
        assert "Zonneveld" not in client.get(f"/numbers/dependence/{sheet}.csv{MT}{WITH}").get_data(as_text=True)


def test_a_store_of_real_people_has_no_such_page(store):
    client = client_of(store)
    said = ask(client, "/dependence", "?viewer=mt:Intake&lang=en&show=names").get_data(as_text=True)
    assert "This view is not open to you." in said
    assert SECRET not in said
