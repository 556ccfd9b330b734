"""Meetings as columns of numbers, with the people in them; one part for each kind, put together at the end."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from simulation.days import SLOTS
from store.schema import LABELS

if TYPE_CHECKING:
    from simulation.days import Days

DESIGN, COORDINATION, ESCALATION, INCIDENT, OTHER = range(len(LABELS))
NONE = -1
MEETING, FOCUS, AWAY = range(3)
HELD, CANCELLED, VANISHED = range(3)


@dataclass
class Meetings:
    """One entry a meeting: day, slot (half hours after 8:30), length in half hours, and what it is.

    `title` points into a list of titles. `moved_from` is the day it first stood on, `moved_on` the day on which it was
    moved or cancelled (-1 = never); `lead` is days between making it and its first day.
    """

    day: np.ndarray
    slot: np.ndarray
    half_hours: np.ndarray
    label: np.ndarray
    line: np.ndarray
    title: np.ndarray
    series: np.ndarray
    topic: np.ndarray
    stage: np.ndarray
    organizer: np.ndarray
    lead: np.ndarray
    state: np.ndarray
    moved_from: np.ndarray
    moved_on: np.ndarray
    kind: np.ndarray
    known: np.ndarray
    """Whether the calendar has it: stand-ups are held long before they are entered."""

    @classmethod
    def of(cls, size: int, **given: object) -> Meetings:
        """Meetings with some columns given, whole or as one value for all."""
        usual: dict[str, object] = dict.fromkeys(
            ("series", "topic", "stage", "organizer", "moved_from", "moved_on"), NONE
        )
        usual |= {"line": False, "state": HELD, "kind": MEETING, "lead": 7, "known": True, "title": 0}
        values = usual | given
        return cls(**{each.name: _column(values[each.name], size) for each in fields(cls)})

    def __len__(self) -> int:
        return len(self.day)

    def take(self, which: np.ndarray) -> Meetings:
        """Some of the meetings, by mask or by number."""
        return Meetings(**{each.name: getattr(self, each.name)[which] for each in fields(self)})


@dataclass
class Guests:
    """One entry a meeting and person invited; `there` is whether the person really came."""

    meeting: np.ndarray
    person: np.ndarray
    there: np.ndarray
    away: np.ndarray

    def take(self, which: np.ndarray) -> Guests:
        """Some of the entries."""
        return Guests(**{each.name: getattr(self, each.name)[which] for each in fields(self)})


@dataclass
class Part:
    """Meetings with their guests, numbered within the part."""

    meetings: Meetings
    guests: Guests

    def only(self, kept: np.ndarray) -> Part:
        """The part with some of its meetings."""
        number = np.cumsum(kept) - 1
        guests = self.guests.take(kept[self.guests.meeting])
        guests.meeting = number[guests.meeting]
        return Part(self.meetings.take(kept), guests)


def together(parts: list[Part]) -> Part:
    """Several parts as one."""
    offsets = np.cumsum([0] + [len(part.meetings) for part in parts])
    meetings = Meetings(
        **{
            each.name: np.concatenate([getattr(part.meetings, each.name) for part in parts])
            for each in fields(Meetings)
        }
    )
    guests = Guests(
        **{each.name: np.concatenate([getattr(part.guests, each.name) for part in parts]) for each in fields(Guests)}
    )
    guests.meeting = np.concatenate(
        [part.guests.meeting + offset for part, offset in zip(parts, offsets, strict=False)]
    )
    return Part(meetings, guests)


def _column(value: object, size: int) -> np.ndarray:
    array = np.asarray(value)
    if array.dtype.kind in "iu":
        array = array.astype(np.int64)
    return np.broadcast_to(array, size).copy()


def expanded(counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each entry its number repeated `counts` times, and the rank within its own repetitions."""
    owner = np.repeat(np.arange(len(counts)), counts)
    starts = np.cumsum(counts) - counts
    return owner, np.arange(len(owner)) - starts[owner]


class Diary:
    """Which half hours of which days are taken, for finding times at which nobody sits in two rooms."""

    def __init__(self, people: int, days: int) -> None:
        self.days = days
        self.taken = np.zeros(people * days * SLOTS, dtype=np.int8)

    def enter(self, part: Part, which: np.ndarray, step: int = 1) -> None:
        """Write the marked meetings in (step 1) or wipe them out (step -1)."""
        for cells, _ in self._cells(part, which):
            np.add.at(self.taken, cells, np.int8(step))

    def clashing(self, part: Part, which: np.ndarray) -> np.ndarray:
        """Which of the marked meetings, already entered, share a half hour with another of the same person."""
        found = np.zeros(len(part.meetings), dtype=bool)
        for cells, meeting in self._cells(part, which):
            found[meeting[self.taken[cells] > 1]] = True
        return found

    def _cells(self, part: Part, which: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
        rows = which[part.guests.meeting] & part.guests.there
        meeting, person = part.guests.meeting[rows], part.guests.person[rows]
        cells = (person * self.days + part.meetings.day[meeting]) * SLOTS + part.meetings.slot[meeting]
        half_hours = part.meetings.half_hours[meeting]
        found = []
        for half_hour in range(int(half_hours.max(initial=0))):
            long = half_hours > half_hour
            found.append((cells[long] + half_hour, meeting[long]))
        return found


def without_clashes(part: Part, diary: Diary, days: Days, chance: np.random.Generator, rounds: int = 10) -> None:
    """Enter meetings at their times; those that clash look for another time, most within the same week."""
    meetings = part.meetings
    moving = np.ones(len(meetings), dtype=bool)
    diary.enter(part, moving)
    for turn in range(rounds):
        clash = diary.clashing(part, moving)
        # Two that clash must not both hop on for ever.
        moving = clash & (chance.random(len(clash)) < 0.7)
        if not moving.any() or turn == rounds - 1:
            return
        diary.enter(part, moving, -1)
        which = np.flatnonzero(moving)
        meetings.slot[which] = random_slot(meetings.half_hours[which], chance)
        if turn >= 2:
            day = meetings.day[which] - meetings.day[which] % 7 + chance.integers(0, 5, len(which))
            meetings.day[which] = np.where(days.working[day], day, meetings.day[which])
        diary.enter(part, moving)
        moving = moving | clash


def random_slot(half_hours: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """A start within the working day, on the whole hour more often than on the half."""
    slot = (chance.random(len(half_hours)) * (SLOTS + 1 - half_hours)).astype(int)
    odd = (slot % 2 == 0) & (chance.random(len(slot)) < 0.4) & (slot + 1 + half_hours <= SLOTS)
    return slot + odd
