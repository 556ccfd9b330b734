"""What a store holds, for headings and choices; no person is in it but the owner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals as nw
import pandas as pd

from analysis.period import WEEK, Period, monday
from privacy.story import PHASES, Phase, read_phases
from store.tables import to_pandas

if TYPE_CHECKING:
    from datetime import date

    from store.database import Store
    from store.tables import Lazy, Tables


@dataclass(frozen=True)
class Source:
    """A release that figures come from: how it is called (quarter and hash) and its weeks."""

    name: str
    period: Period

    def within(self, period: Period) -> bool:
        """Whether all of it lies in a period."""
        return period.start <= self.period.start and self.period.end <= period.end


@dataclass(frozen=True)
class Overview:
    """What a store holds, or what was released of it (`released`), for headings and choices."""

    demo: bool
    owner: str | None
    people: int
    meetings: int
    period: Period | None
    labelled: float
    story: tuple[Phase, ...] = ()
    released: tuple[Source, ...] = ()


def overview_of(store: Store, people: pd.DataFrame, today: date) -> Overview:
    """What a store holds; `people` is its chart."""
    tables = store.tables()
    meetings, labelled = (_count(rows) for rows in (tables.meetings, tables.labels))
    return Overview(
        demo=store.setting("demo") == "yes",
        owner=store.setting("owner") or None,
        people=int(people["person_id"].nunique()),
        meetings=meetings,
        period=whole_weeks(tables, today),
        labelled=labelled / meetings if meetings else 0.0,
        story=read_phases(store.setting(PHASES)),
    )


def whole_weeks(tables: Tables, today: date) -> Period | None:
    """From the first week with a meeting up to the last whole week before today: series run on, ad-hoc does not."""
    past = tables.meetings.filter(nw.col("week") < nw.lit(monday(today)).cast(nw.Date))
    ends = to_pandas(past.select(first=nw.col("week").min(), last=nw.col("week").max())).iloc[0]
    return None if pd.isna(ends["first"]) else Period(ends["first"].date(), ends["last"].date() + WEEK)


def _count(rows: Lazy) -> int:
    return int(to_pandas(rows.select(count=nw.len()))["count"].iloc[0])
