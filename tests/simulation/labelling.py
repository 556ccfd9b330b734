"""Labels with planted errors: who made them is told apart from what was true, and the chances are honest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulation.days import dice
from store.schema import LABELS

if TYPE_CHECKING:
    from simulation.meetings import Meetings
    from simulation.plan import Plan

# What a wrong label is, by the true one, in the order of LABELS.
MISTAKEN = np.array(
    [
        [0.0, 0.7, 0.0, 0.0, 0.3],
        [0.25, 0.0, 0.25, 0.1, 0.4],
        [0.0, 0.8, 0.0, 0.2, 0.0],
        [0.0, 0.6, 0.4, 0.0, 0.0],
        [0.2, 0.8, 0.0, 0.0, 0.0],
    ]
)
EASY = 0.6
"""Share of meetings about which a mistake is less likely than about the rest."""


def confusion(error: float) -> np.ndarray:
    """Chance of each label (columns) by the true one (rows)."""
    return (1 - error) * np.eye(len(LABELS)) + error * MISTAKEN


def _spread(stratum: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """Random numbers between 0 and 1, evenly spread within each stratum."""
    order = np.lexsort((chance.random(len(stratum)), stratum))
    counts = np.bincount(stratum)
    starts = np.cumsum(counts) - counts
    spread = np.empty(len(stratum))
    spread[order] = (np.arange(len(stratum)) - starts[stratum[order]] + chance.random(len(stratum))) / counts[
        stratum[order]
    ]
    return spread


def labelled(plan: Plan, meetings: Meetings) -> tuple[np.ndarray, np.ndarray]:
    """A label for each meeting and the chance of every label; all occurrences of a series are taken alike."""
    chance = dice(plan, "labels")
    single = np.arange(len(meetings)) + meetings.series.max(initial=0) + 1
    _, first, unit = np.unique(
        np.where(meetings.series >= 0, meetings.series, single), return_index=True, return_inverse=True
    )
    stratum = 2 * meetings.label[first] + (meetings.series[first] >= 0)
    easy = (_spread(stratum, chance) < EASY)[unit]
    draw = _spread(2 * stratum + easy[first], chance)[unit]
    prior = np.bincount(meetings.label, minlength=len(LABELS)) / max(1, len(meetings))
    label, chances = meetings.label.copy(), np.eye(len(LABELS))[meetings.label]
    # 0.6 easy with half of the error, 0.4 hard with the rest: together exactly the planned error.
    for error, rows in ((plan.label_error * 0.5, easy), (plan.label_error * 1.75, ~easy)):
        matrix = confusion(error)
        edges = np.cumsum(matrix, axis=1)[meetings.label[rows]]
        label[rows] = np.minimum((draw[rows, None] > edges).sum(axis=1), len(LABELS) - 1)
        joint = prior[:, None] * matrix
        chances[rows] = (joint / np.maximum(joint.sum(axis=0), 1e-12)).T[label[rows]]
    return label, chances
