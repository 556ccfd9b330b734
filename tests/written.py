"""Copies of occurrences written one by one, as a test wants them, and read back one by one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

import numpy as np

from connectors import copies as columns
from connectors.copies import Copies, EntryKind, Manner, ShowAs, Status
from connectors.guests import ANSWERS, NOBODY, ROLES, Answer, Guest, Guests, Numbered
from connectors.identity import instance_key, meeting_id
from store.frames import Batch


class Copy(NamedTuple):
    """One row of `Copies` with what belongs to it; `original` is None for a single meeting, a date on whole days.

    What is a group in one copy is one in all.
    """

    uid: str
    start: datetime
    end: datetime
    original: datetime | date | None = None
    all_day: bool = False
    title: str | None = None
    organizer: str | None = None
    own_response: Answer = "none"
    guests: tuple[Guest, ...] = ()
    groups: frozenset[str] = frozenset()
    all_guests: bool = True
    created: datetime | None = None
    updated: datetime | None = None
    sequence: int | None = None
    status: Status = "confirmed"
    private: bool = False
    show_as: ShowAs = "busy"
    kind: EntryKind = "meeting"
    online: bool | None = None

    @property
    def meeting_id(self) -> str:
        return meeting_id(self.uid, instance_key(self.original))


def copies_of(written: Iterable[Copy]) -> Copies:
    """The copies in columns."""
    given = list(written)
    people: Numbered[str] = Numbered()
    lines = [(people[who], ROLES.index(role), ANSWERS.index(said)) for each in given for who, role, said in each.guests]
    organizers = [NOBODY if each.organizer is None else people[each.organizer] for each in given]
    who, roles, answers = np.array(lines, dtype="int64").reshape(-1, 3).T
    sizes = np.array([len(each.guests) for each in given], dtype="int64")
    groups = {group for each in given for group in each.groups}
    return Copies(
        uids=[each.uid for each in given],
        starts=_times(each.start for each in given),
        ends=_times(each.end for each in given),
        originals=_times(each.original for each in given),
        on_days=np.array([_is_day(each.original) for each in given], dtype=bool),
        all_day=np.array([each.all_day for each in given], dtype=bool),
        titles=[each.title for each in given],
        created=_times(each.created for each in given),
        updated=_times(each.updated for each in given),
        sequences=[each.sequence for each in given],
        organizers=np.array(organizers, dtype="int64"),
        own_answers=np.array([ANSWERS.index(each.own_response) for each in given], dtype="int64"),
        guest_lists=np.arange(len(given)),
        all_guests=np.array([each.all_guests for each in given], dtype=bool),
        guests=Guests(list(people), sizes, who, roles, answers, groups),
        manner=np.arange(len(given)),
        manners=[Manner(*(getattr(each, name) for name in Manner._fields)) for each in given],
    )


def batch_of(
    written: Iterable[Copy], owner: str, source: str, home: str, aliases: Mapping[str, str] | None = None
) -> Batch:
    """Rows of copies written one by one."""
    return columns.batch_of(copies_of(written), owner, source, home, aliases)


def read_back(copies: Copies) -> list[Copy]:
    """The copies one by one; a plain list tells better than columns where two differ."""
    return [_copy(copies, row) for row in range(len(copies))]


def _copy(copies: Copies, row: int) -> Copy:
    was: Any = copies.originals[row].item()
    lists, people = copies.guests, copies.guests.people
    lines = np.flatnonzero(lists.of == copies.guest_lists[row])
    guests = tuple(
        Guest(people[who], ROLES[role], ANSWERS[answer])
        for who, role, answer in zip(lists.who[lines], lists.roles[lines], lists.answers[lines], strict=True)
    )
    leader = copies.organizers[row]
    organizer = None if leader == NOBODY else people[leader]
    return Copy(
        copies.uids[row],
        copies.starts[row].item(),
        copies.ends[row].item(),
        was.date() if copies.on_days[row] else was,
        bool(copies.all_day[row]),
        copies.titles[row],
        created=copies.created[row].item(),
        updated=copies.updated[row].item(),
        sequence=copies.sequences[row],
        organizer=organizer,
        own_response=ANSWERS[copies.own_answers[row]],
        guests=guests,
        groups=frozenset({organizer, *(each.address for each in guests)}) & lists.groups,
        all_guests=bool(copies.all_guests[row]),
        **copies.manners[copies.manner[row]]._asdict(),
    )


def _times(given: Iterable[date | None]) -> Any:
    return np.array(list(given), dtype="datetime64[us]")


def _is_day(original: date | None) -> bool:
    return original is not None and not isinstance(original, datetime)
