"""A zone from a file shows the same time as the zone it describes."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.ics.clock import clock

NEW_YORK = b"""BEGIN:VTIMEZONE
TZID:America/Somewhere
BEGIN:STANDARD
DTSTART:20071104T020000
RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:20070311T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
END:DAYLIGHT
END:VTIMEZONE""".split(b"\n")
OURS = clock("America/Somewhere", NEW_YORK)
THEIRS = ZoneInfo("America/New_York")
MOMENTS = st.datetimes(datetime(2007, 6, 1), datetime(2037, 1, 1))


@settings(deadline=None)
@given(MOMENTS, st.integers(0, 1))
def test_the_offset_on_the_wall_is_the_same(wall, fold):
    wall = wall.replace(fold=fold)
    assert wall.replace(tzinfo=OURS).utcoffset() == wall.replace(tzinfo=THEIRS).utcoffset()


@settings(deadline=None)
@given(MOMENTS)
def test_there_and_back_again(moment):
    ours = moment.replace(tzinfo=UTC).astimezone(OURS)
    assert ours.replace(tzinfo=None) == moment.replace(tzinfo=UTC).astimezone(THEIRS).replace(tzinfo=None)
    assert ours.astimezone(UTC).replace(tzinfo=None) == moment


def test_a_definition_without_sense_is_none():
    assert clock("x", [b"BEGIN:VTIMEZONE", b"TZID:x", b"END:VTIMEZONE"]) is None
    assert clock("x", [b"BEGIN:VTIMEZONE", b"TZID:x"]) is None
