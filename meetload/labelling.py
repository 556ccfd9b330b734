"""Labels for every meeting of a store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from classify.meetings import label_meetings
from classify.persist import load
from store.database import Change, writing

if TYPE_CHECKING:
    from pathlib import Path

SCANNED = "scanned"
"""The setting of a store whose titles were dropped while it was pulled."""


def label_store(store: Path) -> Change:
    """Classify all meetings of a store with the current model and write what changed.

    Meetings whose text was dropped by a scan keep the label they got while it was in memory.
    """
    with writing(store) as writer:
        fresh, known = label_meetings(writer.tables(), load()), writer.frame("labels")
        if writer.setting(SCANNED) != "yes":
            return writer.replace("labels", fresh)
        meetings = writer.frame("meetings")
        textless = meetings.loc[meetings["title"].isna() & ~meetings["is_private"].fillna(value=False), "meeting_id"]
        kept = known[known["meeting_id"].isin(textless) & known["model_version"].notna()]
        said = fresh["decided_by"] == "person"
        again = fresh[said | ~fresh["meeting_id"].isin(kept["meeting_id"])]
        kept = kept[~kept["meeting_id"].isin(again["meeting_id"])]
        return writer.replace("labels", pd.concat([again, kept], ignore_index=True))
