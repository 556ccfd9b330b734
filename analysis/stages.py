"""Which stage a title says a meeting is: the next one on what was met about before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw

from store.tables import only

if TYPE_CHECKING:
    from collections.abc import Collection

    from store.tables import Lazy, Tables

# Written for every engine's regular expressions: no look-around.
FOLLOW_UP = (
    r"(?i)(^|[^a-z])(vervolg[a-z]*|follow[ -]?ups?|fu|nogmaals|opnieuw|again|weer|next steps|afspraken nalopen"
    r"|part ([2-9]|two|three)|deel ([2-9]|twee|drie)|continued)([^a-z]|$)"
)


def follow_ups(tables: Tables, among: Collection[str] = ()) -> Lazy:
    """The meetings whose title says that they take up an earlier one: meeting_id. Without titles there are none.

    `among` are the meetings that are asked about; others may be in the answer as well.
    """
    return (
        only(tables.meetings, "meeting_id", among).filter(nw.col("title").str.contains(FOLLOW_UP)).select("meeting_id")
    )
