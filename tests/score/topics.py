"""Topics found by titles, teams and time beside those planted, on simulated organisations never used for tuning."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from sklearn.metrics import homogeneity_completeness_v_measure

sys.path.insert(0, str(Path(__file__).parents[1]))

from simulation import Plan, as_tables, simulate, sparse, with_topics

from analysis.topics import topic_of, topics

SEEDS = (41, 42, 43, 44, 45)
NAMES = ("homogeneity", "completeness", "V-measure")


def measure(seeds: tuple[int, ...] = SEEDS) -> dict[str, object]:
    """Means over seeds, with the lowest. `titled`: meetings whose title names a subject; `all`: generic titles too,
    each that was not placed counted as a group of its own.
    """
    return {
        name: _variant([plan(seed) for seed in seeds]) for name, plan in (("usual", with_topics), ("sparse", sparse))
    }


def _variant(plans: list[Plan]) -> dict[str, object]:
    rows = [score(plan) for plan in plans]
    means = {key: float(np.mean([row[key] for row in rows])) for key in rows[0]}
    lowest = min(row[f"titled {name}"] for row in rows for name in NAMES[:2])
    return means | {"lowest homogeneity or completeness of a seed, titled": lowest}


def score(plan: Plan) -> dict[str, float]:
    """One organisation: how well topics fit the planted ones, and how generic titles were placed."""
    simulated = simulate(plan)
    found = topics(as_tables(simulated)).members
    truth = simulated.truth.meetings[["meeting_id", "topic"]]
    rows = truth.merge(simulated.batch.meetings[["meeting_id", "title"]]).merge(found, how="left")
    rows = rows[rows["topic"] >= 0]
    named = rows["title"].map(topic_of) != ""
    groups = rows["topic_id"].fillna(rows["meeting_id"])
    titled = homogeneity_completeness_v_measure(rows["topic"][named], groups[named])
    whole = homogeneity_completeness_v_measure(rows["topic"], groups)
    only = homogeneity_completeness_v_measure(rows["topic"][named], rows["title"][named].map(topic_of))
    vague = rows[~named]
    placed = vague.dropna(subset="topic_id")
    common = rows[named].groupby("topic_id")["topic"].agg(lambda each: each.mode().iloc[0])
    return (
        {f"titled {name}": value for name, value in zip(NAMES, titled, strict=True)}
        | {f"all {name}": value for name, value in zip(NAMES, whole, strict=True)}
        | {"V-measure of normalised titles alone": only[2]}
        | {
            "share of generic titles placed": len(placed) / max(1, len(vague)),
            "of them right": float((placed["topic_id"].map(common) == placed["topic"]).mean()),
        }
    )
