"""The fake is honest: its contract is the vendor's, it misbehaves on command, and its world is the same every time."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import datetime

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from tests.connectors.fakes import google_contract as contract
from tests.connectors.fakes.google import GoogleFake
from tests.connectors.fakes.google_calendar import mask_of, projected
from tests.connectors.fakes.google_faults import Faults
from tests.connectors.fakes.google_world import World, event, occurrence, stub


def seconds(edge: dict) -> float:
    return datetime.fromisoformat(edge["dateTime"]).timestamp()


CHECKER = FormatChecker()
CHECKER.checks("date-time")(lambda value: not isinstance(value, str) or bool(contract._FORMATS["date-time"](value)))


def strict(name: str, body: object) -> bool:
    """The verdict of jsonschema itself."""
    schema = {"$defs": contract.definitions(), "$ref": f"#/$defs/{name}"}
    return Draft202012Validator(schema, format_checker=CHECKER).is_valid(body)


def test_the_contract_is_what_the_installed_client_brings():
    kept = json.loads(contract.CONTRACT.read_text(encoding="utf-8"))
    found = contract.discovered("calendar.v3")
    assert (found["x-revision"], found["$defs"]) == (kept["x-revision"], kept["$defs"])


def spoilt() -> list[dict]:
    good = event(
        "los1",
        "2026-01-05T10:00:00+01:00",
        "2026-01-06T10:00:00+01:00",
        attendees=[{"email": "a@b.example", "self": True}],
    )
    return [
        good,
        occurrence("reeks1", "2026-01-05", "2026-01-05", "2026-01-06"),
        good | {"verzonnen": 1},
        good | {"sequence": "1"},
        good | {"sequence": True},
        good | {"created": "2026-01-05 10:00"},
        good | {"start": {"date": "5 januari"}},
        good | {"attendees": {"email": "a@b.example"}},
        good | {"attendees": [{"email": None}]},
        good | {"extendedProperties": {"private": {"a": "b"}}},
        good | {"extendedProperties": {"private": {"a": 1}}},
    ]


@pytest.mark.parametrize("given", spoilt())
def test_the_quick_check_says_what_jsonschema_says(given):
    assert (contract.faults("Events", {"items": [given]}) == []) is strict("Events", {"items": [given]})


@pytest.mark.parametrize(
    "more", [{"status": "weg"}, {"eventType": "lunch"}, {"visibility": "geheim"}, {"transparency": "x"}]
)
def test_words_that_only_the_documentation_knows(more):
    assert contract.rule_faults(event("los1", "2026-01-05", "2026-01-06") | more)


def test_a_stub_tells_no_more_than_is_promised():
    given = occurrence("reeks1", "2026-01-05", "2026-01-05", "2026-01-06")
    assert contract.rule_faults(stub(given)) == []
    assert contract.rule_faults(given | {"status": "cancelled"})


def test_every_event_of_a_generated_world_fits():
    world = World.generate(9, 6)
    for box in world.mailboxes:
        assert contract.faults("Events", {"items": world.events(box)}) == []
    assert strict("Events", {"items": world.events(world.mailboxes[0])[:50]})
    assert contract.faults("Users", {"users": world.users}) == []


def test_a_generated_world_is_the_same_every_time_and_holds_everything():
    one, other = World.generate(9, 20, seed=4), World.generate(9, 20, seed=4)
    backwards = {box: other.events(box) for box in reversed(other.mailboxes)}
    assert all(one.events(box) == backwards[box] for box in one.mailboxes)
    events = [each for box in one.mailboxes for each in one.events(box)]
    kinds = Counter(each["eventType"] for each in events)
    assert set(kinds) == {"default", "focusTime", "outOfOffice", "workingLocation"}
    for field in ("visibility", "attendeesOmitted", "guestsCanSeeOtherGuests", "recurringEventId", "hangoutLink"):
        assert any(field in each for each in events), field
    series = [each for each in events if "originalStartTime" in each]
    moved = [each for each in series if seconds(each["start"]) != seconds(each["originalStartTime"])]
    assert 0 < len(moved) < len(series) / 10
    copies = Counter(each["id"] for each in events)
    assert max(copies.values()) == 9
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", next(each["start"]["date"] for each in events if "date" in each["start"]))


def test_faults_depend_on_seed_mailbox_and_number_alone():
    faults = Faults(seed=2, throttled=0.05, server_errors=0.02, dropped=0.01, expired=0.01)
    struck = [faults.strikes("anna", number) for number in range(5000)]
    assert struck == [faults.strikes("anna", number) for number in range(5000)]
    assert struck != [faults.strikes("bram", number) for number in range(5000)]
    assert 0.03 < struck.count("throttled") / 5000 < 0.07
    faults.on = False
    assert not any(faults.strikes("anna", number) for number in range(100))


def test_the_mask_keeps_what_it_names():
    mask = mask_of("a,b(c,d/e),f")
    assert mask == {"a": {}, "b": {"c": {}, "d": {"e": {}}}, "f": {}}
    body = {"a": {"x": 1}, "b": [{"c": 1, "d": {"e": 2, "z": 3}}, {"y": 4}], "q": 5}
    assert projected(body, mask, {}) == {"a": {"x": 1}, "b": [{"c": 1, "d": {"e": 2}}, {}]}


def test_a_void_token_is_never_given_out_again():
    with GoogleFake(World.generate(2, 1)) as fake:
        first = fake._token(fake.world.mailboxes[0], frozenset())["access_token"]
        fake.expire_access()
        second = fake._token(fake.world.mailboxes[1], frozenset())["access_token"]
    assert first != second
