"""Which labels to look at first: those where a correction would move most hours.

    worth of a series = sum over its meetings of (1 - probability of the label) * person-hours

that is uncertainty x hours x size of the series: the person-hours that are expected to stand under a wrong label.
Person-hours are those of people in the store; asked for one person, they are that person's own hours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw
import pandas as pd

from classify.meetings import context, finished, only
from store.tables import to_pandas

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from store.tables import Lazy, Tables

COLUMNS = ("meeting_id", "title", "local_date", "people", "label", "probability", "meetings", "hours", "worth")


def queue(
    tables: Tables,
    limit: int,
    person_id: str | None = None,
    span: tuple[date, date] | None = None,
    groups: Sequence[str] | None = None,
) -> pd.DataFrame:
    """One row a series that nobody has corrected, the worthiest first.

    With `groups` (ids of series, or of meetings outside any) exactly these in this order, corrected or not. The row
    shows the newest meeting of the series; `meetings`, `hours` and `worth` are of the whole series.
    """
    rows = _open(tables, person_id, span)
    if groups is None:
        rows = rows.filter(nw.col("decided_by") == "model")
    series = rows.group_by("group").agg(
        nw.len().alias("meetings"),
        nw.col("hours").sum(),
        nw.col("worth").sum(),
        nw.col("start_minute").max().alias("newest"),
    )
    if groups is None:
        ranked = series.filter(nw.col("worth") > 0).sort("worth", "group", descending=[True, False])
        chosen = to_pandas(ranked.head(limit))
    else:
        found = to_pandas(series.filter(nw.col("group").is_in(list(groups))))
        chosen = pd.DataFrame({"group": list(groups)}).merge(found, on="group").head(limit)
    if chosen.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    newest = to_pandas(rows.filter(nw.col("group").is_in(chosen["group"].tolist())).drop("hours", "worth"))
    newest = newest.sort_values(["group", "start_minute", "meeting_id"]).drop_duplicates("group", keep="last")
    return chosen.merge(newest, on="group")[list(COLUMNS)]


def _open(tables: Tables, person_id: str | None, span: tuple[date, date] | None) -> Lazy:
    """Every labelled meeting that counts, with its hours and what it is worth to look at."""
    meetings = tables.meetings.filter(nw.col("kind") == "meeting", nw.col("status") != "cancelled", ~nw.col("all_day"))
    if span:
        meetings = meetings.filter(nw.col("local_date") >= nw.lit(span[0]).cast(nw.Date))
        meetings = meetings.filter(nw.col("local_date") < nw.lit(span[1]).cast(nw.Date))
    people = tables.attendance.filter(nw.col("role") != "resource")
    if person_id:
        mine = people.filter(nw.col("person_id") == person_id).select("meeting_id").unique()
        meetings = meetings.join(mine, on="meeting_id", how="semi")
    chart = tables.people.select("person_id").unique()
    known = people.join(chart, on="person_id", how="semi").group_by("meeting_id").agg(nw.len().alias("known"))
    guests = people.group_by("meeting_id").agg(nw.len().alias("guests"))
    labels = tables.labels.select("meeting_id", "label", "probability", "decided_by")
    # A queue of one person is about that person's own hours.
    present = nw.lit(1) if person_id else nw.max_horizontal(nw.coalesce(nw.col("known"), nw.lit(1)), nw.lit(1))
    minutes = nw.col("end_minute") - nw.col("start_minute")
    return (
        meetings.join(labels, on="meeting_id", how="inner")
        .join(known, on="meeting_id", how="left")
        .join(guests, on="meeting_id", how="left")
        .with_columns(
            group=nw.coalesce(nw.col("series_id"), nw.col("meeting_id")),
            people=nw.coalesce(nw.col("headcount"), nw.col("guests")),
            hours=minutes / 60 * present,
        )
        .with_columns(worth=(1 - nw.col("probability")) * nw.col("hours"))
        .select(
            *("group", "meeting_id", "title", "local_date", "start_minute", "people", "label", "probability"),
            *("hours", "worth", "decided_by"),
        )
    )


def circumstances(tables: Tables, meeting_ids: list[str]) -> pd.DataFrame:
    """What the classifier reads about a few meetings, by meeting_id."""
    return finished(to_pandas(context(only(tables, meeting_ids)))).set_index("meeting_id", drop=False)
