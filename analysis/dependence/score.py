"""One score a person: log-odds that add up part by part, their interval, and whether there is enough to go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import stats
from scipy.special import expit

if TYPE_CHECKING:
    from analysis.dependence.evidence import Evidence
    from analysis.dependence.substitution import Substitution
    from analysis.dependence.weights import Weights

FEWEST_DAYS = 10
FEWEST_EXPECTED = 3.0
PARTS = ("prior", "volume", "absence", "disruption", "rebound", "escalation", "substitution", "bridges")


def totals(found: Evidence, people: int) -> pd.DataFrame:
    """The sums of stretches added up by person."""
    names = [name for name in found.spells.columns if name not in ("person", "first", "unplanned", "weight")]
    sums = found.spells.groupby("person")[names].sum()
    sums["absences"] = found.spells.groupby("person").size()
    return sums.reindex(range(people), fill_value=0.0)


def volume(found: Evidence, people: int, weights: Weights) -> np.ndarray:
    """Meetings a week that lean on each person: sum of rate x share x (share - .25) / .75."""
    pairs = found.pairs
    leans = np.maximum(0.0, (pairs.share - weights.carried) / (1 - weights.carried))
    return np.bincount(pairs.person, weights=pairs.rate * pairs.share * leans, minlength=people)


def parts(
    found: Evidence, instead: Substitution, bridges: np.ndarray, people: int, weights: Weights
) -> tuple[pd.DataFrame, np.ndarray]:
    """The parts of everybody's log-odds (they add up), and the variance of the sum."""
    spells, free = found.spells, found.free_days
    void = weights.absence * (found.pooled * spells["void_expected"] - spells["void_held"]) * spells["weight"]
    pieces = pd.DataFrame(
        {
            "person": spells["person"],
            "absence": void,
            "disruption": weights.disruption * spells["disruption"] * spells["weight"],
            "rebound": weights.rebound * spells["rebound"] * spells["weight"],
            "escalation": weights.escalation * spells["escalation"] * spells["weight"],
        }
    )
    sums = pieces.groupby("person").sum().reindex(range(people), fill_value=0.0)
    sums["absence"] += weights.free_day * (found.pooled * free["void_expected"] - free["void_held"])
    sums["disruption"] += weights.free_day * free["disruption"]
    for name in ("absence", "disruption", "rebound", "escalation"):
        sums[name] = sums[name].clip(*getattr(weights, f"{name}_bounds"))
    leaning = np.maximum(weights.least_volume, volume(found, people, weights))
    table = pd.DataFrame(
        {
            "prior": weights.prior,
            "volume": weights.volume * np.log(leaning / weights.usual_volume),
            **{name: sums[name].to_numpy() for name in ("absence", "disruption", "rebound", "escalation")},
            "substitution": -weights.substitution * instead.replaced / (instead.held + weights.shrink),
            "bridges": weights.bridges * np.log1p(bridges),
        }
    )[list(PARTS)]
    # Stretches are independent: their squares add up to the variance of a sum over them (Poisson bootstrap).
    whole = pieces.drop(columns="person").sum(axis=1).clip(-4, 6)
    variance = np.bincount(pieces["person"], weights=whole**2, minlength=people)
    meetings = np.bincount(found.pairs.person, weights=found.pairs.attended, minlength=people)
    return table, variance + weights.volume**2 / np.maximum(1.0, meetings)


def scores(table: pd.DataFrame, variance: np.ndarray, enough: np.ndarray) -> pd.DataFrame:
    """Score between 0 and 1 with a 90 % interval; without enough data anything is possible."""
    odds = table.sum(axis=1).to_numpy()
    reach = stats.norm.ppf(0.95) * np.sqrt(variance)
    return pd.DataFrame(
        {
            "score": expit(odds),
            "low": np.where(enough, expit(odds - reach), 0.0),
            "high": np.where(enough, expit(odds + reach), 1.0),
        }
    )


def enough_data(sums: pd.DataFrame, pooled: float) -> np.ndarray:
    """Ten working days away and three meetings that would have leaned on the person in them."""
    enough: np.ndarray = ((sums["days"] >= FEWEST_DAYS) & (pooled * sums["expected"] >= FEWEST_EXPECTED)).to_numpy()
    return enough


def waiting(sums: pd.DataFrame, leaning: np.ndarray, pooled: float, weights: Weights) -> pd.DataFrame:
    """Meetings a week that wait: volume x stall, shrunk (Gamma-Poisson), with a 90 % interval, and the stall."""
    expected, held = pooled * sums["expected"].to_numpy(), sums["held"].to_numpy()
    squared = pooled * sums["squared"].to_numpy()

    def stall(met: np.ndarray) -> np.ndarray:
        share: np.ndarray = np.clip((expected - met) / (squared + weights.shrink), 0.0, 1.0)
        return share

    middle = stall(held)
    posterior = stats.gamma(weights.shrink + held, scale=1 / (weights.shrink + expected))
    low, high = (stall(posterior.ppf(at) * expected) for at in (0.95, 0.05))
    return pd.DataFrame(
        {
            "stall": middle,
            "waiting": leaning * middle,
            "waiting_low": leaning * np.minimum(low, middle),
            "waiting_high": leaning * np.maximum(high, middle),
        }
    )
