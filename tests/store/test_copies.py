"""The same meeting once: what the copies of many mailboxes become, written beside what they were."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import duckdb
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.contract import Window
from connectors.identity import GLOBAL_OBJECT_ID
from store.copies import Copies, Taken, WholeNeeded, copies_path, open_copies
from store.database import Store, writing
from store.errors import BadInput, Unreachable
from store.frames import Batch
from store.schema import LABELLED
from tests.written import Copy, Guest, batch_of

NINE = datetime(2026, 1, 5, 9)
HOUR = timedelta(hours=1)
WINDOW = Window(datetime(2026, 1, 1), datetime(2026, 2, 1))
NOW = datetime(2026, 3, 1)
ANNA, BO, CAS, DEE = (f"{name}@x.org" for name in ("anna", "bo", "cas", "dee"))


def meeting(uid="m", *guests, organizer=ANNA, start=NINE, **more) -> Copy:
    invited = tuple(each if isinstance(each, Guest) else Guest(each) for each in guests)
    return Copy(uid=uid, start=start, end=start + HOUR, organizer=organizer, guests=invited, **more)


def taken(owner, *copies, source="google", **more) -> Taken:
    return Taken(batch_of(copies, owner, source, "Europe/Amsterdam"), owner, **more)


@pytest.fixture
def copies():
    return Copies(duckdb.connect())


def put(copies, owner, *given, source="google", mailbox=None, at=NOW, **more):
    return copies.replace(source, mailbox or owner, taken(owner, *given, source=source), WINDOW, at, **more)


def settled(copies, size=500_000) -> Batch:
    parts = list(copies.settle(size).parts())
    return Batch(
        **{
            name: pd.concat([getattr(part.batch, name) for part in parts], ignore_index=True)
            for name in ("meetings", "attendance", "absences", "moves")
        }
    ).tidied()


def answers(batch: Batch) -> dict[str, str]:
    return {row.person_id: row.response for row in batch.attendance.itertuples()}


def one(batch: Batch) -> pd.Series:
    (row,) = (row for _, row in batch.meetings.iterrows())
    return row


# Whose word counts


def test_the_organisers_own_copy_speaks_for_the_meeting(copies):
    put(copies, BO, meeting("m", ANNA, BO, CAS, DEE, title="longer list"))
    put(copies, ANNA, meeting("m", ANNA, BO, title="organiser"))
    assert one(settled(copies))["title"] == "organiser"


def test_without_the_organiser_the_longest_guest_list_speaks(copies):
    put(copies, BO, meeting("m", ANNA, BO, title="short"))
    put(copies, CAS, meeting("m", ANNA, BO, CAS, title="long"))
    assert one(settled(copies))["title"] == "long"


def test_between_equals_the_first_mailbox_by_name_speaks(copies):
    put(copies, CAS, meeting("m", ANNA, BO, CAS, title="cas"))
    put(copies, BO, meeting("m", ANNA, BO, CAS, title="bo"))
    assert one(settled(copies))["title"] == "bo"


def test_pitfall_13_the_organisers_copy_or_the_own_response_wins(copies):
    """In Outlook only the organiser's copy knows what the others answered."""
    put(copies, BO, meeting("m", ANNA, BO, CAS, DEE, own_response="declined"))
    put(copies, CAS, meeting("m", ANNA, BO, CAS, DEE, own_response="none"))
    assert answers(settled(copies)) == {ANNA: "accepted", BO: "declined", CAS: "none", DEE: "none"}
    answered = (Guest(BO, response="none"), Guest(CAS, response="tentative"), Guest(DEE, response="accepted"))
    put(copies, ANNA, meeting("m", *answered, own_response="accepted"))
    assert answers(settled(copies)) == {ANNA: "accepted", BO: "declined", CAS: "tentative", DEE: "accepted"}


def test_an_owner_attends_what_is_in_the_own_calendar_although_the_list_forgot_them(copies):
    put(copies, ANNA, meeting("m", ANNA, BO))
    put(copies, DEE, meeting("m", ANNA, BO, own_response="tentative"))
    batch = settled(copies)
    assert answers(batch)[DEE] == "tentative"
    assert one(batch)["headcount"] == 3
    assert dict(zip(batch.attendance["person_id"], batch.attendance["role"], strict=True))[DEE] == "required"


def test_a_room_with_a_mailbox_stays_a_room(copies):
    room = "room1@x.org"
    put(copies, ANNA, meeting("m", ANNA, BO, Guest(room, "resource")))
    put(copies, room, meeting("m", ANNA, BO, Guest(room, "resource"), own_response="accepted"))
    batch = settled(copies)
    assert one(batch)["headcount"] == 2
    assert set(batch.attendance.loc[batch.attendance["role"] == "resource", "person_id"]) == {room}


def test_pitfall_18_shared_calendars_count_once(copies):
    put(copies, ANNA, meeting("m", ANNA, BO))
    put(copies, ANNA, meeting("m", ANNA, BO), mailbox="team calendar")
    put(copies, ANNA, meeting("m", ANNA, BO), source="outlook")
    batch = settled(copies)
    assert len(batch.meetings) == 1
    assert sorted(batch.attendance["person_id"]) == [ANNA, BO]


def test_pitfall_19_one_meeting_although_every_occurrence_has_an_id_of_its_own(copies):
    """Exchange writes the date of the occurrence into the UID of some copies and not of others."""
    plain, dated = (GLOBAL_OBJECT_ID + date + "ab" * 24 for date in ("00000000", "07ea0105"))
    put(copies, ANNA, meeting(plain, ANNA, BO, original=NINE), source="outlook")
    put(copies, BO, meeting(dated.upper(), ANNA, BO, original=NINE), source="outlook")
    assert len(settled(copies).meetings) == 1


def test_pitfall_25_a_hidden_guest_list_leaves_the_head_count_unknown(copies):
    put(copies, BO, meeting("m", BO, all_guests=False))
    put(copies, CAS, meeting("m", CAS, all_guests=False))
    batch = settled(copies)
    assert pd.isna(one(batch)["headcount"])
    assert sorted(batch.attendance["person_id"]) == [ANNA, BO, CAS]
    put(copies, ANNA, meeting("m", ANNA, *(f"g{number}@x.org" for number in range(250))))
    assert one(settled(copies))["headcount"] == 253


def test_a_label_comes_from_the_copy_that_speaks_and_has_one(copies):
    def labelled(owner, label):
        copy = meeting("m", ANNA, BO)
        row = dict.fromkeys(LABELLED.names) | {"meeting_id": copy.meeting_id, "label": label, "probability": 0.8}
        labels = pd.DataFrame([row])
        copies.replace("google", owner, taken(owner, copy, labels=labels), WINDOW, NOW)

    put(copies, ANNA, meeting("m", ANNA, BO))
    labelled(BO, "design")
    (part,) = copies.settle().parts()
    assert part.labels[["label", "probability", "decided_by"]].to_numpy().tolist() == [["design", 0.8, "model"]]
    labelled(ANNA, "escalation")
    (part,) = copies.settle().parts()
    assert list(part.labels["label"]) == ["escalation"]


# Order and size do not matter


@st.composite
def worlds(draw):
    """Some meetings as some mailboxes see them, and two orders to pull these in."""
    everybody = [ANNA, BO, CAS, DEE]
    seen = {}
    for who in everybody:
        seen[who] = [
            meeting(
                str(number),
                *draw(st.lists(st.sampled_from(everybody), unique=True)),
                organizer=draw(st.sampled_from([None, *everybody])),
                own_response=draw(st.sampled_from(["accepted", "declined", "none"])),
                start=NINE + draw(st.integers(0, 3)) * HOUR,
                all_guests=draw(st.booleans()),
                title=who,
            )
            for number in draw(st.sets(st.integers(0, 3)))
        ]
    return seen, draw(st.permutations(everybody)), draw(st.permutations(everybody))


@settings(max_examples=8, deadline=None)
@given(worlds())
def test_the_order_of_pulling_changes_nothing(world):
    seen, first, second = world
    results = []
    for order, size in ((first, 500_000), (second, 8)):
        copies = Copies(duckdb.connect())
        for who in order:
            put(copies, who, *seen[who])
        results.append(settled(copies, size))
    for (table, one_way), (_, other_way) in zip(*results, strict=True):
        key = list(table.key)
        pd.testing.assert_frame_equal(
            one_way.sort_values(key, ignore_index=True), other_way.sort_values(key, ignore_index=True)
        )


# What changes between pulls


def test_the_same_pull_twice_changes_nothing(copies):
    first, second = (put(copies, ANNA, meeting("a"), meeting("b")) for _ in range(2))
    assert (first.inserted, bool(second)) == (2, False)


def test_a_row_given_twice_is_one_row(copies):
    batch = taken(ANNA, meeting("a", BO)).batch
    twice = Batch(**{table.name: pd.concat([frame, frame]) for table, frame in batch})
    copies.replace("google", ANNA, Taken(twice, ANNA), WINDOW, NOW)
    assert len(settled(copies).attendance) == 2


def test_pitfall_05_what_a_whole_pull_does_not_hold_is_gone_inside_its_window_only(copies):
    december = meeting("old")._replace(start=NINE - 30 * 24 * HOUR, end=NINE - 30 * 24 * HOUR + HOUR)
    copies.replace("google", ANNA, taken(ANNA, december), Window(datetime(2025, 1, 1), datetime(2026, 1, 1)), NOW)
    put(copies, ANNA, meeting("a"), meeting("b"))
    commit = put(copies, ANNA, meeting("b"))
    assert (commit.removed, len(settled(copies).meetings)) == (1, 2)
    assert list(copies.settle().gone()["meeting_id"]) == [meeting("a").meeting_id]


def test_a_meeting_that_another_mailbox_still_has_is_not_gone(copies):
    put(copies, ANNA, meeting("a", ANNA, BO))
    put(copies, BO, meeting("a", ANNA, BO))
    put(copies, BO)
    assert copies.settle().gone().empty
    put(copies, ANNA)
    assert len(copies.settle().gone()) == 1
    put(copies, ANNA, meeting("a", ANNA, BO))
    assert copies.settle().gone().empty


def test_moves_are_remembered_between_pulls(copies):
    for day, hour in ((1, 9), (2, 11), (3, 15)):
        copy = meeting("a", ANNA, BO, start=NINE.replace(hour=hour))
        put(copies, ANNA, copy, at=datetime(2026, 3, day))
    moves = settled(copies).moves
    assert [(row.old_start.hour, row.new_start.hour, row.seen_at.day) for row in moves.itertuples()] == [
        (9, 11, 2),
        (11, 15, 3),
    ]


def test_a_mailbox_that_missed_a_step_does_not_add_a_longer_one(copies):
    put(copies, BO, meeting("a", ANNA, BO))
    for hour in (9, 11, 15):
        put(copies, ANNA, meeting("a", ANNA, BO, start=NINE.replace(hour=hour)), at=datetime(2026, 3, hour))
    put(copies, BO, meeting("a", ANNA, BO, start=NINE.replace(hour=15)))
    assert len(settled(copies).moves) == 2


def test_a_mailbox_that_suddenly_has_nothing_is_kept_and_reported(copies):
    put(copies, ANNA, *(meeting(str(number)) for number in range(50)))
    commit = put(copies, ANNA)
    assert commit.suspicious
    assert not commit
    assert copies.syncs.suspicious() == [ANNA]
    assert copies.coverage()["failed"] == 1
    assert len(settled(copies).meetings) == 50
    assert put(copies, ANNA, force=True).removed == 50
    assert (copies.syncs.suspicious(), copies.coverage()["ok"]) == ([], 1)


def test_a_small_mailbox_may_become_empty(copies):
    put(copies, ANNA, *(meeting(str(number)) for number in range(49)))
    assert put(copies, ANNA).removed == 49


def test_many_small_changes_are_gathered_into_one(copies):
    for hour in range(13):
        put(copies, ANNA, meeting("still"), meeting("a", start=NINE.replace(hour=hour)))
        put(copies, BO, meeting("b", start=NINE.replace(hour=hour)))
    assert len(copies.syncs.get("google", ANNA).pieces) <= 12
    assert len(settled(copies).meetings) == 3
    assert len(settled(copies).moves) == 24


# Changes only


def amend(copies, *given, gone=(), **more):
    return copies.amend("google", ANNA, taken(ANNA, *given, tombstones=gone, **more), WINDOW, NOW)


def test_changes_are_laid_over_what_is_there(copies):
    put(copies, ANNA, meeting("a"), meeting("b"), meeting("c"))
    commit = amend(copies, meeting("a", title="new"), meeting("b"), meeting("d"), gone=[meeting("c").meeting_id])
    assert (commit.inserted, commit.updated, commit.removed) == (1, 1, 1)
    assert len(settled(copies).meetings) == 3


def test_pitfall_03_unknown_tombstones_are_ignored(copies):
    put(copies, ANNA, meeting("a"))
    assert not amend(copies, gone=["f" * 24])
    assert copies.settle().gone().empty


def test_a_changed_meeting_that_left_the_window_is_gone(copies):
    put(copies, ANNA, meeting("a"))
    assert amend(copies, meeting("a", start=datetime(2026, 2, 1))).removed == 1


def test_an_absence_that_changes_needs_the_whole_window(copies):
    leave = meeting("leave", kind="absence", show_as="oof")
    put(copies, ANNA, leave, meeting("b"))
    assert not amend(copies, leave)
    for changes in ({"given": (leave._replace(end=NINE + 4 * HOUR),)}, {"given": (), "gone": [leave.meeting_id]}):
        with pytest.raises(WholeNeeded):
            amend(copies, *changes.pop("given"), **changes)
    assert len(settled(copies).meetings) == 2
    assert len(settled(copies).absences) == 1


def test_the_token_is_saved_with_the_data_or_not_at_all(copies, monkeypatch):
    put(copies, ANNA, meeting("a"))
    monkeypatch.setattr(copies.syncs, "set", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        amend(copies, meeting("b"), token="t2")
    assert len(settled(copies).meetings) == 1
    assert copies.syncs.get("google", ANNA).token is None


# Into the store


def settle_into(path) -> bool:
    with open_copies(path) as copies, writing(path) as writer:
        writer.settle(copies.settle())
        return writer.changed


def test_the_store_follows_and_a_second_settling_leaves_the_file_alone(tmp_path):
    path = tmp_path / "s.db"
    leave = meeting("leave", kind="absence", show_as="oof")
    with open_copies(path) as copies:
        put(copies, ANNA, meeting("a", ANNA, BO, CAS), meeting("b"), leave)
    assert settle_into(path)
    with open_copies(path) as copies:
        put(copies, ANNA, meeting("a", ANNA, BO))
    assert settle_into(path)
    before = path.stat()
    assert not settle_into(path)
    assert (before.st_ino, before.st_mtime_ns) == (path.stat().st_ino, path.stat().st_mtime_ns)
    store = Store(path)
    assert list(store.frame("attendance").sort_values("person_id")["person_id"]) == [ANNA, BO]
    assert len(store.frame("meetings")) == 1
    assert store.frame("absences").empty
    assert store.frame("absence_days").empty


def test_settling_leaves_what_others_brought(tmp_path):
    path = tmp_path / "s.db"
    own = batch_of([meeting("own", BO)], BO, "ics", "Europe/Amsterdam")
    absence = {"person_id": ANNA, "start": NINE, "end": NINE + HOUR, "kind": "leave", "source": "file"}
    with writing(path) as writer:
        writer.add(replace(own, absences=pd.DataFrame([absence])))
    with open_copies(path) as copies:
        put(copies, ANNA, meeting("own", BO), meeting("a"))
        put(copies, ANNA)
    settle_into(path)
    store = Store(path)
    assert len(store.frame("meetings")) == 1
    assert len(store.frame("absences")) == 1


def test_a_label_given_by_a_person_stays(tmp_path):
    path, copy = tmp_path / "s.db", meeting("a")
    row = dict.fromkeys(LABELLED.names) | {"meeting_id": copy.meeting_id, "label": "design", "decided_by": "person"}
    with writing(path) as writer:
        writer.upsert("labels", pd.DataFrame([row]))
    with open_copies(path) as copies:
        labels = pd.DataFrame([row | {"label": "other"}])
        copies.replace("google", ANNA, taken(ANNA, copy, labels=labels), WINDOW, NOW)
    settle_into(path)
    assert list(Store(path).frame("labels")["label"]) == ["design"]


def test_forgetting_a_source_takes_its_mailboxes_out_of_file_and_store(tmp_path):
    path = tmp_path / "s.db"
    with open_copies(path) as copies:
        put(copies, ANNA, meeting("a", ANNA, BO))
        put(copies, BO, meeting("a", ANNA, BO), meeting("b"), source="outlook")
    settle_into(path)
    with open_copies(path) as copies:
        assert copies.forget("outlook") == 1
        assert copies.coverage()["ok"] == 1
    settle_into(path)
    assert list(Store(path).frame("meetings")["meeting_id"]) == [meeting("a").meeting_id]
    with open_copies(path) as copies:
        copies.clear_gone()
        assert copies.settle().gone().empty


# The file


def test_what_was_pulled_is_there_the_next_time(tmp_path):
    with open_copies(tmp_path / "s.db") as copies:
        put(copies, ANNA, meeting("a"))
    with open_copies(tmp_path / "s.db") as copies:
        assert not put(copies, ANNA, meeting("a"))
        assert put(copies, BO, meeting("b")).inserted == 1
        assert len(settled(copies).meetings) == 2


def test_only_one_may_pull_at_a_time(tmp_path):
    path = tmp_path / "s.db"
    with open_copies(path), pytest.raises(Unreachable, match="another meetload is pulling"), open_copies(path, 0.01):
        pass


def test_a_file_that_is_no_copies_file_is_named(tmp_path):
    copies_path(tmp_path / "s.db").write_bytes(b"\0" * 5000)
    with pytest.raises(BadInput, match=r"s\.db\.copies"), open_copies(tmp_path / "s.db"):
        pass


def test_a_file_of_another_version_is_refused(tmp_path):
    with open_copies(tmp_path / "s.db") as copies:
        copies._connection.execute("UPDATE about SET version = 99")
    with pytest.raises(BadInput, match="version 99"), open_copies(tmp_path / "s.db"):
        pass
