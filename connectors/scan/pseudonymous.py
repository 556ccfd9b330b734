"""A source whose mailboxes, people and meetings go under pseudonyms as soon as they are read.

Everything behind it (the queue, the copies, the store, what is printed) knows pseudonyms only; addresses stay in memory
here, for asking the source.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from connectors.columns import ready, taken, texts
from connectors.guests import Numbered
from connectors.scan.outsiders import PREFIX, category
from store.errors import MeetloadError
from store.frames import Batch

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from connectors.columns import Flags, Places
    from connectors.contract import Pull, Source, Window
    from store.pseudonyms import Pseudonyms

    _Name = Callable[[str], str]

_ACCEPTED, _ROOM = "accepted", "resource"


@dataclass
class PseudonymousSource:
    """Reads `source` by addresses and gives everything out by pseudonym.

    `known` are the pseudonyms of people on the chart; other guests become a category. Of `objecting` people no mailbox
    is read, and their place in others' guest lists is empty before anything is written; head counts stay.
    """

    source: Source
    names: Pseudonyms
    known: Collection[str]
    objecting: Collection[str] = ()
    _addresses: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The source's own word."""
        return self.source.name

    def mailboxes(self) -> Iterator[str]:
        """The mailboxes by pseudonym, without those of people who object."""
        for address in self.source.mailboxes():
            pseudonym = self.names.person(address)
            if pseudonym not in self.objecting:
                self._addresses[pseudonym] = address
                yield pseudonym

    def pull(self, mailbox: str, window: Window, token: str | None = None) -> Pull:
        """Pull a mailbox; an error names it by its pseudonym."""
        address = self._addresses[mailbox]
        try:
            pull = self.source.pull(address, window, token and self.names.opened(token))
        except MeetloadError as error:
            error.args = tuple(str(each).replace(address, mailbox) for each in error.args)
            raise
        return self._renamed(pull)

    def _renamed(self, pull: Pull) -> Pull:
        owner = pull.owner and self.names.person(pull.owner)
        return replace(
            pull,
            batch=self._batch(pull.batch, {owner} if owner else set()),
            problems=tuple(replace(problem, file=self.name) for problem in pull.problems),
            tombstones=tuple(map(self.names.meeting, pull.tombstones)),
            token=self.names.sealed(pull.token) if pull.token else None,
            owner=owner,
        )

    def _batch(self, batch: Batch, owners: set[str]) -> Batch:
        """The rows of meetings under pseudonyms; of people a source says nothing that the chart does not."""
        seats = _Seats.of(batch)
        person = cache(self._person(owners | self._rooms(seats)))
        ids = texts([self.names.meeting(each) for each in seats.meetings])
        return Batch(
            people=batch.people.iloc[:0],
            aliases=batch.aliases.iloc[:0],
            meetings=self._meetings(batch.meetings, seats, person, ids),
            attendance=self._attendance(batch.attendance, seats, person, ids),
            absences=_renamed(batch.absences, "person_id", self.names.person),
            moves=_renamed(batch.moves, "meeting_id", self.names.meeting),
            labels=batch.labels.iloc[:0],
        )

    def _rooms(self, seats: _Seats) -> set[str]:
        return {self.names.person(seats.people[each]) for each in np.unique(seats.who[seats.is_room]).tolist()}

    def _person(self, also: Collection[str]) -> _Name:
        """Who an address is in the scan: somebody on the chart, a room, the owner; else a category."""

        def named(address: str) -> str:
            pseudonym = self.names.person(address)
            return pseudonym if pseudonym in self.known or pseudonym in also else category(address)

        return named

    def _meetings(self, rows: pd.DataFrame, seats: _Seats, person: _Name, ids: pa.LargeStringArray) -> pd.DataFrame:
        if rows.empty:
            return rows

        def organizer(address: str) -> str | None:
            found = person(address)
            return None if found in self.objecting else found

        return rows.assign(
            meeting_id=taken(ids, seats.rows),
            series_id=_each(rows["series_id"], self.names.series),
            organizer_id=_each(rows["organizer_id"], organizer),
            headcount_external=_outsiders(rows, seats, person),
        )

    def _attendance(self, rows: pd.DataFrame, seats: _Seats, person: _Name, ids: pa.LargeStringArray) -> pd.DataFrame:
        """Seats of people who object are empty, and of outsiders each kind has one."""
        if rows.empty:
            return rows
        people: Numbered[str] = Numbered()
        who = np.array([people[person(each)] for each in seats.people], dtype="int64")[seats.who]
        objecting = np.array([each in self.objecting for each in people], dtype=bool)
        outside = np.array([each.startswith(PREFIX) for each in people], dtype=bool)
        spare = np.flatnonzero(outside[who])
        together = seats.meeting[spare] * len(people) + who[spare]
        wanted = ~objecting[who]
        wanted[spare] = _speaks_for_all(together, _is(rows["response"], _ACCEPTED)[spare])
        kept = np.flatnonzero(wanted)
        columns = {"meeting_id": taken(ids, seats.meeting[kept]), "person_id": taken(texts(list(people)), who[kept])}
        return pd.DataFrame(
            {name: columns[name] if name in columns else rows[name].array.take(kept) for name in rows}, copy=False
        )


class _Seats(NamedTuple):
    """Who is at which meeting, in numbers: places in `people` and `meetings`, which hold each once.

    `rows` says which meeting each row of the table of meetings is about.
    """

    people: list[str]
    who: Places
    is_room: Flags
    meetings: list[str]
    meeting: Places
    rows: Places

    @classmethod
    def of(cls, batch: Batch) -> _Seats:
        attendance = batch.attendance
        people, who = _numbered(_written(attendance, "person_id"))
        ids = [_written(frame, "meeting_id") for frame in (batch.meetings, attendance)]
        # Numbered together, for most of them stand in both.
        meetings, places = _numbered(pa.concat_arrays(ids))
        rows, meeting = np.split(places.to_numpy(), [len(batch.meetings)])
        is_room = np.zeros(0, dtype=bool) if attendance.empty else _is(attendance["role"], _ROOM)
        return cls(people.to_pylist(), who.to_numpy(), is_room, meetings.to_pylist(), meeting, rows)


def _speaks_for_all(together: Places, accepted: Flags) -> Flags:
    """One of all that go together: the last who accepted, else the last."""
    order = np.argsort(accepted, kind="stable")[::-1]
    _, first = np.unique(together[order], return_index=True)
    chosen = np.zeros(len(together), dtype=bool)
    chosen[order[first]] = True
    return chosen


def _outsiders(meetings: pd.DataFrame, seats: _Seats, person: _Name) -> Any:
    """How many people from outside are on each list; unknown where the list is."""
    outside = np.array([person(each).startswith(PREFIX) for each in seats.people], dtype=bool)
    counts = np.bincount(seats.meeting[outside[seats.who] & ~seats.is_room], minlength=len(seats.meetings))
    return pd.arrays.IntegerArray(counts[seats.rows], meetings["headcount"].isna().to_numpy())


def _renamed(frame: pd.DataFrame, column: str, name: _Name) -> pd.DataFrame:
    return frame if frame.empty else frame.assign(**{column: _each(frame[column], name)})


def _each(column: pd.Series, name: Callable[[str], str | None]) -> Any:
    """A column of texts with every value renamed once; what is missing stays missing."""
    known, places = _numbered(_in_arrow(column))
    return ready(texts([name(each) for each in known.to_pylist()]).take(places))


def _numbered(column: pa.LargeStringArray) -> tuple[pa.LargeStringArray, pa.Int32Array]:
    """The different texts of a column, and for every row the place of its own among them."""
    encoded = column.dictionary_encode()
    return encoded.dictionary, encoded.indices


def _written(frame: pd.DataFrame, column: str) -> pa.LargeStringArray:
    return texts([]) if frame.empty else _in_arrow(frame[column])


def _in_arrow(column: pd.Series) -> pa.LargeStringArray:
    written = pa.array(column, pa.large_string(), from_pandas=True)
    return written.combine_chunks() if isinstance(written, pa.ChunkedArray) else written


def _is(column: pd.Series, word: str) -> Flags:
    found: Flags = pc.equal(_in_arrow(column), word).to_numpy(zero_copy_only=False)
    return found
