"""One event becomes one meeting with its people; the numbers are the rows of pitfalls in the notes on connectors."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import pytest
from calendar_text import ANNA, answers, calendar, event, one, read, reasons, starts, zone

ORGANIZER = "ORGANIZER;CN=Bram:mailto:bram@example.org"


def attendee(address, **parameters):
    return "ATTENDEE" + "".join(f";{name}={value}" for name, value in parameters.items()) + f":mailto:{address}"


def test_pitfall_8_and_33_the_owners_answer_is_their_own_partstat():
    pull = read(calendar(event(ORGANIZER, attendee("Anna@Example.org", PARTSTAT="DECLINED"), attendee("c@x.nl"))), ANNA)
    assert answers(pull) == {
        "anna@example.org": ("required", "declined"),
        "c@x.nl": ("required", "none"),
        "bram@example.org": ("organizer", "accepted"),
    }


@pytest.mark.parametrize("timezone", ["Europe/Amsterdam", "America/Los_Angeles", "Pacific/Kiritimati"])
def test_pitfall_11_all_day_keeps_its_date_and_takes_no_hours(timezone):
    day = event("DTSTART;VALUE=DATE:20260310", "DTEND;VALUE=DATE:20260312")
    pull = read(calendar(day, headers=("X-WR-TIMEZONE:Asia/Tokyo",)), ANNA, timezone=timezone)
    row = one(pull)
    assert (row["start"], row["end"], row["all_day"]) == (pd.Timestamp(2026, 3, 10), pd.Timestamp(2026, 3, 12), True)
    assert list(pull.batch.attendance["hours"]) == [0.0]


def test_pitfall_12_a_room_does_not_make_a_1_to_1_three_people():
    pull = read(
        calendar(
            event(
                ORGANIZER,
                attendee(ANNA, PARTSTAT="ACCEPTED"),
                attendee("room1@example.org", CUTYPE="ROOM", PARTSTAT="ACCEPTED"),
                attendee("c_18@resource.calendar.google.com"),
            )
        ),
        ANNA,
    )
    assert one(pull)["headcount"] == 2
    assert answers(pull)["room1@example.org"] == ("resource", "accepted")
    assert answers(pull)["c_18@resource.calendar.google.com"][0] == "resource"


def test_pitfall_17_windows_zones_are_known_and_custom_ones_read_from_the_file():
    pull = read(
        calendar(
            zone("Customized Time Zone", "+0500"),
            event("DTSTART;TZID=W. Europe Standard Time:20260701T100000", uid="windows"),
            event("DTSTART;TZID=Customized Time Zone:20260701T100000", uid="custom"),
        )
    )
    assert starts(pull) == ["07-01 05:00", "07-01 08:00"]
    assert pull.problems == ()


def test_pitfall_29_two_files_may_define_the_same_name_differently():
    text = [
        calendar(zone("Office", offset), event("DTSTART;TZID=Office:20260701T100000")) for offset in ("+0200", "-0400")
    ]
    assert [starts(read(each)) for each in text] == [["07-01 08:00"], ["07-01 14:00"]]


@pytest.mark.parametrize("name", ["Foo/Bar", "GMT+0200", '"tzone://Microsoft/Custom"'])
def test_pitfall_30_an_unknown_zone_falls_back_and_is_counted(name):
    events = [event(f"DTSTART;TZID={name}:20260701T100000", uid=str(number)) for number in range(2)]
    own = read(calendar(*events), timezone="Europe/Lisbon")
    assert starts(own) == ["07-01 09:00"] * 2
    (problem,) = own.problems
    assert problem.reason == f"the time zone {name.strip(chr(34))} is unknown; events read in Europe/Lisbon: 2"
    assert (problem.rejected, problem.line, own.counts["rejected"]) == (False, 3, 0)
    assert starts(read(calendar(*events, headers=("X-WR-TIMEZONE:America/New_York",)))) == ["07-01 14:00"] * 2


def test_pitfall_31_a_broken_zone_costs_one_event():
    broken = event("DTSTART;TZID=tzone://Microsoft/Custom:20260701T100000")
    pull = read(calendar(broken, event(uid="two")))
    assert reasons(pull) == ["the TZID of DTSTART holds a colon without quotes around it"]
    assert pull.counts == {"files": 1, "events": 2, "occurrences": 1, "rejected": 1}


def test_floating_times_stand_in_the_calendars_zone():
    assert starts(read(calendar(event(start="20260701T100000")))) == ["07-01 08:00"]
    assert starts(read(calendar(event(start="20260701T100000"), headers=("X-WR-TIMEZONE:UTC",)))) == ["07-01 10:00"]


@pytest.mark.parametrize(
    ("lines", "end"),
    [
        (("DTEND:20260105T113000",), "2026-01-05 10:30"),
        (("DURATION:PT30M",), "2026-01-05 09:30"),
        (("DURATION:",), "2026-01-05 09:00"),
        (("DTSTART;VALUE=DATE:20260105", "DURATION:"), "2026-01-06"),
        (("DTSTART;VALUE=DATE:20260105", "DURATION:P2D"), "2026-01-07"),
        (("DTSTART;VALUE=DATE:20260105", "DTEND;VALUE=DATE:20260105"), "2026-01-06"),
    ],
)
def test_an_event_ends_by_dtend_or_duration_or_by_what_it_is(lines, end):
    assert one(read(calendar(event(*lines))))["end"] == pd.Timestamp(end)


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (("DTEND:20260105T090000",), "it ends before it starts"),
        (("DTSTART:19690101T100000",), "it lies outside the years 1970 to 2100"),
        (("DTSTART:99990101T100000",), "it lies outside the years 1970 to 2100"),
        (("DTSTART:20260231T100000",), "DTSTART is not a date or time that exists"),
        (("DTSTART:tomorrow",), "DTSTART is not a date or time"),
        (("DURATION:soon",), "DURATION is not a length of time"),
        (("DURATION:P999999999999W",), "DURATION is not a length of time"),
    ],
)
def test_impossible_times_are_refused_with_the_reason(lines, reason):
    assert reasons(read(calendar(event(*lines)))) == [reason]


def test_roles_and_answers():
    pull = read(
        calendar(
            event(
                ORGANIZER,
                attendee("chair@x.nl", ROLE="CHAIR", PARTSTAT="TENTATIVE"),
                attendee("optional@x.nl", ROLE="OPT-PARTICIPANT", PARTSTAT="DELEGATED"),
                attendee("silent@x.nl", PARTSTAT="NEEDS-ACTION"),
            )
        )
    )
    assert answers(pull) == {
        "chair@x.nl": ("required", "tentative"),
        "optional@x.nl": ("optional", "declined"),
        "silent@x.nl": ("required", "none"),
        "bram@example.org": ("organizer", "accepted"),
    }
    assert one(pull)["headcount"] == 4


def test_all_addresses_of_the_owner_are_one_person():
    mine = event(attendee("A.Bos@old.example.org", CN='"Bos, Anna"', PARTSTAT="ACCEPTED"), ORGANIZER)
    pull = read(calendar(mine), ANNA, "a.bos@old.example.org")
    assert answers(pull) == {ANNA: ("required", "accepted"), "bram@example.org": ("organizer", "accepted")}
    assert pull.batch.aliases.to_dict("records") == [
        {"email": ANNA, "person_id": ANNA},
        {"email": "a.bos@old.example.org", "person_id": ANNA},
    ]
    assert pull.batch.people[["person_id", "name"]].to_numpy().tolist() == [[ANNA, "Bos, Anna"]]


def test_the_owner_attends_what_stands_in_their_own_file():
    assert answers(read(calendar(event(ORGANIZER, attendee("c@x.nl"))), ANNA))[ANNA] == ("required", "accepted")
    assert answers(read(calendar(event()), ANNA)) == {ANNA: ("organizer", "accepted")}
    assert answers(read(calendar(event()))) == {}


@pytest.mark.parametrize(
    ("lines", "me", "headcount"),
    [
        ((), (ANNA,), 1),
        ((), (), None),
        ((ORGANIZER,), (ANNA,), None),
        ((f"ORGANIZER:mailto:{ANNA}",), (ANNA,), 1),
        ((ORGANIZER, attendee(ANNA)), (ANNA,), 2),
        ((ORGANIZER, attendee(ANNA), attendee("team@x.nl", CUTYPE="GROUP")), (ANNA,), None),
        (("ORGANIZER:mailto:abc@group.calendar.google.com",), (ANNA,), 1),
    ],
)
def test_how_many_people_or_unknown_but_never_one_by_guessing(lines, me, headcount):
    found = one(read(calendar(event(*lines)), *me))["headcount"]
    assert (None if pd.isna(found) else found) == headcount


def test_a_message_about_a_meeting_does_not_list_everybody():
    reply = calendar(event(ORGANIZER, attendee(ANNA, PARTSTAT="ACCEPTED")), headers=("METHOD:REPLY",))
    assert pd.isna(one(read(reply, ANNA))["headcount"])
    assert one(read(reply.replace("REPLY", "CANCEL"), ANNA))["status"] == "cancelled"


def test_private_text_is_dropped_at_once():
    secret = event("SUMMARY:Ziek bij dokter", "DESCRIPTION:https://zoom.us/j/1", "CLASS:CONFIDENTIAL", "X-A:1")
    row = one(read(calendar(secret), ANNA))
    assert row["is_private"]
    assert pd.isna(row["title"])
    assert pd.isna(row["body"])
    assert (row["kind"], row["online"]) == ("hold", True)


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        (("SUMMARY:Overleg", ORGANIZER), "meeting"),
        (("SUMMARY:Overleg",), "hold"),
        (("SUMMARY:Focustijd",), "focus"),
        (("SUMMARY:Focus van het team", ORGANIZER), "meeting"),
        (("SUMMARY:Reistijd naar Utrecht",), "travel"),
        (("SUMMARY:Vakantie", "DTSTART;VALUE=DATE:20260105", "DURATION:P5D"), "absence"),
        (("SUMMARY:Vakantie", "DTSTART;VALUE=DATE:20260105", "DURATION:P5D", "TRANSP:TRANSPARENT"), "hold"),
        (("SUMMARY:Vrijdagmiddag", "DTSTART;VALUE=DATE:20260105", "DURATION:P1D"), "hold"),
        (("SUMMARY:Public holiday", "DTSTART;VALUE=DATE:20260105", "DURATION:P1D"), "hold"),
        (("SUMMARY:Weg", "X-MICROSOFT-CDO-BUSYSTATUS:OOF"), "absence"),
    ],
)
def test_what_kind_of_entry_it_is(lines, kind):
    assert one(read(calendar(event(*lines)), ANNA))["kind"] == kind


def test_leave_becomes_an_absence_from_local_midnight_on():
    sick = event("SUMMARY:Ziek", "DTSTART;VALUE=DATE:20260706", "DTEND;VALUE=DATE:20260708")
    (row,) = read(calendar(sick), ANNA).batch.absences.to_dict("records")
    assert row == {
        "person_id": ANNA,
        "start": pd.Timestamp(2026, 7, 5, 22),
        "end": pd.Timestamp(2026, 7, 7, 22),
        "kind": "sick",
        "source": "calendar",
    }
    assert read(calendar(sick)).batch.absences.empty


def test_what_else_the_file_says():
    row = one(
        read(
            calendar(
                event(
                    "SUMMARY:Budget\\, ronde 2\\nslot\x07",
                    "DESCRIPTION:" + "d" * 3000,
                    "LOCATION:https://teams.microsoft.com/l/meetup-join/1",
                    "STATUS:TENTATIVE",
                    "X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE",
                    "CREATED:20251201T080000Z",
                    "LAST-MODIFIED:00010101T000000Z",
                    "SEQUENCE:3",
                )
            )
        )
    )
    assert row["title"] == "Budget, ronde 2\nslot"
    assert len(row["body"]) == 2000
    assert (row["status"], row["show_as"], row["online"]) == ("tentative", "elsewhere", True)
    assert (row["created"], row["sequence"], row["source"]) == (pd.Timestamp(2025, 12, 1, 8), 3, "ics")
    assert pd.isna(row["updated"])


def test_lead_time_is_unknown_when_the_file_does_not_say():
    assert pd.isna(one(read(calendar(event("DTSTAMP:20260101T000000Z"))))["created"])


def test_an_event_without_uid_keeps_one_id_and_a_moved_single_too():
    nameless = event("SUMMARY:x").replace("UID:one\r\n", "")
    first, again = (one(read(calendar(nameless)))["meeting_id"] for _ in range(2))
    assert first == again
    moved = [one(read(calendar(event(start=start))))["meeting_id"] for start in ("20260105T100000", "20260106T110000")]
    assert moved[0] == moved[1] != first


def test_the_newest_copy_of_an_event_wins_in_any_order():
    old, new = event("SEQUENCE:0"), event("SEQUENCE:1", start="20260201T100000")
    for copies in ((old, new), (new, old)):
        pull = read(calendar(*copies))
        assert starts(pull) == ["02-01 09:00"]
        assert [problem.rejected for problem in pull.problems] == [False]


def test_no_problem_ever_holds_a_title():
    secret = "Reorganisatie"
    broken = [
        event(f"SUMMARY:{secret}", "DTEND:20250101T090000"),
        event(f"SUMMARY:{secret}", "RRULE:FREQ=SECONDLY", uid="two"),
        f"BEGIN:VEVENT\r\nSUMMARY:{secret}\r\n{secret}\r\n",
    ]
    pull = read(calendar(*broken), ANNA)
    assert pull.counts["rejected"] == 3
    assert not any(secret in str(problem) for problem in pull.problems)


def test_start_is_naive_utc():
    assert one(read(calendar(event(start="20260701T100000Z"))))["start"] == datetime(2026, 7, 1, 10)
