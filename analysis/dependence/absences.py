"""Absence calendars: for every person and day whether, and of what kind, they were away.

out-of-office entries, lists of leave     planned, or unplanned when sick or entered on the day itself
a run of declined days, a silent gap      inferred
the same weekday most weeks               free day, a second and milder experiment
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.dependence.gathering import day_of, numbered_people
from store.tables import to_pandas

if TYPE_CHECKING:
    from analysis.dependence.gathering import Gathered
    from analysis.period import Period
    from store.tables import Tables

HERE, PLANNED, UNPLANNED, INFERRED, FREE_DAY = range(5)
LONG_MINUTES = 360
RUN_DAYS, RUN_LEAST, RUN_ASKED, RUN_DECLINED = 5, 3, 4, 0.42
SILENT_EXPECTED = 4.0
REGULAR = 0.5
QUIET_WEEKDAY = 0.15
_UNPLANNED = re.compile(r"\b(?:ziek\w*|sick\w*|ill|illness|calamiteit\w*|emergency)\b", re.IGNORECASE)
_AWAY = re.compile(
    r"\b(vakantie\w*|verlof\w*|\w+verlof|afwezig\w*|vrij|vrije dag|roostervrij\w*|parttime ?dag|papadag|mamadag|"
    r"niet werkzaam|niet aanwezig|adv|atv|out of (the )?office|ooo|on leave|\w+ leave|holidays?|vacation|pto|"
    r"days? off|not working|non[- ]working day|away|absent)\b",
    re.IGNORECASE,
)


def absence_calendar(tables: Tables, rows: Gathered, period: Period) -> np.ndarray:
    """A code per person and day: HERE, PLANNED, UNPLANNED, INFERRED or FREE_DAY. Weekends are never away."""
    calendar = np.zeros(rows.active.shape, dtype=np.int8)
    for spells in (_entries(tables, period), _listed(tables, period)):
        for code, unplanned in ((PLANNED, False), (UNPLANNED, True)):
            chosen = spells[spells["unplanned"] == unplanned]
            _enter(calendar, (chosen["person"].to_numpy(np.int64), chosen["day"].to_numpy(np.int64)), code)
    for days in (_declined_runs(rows, calendar), _silent_gaps(rows, calendar)):
        _enter(calendar, days, INFERRED)
    calendar[:, ~rows.working] = HERE
    calendar[~rows.active] = HERE
    return _with_free_days(calendar, rows)


def known_absences(tables: Tables, period: Period) -> pd.DataFrame:
    """The days of which a calendar or a list of leave says so: person (a number), day of the period, unplanned."""
    return pd.concat([_entries(tables, period), _listed(tables, period)], ignore_index=True)


def _enter(calendar: np.ndarray, where: tuple[np.ndarray, np.ndarray], code: int) -> None:
    person, day = where
    inside = (day >= 0) & (day < calendar.shape[1])
    calendar[person[inside], day[inside]] = code


def _listed(tables: Tables, period: Period) -> pd.DataFrame:
    """Days of known absences that take most of the day."""
    first, after = (nw.lit(day).cast(nw.Date) for day in (period.start, period.end))
    days = tables.absence_days.filter(
        nw.col("to_minute") - nw.col("from_minute") >= LONG_MINUTES,
        nw.col("local_date") >= first,
        nw.col("local_date") < after,
    ).join(numbered_people(tables), on="person_id")
    frame = to_pandas(days.select("person", "local_date", "kind"))
    frame["day"] = day_of(frame["local_date"], period)
    frame["unplanned"] = frame["kind"].fillna("").map(lambda kind: bool(_UNPLANNED.search(kind))).astype(bool)
    return frame[["person", "day", "unplanned"]]


def _entries(tables: Tables, period: Period) -> pd.DataFrame:
    """Days of all-day or very long entries of one person alone that are shown, kept or titled as absence."""
    whole = nw.col("all_day") | (nw.col("end_minute") - nw.col("start_minute") >= LONG_MINUTES)
    last = nw.lit(period.end).cast(nw.Date)
    entries = tables.meetings.filter(whole, nw.col("local_date") < last, nw.col("status") != "cancelled")
    guests = tables.attendance.filter(nw.col("role") != "resource").join(entries.select("meeting_id"), on="meeting_id")
    alone = (
        guests.group_by("meeting_id")
        .agg(
            guests=nw.len().cast(nw.Int64),
            person_id=nw.col("person_id").min(),
            no=(nw.col("response") == "declined").max(),
        )
        .filter(nw.col("guests") == 1, ~nw.col("no"))
    )
    found = entries.join(alone, on="meeting_id").join(numbered_people(tables), on="person_id")
    frame = to_pandas(found.select("person", "title", "start", "end", "local_date", "created", "show_as", "kind"))
    titles = {
        title: (bool(_AWAY.search(title)), bool(_UNPLANNED.search(title))) for title in frame["title"].dropna().unique()
    }
    titled = frame["title"].map({title: any(said) for title, said in titles.items()}).fillna(value=False).astype(bool)
    sick = frame["title"].map({title: said[1] for title, said in titles.items()}).fillna(value=False).astype(bool)
    kept = titled | (frame["show_as"] == "oof") | (frame["kind"] == "absence")
    frame = frame.assign(sick=sick)[kept]
    first = day_of(frame["local_date"], period)
    length = np.maximum(1, np.ceil((frame["end"] - frame["start"]) / pd.Timedelta(days=1)).to_numpy(np.int64))
    which = np.repeat(np.arange(len(frame)), length)
    rank = np.arange(len(which)) - np.repeat(np.cumsum(length) - length, length)
    same_day = (frame["created"] >= frame["start"]).to_numpy()
    return pd.DataFrame(
        {
            "person": frame["person"].to_numpy(np.int64)[which],
            "day": first[which] + rank,
            "unplanned": (frame["sick"].to_numpy() | same_day)[which],
        }
    )


def _grid(rows: Gathered, name: str) -> np.ndarray:
    """A column of the person-days as a grid of people and working days."""
    grid = np.zeros(rows.active.shape, dtype=np.float32)
    grid[rows.days["person"].to_numpy(np.int64), rows.days["day"].to_numpy(np.int64)] = rows.days[name]
    return grid[:, rows.working]


def _in_full_windows(full: np.ndarray, size: int) -> np.ndarray:
    """Cells that lie in at least one run of `size` cells marked at its start."""
    edges = np.zeros((full.shape[0], full.shape[1] + size), dtype=np.int16)
    edges[:, : full.shape[1]] += full
    edges[:, size:] -= full
    return np.cumsum(edges, axis=1)[:, : full.shape[1]] > 0


def _sums(grid: np.ndarray, size: int) -> np.ndarray:
    """Sum over each window of `size` cells, at its start; windows over the end hold what there is."""
    totals = np.cumsum(np.pad(grid, ((0, 0), (1, size))), axis=1, dtype=np.float32)
    return totals[:, size : size + grid.shape[1]] - totals[:, : grid.shape[1]]


def _as_days(cells: np.ndarray, rows: Gathered) -> tuple[np.ndarray, np.ndarray]:
    person, position = np.nonzero(cells)
    return person, np.flatnonzero(rows.working)[position]


def _declined_runs(rows: Gathered, calendar: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Days without attendance in runs of five with four invitations or more, of which 42 % or more were declined.

    Days that are known to be away are left out: they say nothing about their neighbours.
    """
    open_day = calendar[:, rows.working] == HERE
    asked, declined = _grid(rows, "asked") * open_day, _grid(rows, "declined") * open_day
    many = _sums(asked, RUN_DAYS) >= RUN_ASKED
    run = many & (_sums(declined, RUN_DAYS) >= RUN_DECLINED * _sums(asked, RUN_DAYS))
    cells = _in_full_windows(run, RUN_DAYS) & open_day & (asked == declined)
    cells &= _beside(declined > 0, cells)
    several = (_sums(cells, RUN_LEAST) == RUN_LEAST) & (_sums(declined * cells, RUN_LEAST) >= RUN_LEAST - 1)
    return _as_days(_in_full_windows(several, RUN_LEAST), rows)


def _beside(marked: np.ndarray, cells: np.ndarray) -> np.ndarray:
    """Cells that are marked or have a marked cell before and after them in the same run."""
    size = cells.shape[1]
    place = np.arange(size)[None, :]
    broken = np.maximum.accumulate(np.where(~cells, place, -1), axis=1)
    before = np.maximum.accumulate(np.where(marked, place, -1), axis=1) > broken
    breaks = np.minimum.accumulate(np.where(~cells, place, size)[:, ::-1], axis=1)[:, ::-1]
    after = np.minimum.accumulate(np.where(marked, place, size)[:, ::-1], axis=1)[:, ::-1] < breaks
    return before & after


def _silent_gaps(rows: Gathered, calendar: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Five working days without any occurrence of one's standing series, where many were to be expected.

    Only series are looked at: ad-hoc meetings that do not take place are what the measure is after.
    """
    here = rows.active[:, rows.working] & (calendar[:, rows.working] == HERE)
    standing = _grid(rows, "standing")
    everybody = standing.sum(axis=0)
    busy = (everybody / max(1.0, float(everybody.mean()))).astype(np.float32)
    rate = (standing * here).sum(axis=1) / np.maximum(1.0, (here * busy).sum(axis=1))
    expected = _sums(rate[:, None] * busy[None, :], RUN_DAYS)
    silent = (_sums(standing, RUN_DAYS) == 0) & (expected >= SILENT_EXPECTED) & (_sums(here, RUN_DAYS) == RUN_DAYS)
    silent[:, -RUN_DAYS + 1 :] = False
    return _as_days(_in_full_windows(silent, RUN_DAYS), rows)


def _with_free_days(calendar: np.ndarray, rows: Gathered) -> np.ndarray:
    """Days on the weekday that is away most weeks, or on which hardly anything is ever attended, are free days."""
    people, days = calendar.shape
    weeks = calendar.reshape(people, days // 7, 7)
    active = rows.active.reshape(weeks.shape)
    away = weeks != HERE
    others = away[:, :, :5].sum(axis=2, keepdims=True) - away
    single = away & (others <= 1)
    known = single.sum(axis=1) / np.maximum(1, (active & (others <= 1)).sum(axis=1))
    regular = (known >= REGULAR) | _quiet_weekdays(rows, away)
    whole_week = others >= 3
    free = regular[:, None, :] & active & ~(away & whole_week)
    free[:, :, 5:] = False
    return np.where(free, FREE_DAY, weeks).astype(np.int8).reshape(people, days)


def _quiet_weekdays(rows: Gathered, away: np.ndarray) -> np.ndarray:
    """Weekdays on which a person attends far less than on their other ones, measured against everybody's week."""
    there = np.zeros(rows.active.shape, dtype=np.float32)
    person, day = rows.days["person"].to_numpy(np.int64), rows.days["day"].to_numpy(np.int64)
    there[person, day] = rows.days["asked"] - rows.days["declined"]
    weeks = np.where(away, 0, there.reshape(away.shape)).sum(axis=1)
    present = np.maximum(1, (rows.active.reshape(away.shape) & ~away).sum(axis=1))
    rate = weeks / present
    usual = rate / np.maximum(1e-9, rate.mean(axis=0, keepdims=True))
    rest = (usual[:, :5].sum(axis=1, keepdims=True) - usual) / 4
    enough = weeks[:, :5].sum(axis=1, keepdims=True) >= 40
    quiet: np.ndarray = enough & (usual < QUIET_WEEKDAY * rest)
    quiet[:, 5:] = False
    return quiet
