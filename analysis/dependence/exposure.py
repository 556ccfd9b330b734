"""Who carries which topic, and how busy days were for everybody: what an absence is held against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from analysis.dependence.absences import HERE

if TYPE_CHECKING:
    from analysis.dependence.gathering import Gathered
    from analysis.dependence.weights import Weights

PRIOR_MEETINGS = 10.0
FEWEST_ATTENDED = 2
PAIRS_AT_ONCE = 4_000


@dataclass(frozen=True)
class Carried:
    """Pairs of a person and a topic: share of its held meetings attended while present, and how many that were."""

    person: np.ndarray
    topic: np.ndarray
    share: np.ndarray
    attended: np.ndarray
    chances: np.ndarray
    rate: np.ndarray


def busyness(rows: Gathered) -> np.ndarray:
    """How many ad-hoc meetings were held on each day against an average working day; 0 on weekends.

    Few meetings say little about one day, so that it is drawn towards its week and weekday.
    """
    meetings = rows.meetings
    held = meetings["held"] & meetings["large"]
    counts = np.bincount(meetings.loc[held, "day"], minlength=rows.day_count).astype(float)
    counts[~rows.working] = 0.0
    mean = counts[rows.working].mean() if rows.working.any() else 0.0
    if mean == 0:
        return counts
    weeks = counts.reshape(-1, 7)
    by_week = weeks.sum(axis=1) / (5 * mean)
    by_weekday = weeks.mean(axis=0) / mean
    usual = np.outer(by_week, by_weekday).ravel()
    return (counts + PRIOR_MEETINGS * usual) / (mean + PRIOR_MEETINGS)


def topic_days(rows: Gathered, which: np.ndarray) -> sparse.csr_array:
    """Meetings by topic and day."""
    chosen = rows.meetings[which & (rows.meetings["topic"] >= 0).to_numpy()]
    ones = np.ones(len(chosen), dtype=np.float32)
    place = (chosen["topic"].to_numpy(), chosen["day"].to_numpy())
    return sparse.coo_array((ones, place), shape=(len(rows.topics), rows.day_count)).tocsr()


def carried(rows: Gathered, calendar: np.ndarray, weights: Weights) -> Carried:
    """Pairs in which a person came to more than a quarter of what a topic held while that person was at work.

    Meetings that the person called are left out on both sides: they lapse without their caller.
    """
    meetings, invited = rows.meetings, rows.invited
    counted = (meetings["held"] & (meetings["topic"] >= 0)).to_numpy()
    meeting, person = invited["meeting"].to_numpy(np.int64), invited["person"].to_numpy(np.int64)
    came = counted[meeting] & invited["there"].to_numpy()
    came &= meetings["organizer"].to_numpy()[meeting] != person
    meeting, person = meeting[came], person[came]
    here = calendar[person, meetings["day"].to_numpy()[meeting]] == HERE
    keys, attended = np.unique(
        person[here] * np.int64(max(1, len(rows.topics))) + meetings["topic"].to_numpy()[meeting[here]],
        return_counts=True,
    )
    often = attended >= FEWEST_ATTENDED
    keys, attended = keys[often], attended[often]
    person, topic = np.divmod(keys, max(1, len(rows.topics)))
    chances = _chances(rows, calendar, person, topic, counted)
    chances = np.maximum(chances, attended)
    share = (attended + 0.5) / (chances + weights.shrink)
    weeks_here = np.maximum(1.0, ((calendar == HERE) & rows.active & rows.working).sum(axis=1) / 5)
    kept = share > weights.carried
    rate = chances / weeks_here[person]
    return Carried(*(each[kept] for each in (person, topic, share, attended, chances, rate)))


def _chances(
    rows: Gathered, calendar: np.ndarray, person: np.ndarray, topic: np.ndarray, counted: np.ndarray
) -> np.ndarray:
    """Held meetings of each pair's topic, called by others, on days when the person was at work.

    Day by day and not meeting by meeting: a subject of the whole house has thousands of meetings and of people.
    """
    held = topic_days(rows, counted).toarray()
    there = ((calendar == HERE) & rows.active).astype(np.float32)
    found = np.empty(len(person))
    for low in range(0, len(person), PAIRS_AT_ONCE):
        part = slice(low, low + PAIRS_AT_ONCE)
        found[part] = np.einsum("ij,ij->i", held[topic[part]], there[person[part]])
    chances: np.ndarray = found.astype(np.int64) - _called(rows, there, person, topic, counted)
    return chances


def _called(
    rows: Gathered, there: np.ndarray, person: np.ndarray, topic: np.ndarray, counted: np.ndarray
) -> np.ndarray:
    """How many of those meetings each person called."""
    called = rows.meetings[counted & (rows.meetings["organizer"] >= 0)]
    called = called[there[called["organizer"], called["day"]] > 0]
    size = max(1, len(rows.topics))
    keys, counts = np.unique(called["organizer"] * np.int64(size) + called["topic"], return_counts=True)
    wanted = person * np.int64(size) + topic
    at = np.searchsorted(keys, wanted)
    known = at < len(keys)
    known[known] = keys[at[known]] == wanted[known]
    own = np.zeros(len(wanted), dtype=np.int64)
    own[known] = counts[at[known]]
    return own
