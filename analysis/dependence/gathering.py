"""Rows of a store as numbered arrays: what the evidence of dependence is worked out from.

People, topics, meetings and days are numbered from 0 in the order of their ids, so that neither the order of rows nor
the names decide anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np
import pandas as pd

from store.tables import to_pandas

if TYPE_CHECKING:
    from analysis.period import Period
    from store.tables import Lazy, Tables

FEWEST_IN_MEETING = 3
MOVED_AFTER_MINUTES = 60
GUESSED_DAYS = 5


@dataclass(frozen=True)
class Gathered:
    """Ad-hoc meetings of three people or more, who was asked and came, and how busy everybody's days were.

    meetings: topic (-1 = none), large (three people or more), hours (person-hours), day, held, escalated, disrupted,
    organizer (-1 = not on the chart), first and last (the days on which an absence would have met it: its day, or where
    a moved one stood before). invited: meeting, person, there. days: person, day, asked, declined, standing (how often
    in an occurrence of a series). active: who is on the chart on which day.
    """

    period: Period
    people: np.ndarray
    topics: np.ndarray
    active: np.ndarray
    meetings: pd.DataFrame
    invited: pd.DataFrame
    days: pd.DataFrame

    @property
    def day_count(self) -> int:
        """Days in the period, weekends too."""
        return int(self.active.shape[1])

    @property
    def working(self) -> np.ndarray:
        """Which days are Monday to Friday; the period starts on a Monday."""
        return np.arange(self.day_count) % 7 < 5


def gathered(tables: Tables, topics: pd.DataFrame, period: Period) -> Gathered:
    """Collect what the evidence needs; `topics` has meeting_id and topic_id."""
    numbers = numbered_people(tables)
    people = to_pandas(numbers).sort_values("person")["person_id"].to_numpy(dtype=object)
    meetings, names = _meetings(tables, numbers, topics, period)
    invited = _invited(tables, numbers, period)
    size = np.bincount(invited["meeting"], minlength=len(meetings))
    large = size >= FEWEST_IN_MEETING
    meetings.loc[~large, "topic"] = -1
    invited = invited[(large[invited["meeting"]] & (invited["person"] >= 0)).to_numpy()]
    meetings = meetings.assign(large=large, hours=meetings["hours"] * size)
    return Gathered(
        period=period,
        people=people,
        topics=names,
        active=_active(tables, numbers, len(people), period),
        meetings=meetings,
        invited=invited.reset_index(drop=True),
        days=_days(tables, numbers, period),
    )


def numbered_people(tables: Tables) -> Lazy:
    """Everybody on the chart with a number: person_id, person."""
    return tables.people.select("person_id").unique().with_row_index("person", order_by="person_id")


def day_of(times: pd.Series, period: Period) -> np.ndarray:
    """The number of the day on which moments fall, counted from the start of the period; -1 for none."""
    days = (times - pd.Timestamp(period.start)) // pd.Timedelta(days=1)
    numbers: np.ndarray = days.fillna(-1).to_numpy(dtype=np.int64)
    return numbers


def _adhoc(tables: Tables, period: Period) -> Lazy:
    rows = period.of(tables.meetings).filter(
        nw.col("series_id").is_null(), nw.col("kind") == "meeting", ~nw.col("all_day")
    )
    return rows.with_row_index("meeting", order_by="meeting_id")


def _meetings(tables: Tables, numbers: Lazy, topics: pd.DataFrame, period: Period) -> tuple[pd.DataFrame, np.ndarray]:
    columns = (
        "meeting",
        "meeting_id",
        "local_date",
        "start",
        "end",
        "original_start",
        "created",
        "updated",
        "sequence",
        "status",
    )
    rows = _adhoc(tables, period).join(
        numbers.select(organizer_id="person_id", organizer="person"), on="organizer_id", how="left"
    )
    said = tables.labels.select("meeting_id", "label")
    old = tables.moves.group_by("meeting_id").agg(old_start=nw.col("old_start").min())
    rows = rows.join(said, on="meeting_id", how="left").join(old, on="meeting_id", how="left")
    frame = to_pandas(rows.select(*columns, "organizer", "label", "old_start")).sort_values(
        "meeting", ignore_index=True
    )
    topic, names = _topic_numbers(frame["meeting_id"], topics)
    day = day_of(frame["local_date"], period)
    cancelled = (frame["status"] == "cancelled").to_numpy()
    moved = _moved(frame).to_numpy() & ~cancelled
    first, last = _stood(frame, day, moved, period)
    return pd.DataFrame(
        {
            "topic": topic,
            "day": day,
            "held": ~cancelled,
            "escalated": (frame["label"] == "escalation").to_numpy(),
            "disrupted": cancelled | moved,
            "organizer": frame["organizer"].fillna(-1).to_numpy(dtype=np.int64),
            "hours": ((frame["end"] - frame["start"]) / pd.Timedelta(hours=1)).clip(0, 8).to_numpy(),
            "first": first,
            "last": last,
        }
    ), names


def _topic_numbers(meeting_ids: pd.Series, topics: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    chosen = pd.Series(topics["topic_id"].to_numpy(), index=topics["meeting_id"].to_numpy())
    found = meeting_ids.map(chosen)
    names = np.array(sorted(found.dropna().unique()), dtype=object)
    numbers = found.map(pd.Series(np.arange(len(names)), index=names)).fillna(-1)
    return numbers.to_numpy(dtype=np.int64), names


def _moved(frame: pd.DataFrame) -> pd.Series:
    """Moved: noted so, standing elsewhere than first, or changed and numbered as such by the calendar."""
    noted = frame["old_start"].notna()
    elsewhere = frame["original_start"].notna() & (frame["original_start"] != frame["start"])
    later = (frame["updated"] - frame["created"]) > pd.Timedelta(minutes=MOVED_AFTER_MINUTES)
    changed = later & (frame["updated"] < frame["start"])
    return noted | elsewhere | (changed & frame["sequence"].fillna(1).gt(0))


def _stood(frame: pd.DataFrame, day: np.ndarray, moved: np.ndarray, period: Period) -> tuple[np.ndarray, np.ndarray]:
    """First and last day on which a meeting may have stood before it was moved; its own day when it was not.

    A single entry that was moved does not say from where: it was one of the working days from the change on.
    """
    known = frame["old_start"].fillna(frame["original_start"])
    origin, touched = day_of(known, period), day_of(frame["updated"], period)
    first = np.where(moved, np.where(known.notna(), origin, touched), day)
    last = np.where(moved & known.isna().to_numpy(), np.minimum(touched + GUESSED_DAYS - 1, day), first)
    return first, np.maximum(first, last)


def _invited(tables: Tables, numbers: Lazy, period: Period) -> pd.DataFrame:
    rows = tables.attendance.filter(nw.col("role") != "resource").join(
        _adhoc(tables, period).select("meeting", "meeting_id"), on="meeting_id"
    )
    rows = rows.join(numbers, on="person_id", how="left")
    frame = to_pandas(
        rows.select(
            nw.col("meeting").cast(nw.Int32),
            nw.col("person").fill_null(-1).cast(nw.Int32),
            there=nw.col("response") != "declined",
        )
    )
    return frame.sort_values(["meeting", "person"], ignore_index=True)


def _days(tables: Tables, numbers: Lazy, period: Period) -> pd.DataFrame:
    """How often each person was asked on each day, declined, and sat in an occurrence of a series."""
    meetings = period.of(tables.meetings).filter(
        nw.col("kind") == "meeting", ~nw.col("all_day"), nw.col("status") != "cancelled"
    )
    rows = tables.attendance.filter(nw.col("role") != "resource").join(
        meetings.select("meeting_id", "local_date", standing=~nw.col("series_id").is_null()), on="meeting_id"
    )
    declined = nw.col("response") == "declined"
    counted = (
        rows.join(numbers, on="person_id")
        .group_by("person", "local_date")
        .agg(
            asked=nw.len().cast(nw.Int32),
            declined=declined.cast(nw.Int32).sum().cast(nw.Int32),
            standing=(nw.col("standing") & ~declined).cast(nw.Int32).sum().cast(nw.Int32),
        )
    )
    frame = to_pandas(counted)
    frame["day"] = day_of(frame["local_date"], period)
    return frame.drop(columns="local_date")


def _active(tables: Tables, numbers: Lazy, people: int, period: Period) -> np.ndarray:
    """Who is on the chart on which day."""
    rows = to_pandas(tables.people.join(numbers, on="person_id").select("person", "valid_from", "valid_to"))
    days = (period.end - period.start) // timedelta(days=1)
    first = np.clip(day_of(rows["valid_from"], period), 0, days)
    last = np.where(rows["valid_to"].isna(), days, np.clip(day_of(rows["valid_to"], period), 0, days))
    edges = np.zeros((people, days + 1), dtype=np.int16)
    person = rows["person"].to_numpy(dtype=np.int64)
    np.add.at(edges, (person, first), 1)
    np.add.at(edges, (person, np.maximum(first, last)), -1)
    return np.cumsum(edges, axis=1)[:, :-1] > 0
