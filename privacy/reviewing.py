"""What the door lets a person do with labels: look at the queue of their own meetings, and say what they are for.

Titles are in it, so nobody gets it but the person whose calendar it is: no management team, no HR, and never a scan.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals as nw

from classify.correcting import Done, correct, undo
from classify.questions import Question, questions
from classify.queue import queue
from privacy.refusal import Refusal
from store.corrections import standing
from store.schema import SCANNED
from store.tables import to_pandas

if TYPE_CHECKING:
    from datetime import datetime

    import pandas as pd

    from analysis.period import Period
    from classify.phrases import Language
    from privacy.viewer import Viewer
    from store.database import Store

SHOWN = 20


@dataclass(frozen=True)
class LastSaid:
    """The newest correction of the viewer that still stands: what an undo would take back."""

    meeting_id: str
    title: str
    label: str


@dataclass(frozen=True)
class OwnQueue:
    """The series of a viewer's own meetings that are worth a look, the worthiest first."""

    questions: tuple[Question, ...]
    last: LastSaid | None
    corrected: int


def own_queue(store: Store, viewer: Viewer, period: Period, language: Language) -> OwnQueue | Refusal:
    """The queue of a person's own meetings in a period."""
    refused = _refused(store, viewer)
    if refused:
        return refused
    rows = queue(store.tables(), SHOWN, viewer.person_id, (period.start, period.end))
    asked = tuple(questions(store, rows, language)) if len(rows) else ()
    said = standing(store.frame("corrections"))
    mine = said[said["by"] == viewer.person_id]
    return OwnQueue(asked, _last(store, mine), len(mine))


def say(store: Store, viewer: Viewer, meeting_id: str, label: str | None, now: datetime) -> Done | Refusal:
    """Correct a label of one's own meeting in one's own name; without a label the last word is taken back."""
    refused = _refused(store, viewer)
    if refused:
        return refused
    if not _takes_part(store, viewer, meeting_id):
        return Refusal("not_permitted", {})
    by = str(viewer.person_id)
    if label is None:
        return undo(store.path, meeting_id, by, now)
    return correct(store.path, meeting_id, label, by, now)


def _refused(store: Store, viewer: Viewer) -> Refusal | None:
    if viewer.role != "self" or not viewer.person_id:
        return Refusal("own_labels_only", {})
    return Refusal("no_titles", {}) if store.setting(SCANNED) == "yes" else None


def _takes_part(store: Store, viewer: Viewer, meeting_id: str) -> bool:
    mine = store.tables().attendance.filter(
        nw.col("meeting_id") == meeting_id, nw.col("person_id") == str(viewer.person_id)
    )
    return bool(to_pandas(mine.select(count=nw.len()))["count"].iloc[0])


def _last(store: Store, mine: pd.DataFrame) -> LastSaid | None:
    if mine.empty:
        return None
    meeting_id, label = str(mine["meeting_id"].iloc[-1]), str(mine["label"].iloc[-1])
    rows = to_pandas(store.tables().meetings.filter(nw.col("meeting_id") == meeting_id).select("title"))
    title = rows["title"].iloc[0] if len(rows) else None
    return LastSaid(meeting_id, title if isinstance(title, str) else "", label)
