"""Meetings moved or cancelled that stood on a day away, against what is usual that week and for these people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.dependence.gathering import GUESSED_DAYS

if TYPE_CHECKING:
    from analysis.dependence.gathering import Gathered
    from analysis.dependence.weights import Weights

BOUNDS = (0.08, 0.50)
PRIOR_MEETINGS = 10.0
PRIOR_DISRUPTED = 2.0


@dataclass(frozen=True)
class Planned:
    """What each invitation (not by oneself) says if its person is away: person, day, part of it, surprise, log-odds.

    A moved meeting of unknown origin is spread over the days on which it may have stood; `part` adds up to one.
    """

    person: np.ndarray
    day: np.ndarray
    part: np.ndarray
    disrupted: np.ndarray
    usual: np.ndarray
    odds: np.ndarray

    def grid(self, values: np.ndarray, people: slice, days: int) -> np.ndarray:
        """Values of invitations added up by person and day."""
        mine = (self.person >= people.start) & (self.person < people.stop)
        cell = (self.person[mine] - people.start) * days + self.day[mine]
        size = (people.stop - people.start) * days
        found = np.bincount(cell, weights=(values * self.part)[mine], minlength=size)
        grid: np.ndarray = found.reshape(-1, days).astype(np.float32)
        return grid


def planned(rows: Gathered, present: np.ndarray, away: np.ndarray, weights: Weights) -> Planned:
    """Every invitation to an ad-hoc meeting of three or more by somebody else, on the days where it stood."""
    meetings = rows.meetings
    meeting, person = (rows.invited[name].to_numpy(dtype=np.int64) for name in ("meeting", "person"))
    others = meetings["organizer"].to_numpy()[meeting] != person
    meeting, person = meeting[others], person[others]
    which, day = _stood(meetings["first"].to_numpy()[meeting], meetings["last"].to_numpy()[meeting], rows)
    part = (1 / np.bincount(which, minlength=len(meeting)).clip(min=1))[which]
    meeting, person = meeting[which], person[which]
    disrupted = meetings["disrupted"].to_numpy(dtype=float)[meeting]
    usual = (_of_the_week(rows) * _of_the_organizer(rows))[meeting]
    here = part * present[person, day]
    usual = usual * _ratio(person, here * disrupted, here * usual, len(rows.people))[person]
    gone = part * away[person, day]
    usual = np.clip(np.where(gone > 0, usual * _pooled(gone * disrupted, gone * usual), usual), 0.0, BOUNDS[1])
    bounded = np.maximum(usual, BOUNDS[0])
    odds = np.where(disrupted > 0, np.log(weights.disrupted / bounded), np.log((1 - weights.disrupted) / (1 - bounded)))
    return Planned(person, day, part, disrupted, usual, odds)


def _of_the_week(rows: Gathered) -> np.ndarray:
    """How often the other meetings of the same week were moved or cancelled, drawn to the overall rate."""
    meetings = rows.meetings
    week = np.clip(meetings["first"].to_numpy(), 0, rows.day_count - 1) // 7
    large, disrupted = meetings["large"].to_numpy(dtype=float), meetings["disrupted"].to_numpy(dtype=float)
    weeks = rows.day_count // 7
    number = np.bincount(week, weights=large, minlength=weeks)
    found = np.bincount(week, weights=large * disrupted, minlength=weeks)
    overall = found.sum() / max(1.0, number.sum())
    others = found[week] - large * disrupted + PRIOR_MEETINGS * overall
    rate: np.ndarray = others / (number[week] - large + PRIOR_MEETINGS)
    return rate


def _of_the_organizer(rows: Gathered) -> np.ndarray:
    """How much more often than others whoever called a meeting moves or cancels; 1 for people not on the chart."""
    meetings = rows.meetings[rows.meetings["large"]]
    disrupted = meetings["disrupted"].to_numpy(dtype=float)
    overall = disrupted.mean() if len(disrupted) else 0.0
    called = (meetings["organizer"] >= 0).to_numpy()
    organizer = meetings["organizer"].to_numpy()[called]
    ratio = _ratio(organizer, disrupted[called], np.full(len(organizer), overall), len(rows.people))
    everybody = np.append(ratio, 1.0)
    found: np.ndarray = everybody[rows.meetings["organizer"].to_numpy()]
    return found


def _pooled(found: np.ndarray, expected: np.ndarray) -> float:
    """How much more often plans are disrupted for all who are away: who is known to be away is asked less often."""
    return float(np.clip((found.sum() + PRIOR_DISRUPTED) / (expected.sum() + PRIOR_DISRUPTED), 1.0, 2.0))


def _ratio(person: np.ndarray, found: np.ndarray, expected: np.ndarray, people: int) -> np.ndarray:
    """Found over expected by person, drawn to 1."""
    sums = [np.bincount(person, weights=each, minlength=people) + PRIOR_DISRUPTED for each in (found, expected)]
    ratio: np.ndarray = sums[0] / sums[1]
    return ratio


def _stood(first: np.ndarray, last: np.ndarray, rows: Gathered) -> tuple[np.ndarray, np.ndarray]:
    """Rows and the working days in the period on which they may have stood."""
    parts = []
    for step in range(GUESSED_DAYS):
        day = first + step
        inside = (day <= last) & (day >= 0) & (day < rows.day_count)
        inside &= rows.working[np.clip(day, 0, rows.day_count - 1)]
        parts.append((np.flatnonzero(inside), day[inside]))
    which, day = (np.concatenate([part[i] for part in parts]) for i in range(2))
    return which, day
