"""Which mailboxes a scan has read, and which it should wonder about."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from scanning import Scanning
from scripted import MONDAY, Scripted, minimise, window

from connectors.scan import scan
from store.copies import open_copies


@pytest.fixture
def place(tmp_path):
    return tmp_path / "s.db"


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
