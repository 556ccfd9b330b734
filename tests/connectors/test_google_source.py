"""A mailbox of Google pulled through real libraries from a fake that pages, throttles, forgets and drops."""

from __future__ import annotations

import base64
import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from urllib.parse import quote

import orjson
import pandas as pd
import pytest

from connectors.contract import Pull, Window
from connectors.errors import (
    Denied,
    Gone,
    MailboxError,
    Misconfigured,
    NoCalendar,
    NoMailbox,
    Throttled,
    TokenExpired,
    Trouble,
)
from connectors.google.source import GoogleSource
from connectors.scan.backoff import Patience, patiently
from tests.connectors.fakes.google import GoogleFake
from tests.connectors.fakes.google_case import ANNA, BRAM, CARO, google_case, known_calendar
from tests.connectors.fakes.google_faults import SECRET, Faults, no_token, refusal
from tests.connectors.fakes.google_world import World, event, occurrence, stub

WINDOW = Window(datetime(2026, 1, 1), datetime(2026, 4, 1))
YEAR = Window(datetime(2025, 1, 1), datetime(2025, 3, 1))


@contextmanager
def fake_with(calendar: list, source: dict | None = None, **more) -> Iterator[tuple[GoogleFake, GoogleSource]]:
    """A fake in which Anna has this calendar, and the scan of it."""
    world = World.of({ANNA: calendar, BRAM: []})
    with GoogleFake(world, **more) as fake, fake.scan(**(source or {})) as scan:
        yield fake, scan


def single(number: int, **more):
    day = 1 + number % 28
    return event(
        f"los{number}",
        f"2026-01-{day:02}T10:00:00+01:00",
        f"2026-01-{day:02}T11:00:00+01:00",
        organizer={"email": ANNA, "self": True},
        **more,
    )


def rows(pull: Pull) -> dict[str, pd.DataFrame]:
    return {table.name: frame.sort_values(list(frame.columns[:2]), ignore_index=True) for table, frame in pull.batch}


def same(left: Pull, right: Pull) -> bool:
    return all(frame.equals(rows(right)[name]) for name, frame in rows(left).items())


def test_a_known_calendar():
    with google_case() as case:
        pull = case.source.pull(case.mailbox, case.window)
        meetings = pull.batch.meetings
        assert list(case.source.mailboxes()) == [ANNA, BRAM]
        assert (pull.owner, pull.complete, pull.problems, pull.tombstones) == (ANNA, True, (), ())
        assert sorted(meetings["kind"]) == ["absence", "hold", "meeting", "meeting", "meeting"]
        assert set(meetings["source"]) == {"google"}
        moved = meetings[meetings["original_start"] == datetime(2026, 1, 13, 9)]
        assert moved["start"].tolist() == [datetime(2026, 1, 14, 9)]


def test_the_question_asks_for_no_text_beyond_the_title():
    with fake_with([single(1)]) as (fake, source):
        source.pull(ANNA, WINDOW)
        (_, asked), *_ = fake.asked
        assert asked["singleEvents"] == ["true"]
        assert asked["maxResults"] == ["2500"]
        assert asked["eventTypes"] == ["default", "fromGmail", "focusTime", "outOfOffice"]
        assert not {"description", "location"} & set(asked["fields"][0].replace("(", ",").split(","))
        assert not {"orderBy", "maxAttendees", "updatedMin"} & set(asked)


@pytest.mark.parametrize(
    "bent", [{}, {"short_pages": 1.0}, {"empty_pages": 1.0}, {"short_pages": 0.5, "empty_pages": 0.5}]
)
def test_pitfall_06_every_page_is_read_also_after_a_short_or_empty_one(bent):
    calendar = [single(number) for number in range(26)]
    with fake_with(calendar, {"settings": {"page_size": 5}}, faults=Faults(seed=3, **bent)) as (fake, source):
        pull = source.pull(ANNA, WINDOW)
        assert pull.counts["occurrences"] == len(pull.batch.meetings) == 26
        assert pull.counts["pages"] == fake.counts["events"] >= 6
        assert pull.token


def test_pitfall_04_a_void_token_is_never_an_empty_success():
    with fake_with([single(1)]) as (fake, source):
        token = source.pull(ANNA, WINDOW).token
        fake.faults = Faults(expired=1.0)
        with pytest.raises(TokenExpired):
            source.pull(ANNA, WINDOW, token)


def test_pitfall_05_a_deletion_shows_in_both_modes():
    with google_case() as case:
        before = case.source.pull(ANNA, WINDOW)
        case.remove()
        changes = case.source.pull(ANNA, WINDOW, before.token)
        after = case.source.pull(ANNA, WINDOW)
        gone = set(before.batch.meetings["meeting_id"]) - set(after.batch.meetings["meeting_id"])
        assert len(gone) == 1
        assert set(changes.tombstones) == gone
        assert (changes.complete, len(changes.batch.meetings)) == (False, 0)


def test_a_second_sync_without_changes_is_one_request_and_brings_nothing():
    with google_case() as case:
        first = case.source.pull(ANNA, WINDOW)
        case.fake.counts.clear()
        second = case.source.pull(ANNA, WINDOW, first.token)
        assert case.fake.counts == {"token events": 1}
        assert (len(second.batch.meetings), second.tombstones, second.complete, second.token) == (
            0,
            (),
            False,
            first.token,
        )


def test_changes_bring_what_is_new_and_what_moved():
    with google_case() as case:
        first = case.source.pull(ANNA, WINDOW)
        case.add()
        case.move()
        changes = case.source.pull(ANNA, WINDOW, first.token)
        assert sorted(changes.batch.meetings["start"]) == [datetime(2026, 1, 7, 9), datetime(2026, 1, 8, 14)]
        last = case.source.pull(ANNA, WINDOW, changes.token)
        assert len(last.batch.meetings) == 0
        assert case.source.pull(ANNA, WINDOW).counts["occurrences"] == 6


def test_what_moved_out_of_the_window_is_gone_from_it():
    with fake_with([single(1)]) as (fake, source):
        first = source.pull(ANNA, WINDOW)
        later = {"start": {"dateTime": "2026-09-01T10:00:00Z"}, "end": {"dateTime": "2026-09-01T11:00:00Z"}}
        fake.world.change(ANNA, single(1) | later)
        changes = source.pull(ANNA, WINDOW, first.token)
        assert changes.tombstones == tuple(first.batch.meetings["meeting_id"])
        assert len(changes.batch.meetings) == 0


@pytest.mark.parametrize(
    "other", [{"window": Window(datetime(2026, 1, 1), datetime(2026, 5, 1))}, {"mailbox": BRAM}, {"token": "1.zomaar"}]
)
def test_a_token_answers_only_the_question_it_was_given_for(other):
    with fake_with([single(1)]) as (fake, source):
        asked = {"mailbox": ANNA, "window": WINDOW, "token": source.pull(ANNA, WINDOW).token} | other
        fake.counts.clear()
        with pytest.raises(TokenExpired):
            source.pull(**asked)
        assert not fake.counts


def test_the_token_question_repeats_every_parameter_and_no_window():
    with fake_with([single(1)]) as (fake, source):
        source.pull(ANNA, WINDOW, source.pull(ANNA, WINDOW).token)
        (_, first), (_, second) = fake.asked
        assert set(first) - set(second) == {"timeMin", "timeMax"}
        assert all(first[name] == second[name] for name in set(first) & set(second))


def test_pitfall_16_the_end_of_a_deleted_series_goes_with_a_full_pull():
    weeks = [f"2026-0{month}-05T09:00:00Z" for month in (1, 2, 3)]
    series = [
        occurrence("reeks1", was, was, was.replace("T09", "T10"), organizer={"email": ANNA, "self": True})
        for was in weeks
    ]
    with fake_with(series) as (fake, source):
        first = source.pull(ANNA, WINDOW)
        for each in series[:2]:
            fake.world.delete(ANNA, each)
        fake.world.calendars = lambda _: []
        changes = source.pull(ANNA, WINDOW, first.token)
        assert len(changes.tombstones) == 2
        assert len(source.pull(ANNA, WINDOW).batch.meetings) == 0


def test_a_deletion_that_no_id_explains_asks_for_a_full_pull():
    with fake_with([single(1)]) as (fake, source):
        token = source.pull(ANNA, WINDOW).token
        fake.world.change(ANNA, stub(single(2) | {"id": "_???"}))
        with pytest.raises(TokenExpired):
            source.pull(ANNA, WINDOW, token)
        assert source.pull(ANNA, WINDOW).complete


def test_pitfall_18_a_meeting_seen_in_two_calendars_is_one():
    with google_case() as case:
        both = [case.source.pull(each, WINDOW).batch.meetings for each in (ANNA, BRAM)]
        shared = set(both[0]["meeting_id"]) & set(both[1]["meeting_id"])
        assert len(shared) == 5


def test_pitfall_22_a_mailbox_that_is_not_there_does_not_stop_the_others():
    world = World.of(
        {each: known_calendar(each) for each in (ANNA, BRAM, CARO)}, suspended={ANNA}, without_calendar={BRAM}
    )
    with GoogleFake(world) as fake, fake.scan() as source:
        with pytest.raises(NoMailbox):
            source.pull(ANNA, WINDOW)
        with pytest.raises(NoCalendar):
            source.pull(BRAM, WINDOW)
        with pytest.raises(NoMailbox):
            source.pull("niemand@meridiaan.example", WINDOW)
        assert source.pull(CARO, WINDOW).counts["occurrences"] == 5


def test_pitfall_23_retry_after_is_handed_on():
    with fake_with([single(1)], faults=Faults(throttled=1.0, retry_after="17")) as (_, source):
        with pytest.raises(Throttled) as caught:
            source.pull(ANNA, WINDOW)
        assert caught.value.retry_after == 17.0


@pytest.mark.parametrize(
    ("status", "reason", "expected"),
    [
        (403, "rateLimitExceeded", Throttled),
        (403, "userRateLimitExceeded", Throttled),
        (429, "rateLimitExceeded", Throttled),
        (429, "iets", Throttled),
        (403, "quotaExceeded", Throttled),
        (403, "accessNotConfigured", Misconfigured),
        (403, "insufficientPermissions", Misconfigured),
        (403, "notACalendarUser", NoCalendar),
        (403, "forbidden", Denied),
        (404, "notFound", NoCalendar),
        (401, "authError", Denied),
        (410, "deleted", Gone),
        (400, "badRequest", Denied),
        (500, "backendError", Trouble),
        (503, "backendError", Trouble),
    ],
)
def test_every_refusal_by_its_name(status, reason, expected):
    with fake_with([]) as (fake, source):
        fake.refuse = refusal(status, reason)
        with pytest.raises(MailboxError if issubclass(expected, MailboxError) else Misconfigured) as caught:
            source.pull(ANNA, WINDOW)
        assert type(caught.value) is expected
        assert SECRET not in str(caught.value)


@pytest.mark.parametrize("reason", ["fullSyncRequired", "updatedMinTooLongAgo", "deleted"])
def test_410_with_a_token_asks_for_a_full_pull(reason):
    with fake_with([]) as (fake, source):
        token = source.pull(ANNA, WINDOW).token
        fake.refuse = refusal(410, reason)
        with pytest.raises(TokenExpired):
            source.pull(ANNA, WINDOW, token)


def test_a_spent_quota_is_left_for_much_later():
    with fake_with([]) as (fake, source):
        fake.refuse = refusal(403, "quotaExceeded")
        with pytest.raises(Throttled) as caught:
            source.pull(ANNA, WINDOW)
        assert caught.value.retry_after == source.settings.quota_rest


@pytest.mark.parametrize(
    ("error", "description", "expected"),
    [
        ("unauthorized_client", "Client is unauthorized", Denied),
        ("access_denied", "Requested client not authorized", Denied),
        ("invalid_grant", "Invalid email or User ID", NoMailbox),
        ("invalid_grant", "Invalid JWT Signature.", Misconfigured),
        ("invalid_grant", "Invalid JWT: Token must be a short-lived token", Misconfigured),
        ("invalid_client", "The OAuth client was not found.", Misconfigured),
        ("rate_limit_exceeded", "", Throttled),
    ],
)
def test_what_the_sign_in_service_refuses(error, description, expected):
    with fake_with([], refuse_sign_in=no_token(error, f"{description} {SECRET}")) as (_, source):
        with pytest.raises(expected) as caught:
            source.pull(ANNA, WINDOW)
        assert SECRET not in str(caught.value)
        assert caught.value.__cause__ is None


def test_a_dropped_connection_is_trouble_and_never_a_shorter_calendar():
    with fake_with([single(n) for n in range(20)], faults=Faults(dropped=1.0)) as (_, source), pytest.raises(Trouble):
        source.pull(ANNA, WINDOW)


def test_an_access_token_that_ran_out_is_renewed_within_the_request():
    with fake_with([single(1)]) as (fake, source):
        source.pull(ANNA, WINDOW)
        fake.expire_access()
        assert source.pull(ANNA, WINDOW).counts["occurrences"] == 1
        assert fake.counts["token"] == 2


def test_a_mailbox_costs_one_sign_in_and_the_wire_forgets_the_oldest():
    world = World.of({each: [] for each in (ANNA, BRAM, CARO)})
    with GoogleFake(world) as fake, fake.scan(settings={"mailboxes_signed_in": 2}) as source:
        for mailbox in (ANNA, ANNA, BRAM, CARO, ANNA):
            source.pull(mailbox, WINDOW)
        assert fake.counts["token"] == 4


def test_every_page_is_announced():
    announced: list[int] = []
    more = {"settings": {"page_size": 2}, "before_request": lambda: announced.append(1)}
    with fake_with([single(n) for n in range(5)], more) as (fake, source):
        source.pull(ANNA, WINDOW)
        assert len(announced) == fake.counts["events"] == 3


def test_duplicates_and_another_order_change_nothing():
    world = World.generate(2, 8)
    bent = Faults(duplicates=1.0, reordered=True, short_pages=0.3, empty_pages=0.2)
    small = {"settings": {"page_size": 50}}
    with GoogleFake(world) as plain, GoogleFake(World.generate(2, 8), bent) as odd:
        with plain.scan(**small) as straight, odd.scan(**small) as crooked:
            assert same(straight.pull(world.mailboxes[0], YEAR), crooked.pull(world.mailboxes[0], YEAR))
        assert odd.counts["events"] > plain.counts["events"]


def test_one_event_that_cannot_be_read_does_not_take_the_others_with_it():
    broken = [
        single(2) | {"start": {}},
        single(3) | {"end": {"dateTime": "ooit"}},
        single(4) | {"end": {"dateTime": "1999-01-01T00:00:00Z"}},
    ]

    class Wire:
        def page(self, mailbox, question):
            return orjson.dumps({"items": [single(1), *broken, "tekst", {}], "nextSyncToken": "t"})

    pull = GoogleSource(Wire(), (ANNA,)).pull(ANNA, WINDOW)
    assert len(pull.batch.meetings) == 1
    assert pull.counts["rejected"] == len(pull.problems) == 5
    assert not any("Overleg" in str(problem) for problem in pull.problems)


def test_a_page_that_comes_back_for_ever_is_trouble():
    class Wire:
        def page(self, mailbox, question):
            return b'{"items": [], "nextPageToken": "steeds dezelfde"}'

    with pytest.raises(Trouble):
        GoogleSource(Wire(), (ANNA,)).pull(ANNA, WINDOW)


def test_many_mailboxes_at_once_give_what_one_after_the_other_gives():
    world = World.generate(16, 6)
    threads = threading.active_count()
    with GoogleFake(world) as fake, fake.scan() as source:
        alone = [source.pull(each, YEAR) for each in world.mailboxes]
        with ThreadPoolExecutor(8) as pool:
            together = list(pool.map(lambda each: source.pull(each, YEAR), world.mailboxes))
        assert all(same(left, right) for left, right in zip(alone, together, strict=True))
        assert sum(len(pull.batch.meetings) for pull in alone) > 16 * 6 * 15
    assert threading.active_count() - threads < len(world.mailboxes) / 2


def test_pitfall_21_a_year_of_a_mailbox_is_one_page_of_masked_events():
    world = World.generate(8, 52)
    with GoogleFake(world) as fake, fake.scan() as source:
        pull = source.pull(world.mailboxes[1], Window(datetime(2025, 1, 1), datetime(2026, 2, 1)))
        assert pull.counts["pages"] == 1
        assert pull.counts["occurrences"] > 1000


def test_a_small_campaign_of_faults_ends_where_a_quiet_day_ends():
    """Pages of fifty, so that some fault meets almost every mailbox; the last fault comes in the second sync."""
    faults = Faults(
        seed=5, throttled=0.05, server_errors=0.02, dropped=0.01, expired=0.01,
        short_pages=0.05, empty_pages=0.05, duplicates=0.05, reordered=True,
    )  # fmt: skip
    world, small = World.generate(24, 8), {"settings": {"page_size": 50}}
    with GoogleFake(world) as calm, GoogleFake(World.generate(24, 8), faults) as storm:
        with calm.scan(**small) as quiet, storm.scan(**small) as beaten:
            for mailbox in world.mailboxes:
                pull = partial(beaten.pull, mailbox, YEAR)
                found = patiently(pull, Patience(attempts=50), sleep=lambda _: None)
                assert same(quiet.pull(mailbox, YEAR), found)
        assert set(storm.struck) == {"throttled", "server_errors", "dropped", "expired"}


def test_neither_titles_nor_tokens_reach_a_log(caplog):
    caplog.set_level(logging.DEBUG)
    with fake_with([single(1, summary="Zeer geheim overleg")]) as (fake, source):
        pull = source.pull(ANNA, WINDOW)
        fake.refuse = refusal(500, "backendError")
        with pytest.raises(Trouble) as caught:
            source.pull(ANNA, WINDOW, pull.token)
    told = caplog.text + str(caught.value) + repr(source) + str(pull.problems)
    for secret in ("Zeer geheim", SECRET, "ya29", "BEGIN PRIVATE"):
        for form in (secret, quote(secret), base64.b64encode(secret.encode()).decode().rstrip("=")[:-2]):
            assert form not in told
