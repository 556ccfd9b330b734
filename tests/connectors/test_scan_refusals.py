"""Mailboxes that say no, outages, and caps: what stops a scan and what it goes on after."""

from __future__ import annotations

import pytest
from scanning import Scanning
from scripted import Faults, Scripted

from connectors.errors import Denied, Gone, Misconfigured, NoMailbox
from connectors.scan import Patience


@pytest.fixture
def place(tmp_path):
    return tmp_path / "s.db"


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
