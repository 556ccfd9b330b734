"""What every source promises, asked of every one of them. A new source is a line in SOURCES."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pandas as pd
import pytest
from contract_cases import TITLE, demo_case, folder_case, ics_case

from connectors.contract import Pull, Window
from connectors.errors import TokenExpired
from store.errors import MeetloadError
from store.frames import tidy
from store.schema import ABSENCES, ALIASES, ATTENDANCE, MEETINGS, MOVES, PEOPLE
from tests.connectors.fakes.google_case import google_case
from tests.connectors.fakes.outlook_case import outlook_case
from tests.connectors.fakes.radicale import Reply, caldav_case

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Kind:
    """A source to ask: how to open its case, what its calendar holds, how to make it unreadable."""

    open: Callable[[], AbstractContextManager[Any]]
    holds: frozenset[str] = frozenset()
    cut: Callable[[Any], Any] = lambda case: case.cut()


EVERYTHING = frozenset({"all day", "declined", "cancelled", "private", "problems", "series", "edges"})
SOURCES = {
    "demo": Kind(demo_case, frozenset({"series", "declined", "all day"})),
    "folder": Kind(folder_case, EVERYTHING),
    "ics": Kind(ics_case, EVERYTHING | {"owner"}),
    "caldav": Kind(
        caldav_case,
        frozenset({"all day", "private", "series", "owner"}),
        lambda case: setattr(case.between, "spoil", lambda _: Reply(500, b"")),
    ),
    "google": Kind(
        google_case,
        frozenset({"all day", "series", "owner"}),
        lambda case: setattr(case.fake.faults, "server_errors", 1.0),
    ),
    "outlook": Kind(
        lambda: outlook_case(incremental=True),
        frozenset({"all day", "private", "series", "owner"}),
        lambda case: setattr(case.fake, "faults", type(case.fake.faults)(errors=1.0)),
    ),
}


@dataclass(frozen=True)
class Asked:
    """One source under question."""

    kind: Kind
    case: Any

    def pull(self, window: Window | None = None, token: str | None = None) -> Pull:
        return self.case.source.pull(self.case.mailbox, window or self.case.window, token)

    def holds(self, what: str) -> None:
        if what not in self.kind.holds:
            pytest.skip(f"nothing in this calendar is {what}")

    def can(self, what: str) -> Callable[[], None]:
        if not hasattr(self.case, what):
            pytest.skip(f"this calendar cannot be changed: {what}")
        return getattr(self.case, what)

    def token(self) -> str:
        token = self.pull().token
        if token is None:
            pytest.skip("this source knows no tokens")
        return token


@pytest.fixture(scope="module", params=SOURCES)
def read(request) -> Iterator[Asked]:
    """A source that is only read."""
    with SOURCES[request.param].open() as case:
        yield Asked(SOURCES[request.param], case)


@pytest.fixture(scope="module")
def pulled(read) -> Pull:
    return read.pull()


@pytest.fixture(params=[name for name in SOURCES if name != "demo"])
def changed(request) -> Iterator[Asked]:
    """A source whose calendar is changed or cut off."""
    with SOURCES[request.param].open() as case:
        yield Asked(SOURCES[request.param], case)


def overlapping(rows: pd.DataFrame, window: Window) -> pd.Series:
    return (rows["start"] < window.end) & ((rows["end"] > window.start) | (rows["start"] >= window.start))


# Mailboxes and windows


def test_mailboxes_are_named_in_a_stable_order(read):
    first, second = (list(read.case.source.mailboxes()) for _ in range(2))
    assert first == second
    assert len(first) == len(set(first)) > 0
    assert all(isinstance(each, str) for each in first)


def test_only_meetings_of_the_window_come(read, pulled):
    assert len(pulled.batch.meetings) > 0
    assert overlapping(pulled.batch.meetings, read.case.window).all()


def test_halves_of_a_window_hold_what_the_whole_holds(read, pulled):
    window = read.case.window
    middle = window.start + (window.end - window.start) // 2
    halves = [read.pull(Window(window.start, middle)), read.pull(Window(middle, window.end))]
    found = [set(half.batch.meetings["meeting_id"]) for half in halves]
    assert found[0] | found[1] == set(pulled.batch.meetings["meeting_id"])
    for both in found[0] & found[1]:
        row = pulled.batch.meetings.set_index("meeting_id").loc[both]
        assert row["start"] < middle < row["end"]


def test_an_empty_window_brings_nothing(read):
    long_ago = datetime(1999, 1, 1)
    assert read.pull(Window(long_ago, long_ago + DAY)).batch.meetings.empty


def test_the_window_is_half_open(read, pulled):
    read.holds("edges")
    starts = set(pulled.batch.meetings["start"])
    assert pd.Timestamp(2026, 1, 4, 23, 30) in starts
    assert pd.Timestamp(2026, 1, 4, 23) not in starts
    assert pd.Timestamp(2026, 2, 2) not in starts


# Rows


def test_the_same_pull_twice_is_the_same(read, pulled):
    again = read.pull()
    for (table, one), (_, other) in zip(pulled.batch, again.batch, strict=True):
        if len(one) or len(other):
            key = list(table.key)
            pd.testing.assert_frame_equal(
                one.sort_values(key, ignore_index=True), other.sort_values(key, ignore_index=True)
            )
    assert again.problems == pulled.problems
    assert again.owner == pulled.owner


@pytest.mark.parametrize("table", [PEOPLE, ALIASES, MEETINGS, ATTENDANCE, ABSENCES, MOVES], ids=lambda each: each.name)
def test_rows_are_tidy(pulled, table):
    rows = getattr(pulled.batch, table.name)
    if rows.empty:
        pytest.skip(f"no {table.name}")
    pd.testing.assert_frame_equal(rows, tidy(table, rows))
    assert not rows.duplicated(list(table.key)).any()
    for column in table.columns:
        if column.name in table.key and column.required:
            assert rows[column.name].notna().all()
        if column.words:
            assert set(rows[column.name].dropna()) <= set(column.words)


def test_rows_belong_together(pulled):
    batch = pulled.batch
    meetings = set(batch.meetings["meeting_id"])
    assert set(batch.attendance["meeting_id"]) <= meetings
    if len(batch.moves):
        assert set(batch.moves["meeting_id"]) <= meetings
    assert (batch.meetings["end"] >= batch.meetings["start"]).all()
    assert (batch.attendance["hours"].dropna() >= 0).all()


def test_a_head_count_is_at_least_the_people_listed_or_unknown(pulled):
    people = pulled.batch.attendance.query("role != 'resource'").groupby("meeting_id").size()
    known = pulled.batch.meetings.dropna(subset=["headcount"]).set_index("meeting_id")["headcount"]
    assert (known >= people.reindex(known.index, fill_value=0)).all()


def test_the_owner_attends_everything_in_the_own_calendar(read, pulled):
    read.holds("owner")
    assert pulled.owner == pulled.owner.lower()
    attended = pulled.batch.attendance.query("person_id == @pulled.owner")["meeting_id"]
    assert set(attended) == set(pulled.batch.meetings["meeting_id"])


def test_a_whole_day_keeps_its_date_and_has_no_hours(read, pulled):
    read.holds("all day")
    days = pulled.batch.meetings[pulled.batch.meetings["all_day"].astype(bool)]
    assert len(days) > 0
    for edge in ("start", "end"):
        assert (days[edge] == days[edge].dt.normalize()).all()
    assert (days["end"] - days["start"] >= pd.Timedelta(DAY)).all()
    hours = pulled.batch.attendance[pulled.batch.attendance["meeting_id"].isin(days["meeting_id"])]["hours"]
    assert (hours.fillna(0) == 0).all()


def test_occurrences_share_their_series_and_have_ids_of_their_own(read, pulled):
    read.holds("series")
    series = pulled.batch.meetings.dropna(subset=["series_id"])
    sizes = series.groupby("series_id")["meeting_id"].nunique()
    assert sizes.max() > 1
    assert series["meeting_id"].is_unique


def test_a_cancelled_meeting_is_marked_or_absent(read, pulled):
    read.holds("cancelled")
    meetings = pulled.batch.meetings
    assert set(meetings.loc[meetings["start"] == pd.Timestamp(2026, 1, 7, 9), "status"]) <= {"cancelled"}


def test_a_declined_meeting_is_kept_with_its_answer(read, pulled):
    read.holds("declined")
    declined = pulled.batch.attendance.query("response == 'declined'")["meeting_id"]
    assert len(declined) > 0
    assert set(declined) <= set(pulled.batch.meetings["meeting_id"])


def test_a_private_meeting_has_no_text(read, pulled):
    private = pulled.batch.meetings[pulled.batch.meetings["is_private"].astype(bool)]
    assert private["title"].isna().all()
    assert private["body"].isna().all()
    read.holds("private")
    assert len(private) > 0


def test_problems_say_why_without_a_title(read, pulled):
    titles = set(pulled.batch.meetings["title"].dropna()) | {TITLE}
    told = [str(problem) for problem in pulled.problems]
    assert not [text for text in told if any(title in text for title in titles)]
    read.holds("problems")
    assert any(problem.rejected for problem in pulled.problems)


# Whole pulls, changes, and neither


def test_a_pull_without_a_token_is_complete(pulled):
    assert pulled.complete
    assert pulled.tombstones == ()


def test_no_change_brings_nothing(changed):
    pull = changed.pull(token=changed.token())
    assert not pull.complete
    assert pull.batch.meetings.empty
    assert pull.tombstones == ()


def test_a_token_brings_what_was_added(changed):
    token = changed.token()
    before = set(changed.pull().batch.meetings["meeting_id"])
    changed.can("add")()
    pull = changed.pull(token=token)
    (new,) = set(changed.pull().batch.meetings["meeting_id"]) - before
    assert new in set(pull.batch.meetings["meeting_id"])
    assert pull.token != token


def test_a_token_brings_what_was_removed(changed):
    token = changed.token()
    before = set(changed.pull().batch.meetings["meeting_id"])
    changed.can("remove")()
    pull = changed.pull(token=token)
    gone = before - set(changed.pull().batch.meetings["meeting_id"])
    assert len(gone) == 1
    assert gone.isdisjoint(pull.batch.meetings["meeting_id"])
    assert pull.complete or gone <= set(pull.tombstones)


def test_a_token_brings_what_was_moved_under_its_old_id(changed):
    token, before = changed.token(), changed.pull().batch.meetings.set_index("meeting_id")["start"]
    changed.can("move")()
    now = changed.pull().batch.meetings.set_index("meeting_id")["start"]
    assert set(now.index) == set(before.index)
    (moved,) = before.index[now[before.index] != before]
    found = changed.pull(token=token).batch.meetings.set_index("meeting_id")["start"]
    assert found[moved] == now[moved]


def test_changes_laid_over_the_old_make_the_new(changed):
    token = changed.token()
    rows = changed.pull().batch.meetings.set_index("meeting_id")
    for what in ("add", "move", "remove"):
        changed.can(what)()
    pull = changed.pull(token=token)
    # Who cannot name what is gone answers with the whole window instead.
    gone = set(rows.index) if pull.complete else set(pull.tombstones)
    laid = rows.drop(index=[each for each in gone if each in rows.index])
    fresh = pull.batch.meetings.set_index("meeting_id")
    laid = pd.concat([laid.drop(index=laid.index.intersection(fresh.index)), fresh]).sort_index()
    whole = changed.pull().batch.meetings.set_index("meeting_id").sort_index()
    assert list(laid.index) == list(whole.index)
    assert (laid["start"] == whole["start"]).all()


def test_a_void_token_is_told(changed):
    token = changed.token()
    changed.can("expire")()
    with pytest.raises(TokenExpired):
        changed.pull(token=token)


def test_a_source_that_cannot_be_read_never_looks_empty(changed):
    changed.pull()
    changed.kind.cut(changed.case)
    with pytest.raises(MeetloadError) as raised:
        changed.pull()
    assert TITLE not in str(raised.value)
