"""Labels for every meeting of a store, by its current model."""

from __future__ import annotations

import getpass
from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals as nw
import pandas as pd

from analysis.labelerror import SETTING as LABEL_ERROR
from classify import own_rules, persist
from classify.confusion import as_setting
from classify.listing import classify_file
from classify.meetings import label_meetings
from classify.versions import accepted, current, model_folder
from store import clock, journal, unsure
from store.database import Store, writing
from store.schema import SCANNED, TEXT_DROPPED
from store.tables import to_pandas

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from store.writer import Change, Writer


@dataclass(frozen=True)
class Standing:
    """How a store is labelled now: by which model, accepted by people or not, and how much of it is unsure."""

    version: str
    accepted: bool
    own_rules: int
    meetings: int
    unsure: int
    unsure_below: float


def label_store(store: Path) -> Change:
    """Classify all meetings of a store with its current model and write what changed."""
    with writing(store) as writer:
        change = relabel(store, writer)
        if change:
            now = clock.now()
            what = f"model {current(store, writer).version}; {change.inserted} new, {change.updated} changed"
            journal.append(writer, getpass.getuser(), "classify", what, now)
        return change


def relabel(store: Path, writer: Writer) -> Change:
    """Make all labels anew, as one of the changes of a writer.

    Meetings whose text was dropped, by a scan or as too old, keep the label they got before; in a scan the private
    ones too, which were not shown to the model.
    """
    writer.set(LABEL_ERROR, as_setting(persist.card(model_folder(store, writer))))
    fresh, known = label_meetings(writer.tables(), current(store, writer)), writer.frame("labels")
    if "yes" not in {writer.setting(SCANNED), writer.setting(TEXT_DROPPED)}:
        return writer.replace("labels", fresh)
    meetings = writer.frame("meetings")
    shown = ~meetings["is_private"].fillna(value=False) | (writer.setting(SCANNED) == "yes")
    textless = meetings.loc[meetings["title"].isna() & shown, "meeting_id"]
    kept = known[known["meeting_id"].isin(textless) & known["model_version"].notna()]
    said = fresh["decided_by"] != "model"
    again = fresh[said | ~fresh["meeting_id"].isin(kept["meeting_id"])]
    kept = kept[~kept["meeting_id"].isin(again["meeting_id"])]
    return writer.replace("labels", pd.concat([again, kept], ignore_index=True))


def label_list(source: Path, target: Path, language: str, store: Path | None, below: float | None) -> int:
    """Label a plain list of titles: with the model, the rules and the threshold of a store, or those of meetload."""
    if store is None:
        return classify_file(source, target, language, persist.load(), unsure.DEFAULT if below is None else below)
    opened = Store(store)
    usual = unsure.threshold(opened.setting(unsure.SETTING))
    return classify_file(source, target, language, current(store, opened), usual if below is None else below)


def set_threshold(store: Path, below: float, by: str, now: datetime) -> None:
    """Say under which probability a label is called unsure in this store."""
    value = unsure.threshold(str(below))
    with writing(store) as writer:
        if writer.setting(unsure.SETTING) != str(value):
            writer.set(unsure.SETTING, str(value))
            journal.append(writer, by, "set a threshold", f"unsure below {value:g}", now)


def standing(store: Path) -> Standing:
    """How a store is labelled now."""
    opened = Store(store)
    below = unsure.threshold(opened.setting(unsure.SETTING))
    labels = opened.tables().labels
    counts = to_pandas(labels.select(meetings=nw.len(), unsure=unsure.is_unsure(below).cast(nw.Int64).sum())).iloc[0]
    return Standing(
        version=current(store, opened).version,
        accepted=bool(accepted(opened)),
        own_rules=len(own_rules.from_text(opened.setting(own_rules.SETTING))),
        meetings=int(counts["meetings"]),
        unsure=0 if pd.isna(counts["unsure"]) else int(counts["unsure"]),
        unsure_below=below,
    )
