"""The page about oneself: for that person alone, exactly what the others get, and decisions by plain forms."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from dashboard_planted import ask, components, content, organisation, texts

from dashboard.app import create_app
from privacy import registry
from privacy.door import Door
from privacy.viewer import Viewer
from store.database import Store

TODAY = date(2026, 6, 20)
HERE = {"Sec-Fetch-Site": "same-origin"}
OWN = "?viewer=self:p1&lang=en"


@pytest.fixture
def found(tmp_path):
    return organisation(tmp_path)


@pytest.fixture
def client(found):
    client = create_app(Door(found, TODAY)).server.test_client()
    client.get("/_dash-layout")
    return client


def page(client, query=OWN):
    return content(ask(client, "/mine", query))


def decide(client, purpose, decision, viewer="self:p1", headers=HERE):
    address = {"viewer": viewer, "lang": "en", "purpose": purpose}
    return client.post("/mine/decide", query_string=address, data={"decision": decision}, headers=headers)


def test_it_says_what_the_others_are_really_told(client, found):
    door = Door(found, TODAY)
    period = door.overview().period
    said = texts(page(client))
    unit, hr = (door.split(viewer, period) for viewer in (Viewer("mt", unit="Intake"), Viewer("hr")))
    assert f"Management team of Intake | Where meeting hours go | Design {100 * unit.labels[0].share:.0f}%" in said
    assert f"HR, whole organisation | Where meeting hours go | Design {100 * hr.labels[0].share:.0f}%" in said
    assert f"| {unit.people}\n" in said
    assert f"| {hr.people}\n" in said
    assert "never you alone" in said


def test_it_speaks_dutch(client):
    said = texts(page(client, "?viewer=self:p1&lang=nl"))
    assert "nooit jou alleen" in said
    assert "Deel 90 dagen met het managementteam" in said


@pytest.mark.parametrize("viewer", ["mt", "hr", "mt:Intake"])
def test_nobody_else_gets_it(client, found, viewer):
    assert "about their own data" in texts(page(client, f"?viewer={viewer}&lang=en"))
    assert client.get(f"/numbers/mine/seen.csv?viewer={viewer}").status_code == 403
    before = found.path.read_bytes()
    assert decide(client, "card", "share", viewer).status_code == 403
    assert found.path.read_bytes() == before


def test_the_card_is_shared_and_taken_back_by_the_keyboard_alone(client, found):
    forms = components(page(client), "Form")
    assert [each["props"]["method"] for each in forms] == ["POST", "POST"]
    assert all(each["props"]["type"] == "submit" for each in components(forms, "Button"))
    now = datetime(2026, 6, 20)
    assert decide(client, "card", "share").headers["Location"].startswith("/mine?viewer=self%3Ap1")
    assert registry.sharing(Store(found.path), now) == {"p1"}
    assert "You share your own dependence card with the management team until" in texts(page(client))
    assert decide(client, "card", "withdraw").status_code == 303
    assert registry.sharing(Store(found.path), now) == set()


def test_a_management_team_sees_a_shared_card_and_hr_never(client):
    before = texts(content(ask(client, "/dependence", "?viewer=mt&lang=en")))
    decide(client, "card", "share")
    said = {viewer: texts(content(ask(client, "/dependence", f"?viewer={viewer}&lang=en"))) for viewer in ("mt", "hr")}
    assert "Persoon 1 (medewerker)" in said["mt"]
    assert "Persoon 1" not in said["hr"]
    decide(client, "card", "withdraw")
    # Whoever stopped looks like whoever never began.
    assert texts(content(ask(client, "/dependence", "?viewer=mt&lang=en"))) == before


def test_an_objection_takes_the_meetings_out(client, found):
    assert decide(client, "scan", "objection").status_code == 303
    assert "p1" not in set(Store(found.path).frame("attendance")["person_id"])
    assert "You objected" in texts(page(client))
    assert decide(client, "scan", "withdraw").status_code == 303
    assert "You objected" not in texts(page(client))


@pytest.mark.parametrize(
    ("purpose", "decision", "headers", "status"),
    [
        ("card", "share", {}, 403),
        ("card", "share", {"Sec-Fetch-Site": "cross-site"}, 403),
        ("card", "objection", HERE, 400),
        ("", "", HERE, 400),
        ("scan", "share", HERE, 400),
    ],
)
def test_forged_decisions_change_nothing(client, found, purpose, decision, headers, status):
    before = found.path.read_bytes()
    assert decide(client, purpose, decision, headers=headers).status_code == status
    assert decide(client, "card", "share", viewer="self:p2").status_code == 403
    assert found.path.read_bytes() == before
