"""Dependence: what happens to the topics a person carries while that person is away.

Only an absence tells busy from indispensable. For every person p and topic k that p usually attends, the meetings held
during p's absences (O) are compared with those expected from the topic's own rate (E). The score is the number of
meetings that wait in a week without p. First form of the measure in docs/measures.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np
import pandas as pd
from scipy import stats

from analysis.topics import GENERIC, topic_of
from store.tables import to_pandas

if TYPE_CHECKING:
    from analysis.period import Period
    from store.tables import Lazy, Tables

PRIOR = 2.0
CARRIED = 0.25
FEWEST_DAYS = 10
FEWEST_EXPECTED = 3.0
FEWEST_MEETINGS = 3


@dataclass(frozen=True)
class Parts:
    """What the score is made of.

    absence: share of expected meetings on the carried topics that did not take place while away (0-1, shrunk).
    volume: meetings a week that lean on this person.
    """

    absence: float
    volume: float


@dataclass(frozen=True)
class Reason:
    """A sentence in numbers; the reader's language is chosen where it is shown."""

    code: str
    numbers: dict[str, float]


@dataclass(frozen=True)
class Card:
    """One person's dependence: meetings a week that wait when this person is away, with a 90 % interval."""

    person_id: str
    score: float
    low: float
    high: float
    enough_data: bool
    parts: Parts
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Dependence:
    """All people's cards, highest score first; those with too little data come last."""

    period: Period
    people: int
    measurable: int
    topics: int
    cards: tuple[Card, ...]

    def card(self, person_id: str) -> Card | None:
        """One person's card."""
        return next((card for card in self.cards if card.person_id == person_id), None)


def dependence(tables: Tables, period: Period) -> Dependence:
    """A card for everybody on the chart, from ad-hoc meetings of three or more people."""
    meetings = _meetings(tables, period)
    present = _present(tables, meetings)
    away = _working_days_away(tables, period)
    carried = _carried(present, away)
    exposure = _exposure(meetings, carried, away, period)
    people = sorted(set(to_pandas(tables.people.select("person_id").unique())["person_id"]))
    cards = [_card(person, exposure.get(person)) for person in people]
    cards.sort(key=lambda card: (not card.enough_data, -card.score, card.person_id))
    topics = int(meetings.loc[meetings["topic"] != GENERIC, "topic"].nunique())
    return Dependence(period, len(people), sum(card.enough_data for card in cards), topics, tuple(cards))


@dataclass(frozen=True)
class _Exposure:
    """Sums over the topics one person carries."""

    volume: float
    observed: float
    expected: float
    squared: float
    days: int


def _meetings(tables: Tables, period: Period) -> pd.DataFrame:
    """Ad-hoc meetings of three or more with their topic; cancelled ones kept and marked."""
    rows = period.of(tables.meetings).filter(
        nw.col("series_id").is_null(), nw.col("kind") == "meeting", ~nw.col("all_day")
    )
    frame = to_pandas(rows.select("meeting_id", "title", "local_date", "organizer_id", "status", "headcount"))
    frame["topic"] = frame["title"].map(topic_of, na_action="ignore").fillna(GENERIC)
    frame["held"] = frame["status"] != "cancelled"
    return frame.drop(columns=["title", "status"])


def _present(tables: Tables, meetings: pd.DataFrame) -> pd.DataFrame:
    """Who was invited to which of these meetings and did not decline; meetings under three people fall out."""
    rows = to_pandas(
        tables.attendance.filter(nw.col("role") != "resource").select("meeting_id", "person_id", "response")
    )
    rows = rows.merge(meetings[["meeting_id", "topic", "local_date", "held", "organizer_id"]], on="meeting_id")
    size = rows.groupby("meeting_id")["person_id"].transform("size")
    return rows[size >= FEWEST_MEETINGS]


def _working_days_away(tables: Tables, period: Period) -> pd.DataFrame:
    rows = to_pandas(_long_days(tables, period))
    rows = rows[rows["local_date"].dt.day_of_week < 5]
    return rows.drop_duplicates(ignore_index=True)


def _long_days(tables: Tables, period: Period) -> Lazy:
    """Days of absence in a period that take most of the working day: person_id, local_date."""
    first, after = (nw.lit(day).cast(nw.Date) for day in (period.start, period.end))
    long = nw.col("to_minute") - nw.col("from_minute") >= 360
    days = tables.absence_days.filter(long, nw.col("local_date") >= first, nw.col("local_date") < after)
    return days.select("person_id", "local_date")


def _carried(present: pd.DataFrame, away: pd.DataFrame) -> pd.DataFrame:
    """For each person and topic: g, the share of the topic's held meetings attended on days not away."""
    named = present[(present["topic"] != GENERIC) & present["held"]]
    held = named.drop_duplicates("meeting_id")[["meeting_id", "topic", "local_date"]]
    totals = held.groupby("topic").size().rename("held")
    there = named[named["response"] != "declined"]
    there = there.merge(away.assign(away=True), on=["person_id", "local_date"], how="left")
    attended = there[there["away"].isna()].groupby(["person_id", "topic"]).size().rename("attended").reset_index()
    pairs = attended.merge(totals, on="topic")
    missed = _held_while_away(held, pairs, away)
    pairs = pairs.merge(missed, on=["person_id", "topic"], how="left").fillna({"observed": 0})
    chances = (pairs["held"] - pairs["observed"]).clip(lower=1)
    pairs["g"] = (pairs["attended"] / chances).clip(upper=1.0)
    return pairs[(pairs["g"] > CARRIED) & (pairs["held"] >= FEWEST_MEETINGS)]


def _held_while_away(held: pd.DataFrame, pairs: pd.DataFrame, away: pd.DataFrame) -> pd.DataFrame:
    days = pairs[["person_id", "topic"]].merge(away, on="person_id")
    met = days.merge(held, on=["topic", "local_date"])
    return met.groupby(["person_id", "topic"]).size().rename("observed").reset_index()


def _exposure(
    meetings: pd.DataFrame, carried: pd.DataFrame, away: pd.DataFrame, period: Period
) -> dict[str, _Exposure]:
    """Observed and expected meetings while away; expectation follows the organisation's own busy and quiet days."""
    index = _day_index(meetings, period)
    away = away.assign(index=index.reindex(away["local_date"]).fillna(0.0).to_numpy())
    per_person = away.groupby("person_id").agg(days=("local_date", "size"), weight=("index", "sum"))
    rows = carried.merge(per_person, on="person_id", how="left").fillna({"days": 0, "weight": 0.0})
    rows["rate"] = rows["held"] / period.weeks
    rows["expected"] = rows["rate"] / 5 * rows["weight"]
    pooled = rows["observed"].sum() / rows["expected"].sum() if rows["expected"].sum() else 1.0
    rows["expected"] *= min(1.0, pooled) if pooled else 1.0
    g = rows["g"]
    rows = rows.assign(
        volume=rows["rate"] * g * ((g - CARRIED) / (1 - CARRIED)).clip(lower=0),
        weighted_observed=g * rows["observed"],
        weighted_expected=g * rows["expected"],
        squared=g**2 * rows["expected"],
    )
    sums = rows.groupby("person_id").agg(
        volume=("volume", "sum"),
        observed=("weighted_observed", "sum"),
        expected=("weighted_expected", "sum"),
        squared=("squared", "sum"),
        days=("days", "max"),
    )
    return {
        str(person): _Exposure(
            float(row["volume"]),
            float(row["observed"]),
            float(row["expected"]),
            float(row["squared"]),
            int(row["days"]),
        )
        for person, row in sums.iterrows()
    }


def _day_index(meetings: pd.DataFrame, period: Period) -> pd.Series:
    """How busy each working day was for everybody, 1 = average; summer is nobody's fault."""
    days = pd.bdate_range(period.start, period.last_day)
    counts = meetings[meetings["held"]].groupby("local_date").size().reindex(days, fill_value=0).astype(float)
    smooth = counts.rolling(5, center=True, min_periods=1).mean()
    mean = smooth.mean()
    return smooth / mean if mean else smooth


def _card(person: str, exposure: _Exposure | None) -> Card:
    if exposure is None or exposure.days < FEWEST_DAYS or exposure.expected < FEWEST_EXPECTED:
        volume = exposure.volume if exposure else 0.0
        return Card(person, 0.0, 0.0, volume, False, Parts(0.0, volume), _too_little(exposure))
    posterior = stats.gamma(PRIOR + exposure.observed, scale=1 / (PRIOR + exposure.expected))
    stall = _stall(exposure, exposure.observed)
    low, high = (_stall(exposure, float(posterior.ppf(quantile)) * exposure.expected) for quantile in (0.95, 0.05))
    return Card(
        person_id=person,
        score=exposure.volume * stall,
        low=exposure.volume * min(low, stall),
        high=exposure.volume * max(high, stall),
        enough_data=True,
        parts=Parts(stall, exposure.volume),
        reasons=_reasons(exposure),
    )


def _stall(exposure: _Exposure, held: float) -> float:
    return float(np.clip((exposure.expected - held) / (exposure.squared + PRIOR), 0.0, 1.0))


def _too_little(exposure: _Exposure | None) -> tuple[Reason, ...]:
    days = float(exposure.days) if exposure else 0.0
    expected = exposure.expected if exposure else 0.0
    return (Reason("too_little_data", {"days_away": days, "expected": round(expected, 1)}),)


def _reasons(exposure: _Exposure) -> tuple[Reason, ...]:
    held = {"days_away": float(exposure.days), "held": exposure.observed, "expected": exposure.expected}
    return (
        Reason("held_while_away", {name: round(value, 1) for name, value in held.items()}),
        Reason("leans_on", {"meetings_a_week": round(exposure.volume, 2)}),
    )
