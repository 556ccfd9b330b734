"""Series that still meet, and the hours a week that ending, halving, delegating or inviting fewer would free."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.habits.endless import OLD_WEEKS, RECENT_WEEKS, STILL_MEETING_WEEKS
from analysis.period import WEEK, Period
from analysis.scope import EVERYBODY, Scope
from store.tables import only, to_pandas

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from analysis.usual import Lately
    from store.tables import Lazy, Tables

# A meeting to decide in holds no more people than this (notes of several makers of calendars say 5 to 8).
ENOUGH_PEOPLE = 8
# Two series of which so large a part of the people is the same ask for much the same table.
MUCH_THE_SAME = 0.7
# A seat has who comes to at least half of the meetings.
SEAT = 0.5
MOST = 60


@dataclass(frozen=True)
class Freed:
    """Hours a week that one choice frees: of the scope, and of everybody else in the room (below zero: it costs)."""

    own: float
    others: float


@dataclass(frozen=True)
class SeriesLoad:
    """One series that still meets, over the last quarter of a period.

    since: its creation, or its first meeting where that is earlier; endless: older than half a year and no end is in
    the calendar; until: its last planned meeting where that lies before the calendar's own end; people: of the scope;
    room: mean number of people; hours_a_week: of the scope; stand_ins: people of the same team with a seat, for one
    person's scope; alike: the series with the most people in common, where it is much the same table.
    """

    series_id: str
    label: str
    since: date
    weeks: int
    endless: bool
    until: date | None
    meetings: int
    people: int
    room: float
    minutes: float
    hours_a_week: float
    organizer_id: str | None
    stand_ins: int
    alike: str | None
    alike_share: float
    ending: Freed
    halving: Freed
    delegating: Freed | None
    fewer: Freed


@dataclass(frozen=True)
class Stopping:
    """The series of a scope that still meet, most hours a week first, at most sixty.

    hours_a_week: of all its meetings, in series or not; in_series: of all series; usual: the same in the year before,
    none without four weeks of it; count: how many series there are.
    """

    scope: str
    period: Period
    window: Period
    series: tuple[SeriesLoad, ...]
    hours_a_week: float
    in_series: float
    usual: float | None
    count: int


def stopping(tables: Tables, there: Lazy, period: Period, when: Lately, scope: Scope = EVERYBODY) -> Stopping:
    """What the series of a scope take; `there` is the kept table of `presence`."""
    window = Period(max(period.start, period.end - RECENT_WEEKS * WEEK), period.end)
    all_hours = to_pandas(window.of(scope.of(there)).select(hours=nw.col("hours").sum()))["hours"].iloc[0]
    mine = _sat(scope.of(there), window)
    wanted = sorted(mine["series_id"].unique())
    room = _sat(only(there, "series_id", wanted), window)
    room = room[room["series_id"].isin(wanted)]
    facts = _series_facts(tables, period, wanted).reindex(wanted)
    still = facts[facts["still"].fillna(value=False).astype(bool)]
    hours = mine.groupby("series_id")["hours"].sum().reindex(still.index)
    count = len(still)
    still = still.loc[hours.sort_values(ascending=False, kind="stable").index[:MOST]]
    seats = _seats(room)
    alike = _alike(seats, list(still.index))
    rooms, own = dict(list(room.groupby("series_id"))), dict(list(mine.groupby("series_id")))
    found = [
        _one(series, own[series], rooms[series], still.loc[series], alike.get(series), window, scope)
        for series in still.index
    ]
    found.sort(key=lambda each: (-each.hours_a_week, each.series_id))
    return Stopping(
        scope=scope.name,
        period=period,
        window=window,
        series=tuple(found),
        hours_a_week=_number(all_hours) / window.weeks,
        in_series=float(mine["hours"].sum()) / window.weeks,
        usual=_usual(there, when, scope),
        count=count,
    )


def _usual(there: Lazy, when: Lately, scope: Scope) -> float | None:
    """Hours a week in series in the year before."""
    if when.usual is None:
        return None
    rows = when.usual.of(scope.of(there)).filter(~nw.col("series_id").is_null())
    return _number(to_pandas(rows.select(hours=nw.col("hours").sum()))["hours"].iloc[0]) / when.usual.weeks


def _number(value: object) -> float:
    return 0.0 if value is None or pd.isna(value) else float(str(value))


def _sat(there: Lazy, window: Period) -> pd.DataFrame:
    rows = window.of(there).filter(~nw.col("series_id").is_null())
    columns = ("series_id", "meeting_id", "person_id", "team", "label", "hours", "begin", "finish")
    return to_pandas(rows.select(*columns))


def _series_facts(tables: Tables, period: Period, wanted: Sequence[str]) -> pd.DataFrame:
    """Per series: since, whether it still meets at the period's end, whether it has a last meeting in sight."""
    held = tables.meetings.filter(nw.col("status") != "cancelled", ~nw.col("series_id").is_null())
    rows = to_pandas(
        only(held, "series_id", wanted)
        .group_by("series_id")
        .agg(
            first=nw.col("local_date").min(),
            last=nw.col("local_date").max(),
            created=nw.col("created").min(),
            meetings=nw.len().cast(nw.Int64),
        )
    ).set_index("series_id")
    # How far the calendars of all series go, not those of the wanted ones alone.
    end, horizon = pd.Timestamp(period.end), to_pandas(held.select(last=nw.col("local_date").max()))["last"].iloc[0]
    between = (rows["last"] - rows["first"]) / (rows["meetings"] - 1).clip(lower=1)
    since = rows[["first", "created"]].min(axis=1).dt.normalize()
    still = rows["last"] >= end - pd.Timedelta(weeks=STILL_MEETING_WEEKS)
    # The calendar goes on and the series does not: two more of its meetings would have been in it.
    stops = still & (rows["last"] >= end) & (rows["last"] + 2 * between < horizon)
    return pd.DataFrame(
        {
            "since": since,
            "still": still,
            "until": rows["last"].where(stops),
            "endless": still & ~stops & (since <= end - pd.Timedelta(weeks=OLD_WEEKS)),
        }
    ).join(_organizers(tables, wanted))


def _organizers(tables: Tables, wanted: Sequence[str]) -> pd.Series:
    known = tables.meetings.filter(~nw.col("series_id").is_null(), ~nw.col("organizer_id").is_null())
    rows = to_pandas(
        only(known, "series_id", wanted).select("series_id", "organizer_id", "start", "meeting_id"),
    )
    last = rows.sort_values(["series_id", "start", "meeting_id"]).drop_duplicates("series_id", keep="last")
    return last.set_index("series_id")["organizer_id"]


def _seats(room: pd.DataFrame) -> pd.DataFrame:
    """Who has a seat in which series: series_id, person_id."""
    held = room.groupby("series_id")["meeting_id"].nunique().reset_index(name="held")
    came = room.groupby(["series_id", "person_id"])["meeting_id"].nunique().reset_index(name="came")
    seats = came.merge(held, on="series_id")
    return seats[seats["came"] >= SEAT * seats["held"]]


def _alike(seats: pd.DataFrame, wanted: list[str]) -> dict[str, tuple[str, float]]:
    """The series with the most people in common (Jaccard index), where it is much the same table."""
    rows = seats[seats["series_id"].isin(wanted)]
    if rows["series_id"].nunique() < 2:
        return {}
    series, row = np.unique(rows["series_id"].to_numpy(dtype=object), return_inverse=True)
    _, column = np.unique(rows["person_id"].to_numpy(dtype=object), return_inverse=True)
    there = np.zeros((len(series), column.max() + 1))
    there[row, column] = 1.0
    both = there @ there.T
    sizes = there.sum(axis=1)
    shares = both / (sizes[:, None] + sizes[None, :] - both)
    np.fill_diagonal(shares, 0.0)
    best = shares.argmax(axis=1)
    return {
        str(series[at]): (str(series[best[at]]), float(shares[at, best[at]]))
        for at in range(len(series))
        if shares[at, best[at]] >= MUCH_THE_SAME and sizes[at] > 2
    }


def _one(
    series: str,
    mine: pd.DataFrame,
    room: pd.DataFrame,
    facts: pd.Series,
    alike: tuple[str, float] | None,
    window: Period,
    scope: Scope,
) -> SeriesLoad:
    own = float(mine["hours"].sum()) / window.weeks
    others = max(0.0, float(room["hours"].sum()) / window.weeks - own)
    meetings = mine["meeting_id"].nunique()
    size = len(room) / max(1, room["meeting_id"].nunique())
    once = mine.drop_duplicates("meeting_id")
    stand_ins = _stand_ins(room, scope.person_id)
    return SeriesLoad(
        series_id=series,
        label=str(mine.groupby("label")["hours"].sum().idxmax()),
        since=facts["since"].date(),
        weeks=(pd.Timestamp(window.end) - facts["since"]).days // 7,
        endless=bool(facts["endless"]),
        until=None if pd.isna(facts["until"]) else facts["until"].date(),
        meetings=int(meetings),
        people=int(mine["person_id"].nunique()),
        room=size,
        minutes=float((once["finish"] - once["begin"]).mean()),
        hours_a_week=own,
        organizer_id=None if pd.isna(facts["organizer_id"]) else str(facts["organizer_id"]),
        stand_ins=stand_ins,
        alike=alike[0] if alike else None,
        alike_share=alike[1] if alike else 0.0,
        ending=Freed(own, others),
        halving=Freed(own / 2, others / 2),
        delegating=_delegated(own, stand_ins) if scope.person_id else None,
        fewer=_fewer(own, others, size, alone=scope.person_id is not None),
    )


def _stand_ins(room: pd.DataFrame, person: str | None) -> int:
    teams = room.loc[room["person_id"] == person, "team"].dropna().unique()
    seated = _seats(room)["person_id"]
    others = room[(room["person_id"] != person) & room["team"].isin(teams) & room["person_id"].isin(seated)]
    return int(others["person_id"].nunique())


def _delegated(own: float, stand_ins: int) -> Freed:
    """Somebody of one's team who sits there already takes it along; anybody else spends the time instead."""
    return Freed(own, 0.0 if stand_ins else -own)


def _fewer(own: float, others: float, size: float, *, alone: bool) -> Freed:
    """The room brought back to `ENOUGH_PEOPLE`, oneself among them; a group gives up its part."""
    if size <= ENOUGH_PEOPLE:
        return Freed(0.0, 0.0)
    surplus = (own + others) * (size - ENOUGH_PEOPLE) / size
    if alone:
        return Freed(0.0, min(others, surplus))
    part = own / (own + others) if own + others else 0.0
    return Freed(surplus * part, surplus * (1 - part))
