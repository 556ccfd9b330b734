"""Who did what, in a chain that shows every change: see `store.chain`.

The journal only grows. It is written by whoever changes the store, together with the change (`store.database.writing`).
No row holds a title, a name or a person_id: people of the store stand in it by pseudonym (`store.subjects`).
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pandas as pd

from store.chain import FIRST, Fault, Link, digest_of, faults
from store.subjects import actor_of, own_ref

if TYPE_CHECKING:
    from datetime import datetime

    from store.subjects import Readable, Subject
    from store.writer import Writer

HEAD = "journal_head"
DROPPED = "drop old journal rows"
REWRITTEN = "take a name out of the journal"


def append(writer: Writer, actor: str, action: str, scope: str, now: datetime) -> str:
    """Add one row to the journal; its digest. A clock that stands still or runs back is moved on a microsecond."""
    actor = actor_of(writer, actor)
    rows = in_order(writer.frame("journal"))
    previous = FIRST if rows.empty else str(rows["digest"].iloc[-1])
    if len(rows):
        now = max(now, rows["at"].iloc[-1].to_pydatetime() + timedelta(microseconds=1))
    row = {"at": now, "actor": actor, "action": action, "scope": scope, "previous": previous}
    digest = _digest(row)
    writer.upsert("journal", pd.DataFrame([row | {"digest": digest}]))
    writer.set(HEAD, digest)
    return digest


def check(store: Readable) -> list[Fault]:
    """Everything that is wrong with a store's journal; empty where nothing is."""
    return faults(links(store.frame("journal")), store.setting(HEAD), _anchors(store.frame("journal")))


def broken(journal: pd.DataFrame) -> int | None:
    """The place (from 0) of the first row that does not follow from the rows before it; None where all do."""
    found = faults(links(journal), anchors=_anchors(journal))
    return found[0].place - 1 if found else None


def links(journal: pd.DataFrame) -> list[Link]:
    """The rows as a chain, by time."""
    return [_link({str(name): value for name, value in row.items()}) for row in in_order(journal).to_dict("records")]


def in_order(journal: pd.DataFrame) -> pd.DataFrame:
    """The rows as they were written."""
    return journal.sort_values("at", ignore_index=True)


def drop_before(writer: Writer, limit: datetime, actor: str, now: datetime) -> int:
    """Delete rows older than a moment, and say in the chain after which digest it begins now."""
    rows = in_order(writer.frame("journal"))
    old = rows[rows["at"] < limit]
    if old.empty:
        return 0
    # Said first: the chain goes on from its last row even where that one is dropped too.
    append(writer, actor, DROPPED, f"{len(old)} rows up to {old['digest'].iloc[-1]}", now)
    rows = writer.frame("journal")
    writer.replace("journal", rows[rows["at"] >= limit])
    return len(old)


def take_out(writer: Writer, subject: Subject, now: datetime) -> int:
    """Put a pseudonym wherever the journal names a person, and chain it anew; the last row says so.

    Rows written by this version never name anybody of the store; one may be named who came into the store later.
    """
    rows = in_order(writer.frame("journal"))
    named = own_ref(writer, subject.person_id)
    fresh = rows.copy()
    for column in ("actor", "scope"):
        fresh[column] = rows[column].str.replace(subject.pattern, lambda _: named, case=False, regex=True)
    changed = (fresh[["actor", "scope"]].fillna("") != rows[["actor", "scope"]].fillna("")).any(axis=1)
    if not changed.any():
        return 0
    before = str(rows["previous"].iloc[0])
    for place, row in enumerate(fresh.to_dict("records")):
        fresh.loc[place, "previous"] = before
        before = _digest({str(name): value for name, value in row.items()} | {"previous": before})
        fresh.loc[place, "digest"] = before
    writer.replace("journal", fresh)
    append(writer, named, REWRITTEN, f"{int(changed.sum())} rows; the last digest was {rows['digest'].iloc[-1]}", now)
    return int(changed.sum())


def _anchors(journal: pd.DataFrame) -> set[str]:
    said = journal.loc[journal["action"] == DROPPED, "scope"].dropna()
    return {str(scope).rsplit(" ", 1)[-1] for scope in said}


def _link(row: dict[str, object]) -> Link:
    name = f"{_moment(row)}, {row['action']}"
    return Link(name, _words(row), str(row["previous"]), str(row["digest"]))


def _digest(row: dict[str, object]) -> str:
    return digest_of(str(row["previous"]), _words(row))


def _words(row: dict[str, object]) -> tuple[str | None, ...]:
    return (_moment(row), str(row["actor"]), str(row["action"]), None if pd.isna(row["scope"]) else str(row["scope"]))


def _moment(row: dict[str, object]) -> str:
    return str(pd.Timestamp(str(row["at"])).isoformat(timespec="microseconds"))
