"""What a new chart means for what is known already: moves become new rows, nothing of the past is lost.

Rows of one person are half-open spans that do not overlap; an edge that is missing is open.

    known           |== Sales, Anna ========================...
    chart of day            | Support, Bob
    result          |======||== Support, Bob ===============...

A chart speaks about its day, so charts are to be merged in the order of their days. What a row of it says about its
own time (`valid_from`, `valid_to`) is taken over: a move that is dated later or earlier than the day opens its row at
that date, and somebody with several rows has the history that the chart gives from the first of them on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from store.frames import tidy
from store.schema import PEOPLE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from connectors.chart.chart import Chart

FACTS = ("department", "team", "manager_id", "level", "function")
_ABOUT = ("name", "email", "fte")
_EVER = pd.Timestamp.min


@dataclass(frozen=True)
class _Row:
    """One person for one span: the facts whose change is a move, and what is true of the person beside."""

    person_id: str
    begin: pd.Timestamp | None
    end: pd.Timestamp | None
    facts: tuple[Any, ...]
    about: tuple[Any, ...]

    @property
    def since(self) -> pd.Timestamp:
        return _EVER if self.begin is None else self.begin

    @property
    def says_nothing(self) -> bool:
        """Whether it only names the person, as the import of somebody's own calendar does."""
        return all(fact is None for fact in self.facts)

    def covers(self, day: pd.Timestamp) -> bool:
        return self.since <= day and (self.end is None or day < self.end)

    def learning(self, other: _Row) -> _Row:
        """The same span with another row's facts, and what that one knows beside."""
        about = tuple(own if new is None else new for own, new in zip(self.about, other.about, strict=True))
        return replace(self, facts=other.facts, about=about)


def merge_history(existing: pd.DataFrame, chart: Chart, day: date) -> pd.DataFrame:
    """The people table after a chart of that day: moved, joined, left, come back, or as they were.

    On the first chart there is, people have been where it says since ever; later, whoever is new joined that day.
    """
    today = pd.Timestamp(day)
    known, given = _by_person(existing), _by_person(chart.people)
    first = all(row.says_nothing for rows in known.values() for row in rows)
    merged = {person: _left(rows, today) for person, rows in known.items() if person not in given}
    for person, rows in given.items():
        before = known.get(person, [])
        merged[person] = _dated(before, rows) if len(rows) > 1 else _on_day(before, rows[0], today, first=first)
    return _frame(row for person in sorted(merged) for row in merged[person])


def _left(rows: list[_Row], day: pd.Timestamp) -> list[_Row]:
    """Somebody the chart no longer has; whoever never was in one stays."""
    closed = [replace(row, end=day) if row.covers(day) and not row.says_nothing else row for row in rows]
    return [row for row in closed if row.end is None or row.since < row.end]


def _dated(rows: list[_Row], given: list[_Row]) -> list[_Row]:
    """The history the chart gives, behind what is known of the time before it."""
    begin = given[0].begin
    before = [] if begin is None else [row for row in rows if row.since < begin and not row.says_nothing]
    cut = [replace(row, end=begin) if row.end is None or row.end > begin else row for row in before]
    return [*_settled(cut, given[0], []), *given[1:]]


def _on_day(rows: list[_Row], new: _Row, day: pd.Timestamp, *, first: bool) -> list[_Row]:
    """One row of the chart, which holds on its day unless it says something else."""
    if new.end is not None and new.end <= day:
        rows = _ended(rows, new.end, day)
        return rows or [_first_seen(new, day, first=first)]
    if not rows:
        return [_first_seen(new, day, first=first)]
    placed = _placed(rows, new, _moved_on(rows, new, day))
    if new.end is None:
        return placed
    last = placed[-1]
    return [*placed[:-1], replace(last, end=new.end) if last.since < new.end else last]


def _first_seen(new: _Row, day: pd.Timestamp, *, first: bool) -> _Row:
    begin = new.begin if new.begin is not None or first else day
    gone_by_then = begin is not None and new.end is not None and begin >= new.end
    return replace(new, begin=None if gone_by_then else begin)


def _moved_on(rows: list[_Row], new: _Row, day: pd.Timestamp) -> pd.Timestamp:
    """The day a move counts from: its own date where that is in the future or within what the move would end."""
    if new.begin is None or new.begin > day:
        return new.begin or day
    current = next((row for row in rows if row.covers(day)), None)
    if current is None:
        return new.begin if all(row.end is not None and row.end <= new.begin for row in rows) else day
    return new.begin if current.begin is not None and current.begin < new.begin else day


def _placed(rows: list[_Row], new: _Row, day: pd.Timestamp) -> list[_Row]:
    """The rows with the new facts from a day on, up to what is already known of later."""
    before = [row for row in rows if row.since <= day]
    after = rows[len(before) :]
    if not before or not before[-1].covers(day):
        return _settled(before, replace(new, begin=day, end=after[0].begin if after else None), after)
    current = before.pop()
    fresh = current.learning(new)
    if current.facts == new.facts:
        return [*before, fresh, *after]
    if current.says_nothing or current.begin == day:
        return _settled(before, fresh, after)
    return [*before, *_settled([replace(current, end=day)], replace(fresh, begin=day), after)]


def _ended(rows: list[_Row], end: pd.Timestamp, day: pd.Timestamp) -> list[_Row]:
    """Somebody of whom the chart says that they left before its day."""
    cut = [replace(row, end=end) if row.covers(end) else row for row in rows]
    return _left([row for row in cut if row.end is None or row.since < row.end], day)


def _settled(before: list[_Row], fresh: _Row, after: list[_Row]) -> list[_Row]:
    """A fresh row among its neighbours, one with those it continues: a move taken back the same day was none."""
    if before and before[-1].end == fresh.begin and before[-1].facts == fresh.facts:
        fresh = replace(before[-1].learning(fresh), end=fresh.end)
        before = before[:-1]
    if after and fresh.end == after[0].begin and after[0].facts == fresh.facts:
        fresh = replace(fresh, end=after[0].end)
        after = after[1:]
    return [*before, fresh, *after]


def _by_person(people: pd.DataFrame) -> dict[str, list[_Row]]:
    """The rows of everybody, oldest first."""
    names = ["person_id", "valid_from", "valid_to", *FACTS, *_ABOUT]
    frame = people.reindex(columns=names)
    plain = frame.astype(object).where(frame.notna(), None)
    rows: dict[str, list[_Row]] = {}
    for person, begin, end, *rest in plain.itertuples(index=False, name=None):
        row = _Row(str(person), begin, end, tuple(rest[: len(FACTS)]), tuple(rest[len(FACTS) :]))
        rows.setdefault(row.person_id, []).append(row)
    return {person: sorted(each, key=lambda row: row.since) for person, each in rows.items()}


def _frame(rows: Iterable[_Row]) -> pd.DataFrame:
    names = ["person_id", "valid_from", "valid_to", *FACTS, *_ABOUT]
    values = [(row.person_id, row.begin, row.end, *row.facts, *row.about) for row in rows]
    return tidy(PEOPLE, pd.DataFrame(values, columns=names, dtype=object))
