"""From working days and quarters of an hour to clock times in UTC: starts, creations, last changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from connectors.demo.grid import DAYS, FIRST_HOUR
from connectors.demo.purposes import PURPOSES

if TYPE_CHECKING:
    from datetime import date

    from connectors.demo.grid import Meeting

Times = np.ndarray
MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def seconds(values: np.ndarray) -> np.ndarray:
    """Whole seconds as a span of time."""
    return values.astype("int64").astype("timedelta64[s]")


def at(monday: date, day: np.ndarray, slot: np.ndarray) -> Times:
    """The wall-clock time of a working day and a quarter of it."""
    days = day // DAYS * 7 + day % DAYS
    return np.datetime64(monday, "s") + seconds(days * DAY + FIRST_HOUR * HOUR + slot * 15 * MINUTE)


def utc(local: Times, timezone: str) -> pd.Series:
    """Wall-clock times as naive UTC; a time that the clock skips is the first one after it."""
    times = pd.Series(local).dt.tz_localize(
        timezone, ambiguous=np.zeros(len(local), dtype=bool), nonexistent="shift_forward"
    )
    return times.dt.tz_convert("UTC").dt.tz_localize(None)


def created(made: list[Meeting], planned: Times, chance: np.random.Generator) -> Times:
    """When each meeting was put in the calendar: by purpose, in office hours, all occurrences of a series at once."""
    size = len(made)
    median = np.array([PURPOSES[each.purpose].lead for each in made])
    spread = np.array([PURPOSES[each.purpose].spread for each in made])
    series = np.array([each.series for each in made])
    draw = chance.standard_normal(size + series.max(initial=0) + 1)
    normal = np.where(series >= 0, draw[size + series], draw[:size])
    lead = np.maximum(median * np.exp(spread * normal), 0.15) * HOUR
    anchor = pd.Series(planned).groupby(np.where(series >= 0, series, -1 - np.arange(size))).transform("min").to_numpy()
    share = chance.random(size + series.max(initial=0) + 1)
    moment = np.where(series >= 0, share[size + series], share[:size])
    raw = anchor.astype("datetime64[s]") - seconds(lead)
    urgent = lead < 6 * HOUR
    moments: Times = np.where(urgent, raw, _in_office_hours(raw, anchor.astype("datetime64[s]"), moment))
    return moments


def changed(before: Times, planned: Times, chance: np.random.Generator) -> Times:
    """When a meeting was moved or cancelled: mostly in the last days before it, never before it existed."""
    ahead = seconds(np.minimum(chance.exponential(26 * HOUR, len(planned)), 14 * DAY))
    moments: Times = np.maximum(planned - ahead, before + seconds(np.full(len(planned), 5 * MINUTE)))
    return moments


def _in_office_hours(raw: Times, anchor: Times, moment: np.ndarray) -> Times:
    date = raw.astype("datetime64[D]")
    weekday = (date.astype("int64") + 3) % 7
    date = date - np.maximum(weekday - 4, 0).astype("timedelta64[D]")
    clock = (raw - raw.astype("datetime64[D]").astype("datetime64[s]")).astype("int64")
    outside = (clock < FIRST_HOUR * HOUR) | (clock >= 18 * HOUR) | (weekday > 4)
    clock = np.where(outside, (FIRST_HOUR + 10 * moment) * HOUR, clock)
    moved = date.astype("datetime64[s]") + seconds(clock)
    earlier: Times = np.minimum(moved, anchor - seconds(np.full(len(raw), 10 * MINUTE)))
    return earlier
