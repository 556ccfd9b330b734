"""Who is in a quarter's figures, frozen for the whole of it, and their hours: the only thing the compiler reads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.availability import availability
from analysis.facts import facts
from analysis.focus import focus_days
from analysis.rules import DEFAULT, Rules
from store.schema import LABELS
from store.tables import to_pandas

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from numpy.typing import NDArray

    from analysis.period import Period
    from store.tables import Lazy, Tables

    Array = NDArray[np.float64]
    Mask = NDArray[np.bool_]

REST = "other"
FOCUS = ("focus", "fragmented")


@dataclass(frozen=True)
class Cohort:
    """People present all weeks of a quarter with a calendar to read, objections out, on the chart of its first week.

    `hours` are people x weeks x labels, `available` contract hours a week less public holidays (the leave of few is
    nobody's business), `working` what is left of these after leave, `focus` people x (focus, fragmented) hours a week.
    `unread` are the places (department, team, level) of people on the chart all weeks whose calendar is not in it.
    """

    period: Period
    people: tuple[str, ...]
    department: tuple[str, ...]
    team: tuple[str, ...]
    level: NDArray[np.int64]
    hours: Array
    available: Array
    working: Array
    focus: Array
    unread: tuple[tuple[str, str, int], ...]

    @property
    def at_work(self) -> Mask:
        """Whether each person worked in each week at all."""
        return np.asarray(self.working > 0)

    @property
    def size(self) -> int:
        """How many people."""
        return len(self.people)

    def ids(self, places: Iterable[int]) -> frozenset[str]:
        """The people at some places in it: a group of a plan holds places."""
        return frozenset(self.people[each] for each in places)

    def only(self, rows: Mask) -> Cohort:
        """The cohort of some people; the others count as not read."""
        kept = np.flatnonzero(rows)
        left = [(self.department[each], self.team[each], int(self.level[each])) for each in np.flatnonzero(~rows)]
        return replace(
            self,
            people=tuple(self.people[each] for each in kept),
            department=tuple(self.department[each] for each in kept),
            team=tuple(self.team[each] for each in kept),
            level=self.level[kept],
            hours=self.hours[kept],
            available=self.available[kept],
            working=self.working[kept],
            focus=self.focus[kept],
            unread=(*self.unread, *left),
        )


def read_cohort(
    tables: Tables,
    period: Period,
    objecting: Collection[str] = (),
    cap_hours: float = 40.0,
    rules: Rules = DEFAULT,
    there: Lazy | None = None,
) -> Cohort:
    """The cohort of a quarter; nobody's week counts for more than `cap_hours`.

    `there` is the table of `presence` over what may count, where it is kept already.
    """
    seen = countable(tables, period)
    places = _present_throughout(tables, period, rules)
    hours = _hours(facts(seen, rules) if there is None else period.of(there), period, places.index)
    read = (hours.sum(axis=(1, 2)) > 0) & ~places.index.isin(list(objecting))
    everybody = Cohort(
        period=period,
        people=tuple(places.index),
        department=tuple(places["department"]),
        team=tuple(places["team"]),
        level=places["level"].to_numpy(dtype=np.int64),
        hours=_capped(hours, cap_hours),
        available=_contract(tables, period, places.index, rules),
        working=_by_week(availability(tables, period, rules), "available", period, places.index),
        focus=_focus(seen, period, places.index, rules),
        unread=(),
    )
    return everybody.only(np.asarray(read))


def countable(tables: Tables, period: Period) -> Tables:
    """What may count towards a release: nothing private, and no unanswered invitation from outside.

    Anybody can put hours into a calendar; what nobody accepted counts only when somebody on the chart asked.
    """
    meetings = period.of(tables.meetings).filter(~nw.col("is_private"))
    known = tables.people.select(organizer_id=nw.col("person_id")).unique()
    strangers = (
        meetings.filter(~nw.col("organizer_id").is_null())
        .join(known, on="organizer_id", how="anti")
        .select("meeting_id")
    )
    unasked = (
        tables.attendance.filter(nw.col("response") != "accepted", nw.col("role") != "organizer")
        .join(strangers, on="meeting_id", how="semi")
        .select("meeting_id", "person_id")
    )
    return replace(
        tables,
        meetings=meetings,
        attendance=tables.attendance.join(unasked, on=["meeting_id", "person_id"], how="anti"),
    )


def _present_throughout(tables: Tables, period: Period, rules: Rules) -> pd.DataFrame:
    """Place of everybody on the chart in every week of the period, as it was in their first week."""
    rows = availability(tables, period, rules).sort_values(["week", "person_id"], kind="stable")
    weeks = rows.groupby("person_id")["week"].nunique()
    whole = weeks[weeks == rows["week"].nunique()].index
    first = rows[rows["person_id"].isin(whole)].drop_duplicates("person_id").set_index("person_id").sort_index()
    places = first[["department", "team", "level"]].copy()
    places[["department", "team"]] = places[["department", "team"]].fillna("")
    places["level"] = places["level"].fillna(0).astype(int)
    return places


def _hours(spent: Lazy, period: Period, people: pd.Index) -> Array:
    rows = to_pandas(spent.group_by("person_id", "week", "label").agg(hours=nw.col("hours").sum()))
    person = people.get_indexer(rows["person_id"])
    week = (rows["week"] - pd.Timestamp(period.start)).dt.days.to_numpy() // 7
    places = {name: place for place, name in enumerate(LABELS)}
    label = rows["label"].map(places).fillna(places[REST]).to_numpy(dtype=int)
    found = np.zeros((len(people), period.weeks, len(LABELS)))
    kept = (person >= 0) & (week >= 0) & (week < period.weeks)
    np.add.at(found, (person[kept], week[kept], label[kept]), rows["hours"].to_numpy(dtype=float)[kept])
    return found


def _capped(hours: Array, cap: float) -> Array:
    total = hours.sum(axis=2, keepdims=True)
    return np.asarray(hours * np.minimum(1.0, cap / np.maximum(total, cap)))


def _contract(tables: Tables, period: Period, people: pd.Index, rules: Rules) -> Array:
    present = availability(
        replace(tables, absence_days=tables.absence_days.filter(nw.col("person_id").is_null())), period, rules
    )
    return _by_week(present, "available", period, people)


def _by_week(rows: pd.DataFrame, column: str, period: Period, people: pd.Index) -> Array:
    found = np.zeros((len(people), period.weeks))
    person = people.get_indexer(rows["person_id"])
    week = (rows["week"] - pd.Timestamp(period.start)).dt.days.to_numpy() // 7
    np.add.at(found, (person[person >= 0], week[person >= 0]), rows[column].to_numpy(dtype=float)[person >= 0])
    return found


def _focus(tables: Tables, period: Period, people: pd.Index, rules: Rules) -> Array:
    """Focus and fragmented hours a week of each person over the weeks they worked; who worked none is as the others."""
    present = availability(tables, period, rules).groupby(["person_id", "week"], as_index=False)["days"].sum()
    days = period.of(focus_days(tables, rules))
    sums = to_pandas(
        days.group_by("person_id", "week").agg(
            focus=nw.col("focus").sum(), fragmented=nw.col("fragmented").sum(), met=nw.len()
        )
    )
    both = present[present["days"] > 0].merge(sums, on=["person_id", "week"], how="left")
    both = both.fillna({"focus": 0.0, "fragmented": 0.0, "met": 0})
    both["focus"] += (both["days"] - both["met"]).clip(lower=0) * rules.day_hours
    means = both.groupby("person_id")[list(FOCUS)].mean().reindex(people)
    return np.asarray(means.fillna(means.mean()).fillna(0.0), dtype=float)
