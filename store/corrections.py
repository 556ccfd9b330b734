"""What people said about labels, and what of it still stands. Rows are only added; one without a label takes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.frames import empty
from store.schema import CORRECTIONS

if TYPE_CHECKING:
    import pandas as pd


def standing(corrections: pd.DataFrame) -> pd.DataFrame:
    """The corrections that were not taken back, oldest first.

    A row without a label takes back the newest standing correction of the same person about the same meeting.

        ann says design    kim says other    kim takes back    what stands: ann's design
    """
    rows = corrections.sort_values(["at", "by"], kind="stable", ignore_index=True)
    kept: dict[tuple[str, str], list[int]] = {}
    told = zip(rows["meeting_id"], rows["by"].fillna(""), rows["label"].isna(), strict=True)
    for place, (meeting, by, takes_back) in enumerate(told):
        said = kept.setdefault((meeting, by), [])
        if not takes_back:
            said.append(place)
        elif said:
            said.pop()
    places = sorted(place for said in kept.values() for place in said)
    return rows.iloc[places].reset_index(drop=True) if places else empty(CORRECTIONS)
