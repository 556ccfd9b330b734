"""Subjects that come back: how steadily, where, how high, and whether designing them was tried and helped.

The measure looks for work that returns because nobody agreed how to do it. A steady stream of meetings on one subject,
with follow-ups and escalations and without a design meeting, is such a signal; a burst, a monthly closing in a
series, and cases that follow one another are not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import narwhals as nw
import numpy as np
import pandas as pd
from scipy.special import betaincinv

from analysis.period import WEEK, Period
from analysis.scope import EVERYBODY, Scope
from analysis.stages import follow_ups
from store.tables import only, to_pandas

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from store.tables import Lazy, Tables

HALF_YEAR, YEAR = 26, 52
BLOCK_WEEKS = 4
FEWEST_MEETINGS = 3
GAP_DAYS = 14
FEWEST_WEEKS_BEFORE, FEWEST_WEEKS_AFTER = 8, 4
# Below this ratio of rates a design is said to work, above the other it did not land.
WORKS, LANDS = 0.5, 0.8
# Weight of the common rate when two rates are compared: as if two meetings had been seen at it.
PRIOR_MEETINGS = 2.0
# A label that is less sure than this is no proof that a subject was designed.
SURE = 0.8
NOT_RETURNING = ("design", "other")

Design = Literal["none", "works", "helps", "not landed", "too early"]


@dataclass(frozen=True)
class Recurrence:
    """How steadily a subject was met on: the four-week blocks with a meeting, as a share, and how uneven they are."""

    weeks: int
    meetings: int
    active: int
    blocks: int
    persistence: float
    gini: float


@dataclass(frozen=True)
class DesignTest:
    """Meetings a week on a subject before and after its first design meeting that can be tested.

    ratio is after over before, drawn to 1 when little was seen, with its 80 % interval; null where it is too early.
    """

    meetings: int
    first: date
    tested: date | None
    before: float | None
    after: float | None
    ratio: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Saved:
    """Hours a year that an agreement may save: up to `hours`, likely between low and high."""

    hours: float
    low: float
    high: float


@dataclass(frozen=True)
class Signal:
    """One subject that comes back in a scope, over the last half year.

    people: of the scope; hours: of the scope; teams and highest_level: of everybody in the room; returning: the share
    of meetings that are follow-ups or escalations.
    """

    topic_id: str
    topic: str
    meetings: int
    hours: float
    people: int
    teams: tuple[str, ...]
    highest_level: int | None
    escalations: int
    follow_ups: int
    returning: float
    half_year: Recurrence
    year: Recurrence
    design: Design
    test: DesignTest | None
    saved: Saved


@dataclass(frozen=True)
class Signals:
    """The subjects of a scope that come back, most hours to be saved first.

    window: the half year that is counted; hours: of all returning kinds of meetings outside series in it; left_over:
    what remains of the meetings where a design took hold, drawn to one half, with its 80 % limits; designed: from how
    many such subjects; without_topic: meetings of which nobody can tell the subject; history: weeks of data up to the
    period's end.
    """

    scope: str
    period: Period
    window: Period
    topics: tuple[Signal, ...]
    meetings: int
    hours: float
    without_topic: int
    left_over: float
    left_over_low: float
    left_over_high: float
    designed: int
    history: int


def signals(
    tables: Tables,
    there: Lazy,
    subjects: pd.DataFrame,
    names: Mapping[str, str],
    period: Period,
    scope: Scope = EVERYBODY,
) -> Signals:
    """The subjects that come back in a scope.

    `there` is the kept table of `presence`, `subjects` has a meeting's topic_id, `names` what topics are called.
    """
    window = Period(max(period.start, period.end - HALF_YEAR * WEEK), period.end)
    rows = _meetings(tables, there, period, scope).merge(subjects, on="meeting_id", how="left")
    loose = rows[~rows["series"] & ~rows["label"].isin(NOT_RETURNING)]
    recent = _within(loose, window)
    named = recent.dropna(subset="topic_id")
    counts = named.groupby("topic_id").size()
    wanted = sorted(counts[counts >= FEWEST_MEETINGS].index)
    known = rows[rows["topic_id"].isin(wanted)]
    tests = {topic: _tested(part, period) for topic, part in known.groupby("topic_id")}
    held = [test.ratio for test in tests.values() if test and test.ratio is not None and test.ratio < LANDS]
    rho = _left_over(held)
    asked = set(named.loc[named["topic_id"].isin(wanted), "meeting_id"])
    rooms = _rooms(there, window, asked)
    mine = _rooms(scope.of(there), window, asked)
    at = dict(list(loose.groupby("topic_id")))
    found = [
        _signal(topic, names.get(topic, ""), at[topic], window, period, (rooms, mine), tests[topic], rho)
        for topic in wanted
    ]
    return Signals(
        scope=scope.name,
        period=period,
        window=window,
        topics=tuple(sorted(found, key=lambda each: (-each.saved.hours, -each.hours, each.topic_id))),
        meetings=len(recent),
        hours=float(recent["hours"].sum()),
        without_topic=int(recent["topic_id"].isna().sum()),
        left_over=rho[0],
        left_over_low=rho[1],
        left_over_high=rho[2],
        designed=len(held),
        history=0 if rows.empty else (pd.Timestamp(period.end) - rows["local_date"].min()).days // 7,
    )


def _meetings(tables: Tables, there: Lazy, period: Period, scope: Scope) -> pd.DataFrame:
    """Every meeting of the scope up to the period's end, with its hours in the scope and whether it is a follow-up."""
    end = nw.lit(period.end).cast(nw.Date)
    mine = scope.of(there).filter(nw.col("week") < end)
    rows = mine.group_by("meeting_id", "local_date", "label", "series").agg(hours=nw.col("hours").sum())
    frame = to_pandas(rows).sort_values("meeting_id", ignore_index=True)
    labels = only(tables.labels, "meeting_id", set(frame["meeting_id"]))
    unsure = labels.filter(nw.col("label") == "design", nw.col("probability") < SURE).select("meeting_id")
    return frame.assign(
        follow_up=frame["meeting_id"].isin(to_pandas(follow_ups(tables, set(frame["meeting_id"])))["meeting_id"]),
        designed=(frame["label"] == "design") & ~frame["meeting_id"].isin(to_pandas(unsure)["meeting_id"]),
    )


def _within(rows: pd.DataFrame, period: Period) -> pd.DataFrame:
    day = rows["local_date"]
    return rows[(day >= pd.Timestamp(period.start)) & (day < pd.Timestamp(period.end))]


def _rooms(there: Lazy, window: Period, wanted: set[str]) -> pd.DataFrame:
    """Who of which team and level was in these meetings: meeting_id, person_id, team, level."""
    rows = to_pandas(only(window.of(there), "meeting_id", wanted).select("meeting_id", "person_id", "team", "level"))
    return rows[rows["meeting_id"].isin(wanted)]


def recurrence(days: pd.Series, period: Period, weeks: int) -> Recurrence:
    """How steadily a subject was met on over the last weeks of a period, in whole blocks of four weeks."""
    blocks = max(1, min(weeks, period.weeks) // BLOCK_WEEKS)
    age = (pd.Timestamp(period.end) - days).dt.days - 1
    place = age // (7 * BLOCK_WEEKS)
    counts = np.bincount(place[(place >= 0) & (place < blocks)].to_numpy(dtype=np.int64), minlength=blocks)
    active = int((counts > 0).sum())
    return Recurrence(blocks * BLOCK_WEEKS, int(counts.sum()), active, blocks, active / blocks, gini(counts))


def gini(counts: np.ndarray) -> float:
    """How uneven counts are: 0 when all are alike, near 1 when one holds everything.

    >>> gini(np.array([2, 2, 2])), round(gini(np.array([0, 0, 0, 8])), 2), gini(np.array([0]))
    (0.0, 0.75, 0.0)
    """
    total = counts.sum()
    if not total:
        return 0.0
    ordered = np.sort(counts).astype(float)
    ranks = np.arange(1, len(ordered) + 1)
    return max(0.0, float(2 * (ranks * ordered).sum() / (len(ordered) * total) - (len(ordered) + 1) / len(ordered)))


def _tested(rows: pd.DataFrame, period: Period) -> DesignTest | None:
    """The design test of one subject, out of all its meetings; None where nobody held a design meeting on it."""
    designed = rows.loc[rows["designed"], "local_date"].sort_values()
    if designed.empty:
        return None
    loose = rows.loc[~rows["series"] & ~rows["label"].isin(NOT_RETURNING), "local_date"]
    begun, end = rows["local_date"].min(), pd.Timestamp(period.end)
    early = designed >= begun + pd.Timedelta(weeks=FEWEST_WEEKS_BEFORE)
    late = designed <= end - pd.Timedelta(days=GAP_DAYS, weeks=FEWEST_WEEKS_AFTER)
    held, first = len(designed), designed.iloc[0].date()
    if not (early & late).any():
        return DesignTest(held, first, None, None, None, None, None, None)
    day = designed[early & late].iloc[0]
    since, until = max(begun, day - pd.Timedelta(weeks=HALF_YEAR)), day + pd.Timedelta(days=GAP_DAYS)
    last = min(end, until + pd.Timedelta(weeks=HALF_YEAR))
    before = int(((loose >= since) & (loose < day)).sum())
    after = int(((loose >= until) & (loose < last)).sum())
    spans = ((day - since).days / 7, (last - until).days / 7)
    ratio, low, high = rate_ratio(before, spans[0], after, spans[1])
    return DesignTest(held, first, day.date(), before / spans[0], after / spans[1], ratio, low, high)


def rate_ratio(before: int, weeks_before: float, after: int, weeks_after: float) -> tuple[float, float, float]:
    """Rate after over rate before with its 80 % interval; both rates are drawn to the common one (Gamma prior).

    The posterior rates are Gamma, so their ratio is an F times a constant, read off the incomplete beta function.
    """
    common = max(before + after, 1) / (weeks_before + weeks_after)
    weight = PRIOR_MEETINGS / common
    shapes = before + PRIOR_MEETINGS, after + PRIOR_MEETINGS
    spans = weeks_before + weight, weeks_after + weight
    low, high = (_ratio_at(share, shapes, spans) for share in (0.1, 0.9))
    return (shapes[1] / spans[1]) / (shapes[0] / spans[0]), low, high


def _ratio_at(share: float, shapes: tuple[float, float], spans: tuple[float, float]) -> float:
    part = float(betaincinv(shapes[1], shapes[0], share))
    return part / (1 - part) * spans[0] / spans[1]


def _left_over(ratios: list[float]) -> tuple[float, float, float]:
    """What remains where a design took hold: a Beta(1, 1) prior and the ratios as parts of a success, 80 % limits."""
    shape = 1 + sum(ratios), 1 + sum(1 - each for each in ratios)
    low, high = (float(betaincinv(*shape, share)) for share in (0.1, 0.9))
    return shape[0] / sum(shape), low, high


def _signal(
    topic_id: str,
    name: str,
    rows: pd.DataFrame,
    window: Period,
    period: Period,
    rooms: tuple[pd.DataFrame, pd.DataFrame],
    test: DesignTest | None,
    left_over: tuple[float, float, float],
) -> Signal:
    recent = _within(rows, window)
    there, mine = (each[each["meeting_id"].isin(recent["meeting_id"])] for each in rooms)
    count, hours = len(recent), float(recent["hours"].sum())
    escalations = int((recent["label"] == "escalation").sum())
    stages = int(((recent["label"] == "escalation") | recent["follow_up"]).sum())
    half_year = recurrence(rows["local_date"], window, HALF_YEAR)
    level = there["level"].min()
    saved = _saved(hours, window.weeks, half_year, stages, count, test, left_over)
    return Signal(
        topic_id=topic_id,
        topic=name,
        meetings=count,
        hours=hours,
        people=int(mine["person_id"].nunique()),
        teams=tuple(sorted(str(team) for team in there["team"].dropna().unique())),
        highest_level=None if pd.isna(level) else int(level),
        escalations=escalations,
        follow_ups=stages - escalations,
        returning=stages / count,
        half_year=half_year,
        year=recurrence(rows["local_date"], Period(min(window.start, period.end - YEAR * WEEK), period.end), YEAR),
        design=design_of(test),
        test=test,
        saved=saved,
    )


def design_of(test: DesignTest | None) -> Design:
    """What became of designing a subject."""
    if test is None:
        return "none"
    if test.ratio is None:
        return "too early"
    return "works" if test.ratio < WORKS else "helps" if test.ratio < LANDS else "not landed"


def _saved(
    hours: float,
    weeks: int,
    steady: Recurrence,
    stages: int,
    meetings: int,
    test: DesignTest | None,
    left_over: tuple[float, float, float],
) -> Saved:
    """Hours a year x persistence x evenness x signs of returning x what design has not solved x what it can solve."""
    seen = (stages + 0.7) / (meetings + 2)
    returning = 0.3 + 0.7 * min(1.0, max(0.0, (seen - 0.05) / 0.2))
    open_part = 1.0 if test is None or test.ratio is None else min(1.0, test.ratio)
    most = YEAR / weeks * hours * steady.persistence * (1 - steady.gini) * returning * open_part
    middle, low, high = left_over
    return Saved(most * (1 - middle), most * (1 - high), most * (1 - low))


@dataclass(frozen=True)
class TopicMeeting:
    """One meeting on a subject as its attendee sees it: for nobody else, since it has the title."""

    meeting_id: str
    title: str | None
    day: date
    label: str
    hours: float
    in_series: bool


def meetings_on(
    tables: Tables, there: Lazy, subjects: pd.DataFrame, topic_id: str, period: Period, scope: Scope
) -> tuple[TopicMeeting, ...]:
    """The meetings of a scope on one subject within a period, latest first."""
    ids = subjects.loc[subjects["topic_id"] == topic_id, "meeting_id"]
    rows = period.of(scope.of(there)).select("meeting_id", "local_date", "label", "hours", "series")
    mine = to_pandas(rows)
    mine = mine[mine["meeting_id"].isin(ids)]
    asked = tables.meetings.filter(nw.col("meeting_id").is_in(sorted(mine["meeting_id"])))
    titled = mine.merge(to_pandas(asked.select("meeting_id", "title")), on="meeting_id", how="left")
    found = titled.sort_values(["local_date", "meeting_id"], ascending=[False, True])
    columns = ["meeting_id", "title", "local_date", "label", "hours", "series"]
    return tuple(
        TopicMeeting(str(meeting), None if pd.isna(title) else str(title), day.date(), str(label), float(hours), series)
        for meeting, title, day, label, hours, series in found[columns].itertuples(index=False)
    )
