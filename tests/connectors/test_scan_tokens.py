"""A second scan asks for changes only, and for the whole window where that is not enough."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from scanning import Scanning, assert_same, tables
from scripted import MONDAY, Faults
from written import Copy

from store.copies import open_copies


@pytest.fixture
def place(tmp_path):
    return tmp_path / "s.db"


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
