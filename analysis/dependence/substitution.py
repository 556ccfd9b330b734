"""Deputies: who appears on a topic only while its carrier is away, and who else carries it all along."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.dependence.absences import FREE_DAY, HERE

if TYPE_CHECKING:
    from analysis.dependence.exposure import Carried
    from analysis.dependence.gathering import Gathered

LEANS = 0.4
SELDOM, OFTEN, FEWEST = 0.2, 0.4, 2
ROWS_AT_ONCE = 4_000_000


@dataclass(frozen=True)
class Substitution:
    """Who takes over, by person.

    held: meetings on carried topics while away; replaced: those of them with a stand-in; standins: how many people
    stood in; others: how many others carry a topic as much (average of the carried topics).
    """

    held: np.ndarray
    replaced: np.ndarray
    standins: np.ndarray
    others: np.ndarray

    @property
    def share(self) -> np.ndarray:
        """Share of the meetings held while away in which somebody stood in; 0 where none was held."""
        share: np.ndarray = self.replaced / np.maximum(1, self.held)
        return share


def substitution(rows: Gathered, calendar: np.ndarray, pairs: Carried) -> Substitution:
    """Stand-ins of everybody who carries a topic.

    A stand-in is at less than 20 % of a topic's meetings while the carrier is there, and at 40 % or more (and at two or
    more) while the carrier is away.
    """
    people = len(rows.people)
    leaning = np.flatnonzero(pairs.share >= LEANS)
    held, replaced = np.zeros(people), np.zeros(people)
    seen: list[np.ndarray] = []
    topics = _Topics(rows)
    for part in topics.batches(pairs.topic[leaning]):
        which = leaning[part]
        found = _stood_in(topics, calendar, pairs.person[which], pairs.topic[which])
        np.add.at(held, found[0], 1)
        np.add.at(replaced, found[1], 1)
        seen.append(found[2])
    couples = np.unique(np.concatenate(seen)) if seen else np.zeros(0, dtype=np.int64)
    standins = np.bincount(couples // max(1, people), minlength=people)
    return Substitution(held, replaced, standins, _others(pairs, leaning, people, len(rows.topics)))


class _Topics:
    """Held meetings by topic and who was there by meeting, ready to be looked up."""

    def __init__(self, rows: Gathered) -> None:
        meetings, invited = rows.meetings, rows.invited
        topic = meetings["topic"].to_numpy()
        chosen = np.flatnonzero((meetings["held"] & (meetings["topic"] >= 0)).to_numpy())
        self.meeting = chosen[np.argsort(topic[chosen], kind="stable")]
        self.day = meetings["day"].to_numpy()
        self.size = np.bincount(topic[self.meeting], minlength=len(rows.topics))
        self.start = np.cumsum(self.size) - self.size
        there = invited[invited["there"]]
        self.person = there["person"].to_numpy(dtype=np.int64)
        self.heads = np.bincount(there["meeting"], minlength=len(meetings))
        self.first = np.cumsum(self.heads) - self.heads
        self.rows_of_topic = np.bincount(
            topic[self.meeting], weights=self.heads[self.meeting], minlength=len(rows.topics)
        )

    def batches(self, topic: np.ndarray) -> list[np.ndarray]:
        """Places of pairs, so many at a time that their attendances fit in memory."""
        if not len(topic):
            return []
        until = np.cumsum(self.rows_of_topic[topic])
        return [np.flatnonzero(until // ROWS_AT_ONCE == number) for number in range(int(until[-1] // ROWS_AT_ONCE) + 1)]


def _expanded(start: np.ndarray, count: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For ranges given by start and length: the number of the range, and each of its places."""
    which = np.repeat(np.arange(len(count)), count)
    return which, start[which] + np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)


def _stood_in(
    topics: _Topics, calendar: np.ndarray, person: np.ndarray, topic: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Persons of meetings held while they were away; those with a stand-in; couples of person and stand-in."""
    pair, place = _expanded(topics.start[topic], topics.size[topic])
    meeting = topics.meeting[place]
    code = calendar[person[pair], topics.day[meeting]]
    used = code != FREE_DAY
    pair, meeting, away = pair[used], meeting[used], code[used] != HERE
    present, gone = (np.bincount(pair[side], minlength=len(person)) for side in (~away, away))
    row, seat = _expanded(topics.first[meeting], topics.heads[meeting])
    other, size = topics.person[seat], np.int64(calendar.shape[0])
    key = pair[row] * size + other
    couples, number = np.unique(key, return_inverse=True)
    there = np.bincount(number, weights=~away[row], minlength=len(couples))
    instead = np.bincount(number, weights=away[row], minlength=len(couples))
    owner, guest = np.divmod(couples, size)
    standin = (
        (there < SELDOM * np.maximum(1, present[owner]))
        & (instead >= np.maximum(FEWEST, OFTEN * gone[owner]))
        & (guest != person[owner])
    )
    replaced = np.unique(row[standin[number] & away[row]])
    return person[pair[away]], person[pair[replaced]], person[owner[standin]] * size + guest[standin]


def _others(pairs: Carried, leaning: np.ndarray, people: int, topics: int) -> np.ndarray:
    topic, person = pairs.topic[leaning], pairs.person[leaning]
    carriers = np.bincount(topic, minlength=topics)
    total = np.bincount(person, weights=carriers[topic] - 1, minlength=people)
    others: np.ndarray = total / np.maximum(1, np.bincount(person, minlength=people))
    return others
