"""Dependence: what happens to the topics a person carries while that person is away.

Only an absence tells busy from indispensable. The kinds of evidence add up in log-odds (docs/measures.md): work not
held, plans disrupted, work that piles up after the return, topics escalated, and whether somebody stood in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.dependence.absences import absence_calendar
from analysis.dependence.cards import Card, Parts, Waiting
from analysis.dependence.concentration import Concentration, concentration
from analysis.dependence.evidence import Evidence, evidence
from analysis.dependence.gathering import Gathered, gathered, numbered_people
from analysis.dependence.placebo import false_discovery_rates
from analysis.dependence.reasons import reasons
from analysis.dependence.score import enough_data, parts, scores, totals, volume, waiting
from analysis.dependence.still import stood_still
from analysis.dependence.substitution import Substitution, substitution
from analysis.dependence.weights import DEFAULT, Weights
from store.tables import to_pandas

if TYPE_CHECKING:
    from collections.abc import Hashable

    from analysis.period import Period
    from store.tables import Tables

FLAG_SCORE = 0.5
FLAG_P = 0.05


@dataclass(frozen=True)
class Dependence:
    """Everybody's card, highest score first, and how concentrated dependence is."""

    period: Period
    people: int
    measurable: int
    topics: int
    organisation: Concentration
    cards: tuple[Card, ...]

    def card(self, person_id: str) -> Card | None:
        """One person's card."""
        return next((card for card in self.cards if card.person_id == person_id), None)


def dependence(
    tables: Tables,
    topics: pd.DataFrame,
    period: Period,
    bridges: pd.DataFrame | None = None,
    weights: Weights = DEFAULT,
) -> Dependence:
    """A card for everybody on the chart.

    `topics` has meeting_id and topic_id (analysis.topics.topics_of); `bridges`, where there is one, person_id and
    pairs: how many pairs of units are tied through that person alone (analysis.bridges.alone).
    """
    rows = gathered(tables, topics, period)
    calendar = absence_calendar(tables, rows, period)
    found = evidence(rows, calendar, weights)
    instead = substitution(rows, calendar, found.pairs)
    table = _table(rows, found, instead, _bridges(bridges, rows), weights)
    table = table.assign(**_places(tables, period, len(rows.people)))
    ranked = table.sort_values(["score", "person_id"], ascending=[False, True])
    cards = tuple(_card(row) for row in ranked.to_dict("records"))
    return Dependence(
        period=period,
        people=len(cards),
        measurable=sum(card.enough_data for card in cards),
        topics=len(rows.topics),
        organisation=concentration(table, _absences(found, table), found.pairs, period),
        cards=cards,
    )


def _bridges(bridges: pd.DataFrame | None, rows: Gathered) -> np.ndarray:
    if bridges is None:
        return np.zeros(len(rows.people))
    counts = pd.Series(bridges["pairs"].to_numpy(dtype=float), index=bridges["person_id"].to_numpy())
    found: np.ndarray = counts.reindex(rows.people).fillna(0.0).to_numpy()
    return found


def _table(
    rows: Gathered, found: Evidence, instead: Substitution, bridges: np.ndarray, weights: Weights
) -> pd.DataFrame:
    """All figures about a person in one row."""
    people = len(rows.people)
    sums, leaning = totals(found, people), volume(found, people, weights)
    pieces, variance = parts(found, instead, bridges, people, weights)
    enough, still = enough_data(sums, found.pooled), stood_still(found, people)
    wait = waiting(sums, leaning, found.pooled, weights)
    frames = (sums.assign(expected=found.pooled * sums["expected"]), wait, scores(pieces, variance, enough))
    table = pd.concat([pieces.add_prefix("part_"), *frames], axis=1)
    hours = _hours_a_meeting(rows, found, people)
    return table.assign(
        person_id=rows.people,
        enough=enough,
        p_value=found.p_value,
        q_value=_discovery(found.p_value, enough),
        flagged=enough & (table["score"] > FLAG_SCORE) & (found.p_value < FLAG_P),
        volume_a_week=leaning,
        topic_id=_main_topic(rows, found, people),
        hours_a_meeting=hours,
        stalled_hours=wait["waiting"] * table["score"] * sums["days"] / 5 * hours * enough,
        measurable_absences=still["absences"],
        still=still["still"],
        others_still=still["others"],
        met_while_away=instead.held,
        replaced=instead.replaced,
        standins=instead.standins,
        other_carriers=instead.others,
        bridges_alone=bridges,
    )


def _discovery(p_value: np.ndarray, enough: np.ndarray) -> np.ndarray:
    rates = np.ones(len(p_value))
    rates[enough] = false_discovery_rates(p_value[enough])
    return rates


def _main_topic(rows: Gathered, found: Evidence, people: int) -> np.ndarray:
    """The topic of which most meetings lean on each person; none for those who carry none."""
    pairs = found.pairs
    order = np.lexsort((pairs.topic, -pairs.rate * pairs.share**2, pairs.person))
    first = order[np.unique(pairs.person[order], return_index=True)[1]]
    names = np.full(people, None, dtype=object)
    names[pairs.person[first]] = rows.topics[pairs.topic[first]]
    return names


def _hours_a_meeting(rows: Gathered, found: Evidence, people: int) -> np.ndarray:
    """Person-hours of an average meeting of the topics that each person carries."""
    meetings = rows.meetings[(rows.meetings["topic"] >= 0) & rows.meetings["held"]]
    topics = len(rows.topics)
    hours = np.bincount(meetings["topic"], weights=meetings["hours"], minlength=topics)
    average = hours / np.maximum(1, np.bincount(meetings["topic"], minlength=topics))
    pairs = found.pairs
    worth = pairs.rate * pairs.share
    total = np.bincount(pairs.person, weights=worth * average[pairs.topic], minlength=people)
    result: np.ndarray = total / np.maximum(1e-9, np.bincount(pairs.person, weights=worth, minlength=people))
    return result


def _absences(found: Evidence, table: pd.DataFrame) -> pd.DataFrame:
    """Stretches with their share of the person's stalled hours, by days."""
    spells = found.spells.assign(expected=found.pooled * found.spells["expected"])
    days = table["days"].to_numpy()[spells["person"]]
    hours = table["stalled_hours"].to_numpy()[spells["person"]] * spells["days"] / np.maximum(1, days)
    return spells.assign(stalled_hours=hours)


def _places(tables: Tables, period: Period, people: int) -> dict[str, np.ndarray]:
    """Department and level of everybody at the end of the period (or when last on the chart); none before they came."""
    chart = to_pandas(tables.people.join(numbered_people(tables), on="person_id"))
    chart = chart[chart["valid_from"].isna() | (chart["valid_from"] < pd.Timestamp(period.end))]
    last = chart.sort_values(["person", "valid_from"], na_position="first").drop_duplicates("person", keep="last")
    last = last.set_index("person").reindex(range(people))
    return {"department": last["department"].to_numpy(), "level": last["level"].to_numpy()}


def _card(row: dict[Hashable, Any]) -> Card:
    return Card(
        person_id=str(row["person_id"]),
        score=float(row["score"]),
        low=float(row["low"]),
        high=float(row["high"]),
        enough_data=bool(row["enough"]),
        flagged=bool(row["flagged"]),
        p_value=float(row["p_value"]),
        q_value=float(row["q_value"]),
        parts=Parts(**{name: float(row[f"part_{name}"]) for name in Parts.__dataclass_fields__}),
        waiting=Waiting(
            *(float(row[name]) for name in ("waiting", "waiting_low", "waiting_high", "volume_a_week", "stall"))
        ),
        reasons=reasons(row),
    )
