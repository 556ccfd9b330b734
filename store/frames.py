"""Frames in the shape of the tables: every source hands these over, every reader gets them back."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING

import pandas as pd
from pandas.api.types import is_datetime64_any_dtype

from store.schema import ABSENCE_DAYS, TABLES, Column, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

DTYPES = {
    "text": "str",
    "time": "datetime64[us]",
    "number": "float64",
    "integer": "Int64",
    "flag": "boolean",
    "date": "datetime64[us]",
}


def empty(table: Table) -> pd.DataFrame:
    """A frame of the table without rows."""
    return tidy(table, pd.DataFrame())


def tidy(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with exactly the table's given columns, in order, typed, defaults filled in; a new frame."""
    return pd.DataFrame({column.name: _typed(column, frame) for column in table.columns if not column.derived})


def with_types(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    """A frame that holds all of the table's columns, each of its own type."""
    return frame.astype({column.name: DTYPES[column.kind] for column in table.columns})


def _typed(column: Column, frame: pd.DataFrame) -> pd.Series:
    if column.name not in frame:
        values = pd.Series(column.default, index=frame.index, dtype=object)
    else:
        values = frame[column.name]
    if column.kind in {"time", "date"}:
        values = naive_utc(values)
    typed = values.astype(DTYPES[column.kind])
    if column.default is not None:
        typed = typed.fillna(column.default)
    return typed.reset_index(drop=True)


def naive_utc(values: pd.Series) -> pd.Series:
    """Times as naive UTC; values without an offset are taken as UTC already."""
    times = values if is_datetime64_any_dtype(values.dtype) else pd.to_datetime(values, utc=True, format="ISO8601")
    if isinstance(times.dtype, pd.DatetimeTZDtype):
        times = times.dt.tz_convert("UTC").dt.tz_localize(None)
    return times


@dataclass(frozen=True)
class Batch:
    """What one pull from one source brings, table by table; rows may repeat what the store already has."""

    people: pd.DataFrame = field(default_factory=pd.DataFrame)
    aliases: pd.DataFrame = field(default_factory=pd.DataFrame)
    meetings: pd.DataFrame = field(default_factory=pd.DataFrame)
    attendance: pd.DataFrame = field(default_factory=pd.DataFrame)
    absences: pd.DataFrame = field(default_factory=pd.DataFrame)
    moves: pd.DataFrame = field(default_factory=pd.DataFrame)
    labels: pd.DataFrame = field(default_factory=pd.DataFrame)

    def __iter__(self) -> Iterator[tuple[Table, pd.DataFrame]]:
        for each in fields(self):
            yield TABLES[each.name], getattr(self, each.name)

    def tidied(self) -> Batch:
        """The same rows with every table's full set of typed columns."""
        return Batch(**{table.name: tidy(table, frame) for table, frame in self})


def without_private_text(meetings: pd.DataFrame) -> pd.DataFrame:
    """Meetings whose owner called them private lose title and body before anybody can store them."""
    private = meetings["is_private"].fillna(value=False).astype(bool)
    if not private.any():
        return meetings
    return meetings.assign(**{name: meetings[name].mask(private) for name in ("title", "body")})


def with_local_time(meetings: pd.DataFrame, timezone: str) -> pd.DataFrame:
    """Meetings with the wall-clock columns that measures group by.

    They are local_date, local_minute, week (its Monday), start_minute and end_minute (whole minutes since 1970, UTC).
    Worked out once here because engines disagree about time zones, durations and the first day of a week.
    """
    local = meetings["start"].dt.tz_localize("UTC").dt.tz_convert(timezone).dt.tz_localize(None)
    # An all-day meeting is a date, not a moment: no zone may shift it.
    local = local.where(~meetings["all_day"].fillna(value=False).astype(bool), meetings["start"])
    date = local.dt.normalize()
    return meetings.assign(
        local_date=date,
        local_minute=(local.dt.hour * 60 + local.dt.minute).astype("Int64"),
        week=date - pd.to_timedelta(date.dt.day_of_week, unit="D"),
        start_minute=_epoch_minutes(meetings["start"]),
        end_minute=_epoch_minutes(meetings["end"]),
    )


def _epoch_minutes(times: pd.Series) -> pd.Series:
    return ((times - pd.Timestamp(0)) // pd.Timedelta(minutes=1)).astype("Int64")


def absence_days(absences: pd.DataFrame, timezone: str) -> pd.DataFrame:
    """One row a person and local day of absence, with the minutes of that day it covers.

    absence      Mon 12:00 |==========================| Wed 00:00
    result       Mon 720-1440, Tue 0-1440
    """
    columns = ABSENCE_DAYS.names
    if absences.empty:
        return pd.DataFrame(columns=columns)
    start, end = (
        absences[name].dt.tz_localize("UTC").dt.tz_convert(timezone).dt.tz_localize(None) for name in ("start", "end")
    )
    first, last = start.dt.normalize(), (end - pd.Timedelta(microseconds=1)).dt.normalize()
    days = [pd.date_range(a, b) for a, b in zip(first, last, strict=True)]
    rows = absences.assign(local_start=start, local_end=end, local_date=days).explode("local_date", ignore_index=True)
    rows = rows.dropna(subset=["local_date"])
    date = rows["local_date"].astype("datetime64[us]")
    midnight = pd.Timedelta(days=1)
    begins = (rows["local_start"] - date).clip(lower=pd.Timedelta(0))
    ends = (rows["local_end"] - date).clip(upper=midnight)
    rows = rows.assign(
        local_date=date,
        from_minute=(begins // pd.Timedelta(minutes=1)).astype("Int64"),
        to_minute=(ends // pd.Timedelta(minutes=1)).astype("Int64"),
    )
    return rows[columns].drop_duplicates(ignore_index=True)
