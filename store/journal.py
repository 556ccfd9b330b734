"""Who did what, in a chain: every row's digest covers its own words and the digest of the row before it.

    row 1   digest = sha256("" + row 1)
    row 2   digest = sha256(digest 1 + row 2)

Changing, removing or inserting a row breaks every digest after it. No row holds a title.
"""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from datetime import datetime

    from store.database import Writer

FIRST = ""


def append(writer: Writer, actor: str, action: str, scope: str, now: datetime) -> str:
    """Add one row to the journal; its digest. A clock that stands still or runs back is moved on a microsecond."""
    rows = writer.frame("journal").sort_values("at", ignore_index=True)
    previous = FIRST if rows.empty else str(rows["digest"].iloc[-1])
    if len(rows):
        now = max(now, rows["at"].iloc[-1].to_pydatetime() + timedelta(microseconds=1))
    row = {"at": now, "actor": actor, "action": action, "scope": scope}
    digest = digest_of(previous, row)
    writer.upsert("journal", pd.DataFrame([row | {"digest": digest}]))
    return digest


def digest_of(previous: str, row: dict[str, object]) -> str:
    """What a row's digest must be, after the digest of the row before it.

    >>> from datetime import datetime
    >>> row = {"at": datetime(2026, 11, 22), "actor": "ann", "action": "accept", "scope": "model 2"}
    >>> digest_of("", row) == digest_of("", dict(row)) != digest_of("", row | {"scope": "model 3"})
    True
    """
    at = pd.Timestamp(str(row["at"])).isoformat(timespec="microseconds")
    text = json.dumps([previous, at, row["actor"], row["action"], row["scope"]], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def broken(journal: pd.DataFrame) -> int | None:
    """The place of the first row, by time, whose digest does not follow from the rows before it; None where all do."""
    previous = FIRST
    rows = journal.sort_values("at", ignore_index=True)
    for place, row in enumerate(rows.to_dict("records")):
        if row["digest"] != digest_of(previous, {str(name): value for name, value in row.items()}):
            return place
        previous = str(row["digest"])
    return None
