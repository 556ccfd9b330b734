"""How fast a scan asks, how many mailboxes it holds at once, and in which order."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from itertools import pairwise

import pytest
from scanning import TESTS, Scanning
from scripted import Faults, Scripted


@pytest.fixture
def place(tmp_path):
    return tmp_path / "s.db"


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
