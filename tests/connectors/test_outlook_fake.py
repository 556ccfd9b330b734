"""The fake Graph stays honest: what it sends is Microsoft's, and what Microsoft refuses it refuses."""

from __future__ import annotations

import copy
import json
import random

import pytest
import requests
from jsonschema import Draft202012Validator

from connectors.outlook.settings import SELECT
from tests.connectors.fakes.graph_contract import SCHEMA, definitions, faults
from tests.connectors.fakes.outlook import OutlookFake
from tests.connectors.fakes.outlook_case import small_world
from tests.connectors.fakes.outlook_faults import Faults
from tests.connectors.fakes.outlook_world import World, user

SPAN = {"startDateTime": "2026-01-01T00:00:00Z", "endDateTime": "2026-03-01T00:00:00Z"}


@pytest.fixture
def fake():
    with OutlookFake(small_world()) as given:
        yield given


def ask(fake, path, headers=None, token=None, **params):
    word = token or fake.sign_in().token()
    given = {"Authorization": f"Bearer {word}", **(headers or {})}
    with requests.get(fake.url + path, params=params, headers=given, timeout=10) as answer:
        return answer.status_code, answer.json(), answer.headers


def validator(name):
    return Draft202012Validator({"$defs": definitions(), "$ref": f"#/$defs/{name}"})


def spoilt(value, dice):
    """The value with one thing in it changed."""
    value = copy.deepcopy(value)
    inner = [value]
    for each in inner:
        inner.extend(
            found for found in (each.values() if isinstance(each, dict) else each) if isinstance(found, dict | list)
        )
    target = dice.choice([each for each in inner if each])
    key = dice.choice(list(target)) if isinstance(target, dict) else dice.randrange(len(target))
    target[key] = dice.choice([None, 3, "x", True, [], {}, {"unheardOf": 1}, 1.5])
    if dice.random() < 0.2 and isinstance(target, dict):
        target["unheardOf"] = 1
    return value


def test_the_quick_reader_of_the_schema_and_jsonschema_agree():
    world, dice = World.generate(3, 3, seed=4), random.Random(4)
    events = world.events(world.users[0]["id"])
    check, verdicts = validator("event"), []
    for _ in range(400):
        event = spoilt(dice.choice(events), dice)
        verdicts.append(not faults("event", event))
        assert verdicts[-1] == check.is_valid(event), (faults("event", event), list(check.iter_errors(event)))
    assert 20 < sum(verdicts) < 380, "both verdicts occur"


def test_every_event_of_a_page_stands_in_the_contract(fake):
    status, body, _ = ask(fake, "/users/anna@example.org/calendarView", **SPAN)
    assert status == 200
    page = {"type": "object", "required": ["value"], "properties": {"value": {"type": "array", "items": {"$ref": "#/$defs/event"}}},
            "patternProperties": {r"^@odata\.": {"type": ["string", "integer"]}}, "additionalProperties": False}  # fmt: skip
    errors = list(Draft202012Validator({"$defs": definitions(), **page}).iter_errors(body))
    assert errors == []


def test_a_fake_that_would_say_something_new_refuses_to(fake):
    owner = fake.addresses()["anna@example.org"]
    fake.world.put(owner, {**fake.world.event(owner, "single"), "uid": "beta"})
    assert ask(fake, f"/users/{owner}/calendarView", **SPAN)[0] == 418


def test_the_contract_and_its_licence_are_here():
    assert json.loads(SCHEMA.read_text())["$defs"]
    assert "MIT" in (SCHEMA.parent / "LICENSE.msgraph-metadata").read_text()


def test_a_page_holds_ten_unless_more_are_asked_for(fake):
    many = {"Prefer": "odata.maxpagesize=500"}
    assert len(ask(fake, "/users/anna@example.org/calendarView", **SPAN)[1]["value"]) == 10
    assert "@odata.nextLink" not in ask(fake, "/users/anna@example.org/calendarView", many, **SPAN)[1]


def test_what_is_not_selected_does_not_come_and_without_a_choice_bodies_do(fake):
    chosen = ask(fake, "/users/anna@example.org/calendarView", **SPAN, **{"$select": ",".join(SELECT)})[1]["value"][0]
    whole = ask(fake, "/users/anna@example.org/calendarView", **SPAN)[1]["value"][0]
    assert set(chosen) == {*SELECT, "@odata.etag"}
    assert "body" in whole


@pytest.mark.parametrize(
    ("path", "params", "status", "code"),
    [
        ("/users/anna@example.org/calendarView", {}, 400, "ErrorInvalidParameter"),
        ("/users/anna@example.org/calendarView", {**SPAN, "$select": "titel"}, 400, "RequestBroker--ParseUri"),
        ("/users/anna@example.org/calendarView/delta", {**SPAN, "$select": "id"}, 400, "ErrorInvalidUrlQuery"),
        ("/users/nobody@example.org/calendarView", SPAN, 404, "ErrorInvalidUser"),
        ("/users/anna@example.org/events/none", {}, 404, "ErrorItemNotFound"),
        ("/me/calendarView", SPAN, 404, "ErrorInvalidUser"),
        ("/me", {}, 400, "BadRequest"),
    ],
)
def test_refusals_look_like_microsofts(fake, path, params, status, code):
    given, body, _ = ask(fake, path, **params)
    assert (given, body["error"]["code"]) == (status, code)
    assert set(body["error"]) >= {"code", "message"}


def test_nobody_gets_in_without_a_word_of_access(fake):
    status, body, _ = ask(fake, "/users", token="made-up")
    assert (status, body["error"]["code"]) == (401, "InvalidAuthenticationToken")


def test_graph_knows_people_by_id_and_principal_name_but_not_by_another_address():
    with OutlookFake(World(users=[user(1, "Anna", userPrincipalName="ab@login.example")])) as fake:
        assert ask(fake, "/users/anna@example.org/calendarView", **SPAN)[0] == 404
        assert ask(fake, "/users/ab@login.example/calendarView", **SPAN)[0] == 200


def test_thin_occurrences_carry_six_things(fake):
    items = ask(fake, "/users/anna@example.org/calendarView/delta", {"Prefer": "odata.maxpagesize=50"}, **SPAN)[1][
        "value"
    ]
    thin = next(each for each in items if each["type"] == "occurrence")
    assert set(thin) == {"@odata.etag", "id", "seriesMasterId", "type", "start", "end"}


def test_faults_are_the_same_for_the_same_seed_and_come_as_often_as_asked():
    storm = Faults.campaign(seed=3)
    drawn = [storm.drawn("anna", number) for number in range(4000)]
    assert drawn == [storm.drawn("anna", number) for number in range(4000)]
    assert drawn != [Faults.campaign(seed=4).drawn("anna", number) for number in range(4000)]
    assert 160 < drawn.count("throttled") < 240
    assert 50 < drawn.count("errors") < 110
    assert set(drawn) == {None, "throttled", "errors", "dropped", "expired"}
    assert not any(Faults().drawn("anna", number) for number in range(100))


def test_a_world_is_the_same_for_the_same_seed():
    one, two, other = (World.generate(9, 3, seed) for seed in (1, 1, 2))
    calendars = [[world.events(each["id"]) for each in world.users] for world in (one, two, other)]
    assert calendars[0] == calendars[1] != calendars[2]


def test_a_made_world_has_everything_that_makes_a_scan_hard():
    world = World.generate(16, 20, seed=1)
    events = [event for each in world.users for event in world.events(each["id"])]
    assert {event["type"] for event in events} == {"singleInstance", "occurrence", "exception", "seriesMaster"}
    assert {event["sensitivity"] for event in events} == {"normal", "private"}
    assert {event["showAs"] for event in events} == {"busy", "free", "tentative", "oof", "workingElsewhere"}
    assert {True, False} == {event["isAllDay"] for event in events} == {event["hideAttendees"] for event in events}
    rows = [event for event in events if event["type"] != "seriesMaster"]
    assert 15 < len(rows) / 16 / 20 < 35
    uids = [{event["iCalUId"] for event in world.events(each["id"])} for each in world.users]
    assert uids[0] & uids[2], "meetings are shared"
