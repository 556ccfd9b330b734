"""Everything a store knows of one person, as one object: the right of access in a form that machines read too.

Of others it holds nothing: a meeting says how many were in it, not who.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw
import pandas as pd

from privacy import registry
from store import journal
from store.subjects import find, ref_in
from store.tables import to_pandas

if TYPE_CHECKING:
    from datetime import datetime

    from store.database import Store
    from store.pseudonyms import Pseudonyms
    from store.tables import Lazy

CONTRACT = 1
# Columns that are about others, or that only say where a row stands in the file.
_MEETING = (
    "meeting_id",
    "series_id",
    "title",
    "start",
    "end",
    "all_day",
    "created",
    "updated",
    "status",
    "is_private",
    "show_as",
    "kind",
    "headcount",
    "headcount_external",
    "online",
    "body",
    "source",
)


def own_data(store: Store, who: str, now: datetime, names: Pseudonyms | None = None) -> dict[str, Any]:
    """Every row about a person, named by id, address or full name; BadInput where there is no such person.

    In a scan `who` is a pseudonym of its `names`.
    """
    subject = find(store, who)
    tables, person = store.tables(), subject.person_id
    own = tables.attendance.filter(nw.col("person_id") == person)
    ids = own.select("meeting_id")
    meetings = tables.meetings.join(ids, on="meeting_id", how="semi")
    standing = registry.standing(store, person, now, names)
    return {
        "measure": "mydata",
        "contract": CONTRACT,
        "made": now.isoformat(timespec="seconds"),
        "person_id": person,
        "people": _rows(tables.people.filter(nw.col("person_id") == person)),
        "addresses": list(subject.addresses),
        "reports": len(to_pandas(tables.people.filter(nw.col("manager_id") == person).select("person_id").unique())),
        "meetings": _rows(
            meetings.select(*_MEETING, organized_by_me=(nw.col("organizer_id") == person).fill_null(value=False))
        ),
        "attendance": _rows(own.drop("person_id")),
        "labels": _rows(tables.labels.join(ids, on="meeting_id", how="semi")),
        "absences": _rows(tables.absences.filter(nw.col("person_id") == person).drop("person_id")),
        "corrections": _rows(tables.corrections.filter(nw.col("by").is_in(list(subject.words))).drop("by")),
        "decisions": _plain(registry.decisions(store, person, names)),
        "objects": standing.objects,
        "shared_until": standing.shared_until.isoformat() if standing.shared_until else None,
        "journal": _journal(store, person),
    }


def _journal(store: Store, person: str) -> list[dict[str, Any]]:
    rows, mine = journal.in_order(store.frame("journal")), ref_in(store, person)
    return _plain(rows[rows["actor"] == mine][["at", "action", "scope"]]) if mine else []


def _rows(rows: Lazy) -> list[dict[str, Any]]:
    frame = to_pandas(rows)
    keys = [name for name in ("start", "meeting_id") if name in frame]
    return _plain(frame.sort_values(keys) if keys else frame)


def _plain(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): _value(value) for name, value in row.items()} for row in frame.to_dict("records")]


def _value(value: Any) -> Any:
    if value is None or pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.isoformat()
    return value.item() if hasattr(value, "item") else value
