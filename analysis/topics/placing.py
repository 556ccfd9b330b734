"""Meetings whose title names no subject, placed by the teams that met and what those teams met on around that day.

Naive Bayes over teams present and absent; a topic is the likelier the more of all meetings within three weeks were on
it, and a meeting on nothing known is always possible. Where no topic is likely enough a meeting stays without one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Indices = npt.NDArray[np.int64]

NEAR_WEEKS = 3
FEWEST_MEETINGS = 5
LIKELY = 0.4
NOTHING_KNOWN = 0.3
UNPLACED = -1
_PRIOR = 2.0
_QUIET = 0.02
_SLICE = 2000


@dataclass(frozen=True)
class Known:
    """Meetings of each topic by team and by week (both a row a topic), and how many it had."""

    by_team: sparse.csr_matrix
    by_week: sparse.csr_matrix
    meetings: Floats


def placed_by_teams(known: Known, teams: sparse.csr_matrix, weeks: Indices) -> Indices:
    """The row of each meeting's topic, or -1; `teams` has ones for the teams in each meeting.

    A meeting with one team only is not placed, since one team has many subjects.
    """
    found = np.full(teams.shape[0], UNPLACED)
    several = np.flatnonzero(np.asarray(teams.sum(axis=1)).ravel() >= 2)
    if not len(several) or not known.meetings.sum():
        return found
    odds = _Odds(known)
    for at in range(0, len(several), _SLICE):
        rows = several[at : at + _SLICE]
        found[rows] = odds.likeliest(teams[rows], weeks[rows])
    return found


class _Odds:
    """Log-odds of topics against the meetings of everybody.

    A team never seen on a topic is as likely there as a few meetings of everybody would make it (`prior`); only teams
    that were seen are stored.
    """

    def __init__(self, known: Known) -> None:
        base = np.asarray(known.by_team.sum(axis=0)).ravel() / known.meetings.sum()
        base = np.clip(base, 1e-6, 0.95)
        prior = _PRIOR / (known.meetings + _PRIOR)
        seen = known.by_team.tocoo()
        topic, team = seen.row, seen.col
        chance = np.clip((seen.data + _PRIOR * base[team]) / (known.meetings[topic] + _PRIOR), 1e-6, 0.98)
        size = len(known.meetings)
        unseen = base.sum() - np.bincount(topic, weights=base[team], minlength=size)
        # Nobody in the room: log(1 - chance) of every team; of those never seen about minus the chance itself.
        empty = np.bincount(topic, weights=np.log1p(-chance), minlength=size) - prior * unseen
        self._empty = empty - np.log1p(-base).sum()
        self._stranger, self._base = np.log(prior), base
        added = np.log(chance) - np.log1p(-chance) - np.log(prior[topic]) - np.log(base[team])
        self._added = sparse.csr_matrix((added, (team, topic)), shape=(len(base), size))
        self._enough = known.meetings >= FEWEST_MEETINGS
        self._active = _around(known.by_week)
        self._all_active = np.asarray(self._active.sum(axis=0)).ravel()

    def likeliest(self, teams: sparse.csr_matrix, weeks: Indices) -> Indices:
        """The likeliest topic of each meeting, -1 where it is not likely enough."""
        pairs = (teams @ self._added).tocoo()
        kept = self._enough[pairs.col]
        meeting, topic, odds = pairs.row[kept], pairs.col[kept], pairs.data[kept]
        size = np.asarray(teams.sum(axis=1)).ravel()
        common = np.asarray(teams @ np.log1p(-self._base)).ravel()
        odds = odds + self._empty[topic] + size[meeting] * self._stranger[topic] + common[meeting]
        met = np.asarray(self._active[topic, weeks[meeting]]).ravel()
        odds = odds + np.log((met + _QUIET) / (self._all_active[weeks[meeting]] + 1))
        return _best(meeting, topic, odds, teams.shape[0])


def _best(meeting: Indices, topic: Indices, odds: Floats, size: int) -> Indices:
    highest = np.full(size, np.log(NOTHING_KNOWN))
    np.maximum.at(highest, meeting, odds)
    chance = np.exp(odds - highest[meeting])
    whole = np.bincount(meeting, weights=chance, minlength=size) + NOTHING_KNOWN * np.exp(-highest)
    chance = np.round(chance / whole[meeting], 9)
    order = np.lexsort((topic, -chance, meeting))
    first = order[np.unique(meeting[order], return_index=True)[1]]
    first = first[chance[first] >= LIKELY]
    found = np.full(size, UNPLACED)
    found[meeting[first]] = topic[first]
    return found


def _around(by_week: sparse.csr_matrix) -> sparse.csr_matrix:
    """Meetings of each topic within three weeks of each week."""
    weeks = by_week.shape[1]
    reach = min(NEAR_WEEKS, weeks - 1)
    offsets = list(range(-reach, reach + 1))
    near = sparse.diags([np.ones(weeks - abs(offset)) for offset in offsets], offsets=offsets)
    return (by_week @ near).tocsr()
