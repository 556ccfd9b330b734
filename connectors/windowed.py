"""Cutting what a source brought down to the window that was asked for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from connectors.contract import Window
    from store.frames import Batch


def clip(batch: Batch, window: Window) -> Batch:
    """Only meetings and absences that overlap the window, whole, with what hangs on them."""
    meetings = batch.meetings[window.overlaps(batch.meetings["start"], batch.meetings["end"])]
    absences = batch.absences[window.overlaps(batch.absences["start"], batch.absences["end"])]
    kept = set(meetings["meeting_id"])
    return replace(
        batch,
        meetings=meetings.reset_index(drop=True),
        attendance=_of(batch.attendance, kept),
        absences=absences.reset_index(drop=True),
        moves=_of(batch.moves, kept),
        labels=_of(batch.labels, kept),
    )


def _of(rows: pd.DataFrame, kept: set[str]) -> pd.DataFrame:
    return rows[rows["meeting_id"].isin(kept)].reset_index(drop=True)
