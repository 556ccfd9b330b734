"""What happens to a pulled mailbox in memory before anything is written: labels are made, text is dropped."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from classify.meetings import label_meetings
from store.frames import empty, with_local_time
from store.schema import TABLES
from store.tables import Tables

if TYPE_CHECKING:
    import pandas as pd

    from classify.model import Classifier
    from store.frames import Batch


class Minimiser:
    """Labels a batch while its titles are still in memory and gives it back without any text.

    `people` is the organisation chart, for who is at which level; `timezone` is the store's wall clock.
    """

    def __init__(self, classifier: Classifier, people: pd.DataFrame, timezone: str) -> None:
        self._classifier, self._people, self._timezone = classifier, people, timezone

    def __call__(self, batch: Batch) -> tuple[Batch, pd.DataFrame]:
        """The batch without titles and bodies, and the labels they led to."""
        # The sources that are scanned bring the tables' own columns; making them anew would cost as much as reading.
        tidied = batch if all(list(frame) == table.given for table, frame in batch) else batch.tidied()
        meetings = tidied.meetings
        if meetings.empty:
            return tidied, empty(TABLES["labels"])
        labels = label_meetings(self._tables(tidied), self._classifier)
        return replace(tidied, meetings=meetings.assign(title=None, body=None)), labels

    def _tables(self, batch: Batch) -> Tables:
        return Tables.of_frames(
            people=self._people,
            meetings=with_local_time(batch.meetings, self._timezone),
            attendance=batch.attendance,
        )
