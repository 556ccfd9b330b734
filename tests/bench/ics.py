"""How long a large calendar file takes, next to the bare libraries reading the same file."""

from __future__ import annotations

import random
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

import icalendar
import recurring_ical_events

from connectors.contract import Window
from connectors.ics import IcsSource

SINGLES = 20_000
SERIES = 200
ATTENDEES = 5
START = datetime(2025, 1, 6, tzinfo=UTC)
END = START + timedelta(weeks=104)
_WORDS = ("Planning", "intake", "overleg", "budget", "review", "rooster", "beslissing", "kwartaal", "team", "klant")


def write_calendar(path: Path, singles: int = SINGLES, series: int = SERIES, seed: int = 1) -> None:
    """A calendar of single meetings and weekly series, spread over two years."""
    chance = random.Random(seed)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//meetload//bench//EN\r\n")
        for number in range(singles):
            file.write(_event(chance, f"single-{number}", chance.randrange(700), ""))
        for number in range(series):
            file.write(_event(chance, f"series-{number}", number % 5, "RRULE:FREQ=WEEKLY\r\n"))
        file.write("END:VCALENDAR\r\n")


def _event(chance: random.Random, uid: str, day: int, rule: str) -> str:
    start = START + timedelta(days=day, hours=chance.randrange(8, 17))
    people = "".join(_attendee(chance) for _ in range(ATTENDEES))
    return (
        f"BEGIN:VEVENT\r\nUID:{uid}@example.org\r\nDTSTAMP:20250101T090000Z\r\n"
        f"DTSTART;TZID=Europe/Amsterdam:{start:%Y%m%dT%H%M%S}\r\n"
        f"DTEND;TZID=Europe/Amsterdam:{start + timedelta(minutes=45):%Y%m%dT%H%M%S}\r\n{rule}"
        f"SUMMARY:{' '.join(chance.choices(_WORDS, k=3))}\r\nDESCRIPTION:{' '.join(chance.choices(_WORDS, k=7))}\r\n"
        f"ORGANIZER;CN=Person {day}:mailto:person{day}@example.org\r\n{people}"
        "STATUS:CONFIRMED\r\nSEQUENCE:0\r\nTRANSP:OPAQUE\r\nCREATED:20241201T090000Z\r\n"
        "LAST-MODIFIED:20241215T090000Z\r\nEND:VEVENT\r\n"
    )


def _attendee(chance: random.Random) -> str:
    number, answer = chance.randrange(2_000), chance.choice(("ACCEPTED", "DECLINED", "TENTATIVE", "NEEDS-ACTION"))
    return (
        f"ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={answer};CN=Pe\r\n"
        f" rson {number}:mailto:person{number}@example.org\r\n"
    )


def ours(path: Path) -> float:
    """Seconds until the batch is there."""
    window = Window(START.replace(tzinfo=None), END.replace(tzinfo=None))
    begun = perf_counter()
    IcsSource(path, me=("person1@example.org",)).pull(path.name, window)
    return perf_counter() - begun


def bare(path: Path) -> float:
    """Seconds for the two libraries to parse the file and list its occurrences."""
    icalendar.use_zoneinfo()
    begun = perf_counter()
    calendar = icalendar.Calendar.from_ical(path.read_bytes())
    recurring_ical_events.of(calendar).between(START, END)
    return perf_counter() - begun


def measure() -> tuple[float, float]:
    """Seconds of ours, the batch included, and of the bare libraries, over one file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "calendar.ics"
        write_calendar(path)
        return ours(path), bare(path)


if __name__ == "__main__":
    mine, theirs = measure()
    print(f"ics: {mine:.2f} s, bare libraries {theirs:.2f} s, ratio {mine / theirs:.2f}")
