"""A real Radicale server, read through the real library; a messenger in between spoils what a test wants spoiled."""

# ruff: noqa: DTZ901 - windows are naive UTC

from __future__ import annotations

import re
import sys
import traceback
from base64 import b64encode
from datetime import date, datetime, timedelta

import pytest
from calendar_text import ANNA, YEAR, calendar, event, reasons, starts, zone

from connectors.caldav import CalDavSource
from connectors.caldav.transport import Limits
from connectors.contract import Source, Window
from connectors.errors import (
    Denied,
    Gone,
    MailboxError,
    Misconfigured,
    NoCalendar,
    Throttled,
    TokenExpired,
    Trouble,
)
from store.errors import BadInput, MeetloadError
from tests.connectors.fakes.radicale import PASSWORD, Reply, caldav_case, every_reading, messenger, radicale

HOME = "Europe/Amsterdam"
EMPTY = b'<?xml version="1.0"?><D:multistatus xmlns:D="DAV:"/>'
VOID = b'<?xml version="1.0"?><D:error xmlns:D="DAV:"><D:valid-sync-token/></D:error>'
TOO_MANY = (
    b'<?xml version="1.0"?><D:error xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">'
    b"<C:number-of-matches-within-limits/></D:error>"
)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with radicale(tmp_path_factory.mktemp("radicale")) as running:
        yield running


@pytest.fixture(scope="module")
def standing(server):
    with messenger(server.port) as between:
        yield between


@pytest.fixture
def between(standing):
    standing.reset()
    return standing


@pytest.fixture
def path(server, request):
    """A new calendar of Anna's with one meeting and one series of five in it."""
    made = server.make_calendar(re.sub(r"\W", "_", request.node.name)[:60])
    server.put(f"{made}one.ics", calendar(event("SUMMARY:Budget Walnoot", uid="one")))
    server.put(f"{made}five.ics", calendar(event("RRULE:FREQ=WEEKLY;COUNT=5", uid="five", start="20260303T090000")))
    yield made
    server.delete(made)


def source(between, **named):
    given = {"me": [ANNA], "home": HOME, "allow_local": True} | named
    return CalDavSource(between.url, "anna", given.pop("password", PASSWORD), **given)


def at(between, path):
    return between.url + path[1:]


def test_it_is_a_source(between, path):
    given: Source = source(between)
    assert given.name == "caldav"
    assert at(between, path) in list(given.mailboxes())
    pull = given.pull(path, YEAR)
    assert starts(pull)[:2] == ["01-05 09:00", "03-03 08:00"]
    assert len(pull.batch.meetings) == 6
    assert set(pull.batch.meetings["source"]) == {"caldav"}
    assert (pull.owner, pull.complete, pull.problems) == (ANNA, True, ())


def test_pitfall_18_calendars_that_somebody_shares_are_not_read(server, between, path):
    tasks = server.make_calendar("tasks", parts=("VTODO",))
    assert at(between, tasks) not in list(source(between).mailboxes())

    def shared(question):
        reply = question.answer()
        # In the list of calendars, the one of this test belongs to Bob, who shares it.
        pattern = rb"(<response><href>" + path.encode() + rb"</href>.*?<owner><href>)/anna/"
        return Reply(reply.status, re.sub(pattern, rb"\1/bob/", reply.body, flags=re.DOTALL), reply.headers)

    between.spoil = shared
    assert at(between, path) not in list(source(between).mailboxes())
    assert list(source(between, calendars=[path]).mailboxes()) == [at(between, path)]
    server.delete(tasks)


def test_calendars_are_chosen_by_name_or_address(server, between):
    made = server.make_calendar("board")
    for name in ("Board", " board ", made, made.rstrip("/"), at(between, made)):
        assert list(source(between, calendars=[name]).mailboxes()) == [at(between, made)]
    with pytest.raises(BadInput, match=r"there is no calendar Bord; the server has: .*Board"):
        list(source(between, calendars=["Bord"]).mailboxes())
    server.delete(made)


def test_the_address_may_be_the_calendars_own(between, path):
    direct = CalDavSource(at(between, path), "anna", PASSWORD, me=[ANNA], home=HOME, allow_local=True)
    assert list(direct.mailboxes()) == [at(between, path)]


def test_the_address_may_be_the_front_door_of_the_site(between, path):
    def front_door(question):
        if question.path == "/":
            return Reply(405)
        if question.path == "/.well-known/caldav":
            return Reply(302, headers={"Location": "/anna/"})
        return question.answer()

    between.spoil = front_door
    assert at(between, path) in list(source(between).mailboxes())
    assert between.methods()[:3] == ["PROPFIND"] * 3


def test_an_address_without_caldav_is_said(between):
    between.spoil = lambda _: Reply(200, b"<html><body>Welcome</body></html>", {"Content-Type": "text/html"})
    with pytest.raises(Misconfigured, match="no CalDAV at this address"):
        list(source(between).mailboxes())


def test_a_second_sync_without_changes_makes_one_request(between, path):
    first = source(between).pull(path, YEAR)
    assert between.methods() == ["PROPFIND", "REPORT"]
    between.reset()
    second = source(between).pull(path, YEAR, first.token)
    assert between.methods() == ["REPORT"]
    assert (second.complete, second.tombstones, second.token) == (False, (), first.token)
    assert all(frame.empty for _, frame in second.batch)


@pytest.mark.parametrize("offers", [True, False], ids=["sync token", "etags"])
def test_changes_are_seen_with_and_without_sync_tokens(server, between, path, offers):
    def hide(question):
        reply = question.answer()
        return Reply(reply.status, re.sub(rb"<sync-token>.*?</sync-token>", b"", reply.body), reply.headers)

    if not offers:
        between.spoil = hide
    pull = source(between).pull(path, YEAR)
    assert pull.token
    assert ('"sync"' if offers else '"etags"') in pull.token
    steps = [
        lambda: server.put(f"{path}two.ics", calendar(event(uid="two", start="20260601T100000"))),
        lambda: server.put(f"{path}two.ics", calendar(event(uid="two", start="20260602T100000"))),
        lambda: server.delete(f"{path}two.ics"),
        lambda: server.delete(f"{path}five.ics"),
    ]
    expected = [["06-01 08:00"], ["06-02 08:00"], [], []]
    for step, june in zip(steps, expected, strict=True):
        step()
        pull = source(between).pull(path, YEAR, pull.token)
        assert pull.complete
        assert [start for start in starts(pull) if start.startswith("06")] == june
        before = len(between.asked)
        unchanged = source(between).pull(path, YEAR, pull.token)
        assert not unchanged.complete
        assert len(between.asked) == before + 1
    assert starts(pull) == ["01-05 09:00"]


def test_another_window_or_owner_is_another_question(between, path):
    token = source(between).pull(path, YEAR).token
    march = Window(datetime(2026, 3, 1), datetime(2026, 4, 1))
    pull = source(between).pull(path, march, token)
    assert pull.complete
    assert len(pull.batch.meetings) == 5
    assert source(between, me=["bob@example.org"]).pull(path, YEAR, token).complete


@pytest.mark.parametrize("token", ["", "x", "[]", '[1,"sync"]', '[0,"sync","a","b"]', '[1,"sync","a",7]', "null"])
def test_a_token_of_another_make_is_expired(between, path, token):
    if not token:
        assert source(between).pull(path, YEAR, token).complete
        return
    with pytest.raises(TokenExpired):
        source(between).pull(path, YEAR, token)


@pytest.mark.parametrize(
    "refusal", [Reply(403, VOID), Reply(409, VOID), Reply(410, VOID), Reply(412, VOID), Reply(501), Reply(415)]
)
def test_a_sync_token_the_server_forgot_is_expired(between, path, refusal):
    token = source(between).pull(path, YEAR).token
    between.spoil = lambda question: refusal if b"sync-collection" in question.body else question.answer()
    with pytest.raises(TokenExpired):
        source(between).pull(path, YEAR, token)


def test_radicale_forgets_a_token_that_was_never_its_own(between, path):
    token = source(between).pull(path, YEAR).token
    with pytest.raises(TokenExpired):
        source(between).pull(path, YEAR, re.sub(r"sync/\w{8}", "sync/00000000", token))


def test_what_changes_while_we_read_is_seen_by_the_next_pull(server, between, path):
    def meanwhile(question):
        reply = question.answer()
        if b"calendar-query" in question.body:
            server.put(f"{path}late.ics", calendar(event(uid="late", start="20260701T100000")))
        return reply

    between.spoil = meanwhile
    first = source(between).pull(path, YEAR)
    assert len(first.batch.meetings) == 6
    between.reset()
    assert len(source(between).pull(path, YEAR, first.token).batch.meetings) == 7


def test_a_span_that_is_too_much_at_once_is_read_in_halves(between, path):
    def grudging(question):
        span = re.search(r'start="(\d+)T.*?end="(\d+)T', question.body.decode())
        long = span and date.fromisoformat(span[2]) - date.fromisoformat(span[1]) > timedelta(90)
        return Reply(403, TOO_MANY) if long else question.answer()

    between.spoil = grudging
    pull = source(between).pull(path, YEAR)
    assert len(pull.batch.meetings) == 6
    between.spoil = lambda question: Reply(507) if question.method == "REPORT" else question.answer()
    with pytest.raises(Trouble, match="more in one day"):
        source(between).pull(path, YEAR)


def test_a_line_that_says_the_answer_was_cut_is_heeded(between, path):
    cut = b"<response><href>/</href><status>HTTP/1.1 507 Insufficient Storage</status></response></multistatus>"

    def shortened(question):
        reply = question.answer()
        if b"calendar-query" in question.body and b"20251231" in question.body and b"20270102" in question.body:
            return Reply(207, reply.body.replace(b"</multistatus>", cut), reply.headers)
        return reply

    between.spoil = shortened
    assert len(source(between).pull(path, YEAR).batch.meetings) == 6
    assert between.methods().count("REPORT") == 3


def test_events_named_without_their_text_are_asked_for(server, between, path):
    def terse(question):
        reply = question.answer()
        if b"calendar-query" in question.body:
            body = re.sub(rb"<C:calendar-data>.*?</C:calendar-data>", b"", reply.body, flags=re.DOTALL)
            return Reply(reply.status, body, reply.headers)
        if b"calendar-multiget" in question.body:
            server.delete(f"{path}five.ics")
            return question.answer()
        return reply

    between.spoil = terse
    assert starts(source(between).pull(path, YEAR)) == ["01-05 09:00"]
    between.spoil = lambda question: Reply(
        207, re.sub(rb"<C:calendar-data>.*?</C:calendar-data>", b"", question.answer().body, flags=re.DOTALL)
    )
    with pytest.raises(Trouble, match="left out events"):
        source(between).pull(path, YEAR)


def test_problems_name_the_file_of_the_calendar(server, between, path):
    server.put(f"{path}a_good.ics", calendar(event(uid="a")))
    server.put(f"{path}b_odd.ics", calendar(event("RRULE:FREQ=SECONDLY;COUNT=5", "COMMENT:x\r\n y", uid="b")))
    (problem,) = source(between).pull(path, YEAR).problems
    assert problem.file == f"{path}b_odd.ics"
    assert problem.line is not None
    assert problem.line < 12
    assert len(reasons(source(between).pull(path, YEAR))) == 1


def test_zones_of_one_name_in_two_files_stay_apart(server, between, path):
    for name, offset in (("east", "+0600"), ("west", "-0600")):
        text = calendar(zone("Custom", offset), event("DTSTART;TZID=Custom:20260810T120000", uid=name))
        server.put(f"{path}{name}.ics", text)
    found = [start for start in starts(source(between).pull(path, YEAR)) if start.startswith("08")]
    assert found == ["08-10 06:00", "08-10 18:00"]


def test_an_empty_calendar_is_no_problem(server, between):
    made = server.make_calendar("empty")
    pull = source(between).pull(made, YEAR)
    assert (len(pull.batch.meetings), pull.problems, pull.complete, pull.owner) == (0, (), True, ANNA)
    server.delete(made)


@pytest.mark.parametrize(
    ("start", "end"),
    [(datetime.min, datetime.max), (datetime(2026, 5, 1), datetime(2026, 5, 1)), (datetime.max, datetime.min)],
)
def test_any_window_can_be_asked_for(between, path, start, end):
    pull = source(between).pull(path, Window(start, end))
    assert len(pull.batch.meetings) == (6 if start == datetime.min else 0)
    assert pull.problems == ()


def test_days_at_the_edge_of_the_window_are_there(server, between, path):
    server.put(f"{path}day.ics", calendar(event("DTSTART;VALUE=DATE:20260501", "DTEND;VALUE=DATE:20260502", uid="day")))
    for hour in (0, 13, 23):
        window = Window(datetime(2026, 5, 1, hour), datetime(2026, 5, 2))
        assert len(source(between).pull(path, window).batch.meetings) == 1


FAILURES = [
    (Reply(404), NoCalendar),
    (Reply(410), Gone),
    (Reply(403), Denied),
    (Reply(429, headers={"Retry-After": "7"}), Throttled),
    (Reply(429), Throttled),
    (Reply(503, headers={"Retry-After": "9"}), Trouble),
    (Reply(503), Trouble),
    (Reply(500, b"Budget Walnoot"), Trouble),
    (Reply(207, EMPTY, cut=20), Trouble),
    (Reply(207, b"<multistatus>Budget Walnoot"), Trouble),
    (Reply(207, b"<html>Budget Walnoot</html>"), Trouble),
    (Reply(200, b"<html>Log in</html>", {"Content-Type": "text/html"}), Trouble),
    (Reply(207), Trouble),
    (Reply(400, b"Budget Walnoot"), Denied),
    (Reply(302, headers={"Location": "/anna/"}), Trouble),
]


@pytest.mark.parametrize(("reply", "expected"), FAILURES, ids=lambda each: str(getattr(each, "status", "")))
def test_failures_come_in_our_words(between, path, reply, expected, caplog, capfd):
    caplog.set_level("DEBUG", logger="")
    between.spoil = lambda question: reply if question.method == "REPORT" else question.answer()
    with pytest.raises(MailboxError) as raised:
        source(between).pull(path, YEAR)
    assert isinstance(raised.value, expected)
    if reply.status in {429, 503}:
        assert raised.value.retry_after == {"7": 7.0, "9": 9.0}.get(reply.headers.get("Retry-After", ""))
    told = "".join(traceback.format_exception(raised.value)) + caplog.text + "".join(capfd.readouterr())
    assert_silent(told)


def assert_silent(told: str) -> None:
    """Neither the password nor a title in a text, decoded every way it might be written."""
    for text in every_reading(told):
        assert PASSWORD not in text
        assert "Walnoot" not in text


def test_an_answer_cut_off_within_an_event_is_trouble(between, path):
    def cut(question):
        reply = question.answer()
        return (
            Reply(reply.status, reply.body, reply.headers, len(reply.body) // 2)
            if question.method == "REPORT"
            else reply
        )

    between.spoil = cut
    with pytest.raises(Trouble, match="cut off"):
        source(between).pull(path, YEAR)


def test_a_server_that_is_not_there_is_trouble(server):
    gone = CalDavSource("http://127.0.0.1:9/", "anna", PASSWORD, me=[ANNA], home=HOME, allow_local=True)
    with pytest.raises(Trouble, match=r"connection to 127\.0\.0\.1 failed"):
        list(gone.mailboxes())


def test_a_wrong_password_stops_the_run_and_is_not_repeated(between, path):
    with pytest.raises(Misconfigured, match="app password") as raised:
        source(between, password=PASSWORD + "x").pull(path, YEAR)
    assert_silent("".join(traceback.format_exception(raised.value)))
    assert between.methods() == ["PROPFIND"]


def test_somebody_elses_calendar_is_closed(server, between):
    made = server.make_calendar("private", user="bob")
    with pytest.raises(Denied):
        source(between).pull(made, YEAR)


def test_the_library_writes_no_files_about_what_it_sends(between, path, monkeypatch, tmp_path):
    from caldav.lib import error

    monkeypatch.setenv("PYTHON_CALDAV_COMMDUMP", "1")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    source(between).pull(path, YEAR)
    assert error.debug_dump_communication is False
    assert list(tmp_path.iterdir()) == []


def test_the_source_keeps_the_password_out_of_its_description(between):
    assert_silent(repr(source(between)) + str(source(between)))


def test_before_request_comes_before_every_request(between, path):
    calls = []

    def redirected(question):
        return Reply(307, headers={"Location": path}) if question.path == "/moved/" else question.answer()

    between.spoil = redirected
    source(between, before_request=lambda: calls.append(len(between.asked))).pull("/moved/", YEAR)
    assert calls == list(range(len(between.asked)))
    assert len(calls) == 4


def test_a_server_that_wants_a_digest_gets_one(between, path):
    challenge = {"WWW-Authenticate": 'Digest realm="dav", qop="auth", nonce="abc", algorithm=MD5'}

    def digest(question):
        given = question.headers.get("Authorization", "")
        if not given.startswith("Digest"):
            return Reply(401, headers=challenge)
        assert 'username="anna"' in given
        question.headers["Authorization"] = "Basic " + b64encode(f"anna:{PASSWORD}".encode()).decode()
        return between.forward(question.method, question.path, question.headers, question.body)

    between.spoil = digest
    assert len(source(between).pull(path, YEAR).batch.meetings) == 6


def test_size_and_time_are_limited(server, between, path):
    server.put(f"{path}long.ics", calendar(event("DESCRIPTION:" + "x" * 5000, uid="long")))
    march = Window(datetime(2026, 3, 1), datetime(2026, 4, 1))
    small = source(between, limits=Limits(size=3000))
    assert len(small.pull(path, march).batch.meetings) == 5
    with pytest.raises(Trouble, match="more in one day"):
        small.pull(path, Window(datetime(2026, 1, 5), datetime(2026, 1, 6)))
    with pytest.raises(Trouble, match="more than 30 bytes"):
        source(between, limits=Limits(size=30)).pull(path, YEAR)
    with pytest.raises(Trouble, match="longer than 0 seconds"):
        source(between, limits=Limits(whole=0)).pull(path, YEAR)


def test_without_the_library_the_reader_is_told_what_to_install(between, monkeypatch):
    for name in [
        name for name in sys.modules if name.startswith(("connectors.caldav.server", "connectors.caldav.disc"))
    ]:
        monkeypatch.delitem(sys.modules, name)
    for name in [name for name in sys.modules if name == "caldav" or name.startswith("caldav.")]:
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(BadInput, match=r"pip install meetload\[caldav\]"):
        list(source(between).mailboxes())


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("http://cloud.example.org/dav", "must begin with https"),
        ("ftp://cloud.example.org/dav", "must begin with https"),
        (f"https://anna:{PASSWORD.split('/')[0]}@cloud.example.org/", "leave user name and password out"),
        ("https://", "is not one"),
        ("https://cloud .example.org", "is not one"),
        ("https://cloud.example.org:99999/", "is not one"),
        ("https://[cloud", "is not one"),
    ],
)
def test_addresses_that_cannot_be_used_are_refused_without_repeating_secrets(given, reason):
    with pytest.raises(BadInput, match=reason) as raised:
        CalDavSource(given, "anna", PASSWORD, me=[ANNA], home=HOME)
    assert "kastanje" not in str(raised.value)


@pytest.mark.parametrize("host", ["a" * 70 + ".org", "a..b", ".", "\u2603.example", "xn--\u00df"])
def test_names_that_no_server_can_have_are_said(host):
    with pytest.raises(Misconfigured, match="not one that can be asked"):
        list(CalDavSource(f"https://{host}/", "anna", PASSWORD, me=[ANNA], home=HOME).mailboxes())


def test_owner_and_zone_must_be_known():
    with pytest.raises(BadInput, match="whose calendar"):
        CalDavSource("cloud.example.org", "anna", "x", me=[" "], home=HOME)
    with pytest.raises(BadInput, match="not a time zone"):
        CalDavSource("cloud.example.org", "anna", "x", me=[ANNA], home="Amsterdam")
    assert issubclass(Misconfigured, MeetloadError)


def test_the_case_for_the_contract_holds_what_it_says():
    with caldav_case() as case:
        first = case.source.pull(case.mailbox, case.window)
        assert list(case.source.mailboxes()) == [case.mailbox]
        assert len(first.batch.meetings) == 7
        assert first.batch.meetings["title"].isna().sum() == 1
        for step, count in ((case.add, 8), (case.move, 8), (case.remove, 7)):
            step()
            pull = case.source.pull(case.mailbox, case.window, first.token)
            assert len(pull.batch.meetings) == count
        assert "01-14 09:00" in starts(pull)
        case.expire()
        with pytest.raises(TokenExpired):
            case.source.pull(case.mailbox, case.window, pull.token)
