"""Only what changed in a mailbox, from a Graph that forgets, repeats and tells half; over a real connection."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from connectors.contract import Window
from connectors.errors import TokenExpired
from connectors.outlook.client import Graph
from connectors.outlook.source import OutlookSource
from tests.connectors.fakes.outlook import OutlookFake
from tests.connectors.fakes.outlook_calendar import BODY
from tests.connectors.fakes.outlook_case import CASE_WINDOW, outlook_case, small_world
from tests.connectors.fakes.outlook_faults import Faults
from tests.connectors.fakes.outlook_reading import ANNA, NINE, YEAR, anna, patiently, pull, rows, starts
from tests.connectors.fakes.outlook_world import World, event, goid, guest


@pytest.fixture
def case():
    with outlook_case() as given:
        yield given


@pytest.fixture
def syncing():
    with outlook_case(incremental=True) as given:
        yield given


def test_pitfall_02_masters_are_not_among_the_rows_in_either_mode(case, syncing):
    assert NINE + timedelta(days=0) in starts(pull(case))
    for found in (pull(case), pull(syncing)):
        series = found.batch.meetings.dropna(subset=["series_id"])
        assert series["start"].min() == NINE + timedelta(days=3), "the master stands on the first Monday"


def test_the_first_sync_is_the_whole_window_and_the_next_is_one_request_and_nothing(case, syncing):
    first = pull(syncing)
    assert first.complete
    assert rows(first) == rows(pull(case))
    before = len(syncing.fake.requests)
    second = pull(syncing, first.token)
    assert len(syncing.fake.requests) == before + 1
    assert (second.complete, len(second.batch.meetings), second.tombstones) == (False, 0, ())
    assert second.token == first.token


def test_pitfall_01_thin_occurrences_have_their_masters_title_and_guests(syncing):
    found = pull(syncing)
    series = found.batch.meetings.dropna(subset=["series_id"])
    assert set(series["title"]) == {"Weekstart"}
    assert set(series["headcount"]) == {2}


@pytest.mark.parametrize("gone", [False, True])
def test_pitfall_01_a_master_that_is_not_among_the_changes_is_asked_for(syncing, gone):
    fake, first = syncing.fake, pull(syncing)
    moved = {**fake.world.event(anna(syncing), "master1"), "start": fake.world.event(anna(syncing), "single")["start"]}
    fake.world.put(anna(syncing), moved)
    if gone:
        fake.world.remove(anna(syncing), "master", told=False)
    found = pull(syncing, first.token)
    assert [each for each in fake.requests if "/events/master" in each] != []
    assert len(found.batch.meetings) == (0 if gone else 1)
    assert len(found.tombstones) == (5 if gone else 1), (
        "without its master a series is gone; else only the old place is"
    )


def test_pitfall_03_a_removal_nobody_knows_is_ignored_and_a_known_one_is_told(syncing):
    first = pull(syncing)
    single = first.batch.meetings.loc[first.batch.meetings["title"] == "Ontwerp werkwijze", "meeting_id"]
    syncing.fake.world.remove(anna(syncing), "single", "never-seen")
    second = pull(syncing, first.token)
    assert second.tombstones == tuple(single)
    syncing.fake.world.remove(anna(syncing), "single", "never-seen")
    assert pull(syncing, second.token).tombstones == ()


def test_a_removed_master_takes_its_occurrences_along(syncing):
    first = pull(syncing)
    syncing.fake.world.remove(anna(syncing), *(f"master{n}" for n in range(5)), told=False)
    syncing.fake.world.remove(anna(syncing), "master")
    second = pull(syncing, first.token)
    assert set(second.tombstones) == set(first.batch.meetings.dropna(subset=["series_id"])["meeting_id"])


def test_pitfall_05_a_removal_without_word_goes_with_the_next_whole_window(syncing):
    first = pull(syncing)
    syncing.fake.world.remove(anna(syncing), "master2", told=False)
    assert pull(syncing, first.token).tombstones == ()
    whole = pull(syncing)
    assert whole.complete
    assert len(whole.batch.meetings) == len(first.batch.meetings) - 1


def test_what_moves_out_of_the_window_is_gone_from_it_and_what_moves_within_keeps_its_id(syncing):
    fake, first = syncing.fake, pull(syncing)
    by_title = first.batch.meetings.set_index("title")["meeting_id"]
    guests = [guest("bob@example.org")]
    fake.world.put(
        anna(syncing),
        event("single", datetime(2027, 1, 1), attendees=guests, subject="Ontwerp werkwijze"),
        event("hold", NINE + timedelta(days=9), subject="Nadenken"),
    )
    second = pull(syncing, first.token)
    assert second.tombstones == (by_title["Ontwerp werkwijze"],)
    assert list(second.batch.meetings["meeting_id"]) == [by_title["Nadenken"]]
    assert starts(second) == [NINE + timedelta(days=9)]


def test_a_single_meeting_that_becomes_a_series_is_a_single_no_more(syncing):
    fake, first = syncing.fake, pull(syncing)
    fake.world.put(
        anna(syncing), event("hold", NINE, type="seriesMaster", subject="Nadenken"),
        event("hold0", NINE, type="occurrence", seriesMasterId="hold", iCalUId=goid("hold")),
    )  # fmt: skip
    second = pull(syncing, first.token)
    assert len(second.tombstones) == len(second.batch.meetings) == 1
    assert second.batch.meetings["title"].tolist() == ["Nadenken"]


def test_repeated_and_reordered_changes_give_the_same_rows():
    def found(faults):
        with OutlookFake(small_world(), faults) as fake:
            graph = Graph(fake.settings(page_size=3), fake.sign_in())
            return rows(OutlookSource(graph, fake.addresses(), incremental=True).pull(ANNA, CASE_WINDOW))

    assert found(Faults(duplicated=1.0, short=0.5, empty=0.5)) == found(Faults())


@pytest.mark.parametrize(
    "refusal",
    [
        (410, "SyncStateNotFound"),
        (410, "resyncRequired"),
        (410, ""),
        (400, "syncStateNotFound"),
        (404, "ErrorSyncStateNotFound"),
    ],
)
def test_pitfall_04_a_forgotten_sync_is_an_error_and_never_an_empty_success(syncing, refusal):
    token = pull(syncing).token
    syncing.fake.sync_refusal = refusal
    with pytest.raises(TokenExpired):
        pull(syncing, token)
    syncing.fake.sync_refusal = None
    assert pull(syncing).complete


@pytest.mark.parametrize("change", ["window", "version", "torn", "other", "empty"])
def test_a_token_of_another_window_or_version_is_void_before_anything_is_asked(syncing, change):
    token = pull(syncing).token
    window = Window(CASE_WINDOW.start, CASE_WINDOW.end + timedelta(days=7)) if change == "window" else CASE_WINDOW
    given = {"version": token.replace('"v":1', '"v":0'), "torn": token[:-9], "other": '["x"]', "empty": ""}.get(
        change, token
    )
    asked = len(syncing.fake.requests)
    with pytest.raises(TokenExpired):
        syncing.source.pull(ANNA, window, given)
    assert len(syncing.fake.requests) == asked


def test_a_token_holds_neither_titles_nor_addresses_nor_the_word_of_access(syncing):
    token = pull(syncing).token
    sign_in = syncing.fake.sign_in().token()
    assert not any(word in token for word in ("Weekstart", "Tandarts", "bob@", ANNA, sign_in, sign_in.split(".")[1]))


def test_bodies_that_a_sync_cannot_help_receiving_are_not_kept(syncing):
    found = pull(syncing)
    assert BODY not in str(rows(found)) + str(found)


def test_a_sync_in_a_storm_ends_where_a_quiet_one_does():
    world = World.generate(2, 8, seed=9)
    mailbox, owner = "persoon1@example.org", world.users[1]["id"]
    with (
        OutlookFake(world) as quiet,
        OutlookFake(world, Faults(2, throttled=0.1, errors=0.1, dropped=0.1, short=0.2, duplicated=0.2)) as stormy,
    ):
        whole = [
            OutlookSource(Graph(each.settings(page_size=50), each.sign_in()), each.addresses(), incremental=True)
            for each in (quiet, stormy)
        ]
        first = [patiently(each, mailbox, YEAR) for each in whole]
        world.remove(owner, *[each["id"] for each in world.events(owner) if each["type"] == "singleInstance"][:9])
        second = [patiently(each, mailbox, YEAR, pulled.token) for each, pulled in zip(whole, first, strict=True)]
        assert rows(first[0]) == rows(first[1])
        assert second[0].tombstones == second[1].tombstones
        assert len(second[0].tombstones) == 9
