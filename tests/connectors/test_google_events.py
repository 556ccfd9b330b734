"""What one event of Google becomes: its time, its people, and what kind of entry it is."""

from __future__ import annotations

from datetime import date, datetime

import pandas as pd
import pytest

from connectors.google.gone import uid_of
from connectors.identity import meeting_id
from tests.connectors.fakes.google_case import encoded_id
from tests.connectors.fakes.google_reading import copy_of, hours_of, meeting_of
from tests.connectors.fakes.google_world import event, guest, occurrence, stub
from tests.written import batch_of

ANNA, BRAM, CARO = (f"{name}@meridiaan.example" for name in ("anna", "bram", "caro"))
ROOM = "c_188a@resource.calendar.google.com"
MINE = {"email": ANNA, "self": True}
HIS = {"email": BRAM}


def me(answer: str = "accepted", **more):
    return guest(ANNA, answer, self=True, **more)


def meeting(**more):
    """A meeting of Anna and Bram on Monday at ten in Amsterdam, as Anna sees it."""
    people = {"organizer": HIS, "attendees": [guest(BRAM, organizer=True), me()]}
    whole = event("een1", "2026-01-05T10:00:00+01:00", "2026-01-05T11:00:00+01:00", **people) | more
    return {name: value for name, value in whole.items() if value is not None}


def headcount(given) -> int | None:
    found = batch_of([copy_of(given, ANNA)], ANNA, "google", "Europe/Amsterdam").meetings["headcount"][0]
    return None if found is pd.NA else int(found)


def attendance(given) -> dict[str, tuple[str, str]]:
    rows = batch_of([copy_of(given, ANNA)], ANNA, "google", "Europe/Amsterdam").attendance
    return {row.person_id: (row.role, row.response) for row in rows.itertuples()}


def test_a_meeting_with_a_colleague():
    copy = copy_of(meeting(), ANNA)
    assert (copy.start, copy.end, copy.kind, copy.show_as) == (
        datetime(2026, 1, 5, 9),
        datetime(2026, 1, 5, 10),
        "meeting",
        "busy",
    )
    assert (copy.uid, copy.original, copy.organizer) == ("een1@google.com", None, BRAM)
    assert (copy.created, copy.updated, copy.sequence) == (datetime(2025, 12, 1, 9), datetime(2025, 12, 2, 9), 0)
    assert attendance(meeting()) == {BRAM: ("organizer", "accepted"), ANNA: ("required", "accepted")}
    assert headcount(meeting()) == 2


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("accepted", "accepted"),
        ("declined", "declined"),
        ("tentative", "tentative"),
        ("needsAction", "none"),
        ("later", "none"),
    ],
)
def test_pitfall_08_and_09_the_own_answer_is_kept(said, meant):
    copy = copy_of(meeting(attendees=[guest(BRAM, organizer=True), me(said)]), ANNA)
    assert copy.own_response == meant
    assert copy.kind == "meeting"


def test_pitfall_11_whole_days_are_dates_in_every_zone():
    given = event("dag1", "2026-01-05", "2026-01-07", organizer=MINE)
    for zone in ("Pacific/Auckland", "UTC", "America/Los_Angeles"):
        copy = copy_of(given, ANNA, zone=zone)
        assert copy.all_day
        assert (copy.start, copy.end) == (datetime(2026, 1, 5), datetime(2026, 1, 7))
    rows = batch_of([copy_of(given, ANNA)], ANNA, "google", "America/Los_Angeles")
    assert rows.attendance["hours"].tolist() == [0.0]


@pytest.mark.parametrize("marks", [{"resource": True}, {}])
def test_pitfall_12_a_room_is_nobody(marks):
    given = meeting(attendees=[guest(BRAM, organizer=True), me(), guest(ROOM, **marks)])
    assert headcount(given) == 2
    assert attendance(given)[ROOM] == ("resource", "accepted")


def test_a_group_makes_the_count_unknown():
    given = meeting(attendees=[guest(BRAM, organizer=True), me(), guest("Team@meridiaan.example", "needsAction")])
    plain = batch_of([copy_of(given, ANNA)], ANNA, "google", "UTC")
    known = batch_of([copy_of(given, ANNA, frozenset({"team@meridiaan.example"}))], ANNA, "google", "UTC")
    assert plain.meetings["headcount"].tolist() == [3]
    assert known.meetings["headcount"].isna().all()
    assert "team@meridiaan.example" not in set(known.attendance["person_id"])


@pytest.mark.parametrize("kind", ["workingLocation", "birthday", "somethingNew"])
def test_pitfall_14_places_of_work_and_birthdays_are_no_meetings(kind):
    assert copy_of(meeting(eventType=kind), ANNA) is None
    assert hours_of(meeting(eventType=kind), ANNA) is None


@pytest.mark.parametrize(
    ("kind", "becomes", "shown"),
    [
        ("default", "meeting", "busy"),
        ("fromGmail", "meeting", "busy"),
        ("focusTime", "focus", "busy"),
        ("outOfOffice", "absence", "oof"),
    ],
)
def test_kinds_of_entries(kind, becomes, shown):
    copy = copy_of(meeting(eventType=kind), ANNA)
    assert (copy.kind, copy.show_as) == (becomes, shown)


def test_out_of_office_is_an_absence():
    given = event(
        "weg1", "2026-02-02T00:00:00+01:00", "2026-02-07T00:00:00+01:00", eventType="outOfOffice", organizer=MINE
    )
    rows = batch_of([copy_of(given, ANNA)], ANNA, "google", "Europe/Amsterdam").absences
    assert rows[["person_id", "start", "end"]].to_numpy().tolist() == [
        [ANNA, datetime(2026, 2, 1, 23), datetime(2026, 2, 6, 23)]
    ]


@pytest.mark.parametrize(
    "people",
    [
        {"organizer": MINE},
        {"organizer": MINE, "attendees": [me(organizer=True)]},
        {"organizer": MINE, "attendees": [me(organizer=True), guest(ROOM, resource=True)]},
        {"organizer": {"email": "unknownorganizer@calendar.google.com"}},
        {"organizer": {"email": "c_team@group.calendar.google.com"}, "attendees": [me()]},
    ],
)
def test_an_entry_without_others_is_a_hold(people):
    given = event("blok1", "2026-01-05T10:00:00+01:00", "2026-01-05T11:00:00+01:00", **people)
    assert copy_of(given, ANNA).kind == "hold"
    assert headcount(given) == 1


def test_free_time_tentative_meetings_and_calls():
    assert copy_of(meeting(transparency="transparent"), ANNA).show_as == "free"
    assert (copy_of(meeting(status="tentative"), ANNA).status, copy_of(meeting(status="tentative"), ANNA).show_as) == (
        "tentative",
        "tentative",
    )
    assert copy_of(meeting(hangoutLink="https://meet.google.com/x"), ANNA).online is True
    assert copy_of(meeting(), ANNA).online is None


def test_pitfall_15_this_and_following_makes_a_series_of_its_own():
    split = "reeks1_R20260112T090000"
    first = occurrence(
        "reeks1", "2026-01-05T09:00:00Z", "2026-01-05T10:00:00+01:00", "2026-01-05T11:00:00+01:00", organizer=MINE
    )
    later = occurrence(
        split, "2026-01-12T09:00:00Z", "2026-01-12T10:00:00+01:00", "2026-01-12T11:00:00+01:00", organizer=MINE
    )
    old, new = copy_of(first, ANNA), copy_of(later, ANNA)
    assert (old.uid, new.uid) == ("reeks1@google.com", f"{split}@google.com")
    rows = batch_of([old, new], ANNA, "google", "UTC").meetings
    assert rows["meeting_id"].nunique() == rows["series_id"].nunique() == 2
    assert rows["start"].nunique() == 2


def test_pitfall_19_every_copy_of_an_occurrence_is_one_meeting():
    seen = [
        occurrence("reeks1", "2026-01-05T09:00:00Z", start, "2026-01-05T15:00:00+01:00", organizer=organizer)
        for start, organizer in (("2026-01-05T10:00:00+01:00", MINE), ("2026-01-05T14:00:00+01:00", HIS))
    ]
    seen[1]["originalStartTime"] = {"dateTime": "2026-01-05T10:00:00+01:00"}
    assert (
        copy_of(seen[0], ANNA).meeting_id
        == copy_of(seen[1], BRAM).meeting_id
        == meeting_id("reeks1@google.com", "2026-01-05T09:00:00")
    )


def test_a_moved_occurrence_keeps_its_key_and_a_whole_day_its_date():
    day = occurrence("reeks2", "2026-01-05", "2026-01-06", "2026-01-07", organizer=MINE)
    assert copy_of(day, ANNA, zone="Pacific/Auckland").original == date(2026, 1, 5)
    assert copy_of(day, ANNA).meeting_id == meeting_id("reeks2@google.com", "2026-01-05")


@pytest.mark.parametrize("said", [None, "", "0000-12-29T00:00:00.000Z", "gisteren"])
def test_pitfall_20_an_unknown_creation_stays_unknown(said):
    copy = copy_of(meeting(created=said, updated=said), ANNA)
    assert (copy.created, copy.updated) == (None, None)


@pytest.mark.parametrize("visibility", ["private", "confidential"])
def test_pitfall_24_the_title_of_a_private_entry_goes_nowhere(visibility):
    rows = batch_of([copy_of(meeting(visibility=visibility), ANNA)], ANNA, "google", "UTC").meetings
    assert rows["is_private"].tolist() == [True]
    assert rows["title"].isna().all()


@pytest.mark.parametrize(
    "more",
    [
        {"guestsCanSeeOtherGuests": False, "attendees": [me()]},
        {"attendeesOmitted": True, "attendees": [me()]},
        {"attendees": [me()]},
        {"attendees": None},
        {"attendees": [me(), guest(BRAM, organizer=True), *(guest(f"p{n}@meridiaan.example") for n in range(200))]},
        {"attendees": [me(), guest(BRAM, organizer=True), {"displayName": "Iemand zonder adres"}]},
    ],
    ids=["hidden", "omitted", "only self", "nobody", "more than 200", "without an address"],
)
def test_pitfall_25_a_list_that_is_not_whole_counts_as_unknown(more):
    copy = copy_of(meeting(**more), ANNA)
    assert not copy.all_guests
    assert copy.kind == "meeting"
    assert headcount(meeting(**more)) is None


def test_the_organizer_sees_a_hidden_list_whole():
    given = meeting(
        organizer=MINE, guestsCanSeeOtherGuests=False, attendees=[me(organizer=True), guest(BRAM), guest(CARO)]
    )
    assert headcount(given) == 3


def test_an_invitation_from_elsewhere_that_lists_only_me_is_a_meeting_of_two():
    given = meeting(
        iCalUID="040000008200E00074C5B7101A82E00800000000AB",
        organizer={"email": "klant@elders.example"},
        attendees=[me()],
    )
    assert headcount(given) == 2


def test_the_owner_is_one_person_under_every_address():
    given = meeting(attendees=[guest(BRAM, organizer=True), guest("a.bos@meridiaan.example", "tentative", self=True)])
    assert attendance(given) == {BRAM: ("organizer", "accepted"), ANNA: ("required", "tentative")}


def test_pitfall_28_an_offset_is_obeyed_and_a_bare_time_is_read_in_its_zone():
    times = {
        "start": {"dateTime": "2026-03-30T10:00:00", "timeZone": "Europe/Berlin"},
        "end": {"dateTime": "2026-03-30T11:00:00"},
    }
    copy = copy_of(meeting(**times), ANNA, zone="Europe/Berlin")
    assert (copy.start, copy.end) == (datetime(2026, 3, 30, 8), datetime(2026, 3, 30, 9))


def test_pitfall_34_weekly_at_ten_in_berlin_over_the_change_of_the_clock():
    week = [("2026-03-23", "+01:00", 9), ("2026-03-30", "+02:00", 8)]
    for day, offset, hour in week:
        start, end = (f"{day}T{at}:00:00{offset}" for at in (10, 11))
        assert copy_of(meeting(start={"dateTime": start}, end={"dateTime": end}), ANNA).start.hour == hour


def test_hours_only_knows_when_and_nothing_else():
    copy = hours_of(meeting(), ANNA)
    assert (copy.title, copy.organizer, copy.all_guests, copy.created) == (None, None, False, None)
    rows = batch_of([copy], ANNA, "google", "UTC")
    assert rows.meetings["headcount"].isna().all()
    assert rows.attendance[["person_id", "role", "response", "hours"]].to_numpy().tolist() == [
        [ANNA, "required", "accepted", 1.0]
    ]


@pytest.mark.parametrize(
    ("event_id", "uid"),
    [
        ("4j7e1kq0a2c3d4", "4j7e1kq0a2c3d4@google.com"),
        ("4j7e1kq0a2_R20260105T090000", "4j7e1kq0a2_R20260105T090000@google.com"),
        (encoded_id("040000008200E00074C5B7101A82E008"), "040000008200E00074C5B7101A82E008"),
        ("_60q30c1g60o30e1i60o4ac1g60rj8gpl", None),
        ("_!", None),
    ],
)
def test_what_an_id_tells_of_the_uid(event_id, uid):
    assert uid_of(event_id) == uid or (uid is None and event_id.startswith("_60q"))


def test_pitfall_27_a_stub_without_a_start_is_a_tombstone():
    series = occurrence(
        "reeks1", "2026-01-05T09:00:00Z", "2026-01-05T10:00:00+01:00", "2026-01-05T11:00:00+01:00", organizer=MINE
    )
    single = event("los1", "2026-01-05T10:00:00+01:00", "2026-01-05T11:00:00+01:00", organizer=MINE)
    foreign = event(
        encoded_id("abc@elders.example"),
        "2026-01-05T10:00:00+01:00",
        "2026-01-05T11:00:00+01:00",
        iCalUID="abc@elders.example",
        organizer=HIS,
    )
    for given in (series, single, foreign):
        assert "start" not in stub(given)
        assert meeting_of(stub(given)) == copy_of(given, ANNA).meeting_id
    assert meeting_of({"id": series["id"], "status": "cancelled"}) == copy_of(series, ANNA).meeting_id
    assert meeting_of({"id": "reeks2_20260105"}) == meeting_id("reeks2@google.com", "2026-01-05")
    assert meeting_of({"id": "_???"}) is None
