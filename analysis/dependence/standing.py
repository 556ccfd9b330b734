"""Standing tables, week by week: series with three seats or more, the weeks in which each met, and who was away.

Weeks are counted and not meetings, so that a meeting that moved within its week took place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.dependence.absences import known_absences
from analysis.dependence.gathering import day_of, numbered_people
from store.tables import to_pandas

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from analysis.period import Period
    from store.tables import Lazy, Tables

    Grid = NDArray[np.bool_]

FEWEST_WEEKS = 6
FEWEST_SEATS, MOST_SEATS = 3, 40
SEAT = 0.5
DAYS_AWAY = 3


@dataclass(frozen=True)
class Standing:
    """Standing tables and people by number.

    met and there: tables x weeks, in which it met, and in which it was there to meet, from its first meeting to its
    last; away: people x weeks; table and person: one entry a seat. labels are what most meetings are for, null where
    nobody knows; called_by is who calls most of them, -1 for nobody on the chart.
    """

    series: np.ndarray
    labels: np.ndarray
    called_by: np.ndarray
    people: np.ndarray
    met: Grid
    there: Grid
    away: Grid
    table: np.ndarray
    person: np.ndarray


def standing(tables: Tables, period: Period, among: Collection[str] | None = None) -> Standing:
    """The standing tables of a period: at least six weeks with a meeting, and three to forty seats.

    Only people named by `among` have one, if it is given.
    """
    meetings = _meetings(tables, period)
    series = np.array(sorted(meetings["series_id"].unique()), dtype=object)
    number = np.searchsorted(series, meetings["series_id"].to_numpy(dtype=object))
    people = to_pandas(numbered_people(tables)).sort_values("person")["person_id"].to_numpy(dtype=object)
    counted = np.ones(len(people), dtype=bool) if among is None else np.isin(people, sorted(among))
    met, there = _weeks(number, meetings, (len(series), period.weeks))
    came = _came(tables, period)
    came = came[counted[came["person"].to_numpy(dtype=np.int64)]]
    table, person = _seats(came, series, np.bincount(number[meetings["held"]], minlength=len(series)))
    return Standing(
        series=series,
        labels=_mostly(meetings, "label").reindex(series).to_numpy(dtype=object),
        called_by=_places(_mostly(meetings, "organizer_id").reindex(series), people),
        people=people,
        met=met,
        there=there,
        away=_away(tables, len(people), period),
        table=table,
        person=person,
    )


def _in_series(tables: Tables, period: Period) -> Lazy:
    wanted = ~nw.col("series_id").is_null() & (nw.col("kind") == "meeting") & ~nw.col("all_day")
    return period.of(tables.meetings).filter(wanted)


def _meetings(tables: Tables, period: Period) -> pd.DataFrame:
    """Every meeting of a series that met in enough weeks, and what was called off as well."""
    rows = _in_series(tables, period).join(tables.labels.select("meeting_id", "label"), on="meeting_id", how="left")
    frame = to_pandas(rows.select("series_id", "organizer_id", "local_date", "status", "label"))
    frame["held"] = (frame["status"] != "cancelled").astype(bool)
    frame["week"] = day_of(frame["local_date"], period) // 7
    weeks = frame[frame["held"]].groupby("series_id")["week"].nunique()
    return frame[frame["series_id"].isin(weeks.index[weeks >= FEWEST_WEEKS])]


def _weeks(number: np.ndarray, meetings: pd.DataFrame, shape: tuple[int, int]) -> tuple[Grid, Grid]:
    """By series and week: whether it met, and whether it lies between its first meeting and its last.

    The first and the last week themselves prove nothing: they are there because it met.
    """
    week, held = meetings["week"].to_numpy(dtype=np.int64), meetings["held"].to_numpy(dtype=bool)
    met = np.zeros(shape, dtype=bool)
    met[number[held], week[held]] = True
    first, last = np.full(shape[0], shape[1]), np.full(shape[0], -1)
    np.minimum.at(first, number, week)
    np.maximum.at(last, number, week)
    weeks = np.arange(shape[1])
    return met, (first[:, None] < weeks) & (weeks < last[:, None])


def _mostly(meetings: pd.DataFrame, what: str) -> pd.Series:
    """The value of most meetings held of each series."""
    said = meetings[meetings["held"]].groupby(["series_id", what]).size().rename("times").reset_index()
    most = said.sort_values(["times", what], ascending=[False, True]).drop_duplicates("series_id")
    return most.set_index("series_id")[what]


def _places(ids: pd.Series, people: np.ndarray) -> np.ndarray:
    places: np.ndarray = pd.Index(people).get_indexer(pd.Index(ids.to_numpy(dtype=object)))
    return places


def _came(tables: Tables, period: Period) -> pd.DataFrame:
    """How many meetings of each series each person was asked to and did not decline: series_id, person, times."""
    held = _in_series(tables, period).filter(nw.col("status") != "cancelled").select("meeting_id", "series_id")
    came = tables.attendance.filter(nw.col("role") != "resource", nw.col("response") != "declined")
    rows = came.select("meeting_id", "person_id").join(held, on="meeting_id")
    rows = rows.join(numbered_people(tables), on="person_id")
    return to_pandas(rows.group_by("series_id", "person").agg(times=nw.len()))


def _seats(came: pd.DataFrame, series: np.ndarray, meetings: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Whoever came to half of a series' meetings or more has a seat; a gathering of everybody has none."""
    came = came[came["series_id"].isin(set(series))].sort_values(["series_id", "person"])
    table = np.searchsorted(series, came["series_id"].to_numpy(dtype=object))
    seated = came["times"].to_numpy() >= SEAT * meetings[table]
    seats = np.bincount(table[seated], minlength=len(series))
    kept = seated & ((seats >= FEWEST_SEATS) & (seats <= MOST_SEATS))[table]
    return table[kept], came["person"].to_numpy(dtype=np.int64)[kept]


def _away(tables: Tables, people: int, period: Period) -> Grid:
    """Whether each person is known to have been away three working days or more of each week.

    Gaps in a calendar are left out: a table that does not meet makes such a gap by itself.
    """
    days = known_absences(tables, period)
    person, day = days["person"].to_numpy(dtype=np.int64), days["day"].to_numpy(dtype=np.int64)
    inside = (day >= 0) & (day < 7 * period.weeks) & (day % 7 < 5)
    away = np.zeros((people, 7 * period.weeks), dtype=bool)
    away[person[inside], day[inside]] = True
    enough: Grid = away.reshape(people, period.weeks, 7).sum(axis=2) >= DAYS_AWAY
    return enough
