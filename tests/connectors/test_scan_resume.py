"""A scan that is killed, interrupted or beset by faults ends where a calm one does, and does nothing twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading

import pandas as pd
import pytest
from scanning import NASTY, TESTS, Scanning, assert_same, tables
from scripted import Scripted

from store.copies import open_copies


@pytest.fixture
def place(tmp_path):
    return tmp_path / "s.db"


@pytest.fixture(scope="module")
def faultless(tmp_path_factory) -> dict[str, pd.DataFrame]:
    place = tmp_path_factory.mktemp("faultless") / "s.db"
    assert Scanning(place, Scripted())().coverage["ok"] == 60
    return tables(place)


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
