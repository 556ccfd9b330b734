"""What happens to a pulled mailbox in memory before anything is written: labels are made, text is dropped."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from classify.meetings import label_meetings
from classify.sensitive import sensitive
from store.frames import empty, with_local_time
from store.schema import LABELS, MEETINGS, TABLES
from store.tables import Tables

if TYPE_CHECKING:
    import pandas as pd

    from classify.model import Classifier
    from store.frames import Batch

# What a row of a scan may hold; whatever the tables learn to hold later stays out until it is named here.
KEPT = frozenset(
    {
        *("meeting_id", "series_id", "original_start", "start", "end", "all_day", "organizer_id", "created", "updated"),
        *("sequence", "status", "is_private", "show_as", "kind", "headcount", "headcount_external", "online", "source"),
    }
)
DROPPED = tuple(name for name in MEETINGS.given if name not in KEPT)
# What could tell a private meeting from other ones.
TELLING = ("title", "body", "series_id", "original_start")
_OTHER = "other"


class Minimiser:
    """Labels a batch while its titles are still in memory and gives it back without any text.

    `people` is the organisation chart, for who is at which level; `timezone` is the store's wall clock. A meeting that
    is private, or whose text names a sensitive subject, keeps its hours and nothing else; one looks like the other.
    """

    def __init__(self, classifier: Classifier, people: pd.DataFrame, timezone: str) -> None:
        self._classifier, self._people, self._timezone = classifier, people, timezone

    def __call__(self, batch: Batch) -> tuple[Batch, pd.DataFrame]:
        """The batch without titles and bodies, and the labels they led to."""
        # The sources that are scanned bring the tables' own columns; making them anew would cost as much as reading.
        tidied = batch if all(list(frame) == table.given for table, frame in batch) else batch.tidied()
        if tidied.meetings.empty:
            return tidied, empty(TABLES["labels"])
        meetings, hidden = without_private(tidied.meetings)
        labels = label_meetings(self._tables(replace(tidied, meetings=meetings)), self._classifier)
        labels = _unlabelled(labels, labels["meeting_id"].isin(set(meetings.loc[hidden, "meeting_id"])))
        return replace(tidied, meetings=meetings.assign(**dict.fromkeys(DROPPED))), labels

    def _tables(self, batch: Batch) -> Tables:
        return Tables.of_frames(
            people=self._people,
            meetings=with_local_time(batch.meetings, self._timezone),
            attendance=batch.attendance,
        )


def without_private(meetings: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Meetings of which the private and the sensitive ones say nothing but when and who; and which those are."""
    hidden = meetings["is_private"].fillna(value=False).astype(bool) | sensitive(meetings)
    if not hidden.any():
        return meetings, hidden
    emptied = {name: meetings[name].mask(hidden) for name in TELLING}
    return meetings.assign(is_private=hidden.astype("boolean"), **emptied), hidden


def _unlabelled(labels: pd.DataFrame, hidden: pd.Series) -> pd.DataFrame:
    """Labels that say "other" of the hidden ones, as certainly as of a meeting that is none."""
    if not hidden.any():
        return labels
    chances = {f"p_{label}": labels[f"p_{label}"].mask(hidden, float(label == _OTHER)) for label in LABELS}
    return labels.assign(
        label=labels["label"].mask(hidden, _OTHER),
        probability=labels["probability"].mask(hidden, 1.0),
        sub=labels["sub"].mask(hidden),
        **chances,
    )
