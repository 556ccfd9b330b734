from __future__ import annotations

import pytest

from privacy.identity import Grant, Grants, can_look
from privacy.viewer import Viewer

HR, TEAM = Viewer("hr"), Viewer("mt", unit="Intake")
LINES = (Grant("hr", HR), Grant("mt", TEAM), Grant("ann@example.org", HR, personal=True))


@pytest.mark.parametrize(
    ("claims", "viewers"),
    [
        ({"groups": ["hr", "mt"]}, (HR, TEAM)),
        ({"groups": "mt"}, (TEAM,)),
        ({"groups": None}, ()),
        ({"groups": {"hr": True}}, ()),
        ({"roles": ["hr"]}, ()),
        ({"email": "Ann@Example.org", "email_verified": True}, (HR,)),
        ({"email": "ann@example.org"}, ()),
        ({"email": "ann@example.org", "email_verified": "true"}, ()),
        ({"groups": ["ann@example.org"]}, ()),
    ],
)
def test_claims_give_the_views_that_are_written_down(claims, viewers):
    assert Grants(LINES).of({"sub": "x"} | claims).viewers == viewers


def test_a_person_is_known_by_the_providers_own_ids():
    lines = (Grant("id-1", Viewer("self", person_id="p1"), personal=True),)
    assert Grants(lines).of({"sub": "id-1"}).viewers == (Viewer("self", person_id="p1"),)
    assert Grants(lines).of({"sub": "other", "oid": "id-1"}).viewers == (Viewer("self", person_id="p1"),)


def test_the_own_claim_gives_the_own_view_first():
    grants = Grants(LINES, own_claim="employee")
    assert grants.of({"sub": "x", "employee": "p9", "groups": ["hr"]}).viewers == (Viewer("self", person_id="p9"), HR)


def test_nobody_may_look_by_default():
    assert not can_look(None, HR)
    assert not can_look(Grants(()).of({"sub": "x"}), HR)


def test_in_a_scan_people_go_by_other_names():
    lines = (*LINES, Grant("id-1", Viewer("self", person_id="ann@example.org"), personal=True))
    grants = Grants(lines, own_claim="employee", known_as={"bo@example.org": "p9x", "ann@example.org": "a7x"}.get)
    assert grants.of({"sub": "id-1", "groups": ["hr"]}).viewers == (HR, Viewer("self", person_id="a7x"))
    assert grants.of({"sub": "x", "employee": "bo@example.org"}).viewers == (Viewer("self", person_id="p9x"),)
