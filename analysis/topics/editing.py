"""A person's merges and splits of topics: rows are only added, applied in the order of their time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from analysis.topics.groups import Topic

MERGE, SPLIT = "merge", "split"


def edited(groups: pd.Series, edits: pd.DataFrame) -> pd.Series:
    """The group of each wording (a series by wording_id) after all edits; wordings that are gone are passed over.

    merge: the groups of `wording` and `other` become one. split: `wording` leaves its group and stands alone.
    """
    labels = {str(wording): str(group) for wording, group in groups.items()}
    for edit in edits.sort_values(["at", "by", "place"], kind="stable").to_dict("records"):
        one, other = str(edit["wording"]), edit["other"]
        if edit["action"] == SPLIT and one in labels:
            labels[one] = f"split {one}"
        elif edit["action"] == MERGE and one in labels and other in labels:
            kept, gone = labels[one], labels[str(other)]
            labels = {wording: kept if group == gone else group for wording, group in labels.items()}
    return pd.Series(labels, dtype="str").reindex(groups.index)


def merging(topics: Sequence[Topic], by: str, at: datetime) -> pd.DataFrame:
    """The rows that make one topic of several."""
    first = topics[0]
    return _rows([(MERGE, first.topic_id, topic.topic_id) for topic in topics[1:]], by, at)


def splitting(wordings: Sequence[str], by: str, at: datetime) -> pd.DataFrame:
    """The rows that take wordings (their ids) out of a topic and make a topic of their own of them."""
    apart = [(SPLIT, wording, None) for wording in wordings]
    return _rows([*apart, *((MERGE, wordings[0], wording) for wording in wordings[1:])], by, at)


def _rows(said: Sequence[tuple[str, str, str | None]], by: str, at: datetime) -> pd.DataFrame:
    rows = [
        {"at": at, "by": by, "place": place, "action": action, "wording": wording, "other": other}
        for place, (action, wording, other) in enumerate(said)
    ]
    return pd.DataFrame(rows)
