"""What opens and closes doors, row by row: invitations, stand-ins, series that end or start, free blocks, newcomers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.availability import availability
from analysis.bridges.ties import UNIT
from analysis.facts import placed
from analysis.load import counted_meetings
from store.tables import to_pandas

if TYPE_CHECKING:
    from analysis.period import Period
    from store.tables import Lazy, Tables

SEAT = 0.5
FEWEST_MEETINGS = 3
SHORTER_MINUTES = 5
CHANGED = 0.1


def invitations(tables: Tables, quarter: Period) -> pd.DataFrame:
    """Optional invitations and the declined ones: person_id, unit, organizer_id, optional, declined."""
    meetings = quarter.of(counted_meetings(tables)).select("meeting_id", "organizer_id", "local_date")
    asked = tables.attendance.filter(nw.col("role") == "optional").join(meetings, on="meeting_id", how="inner")
    rows = placed(asked, tables.people).with_columns(unit=UNIT)
    declined = (nw.col("response") == "declined").cast(nw.Int64).sum()
    keys = ("person_id", "unit", "organizer_id")
    return to_pandas(rows.group_by(*keys).agg(optional=nw.len().cast(nw.Int64), declined=declined.cast(nw.Int64)))


def blocks(tables: Tables, there: Lazy, quarter: Period) -> pd.DataFrame:
    """Blocks kept free of meetings: person_id, unit, blocks, kept (no counted meeting of that person over it)."""
    free = quarter.of(tables.meetings).filter(
        nw.col("kind") == "focus", nw.col("status") != "cancelled", ~nw.col("all_day")
    )
    own = tables.attendance.filter(nw.col("response") != "declined").select("meeting_id", "person_id")
    times = free.select("meeting_id", "local_date", "start_minute", "end_minute")
    mine = to_pandas(placed(own.join(times, on="meeting_id", how="inner"), tables.people).with_columns(unit=UNIT))
    met = to_pandas(quarter.of(there).select("person_id", "local_date", "begin", "finish"))
    both = mine.merge(met, on=["person_id", "local_date"])
    over = (both["begin"] < both["end_minute"]) & (both["finish"] > both["start_minute"])
    lost = both.loc[over, ["meeting_id", "person_id"]].drop_duplicates().assign(lost=1)
    rows = mine.merge(lost, on=["meeting_id", "person_id"], how="left").assign(blocks=1)
    rows["kept"] = rows["lost"].isna().astype("int64")
    return rows.groupby(["person_id", "unit"], as_index=False)[["blocks", "kept"]].sum()


def deputies(tables: Tables, there: Lazy, quarter: Period) -> pd.DataFrame:
    """Times that a seat in a series stayed empty: person_id, unit, organizer_id, missed, deputies (1 = sent).

    A seat has who is asked to at least half of a series' meetings; a deputy is somebody of the same unit without a seat
    who was there, and stands in for one.
    """
    asked = _asked(tables, there, quarter)
    held = asked.groupby("series_id")["meeting_id"].transform("nunique")
    times = asked.groupby(["series_id", "person_id"])["meeting_id"].transform("size")
    seated = (times >= SEAT * held) & (held >= FEWEST_MEETINGS)
    missing = asked[seated & ~asked["came"]]
    others = asked.loc[~seated & asked["came"], ["meeting_id", "unit", "person_id"]]
    found = missing.merge(others, on=["meeting_id", "unit"], suffixes=("", "_in"))
    found = found.sort_values(["meeting_id", "person_id", "person_id_in"])
    found = found.drop_duplicates(["meeting_id", "person_id"]).drop_duplicates(["meeting_id", "person_id_in"])
    sent = missing.merge(
        found[["meeting_id", "person_id"]].assign(deputies=1), on=["meeting_id", "person_id"], how="left"
    )
    return sent.assign(missed=1, deputies=sent["deputies"].fillna(0).astype("int64"))[
        ["person_id", "unit", "organizer_id", "missed", "deputies"]
    ]


def _asked(tables: Tables, there: Lazy, quarter: Period) -> pd.DataFrame:
    """Everybody on the chart asked to a series meeting of the quarter, and whether they came."""
    meetings = quarter.of(counted_meetings(tables)).filter(~nw.col("series_id").is_null())
    meetings = meetings.select("meeting_id", "series_id", "organizer_id", "local_date")
    people = tables.attendance.filter(nw.col("role") != "resource").select("meeting_id", "person_id")
    rows = placed(people.join(meetings, on="meeting_id", how="inner"), tables.people).with_columns(unit=UNIT)
    asked = to_pandas(rows.select("meeting_id", "series_id", "organizer_id", "person_id", "unit"))
    in_series = quarter.of(there).filter(~nw.col("series_id").is_null())
    came = to_pandas(in_series.select("meeting_id", "person_id")).assign(came=True)
    asked = asked.merge(came, on=["meeting_id", "person_id"], how="left")
    return asked.assign(came=asked["came"].notna())


def series_people(there: Lazy, period: Period) -> pd.DataFrame:
    """Who was ever in which series up to a period's end: series_id, person_id, first and last day."""
    before = nw.col("week") < nw.lit(period.end).cast(nw.Date)
    rows = there.filter(~nw.col("series_id").is_null(), before).group_by("series_id", "person_id")
    return to_pandas(rows.agg(first=nw.col("local_date").min(), last=nw.col("local_date").max()))


def newcomers(people: pd.DataFrame, owners: pd.DataFrame, before: Period, quarter: Period) -> pd.DataFrame:
    """Who is in standing series, and who is new: series_id, person_id, unit, organizer_id, attendees, newcomers.

    `people` comes from `series_people`. Standing is a series that was held before the quarter as well.
    """
    start = pd.Timestamp(quarter.start)
    begun = people.groupby("series_id")["first"].transform("min")
    now = people[(people["last"] >= start) & (begun < pd.Timestamp(before.end))]
    rows = now.merge(owners[["series_id", "unit", "organizer_id"]], on="series_id", how="left")
    return rows.assign(attendees=1, newcomers=(rows["first"] >= start).astype("int64"))[
        ["series_id", "person_id", "unit", "organizer_id", "attendees", "newcomers"]
    ]


def changes(tables: Tables, there: Lazy, owners: pd.DataFrame, before: Period, quarter: Period) -> pd.DataFrame:
    """One row a series held in either quarter: what became of it.

    Columns: series_id, unit, organizer_id, series (1), started, ended, shortened (0 / 1), closed and opened (person-
    hours a week less and more than in the quarter before; less than a tenth is no change; hours before
    are brought to the available hours of the quarter, so that a summer closes no doors).
    """
    held = _held(tables, there, before, "_before").merge(_held(tables, there, quarter, ""), on="series_id", how="outer")
    life = _life(tables)
    rows = held.merge(life, on="series_id", how="left").merge(owners, on="series_id", how="left")
    counts = ["meetings", "meetings_before", "hours", "hours_before"]
    rows[counts] = rows[counts].fillna(0)
    start = pd.Timestamp(quarter.start)
    was = rows["hours_before"] * _growth(tables, before, quarter) / quarter.weeks
    more = rows["hours"] / quarter.weeks - was
    more = more.mask(more.abs() <= CHANGED * was, 0.0)
    ended = (rows["meetings_before"] >= 2) & (rows["last"] < start)
    flags = {
        "series": np.ones(len(rows), dtype="int64"),
        "started": (rows["first"] >= start).astype("int64"),
        "ended": ended.astype("int64"),
        "shortened": (rows["minutes"] <= rows["minutes_before"] - SHORTER_MINUTES).astype("int64"),
        "closed": (-more).clip(lower=0.0),
        "opened": more.clip(lower=0.0),
    }
    return rows[["series_id", "unit", "organizer_id"]].assign(**flags)


def _growth(tables: Tables, before: Period, quarter: Period) -> float:
    """Available hours of everybody in the quarter, divided by those in the quarter before."""
    now, then = (float(availability(tables, each)["available"].sum()) for each in (quarter, before))
    return now / then if then else 1.0


def _held(tables: Tables, there: Lazy, weeks: Period, suffix: str) -> pd.DataFrame:
    """Series held in some weeks: meetings, usual minutes, person-hours."""
    meetings = weeks.of(counted_meetings(tables)).filter(~nw.col("series_id").is_null())
    minutes = (nw.col("end_minute") - nw.col("start_minute")).cast(nw.Float64)
    usual = to_pandas(
        meetings.with_columns(minutes=minutes)
        .group_by("series_id")
        .agg(meetings=nw.len().cast(nw.Int64), minutes=nw.col("minutes").median())
    )
    hours = weeks.of(there).filter(~nw.col("series_id").is_null())
    spent = to_pandas(hours.group_by("series_id").agg(hours=nw.col("hours").sum()))
    rows = usual.merge(spent, on="series_id", how="left").fillna({"hours": 0.0})
    return rows.rename(columns={name: name + suffix for name in ("meetings", "minutes", "hours")})


def _life(tables: Tables) -> pd.DataFrame:
    """First and last week of every series that was or will be held, in all the data."""
    meetings = counted_meetings(tables).filter(~nw.col("series_id").is_null())
    return to_pandas(meetings.group_by("series_id").agg(first=nw.col("week").min(), last=nw.col("week").max()))


def series_owners(tables: Tables, quarter: Period) -> pd.DataFrame:
    """Who last organised each series up to the quarter's end, and that person's unit then."""
    before = nw.col("week") < nw.lit(quarter.end).cast(nw.Date)
    meetings = counted_meetings(tables).filter(
        ~nw.col("series_id").is_null(), ~nw.col("organizer_id").is_null(), before
    )
    last = to_pandas(
        meetings.group_by("series_id", "organizer_id").agg(
            last=nw.col("start_minute").max(), local_date=nw.col("local_date").max()
        )
    )
    last = last.sort_values(["series_id", "last", "organizer_id"]).drop_duplicates("series_id", keep="last")
    chart = to_pandas(tables.people.select("person_id", "valid_from", "valid_to", unit=UNIT))
    rows = last.merge(chart, left_on="organizer_id", right_on="person_id", how="left")
    valid = (rows["valid_from"].isna() | (rows["valid_from"] <= rows["local_date"])) & (
        rows["valid_to"].isna() | (rows["valid_to"] > rows["local_date"])
    )
    return rows[valid & rows["unit"].notna()].drop_duplicates("series_id")[["series_id", "organizer_id", "unit"]]
