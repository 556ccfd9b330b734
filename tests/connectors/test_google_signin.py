"""Signing in, one's own calendars, the directory, and what `doctor google` says of a tenant."""

from __future__ import annotations

import json
import webbrowser
from datetime import datetime

import pytest

from connectors.contract import Window
from connectors.errors import Denied, Misconfigured, Trouble
from connectors.google.check import check_organisation, check_own
from connectors.google.directory import DirectoryReader, person
from connectors.google.login import client_config, service_account_key, sign_in, store_key, withdraw
from connectors.google.own import own_source
from connectors.google.settings import CALENDARS, EVENTS, FREE_BUSY, GROUPS, OWNED, ROOMS, USERS, own_scopes
from store.errors import BadInput
from tests.connectors.fakes.google import GoogleFake
from tests.connectors.fakes.google_case import ANNA, BRAM, CARO, known_calendar
from tests.connectors.fakes.google_faults import SECRET, no_token, refusal
from tests.connectors.fakes.google_world import EVERYBODY, World, event, guest, user

WINDOW = Window(datetime(2026, 1, 1), datetime(2026, 4, 1))


class Pocket(dict):
    """A token store in memory."""

    def load(self, key: str) -> str | None:
        return self.get(key)

    def save(self, key: str, value: str) -> None:
        self[key] = value

    def forget(self, key: str) -> None:
        self.pop(key, None)


@pytest.fixture
def fake():
    with GoogleFake(World.of({each: known_calendar(each) for each in (ANNA, BRAM)})) as running:
        yield running


@pytest.fixture
def browser(fake, monkeypatch):
    """A user who allows everything at once; the redirect comes back without encryption, as it does on any machine."""
    opened = fake.browser()
    monkeypatch.setattr(webbrowser, "get", lambda *_: opened)
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    return opened


@pytest.fixture
def client(fake, tmp_path):
    path = tmp_path / "client.json"
    path.write_text(json.dumps(fake.client()))
    return path


def test_scopes_are_the_narrowest():
    assert own_scopes() == (OWNED,)
    assert own_scopes(shared=True) == (EVENTS, CALENDARS)
    assert own_scopes(hours_only=True) == (FREE_BUSY,)


def test_the_own_calendar_in_one_go(fake, browser, client, capsys):
    pocket = Pocket()
    credentials = sign_in(client, own_scopes(), pocket, fake.settings())
    source = own_source(credentials, fake.settings())
    with source.wire:
        pull = source.pull(ANNA, WINDOW)
        assert list(source.mailboxes()) == [ANNA]
        assert (pull.owner, len(pull.batch.meetings), pull.complete) == (ANNA, 5, True)
        assert pull.batch.meetings["title"].notna().all()
        fake.world.delete(ANNA, known_calendar(ANNA)[0])
        assert len(source.pull(ANNA, WINDOW, pull.token).tombstones) == 1
    assert "access_type=offline" in browser.opened[0]
    assert "code_challenge" in browser.opened[0]
    assert SECRET not in capsys.readouterr().out.replace("client_secret", "")


def test_pitfall_07_two_event_types_and_two_pages_through_the_client_library(fake, browser, client):
    credentials = sign_in(client, own_scopes(), Pocket(), fake.settings())
    source = own_source(credentials, fake.settings(page_size=2), me=ANNA)
    with source.wire:
        pull = source.pull(ANNA, WINDOW)
    assert (pull.counts["pages"], pull.counts["occurrences"]) == (3, 5)
    assert fake.counts["events"] == 3


def test_a_second_run_needs_no_browser(fake, browser, client):
    pocket = Pocket()
    sign_in(client, own_scopes(), pocket, fake.settings())
    assert set(json.loads(pocket["google/client-1"])) == {"refresh_token", "scopes"}
    assert sign_in(client, own_scopes(), pocket, fake.settings()).valid
    assert fake.counts["consent"] == 1


def test_other_scopes_or_a_withdrawn_sign_in_ask_again(fake, browser, client):
    pocket = Pocket()
    sign_in(client, own_scopes(), pocket, fake.settings())
    sign_in(client, own_scopes(hours_only=True), pocket, fake.settings())
    kept = json.loads(pocket["google/client-1"])
    pocket["google/client-1"] = json.dumps(kept | {"refresh_token": "ingetrokken"})
    sign_in(client, own_scopes(hours_only=True), pocket, fake.settings())
    assert fake.counts["consent"] == 3


def test_who_does_not_allow_it_is_told_so(fake, browser, client):
    fake.granted = set()
    with pytest.raises(Denied, match="access_denied"):
        sign_in(client, own_scopes(), Pocket(), fake.settings())


def test_half_a_permission_is_refused(fake, browser, client):
    fake.granted = {EVENTS}
    with pytest.raises(Misconfigured, match="every box"):
        sign_in(client, own_scopes(shared=True), Pocket(), fake.settings())


def test_nobody_answers(fake, browser, client, monkeypatch):
    monkeypatch.setattr(webbrowser, "get", lambda *_: type("Closed", (), {"open": lambda *_, **__: False})())
    with pytest.raises(BadInput, match="nobody signed in"):
        sign_in(client, own_scopes(), Pocket(), fake.settings(sign_in_seconds=0.05))


def test_a_kept_sign_in_can_be_withdrawn(fake, browser, client):
    pocket = Pocket()
    sign_in(client, own_scopes(), pocket, fake.settings())
    (kept,) = pocket.values()
    assert withdraw(kept, fake.settings())
    assert fake.counts["revoke"] == 1


def test_nothing_is_said_to_be_withdrawn_that_google_did_not_confirm(fake):
    closed = fake.settings(revoke_url="http://127.0.0.1:9/revoke")
    for kept, settings in (('{"refresh_token": "x"}', closed), ("{}", fake.settings()), ("no JSON", fake.settings())):
        assert not withdraw(kept, settings)


@pytest.mark.parametrize(
    "text", ["", "[]", '{"web": {"client_id": "x"}}', '{"type": "service_account"}', '{"installed": {}}']
)
def test_a_wrong_file_is_named(tmp_path, text):
    path = tmp_path / "x.json"
    path.write_text(text)
    for read in (client_config, service_account_key):
        with pytest.raises(BadInput, match=r"x\.json"):
            read(path)
    with pytest.raises(BadInput, match="cannot be read"):
        client_config(tmp_path / "niets.json")


def test_hours_only_brings_neither_titles_nor_guests(fake, browser, client):
    credentials = sign_in(client, own_scopes(hours_only=True), Pocket(), fake.settings())
    source = own_source(credentials, fake.settings(), hours_only=True)
    with source.wire:
        pull = source.pull(ANNA, WINDOW)
    meetings = pull.batch.meetings
    assert pull.owner == ANNA
    assert meetings["title"].isna().all()
    assert meetings["headcount"].isna().all()
    assert set(pull.batch.attendance["person_id"]) == {ANNA}
    assert "summary" not in fake.asked[-1][1]["fields"][0]


def test_colleagues_who_share_their_calendar(fake, browser, client):
    fake.world.shared = {ANNA: {BRAM: "reader", CARO: "freeBusyReader", "c_1@group.calendar.google.com": "owner"}}
    credentials = sign_in(client, own_scopes(shared=True), Pocket(), fake.settings())
    source = own_source(credentials, fake.settings(), shared=True)
    with source.wire:
        assert list(source.mailboxes()) == [ANNA, BRAM]
        assert source.pull(BRAM, WINDOW).owner == BRAM


def test_a_calendar_without_a_name_needs_one(fake, browser, client):
    credentials = sign_in(client, own_scopes(), Pocket(), fake.settings())
    nameless = GoogleFake(World.of({"": []}))
    with nameless as other:
        given = other.token_for({"grant_type": "authorization_code", "code": other.code_for(OWNED)})
        credentials.token = given["access_token"]
        with pytest.raises(Misconfigured, match="--me"):
            own_source(credentials, other.settings())


def test_the_directory_page_by_page():
    world = World.generate(20, 0)
    world.users[5]["suspended"] = True
    world.users[6]["isMailboxSetup"] = False
    world.users[9]["relations"] = [{"type": "manager", "value": "Persoon00000.oud@meridiaan.example"}]
    asked: list[int] = []
    with GoogleFake(world) as fake:
        reader = DirectoryReader(
            fake.key(), world.mailboxes[0], fake.settings(directory_page_size=8), before_request=lambda: asked.append(1)
        )
        directory = reader.read()
        everybody = reader.read(suspended=True)
    boss, ninth = (next(row for row in directory.people if row["person_id"] == world.mailboxes[n]) for n in (0, 9))
    assert (len(directory.people), len(everybody.people), fake.counts["users"]) == (19, 20, 6)
    assert len(asked) == sum(fake.counts[kind] for kind in ("users", "rooms", "groups"))
    assert boss["manager"] is None
    assert ninth["manager"] == boss["person_id"]
    assert ninth == {
        "person_id": "persoon00009@meridiaan.example",
        "name": "Persoon00009",
        "email": "persoon00009@meridiaan.example",
        "manager": "persoon00000@meridiaan.example",
        "department": "Team 1",
        "function": "Adviseur",
        "aliases": ["persoon00009.oud@meridiaan.example"],
        "org_unit": "/Teams/1",
        "suspended": False,
        "mailbox": True,
    }
    assert directory.aliases["persoon00009.oud@meridiaan.example"] == ninth["person_id"]
    assert (directory.rooms, directory.groups) == (frozenset(world.rooms), {EVERYBODY})
    assert directory.mailboxes("/Teams/0") == [box for n, box in enumerate(world.mailboxes[:8]) if n not in {5, 6}]
    assert len(directory.mailboxes()) == 18


def test_a_directory_without_rooms_and_groups_is_read_all_the_same():
    world = World.generate(2, 0)
    with GoogleFake(world, delegated={USERS}) as fake:
        directory = DirectoryReader(fake.key(), world.mailboxes[0], fake.settings()).read()
    assert (len(directory.people), directory.rooms, directory.groups) == (2, frozenset(), frozenset())
    assert [problem.rejected for problem in directory.problems] == [False, False]


def test_one_throttled_page_of_the_directory_is_asked_again_alone():
    world = World.generate(20, 0)
    tries: list[int] = []

    with GoogleFake(world) as fake:

        def stubborn(call):
            tries.append(1)
            fake.refuse = refusal(503, "backendError") if len(tries) == 2 else None
            try:
                return call()
            except Trouble:
                fake.refuse = None
                return call()

        reader = DirectoryReader(
            fake.key(), world.mailboxes[0], fake.settings(directory_page_size=8), patiently=stubborn
        )
        assert len(reader.read().people) == 20
        assert fake.counts["users"] == 4


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"relations": "tekst", "organizations": [None, 3]},
        {"relations": [{"type": "manager", "value": "de baas"}]},
        {"name": None, "aliases": None},
    ],
)
def test_free_text_in_the_directory_is_not_believed(odd):
    row = person({"primaryEmail": "Anna@Meridiaan.example"} | odd)
    assert (row["person_id"], row["manager"], row["department"], row["suspended"]) == (ANNA, None, None, False)
    assert person({"id": "1"} | odd) is None


def sentences(fake: GoogleFake) -> dict[str, tuple[bool, str]]:
    found = check_organisation(fake.key(), ANNA, BRAM, fake.settings())
    assert not any(SECRET in finding.sentence for finding in found)
    return {finding.topic: (finding.ok, finding.sentence) for finding in found}


def test_doctor_finds_nothing_wrong_with_a_whole_tenant(fake):
    found = sentences(fake)
    assert all(ok for ok, _ in found.values())
    assert found["guests"][1] == "guests are visible in 3 of the 5 events looked at"


@pytest.mark.parametrize(
    ("scope", "topic"), [(USERS, "people"), (ROOMS, "rooms"), (GROUPS, "groups"), (EVENTS, "delegation")]
)
def test_doctor_names_the_scope_that_is_missing(fake, scope, topic):
    fake.delegated.discard(scope)
    wrong = {name: sentence for name, (ok, sentence) in sentences(fake).items() if not ok}
    assert set(wrong) == {topic}
    assert scope in wrong[topic]
    assert "1122334455" in wrong[topic]


@pytest.mark.parametrize(
    ("api", "name", "count"), [("calendar", "Google Calendar API", 1), ("admin", "Admin SDK API", 3)]
)
def test_doctor_names_the_api_that_is_switched_off(fake, api, name, count):
    fake.switched_off.add(api)
    wrong = [sentence for ok, sentence in sentences(fake).values() if not ok]
    assert len(wrong) == count
    assert all(name in sentence for sentence in wrong)


def test_pitfall_26_doctor_tells_that_sharing_with_the_service_account_hides_the_guests(fake):
    fake.delegated.clear()
    fake.world.shared = {"": {BRAM: "reader"}}
    ok, sentence = sentences(fake)["guests"]
    assert not ok
    assert "0 of its 5 events" in sentence
    assert "domain-wide delegation" in sentence


def test_pitfall_26_doctor_wonders_where_all_the_guests_are():
    lonely = [
        event("los1", "2026-01-05T10:00:00+01:00", "2026-01-05T11:00:00+01:00", organizer={"email": BRAM, "self": True})
    ]
    with GoogleFake(World.of({ANNA: [], BRAM: lonely})) as fake:
        assert not sentences(fake)["guests"][0]


def test_doctor_names_a_mailbox_without_calendar_and_an_unknown_administrator(fake):
    fake.world.without_calendar.add(BRAM)
    assert "no Google calendar" in sentences(fake)["calendar"][1]
    fake.world.suspended.add(ANNA)
    assert "--admin" in sentences(fake)["people"][1]


def test_doctor_tells_of_a_key_that_is_no_more(fake):
    fake.refuse_sign_in = no_token("invalid_grant", "Invalid JWT Signature.")
    assert all("signature" in sentence for ok, sentence in sentences(fake).values() if not ok)


def test_doctor_looks_at_the_own_calendar(fake, browser, client):
    credentials = sign_in(client, own_scopes(), Pocket(), fake.settings())
    assert [finding.ok for finding in check_own(credentials, fake.settings())] == [True]
    fake.switched_off.add("calendar")
    (finding,) = check_own(credentials, fake.settings(), hours_only=True)
    assert not finding.ok
    assert "switched on" in finding.sentence


def test_the_store_key_and_a_user_row():
    assert store_key({"installed": {"client_id": "abc"}}) == "google/abc"
    assert user(ANNA)["relations"] == []
    assert guest(ANNA)["responseStatus"] == "accepted"
