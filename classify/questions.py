"""The queue as questions for a person: what a meeting is, what the model made of it, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from classify import reasons
from classify.queue import circumstances
from classify.versions import current
from store import unsure

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from classify.phrases import Language
    from store.database import Store


@dataclass(frozen=True)
class Question:
    """One series to look at; `title` is empty where the meeting is private or has none."""

    meeting_id: str
    title: str
    day: date
    people: int | None
    meetings: int
    hours: float
    label: str
    probability: float
    unsure: bool
    why: str


def questions(opened: Store, rows: pd.DataFrame, language: Language) -> Iterator[Question]:
    """The rows of a queue in words, reasons made when they are needed."""
    below, classifier = unsure.threshold(opened.setting(unsure.SETTING)), current(opened.path, opened)
    known = circumstances(opened.tables(), rows["meeting_id"].tolist())
    for row in rows.to_dict("records"):
        meeting_id, title, label = str(row["meeting_id"]), row["title"], str(row["label"])
        yield Question(
            meeting_id=meeting_id,
            title=title if isinstance(title, str) else "",
            day=pd.Timestamp(row["local_date"]).date(),
            people=None if pd.isna(row["people"]) else int(row["people"]),
            meetings=int(row["meetings"]),
            hours=float(row["hours"]),
            label=label,
            probability=float(row["probability"]),
            unsure=float(row["probability"]) < below,
            why=reasons.sentence(classifier, known.loc[[meeting_id]], label, language),
        )
