"""Standing tables where the top meets: what takes their time, what keeps coming back, who leads, who sends a deputy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from analysis.availability import availability
from analysis.forums.chairing import Chair, chair
from analysis.forums.seats import Seats, seats
from analysis.forums.standins import Deputies, deputies
from analysis.presence import Coverage, coverage
from analysis.rules import DEFAULT, Rules
from analysis.scope import EVERYBODY, Scope
from store.schema import LABELS

if TYPE_CHECKING:
    from datetime import date

    from analysis.period import Period
    from store.tables import Lazy, Tables

FEWEST_RETURNS = 3
MOST_TOPICS = 20
ITS_OWN_NAME = 0.5
MANY_LEVELS = 3
RECENT_WEEKS = 26


@dataclass(frozen=True)
class Returning:
    """A subject that keeps coming back to a forum's people: in how many meetings, over how many different weeks."""

    topic: str
    meetings: int
    weeks: int
    escalations: int
    first: date
    last: date


@dataclass(frozen=True)
class Arrivals:
    """Escalations on a forum's table: in its own meetings, and in meetings besides with the same people.

    share_of_time is of its own clock hours; hours are clock hours of both kinds.
    """

    own: int
    besides: int
    hours: float
    share_of_time: float


@dataclass(frozen=True)
class Layers:
    """Levels in the room: average number of them, average span from highest to lowest, share of hours with three."""

    levels: float | None
    span: float | None
    three_share: float | None


@dataclass(frozen=True)
class Forum:
    """One forum: a series with a stable, named set of people that includes the top.

    hours are clock hours of its meetings, person_hours those of everybody in them (overlaps counted once), a_year the
    person-hours of a year at this pace; stability is the mean overlap of the people asked to successive meetings.
    """

    series_id: str
    members: tuple[str, ...]
    levels: dict[int, int]
    departments: tuple[str, ...]
    meetings: int
    weeks: int
    stability: float
    hours: float
    person_hours: float
    a_year: float
    labels: dict[str, float]
    returning: tuple[Returning, ...]
    without_topic: int
    arrivals: Arrivals
    layers: Layers
    chair: Chair
    deputies: Deputies


@dataclass(frozen=True)
class Forums:
    """All forums in which somebody of the scope has a seat, most person-hours first."""

    scope: str
    period: Period
    forums: tuple[Forum, ...]
    coverage: Coverage

    def forum(self, series_id: str) -> Forum:
        """The forum of one series."""
        return next(each for each in self.forums if each.series_id == series_id)


def forums(
    tables: Tables,
    there: Lazy,
    subjects: pd.DataFrame,
    period: Period,
    scope: Scope = EVERYBODY,
    rules: Rules = DEFAULT,
) -> Forums:
    """The forums of a scope; `there` is the kept table of `presence`, `subjects` says which meeting was about what."""
    found = seats(tables, there, period).about(subjects)
    mine = scope.of_frame(found.members)["series_id"].unique()
    elsewhere = _words(found.elsewhere)
    listed = [_forum(str(series), found, elsewhere, period) for series in sorted(mine)]
    return Forums(
        scope=scope.name,
        period=period,
        forums=tuple(sorted(listed, key=lambda forum: (-forum.person_hours, forum.series_id))),
        coverage=coverage(there, availability(tables, period, rules), period, scope),
    )


def _forum(series: str, found: Seats, elsewhere: set[str], period: Period) -> Forum:
    members, own, besides = found.of(series)
    person_hours = float(own["person_hours"].sum())
    weeks = max(1, (own["week"].max() - own["week"].min()).days // 7 + 1)
    return Forum(
        series_id=series,
        members=tuple(sorted(members["person_id"])),
        levels={int(level): int(count) for level, count in members["level"].value_counts().sort_index().items()},
        departments=tuple(sorted(members["department"].dropna().unique())),
        meetings=len(own),
        weeks=weeks,
        stability=float(members["stability"].iloc[0]),
        hours=float(own["hours"].sum()),
        person_hours=person_hours,
        a_year=person_hours / weeks * 52,
        labels=_labels(own),
        returning=_returning(own[~_only_its_name(own["topic"], elsewhere)], besides),
        without_topic=int(own["topic"].isna().sum() + besides["topic"].isna().sum()),
        arrivals=_arrivals(own, besides),
        layers=_layers(own),
        chair=chair(own[own["week"] >= pd.Timestamp(period.end) - pd.Timedelta(weeks=RECENT_WEEKS)], len(members)),
        deputies=deputies(found.asked_to(series), members),
    )


def _labels(own: pd.DataFrame) -> dict[str, float]:
    """Share of clock hours by label, in fixed order."""
    hours, total = own.groupby("label")["hours"].sum(), own["hours"].sum()
    names = [*LABELS, *sorted(set(hours.index) - set(LABELS))]
    return {name: float(hours.get(name, 0.0) / total) if total else 0.0 for name in names}


def _words(topics: pd.Series) -> set[str]:
    return {word for topic in topics.dropna().unique() for word in str(topic).split()}


def _only_its_name(topics: pd.Series, elsewhere: set[str]) -> pd.Series:
    """Which of a series' titles only say what it is called.

    One name for half of the meetings or more: that is the name, any other title is a subject. No such name: a title is
    a subject when something in it, besides what most titles share, is also met about outside any series.
    """
    shares = topics.value_counts() / max(1, len(topics))
    if len(shares) and shares.iloc[0] >= ITS_OWN_NAME:
        return topics == shares.index[0]
    words = pd.Series([word for topic in topics.dropna() for word in set(str(topic).split())], dtype="str")
    common = words.value_counts()
    name = set(common[common >= ITS_OWN_NAME * len(topics)].index)
    subjects = [topic for topic in topics.dropna().unique() if (set(str(topic).split()) - name) & elsewhere]
    return topics.notna() & ~topics.isin(subjects)


def _returning(own: pd.DataFrame, besides: pd.DataFrame) -> tuple[Returning, ...]:
    """Subjects seen in three or more different weeks, in the forum's own meetings and besides."""
    named = pd.concat([own, besides]).dropna(subset="topic")
    topics = (
        named.assign(escalation=named["label"] == "escalation")
        .groupby("topic")
        .agg(
            meetings=("meeting_id", "nunique"),
            weeks=("week", "nunique"),
            escalations=("escalation", "sum"),
            first=("local_date", "min"),
            last=("local_date", "max"),
        )
    )
    back = topics[topics["weeks"] >= FEWEST_RETURNS].reset_index()
    back = back.sort_values(["weeks", "meetings", "topic"], ascending=[False, False, True]).head(MOST_TOPICS)
    return tuple(
        Returning(
            topic=str(row["topic"]),
            meetings=int(row["meetings"]),
            weeks=int(row["weeks"]),
            escalations=int(row["escalations"]),
            first=row["first"].date(),
            last=row["last"].date(),
        )
        for row in back.to_dict("records")
    )


def _arrivals(own: pd.DataFrame, besides: pd.DataFrame) -> Arrivals:
    here, elsewhere = own[own["label"] == "escalation"], besides[besides["label"] == "escalation"]
    hours = float(own["hours"].sum())
    return Arrivals(
        own=len(here),
        besides=len(elsewhere),
        hours=float(here["hours"].sum() + elsewhere["hours"].sum()),
        share_of_time=float(here["hours"].sum()) / hours if hours else 0.0,
    )


def _layers(own: pd.DataFrame) -> Layers:
    known = own.dropna(subset="levels")
    hours = float(known["hours"].sum())
    if not hours:
        return Layers(None, None, None)
    return Layers(
        levels=float(known["levels"].mean()),
        span=float(known["span"].mean()),
        three_share=float(known.loc[known["levels"] >= MANY_LEVELS, "hours"].sum()) / hours,
    )
