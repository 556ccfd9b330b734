"""How well dependence finds the planted critical people, on seeds that no weight was chosen on."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
import pandas as pd
from sklearn.metrics import average_precision_score, roc_auc_score

from analysis.dependence import Card, dependence
from analysis.period import Period
from analysis.topics import topics_of

sys.path.insert(0, str(Path(__file__).parents[1]))
from simulation import (
    Plan,
    Simulated,
    as_tables,
    everybody_has_a_deputy,
    simulate,
    sparse,
    with_topics,
)

if TYPE_CHECKING:
    from collections.abc import Callable

SEEDS = range(101, 111)
"""Weights were looked at on seeds 1 to 6."""
Figures = dict[str, float]


def measure() -> dict[str, object]:
    """Every figure as a mean over ten simulated organisations."""
    return {
        "planted": _mean(with_topics, _planted),
        "planted, topics known": _mean(
            with_topics, lambda simulated: _quality(simulated, _cards(simulated, known=True))
        ),
        "sparse": _mean(sparse, lambda simulated: _quality(simulated, _cards(simulated))),
        "everybody has a deputy": _mean(everybody_has_a_deputy, lambda simulated: _flags(_cards(simulated))),
        "absences shuffled": _mean(with_topics, lambda simulated: _flags(_cards(shuffled(simulated)))),
        "a fifth of meetings dropped": _mean(with_topics, _stable),
        "four fifths dropped": _mean(with_topics, lambda simulated: _flags(_cards(dropped(simulated, 0.8)))),
    }


def _mean(plan: Callable[[int], Plan], judge: Callable[[Simulated], Figures]) -> Figures:
    found = pd.DataFrame([judge(simulate(plan(seed))) for seed in SEEDS])
    return {str(name): float(value) for name, value in found.mean().items()}


def _cards(simulated: Simulated, known: bool = False) -> tuple[Card, ...]:
    tables, plan = as_tables(simulated), simulated.plan
    topics = true_topics(simulated) if known else topics_of(tables)
    return dependence(tables, topics, Period(plan.start, plan.start + timedelta(weeks=plan.weeks))).cards


def true_topics(simulated: Simulated) -> pd.DataFrame:
    """The planted topics in the form of topics_of."""
    rows = simulated.truth.meetings
    rows = rows[rows["topic"] >= 0]
    return pd.DataFrame({"meeting_id": rows["meeting_id"], "topic_id": rows["topic"].astype("str")})


def _planted(simulated: Simulated) -> Figures:
    found = _quality(simulated, _cards(simulated))
    for name, values in beside(simulated).items():
        found |= {f"{name}, {figure}": value for figure, value in ranked(simulated, values).items() if figure != "AUC"}
    return found


def _quality(simulated: Simulated, cards: tuple[Card, ...]) -> Figures:
    critical = simulated.truth.critical
    flagged = [card.person_id in critical for card in cards if card.flagged]
    scores = pd.Series({card.person_id: card.score for card in cards})
    return ranked(simulated, scores) | _flags(cards) | {"flagged and critical": float(np.mean(flagged or [np.nan]))}


def ranked(simulated: Simulated, scores: pd.Series) -> Figures:
    """Average precision, precision and decoys at k, AUC against all and against gates with a deputy."""
    truth = simulated.truth
    scores = scores.sort_values(ascending=False, kind="stable")
    critical = scores.index.isin(list(truth.critical))
    alike = critical | scores.index.isin(list(truth.deputised))
    top = scores.index[: critical.sum()]
    return {
        "average precision": float(average_precision_score(critical, scores)),
        "precision at k": float(critical[: critical.sum()].mean()),
        "decoys in top k": float(np.mean([person in truth.decoys for person in top])),
        "AUC": float(roc_auc_score(critical, scores)),
        "AUC against deputised": float(roc_auc_score(critical[alike], scores[alike])),
    }


def _flags(cards: tuple[Card, ...]) -> Figures:
    return {
        "flagged": float(np.mean([card.flagged for card in cards])),
        "placebo p below .05": float(np.mean([card.p_value < 0.05 for card in cards])),
        "enough data": float(np.mean([card.enough_data for card in cards])),
    }


def beside(simulated: Simulated) -> dict[str, pd.Series]:
    """What others would rank by: degree, betweenness (sampled), hours and meetings."""
    batch = simulated.batch
    held = batch.meetings[(batch.meetings["status"] != "cancelled") & ~batch.meetings["all_day"].astype(bool)]
    rows = batch.attendance.merge(held[["meeting_id"]], on="meeting_id")
    rows = rows[rows["response"] != "declined"]
    people = sorted(batch.people["person_id"].unique())
    small = rows[rows.groupby("meeting_id")["person_id"].transform("size") <= 20]
    pairs = small.merge(small, on="meeting_id", suffixes=("", "_other"))
    pairs = pairs[pairs["person_id"] < pairs["person_id_other"]]
    ties = pairs.groupby(["person_id", "person_id_other"]).size().rename("weight").reset_index()
    ties = ties[ties["weight"] >= 3].assign(distance=lambda each: 1 / each["weight"])
    graph = nx.from_pandas_edgelist(ties, "person_id", "person_id_other", ["distance"])
    between = nx.betweenness_centrality(graph, k=min(60, len(graph)), weight="distance", seed=1)
    found = {
        "degree": pd.Series(dict(graph.degree())),
        "betweenness": pd.Series(between),
        "hours": rows.groupby("person_id")["hours"].sum(),
        "meetings": rows.groupby("person_id").size(),
    }
    return {name: values.reindex(people).fillna(0.0).astype(float) for name, values in found.items()}


def shuffled(simulated: Simulated) -> Simulated:
    """Everybody gets somebody else's absences: those in the list, and those in the calendar."""
    batch, chance = simulated.batch, np.random.default_rng(simulated.plan.seed)
    people = np.array(sorted(batch.people["person_id"].unique()))
    other = pd.Series(chance.permutation(people), index=people)
    entries = set(batch.meetings.loc[batch.meetings["all_day"].astype(bool), "meeting_id"])
    mine = batch.attendance["meeting_id"].isin(entries)
    attendance = batch.attendance.assign(
        person_id=batch.attendance["person_id"].mask(mine, batch.attendance["person_id"].map(other))
    )
    absences = batch.absences.assign(person_id=batch.absences["person_id"].map(other))
    return replace(simulated, batch=replace(batch, attendance=attendance, absences=absences))


def dropped(simulated: Simulated, share: float) -> Simulated:
    """The same organisation without a random share of its meetings; absences stay."""
    batch, chance = simulated.batch, np.random.default_rng(simulated.plan.seed)
    meetings = batch.meetings
    stays = (chance.random(len(meetings)) >= share) | meetings["all_day"].astype(bool)
    left = set(meetings.loc[stays, "meeting_id"])

    def of_these(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[frame["meeting_id"].isin(left)].reset_index(drop=True)

    thinner = replace(
        batch, meetings=of_these(meetings), attendance=of_these(batch.attendance), moves=of_these(batch.moves)
    )
    return replace(simulated, batch=thinner, labels=of_these(simulated.labels))


def _stable(simulated: Simulated) -> Figures:
    """Rank correlation of the scores of flagged people, with all meetings and without a fifth of them."""
    before, after = _cards(simulated), _cards(dropped(simulated, 0.2))
    flagged = [card.person_id for card in before if card.flagged]
    scores = pd.DataFrame(
        {number: {card.person_id: card.score for card in each} for number, each in enumerate((before, after))}
    )
    found = scores.loc[flagged].corr(method="spearman").iloc[0, 1]
    return {"rank correlation of the flagged": float(found)} | _flags(after)
