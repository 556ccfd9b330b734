"""One week of everybody's calendar in quarters of an hour: where a meeting still fits.

08:00                12:00       13:00                          18:00
|1111.....1111..1.........|lunch|.........1111....................|   busy bits of one person on one day
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from connectors.demo.dice import Dice

DAYS, QUARTERS = 5, 40
WHOLE_DAY = (1 << QUARTERS) - 1
FIRST_HOUR = 8
# The most quarters of meetings a week anybody takes on, by level.
CAPS = {1: 116, 2: 112, 3: 88, 4: 72, 5: 54}
# Nobody, not even who must be there, is asked for more.
LIMIT = 124
DAY_WEIGHTS = (0.22, 0.26, 0.15, 0.25, 0.12)


def _starts(slots: Iterable[int]) -> int:
    bits = 0
    for slot in slots:
        bits |= 1 << slot
    return bits


_HALF_HOURS = _starts(slot for slot in range(2, 37, 2) if not 16 <= slot < 20)
_QUARTERS = _starts(slot for slot in range(2, 37) if not 16 <= slot < 19)
_MORNING = (1 << 18) - 1
_NOON = _starts(range(16, 19))


@dataclass(slots=True)
class Meeting:
    """One entry of the calendar while it is being made; `day` is a working day counted from the first Monday."""

    purpose: str
    title: str | None
    organizer: int
    people: list[int]
    length: int
    day: int = -1
    slot: int = -1
    optional: frozenset[int] = frozenset()
    series: int = -1
    topic: int = -1
    planned: tuple[int, int] | None = None
    cancelled: bool = False
    outsiders: int = 0
    room: int = -1
    body: str | None = None
    last_day: int = -1
    required: frozenset[int] = field(default_factory=frozenset)


class Grid:
    """The calendar of one week; `out[weekday][person]` says who is not at work."""

    def __init__(self, week: int, out: Sequence[Sequence[bool]], levels: dict[int, int], dice: Dice) -> None:
        self.week, self.out, self.dice = week, out, dice
        self.busy = [[0] * len(out[0]) for _ in range(DAYS)]
        self.used = [0] * len(out[0])
        self._levels = levels

    def full(self, person: int, length: int) -> bool:
        """Whether somebody's week has no room for another meeting of this length."""
        return self.used[person] + length > CAPS[self._levels.get(person, 5)]

    def book(self, meeting: Meeting, weekday: int, slot: int) -> None:
        """Write a meeting into the calendars of whoever is there."""
        meeting.day, meeting.slot = self.week * DAYS + weekday, slot
        bits = ((1 << meeting.length) - 1) << slot
        busy, out = self.busy[weekday], self.out[weekday]
        for person in meeting.people:
            if not out[person]:
                busy[person] |= bits
                self.used[person] += meeting.length

    def place(self, meeting: Meeting, days: Sequence[int] | None = None) -> bool:
        """Find a moment that suits, on the given weekdays or any; leave out who cannot. False when nobody is left.

        Whoever must be there decides the day; others who are away that day are mostly not invited.
        """
        needed = (meeting.organizer, *meeting.required)
        if any(self.used[person] + meeting.length > LIMIT for person in needed):
            return False
        meeting.people = [
            person for person in meeting.people if person in needed or not self.full(person, meeting.length)
        ]
        for weekday in days or self._days():
            if any(self.out[weekday][person] for person in meeting.required) or self.out[weekday][meeting.organizer]:
                continue
            slot = self._slot(weekday, meeting)
            if slot is not None:
                self._leave_out(meeting, weekday)
                self.book(meeting, weekday, slot)
                return True
        return False

    def survives(self, meeting: Meeting, cancelled: float) -> bool:
        """What still happens to a planned meeting: cancelled or moved within the week; False when deleted outright."""
        meeting.cancelled = self.dice.chance(cancelled)
        if meeting.cancelled:
            return self.dice.chance(0.5)
        if self.dice.chance(0.05):
            meeting.planned = (self.week * DAYS + self.dice.between(0, DAYS - 1), self.some_slot(meeting.length))
        return True

    def some_slot(self, length: int) -> int:
        """Any usual moment to start, whoever is busy."""
        return 2 * self.dice.between(1, (QUARTERS - length) // 2 - 1)

    def _days(self) -> list[int]:
        left = list(range(DAYS))
        order = []
        while left:
            roll = self.dice.roll() * sum(DAY_WEIGHTS[day] for day in left)
            for day in left:
                roll -= DAY_WEIGHTS[day]
                if roll < 0:
                    break
            left.remove(day)
            order.append(day)
        return order

    def _slot(self, weekday: int, meeting: Meeting) -> int | None:
        taken = 0
        out, busy = self.out[weekday], self.busy[weekday]
        for person in meeting.people:
            if not out[person]:
                taken |= busy[person]
        fits = room_for(meeting.length, taken)
        allowed = _QUARTERS if meeting.length == 1 or self.dice.chance(0.12) else _HALF_HOURS
        if meeting.purpose == "lunch":
            allowed = _NOON
        elif weekday in (2, 4) and self.dice.chance(0.7):
            allowed &= _MORNING
        return one_of(fits & allowed, int(self.dice.roll() * QUARTERS))

    def _leave_out(self, meeting: Meeting, weekday: int) -> None:
        out = self.out[weekday]
        meeting.people = [person for person in meeting.people if not out[person] or self.dice.chance(0.2)]


def room_for(length: int, taken: int) -> int:
    """The starts, as bits, from which `length` quarters in a row are free.

    >>> room_for(QUARTERS - 1, 0)
    3
    """
    free = ~taken & WHOLE_DAY
    fits = free
    for _ in range(length - 1):
        free >>= 1
        fits &= free
    return fits


def one_of(bits: int, turn: int) -> int | None:
    """The first set bit at or after `turn`, else the lowest; none when no bit is set.

    >>> one_of(0b10010, 2), one_of(0b10010, 5), one_of(0, 1)
    (4, 1, None)
    """
    later = bits >> turn
    if later:
        return turn + (later & -later).bit_length() - 1
    return (bits & -bits).bit_length() - 1 if bits else None
