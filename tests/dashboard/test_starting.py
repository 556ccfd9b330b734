"""The first run: who may give files, what becomes of them, and that nothing of them stays behind."""

from __future__ import annotations

import tempfile
import threading
from collections import Counter
from io import BytesIO

import dashboard_planted as planted
import pytest
from dashboard_planted import SECRET, TODAY

from dashboard import startprogress, uploads
from dashboard.app import create_app
from dashboard.intake import Account, Taken
from dashboard.working import Work
from privacy.answers import NotReady
from privacy.door import Door
from store.database import Store, writing
from store.errors import BadInput, Problem

SAME = {"Sec-Fetch-Site": "same-origin"}
APPLICATION = "11111111-2222-3333-4444-555555555555"
FILE = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


class Taker:
    """Stands for `meetload`: notes what it got, waits where told, and answers."""

    def __init__(self, answer=None) -> None:
        self.answer = answer or Taken(Counter(files=1, events=2, occurrences=2, new=2))
        self.given = []
        self.content = []
        self.go_on = threading.Event()
        self.go_on.set()

    def __call__(self, given, tell):
        self.given.append(given)
        self.content += [path.read_bytes() for path in sorted(given.calendars.iterdir())] if given.calendars else []
        tell("reading", 0, 4)
        tell("reading", 1, 4)
        assert self.go_on.wait(10)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def nothing(tmp_path) -> Store:
    path = tmp_path / "empty.db"
    with writing(path):
        pass
    return Store(path)


@pytest.fixture(autouse=True)
def _temporary(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def client_of(store, taker, **more):
    return create_app(Door(store, TODAY), take_in=taker, **more).server.test_client()


def give(client, *files, headers=SAME, **fields):
    given = [(BytesIO(content), name) for name, content in files]
    data = {"address": "anna@example.org", "zone": "UTC"} | fields | {"files": given}
    return client.post("/start?lang=en", data=data, headers=headers)


def ended(client, language="en") -> str:
    for _ in range(200):
        if client.get("/start/progress").get_json()["over"]:
            return client.get(f"/start?lang={language}").get_data(as_text=True)
        threading.Event().wait(0.02)
    raise AssertionError("it never ended")


def test_an_empty_dashboard_asks_for_a_calendar_and_a_full_one_does_not(nothing, store):
    answer = client_of(nothing, Taker()).get("/?lang=nl")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/start?lang=nl")
    assert client_of(store, Taker()).get("/").status_code == 200


def test_without_somebody_to_take_files_there_is_no_such_place(nothing):
    client = create_app(Door(nothing, TODAY)).server.test_client()
    assert client.get("/").status_code == 200
    assert client.post("/start", headers=SAME).status_code == 405
    assert b"multipart" not in client.get("/start").data


@pytest.mark.parametrize("site", [None, "none", "cross-site", "same-site"])
def test_another_page_cannot_give_files(nothing, site):
    taker = Taker()
    answer = give(client_of(nothing, taker), ("a.ics", FILE), headers={"Sec-Fetch-Site": site} if site else {})
    assert answer.status_code == 403
    assert taker.given == []


def connect(browser, /, headers=SAME, **fields):
    return browser.post("/start/connect?lang=en", data=fields, headers=headers)


def test_a_google_calendar_is_asked_for_with_the_file_of_an_application(nothing, tmp_path):
    taker = Taker()
    taker.go_on.clear()
    client = client_of(nothing, taker)
    answer = connect(client, service="google", zone="UTC", client=(BytesIO(b"{}"), "my secret.json"))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/start?lang=en")
    assert "Your calendar is being taken in" in client.get("/start?lang=en").get_data(as_text=True)
    assert connect(client, service="outlook", application=APPLICATION).status_code == 409
    account = taker.given[0].account
    assert (account.service, taker.given[0].zone, account.client[-12:]) == ("google", "UTC", "/client.json")
    taker.go_on.set()
    ended(client)
    assert list(tmp_path.glob("meetload-given-*")) == []


def test_an_outlook_calendar_is_asked_for_with_the_id_of_an_application(nothing):
    taker = Taker()
    client = client_of(nothing, taker)
    assert connect(client, service="outlook", application=APPLICATION, tenant="example.org").status_code == 303
    ended(client)
    assert taker.given[0].account == Account("outlook", APPLICATION, "example.org")


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"service": "google"},
        {"service": "google", "client": (BytesIO(b"x" * 100_000), "large.json")},
        {"service": "outlook", "application": "mine"},
        {"service": "outlook", "application": "00000000-0000-0000-0000-000000000000", "tenant": "a/b"},
    ],
)
def test_without_an_application_it_is_said_where_to_get_one(nothing, tmp_path, fields):
    taker = Taker()
    page = connect(client_of(nothing, taker), **fields).get_data(as_text=True)
    assert "under each field stands where to get it" in page
    assert (taker.given, list(tmp_path.glob("meetload-given-*"))) == ([], [])


def test_another_page_cannot_connect_an_account(nothing):
    taker = Taker()
    answer = connect(client_of(nothing, taker), {"Sec-Fetch-Site": "none"}, service="outlook", application=APPLICATION)
    assert (answer.status_code, taker.given) == (403, [])


def test_an_error_of_a_lower_room_is_said_in_dutch(nothing):
    client = client_of(nothing, Taker(BadInput("Mars is not a time zone; write it like Europe/Amsterdam")))
    give(client, ("a.ics", FILE))
    assert "Mars is geen tijdzone; schrijf die zoals Europe/Amsterdam" in ended(client, "nl")


def test_a_file_is_taken_in_and_nothing_stays(nothing, tmp_path):
    taker = Taker(Taken(Counter(files=1, occurrences=3), (Problem("0001.ics", "it is odd", 7),)))
    client = client_of(nothing, taker)
    answer = give(client, ("../<b>me</b>.ics", FILE))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/start?lang=en")
    page = ended(client)
    assert taker.content == [FILE]
    assert (taker.given[0].owner, taker.given[0].zone) == ("anna@example.org", "UTC")
    assert not taker.given[0].calendars.exists()
    assert list(tmp_path.glob("meetload-given-*")) == []
    assert "b&gt;.ics</td><td>7</td>" in page
    assert "<b>me" not in page
    assert "no whole week of them is over yet" in page


def test_progress_has_counts_and_time_left(nothing):
    taker = Taker()
    taker.go_on.clear()
    client = client_of(nothing, taker)
    give(client, ("a.ics", FILE))
    try:
        for _ in range(200):
            far = client.get("/start/progress?lang=en").get_json()
            if far["part"]:
                break
            threading.Event().wait(0.02)
        assert far["part"] == 0.25
        assert far["stage"] == "Reading your files"
        assert far["said"].startswith("1 of 4 files · about ")
        page = client.get("/start?lang=nl").get_data(as_text=True)
        assert "Je bestanden worden gelezen</span>" in page
        assert "1 van 4 bestanden · nog ongeveer " in page
        second = give(client, ("b.ics", FILE))
        assert second.status_code == 409
        assert "A calendar is being taken in already" in second.get_data(as_text=True)
        assert "data-progress" in second.get_data(as_text=True)
    finally:
        taker.go_on.set()
    ended(client)
    assert len(taker.given) == 1


def test_time_left_is_the_pace_so_far():
    now = [0.0]
    taker = Taker()
    work = Work(taker, lambda: now[0])
    work._running = threading.Event  # not started: only the arithmetic
    work._tell("reading", 0, 4)
    now[0] = 6.0
    work._tell("reading", 3, 4)
    work._running = type("Running", (), {"done": staticmethod(lambda: False)})()
    assert work.far().left == 2.0


@pytest.mark.parametrize(
    ("files", "fields", "said"),
    [
        ([], {}, "Choose at least one file."),
        ([("a.exe", b"x")], {}, "not a calendar (.ics) and no table"),
        ([("a.ics", FILE)], {"address": ""}, "Give your own address"),
        ([("a.ics", FILE)], {"address": "anna"}, "Give your own address"),
        ([("a.zip", b"x")], {}, "the zip file is broken"),
    ],
)
def test_what_is_missing_is_said_and_nothing_stays(nothing, tmp_path, files, fields, said):
    taker = Taker()
    answer = give(client_of(nothing, taker), *files, **fields)
    assert said in answer.get_data(as_text=True)
    assert 'role="alert"' in answer.get_data(as_text=True)
    assert taker.given == []
    assert list(tmp_path.glob("meetload-given-*")) == []


def test_too_large_a_form_is_refused(nothing, monkeypatch):
    monkeypatch.setattr(uploads, "FORM_BYTES", 10_000)
    taker = Taker()
    answer = give(client_of(nothing, taker), ("a.ics", b"x" * 20_000))
    assert "larger than 0 MB together" in answer.get_data(as_text=True)
    assert taker.given == []


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (BadInput("the sentence of <who> stopped it"), "the sentence of &lt;who&gt; stopped it"),
        (RuntimeError(SECRET), "Something went wrong on our side"),
    ],
)
def test_an_error_becomes_a_sentence_and_shows_nothing_else(nothing, tmp_path, error, said, caplog):
    client = client_of(nothing, Taker(error))
    give(client, ("a.ics", FILE))
    page = ended(client)
    assert said in page
    assert SECRET not in page + caplog.text
    assert list(tmp_path.glob("meetload-given-*")) == []


def test_a_sentence_does_not_say_where_the_files_lay(nothing):
    class Complaining(Taker):
        def __call__(self, given, tell):
            raise BadInput(f"{given.tables}/meetings.csv lacks the column start; {given.tables} is no exchange folder")

    client = client_of(nothing, Complaining())
    give(client, ("meetings.csv", b"a"))
    assert "meetings.csv lacks the column start; what you gave is no exchange folder" in ended(client)


def test_the_first_headline_is_that_of_the_first_page(tmp_path):
    client = client_of(planted.organisation(tmp_path), Taker())
    give(client, ("a.ics", FILE))
    page = ended(client)
    assert "You spend" in page
    assert "5 January 2026 to 14 June 2026" in page
    again = client.get("/start?again=yes&lang=nl").get_data(as_text=True)
    assert "multipart" in again
    # The zone of a store holds for all that is in it already.
    assert "data-zone" not in again


class AtVendor(Taker):
    """Stands for a sign-in that takes until somebody gives it up."""

    def __call__(self, given, tell):
        visit = given.account.visit
        visit.address = "https://vendor.example/sign-in?a=1&b=2"
        tell("asking", 0, 300)
        self.go_on.set()
        assert visit.given_up.wait(10)
        raise BadInput("the sign-in was stopped; nothing was read")


def at_vendor(store):
    taker = AtVendor()
    taker.go_on.clear()
    client = client_of(store, taker)
    connect(client, service="outlook", application=APPLICATION)
    assert taker.go_on.wait(10)
    return client


def test_a_sign_in_can_be_reached_from_the_page_and_stopped_there_alone(nothing):
    client = at_vendor(nothing)
    far = client.get("/start/progress?lang=nl").get_json()
    assert far["stage"] == "Log in bij Microsoft en sta meetload toe te lezen"
    assert (far["said"], far["part"], far["stop"]) == ("nog ongeveer 5 minuten", None, True)
    assert far["address"] == "https://vendor.example/sign-in?a=1&b=2"
    page = client.get("/start?lang=nl").get_data(as_text=True)
    assert 'href="https://vendor.example/sign-in?a=1&amp;b=2" target="_blank" rel="noopener noreferrer"' in page
    assert client.post("/start/stop", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.post("/start/stop").status_code == 403
    assert not client.get("/start/progress").get_json()["over"]
    assert client.post("/start/stop?lang=nl", headers=SAME).headers["Location"] == "/start?lang=nl"
    page = client.get("/start?lang=nl").get_data(as_text=True)
    assert "Je hebt het gestopt. Hier is niets veranderd." in page
    assert "/start?again=yes&amp;lang=nl&amp;connect=outlook" in page


def test_whoever_clicked_twice_sees_how_far_the_first_is(nothing):
    client = at_vendor(nothing)
    answer = connect(client, service="outlook", application=APPLICATION)
    assert answer.status_code == 409
    assert "data-progress" in answer.get_data(as_text=True)
    client.post("/start/stop", headers=SAME)
    ended(client)


def test_what_was_typed_to_connect_stays(nothing):
    page = connect(client_of(nothing, Taker()), service="outlook", application='no"id', tenant="example.org")
    text = page.get_data(as_text=True)
    assert 'value="no&#34;id"' in text
    assert 'value="example.org"' in text
    assert text.count("<details") - text.count('<details class="disclosure" open') == 3


def test_an_answer_that_is_being_worked_out_is_waited_for(nothing, monkeypatch):
    client = client_of(nothing, Taker())
    give(client, ("a.ics", FILE))
    ended(client)

    def too_early(*_):
        raise NotReady("ticket", 1, 4)

    monkeypatch.setattr(startprogress, "_headline", too_early)
    page = client.get("/start?lang=nl").get_data(as_text=True)
    assert "Je eerste antwoord wordt uitgerekend" in page
    assert "data-progress" in page
    far = client.get("/start/progress?lang=nl").get_json()
    assert (far["over"], far["part"]) == (False, 0.25)


def test_a_file_is_called_as_whoever_gave_it_called_it(nothing):
    class Complaining(Taker):
        def __call__(self, given, tell):
            raise BadInput(f"the client secret file {given.account.client} is not JSON; download it again")

    client = client_of(nothing, Complaining())
    connect(client, service="google", client=(BytesIO(b"{}"), "my <secret>.json"))
    page = ended(client, "nl")
    assert "Het bestand van je applicatie, my &lt;secret&gt;.json, is geen JSON" in page
    assert "meetload-given" not in page
