"""A file is split whatever it holds; one broken event costs itself only."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from calendar_text import ANNA, answers, calendar, event, one, read, reasons, starts
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.ics import content, limits
from connectors.ics.scan import Findings, unfolded

CALENDARS = Path(__file__).parent / "calendars"


def lines_of(data):
    return [line for _, line in unfolded(io.BytesIO(data), Findings())]


@settings(deadline=None)
@given(
    lines=st.lists(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1).map(str.encode), max_size=5),
    width=st.integers(1, 80),
    newline=st.sampled_from([b"\r\n", b"\n"]),
    space=st.sampled_from([b" ", b"\t"]),
)
def test_unfolding_undoes_any_folding_also_within_a_letter(lines, width, newline, space):
    folded = b""
    for line in lines:
        pieces = [line[place : place + width] for place in range(0, len(line), width)]
        folded += (newline + space).join(pieces) + newline
    assert lines_of(folded) == lines


@settings(deadline=None)
@given(st.binary(max_size=2000))
def test_any_bytes_are_read_without_an_exception(data):
    pull = read(b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n" + data)
    assert pull.counts["files"] == 1


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "BEGIN:VEVENT",
                "END:VEVENT",
                "BEGIN:VALARM",
                "END:VALARM",
                "BEGIN:VCALENDAR",
                "END:VCALENDAR",
                "DTSTART:20260105T100000Z",
                "BEGIN:VTODO",
                "x",
            ]
        ),
        max_size=30,
    )
)
def test_any_nesting_counts_every_event_once(lines):
    pull = read("\n".join(lines))
    assert pull.counts["events"] == lines.count("BEGIN:VEVENT")
    assert pull.counts["rejected"] + pull.counts["occurrences"] >= pull.counts["events"]


def test_unbalanced_components_are_reported_and_the_rest_is_read():
    pull = read((CALENDARS / "unbalanced.ics").read_bytes())
    assert starts(pull) == ["01-05 09:00", "01-07 09:00"]
    assert [str(problem) for problem in pull.problems] == [
        "my.ics, line 9: its END is missing before line 12",
        "my.ics, line 19: the file ends before its END",
        "my.ics, line 15: lines that are not calendar text and were skipped: 3",
    ]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it is empty"),
        (b"name,start\nAnna,2026-01-05\n", "it is not a calendar file"),
        (bytes(range(256)) * 500, "it is not a calendar file"),
    ],
)
def test_what_is_no_calendar_is_one_problem(data, reason):
    pull = read(data)
    assert reasons(pull) == [reason]
    assert pull.counts == {"files": 1, "events": 0, "occurrences": 0, "rejected": 1}


def test_an_empty_calendar_is_no_problem_and_free_times_are_named():
    assert read(calendar()).problems == ()
    (problem,) = read(calendar("BEGIN:VFREEBUSY\r\nFREEBUSY:20260105T090000Z/PT1H\r\nEND:VFREEBUSY\r\n")).problems
    assert not problem.rejected


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_accents_arrive_in_any_encoding(encoding):
    bom = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    assert one(read(bom + calendar(event("SUMMARY:Café Zoë")).encode(encoding)))["title"] == "Café Zoë"


def test_line_ends_of_old_macs_and_zero_bytes():
    text = calendar(event("SUMMARY:Oud"))
    assert one(read(text.replace("\r\n", "\r")))["title"] == "Oud"
    assert one(read(text.replace("Oud", "O\0ud")))["title"] == "Oud"


def test_a_line_without_end_is_cut():
    pull = read(calendar(event("DESCRIPTION:" + "x" * 3_000_000), event("SUMMARY:after", uid="two")))
    assert pull.counts["occurrences"] == 2
    assert [problem.reason for problem in pull.problems] == ["lines longer than 1 MB that were cut: 1"]


def test_a_folded_line_without_end_is_cut():
    pull = read(calendar(event("DESCRIPTION:" + "\r\n ".join(["x" * 70] * 20_000)), event(uid="two")))
    assert pull.counts["occurrences"] == 2
    assert [problem.reason for problem in pull.problems] == ["lines longer than 1 MB that were cut: 1"]


def test_a_monster_of_an_event_is_refused_and_its_neighbour_read():
    huge = event(*[f"X-{number}:{'x' * 50_000}" for number in range(101)])
    crowd = event(*[f"ATTENDEE:mailto:p{number}@x.nl" for number in range(limits.ATTENDEES + 1)], uid="crowd")
    pull = read(calendar(huge, crowd, event(uid="two")))
    assert reasons(pull) == ["it is larger than 5 MB", "it has more than 20,000 attendees"]
    assert pull.counts["occurrences"] == 1


def test_rows_of_one_file_are_bounded(monkeypatch):
    monkeypatch.setattr(limits, "ROWS", 50)
    pull = read(calendar(event("RRULE:FREQ=DAILY"), event(uid="two")), ANNA)
    assert pull.counts["occurrences"] == 1
    assert len(reasons(pull)) == 1


def test_problems_of_one_file_are_bounded(monkeypatch):
    monkeypatch.setattr(limits, "PROBLEMS", 3)
    pull = read(calendar(*["BEGIN:VEVENT\r\nEND:VEVENT\r\n"] * 10))
    assert len(pull.problems) == 4
    assert pull.problems[-1].reason == "and 7 more of such problems"
    assert pull.counts["rejected"] == 10


def test_a_zone_that_changes_every_second_is_not_built():
    zone = (
        "BEGIN:VTIMEZONE\r\nTZID:Bad\r\nBEGIN:STANDARD\r\nDTSTART:16010101T000000\r\nRRULE:FREQ=SECONDLY\r\n"
        "TZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    )
    pull = read(calendar(zone, event("DTSTART;TZID=Bad:20260105T100000")))
    assert starts(pull) == ["01-05 09:00"]
    assert "Bad is unknown" in pull.problems[0].reason


def test_a_zone_defined_after_its_events_counts():
    zone = (
        "BEGIN:VTIMEZONE\r\nTZID:Late\r\nBEGIN:STANDARD\r\nDTSTART:16011028T030000\r\n"
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\n"
        "BEGIN:DAYLIGHT\r\nDTSTART:16010325T020000\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\n"
        "TZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n"
    )
    pull = read(calendar(event("DTSTART;TZID=Late:20260323T100000", "RRULE:FREQ=WEEKLY;COUNT=2"), zone))
    assert starts(pull) == ["03-23 09:00", "03-30 08:00"]


def test_parameters_in_quotes_may_hold_anything():
    line = event("ATTENDEE;CN=\"Bos; Anna: 'chair'\";PARTSTAT=ACCEPTED:mailto:anna@example.org")
    assert answers(read(calendar(line), ANNA)) == {ANNA: ("required", "accepted")}
    assert content.read(b"CN=x").value == ""
