"""The weekly picture of levels and labels: hours, and how many different people stand behind each cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw

from store.tables import to_pandas

if TYPE_CHECKING:
    import pandas as pd

    from store.tables import Lazy


def week_levels(rows: Lazy) -> Lazy:
    """Hours and exact distinct people per week, level and label.

    `rows` have week, level, label, person_id and hours, as `analysis.facts` and `analysis.presence` give them.
    """
    return rows.group_by("week", "level", "label").agg(
        hours=nw.col("hours").sum(), people=nw.col("person_id").n_unique().cast(nw.Int64)
    )


def week_level_shares(rows: Lazy) -> pd.DataFrame:
    """The same as a small frame with `share`: each label's part of its level's hours that week."""
    cells = to_pandas(week_levels(rows)).sort_values(["week", "level", "label"], ignore_index=True)
    whole = cells.groupby(["week", "level"], dropna=False)["hours"].transform("sum")
    return cells.assign(share=(cells["hours"] / whole).where(whole > 0, 0.0))
