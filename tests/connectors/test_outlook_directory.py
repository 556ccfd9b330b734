"""People, rooms and groups of a tenant, and what `doctor outlook` finds missing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from connectors.chart.entry import entries_of
from connectors.errors import Denied, Misconfigured
from connectors.outlook import directory
from connectors.outlook.check import check_organisation, check_own, claims_of
from connectors.outlook.client import Graph
from connectors.outlook.settings import WHY
from tests.connectors.fakes.outlook import OutlookFake
from tests.connectors.fakes.outlook_case import small_world
from tests.connectors.fakes.outlook_faults import Faults
from tests.connectors.fakes.outlook_world import DOMAIN, World, event, guest, room, user

ANNA, BOB = f"anna@{DOMAIN}", f"bob@{DOMAIN}"
VALID = SimpleNamespace(runs_out=datetime(2030, 1, 1, tzinfo=UTC))


@pytest.fixture
def fake():
    world = small_world()
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    world.put(world.users[1]["id"], event("now", now, attendees=[guest(BOB)]))
    with OutlookFake(world) as given:
        yield given


def graph_of(fake, person=None):
    return Graph(fake.settings(), fake.sign_in(person))


# People


def test_people_with_manager_department_and_every_address(fake):
    anna = next(each for each in directory.people(graph_of(fake)) if each.name == "Anna")
    assert anna == directory.DirectoryPerson(
        person_id=ANNA,
        user_id="00000002-0000-4000-8000-000000000000",
        name="Anna",
        email=ANNA,
        manager=BOB,
        department="Beleid",
        function="Adviseur",
        aliases=(f"anna.alias@{DOMAIN}",),
    )


def test_every_page_of_people_is_read_though_a_page_with_managers_holds_a_hundred():
    with OutlookFake(World.generate(230, 1, seed=1)) as fake:
        people = directory.people(graph_of(fake))
        assert len(people) == 230
        assert fake.counts["users"] == 3
        managers = {each.person_id: each.manager for each in people}
        assert managers[f"persoon9@{DOMAIN}"] == f"persoon8@{DOMAIN}"
        assert managers[f"persoon8@{DOMAIN}"] == f"persoon0@{DOMAIN}"
        assert managers[f"persoon0@{DOMAIN}"] is None


def test_accounts_with_little_filled_in_are_people_too():
    empty = dict.fromkeys(("displayName", "mail", "department", "jobTitle", "userType"))
    bare = user(9, "Karel", manager="nobody-we-know", **empty, proxyAddresses=[])
    with OutlookFake(World(users=[bare])) as fake:
        (karel,) = directory.people(graph_of(fake))
    assert (karel.person_id, karel.manager, karel.email, karel.department) == (f"karel@{DOMAIN}", None, None, None)
    assert directory.mailboxes([karel]) == {}


def test_pitfall_22_guests_and_switched_off_accounts_are_listed_but_not_scanned():
    users = [
        user(1, "Anna"), user(2, "Gast", userType="Guest"), user(3, "Weg", accountEnabled=False), user(4, "Zonder", mail=None),
    ]  # fmt: skip
    with OutlookFake(World(users=users)) as fake:
        people = directory.people(graph_of(fake))
    assert {each.name: (each.enabled, each.user_type) for each in people}["Weg"] == (False, "Member")
    assert directory.mailboxes(people) == {ANNA: users[0]["id"]}


def test_an_address_that_two_accounts_claim_belongs_to_whose_main_one_it_is():
    users = [
        user(1, "Anna", proxyAddresses=[f"SMTP:{ANNA}", f"smtp:{BOB}", "X500:/O=X/CN=Anna", "sip:anna@x", "", None]),
        user(2, "Bob", proxyAddresses=[]),
    ]
    with OutlookFake(World(users=users)) as fake:
        assert directory.aliases(directory.people(graph_of(fake))) == {"/o=x/cn=anna": ANNA}


def test_rooms_and_groups():
    world = World(
        rooms=[room(f"Zaal{n}") for n in range(120)],
        groups=[{"id": "g", "mail": f"Team@{DOMAIN}", "proxyAddresses": [f"smtp:t@{DOMAIN}"]}],
    )
    with OutlookFake(world) as fake:
        assert len(directory.rooms(graph_of(fake))) == 120
        assert directory.groups(graph_of(fake)) == {f"team@{DOMAIN}", f"t@{DOMAIN}"}
        fake.roles = ()
        for ask in (directory.rooms, directory.groups, directory.people):
            with pytest.raises(Denied):
                ask(graph_of(fake))


# Doctor


def found(fake, **given):
    sign_in = fake.sign_in()
    return list(check_organisation(Graph(fake.settings(), sign_in), sign_in, given.pop("certificate", VALID), **given))


def wrong(findings):
    return [(each.topic, each.sentence) for each in findings if each.ok is False]


def test_a_tenant_in_which_all_is_well(fake):
    findings = found(fake, mailboxes=[ANNA])
    assert wrong(findings) == []
    assert {each.topic for each in findings if each.ok} == {"certificate", "sign-in", "people", "rooms", "calendar"}
    assert any("1 events in four weeks" in each.sentence for each in findings)


@pytest.mark.parametrize(
    ("role", "topics", "words"),
    [
        ("Calendars.ReadBasic.All", ["calendar"], "RBAC scope"),
        ("User.Read.All", ["permissions", "people"], "User.Read.All"),
    ],
)
def test_a_missing_permission_is_named(fake, role, topics, words):
    fake.roles = tuple(each for each in fake.roles if each != role)
    told = wrong(found(fake, mailboxes=[ANNA]))
    assert [topic for topic, _ in told] == topics
    assert all(words in sentence for _, sentence in told)


def test_rooms_are_a_wish_and_not_a_need(fake):
    fake.roles = tuple(each for each in fake.roles if each != "Place.Read.All")
    findings = found(fake)
    assert wrong(findings) == []
    assert any("Place.Read.All" in each.sentence for each in findings)


def test_a_certificate_that_ran_out_or_soon_will(fake):
    now = datetime(2026, 11, 21, tzinfo=UTC)
    for days, ok, words in ((-1, False, "ran out"), (10, True, "replace it soon"), (300, True, "valid until")):
        finding = found(fake, certificate=SimpleNamespace(runs_out=now + timedelta(days=days)), now=now)[0]
        assert (finding.topic, finding.ok) == ("certificate", ok)
        assert words in finding.sentence


def test_a_sign_in_that_fails_ends_the_questions(fake):
    class Refused:
        def token(self, refused=None):
            raise Misconfigured("the tenant knows no app with this client id; check both ids")

    findings = list(check_organisation(Graph(fake.settings(), Refused()), Refused(), VALID, mailboxes=[ANNA]))
    assert [each.topic for each in findings] == ["certificate", "sign-in"]
    assert "no app" in findings[-1].sentence
    assert fake.requests == []


@pytest.mark.parametrize(
    ("state", "words"),
    [("no_mailbox", "no mailbox in Exchange"), ("disabled", "switched off"), ("gone", "knows no such")],
)
def test_a_mailbox_that_cannot_be_read_is_named_with_the_reason(fake, state, words):
    fake.world.states[fake.addresses()[ANNA]] = state
    ((topic, sentence),) = wrong(found(fake, mailboxes=[ANNA]))
    assert topic == "calendar"
    assert ANNA in sentence
    assert words in sentence


def test_a_scope_that_holds_and_one_that_a_wide_consent_undoes(fake):
    fake.scope = {fake.addresses()[ANNA]}
    fake.roles = ("User.Read.All", "Place.Read.All")
    findings = found(fake, mailboxes=[ANNA], outside=[BOB])
    assert wrong(findings) == []
    assert findings[-1].topic == "scope"
    assert findings[-1].ok
    fake.roles = (*fake.roles, "Calendars.Read")
    ((topic, sentence),) = wrong(found(fake, mailboxes=[ANNA], outside=[BOB]))
    assert topic == "scope"
    assert "take away the consent to Calendars.Read in Entra" in sentence


def test_more_permission_than_needed_is_mentioned(fake):
    fake.roles = (*fake.roles, "Calendars.ReadWrite")
    assert any("more than meetload needs" in each.sentence for each in found(fake))


def test_ones_own_calendar(fake):
    sign_in = fake.sign_in(ANNA)
    findings = list(check_own(Graph(fake.settings(), sign_in), sign_in))
    assert wrong(findings) == []
    assert findings[-1].sentence == "creation times come through"


def test_missing_guests_and_creation_times_are_mentioned(fake):
    owner = fake.addresses()[ANNA]
    fake.world.put(owner, {**fake.world.event(owner, "now"), "attendees": [], "createdDateTime": None})
    sentences = " ".join(each.sentence for each in found(fake, mailboxes=[ANNA]) if each.ok is None)
    assert "no guest list came through" in sentences
    assert "lead times stay unknown" in sentences


def test_a_doctor_is_honest_about_what_a_storm_hides():
    with OutlookFake(small_world(), Faults(throttled=1.0)) as fake:
        ((topic, sentence),) = wrong(found(fake, mailboxes=[ANNA]))
        assert (topic, "slower" in sentence) == ("calendar", True)


@pytest.mark.parametrize("token", ["", "opaque", "a.b.c", "a.WzFd.c", "a.%%%.c"])
def test_a_word_of_access_that_says_nothing_is_no_error(token):
    assert claims_of(token) == {}


# The manual


def test_the_manual_names_every_permission_and_why():
    manual = (Path(__file__).parents[2] / "docs" / "connect-outlook.md").read_text(encoding="utf-8")
    assert [name for name, why in WHY.items() if f"| `{name}` | {why}" not in manual] == []


def test_what_the_directory_gives_is_what_the_chart_takes(fake):
    entries = entries_of(directory.people(graph_of(fake)))
    assert [(each.person_id, each.manager, each.function) for each in entries] == [
        (ANNA, BOB, "Adviseur"),
        (BOB, None, "Adviseur"),
    ]
