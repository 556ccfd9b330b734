"""One event of Microsoft Graph in the words every source shares."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta

import pytest

from connectors.identity import meeting_id
from connectors.outlook.events import is_row, knows_its_zone
from connectors.outlook.people import Book
from tests.connectors.fakes.outlook_reading import UnreadableError, copy_of, event_of
from tests.connectors.fakes.outlook_world import MONDAY, event, goid, guest, recipient, wire, wrapped
from tests.written import Guest, batch_of

ANNA, BOB, ROOM, TEAM = "anna@example.org", "bob@example.org", "zaal1@example.org", "team@example.org"
BOOK = Book(ANNA, frozenset({ANNA, "a.bos@example.org"}), frozenset({ROOM}), frozenset({TEAM}))
NINE = MONDAY + timedelta(hours=9)


def read(**given):
    return copy_of(event("e1", given.pop("start_at", NINE), given.pop("end_at", None), **given), BOOK)


def headcount(copy):
    frame = batch_of([copy], ANNA, "outlook", "Europe/Amsterdam").meetings["headcount"]
    return None if frame.isna().all() else int(frame.iloc[0])


def invited(*guests, **given):
    """A meeting of Bob's in Anna's calendar."""
    return read(owner=BOB, leads=False, attendees=[guest(each) for each in (ANNA, *guests)], **given)


def test_pitfall_02_the_master_of_a_series_is_no_row():
    assert not is_row(event_of(event("m", NINE, type="seriesMaster")))
    assert is_row(event_of(event("o", NINE, type="occurrence")))


@pytest.mark.parametrize(
    ("given", "ours"),
    [
        ("organizer", "accepted"), ("accepted", "accepted"), ("tentativelyAccepted", "tentative"),
        ("declined", "declined"), ("notResponded", "none"), ("none", "none"),
    ],
)  # fmt: skip
def test_pitfall_08_and_09_declined_and_unanswered_are_told_apart(given, ours):
    assert invited(responseStatus={"response": given}).own_response == ours


def test_pitfall_10_a_cancelled_meeting_is_known_by_its_flag_not_by_its_title():
    assert read(isCancelled=True, subject="Bila").status == "cancelled"
    assert read(subject="Canceled: Bila").status == "confirmed"


@pytest.mark.parametrize(
    "zone", ["UTC", "Pacific Standard Time", "Tonga Standard Time", "tzone://Microsoft/Custom", ""]
)
def test_pitfall_11_an_all_day_event_stays_on_its_dates_in_every_zone(zone):
    copy = read(isAllDay=True, start_at=MONDAY, end_at=MONDAY + timedelta(days=2), originalStartTimeZone=zone)
    assert (copy.start, copy.end) == (MONDAY, MONDAY + timedelta(days=2))
    batch = batch_of([copy], ANNA, "outlook", "America/Los_Angeles")
    assert list(batch.meetings["start"]) == [MONDAY]
    assert list(batch.attendance["hours"]) == [0.0]


@pytest.mark.parametrize(
    ("start", "zone"),
    [
        (MONDAY - timedelta(hours=1), "W. Europe Standard Time"),
        (MONDAY - timedelta(hours=13), "Tonga Standard Time"),
        (MONDAY + timedelta(hours=8), "Pacific Standard Time"),
        (MONDAY + timedelta(hours=8), "tzone://Microsoft/Custom"),
    ],
)
def test_pitfall_11_an_all_day_event_that_came_shifted_goes_back_to_its_date(start, zone):
    copy = read(isAllDay=True, start_at=start, end_at=start + timedelta(days=1), originalStartTimeZone=zone)
    assert (copy.start, copy.end) == (MONDAY, MONDAY + timedelta(days=1))


def test_pitfall_12_a_room_is_nobody_whether_it_came_as_resource_or_as_required():
    told = read(attendees=[guest(BOB), guest("boven@example.org", "resource")])
    listed = read(attendees=[guest(BOB), guest(ROOM.title())])
    assert headcount(told) == headcount(listed) == 2
    assert listed.guests[1] == Guest(ROOM, "resource", "none")


def test_pitfall_13_the_own_answer_is_the_top_one_when_the_list_says_none():
    copy = invited(responseStatus={"response": "declined"})
    assert copy.guests[0].response == "none"
    answers = batch_of([copy], ANNA, "outlook", "Europe/Amsterdam").attendance.set_index("person_id")["response"]
    assert answers[ANNA] == "declined"


def test_pitfall_17_a_custom_zone_keeps_the_event_and_is_flagged():
    given = event("e1", NINE, originalStartTimeZone="tzone://Microsoft/Custom")
    assert copy_of(given, BOOK).start == NINE
    assert not knows_its_zone(event_of(given))
    assert all(
        knows_its_zone(event_of({"id": "e1", "originalStartTimeZone": each}))
        for each in ("tzone://Microsoft/Utc", "", None, "Europe/Paris")
    )


def test_pitfall_19_one_meeting_whether_the_uid_carries_the_date_or_not():
    start = NINE + timedelta(weeks=1)
    plain = read(start_at=start, type="occurrence", iCalUId=goid("s"))
    dated = read(start_at=start, type="occurrence", iCalUId=goid("s", start.date()).lower())
    moved = read(
        start_at=start + timedelta(hours=3),
        type="exception",
        originalStart="2026-01-12T09:00:00Z",
        iCalUId=goid("s", start.date()),
    )
    alone = read(start_at=start, type="singleInstance", iCalUId=goid("s", start.date()))
    assert len({copy.meeting_id for copy in (plain, dated, moved, alone)}) == 1
    assert all(copy.original is not None for copy in (plain, dated, moved, alone))


def test_pitfall_19_the_same_meeting_as_in_google():
    copy = read(iCalUId=wrapped("Weekly_1@google.com"), type="occurrence")
    assert copy.meeting_id == meeting_id("Weekly_1@google.com", NINE.isoformat())


def test_pitfall_20_times_of_creation_that_are_missing_stay_unknown():
    for nothing in (None, "0001-01-01T00:00:00Z", ""):
        copy = read(createdDateTime=nothing, lastModifiedDateTime=nothing)
        assert (copy.created, copy.updated) == (None, None)
    bare = event("e1", NINE)
    del bare["createdDateTime"], bare["lastModifiedDateTime"]
    assert copy_of(bare, BOOK).created is None


@pytest.mark.parametrize("sensitivity", ["private", "personal", "confidential"])
def test_pitfall_24_the_title_of_a_private_entry_is_dropped(sensitivity):
    copy = read(sensitivity=sensitivity, subject="Tandarts")
    batch = batch_of([copy], ANNA, "outlook", "Europe/Amsterdam")
    assert copy.private
    assert "Tandarts" not in batch.meetings.to_csv()


def test_pitfall_25_a_hidden_or_missing_list_leaves_the_number_of_people_unknown():
    assert headcount(invited(hideAttendees=True)) is None
    assert headcount(read(owner=BOB, leads=False)) is None
    assert headcount(read(hideAttendees=True, attendees=[guest(BOB)])) == 2, "the organizer sees everybody"
    bare = event("e1", NINE)
    del bare["attendees"]
    assert headcount(copy_of(bare, BOOK)) is None


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo", "UTC"])
def test_pitfall_28_seven_digits_without_offset_are_utc_wherever_the_machine_stands(zone, monkeypatch):
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        given = {"dateTime": "2026-01-05T09:00:00.0000000", "timeZone": "UTC"}
        copy = read(start=given, type="exception", originalStart="2026-01-05T08:00:00.0000000Z")
        assert (copy.start, copy.original) == (NINE, NINE - timedelta(hours=1))
        assert copy.updated == datetime(2025, 12, 2, 8)
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_server_that_answers_in_another_zone_is_understood():
    copy = read(start={"dateTime": "2026-01-05T10:00:00.0000000", "timeZone": "W. Europe Standard Time"})
    assert copy.start == NINE


@pytest.mark.parametrize(
    ("given", "ours"),
    [("free", "free"), ("tentative", "tentative"), ("busy", "busy"), ("oof", "oof"), ("workingElsewhere", "elsewhere"), ("unknown", "busy"), (None, "busy")],
)  # fmt: skip
def test_how_it_shows(given, ours):
    assert read(showAs=given).show_as == ours


def test_tentative_means_something_only_on_the_organizers_copy():
    assert read(showAs="tentative").status == "tentative"
    assert invited(showAs="tentative", responseStatus={"response": "notResponded"}).status == "confirmed"


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ({"showAs": "oof", "isAllDay": True, "end_at": MONDAY + timedelta(days=1), "start_at": MONDAY}, "absence"),
        ({"subject": "Nadenken"}, "hold"),
        ({"subject": "Focustijd"}, "focus"),
        ({"subject": "Nadenken", "categories": ["Focus time"]}, "focus"),
        ({"subject": "Reistijd"}, "travel"),
        ({"attendees": [guest(BOB)], "subject": "Focus"}, "meeting"),
        ({"attendees": [guest(ROOM)]}, "hold"),
        ({"attendees": [guest("A.Bos@example.org")]}, "hold"),
        ({"attendees": [guest(TEAM)]}, "meeting"),
        ({"owner": BOB, "leads": False, "hideAttendees": True, "attendees": [guest(ANNA)]}, "meeting"),
    ],
)
def test_what_kind_of_entry_it_is(given, kind):
    assert read(**given).kind == kind


def test_a_group_is_nobody_by_name_and_leaves_the_number_open_even_as_organizer():
    assert headcount(read(attendees=[guest(TEAM)])) is None
    led = read(owner=TEAM, leads=False, attendees=[guest(ANNA), guest(BOB)])
    assert headcount(led) is None
    people = set(batch_of([led], ANNA, "outlook", "Europe/Amsterdam").attendance["person_id"])
    assert people == {ANNA, BOB}


def test_the_original_start_of_occurrences_and_exceptions():
    assert read().original is None
    assert read(type="occurrence").original == NINE
    assert read(type="exception", originalStart="2026-01-05T08:00:00Z").original == NINE - timedelta(hours=1)
    day = {"isAllDay": True, "start_at": MONDAY, "end_at": MONDAY + timedelta(days=1)}
    assert read(type="occurrence", **day).original == date(2026, 1, 5)
    assert read(type="exception", originalStart="2026-01-11T23:00:00Z", **day).original == date(2026, 1, 12)


def test_an_old_exchange_address_or_a_mere_name_is_still_a_guest():
    listed = [
        {"type": "required", "emailAddress": {"name": "Karel"}},
        {"type": "required", "emailAddress": None},
        guest("/O=X/CN=Piet"),
    ]
    assert [each.address for each in read(attendees=listed).guests] == ["karel", "/o=x/cn=piet"]


@pytest.mark.parametrize(
    "given",
    [
        {"start": None},
        {"start": {"dateTime": None, "timeZone": "UTC"}},
        {"start": {"timeZone": "UTC"}},
        {"start": {"dateTime": "tomorrow", "timeZone": "UTC"}},
        {"start": wire(datetime(1, 1, 1))},
        {"start": {"dateTime": "0001-01-01T00:00:00.0000000", "timeZone": "W. Europe Standard Time"}},
        {"end": {"dateTime": "9999-12-31T23:59:59.9999999", "timeZone": "Pacific Standard Time"}},
        {"end": wire(datetime(9999, 12, 31))},
        {"end": wire(NINE - timedelta(hours=1))},
    ],
)
def test_an_event_without_usable_times_is_refused_in_words_without_its_title(given):
    with pytest.raises(UnreadableError) as refused:
        copy_of({**event("e1", NINE, subject="Geheim plan"), **given}, BOOK)
    assert "Geheim" not in str(refused.value)


def test_dates_that_stand_for_none_survive_everywhere_else():
    copy = read(
        createdDateTime="0001-01-01T00:00:00Z", lastModifiedDateTime="9999-12-31T23:59:59Z",
        type="exception", originalStart="0001-01-01T00:00:00Z",
    )  # fmt: skip
    assert (copy.created, copy.updated, copy.original) == (None, None, NINE)
    assert len(batch_of([copy], ANNA, "outlook", "Europe/Amsterdam").meetings) == 1


def test_nothing_is_needed_but_an_id_and_times():
    bare = {"id": "x", "start": wire(NINE), "end": wire(NINE + timedelta(hours=1))}
    copy = copy_of(bare, BOOK)
    assert (copy.uid, copy.title, copy.organizer, copy.online) == ("x", None, None, None)
    assert copy_of({**bare, "organizer": {}, "responseStatus": None, "categories": None}, BOOK) == copy
    assert copy_of({**bare, "organizer": recipient(BOB)}, BOOK).organizer == BOB
