"""A person says what a meeting is for, or takes it back: kept for good, and in force for the whole series at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import narwhals as nw
import pandas as pd

from classify.meetings import label_meetings, only
from classify.versions import current
from store import journal
from store.corrections import standing
from store.database import writing
from store.errors import BadInput
from store.frames import empty
from store.schema import CORRECTIONS, LABELS, SCANNED
from store.tables import to_pandas

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from classify.model import Classifier
    from store.tables import Tables


@dataclass(frozen=True)
class Done:
    """What a correction or its withdrawal did: the label now, and for how many meetings of the series."""

    meeting_id: str
    label: str
    meetings: int


def correct(store: Path, meeting_id: str, label: str, by: str, now: datetime, note: str | None = None) -> Done:
    """Say what a meeting is for. It outranks the model for the meeting and its series from now on."""
    if label not in LABELS:
        raise BadInput(f"{label!r} is not a label; use {', '.join(LABELS)}")
    return _append(store, meeting_id, label, by, now, note)


def undo(store: Path, meeting_id: str, by: str, now: datetime) -> Done:
    """Take back what this person last said about a meeting; what stood before it stands again."""
    return _append(store, meeting_id, None, by, now, None)


def _append(store: Path, meeting_id: str, label: str | None, by: str, now: datetime, note: str | None) -> Done:
    if not by.strip():
        raise BadInput("a correction needs the name of whoever makes it")
    with writing(store) as writer:
        refuse_scanned(writer.setting(SCANNED), store)
        members = series_of(writer.tables(), meeting_id)
        tables, classifier = only(writer.tables(), members), current(store, writer)
        known = writer.frame("corrections")
        if label is None and not _said(known, meeting_id, by):
            raise BadInput(f"{by} has said nothing about this meeting that could be taken back")
        row = {"meeting_id": meeting_id, "label": label, "by": by, "at": _after(known, now), "note": note}
        writer.upsert("corrections", pd.DataFrame([row | _of_model(tables, classifier, meeting_id)]))
        fresh = label_meetings(only(writer.tables(), members), classifier)
        writer.upsert("labels", fresh)
        action = "take back a label" if label is None else "correct a label"
        journal.append(writer, by, action, f"{label or 'as before'}, meetings: {len(fresh)}", now)
    said = fresh.loc[fresh["meeting_id"] == meeting_id, "label"].iloc[0]
    return Done(meeting_id, str(said), len(fresh))


def refuse_scanned(setting: str, store: Path) -> None:
    """Raise for a store whose titles were dropped: nobody can say what such a meeting was for."""
    if setting == "yes":
        raise BadInput(
            f"{store} is a scan: it keeps no titles, so nobody can tell whether a label is right; review the labels of "
            "your own calendar instead"
        )


def series_of(tables: Tables, meeting_id: str) -> list[str]:
    """All meetings of a meeting's series; only itself where it has none."""
    found = to_pandas(tables.meetings.filter(nw.col("meeting_id") == meeting_id).select("series_id"))
    if found.empty:
        raise BadInput(f"there is no meeting {meeting_id!r} in this store")
    series = found["series_id"].iloc[0]
    if pd.isna(series):
        return [meeting_id]
    members = tables.meetings.filter(nw.col("series_id") == str(series)).select("meeting_id")
    return [str(each) for each in to_pandas(members)["meeting_id"]]


def _said(corrections: pd.DataFrame, meeting_id: str, by: str) -> bool:
    known = standing(corrections)
    return bool(((known["meeting_id"] == meeting_id) & (known["by"] == by)).any())


def _after(corrections: pd.DataFrame, now: datetime) -> datetime:
    """The moment of a row: later than all others, also where the clock stands still."""
    if corrections.empty:
        return now
    latest: datetime = corrections["at"].max().to_pydatetime()
    return max(now, latest + timedelta(microseconds=1))


def _of_model(tables: Tables, classifier: Classifier, meeting_id: str) -> dict[str, object]:
    """What the model says by itself: it shows later how often people had to correct it."""
    nobody = nw.from_native(empty(CORRECTIONS)).lazy()
    labels = label_meetings(replace(only(tables, [meeting_id]), corrections=nobody), classifier)
    row = labels.iloc[0]
    return {
        "model_label": row["label"],
        "model_probability": row["probability"],
        "model_version": row["model_version"],
    }
