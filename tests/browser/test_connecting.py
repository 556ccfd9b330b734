"""Connecting Google and Outlook as a manager does: `meetload serve`, the page, the vendor's own page, the first headline.

Everything is real but the vendors, which are fakes on this machine, encrypted, with pages that want a click.
"""

from __future__ import annotations

import json
import socket
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from browsing import Reader, violations
from conftest import PICTURES
from machine import Machine, until

from store.database import Store
from tests.connectors.fakes.certificates import authority
from tests.connectors.fakes.google import GoogleFake
from tests.connectors.fakes.google_faults import Faults as GoogleFaults
from tests.connectors.fakes.google_faults import no_token
from tests.connectors.fakes.google_signin import SECRET as GOOGLE_SECRET
from tests.connectors.fakes.google_world import World as GoogleWorld
from tests.connectors.fakes.google_world import event as google_event
from tests.connectors.fakes.google_world import guest as google_guest
from tests.connectors.fakes.outlook import OutlookFake
from tests.connectors.fakes.outlook_login import SECRET as OUTLOOK_SECRET
from tests.connectors.fakes.outlook_world import World as OutlookWorld
from tests.connectors.fakes.outlook_world import event as outlook_event
from tests.connectors.fakes.outlook_world import guest as outlook_guest
from tests.connectors.fakes.outlook_world import user

AT_GOOGLE, AT_WORK, BOB = "anna@meridiaan.example", "anna@example.org", "bob@example.org"
TITLE = "Afstemming planning"
WEEKS = 13
APPLICATION = "11111111-2222-3333-4444-555555555555"
TODAY = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
MONDAYS = [TODAY - timedelta(days=TODAY.weekday(), weeks=week) for week in range(WEEKS, 0, -1)]
# Two seconds, so that a page which asks every second cannot miss it.
WAIT = 2


def google_calendar():
    """Ninety minutes on every Tuesday of a quarter, an hour in both calendars once, and one that ends before it starts."""
    mine = google_guest(AT_GOOGLE, self=True)
    who = {"organizer": {"email": AT_GOOGLE, "self": True}, "attendees": [mine, google_guest(BOB)], "summary": TITLE}

    def entry(key, start, minutes, **more):
        return google_event(key, f"{start:%FT%T}Z", f"{start + timedelta(minutes=minutes):%FT%T}Z", **who, **more)

    weekly = [entry(f"g{week}", day + timedelta(days=1, hours=9), 90) for week, day in enumerate(MONDAYS)]
    broken = entry("kapot", MONDAYS[0], -60)
    return [*weekly, broken, entry("both", MONDAYS[0] + timedelta(days=2, hours=9), 60, iCalUID="both@example.org")]


def outlook_calendar():
    """An hour on every Thursday, and the one meeting that is in both calendars."""
    who = {"attendees": [outlook_guest(BOB)], "subject": TITLE}
    weekly = [outlook_event(f"o{week}", day + timedelta(days=3, hours=9), **who) for week, day in enumerate(MONDAYS)]
    both = outlook_event("both", MONDAYS[0] + timedelta(days=2, hours=9), iCalUId="both@example.org", **who)
    return [*weekly, both]


@pytest.fixture(scope="module")
def encryption(tmp_path_factory):
    return authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def google(encryption):
    with GoogleFake(GoogleWorld.of({AT_GOOGLE: google_calendar()}), tls=encryption[1], asks=True) as fake:
        yield fake


@pytest.fixture
def outlook(encryption):
    world = OutlookWorld(users=[user(1, "Bob"), user(2, "Anna")])
    world.put(world.users[1]["id"], *outlook_calendar())
    with OutlookFake(world, tls=encryption[1]) as fake:
        fake.login.asks = True
        yield fake


@pytest.fixture(scope="module")
def started(encryption, tmp_path_factory):
    """A dashboard in which nothing ever succeeds."""
    with Machine(tmp_path_factory.mktemp("machines") / "home", free_port(), encryption[0]) as machine:
        yield machine


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def point(machine, google, outlook, seconds=300):
    """Lead a machine to the vendors, as an organisation in a cloud of its own leads it there."""
    machine.settings.write_text(
        f'[google]\ncalendar_url = "{google.url}/calendar/v3/"\nsign_in_seconds = {seconds}\n'
        f'[outlook]\ngraph = "{outlook.url}"\nauthority = "{outlook.origin}"\nsign_in_seconds = {seconds}\n'
    )
    (machine.home / "client.json").write_text(json.dumps(google.client()))


SAID = {
    "nl": {
        "google": ("Google koppelen", "Lees mijn Google-agenda"),
        "outlook": ("Outlook koppelen", "Lees mijn Outlook-agenda"),
        "stop": "Stop",
        "again": "Probeer het opnieuw",
    },
    "en": {
        "google": ("Connect Google", "Read my Google calendar"),
        "outlook": ("Connect Outlook", "Read my Outlook calendar"),
        "stop": "Stop",
        "again": "Try again",
    },
}


class Manager(Reader):
    """Somebody who connects an account, in one of the two languages."""

    def __init__(self, chromium, machine, scheme, language):
        super().__init__(chromium, machine.address, scheme, PICTURES, ignore_https_errors=True)
        self.chromium, self.machine, self.language, self.said = chromium, machine, language, SAID[language]

    def fill_in(self, service):
        """Open the form and fill it in, to the button."""
        disclosure, act = self.said[service]
        if not self.page.get_by_role("button", name=act).is_visible():
            self.page.locator("summary", has_text=disclosure).click()
        if service == "google":
            self.page.locator("#client").set_input_files(self.machine.home / "client.json")
        else:
            self.page.locator("#application").fill(APPLICATION)
            self.page.locator("#tenant").fill("example.org")
        return self.page.get_by_role("button", name=act)

    def begin(self, service):
        """Ask for an account to be read; the address of the vendor's page that opens."""
        known = len(self.machine.windows)
        self.page.goto(f"{self.machine.address}/start?again=yes&lang={self.language}")
        self.fill_in(service).click()
        return until(lambda: self.machine.windows[known:], "the vendor's page")[0]

    def at_vendor(self, address, act):
        """Do something on the vendor's page in another window; what that window says in the end."""
        window = self.chromium.new_page(ignore_https_errors=True)
        window.goto(address)
        window.get_by_role("button", name=act).click()
        window.wait_for_url("http://localhost:*/**")
        said = (window.locator("html").get_attribute("lang"), window.locator("h1").inner_text())
        window.close()
        return said

    def ended(self, title):
        """The page that says what came of it: the two parts of its headline."""
        self.page.get_by_role("heading", name=title, exact=True).wait_for(timeout=60_000)
        return [self.page.locator(f"#headline .{part}").inner_text() for part in ("first", "second")]

    def clean(self, name):
        """A picture of the page, which nobody is kept from reading, on a telephone neither."""
        self.picture(name)
        assert violations(self.page) == []
        self.page.set_viewport_size({"width": 320, "height": 800})
        assert self.page.evaluate("document.documentElement.scrollWidth") <= 320
        self.picture(f"{name}-phone")
        self.page.set_viewport_size({"width": 1280, "height": 900})

    def leaves(self):
        assert (self.errors, self.outside) == ([], [])
        assert "Traceback" not in self.machine.said
        assert TITLE not in self.machine.said
        assert not {GOOGLE_SECRET, OUTLOOK_SECRET} & set(self.machine.said.split())
        self.page.close()


def test_google_is_connected_then_outlook_beside_it(chromium, tmp_path, encryption, google, outlook):
    machine = Machine(tmp_path / "home", free_port(), encryption[0])
    point(machine, google, outlook)
    with machine:
        google_first_headline(chromium, machine, google)
        outlook_beside_it(chromium, machine, outlook)
        a_sign_in_that_ran_out(chromium, machine, google, outlook)


def google_first_headline(chromium, machine, google):
    """With an impatient double click, a vendor who asks to wait, and an access token that is suddenly void."""
    google.faults = GoogleFaults(plan={0: "throttled", 1: "throttled", 2: "expired"}, retry_after=str(WAIT))
    manager = Manager(chromium, machine, "light", "nl")
    page = manager.page
    page.goto(machine.address + "/?lang=nl")
    button = manager.fill_in("google")
    manager.clean("connect-google-form")
    button.dblclick()
    address = until(lambda: machine.windows[1:], "Google's page")[0]
    stage = page.locator("[data-stage]")
    until(lambda: stage.inner_text() == "Log in bij Google en sta meetload toe te lezen", "the stage")
    assert page.title() == "Je agenda wordt ingelezen · meetload"
    page.get_by_role("link", name="Open de pagina van Google").wait_for()
    assert page.get_by_role("link", name="Open de pagina van Google").get_attribute("href") == address
    assert page.locator("[data-said]").inner_text() == "nog ongeveer 5 minuten"
    manager.clean("connect-google-asking")
    assert manager.at_vendor(address, "Continue") == (
        "nl",
        "meetload mag je agenda nu lezen. Je kunt dit venster sluiten en teruggaan naar meetload.",
    )
    until(lambda: stage.inner_text() == "Google vraagt om te wachten; meetload gaat vanzelf verder", "the wait")
    assert "nog ongeveer " in page.locator("[data-said]").inner_text()
    first, second = manager.ended("Je eerste antwoord")
    assert "1,6 uur per week" in first
    assert page.locator("dd").all_inner_texts()[0] == "15"
    row = ["Google", "afspraak kapot is niet te lezen", "niet meegenomen", "1"]
    assert page.locator("td").all_inner_texts() == row
    manager.clean("connect-google-answer")
    assert (google.counts["consent"], google.struck["throttled"], google.struck["expired"]) == (1, 2, 1)
    page.get_by_role("link", name="Kijk waar de tijd heen gaat").click()
    manager.settled()
    assert first in page.locator("#headline").inner_text()
    assert second
    page.go_back()
    assert manager.ended("Je eerste antwoord")[0] == first
    assert not list((machine.home / "temporary").glob("meetload-given-*"))
    manager.leaves()


def outlook_beside_it(chromium, machine, outlook):
    """Through the link of the page this time: the same person, so both calendars are added up."""
    outlook.faults = replace(outlook.faults, plan={1: "throttled"}, retry_after=WAIT)
    manager = Manager(chromium, machine, "dark", "en")
    page = manager.page
    page.goto(machine.address + "/?lang=en")
    manager.settled()
    page.get_by_role("link", name="Bring in another calendar").click()
    act = manager.fill_in("outlook")
    assert f"as yours: {AT_GOOGLE}" in page.content()
    manager.clean("connect-outlook-form")
    act.click()
    page.get_by_text("Sign in at Microsoft and allow meetload to read").wait_for()
    link = page.get_by_role("link", name="Open the page of Microsoft")
    link.wait_for()
    manager.clean("connect-outlook-asking")
    with page.expect_popup() as opened:
        link.click()
    opened.value.get_by_role("button", name="Accept").click()
    opened.value.get_by_role("heading", name="meetload may read your calendar now").wait_for()
    opened.value.close()
    page.get_by_text("Microsoft asks to wait; meetload goes on by itself").wait_for()
    first, _ = manager.ended("Your first answer")
    assert "2.6 hours a week" in first
    manager.clean("connect-outlook-answer")
    here = Store(machine.store)
    assert here.setting("owner") == AT_GOOGLE
    assert len(here.frame("meetings")) == 2 * WEEKS + 1
    assert set(here.frame("attendance")["person_id"]) == {AT_GOOGLE, BOB}
    manager.leaves()


def a_sign_in_that_ran_out(chromium, machine, google, outlook):
    """What was kept is refused: once it is said, and after that one signs in anew; nothing is lost meanwhile."""
    outlook.login.renews = "another"
    outlook.login.expire()
    before = Store(machine.store).frame("meetings")
    manager = Manager(chromium, machine, "dark", "nl")
    page = manager.page
    page.goto(machine.address + "/start?again=yes&lang=nl")
    manager.fill_in("outlook").click()
    first, second = manager.ended("Dat is niet gelukt")
    assert first.startswith("Inloggen bij Microsoft is niet gelukt: log opnieuw in")
    assert "docs/connect-outlook.md" in second
    manager.clean("connect-outlook-refused")
    assert Store(machine.store).frame("meetings").equals(before)
    known = len(machine.windows)
    page.get_by_role("link", name="Probeer het opnieuw").click()
    manager.fill_in("outlook").click()
    manager.at_vendor(until(lambda: machine.windows[known:], "Microsoft's page")[0], "Accept")
    assert "2,6 uur per week" in manager.ended("Je eerste antwoord")[0]
    manager.said = SAID["en"]
    google.switched_off.add("calendar")
    page.goto(machine.address + "/start?again=yes&lang=en")
    manager.fill_in("google").click()
    first, _ = manager.ended("That did not work")
    assert first.startswith("The API is not switched on in the Google Cloud project (403 accessNotConfigured); enable")
    assert Store(machine.store).frame("meetings").equals(before)
    manager.leaves()


EACH = pytest.mark.parametrize(("service", "language"), [("google", "nl"), ("outlook", "en")])
FAILED = {"nl": "Dat is niet gelukt", "en": "That did not work"}


@pytest.fixture
def machine(started, google, outlook):
    """The machine on which nothing succeeds: after each attempt it is as it was."""
    point(started, google, outlook)
    before = started.kept()
    yield started
    after = started.kept()
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    assert changed <= {"data/meetload/meetload.db.copies"}
    assert Store(started.store).frame("people").empty


@EACH
def test_who_refuses_consent_is_told_what_to_do(chromium, machine, service, language):
    manager = Manager(chromium, machine, "light", language)
    said = manager.at_vendor(manager.begin(service), "Cancel")
    assert (
        said
        == {
            "nl": ("nl", "Er is niets toegestaan. Je kunt dit venster sluiten; meetload zegt wat je kunt doen."),
            "en": ("en", "Nothing was allowed. You can close this window; meetload says what you can do."),
        }[language]
    )
    first, second = manager.ended(FAILED[language])
    assert (
        first
        == {
            "google": "Google liet je niet inloggen (access_denied); begin opnieuw en sta het lezen toe.",
            "outlook": (
                "Signing in to Microsoft failed: the permissions were declined on the consent page; start again and "
                "accept them."
            ),
        }[service]
    )
    assert second.startswith({"nl": "Hier is niets veranderd.", "en": "Nothing was changed here."}[language])
    manager.clean(f"connect-{service}-declined")
    manager.page.get_by_role("link", name=manager.said["again"]).click()
    assert manager.page.get_by_role("button", name=manager.said[service][1]).is_visible()
    manager.leaves()


@EACH
def test_who_closes_the_page_of_the_vendor_can_stop(chromium, machine, service, language):
    manager = Manager(chromium, machine, "dark", language)
    window = chromium.new_page(ignore_https_errors=True)
    window.goto(manager.begin(service))
    window.close()
    manager.page.get_by_role("button", name=manager.said["stop"], exact=True).press("Enter")
    first, _ = manager.ended({"nl": "Gestopt", "en": "Stopped"}[language])
    assert (
        first
        == {
            "nl": "Je hebt het gestopt. Hier is niets veranderd.",
            "en": "You stopped it. Nothing was changed here.",
        }[language]
    )
    manager.clean(f"connect-{service}-stopped")
    manager.leaves()


@EACH
def test_who_waits_too_long_is_told_so(chromium, machine, google, outlook, service, language):
    point(machine, google, outlook, seconds=1)
    manager = Manager(chromium, machine, "light", language)
    manager.begin(service)
    first, _ = manager.ended(FAILED[language])
    assert (
        first
        == {
            "nl": "Er is binnen 1 seconden niet ingelogd; begin opnieuw en log binnen die tijd in.",
            "en": "Nobody signed in within 1 seconds; start again, and sign in within that time.",
        }[language]
    )
    manager.leaves()


@EACH
def test_a_sign_in_that_the_vendor_does_not_honour_is_a_sentence(chromium, machine, google, outlook, service, language):
    google.refuse_sign_in = no_token("invalid_grant", GOOGLE_SECRET)
    outlook.login.refusal = ("invalid_grant", f"AADSTS50020: User account {AT_WORK}", 50020)
    manager = Manager(chromium, machine, "dark", language)
    manager.at_vendor(manager.begin(service), {"google": "Continue", "outlook": "Accept"}[service])
    first, _ = manager.ended(FAILED[language])
    assert (
        first
        == {
            "google": "Google liet je niet inloggen (invalid_grant); begin opnieuw en sta het lezen toe.",
            "outlook": (
                "Signing in to Microsoft failed: this account belongs to another organisation; sign in with one of this "
                "tenant."
            ),
        }[service]
    )
    manager.clean(f"connect-{service}-not-honoured")
    manager.leaves()


def test_ctrl_c_ends_it_also_while_somebody_is_asked(chromium, machine):
    """The last of these tests: what is stopped here stays so."""
    manager = Manager(chromium, machine, "light", "en")
    manager.begin("google")
    machine.stop()
    assert "Traceback" not in machine.said
    manager.page.close()
