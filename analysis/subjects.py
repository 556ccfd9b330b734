"""Who stands on both sides of a subject: specifying it and realising it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals as nw

from store.tables import to_pandas

if TYPE_CHECKING:
    import pandas as pd

    from analysis.period import Period
    from store.tables import Lazy


@dataclass(frozen=True)
class BothSides:
    """One subject on which a person was in design meetings and in its other meetings within the same period."""

    topic: str
    design_meetings: int
    other_meetings: int
    hours: float


def both_sides(there: Lazy, subjects: pd.DataFrame, period: Period) -> dict[str, tuple[BothSides, ...]]:
    """Per person the subjects they both design and carry out or coordinate, most hours first."""
    designed = _designed(there, subjects, period)
    rows = to_pandas(
        period.of(there)
        .filter(nw.col("label") != "unlabelled")
        .select("meeting_id", "person_id", "hours", design=nw.col("label") == "design")
    )
    rows = rows.merge(subjects[subjects["topic"].isin(designed)], on="meeting_id")
    sums = rows.groupby(["person_id", "topic"]).agg(
        design=("design", "sum"), meetings=("design", "size"), hours=("hours", "sum")
    )
    both = sums[(sums["design"] > 0) & (sums["design"] < sums["meetings"])].reset_index()
    both = both.sort_values(["person_id", "hours", "topic"], ascending=[True, False, True])
    found: dict[str, list[BothSides]] = {}
    columns = ["person_id", "topic", "design", "meetings", "hours"]
    for person, topic, design, meetings, hours in both[columns].itertuples(index=False):
        side = BothSides(str(topic), int(design), int(meetings - design), float(hours))
        found.setdefault(str(person), []).append(side)
    return {person: tuple(each) for person, each in found.items()}


def _designed(there: Lazy, subjects: pd.DataFrame, period: Period) -> set[str]:
    rows = to_pandas(period.of(there).filter(nw.col("label") == "design").select("meeting_id").unique())
    return set(subjects.loc[subjects["meeting_id"].isin(rows["meeting_id"]), "topic"])
