"""Labels for every meeting of a store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from classify.meetings import label_meetings
from classify.persist import load
from store.database import Change, writing

if TYPE_CHECKING:
    from pathlib import Path


def label_store(store: Path) -> Change:
    """Classify all meetings of a store with the current model and write what changed."""
    with writing(store) as writer:
        return writer.replace("labels", label_meetings(writer.tables(), load()))
