"""Which series are forums, who sits in them, and what else the same people meet about."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import narwhals as nw
import pandas as pd

from analysis.facts import placed
from store.tables import to_pandas

if TYPE_CHECKING:
    from analysis.period import Period
    from store.tables import Lazy, Tables

FEWEST_MEETINGS = 6
FEWEST_MEMBERS = 3
STABLE = 0.6
SEAT = 0.5
TOP_LEVEL = 2
SAME_PEOPLE = 0.8
# A gathering of everybody is no table with seats.
MOST_MEMBERS = 40
ASSISTANT = r"assisten|assistant|secretaress|secretariaat|secretary"
PRESENT = (
    "meeting_id",
    "series_id",
    "person_id",
    "level",
    "label",
    "hours",
    "begin",
    "finish",
    "week",
    "local_date",
)


@dataclass(frozen=True)
class Seats:
    """Everything about the forums of a period, as small frames.

    members: series_id, person_id, level, department, team, stability; meetings: one row an occurrence held with
    series_id, label, hours, person_hours, levels, span and chair_id; besides: the same for meetings outside any series
    with a forum's people (forum_id says whose); asked: everybody asked to each occurrence, and whether they came;
    ad_hoc: all meetings outside any series with the top in them.
    """

    members: pd.DataFrame
    meetings: pd.DataFrame
    besides: pd.DataFrame
    asked: pd.DataFrame
    ad_hoc: pd.DataFrame

    def about(self, subjects: pd.DataFrame) -> Seats:
        """The same with the topic of every meeting, null where it has none."""
        named = {
            name: getattr(self, name).merge(subjects, on="meeting_id", how="left")
            for name in ("meetings", "besides", "ad_hoc")
        }
        return replace(self, **named)

    @property
    def elsewhere(self) -> pd.Series:
        """The topics of all meetings outside any series with the top in them."""
        return self.ad_hoc["topic"]

    def of(self, series: str) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
        """The members, the meetings and the meetings besides of one forum."""
        members = self.members[self.members["series_id"] == series]
        meetings = self.meetings[self.meetings["series_id"] == series]
        return members, meetings, self.besides[self.besides["forum_id"] == series]

    def asked_to(self, series: str) -> pd.DataFrame:
        """Who was asked to the meetings of one forum."""
        return self.asked[self.asked["series_id"] == series]


def seats(tables: Tables, there: Lazy, period: Period) -> Seats:
    """The forums of a period: six or more meetings of a series, three or more people who stay, the top among them."""
    present = _present(there, period)
    asked = _asked(tables, present, period)
    members = _members(asked)
    asked = asked[asked["series_id"].isin(members["series_id"])]
    held = _meetings(present).merge(_chairs(tables, asked), on="meeting_id", how="left")
    ad_hoc = held[held["series_id"].isna()]
    besides = _besides(ad_hoc, present, members)
    return Seats(members, held[held["series_id"].isin(members["series_id"])], besides, asked, ad_hoc)


def _present(there: Lazy, period: Period) -> pd.DataFrame:
    """Who was there, in series that the top ever came to and in other meetings with the top."""
    rows = period.of(there)
    top = rows.filter(nw.col("level") <= TOP_LEVEL)
    series = top.filter(~nw.col("series_id").is_null()).select("series_id").unique()
    kept = [
        rows.join(series, on="series_id", how="semi"),
        rows.filter(nw.col("series_id").is_null()).join(top.select("meeting_id").unique(), on="meeting_id", how="semi"),
    ]
    return to_pandas(nw.concat([part.select(*PRESENT) for part in kept]))


def _meetings(present: pd.DataFrame) -> pd.DataFrame:
    """One row a meeting: its time, label, hours and the levels in the room."""
    meetings = present.groupby("meeting_id").agg(
        begin=("begin", "first"),
        finish=("finish", "first"),
        week=("week", "first"),
        local_date=("local_date", "first"),
        label=("label", "first"),
        person_hours=("hours", "sum"),
        people=("person_id", "nunique"),
        levels=("level", "nunique"),
        highest=("level", "min"),
        lowest=("level", "max"),
    )
    meetings["series_id"] = present.groupby("meeting_id")["series_id"].first()
    meetings["hours"] = (meetings["finish"] - meetings["begin"]) / 60
    meetings["span"] = meetings["lowest"] - meetings["highest"] + 1
    return meetings.reset_index()


def _asked(tables: Tables, present: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Everybody on the chart who was asked to the meetings held of these series, and whether they came."""
    series = present["series_id"].dropna().unique().tolist()
    meetings = period.of(tables.meetings).filter(nw.col("series_id").is_in(series))
    rows = tables.attendance.filter(nw.col("role") != "resource").select("meeting_id", "person_id")
    rows = rows.join(meetings.select("meeting_id", "series_id", "local_date", begin="start_minute"), on="meeting_id")
    asked = to_pandas(placed(rows, tables.people))
    came = present[["meeting_id", "person_id"]].assign(came=True)
    held = asked[asked["meeting_id"].isin(came["meeting_id"])]
    return held.merge(came, on=["meeting_id", "person_id"], how="left").fillna({"came": False}).astype({"came": bool})


def _members(asked: pd.DataFrame) -> pd.DataFrame:
    """Who is asked to at least half of the meetings of each series that is a forum."""
    stability = _stability(asked)
    stable = stability[(stability["meetings"] >= FEWEST_MEETINGS) & (stability["stability"] >= STABLE)]
    last = asked.sort_values("begin").drop_duplicates(["series_id", "person_id"], keep="last")
    times = asked.groupby(["series_id", "person_id"]).size().rename("times").reset_index()
    rows = last.merge(times, on=["series_id", "person_id"]).merge(stable, on="series_id")
    rows = rows[rows["times"] >= SEAT * rows["meetings"]]
    size = rows.groupby("series_id")["person_id"].transform("size")
    top = rows.groupby("series_id")["level"].transform("min")
    forum = size.between(FEWEST_MEMBERS, MOST_MEMBERS) & (top <= TOP_LEVEL)
    return rows.loc[forum, ["series_id", "person_id", "level", "department", "team", "stability"]]


def _stability(asked: pd.DataFrame) -> pd.DataFrame:
    """Per series its meetings and the mean Jaccard overlap of who was asked to one meeting and to the next."""
    rows = asked[["series_id", "meeting_id", "person_id", "begin"]].drop_duplicates()
    order = rows.drop_duplicates("meeting_id").sort_values(["series_id", "begin", "meeting_id"])
    order = order.assign(number=order.groupby("series_id").cumcount())
    rows = rows.merge(order[["meeting_id", "number"]], on="meeting_id")
    size = rows.groupby(["series_id", "number"]).size()
    following = rows.assign(number=rows["number"] - 1)
    same = rows.merge(following, on=["series_id", "person_id", "number"]).groupby(["series_id", "number"]).size()
    after = size.rename(index=lambda number: number - 1, level="number").reindex(size.index)
    shared = same.reindex(size.index).fillna(0)
    overlap = (shared / (size + after - shared)).groupby("series_id").mean()
    return pd.DataFrame({"meetings": size.groupby("series_id").size(), "stability": overlap}).reset_index()


def _chairs(tables: Tables, asked: pd.DataFrame) -> pd.DataFrame:
    """Who led each meeting: its organiser; where that is an assistant, the one of the highest level who came."""
    if asked.empty:
        return pd.DataFrame({"meeting_id": pd.Series(dtype="str"), "chair_id": pd.Series(dtype="str")})
    series = asked["series_id"].unique().tolist()
    organisers = to_pandas(
        tables.meetings.filter(nw.col("series_id").is_in(series)).select("meeting_id", chair_id="organizer_id")
    )
    functions = to_pandas(tables.people.select("person_id", "function", "level")).dropna(subset="function")
    named = functions["function"].str.contains(ASSISTANT, case=False)
    assistants = functions.loc[named & (functions["level"] > TOP_LEVEL), "person_id"]
    came = asked[asked["came"]]
    highest = came[came["level"] == came.groupby("meeting_id")["level"].transform("min")]
    # Two people of the highest level: nobody can say for whom the assistant sent it.
    alone = highest.drop_duplicates("meeting_id", keep=False).set_index("meeting_id")["person_id"]
    corrected = organisers["meeting_id"].map(alone)
    by_assistant = organisers["chair_id"].isin(assistants)
    return organisers.assign(chair_id=organisers["chair_id"].where(~by_assistant, corrected))


def _besides(ad_hoc: pd.DataFrame, present: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """Meetings outside any series, of three or more people of whom at least 80 % have a seat in the forum."""
    enough = ad_hoc[ad_hoc["people"] >= FEWEST_MEMBERS]
    seats_of = members[["series_id", "person_id"]].rename(columns={"series_id": "forum_id"})
    rows = present[["meeting_id", "person_id"]].merge(enough[["meeting_id", "people"]], on="meeting_id")
    sitting = rows.merge(seats_of, on="person_id").groupby(["meeting_id", "forum_id"]).size().rename("sitting")
    found = enough.merge(sitting.reset_index(), on="meeting_id")
    return found[found["sitting"] >= SAME_PEOPLE * found["people"]]
