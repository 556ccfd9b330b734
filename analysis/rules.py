"""What counts as load, and for how much: every choice in one place, open to inspection and change."""

from __future__ import annotations

import zlib
from dataclasses import dataclass


@dataclass(frozen=True)
class Rules:
    """Settings of the measures.

    The attendance weights are the chance that somebody was there, by their answer; declined is 0 and not a setting.
    `full_time_hours` is the contract week of Dutch government. A free block of `focus_minutes` or longer inside
    working hours is focus time; a shorter one is fragmented time.
    """

    organizer: float = 0.98
    accepted: float = 0.95
    unanswered: float = 0.85
    tentative: float = 0.85
    full_time_hours: float = 36.0
    focus_minutes: int = 120
    day_start_minute: int = 9 * 60
    day_end_minute: int = 17 * 60
    country: str = "NL"
    longest_meeting_minutes: int = 24 * 60

    @property
    def day_hours(self) -> float:
        """Working hours in one full day by the clock."""
        return (self.day_end_minute - self.day_start_minute) / 60

    @property
    def mark(self) -> str:
        """A short text that other settings do not have, for the names of tables worked out by these."""
        return f"{zlib.crc32(repr(self).encode()):08x}"


DEFAULT = Rules()
