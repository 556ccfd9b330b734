"""One meeting out of all its copies: whose word counts for what.

The organiser's own mailbox speaks for the meeting; without it the copy with the longest guest list, then the first
mailbox by name. Each owner speaks for the own answer, and attends what is in the own calendar even where the list
forgot them. Nothing here depends on the order in which mailboxes were pulled.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from store.frames import Batch, tidy
from store.schema import ABSENCES, LABELLED, MEETINGS

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb
    import pandas as pd

_GIVEN = ", ".join(f'c."{name}"' for name in MEETINGS.given if name != "headcount")
_LABEL = ", ".join(f'label."{name}"' for name in LABELLED.names if name not in ("meeting_id", "decided_by"))

# The organiser's own copy first, then more guests, then the mailbox that comes first by source and name.
_RANK = """
    CREATE OR REPLACE TEMP TABLE ranked AS
    WITH places AS (SELECT number, source, row_number() OVER (ORDER BY source, mailbox) AS place FROM syncs)
    SELECT c.* REPLACE (places.source AS source), row_number() OVER (PARTITION BY meeting_id ORDER BY
        CASE WHEN owner = organizer_id THEN 0 ELSE 1 END, -coalesce(len(guests), 0), place) AS rank
    FROM copies AS c JOIN places ON number = c.mailbox
    WHERE {slices} = 1 OR hash(meeting_id) % {slices} = {slice}"""

_ATTENDANCE = """
    CREATE OR REPLACE TEMP TABLE settled_attendance AS
    WITH listed AS (
        SELECT meeting_id, guest.person_id, guest.role, guest.response, guest.hours
        FROM (SELECT meeting_id, unnest(guests) AS guest FROM ranked WHERE rank = 1)),
    own AS (
        SELECT meeting_id, owner AS person_id, arg_min(own.role, rank) AS role, min(own.hours) AS hours,
            arg_min(own.response, rank) FILTER (own.response <> 'none') AS response
        FROM ranked WHERE own IS NOT NULL GROUP BY meeting_id, owner),
    called AS (SELECT meeting_id, organizer_id FROM ranked WHERE rank = 1)
    SELECT meeting_id, person_id,
        coalesce(listed.role, CASE WHEN own.role = 'organizer' AND coalesce(organizer_id, person_id) <> person_id
            THEN 'required' ELSE own.role END) AS role,
        coalesce(own.response, listed.response, 'none') AS response,
        coalesce(listed.hours, own.hours) AS hours
    FROM listed FULL JOIN own USING (meeting_id, person_id) LEFT JOIN called USING (meeting_id)"""

# A known head count grows with owners whom the list forgot; an unknown one stays unknown.
_MEETINGS = f"""
    WITH humans AS (
        SELECT meeting_id, count(*) AS humans FROM settled_attendance WHERE role <> 'resource' GROUP BY meeting_id)
    SELECT {_GIVEN}, CASE WHEN c.headcount IS NOT NULL THEN greatest(c.headcount, coalesce(humans, 0)) END AS headcount
    FROM ranked AS c LEFT JOIN humans USING (meeting_id) WHERE rank = 1 ORDER BY meeting_id"""

# Steps are taken from the one mailbox that saw most of them: another may have seen two steps as one.
_MOVES = """
    WITH steps AS (
        SELECT meeting_id, old_start, new_start, mailbox, min(seen_at) AS seen_at FROM seen_moves
        WHERE meeting_id IN (SELECT meeting_id FROM ranked) GROUP BY ALL),
    counted AS (
        SELECT meeting_id, mailbox, count(*) AS n FROM steps GROUP BY ALL),
    best AS (
        SELECT meeting_id, arg_min(counted.mailbox, (-n, source, syncs.mailbox)) AS mailbox
        FROM counted JOIN syncs ON number = counted.mailbox GROUP BY meeting_id)
    SELECT meeting_id, min(every.seen_at) AS seen_at, old_start, new_start
    FROM steps JOIN best USING (meeting_id, mailbox)
    JOIN steps AS every USING (meeting_id, old_start, new_start)
    GROUP BY meeting_id, old_start, new_start ORDER BY ALL"""

_LABELS = f"""
    WITH labelled AS (
        SELECT meeting_id, arg_min(label, rank) AS label FROM ranked WHERE label IS NOT NULL GROUP BY meeting_id)
    SELECT meeting_id, {_LABEL}, 'model' AS decided_by FROM labelled ORDER BY meeting_id"""


@dataclass(frozen=True)
class Part:
    """Some meetings with everything that hangs on them, and their labels."""

    batch: Batch
    labels: pd.DataFrame


@dataclass(frozen=True)
class Settled:
    """What all mailboxes together say, part by part, and what none of them has any more."""

    cursor: duckdb.DuckDBPyConnection
    size: int
    coverage: dict[str, int]

    def parts(self) -> Iterator[Part]:
        """The meetings in slices that fit in memory; the first also has all absences."""
        copies = self._frame("SELECT count(*) AS n FROM copies")["n"].iloc[0]
        slices = max(1, -(-int(copies) // self.size))
        for number in range(slices):
            self.cursor.execute(_RANK.format(slices=slices, slice=number))
            self.cursor.execute(_ATTENDANCE)
            absences = "SELECT DISTINCT * EXCLUDE (mailbox) FROM copy_absences ORDER BY ALL"
            batch = Batch(
                meetings=self._frame(_MEETINGS),
                attendance=self._frame("FROM settled_attendance ORDER BY meeting_id, person_id"),
                moves=self._frame(_MOVES),
                absences=tidy(ABSENCES, self._frame(absences + (" LIMIT 0" if number else ""))),
            )
            yield Part(batch.tidied(), tidy(LABELLED, self._frame(_LABELS)))
        self.cursor.execute("DROP TABLE IF EXISTS ranked; DROP TABLE IF EXISTS settled_attendance")

    def gone(self) -> pd.DataFrame:
        """Meetings that no mailbox has any more, with the source that had them."""
        return self._frame("SELECT DISTINCT * FROM gone WHERE meeting_id NOT IN (SELECT meeting_id FROM copies)")

    def gone_absences(self) -> pd.DataFrame:
        """Absences that no mailbox has any more."""
        return self._frame(
            "SELECT DISTINCT * FROM gone_absences AS g "
            "WHERE NOT EXISTS (SELECT 1 FROM copy_absences AS a WHERE "
            'a.person_id = g.person_id AND a."start" = g."start" AND a."end" = g."end" AND a.kind = g.kind)'
        )

    def _frame(self, query: str) -> pd.DataFrame:
        return self.cursor.execute(query).df()
