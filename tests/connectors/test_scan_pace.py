"""The parts that decide when to ask: bucket, back-off, concurrency."""

from __future__ import annotations

import threading
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.errors import Denied, Throttled, Trouble
from connectors.scan import Bucket, Clock, Patience, patiently
from connectors.scan.clock import Abandoned
from connectors.scan.concurrency import Concurrency


class Still:
    """A clock that moves only when somebody sleeps."""

    def __init__(self):
        self.now = 0.0

    def clock(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(0, 30), min_size=1, max_size=120), st.integers(1, 10))
def test_no_minute_has_more_requests_than_rate_and_burst(pauses, burst):
    still, moments = Still(), []
    bucket = Bucket(60, burst, still.clock, still.sleep)
    for pause in pauses:
        still.now += pause
        bucket.take()
        moments.append(still.now)
    for first, moment in enumerate(moments):
        assert sum(moment <= each < moment + 60 for each in moments[first:]) <= 60 + burst


def test_threads_share_the_bucket():
    waits, bucket = [], None
    bucket = Bucket(6000, 1, lambda: 0.0, waits.append)
    threads = [threading.Thread(target=lambda: [bucket.take() for _ in range(50)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert bucket.taken == 400
    moments = sorted(waits)
    assert all(later - sooner == pytest.approx(0.01) for sooner, later in pairwise(moments))


def failing(*errors):
    left = list(errors)

    def call():
        if left:
            raise left.pop(0)
        return "answer"

    return call


def test_patience_waits_as_asked_and_a_little_more():
    waits = []
    errors = (Throttled("slow down", 30), Trouble("dropped"), Trouble("503", 5))
    assert patiently(failing(*errors), Patience(), sleep=waits.append, random=lambda: 0.5) == "answer"
    assert waits == [30.5, 1.0, 7.0]


def test_patience_ends():
    waits = []
    with pytest.raises(Trouble, match="third"):
        patiently(failing(*map(Trouble, ("first", "second", "third"))), Patience(attempts=3), sleep=waits.append)
    assert len(waits) == 2


def test_a_refusal_is_not_asked_again():
    waits = []
    with pytest.raises(Denied):
        patiently(failing(Denied("closed")), sleep=waits.append)
    assert waits == []


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 200), st.one_of(st.none(), st.floats(-5, 1e6)), st.floats(0, 1))
def test_a_wait_is_never_shorter_than_asked_nor_endless(tries, retry_after, chance):
    patience = Patience()
    delay = patience.delay(tries, retry_after, lambda: chance)
    assert min(retry_after or 0.0, patience.longest) <= delay <= patience.longest


def test_concurrency_grows_by_the_minute():
    limit = Concurrency(8, 10)
    for second in range(0, 301, 10):
        limit.clean(second, second)
    assert limit.limit == 10


def test_a_throttle_now_and_then_slows_nobody_else():
    limit = Concurrency(8, 64)
    for second in range(200):
        (limit.throttled if second % 20 == 7 else limit.clean)(second, second)
    assert limit.limit == 11


def test_many_throttles_halve_once_for_one_burst_and_most_is_regained_soon():
    limit = Concurrency(16, 64)
    for _ in range(5):
        limit.throttled(began=300, now=301)
    for _ in range(11):
        limit.throttled(began=299, now=302)  # were on their way already
    assert limit.limit == 8
    for second in range(302, 330):
        limit.clean(second, second)
    assert limit.limit == 12, "three quarters of what was too many"
    for second in range(330, 370):
        limit.clean(second, second)
    assert limit.limit == 12, "beyond that by the minute"
    limit.clean(400, 400)
    assert limit.limit == 13


def test_nothing_but_throttles_leave_one_pull_in_flight():
    limit = Concurrency(8, 64)
    for second in range(40):
        limit.throttled(began=second, now=second)
    assert limit.limit == 1


def test_a_stopped_clock_wakes_everybody():
    clock = Clock()
    with pytest.raises(Abandoned):
        threading.Timer(0.01, clock.stop).start() or clock.sleep(60)
    clock.start()
    clock.sleep(0)
    assert clock.now() > 1_700_000_000
