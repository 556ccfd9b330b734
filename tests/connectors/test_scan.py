"""A scan against a source that throttles, fails, expires and repeats itself, in simulated time and in killed processes."""

from __future__ import annotations

import base64
import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote

import pandas as pd
import pytest
from scripted import MARKER, MONDAY, Faults, Scripted, minimise, window
from simulated import SimulatedClock

from connectors.copies import Copy
from connectors.errors import Denied, Gone, Misconfigured, NoMailbox
from connectors.scan import Bucket, Patience, ScanSettings, scan
from store.copies import copies_path, open_copies
from store.database import Store, writing
from store.errors import BadInput

TESTS = Path(__file__).parents[1]
TABLES = ("meetings", "attendance", "absences", "moves", "labels")
NASTY = Faults(throttled=0.05, retry_after=7, trouble=0.03, expired=0.05, duplicates=0.05)


@pytest.fixture
def place(tmp_path):
    return tmp_path / "s.db"


class Scanning:
    """A scripted source with its own simulated clock, ready to scan into a store."""

    def __init__(self, place, source=None, clock=None, rate=100_000, **settings):
        self.place = place
        self.clock = clock or SimulatedClock()
        self.bucket = Bucket(rate, 5, self.clock.now, self.clock.sleep)
        self.source = source or Scripted(people=12, weeks=2)
        self.source.before_request, self.source.sleep = self.bucket.take, self.clock.sleep
        self.settings = ScanSettings(**settings)

    def __call__(self, copies=None, mailboxes=None, during=None, **settings):
        if copies is None:
            with open_copies(self.place) as opened:
                return self(opened, mailboxes, during, **settings)
        return scan(
            self.source,
            self.source.mailboxes() if mailboxes is None else mailboxes,
            copies,
            window(self.source.weeks),
            replace(self.settings, **settings),
            minimise=minimise,
            progress=during,
            bucket=self.bucket,
            clock=self.clock,
            random=random.Random(3).random,
        )


def tables(place) -> dict[str, pd.DataFrame]:
    """The settled store, row by row."""
    with open_copies(place) as copies, writing(place) as writer:
        writer.settle(copies.settle())
    store = Store(place)
    frames = {name: store.frame(name) for name in TABLES}
    return {name: frame.sort_values(list(frame.columns[:3]), ignore_index=True) for name, frame in frames.items()}


def assert_same(one: dict[str, pd.DataFrame], other: dict[str, pd.DataFrame]) -> None:
    for name in TABLES:
        pd.testing.assert_frame_equal(one[name], other[name])


@pytest.fixture(scope="module")
def faultless(tmp_path_factory) -> dict[str, pd.DataFrame]:
    place = tmp_path_factory.mktemp("faultless") / "s.db"
    assert Scanning(place, Scripted())().coverage["ok"] == 60
    return tables(place)


# Nothing is lost, nothing is done twice


def test_a_run_with_every_fault_ends_where_a_faultless_one_does(place, faultless):
    run = Scanning(place, Scripted(faults=NASTY))
    report = run()
    assert report.coverage["ok"] == 60
    assert report.throttles > 0
    assert report.troubles > 0
    assert report.requests == run.source.requests.total() == 60 + report.retries
    assert_same(tables(place), faultless)
    assert len(faultless["meetings"]) > 1000


def test_killed_again_and_again_it_ends_where_a_faultless_run_does(place, faultless):
    done: set[str] = set()
    for where, when in (("pulling", 9), ("writing", 12), ("written", 20)):
        command = [sys.executable, str(TESTS / "scan_and_die.py"), str(place), where, str(when)]
        died = subprocess.run(command, check=False, capture_output=True, text=True, cwd=TESTS.parent)
        assert died.returncode == -signal.SIGKILL, died.stderr
        with open_copies(place) as copies:
            rows = copies._connection.execute("SELECT mailbox FROM syncs WHERE state = 'ok'").fetchall()
        now = {row[0] for row in rows}
        assert done <= now
        done = now
    assert 20 <= len(done) < 60
    last = Scanning(place, Scripted(faults=NASTY))
    report = last()
    assert report.resumed
    assert report.coverage["ok"] == 60
    assert done.isdisjoint(last.source.requests)
    assert_same(tables(place), faultless)


def test_a_kill_within_a_transaction_leaves_the_mailbox_waiting(place):
    command = [sys.executable, str(TESTS / "scan_and_die.py"), str(place), "writing", "1"]
    assert subprocess.run(command, check=False, cwd=TESTS.parent).returncode == -signal.SIGKILL
    with open_copies(place) as copies:
        assert copies.coverage()["waiting"] == 60
        assert copies._value("SELECT count(*) FROM copies") == 0


def test_the_same_scan_twice_changes_nothing(place):
    run = Scanning(place)
    assert run().changed == 12
    first, before = tables(place), place.stat()
    again = run()
    assert not again.resumed
    assert (again.done, again.changed, again.requests) == (12, 0, 12)
    assert_same(tables(place), first)
    assert (before.st_ino, before.st_mtime_ns) == (place.stat().st_ino, place.stat().st_mtime_ns)


def test_ctrl_c_finishes_what_is_in_flight_and_the_next_scan_goes_on(place):
    run = Scanning(place, concurrency=2)

    def press(progress):
        if progress.done == 4:
            signal.raise_signal(signal.SIGINT)

    report = run(during=press)
    assert report.stopped == "interrupted"
    assert 4 <= report.done <= 6
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    rest = run()
    assert rest.resumed
    assert rest.coverage["ok"] == 12
    assert max(run.source.requests.values()) == 1


def test_a_second_ctrl_c_does_not_wait(place):
    run = Scanning(place, concurrency=2)

    def press(_):
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        run(during=press)
    assert run().coverage["ok"] == 12


def test_an_interrupted_pull_that_never_ends_is_abandoned(place):
    run, held = Scanning(place, concurrency=2, grace=0.05), threading.Event()

    def hang(total):
        if total == 5:
            os.kill(os.getpid(), signal.SIGINT)
            held.wait()

    run.source.on_request = hang
    report = run()
    held.set()
    assert report.stopped == "interrupted"
    assert report.coverage["waiting"] > 0


# One request a mailbox


def test_a_second_sync_with_tokens_makes_one_request_a_mailbox_and_writes_nothing(place):
    run = Scanning(place, tokens=True)
    run()
    first, before = tables(place), place.stat()
    run.source.requests.clear()
    second = run()
    assert run.source.requests == Counter(run.source.mailboxes())
    assert (second.requests, second.changed, second.counts["bytes"]) == (12, 0, 0)
    assert_same(tables(place), first)
    assert (before.st_ino, before.st_mtime_ns) == (place.stat().st_ino, place.stat().st_mtime_ns)


def test_changes_by_token_end_where_a_whole_pull_does(tmp_path):
    places = [tmp_path / "tokens.db", tmp_path / "whole.db"]
    runs = [Scanning(places[0], tokens=True), Scanning(places[1])]
    for run in runs:
        run()
        source = run.source
        for who in list(source.mailboxes())[:6]:
            have = [each for each in source.calendars[who].values() if each.kind == "meeting"]
            source.put(
                who, have[0]._replace(start=have[0].start + timedelta(hours=2), end=have[0].end + timedelta(hours=2))
            )
            source.drop(who, have[1].meeting_id)
            source.put(who, Copy(uid=f"new {who}", start=MONDAY, end=MONDAY + timedelta(hours=1), organizer=who))
            source.put(
                who, have[2]._replace(start=MONDAY + timedelta(weeks=9), end=MONDAY + timedelta(weeks=9, hours=1))
            )
        assert run().changed == 6
    one, other = map(tables, places)
    assert len(one["moves"]) > 0
    for frames in (one, other):
        frames["moves"] = frames["moves"].drop(columns="seen_at")
    assert_same(one, other)


def test_pitfall_04_an_expired_token_means_the_whole_window_and_ghosts_go(place):
    run = Scanning(place, tokens=True)
    run()
    who = next(run.source.mailboxes())
    run.source.drop(who, next(iter(run.source.calendars[who])))
    run.source.changes.clear()  # after a 410 there are no tombstones
    run.source.faults = Faults(expired=1.0)
    report = run()
    assert (report.expired, report.coverage["ok"]) == (12, 12)
    with open_copies(place) as copies:
        assert copies._value(f"SELECT count(*) FROM copies WHERE owner = '{who}'") == len(run.source.calendars[who])


def test_pitfall_16_the_whole_window_is_asked_for_again_after_a_week(place):
    run = Scanning(place, tokens=True)
    run()
    run.clock._now += 8 * 24 * 3600
    assert run().counts["bytes"] > 0


@pytest.mark.parametrize("change", [{"params": "v2"}, {"tokens": False}])
def test_a_token_for_other_questions_is_not_used(place, change):
    run = Scanning(place, tokens=True)
    run()
    assert run(**change).counts["bytes"] > 0


# Mailboxes that say no


def test_pitfall_22_a_mailbox_that_does_not_exist_is_noted_once_and_the_run_goes_on(place):
    run = Scanning(place, Scripted(people=40, weeks=1))
    names = list(run.source.mailboxes())
    run.source.states = {names[3]: NoMailbox, names[7]: Gone, names[9]: Denied}
    report = run()
    assert {state: count for state, count in report.coverage.items() if count} == {
        "ok": 37,
        "no_mailbox": 1,
        "gone": 1,
        "denied": 1,
    }
    assert report.stopped is None
    assert max(run.source.requests.values()) == 1


def test_too_many_refusals_stop_the_run_and_are_asked_again_when_it_goes_on(place):
    run = Scanning(place, Scripted(people=40, weeks=1))
    run.source.states = dict.fromkeys(run.source.mailboxes(), Denied)
    report = run()
    assert report.stopped == "denied"
    assert 20 <= report.done < 40
    run.source.states = {}
    rest = run()
    assert rest.resumed
    assert rest.coverage["ok"] == 40


def test_a_wrong_set_up_stops_the_run_at_once(place):
    run = Scanning(place)
    run.source.states = dict.fromkeys(run.source.mailboxes(), Misconfigured)
    with pytest.raises(Misconfigured):
        run()
    assert run.source.requests.total() <= 8


def test_patience_ends_and_the_state_says_why(place):
    run = Scanning(place, patience=Patience(attempts=3), outage_after=100)
    run.source.faults = Faults(throttled=1.0)
    assert run().coverage["throttled"] == 12
    assert set(run.source.requests.values()) == {3}
    run.source.faults = Faults(trouble=1.0)
    assert run().coverage["failed"] == 12


def test_an_outage_of_hours_costs_no_mailbox_its_turn(place):
    run = Scanning(place, Scripted(people=30, weeks=1))
    start = run.clock.now()

    def down(total):
        hours = (run.clock.now() - start) / 3600
        run.source.faults = Faults(trouble=1.0 if total > 10 and hours < 3 else 0.0)

    run.source.on_request = down
    report = run()
    assert report.coverage["ok"] == 30
    assert 3 * 3600 <= report.seconds < 3.3 * 3600
    assert report.requests < 300


def test_an_outage_without_end_stops_the_run_and_leaves_everybody_waiting(place):
    run = Scanning(place, outage_longest=3600)
    run.source.faults = Faults(trouble=1.0)
    report = run()
    assert report.stopped == "unreachable"
    assert report.coverage["waiting"] == 12
    run.source.faults = Faults()
    assert run().coverage["ok"] == 12


@pytest.mark.parametrize(
    ("reason", "limit"),
    [("time", {"most_seconds": 40}), ("requests", {"most_requests": 12}), ("errors", {"most_errors": 5})],
)
def test_every_cap_stops_the_run_and_it_can_go_on(place, reason, limit):
    source = Scripted(people=24, weeks=1, latency=10, faults=Faults(trouble=0.5))
    run = Scanning(place, source, concurrency=4)
    report = run(**limit)
    assert (report.stopped, report.done < 24) == (reason, True)
    source.faults = Faults()
    assert run().coverage["ok"] == 24


# Pace


def test_a_scan_uses_what_the_bucket_permits(place):
    run = Scanning(place, Scripted(people=200, weeks=0, latency=0.3), rate=1200, concurrency=32)
    report = run()
    permitted = 1200 / 60 * report.seconds
    assert report.coverage["ok"] == 200
    assert report.requests >= 0.9 * permitted
    assert report.requests <= permitted + 5


def test_a_throttle_now_and_then_starves_nobody(place):
    faults = Faults(throttled=0.05, retry_after=7)
    run = Scanning(place, Scripted(people=500, weeks=0, latency=1.5, faults=faults), rate=300)
    report = run()
    reached = report.requests / (300 / 60 * report.seconds)
    print(f"5 % throttled: {reached:.0%} of the permitted requests, {report.throttles} throttles")
    assert report.coverage["ok"] == 500
    assert report.throttles > 15
    assert reached >= 0.9


def test_a_limit_nobody_wrote_down_is_found_and_kept(place):
    source = Scripted(people=600, weeks=0, latency=1)
    run = Scanning(place, source, concurrency=32)
    turns = []

    def strict(_total):
        in_flight = sum(source.in_flight.values())
        turns.append(in_flight)
        source.faults = Faults(throttled=1.0 if in_flight > 4 else 0.0, retry_after=3)

    source.on_request = strict
    report = run()
    assert report.coverage["ok"] == 600
    late = turns[len(turns) // 2 :]
    assert sum(late) / len(late) < 6
    assert report.throttles < 0.25 * report.pulls


def test_memory_does_not_grow_with_the_mailboxes(tmp_path):
    few, many = 50, 200
    running = [
        subprocess.Popen(
            [sys.executable, str(TESTS / "scan_many.py"), str(tmp_path / f"{count}.db"), str(count)],
            env=os.environ | {"PYTHONPATH": os.pathsep.join([str(TESTS), str(TESTS.parent)])},
            stdout=subprocess.PIPE,
            text=True,
        )
        for count in (few, many)
    ]
    small, large = (float(each.communicate()[0]) for each in running)
    print(f"greatest size: {small:.0f} MB for {few} mailboxes, {large:.0f} MB for {many}")
    assert large - small < 20, "held in memory, 150 mailboxes would be more than 30 MB"


def test_pitfall_23_one_pull_a_mailbox_at_a_time_and_retry_after_is_kept(place):
    asked: dict[str, list[float]] = {}
    run = Scanning(place, Scripted(people=30, weeks=1, latency=1, faults=Faults(throttled=0.3, retry_after=40)))
    pull = run.source.pull

    def noted(mailbox, *given):
        asked.setdefault(mailbox, []).append(run.clock.now())
        return pull(mailbox, *given)

    run.source.pull = noted
    assert run().retries > 0
    assert run.source.most_in_flight == 1
    gaps = [later - sooner for times in asked.values() for sooner, later in pairwise(times)]
    assert min(gaps) >= 40


def test_a_partial_scan_is_a_random_sample_and_the_seed_decides(place):
    def order(path, seed):
        asked = []
        run = Scanning(path, seed=seed, concurrency=1)
        run.source.pull = lambda mailbox, *given: (
            asked.append(mailbox) or type(run.source).pull(run.source, mailbox, *given)
        )
        run()
        return asked

    first, same, other = (order(place.with_name(name), seed) for name, seed in (("a", 1), ("b", 1), ("c", 2)))
    assert first == same
    assert first != other
    assert sorted(first) == sorted(other) != first


def test_memory_holds_a_few_mailboxes_however_many_there_are(place, monkeypatch):
    """What waits is read in handfuls, and no more pulls are held than may be in flight."""
    run = Scanning(place, Scripted(people=100, weeks=0), claim=16, concurrency=4, most_concurrency=4)
    alive, most = Counter(), []

    def dispatched(change):
        alive["now"] += change
        most.append(alive["now"])

    monkeypatch.setattr(run.clock, "playing", dispatched)
    assert run().coverage["ok"] == 100
    assert max(most) <= 5


def test_progress_counts_down(place):
    told = []
    run = Scanning(place, Scripted(people=12, weeks=1, latency=1), concurrency=1)
    run(during=told.append)
    assert [each.done for each in told] == list(range(1, 13))
    assert told[5].total == 12
    assert told[5].rate == pytest.approx(60, rel=0.2)
    assert told[5].left == pytest.approx(6, rel=0.2)
    assert told[-1].left == 0


# What may be written


def test_a_scan_of_an_organisation_without_dropping_titles_is_refused(place):
    source = Scripted(people=2, weeks=1)
    with open_copies(place) as copies, pytest.raises(BadInput, match="drops titles"):
        scan(source, source.mailboxes(), copies, window(1), minimise=None)
    assert source.requests.total() == 0


def test_text_that_was_not_dropped_is_not_written(place):
    source = Scripted(people=2, weeks=1)
    with open_copies(place) as copies:
        with pytest.raises(Misconfigured, match="left text in") as raised:
            scan(source, source.mailboxes(), copies, window(1), minimise=lambda batch: (batch, None))
        assert MARKER not in str(raised.value)
        assert copies._value("SELECT count(*) FROM copies") == 0


def test_an_own_calendar_keeps_its_titles(place):
    source = Scripted(people=1, weeks=1)
    with open_copies(place) as copies:
        scan(source, source.mailboxes(), copies, window(1), ScanSettings(organisation=False), minimise=None)
        (part,) = copies.settle().parts()
    assert part.batch.meetings["title"].str.startswith(MARKER).all()


def test_no_title_is_in_any_file_of_a_scan(place):
    """Also not in the write-ahead log, and not under another spelling; the file is not compressed for this test."""
    with open_copies(place) as copies:
        copies._connection.execute("PRAGMA force_compression = 'uncompressed'")
        Scanning(place, Scripted(people=12, weeks=2, faults=NASTY))(copies)
        inside = [path.read_bytes() for path in place.parent.iterdir()]
    tables(place)
    after = [path.read_bytes() for path in place.parent.iterdir()]
    assert copies_path(place) in set(place.parent.iterdir())
    assert b"p001@x.org" in b"".join(inside)
    for spelling in spellings(MARKER):
        assert not any(spelling in content for content in inside + after), spelling


def spellings(text: str) -> list[bytes]:
    """The text as it may stand in a file: plain, wide, URL-encoded, and base64 at each of its three offsets."""
    plain = text.encode()
    shifted = [base64.b64encode(b"\0" * shift + plain)[4:-4] for shift in range(3)]
    return [plain, text.encode("utf-16-le"), quote(text).encode(), plain.hex().encode(), *shifted]


# Coverage and incidents


def test_a_mailbox_that_suddenly_is_empty_is_reported_and_kept(place):
    run = Scanning(place, Scripted(people=12, weeks=12))
    run()
    who = max(run.source.calendars, key=lambda each: len(run.source.calendars[each]))
    run.source.calendars[who].clear()
    report = run()
    assert (report.suspicious, report.coverage["failed"]) == (1, 1)
    assert run(believe_empty=True).coverage["ok"] == 12


def test_a_new_window_is_a_new_run_and_an_unfinished_one_can_be_asked_for(place):
    run = Scanning(place)
    run(most_requests=3)
    with open_copies(place) as copies:
        assert copies.syncs.unfinished("scripted") == (MONDAY, MONDAY + timedelta(weeks=2))
        other = replace(window(2), end=datetime(2026, 3, 1))
        report = scan(run.source, run.source.mailboxes(), copies, other, minimise=minimise, clock=run.clock)
        assert not report.resumed
        assert report.done == 12
        assert copies.syncs.unfinished("scripted") is None


def test_mailboxes_named_twice_are_pulled_once_and_new_ones_join(place):
    run = Scanning(place)
    names = list(run.source.mailboxes())
    run(mailboxes=[*names[:6], *names[:6]], most_requests=2)
    report = run(mailboxes=names)
    assert (report.resumed, report.total) == (True, 12)
    assert max(run.source.requests.values()) == 1
