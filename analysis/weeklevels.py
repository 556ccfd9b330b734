"""The weekly picture of levels and labels: hours, and how many different people stand behind each cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals as nw
import pandas as pd

from store.tables import to_pandas

if TYPE_CHECKING:
    from datetime import date

    from analysis.period import Period
    from analysis.scope import Scope
    from store.tables import Lazy


@dataclass(frozen=True)
class LevelCell:
    """One week, level (None = unknown) and label: hours, their share of that level's week, and different people."""

    week: date
    level: int | None
    label: str
    hours: float
    share: float
    people: int


@dataclass(frozen=True)
class WeekLevels:
    """All cells with a meeting, by week, level and label."""

    scope: str
    period: Period
    cells: tuple[LevelCell, ...]


def week_levels(rows: Lazy) -> Lazy:
    """Hours and exact distinct people per week, level and label.

    `rows` have week, level, label, person_id and hours, as `analysis.facts` and `analysis.presence` give them.
    """
    return rows.group_by("week", "level", "label").agg(
        hours=nw.col("hours").sum(), people=nw.col("person_id").n_unique().cast(nw.Int64)
    )


def week_level_shares(facts: Lazy, period: Period, scope: Scope) -> WeekLevels:
    """The cells of a scope, with each label's part of its level's hours that week."""
    cells = to_pandas(week_levels(period.of(scope.of(facts)))).sort_values(["week", "level", "label"])
    whole = cells.groupby(["week", "level"], dropna=False)["hours"].transform("sum")
    shares = (cells["hours"] / whole).where(whole > 0, 0.0)
    return WeekLevels(scope.name, period, tuple(_cells(cells.assign(share=shares))))


def _cells(rows: pd.DataFrame) -> list[LevelCell]:
    levels = [None if pd.isna(level) else int(level) for level in rows["level"]]
    columns = (rows["week"].dt.date, levels, rows["label"], rows["hours"], rows["share"], rows["people"])
    return [
        LevelCell(week, level, str(label), float(hours), float(share), int(people))
        for week, level, label, hours, share, people in zip(*columns, strict=True)
    ]
