"""A file or a folder of calendars as a source."""

# ruff: noqa: DTZ901 - windows and tables are naive UTC

from __future__ import annotations

import importlib.util
import sys
from datetime import datetime
from pathlib import Path

import pytest
from calendar_text import ANNA, YEAR, calendar, event

from connectors.contract import Source, Window
from connectors.ics import IcsSource, limits
from store.errors import BadInput


@pytest.fixture
def folder(tmp_path):
    for name in ("b.ics", "deep/er/a.ICS", "deep/free.ifb", "c.ical", "notes.txt", "._b.ics"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(calendar(event("SUMMARY:Same")))
    return tmp_path


def test_a_folder_names_its_calendars_in_order(folder):
    assert list(IcsSource(folder).mailboxes()) == ["b.ics", "c.ical", "deep/er/a.ICS", "deep/free.ifb"]
    assert list(IcsSource(folder / "b.ics").mailboxes()) == ["b.ics"]


def test_it_is_a_source(folder):
    source: Source = IcsSource(folder, me=(ANNA,))
    assert source.name == "ics"
    pulls = [source.pull(name, YEAR) for name in source.mailboxes()]
    assert all(pull.counts == {"files": 1, "events": 1, "occurrences": 1, "rejected": 0} for pull in pulls)
    assert len({pull.batch.meetings["meeting_id"].item() for pull in pulls}) == 1


def test_problems_name_the_file_as_the_folder_does(folder):
    (folder / "deep/er/a.ICS").write_text("x")
    (problem,) = IcsSource(folder).pull("deep/er/a.ICS", YEAR).problems
    assert str(problem) == "deep/er/a.ICS: it is not a calendar file"


def test_what_cannot_be_asked_is_said(folder):
    with pytest.raises(BadInput, match="no file or folder"):
        IcsSource(folder / "gone")
    with pytest.raises(BadInput, match="not a time zone"):
        IcsSource(folder, timezone="Amsterdam")
    for outside in ("../other.ics", "gone.ics", "/etc/passwd"):
        with pytest.raises(BadInput, match="no calendar file"):
            IcsSource(folder / "deep").pull(outside, YEAR)


def test_a_file_over_the_limit_is_refused_unread(folder, monkeypatch):
    monkeypatch.setattr(limits, "FILE_BYTES", 10)
    pull = IcsSource(folder).pull("b.ics", YEAR)
    assert pull.counts["rejected"] == 1
    assert pull.batch.meetings.empty


def test_any_window_can_be_asked_for(folder):
    pull = IcsSource(folder).pull("b.ics", Window(datetime.min, datetime.max))
    assert pull.counts["occurrences"] == 1
    assert IcsSource(folder).pull("b.ics", Window(datetime(2020, 1, 1), datetime(2021, 1, 1))).batch.meetings.empty


def test_the_calendar_of_the_benchmark_reads_without_a_problem(tmp_path):
    place = Path(__file__).parents[1] / "bench" / "ics.py"
    spec = importlib.util.spec_from_file_location("bench_ics", place)
    bench = importlib.util.module_from_spec(spec)
    sys.modules["bench_ics"] = bench
    spec.loader.exec_module(bench)
    bench.write_calendar(tmp_path / "b.ics", singles=20, series=2)
    window = Window(bench.START.replace(tzinfo=None), bench.END.replace(tzinfo=None))
    pull = IcsSource(tmp_path).pull("b.ics", window)
    assert pull.problems == ()
    assert pull.counts["occurrences"] == 20 + 2 * 104
