"""A source whose mailboxes, people and meetings go under pseudonyms as soon as they are read.

Everything behind it (the queue, the copies, the store, what is printed) knows pseudonyms only; addresses stay in memory
here, for asking the source.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from connectors.columns import texts
from connectors.scan.outsiders import PREFIX, category
from store.errors import MeetloadError
from store.frames import DTYPES, Batch

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from connectors.contract import Pull, Source, Window
    from store.pseudonyms import Pseudonyms

_ACCEPTED = "accepted"


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
        rooms = self._rooms(batch.attendance)
        person, meeting = cache(self._person(rooms | owners)), cache(self.names.meeting)
        meetings, attendance = batch.meetings, batch.attendance
        if len(attendance):
            attendance = self._attendance(attendance, person, meeting)
        if len(meetings):
            meetings = _with(
                meetings,
                meeting_id=_each(meetings["meeting_id"], meeting),
                series_id=_each(meetings["series_id"], self.names.series),
                organizer_id=_each(meetings["organizer_id"], self._present(person)),
                headcount_external=_outside(meetings, batch.attendance, person),
            )
        absences, moves = batch.absences, batch.moves
        if len(absences):
            absences = absences.assign(person_id=_each(absences["person_id"], self.names.person))
        if len(moves):
            moves = moves.assign(meeting_id=_each(moves["meeting_id"], meeting))
        return Batch(
            people=batch.people.iloc[:0],
            aliases=batch.aliases.iloc[:0],
            meetings=meetings,
            attendance=attendance,
            absences=absences,
            moves=moves,
            labels=batch.labels.iloc[:0],
        )

    def _rooms(self, attendance: pd.DataFrame) -> set[str]:
        if attendance.empty:
            return set()
        rooms = attendance.loc[attendance["role"] == "resource", "person_id"].unique()
        return {self.names.person(str(each)) for each in rooms}

    def _person(self, also: Collection[str]) -> Callable[[str], str]:
        """Who an address is in the scan: somebody on the chart, a room, the owner; else a category."""

        def named(address: str) -> str:
            pseudonym = self.names.person(address)
            return pseudonym if pseudonym in self.known or pseudonym in also else category(address)

        return named

    def _present(self, person: Callable[[str], str]) -> Callable[[str], str | None]:
        def named(address: str) -> str | None:
            found = person(address)
            return None if found in self.objecting else found

        return named

    def _attendance(
        self, rows: pd.DataFrame, person: Callable[[str], str], meeting: Callable[[str], str]
    ) -> pd.DataFrame:
        renamed = _with(
            rows,
            meeting_id=_each(rows["meeting_id"], meeting),
            person_id=_each(rows["person_id"], self._present(person)),
        )
        if self.objecting:
            renamed = renamed[renamed["person_id"].notna()].reset_index(drop=True)
        outside = renamed["person_id"].str.startswith(PREFIX).to_numpy(dtype=bool)
        if not outside.any():
            return renamed
        return pd.concat([renamed[~outside], _one_a_kind(renamed[outside])], ignore_index=True)


def _one_a_kind(rows: pd.DataFrame) -> pd.DataFrame:
    """Several outsiders of a kind in a meeting as one row; where one of them accepted, that is what it says."""
    order = np.argsort((rows["response"] == _ACCEPTED).to_numpy(), kind="stable")
    return rows.iloc[order].drop_duplicates(["meeting_id", "person_id"], keep="last")


def _with(frame: pd.DataFrame, **columns: pd.Series) -> pd.DataFrame:
    """The frame with other columns in place of its own; unlike `assign` it copies none."""
    return pd.DataFrame({name: columns.get(name, frame[name]) for name in frame}, copy=False)


def _each(column: pd.Series, name: Callable[[str], str | None]) -> pd.Series:
    """A column of texts with every value renamed once; what is missing stays missing."""
    known, codes = _numbered(column)
    fresh = texts([name(each) for each in known.to_pylist()])
    return pd.Series(pd.array(fresh.take(codes), dtype=DTYPES["text"]), index=column.index)


def _numbered(column: pd.Series) -> tuple[pa.Array, pa.Array]:
    """The different texts of a column, and for every row the place of its own among them."""
    encoded = _written(column).dictionary_encode()
    return encoded.dictionary, encoded.indices


def _written(column: pd.Series) -> pa.LargeStringArray:
    written = pa.array(column, pa.large_string(), from_pandas=True)
    return written.combine_chunks() if isinstance(written, pa.ChunkedArray) else written


def _outside(meetings: pd.DataFrame, attendance: pd.DataFrame, person: Callable[[str], str]) -> pd.Series:
    """How many people from outside are on each list; unknown where the list is."""
    known, codes = _numbered(attendance["person_id"])
    is_outside = np.array([person(each).startswith(PREFIX) for each in known.to_pylist()], dtype=bool)
    outside = is_outside[codes.to_numpy()] & (attendance["role"] != "resource").to_numpy(dtype=bool)
    listed, places = _numbered(attendance["meeting_id"])
    # One place more, for meetings that nobody attends.
    counts = np.bincount(places.to_numpy()[outside], minlength=len(listed) + 1)
    at = pc.fill_null(pc.index_in(_written(meetings["meeting_id"]), value_set=listed), len(listed))
    found = pd.Series(counts[at.to_numpy()], index=meetings.index, dtype=DTYPES["integer"])
    return found.mask(meetings["headcount"].isna().to_numpy())
