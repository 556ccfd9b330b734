"""How much of a file is read before it counts as hostile or broken."""

from __future__ import annotations

FILE_BYTES = 2 * 1024**3
LINE_BYTES = 1_000_000
EVENT_BYTES = 5_000_000
EVENTS = 500_000
ROWS = 1_000_000
ATTENDEES = 20_000
# A daily series since 1970 fits; the limits on rows and effort bound a whole file.
OCCURRENCES = 25_000
A_DAY = 24
RULES = 10
COUNT = 50_000
STEPS = 10_000_000
ZONES = 200
ZONE_BYTES = 100_000
ZONE_PARTS = 500
ZONE_RULES = 20
SERIES_DAYS = 366
PROBLEMS = 1_000
TITLE = 500
BODY = 2_000
FIRST_YEAR, LAST_YEAR = 1970, 2100
# A series may begin earlier than its first meeting that counts: birthdays do.
FIRST_SERIES_YEAR = 1600


class RejectedError(Exception):
    """Why one event is not taken in, in words for the report; never holds a title."""
