"""A window of a mailbox, read whole, from a Graph that pages, refuses and fails; over a real connection."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime, timedelta

import pandas as pd
import pytest

from connectors.contract import Window
from connectors.errors import Denied, Gone, MailboxError, Misconfigured, NoMailbox, Throttled, TokenExpired, Trouble
from connectors.outlook import directory
from connectors.outlook.client import Graph
from connectors.outlook.settings import SELECT
from connectors.outlook.source import OutlookSource, organisation, own_calendar
from tests.connectors.fakes.outlook import OutlookFake
from tests.connectors.fakes.outlook_case import CASE_WINDOW, outlook_case, small_world
from tests.connectors.fakes.outlook_faults import Faults
from tests.connectors.fakes.outlook_reading import ANNA, NINE, YEAR, anna, patiently, pull, rows, source_of, starts
from tests.connectors.fakes.outlook_world import MONDAY, World, event, guest, user


@pytest.fixture
def case():
    with outlook_case() as given:
        yield given


def test_a_window_of_a_small_calendar(case):
    found = pull(case)
    assert (found.owner, found.complete, found.token, found.tombstones) == (ANNA, True, None, ())
    kinds = found.batch.meetings.groupby(["kind", "status"]).size().to_dict()
    assert kinds == {
        ("absence", "confirmed"): 1,
        ("hold", "confirmed"): 1,
        ("meeting", "cancelled"): 1,
        ("meeting", "confirmed"): 7,
    }
    assert len(set(found.batch.meetings["series_id"].dropna())) == 1
    assert list(found.batch.absences["start"]) == [datetime(2026, 1, 11, 23)]
    assert found.counts == {"events": 10, "occurrences": 10}
    assert list(case.source.mailboxes()) == [ANNA]
    assert case.source.name == "outlook"


def test_pitfall_05_a_deleted_event_is_simply_not_there_and_the_pull_says_it_is_whole(case):
    before = pull(case)
    case.fake.world.remove(anna(case), "single")
    after = pull(case)
    assert after.complete
    assert set(before.batch.meetings["meeting_id"]) - set(after.batch.meetings["meeting_id"]) != set()
    assert len(after.batch.meetings) == len(before.batch.meetings) - 1


@pytest.mark.parametrize(
    "faults", [Faults(), Faults(short=1.0), Faults(empty=1.0), Faults(short=0.5, empty=0.5, duplicated=1.0)]
)
def test_pitfall_06_every_page_is_read_also_after_an_empty_or_short_one(faults):
    world = World(users=[user(1, "Anna")])
    many = [event(f"e{n}", NINE + timedelta(hours=n)) for n in range(45)]
    world.put(world.users[0]["id"], *many)
    with OutlookFake(world, faults) as fake:
        found = source_of(fake, page_size=20).pull(ANNA, CASE_WINDOW)
        assert starts(found) == [NINE + timedelta(hours=n) for n in range(45)]
        assert fake.counts["calendarView"] >= 3
        assert found.counts["events"] == 45


def test_a_window_ends_where_it_ends(case):
    monday = Window(MONDAY, MONDAY + timedelta(days=1))
    assert starts(case.source.pull(ANNA, monday)) == [NINE, NINE + timedelta(hours=2)]
    sunday = Window(MONDAY - timedelta(days=1), NINE)
    assert starts(case.source.pull(ANNA, sunday)) == []


@pytest.mark.parametrize("hour", [0, 3])
def test_all_day_entries_at_the_edge_of_the_window(case, hour):
    """The server cuts them in the mailbox's zone; we cut by their date."""
    edge = MONDAY + timedelta(days=8, hours=hour)
    before = case.source.pull(ANNA, Window(MONDAY + timedelta(days=6), edge))
    after = case.source.pull(ANNA, Window(edge, edge + timedelta(days=1)))
    assert len(before.batch.absences) == 1
    assert len(after.batch.absences) == 0


def test_every_page_asks_for_the_same_things(case):
    seen = []
    graph = Graph(case.fake.settings(page_size=4), case.fake.sign_in())
    ask = graph._session().send
    graph._session().send = lambda request, **given: (seen.append(request), ask(request, **given))[1]
    OutlookSource(graph, case.fake.addresses()).pull(ANNA, case.window)
    assert len(seen) == 3
    assert {request.headers["Prefer"] for request in seen} == {
        'IdType="ImmutableId", outlook.timezone="UTC", odata.maxpagesize=4, outlook.body-content-type="text"'
    }


def test_pitfall_18_only_the_own_default_calendar_is_read(case):
    pull(case)
    assert {each.partition("?")[0] for each in case.fake.requests} == {f"/v1.0/users/{anna(case)}/calendarView"}


def test_pitfall_21_nothing_but_what_is_needed_is_selected(case):
    pull(case)
    assert all("%24select=" in each or "$select=" in each for each in case.fake.requests)
    assert not {"body", "bodyPreview", "location", "attachments"} & set(SELECT)


def test_pitfall_21_a_page_that_takes_too_long_is_asked_for_in_smaller_ones():
    world = World.generate(1, 4, seed=1)
    with OutlookFake(world) as quick, OutlookFake(world, Faults(slow_pages=1.0)) as slow:
        expected = source_of(quick).pull("persoon0@example.org", YEAR)
        found = source_of(slow).pull("persoon0@example.org", YEAR)
        assert rows(found) == rows(expected)
        assert (slow.counts["504"], slow.counts["calendarView"]) == (1, -(-len(expected.batch.meetings) // 100))


def test_a_small_page_that_takes_too_long_is_trouble():
    with OutlookFake(small_world(), Faults(slow_pages=1.0)) as fake, pytest.raises(Trouble):
        source_of(fake, small_page=200).pull(ANNA, CASE_WINDOW)


def test_pitfall_17_unknown_zones_are_counted_and_told_once(case):
    case.fake.world.put(
        anna(case), event("odd", NINE, originalStartTimeZone="tzone://Microsoft/Custom", subject="Geheim")
    )
    found = pull(case)
    assert found.counts["unknown_zones"] == 1
    assert [problem.rejected for problem in found.problems] == [False]
    assert "Geheim" not in str(found.problems)


def test_an_event_that_cannot_be_read_is_left_out_by_its_id_and_the_rest_stays(case):
    case.fake.world.put(
        anna(case), event("broken", NINE, datetime(9999, 12, 31), subject="Geheim"),
        event("odd", NINE, attendees=[None], subject="Geheim"),
    )  # fmt: skip
    found = pull(case)
    assert len(found.batch.meetings) == 10
    assert found.counts["rejected"] == 2
    assert "broken" in str(found.problems[0])
    assert "Geheim" not in str(found.problems)


# What goes wrong


@pytest.mark.parametrize(
    ("state", "error"), [("no_mailbox", NoMailbox), ("disabled", Denied), ("denied", Denied), ("gone", Gone)]
)
def test_pitfall_22_a_closed_or_missing_mailbox_is_told_by_its_state_in_one_request(case, state, error):
    case.fake.world.states[anna(case)] = state
    with pytest.raises(error) as raised:
        pull(case)
    assert len(case.fake.requests) == 1
    assert "RAOP" not in str(raised.value)


def test_an_address_nobody_has_is_gone(case):
    with pytest.raises(Gone):
        case.source.pull("nobody@example.org", case.window)


@pytest.mark.parametrize(
    ("faults", "error"),
    [(Faults(throttled=1.0), Throttled), (Faults(errors=1.0), Trouble), (Faults(dropped=1.0), Trouble)],
)
def test_what_passes_is_told_from_what_stays(faults, error):
    with OutlookFake(small_world(), faults) as fake, pytest.raises(error):
        source_of(fake).pull(ANNA, CASE_WINDOW)


def test_pitfall_23_the_wait_that_was_asked_for_is_passed_on():
    with OutlookFake(small_world(), Faults(throttled=1.0, retry_after=17)) as fake:
        waits = []
        for _ in range(2):
            with pytest.raises(Throttled) as raised:
                source_of(fake).pull(ANNA, CASE_WINDOW)
            waits.append(raised.value.retry_after)
        assert waits == [17.0, None]


def test_pitfall_23_at_most_one_request_of_a_mailbox_is_in_flight():
    world = World.generate(6, 8, seed=3)
    with OutlookFake(world, latency=0.01) as fake:
        source = source_of(fake, page_size=20)
        threads = [threading.Thread(target=source.pull, args=(each, YEAR)) for each in source.mailboxes()]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        source.close()
        assert fake.counts["calendarView"] > 30
        assert fake.most_in_flight == 1


def test_a_word_of_access_that_ran_out_is_replaced_within_the_pull(case):
    pull(case)
    case.fake.login.expire()
    assert len(pull(case).batch.meetings) == 10
    assert case.fake.counts == {"calendarView": 6, "401": 1}


def test_a_sign_in_that_is_never_accepted_stops_the_run(case):
    class Stale:
        def token(self, refused=None):
            return "not-a-word-of-access"

    source = OutlookSource(Graph(case.fake.settings(), Stale()), case.fake.addresses())
    with pytest.raises(Misconfigured) as raised:
        source.pull(ANNA, case.window)
    assert len(case.fake.requests) == 3
    assert "not-a-word" not in str(raised.value)


@pytest.mark.parametrize("address", ["nonsense", "graph.example/v1.0", "http://"])
def test_an_address_that_is_none_stops_the_run(case, address):
    graph = Graph(replace(case.fake.settings(), graph=address), case.fake.sign_in())
    with pytest.raises(Misconfigured):
        OutlookSource(graph, {ANNA: "x"}).pull(ANNA, case.window)


def test_a_server_that_is_not_there_is_trouble(case):
    graph = Graph(case.fake.settings(graph="http://127.0.0.1:1/v1.0"), case.fake.sign_in())
    with pytest.raises(Trouble) as raised:
        OutlookSource(graph, {ANNA: "x"}).pull(ANNA, case.window)
    assert "127.0.0.1" not in str(raised.value)


def test_the_sign_in_is_never_sent_to_another_address(case, monkeypatch):
    monkeypatch.setattr(type(case.fake), "url", property(lambda _: "http://elsewhere.example/v1.0"))
    with pytest.raises(Trouble, match="another address"):
        pull(case)
    assert len(case.fake.requests) == 1


def test_a_page_that_names_itself_as_the_next_is_trouble_and_not_a_loop(case, monkeypatch):
    graph = Graph(case.fake.settings(), case.fake.sign_in())
    first = f"{case.fake.url}/again"
    monkeypatch.setattr(graph, "_sent", lambda *_: Answered({"value": [], "@odata.nextLink": first}))
    with pytest.raises(Trouble, match="twice"):
        list(graph.pages("/again"))


@pytest.mark.parametrize("content", [b"[]", b"{}", b'{"value": 3}', b'{"value": [', b"<html>"])
def test_an_answer_that_is_none_is_trouble(case, monkeypatch, content):
    graph = Graph(case.fake.settings(), case.fake.sign_in())
    monkeypatch.setattr(graph, "_sent", lambda *_: Answered(content))
    with pytest.raises(Trouble):
        list(graph.pages("/users"))


class Answered:
    status_code = 200

    def __init__(self, content):
        import orjson

        self.content = content if isinstance(content, bytes) else orjson.dumps(content)


def test_every_request_is_metered(case):
    asked = []
    graph = Graph(case.fake.settings(page_size=4), case.fake.sign_in(), before_request=lambda: asked.append(1))
    OutlookSource(graph, case.fake.addresses()).pull(ANNA, case.window)
    assert len(asked) == len(case.fake.requests) == 3


def test_a_campaign_of_faults_gives_the_rows_of_a_quiet_day():
    world = World.generate(10, 12, seed=5)
    with OutlookFake(world) as quiet, OutlookFake(world, Faults.campaign(seed=6)) as stormy:
        calm, shaken = source_of(quiet, page_size=50), source_of(stormy, page_size=50)
        for mailbox in calm.mailboxes():
            expected, found = calm.pull(mailbox, YEAR), patiently(shaken, mailbox, YEAR)
            assert rows(found) == rows(expected)
            assert found.counts == expected.counts
        assert len(stormy.counts.keys() & {"429", "401", "dropped", "500", "502", "503"}) >= 3
        assert stormy.counts["dishonest"] == 0
        assert stormy.most_in_flight == 1


# Whose calendar


def test_ones_own_calendar_is_read_as_me_with_all_ones_addresses(case):
    graph = Graph(case.fake.settings(), case.fake.sign_in("anna@example.org"))
    case.fake.world.put(anna(case), event("self", NINE, attendees=[guest("anna.alias@example.org")], subject="Alleen"))
    source = own_calendar(graph, incremental=False)
    assert list(source.mailboxes()) == [ANNA]
    found = source.pull(ANNA, case.window)
    alone = found.batch.meetings.set_index("title").loc["Alleen"]
    assert (alone["kind"], alone["headcount"]) == ("hold", 1)
    assert {each.partition("?")[0] for each in case.fake.requests} == {"/v1.0/me", "/v1.0/me/calendarView"}


def test_somebody_elses_calendar_stays_closed_to_a_person(case):
    graph = Graph(case.fake.settings(), case.fake.sign_in("bob@example.org"))
    with pytest.raises(Denied):
        OutlookSource(graph, case.fake.addresses()).pull(ANNA, case.window)


def test_an_organisation_reads_whoever_has_a_mailbox_whatever_the_address_is_called(case):
    case.fake.world.users[1]["userPrincipalName"] = "a.bos@login.example.org"
    graph = Graph(case.fake.settings(), case.fake.sign_in())
    source = organisation(graph, directory.people(graph))
    assert list(source.mailboxes()) == [ANNA, "bob@example.org"]
    found = source.pull(ANNA, case.window)
    assert found.owner == ANNA
    assert pd.notna(found.batch.meetings["organizer_id"]).all()


def test_errors_are_about_one_mailbox_except_where_nothing_will_work():
    assert not issubclass(Misconfigured, MailboxError)
    assert issubclass(TokenExpired, MailboxError)
