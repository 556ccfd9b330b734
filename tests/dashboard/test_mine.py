"""The page about oneself: for that person alone, exactly what the others get, and decisions by plain forms."""

from __future__ import annotations

from datetime import datetime

import pytest
from dashboard_planted import ask, client_of, components, content, organisation, texts, told

from privacy import registry
from privacy.viewer import Viewer
from store import clock
from store.database import Store

HERE = {"Sec-Fetch-Site": "same-origin"}
OWN = "?viewer=self:p1&lang=en"


@pytest.fixture
def found(tmp_path):
    return organisation(tmp_path)


@pytest.fixture
def client(found, released):
    return client_of(found, released)


def page(client, query=OWN):
    return content(ask(client, "/mine", query))


def decide(client, purpose, decision, viewer="self:p1", headers=HERE):
    address = {"viewer": viewer, "lang": "en", "purpose": purpose}
    return client.post("/mine/decide", query_string=address, data={"decision": decision}, headers=headers)


def test_it_says_what_the_others_are_really_told(client, released):
    period = released.overview().period
    said = texts(page(client))
    unit, hr = (released.split(viewer, period) for viewer in (Viewer("mt", unit="Intake"), Viewer("hr")))
    for who, split in (("Management team of Intake", unit), ("HR, whole organisation", hr)):
        first = split.labels[0]
        assert f"{who} | Where meeting hours go | {first.label.capitalize()} {100 * first.share:.0f}%" in said
    assert f"| {unit.people}\n" in said
    assert f"| {hr.people}\n" in said
    assert "never you alone" in said


def test_where_nothing_was_released_nobody_sees_anything(found):
    said = texts(page(client_of(found)))
    assert "Nobody else sees a figure that includes you." in said
    assert "Others read releases only, and this dashboard was given none." in said


def test_it_speaks_dutch(client):
    said = texts(page(client, "?viewer=self:p1&lang=nl"))
    assert "nooit jou alleen" in said
    assert "Deel 90 dagen met het managementteam" in said


@pytest.mark.parametrize("viewer", ["mt", "hr", "mt:Intake"])
def test_nobody_else_gets_it(client, found, viewer):
    assert "about their own calendar" in texts(page(client, f"?viewer={viewer}&lang=en"))
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
    assert set(registry.sharing(Store(found.path), now)) == {"p1"}
    assert "You share your own dependence card with the management team until" in texts(page(client))
    assert decide(client, "card", "withdraw").status_code == 303
    assert registry.sharing(Store(found.path), now) == {}


def test_management_reads_a_shared_card_in_the_next_release_and_hr_never(client, found, monkeypatch):
    def said(viewer):
        return texts(content(ask(client_of(found, told(found)), "/dependence", f"?viewer={viewer}&lang=en")))

    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 6, 20, 9))
    before = said("mt")
    decide(client, "card", "share")
    shared = "Persoon 1, shared until 18 September 2026"
    assert [shared in said(viewer) for viewer in ("mt", "mt:Intake", "mt:Balie", "hr")] == [True, True, False, False]
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 9, 19, 9))
    assert shared not in said("mt")
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 6, 20, 9))
    decide(client, "card", "withdraw")
    # Whoever stopped looks like whoever never began.
    assert said("mt") == before


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
