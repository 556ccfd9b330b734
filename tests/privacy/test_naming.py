"""Names: to one unit's management, under a policy with evidence, unranked, and never of who objects or was not told."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest
import told_rows

from analysis.dependence import Card, Parts, Reason, Waiting
from privacy.groups import Group
from privacy.naming import NamedPeople, from_release, may_see_names, read, written
from privacy.refusal import Refusal
from privacy.release.others import Named, name_rows
from privacy.release.rows import Row
from privacy.released_door import ReleasedDoor
from privacy.viewer import Viewer

REASONS = (
    Reason("held_while_away", {"days_away": 12.0, "held": 1.0, "expected": 6.5}),
    Reason("nobody_stood_in", {}),
    Reason("tied_alone", {"pairs": 2.0}),
)
INTAKE, ICT, ALL, HR = Viewer("mt", unit="Intake"), Viewer("mt", unit="ICT"), Viewer("mt"), Viewer("hr")
EVIDENCE = {"legal_basis": "taak", "works_council": "OR-7"}


def card(person_id, score=0.9):
    parts, waiting = Parts(*[0.0] * 8), Waiting(2.0, 1.0, 3.0, 2.5, 0.8)
    return Card(person_id, score, 0.4, 0.95, True, True, 0.01, 0.05, parts, waiting, REASONS)


def name(of, *units):
    return Row("names", f"department:{units[0]}", units, "2026-01-05..2026-03-29", of, written(REASONS), "own card", "")


def release(rows=(), names=EVIDENCE, demo=False):
    return SimpleNamespace(rows=rows, names=names, demo=demo)


def released_names(cards, names, told):
    """What a release tells the management of Intake of these cards."""
    people = tuple(card.person_id for card in cards)
    unit = Group("department", "Intake", "Intake", ("Intake",), frozenset(range(len(people))), ("Intake",))
    found = SimpleNamespace(cards=cards, period="2026-01-05..2026-03-29")
    named = Named("taak", "OR-7", dict.fromkeys(told, "2026-01-01"), names)
    return name_rows(found, SimpleNamespace(groups=(unit,)), SimpleNamespace(people=people), named)


def test_people_stand_in_the_order_of_the_alphabet_whatever_their_score():
    cards = [card("p1", 0.99), card("p2", 0.6), card("p3", 0.8), card("p4", 0.7)]
    listed = released_names(cards, {"p1": "Wim", "p2": "Anna", "p3": "Kim", "p4": "Kim"}, ("p1", "p2", "p3", "p4"))
    assert [each.label for each in listed] == ["Anna", "Kim", "Kim", "Wim"]
    assert {each.value for each in listed} == {written(REASONS)}


def test_who_was_not_shown_the_own_card_is_not_named():
    listed = released_names([card("p1"), card("p2")], {}, ("p1",))
    assert [(each.label, each.units) for each in listed] == [("p1", ("Intake",))]


def test_evidence_comes_back_from_a_row_as_it_went_in():
    assert read(written(REASONS)) == REASONS


@pytest.mark.parametrize("viewer", [ALL, HR, Viewer("self", person_id="p1")])
def test_only_one_units_management_may_ever_see_names(viewer):
    assert not may_see_names(viewer)
    assert may_see_names(INTAKE)


def test_a_release_tells_a_unit_its_own_people_and_on_what_that_rests():
    found = from_release([release([name("Anna", "Intake"), name("Bo", "ICT")])], INTAKE, signed_in=True)
    assert isinstance(found, NamedPeople)
    assert [(each.name, each.reasons) for each in found.people] == [("Anna", REASONS)]
    assert (found.legal_basis, found.works_council, found.made_up) == ("taak", "OR-7", False)


def test_without_the_policy_and_without_signing_in_nobody_is_named():
    rows = [name("Anna", "Intake")]
    assert from_release([release(rows, names=None)], INTAKE, signed_in=True) == Refusal("names_not_set", {})
    assert from_release([release(rows)], INTAKE, signed_in=False) == Refusal("names_need_sign_in", {})
    assert isinstance(from_release([release(rows, demo=True)], INTAKE, signed_in=False), NamedPeople)


@pytest.mark.parametrize("viewer", [HR, ALL, Viewer("mt", unit="Elsewhere")])
def test_the_door_of_a_release_names_nobody_to_others(viewer):
    groups = (told_rows.Group(key, dict).info for key in ("organisation", "department:Intake", "department:ICT"))
    told = replace(told_rows.release(0, {}, [name("Anna", "Intake")]), names=EVIDENCE, groups=tuple(groups))
    door = ReleasedDoor([told], signed_in=True)
    assert door.viewers() == (ALL, ICT, INTAKE, HR)
    assert isinstance(door.named(INTAKE, told.period), NamedPeople)
    assert isinstance(door.named(viewer, told.period), Refusal)
