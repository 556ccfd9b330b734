"""How far labels and calendars can be trusted here: what is known of the labels' error, and the data-trust score.

The score is 100 times the product of parts between 0 and 1, so that one bad part cannot be bought off by good ones.
A part counts in full from the level in `FULL` on, which a well-kept calendar reaches, and in proportion below it. A
part that cannot be seen in the data is left out and named. Below 60 the figures describe and prove nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.audit import groups, sample_error
from analysis.availability import working_days
from analysis.labelerror import LabelError, corpus_error
from analysis.languages import language_of
from analysis.load import counted_meetings
from analysis.selfcheck import coverage
from analysis.topics import GENERIC, topic_of
from store import unsure
from store.tables import to_pandas

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.period import Period
    from store.tables import Tables

    Vocabulary = Callable[[str], tuple[int, int]]

ENOUGH = 60.0
"""Below this score only descriptive figures: no claim about drift or dependence."""

FULL = {
    "coverage": 0.9,
    "chart": 0.95,
    "leave": 0.8,
    "titles": 0.9,
    "answers": 0.8,
    "timestamps": 0.99,
    "labels": 0.9,
}
"""From which level on each part of the score counts in full."""

LEAVE_DAYS = 25.0
"""Working days of leave a year that a full calendar would show."""

_HALF_DAY = 12 * 60
_NORMAL_95 = 1.959964


@dataclass(frozen=True)
class Rate:
    """A share with its 95 % interval (Wilson 1927) and the questions it rests on."""

    share: float
    low: float
    high: float
    questions: float


@dataclass(frozen=True)
class Titles:
    """Counted meetings by what their title gives away, as shares of all; `languages` of those with a title."""

    meetings: int
    missing: float
    private: float
    generic: float
    languages: dict[str, float]
    unseen_words: float | None


@dataclass(frozen=True)
class Part:
    """One part of the score: what was seen (0-1; None: cannot be seen here), and for how much of 1 it counts."""

    name: str
    seen: float | None
    counts: float | None


@dataclass(frozen=True)
class Trust:
    """The data-trust score from 0 to 100 with its parts; never enough while nobody knows how often labels are wrong."""

    score: float
    enough: bool
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Quality:
    """How far labels can be trusted: a reviewed random sample, the held-out corpus, what is unsure, and the titles."""

    period: Period
    reviewed: Rate | None
    held_out: Rate | None
    unsure: float | None
    unsure_below: float
    titles: Titles
    trust: Trust


def wilson(right: float, questions: float) -> Rate | None:
    """A share with its Wilson score interval; None without questions.

    >>> found = wilson(81, 100)
    >>> round(found.low, 3), round(found.high, 3)
    (0.722, 0.875)
    """
    if questions <= 0:
        return None
    share, part = right / questions, _NORMAL_95**2 / questions
    middle = (share + part / 2) / (1 + part)
    half = _NORMAL_95 * np.sqrt(share * (1 - share) / questions + part / (4 * questions)) / (1 + part)
    return Rate(share, max(0.0, float(middle - half)), min(1.0, float(middle + half)), questions)


def quality(tables: Tables, period: Period, vocabulary: Vocabulary | None = None) -> Quality:
    """Everything about trust in a period; `vocabulary` gives a title's words and how many the model never saw."""
    reviewed, held_out = _accuracy(_sample(tables)), _accuracy(corpus_error(tables))
    below = unsure.threshold(_setting(tables, unsure.SETTING))
    found = titles(tables, period, vocabulary)
    return Quality(
        period, reviewed, held_out, _unsure(tables, period, below), below, found,
        trust(tables, period, found, reviewed or held_out),
    )  # fmt: skip


def _sample(tables: Tables) -> LabelError | None:
    reviews = to_pandas(tables.corrections.select(count=nw.len()))["count"].iloc[0]
    return sample_error(groups(tables)) if reviews else None


def _accuracy(error: LabelError | None) -> Rate | None:
    return None if error is None else wilson(float(np.trace(error.table)), error.questions)


def _setting(tables: Tables, name: str) -> str:
    values = to_pandas(tables.settings.filter(nw.col("name") == name))["value"]
    return str(values.iloc[0]) if len(values) else ""


def _unsure(tables: Tables, period: Period, below: float) -> float | None:
    held = period.of(counted_meetings(tables)).select("meeting_id")
    rows = tables.labels.join(held, on="meeting_id", how="inner")
    counts = to_pandas(rows.select(all=nw.len(), unsure=unsure.is_unsure(below).cast(nw.Int64).sum())).iloc[0]
    return float(counts["unsure"]) / float(counts["all"]) if counts["all"] else None


def titles(tables: Tables, period: Period, vocabulary: Vocabulary | None = None) -> Titles:
    """What the titles of counted meetings give away; every distinct title is read once."""
    held = period.of(counted_meetings(tables)).select("title", private=nw.col("is_private").fill_null(value=False))
    rows = to_pandas(held.group_by("title", "private").agg(count=nw.len().cast(nw.Int64)))
    rows["title"] = rows["title"].fillna("").astype("str").str.strip()
    meetings = int(rows["count"].sum())
    shown = rows[~rows["private"].astype(bool) & rows["title"].ne("")]
    return Titles(
        meetings=meetings,
        missing=_part(rows, ~rows["private"].astype(bool) & rows["title"].eq(""), meetings),
        private=_part(rows, rows["private"].astype(bool), meetings),
        generic=_part(shown, shown["title"].map(topic_of) == GENERIC, meetings),
        languages=_languages(shown),
        unseen_words=_unseen(shown, vocabulary),
    )


def _part(rows: pd.DataFrame, where: pd.Series, whole: int) -> float:
    return float(rows.loc[where.astype(bool), "count"].sum()) / whole if whole else 0.0


def _languages(shown: pd.DataFrame) -> dict[str, float]:
    seen = shown["title"].map(language_of).astype(object).replace("", "unclear")
    whole = int(shown["count"].sum())
    return {name: _part(shown, seen == name, whole) for name in ("nl", "en", "unclear")}


def _unseen(shown: pd.DataFrame, vocabulary: Vocabulary | None) -> float | None:
    if vocabulary is None or shown.empty:
        return None
    found = np.array([vocabulary(title) for title in shown["title"].tolist()], dtype=float)
    words, unseen = (found * shown["count"].to_numpy(dtype=float)[:, None]).sum(axis=0)
    return float(unseen / words) if words else None


def trust(tables: Tables, period: Period, found: Titles, labels: Rate | None) -> Trust:
    """The data-trust score: coverage, chart, leave, titles, answers, timestamps and labels."""
    seen = {
        "coverage": float(coverage(tables, period).numbers["share"]),
        "chart": _chart(tables, period),
        "leave": _leave(tables, period),
        "titles": 1 - found.missing - found.private - found.generic if found.meetings else None,
        "answers": _answers(tables, period),
        "timestamps": _timestamps(tables, period),
        "labels": labels.share if labels else None,
    }
    parts = tuple(Part(name, value, _counts(name, value)) for name, value in seen.items())
    score = 100 * float(np.prod([part.counts for part in parts if part.counts is not None]))
    return Trust(score, score >= ENOUGH and labels is not None, parts)


def _counts(name: str, seen: float | None) -> float | None:
    return None if seen is None else min(1.0, max(0.0, seen) / FULL[name])


def _chart(tables: Tables, period: Period) -> float | None:
    """The share of people with a level, a department, and a manager unless at the top."""
    people = to_pandas(tables.people.select("person_id", "level", "department", "manager_id", "valid_from", "valid_to"))
    begun = people["valid_from"].isna() | (people["valid_from"] < pd.Timestamp(period.end))
    people = people[begun & (people["valid_to"].isna() | (people["valid_to"] > pd.Timestamp(period.start)))]
    if people.empty:
        return None
    managed = people["manager_id"].notna() | (people["level"] == people["level"].min())
    return float((people["level"].notna() & people["department"].notna() & managed).mean())


def _leave(tables: Tables, period: Period) -> float | None:
    """Visible days of leave over those expected, never above 1."""
    people = int(to_pandas(tables.people.select("person_id").unique()).shape[0])
    days = to_pandas(
        tables.absence_days.filter(
            nw.col("local_date") >= nw.lit(period.start).cast(nw.Date),
            nw.col("local_date") < nw.lit(period.end).cast(nw.Date),
            nw.col("to_minute") - nw.col("from_minute") >= _HALF_DAY // 2,
        ).select("person_id", "local_date").unique()
    )  # fmt: skip
    working = working_days(period)
    if not people or not working.sum():
        return None
    place = (days["local_date"].to_numpy(dtype="datetime64[D]") - np.datetime64(period.start, "D")).astype(int)
    expected = people * LEAVE_DAYS * period.weeks / 52
    return min(1.0, float(working[place].sum()) / expected)


def _answers(tables: Tables, period: Period) -> float | None:
    """The share of invitations that were answered."""
    held = period.of(counted_meetings(tables)).select("meeting_id", "organizer_id")
    asked = tables.attendance.filter(nw.col("role") != "resource", nw.col("role") != "organizer")
    asked = asked.join(held, on="meeting_id", how="inner").filter(
        nw.col("organizer_id").is_null() | (nw.col("organizer_id") != nw.col("person_id"))
    )
    answered = nw.when(nw.col("response") == "none").then(nw.lit(0)).otherwise(nw.lit(1))
    return _ratio(to_pandas(asked.select(all=nw.len(), good=answered.sum())))


def _timestamps(tables: Tables, period: Period) -> float | None:
    """The share of meetings with a known creation that were created before they ended."""
    known = period.of(counted_meetings(tables)).filter(~nw.col("created").is_null())
    sane = nw.when(nw.col("created") <= nw.col("end")).then(nw.lit(1)).otherwise(nw.lit(0))
    return _ratio(to_pandas(known.select(all=nw.len(), good=sane.sum())))


def _ratio(counts: pd.DataFrame) -> float | None:
    row = counts.iloc[0]
    return float(row["good"]) / float(row["all"]) if row["all"] else None
