"""Grids of people and days: meetings of carried topics, and what is usual on a day.

An absence adds up the cells of its own days, a placebo absence those of a colleague's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from analysis.dependence.exposure import topic_days

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.dependence.exposure import Carried
    from analysis.dependence.gathering import Gathered
    from analysis.dependence.weights import Weights

PEOPLE_AT_ONCE = 2000


class Matters:
    """For people and days: counts of topic meetings, each weighted by what its pair says."""

    def __init__(self, rows: Gathered, pairs: Carried, which: np.ndarray) -> None:
        self.rows, self.pairs = rows, pairs
        self.held = topic_days(rows, which)
        self.own = self._own(which)

    def _own(self, which: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Meetings that a carrier called: pair, person, day. They are taken out again."""
        meetings, pairs, size = self.rows.meetings, self.pairs, max(1, len(self.rows.topics))
        chosen = meetings[which & (meetings["topic"] >= 0).to_numpy() & (meetings["organizer"] >= 0).to_numpy()]
        key = chosen["organizer"].to_numpy() * np.int64(size) + chosen["topic"].to_numpy()
        known = pairs.person * np.int64(size) + pairs.topic
        place = np.minimum(np.searchsorted(known, key), max(0, len(known) - 1))
        mine = known[place] == key if len(known) else np.zeros(len(key), dtype=bool)
        return place[mine], pairs.person[place[mine]], chosen["day"].to_numpy()[mine]

    def grid(self, worth: np.ndarray, people: slice) -> np.ndarray:
        """Sum over topics of worth (one a pair) times meetings held by others, for some people and all days."""
        size = (len(self.rows.people), len(self.rows.topics))
        table = sparse.csr_array((worth.astype(np.float32), (self.pairs.person, self.pairs.topic)), shape=size)
        cells: np.ndarray = (table[people] @ self.held).toarray()
        pair, person, day = self.own
        mine = (person >= people.start) & (person < people.stop)
        np.subtract.at(cells, (person[mine] - people.start, day[mine]), worth[pair[mine]].astype(np.float32))
        return cells


def slices(people: int) -> Iterator[slice]:
    """People a few thousand at a time."""
    for low in range(0, people, PEOPLE_AT_ONCE):
        yield slice(low, min(people, low + PEOPLE_AT_ONCE))


def usual(
    cells: np.ndarray, present: np.ndarray, busy: np.ndarray, weights: Weights, left_out_days: int = -1
) -> np.ndarray:
    """What to expect of a day: the rate of the weeks around it in which the person was present, times its busyness.

    `left_out_days` leaves out the day itself and as many on either side, as a real absence does.
    """
    exposed = present * busy[None, :].astype(np.float32)
    counted = cells * present
    overall = counted.sum(axis=1, keepdims=True) / np.maximum(1e-9, exposed.sum(axis=1, keepdims=True))
    number, days = (_around(grid, weights.window_days) - _around(grid, left_out_days) for grid in (counted, exposed))
    rate = (number + weights.window_prior_days * overall) / (days + weights.window_prior_days)
    expected: np.ndarray = rate * busy[None, :].astype(np.float32)
    return expected


def _around(grid: np.ndarray, window: int) -> np.ndarray:
    """Sums over as many days before and after each, and the day itself; nothing below zero."""
    if window < 0:
        return np.zeros_like(grid)
    totals = np.cumsum(np.pad(grid, ((0, 0), (1, 0))), axis=1, dtype=np.float64)
    days = grid.shape[1]
    low = np.maximum(0, np.arange(days) - window)
    high = np.minimum(days, np.arange(days) + window + 1)
    sums: np.ndarray = (totals[:, high] - totals[:, low]).astype(np.float32)
    return sums
