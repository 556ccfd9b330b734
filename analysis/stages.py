"""Which stage a title says a meeting is: the next one on what was met about before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw

if TYPE_CHECKING:
    from store.tables import Lazy, Tables

# Written for every engine's regular expressions: no look-around.
FOLLOW_UP = (
    r"(?i)(^|[^a-z])(vervolg[a-z]*|follow[ -]?ups?|fu|nogmaals|opnieuw|again|weer|next steps|afspraken nalopen"
    r"|part ([2-9]|two|three)|deel ([2-9]|twee|drie)|continued)([^a-z]|$)"
)


def follow_ups(tables: Tables) -> Lazy:
    """The meetings whose title says that they take up an earlier one: meeting_id. Without titles there are none."""
    return tables.meetings.filter(nw.col("title").str.contains(FOLLOW_UP)).select("meeting_id")
