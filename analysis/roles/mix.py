"""A mix of three roles out of hours, and how pure it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

ROLES = ("design", "coordination", "execution")
# Escalations and incidents are coordination that could not be settled where it arose.
COORDINATION = ("line", "process", "unsided", "escalation", "incident")
HOURS = ("available", "design", *COORDINATION, "other", "unlabelled")
ADDED = (*HOURS, "execution", "changes", "days", "known_days")


@dataclass(frozen=True)
class Mix:
    """Hours by role, their shares and how pure the mix is.

    coordination is line + process + unsided (coordination of which the chart cannot say which) + escalation +
    incident. execution is what is left of the available hours, meetings labelled other included; shares are of
    design + coordination + execution. purity is 1 - entropy of the three shares / ln 3: 1 for one role only, 0 for
    three equal parts; null without hours. switches: changes of role in a working day with known labels; null without
    such a day.
    """

    available: float
    design: float
    line: float
    process: float
    unsided: float
    escalation: float
    incident: float
    other: float
    unlabelled: float
    execution: float
    design_share: float | None
    coordination_share: float | None
    execution_share: float | None
    purity: float | None
    switches: float | None
    days: float


def mix_of(sums: Mapping[str, float]) -> Mix:
    """The mix out of the sums of the columns `ADDED`.

    Execution is added up after it was cut at zero per person: overtime is nobody else's time to work.
    """
    coordination = sum(float(sums[name]) for name in COORDINATION)
    parts = np.array([sums["design"], coordination, sums["execution"]], dtype=float)
    total = float(parts.sum())
    design, together, execution = (float(part) / total if total else None for part in parts)
    return Mix(
        **{name: float(sums[name]) for name in HOURS},
        execution=float(sums["execution"]),
        design_share=design,
        coordination_share=together,
        execution_share=execution,
        purity=purity(parts),
        switches=float(sums["changes"] / sums["known_days"]) if sums["known_days"] else None,
        days=float(sums["days"]),
    )


def purity(parts: np.ndarray) -> float | None:
    """How far a mix is one role only: 1 - entropy / ln(number of roles); None without any hours.

    >>> purity(np.array([8.0, 0.0, 0.0]))
    1.0
    >>> abs(round(purity(np.array([2.0, 2.0, 2.0])), 9))
    0.0
    """
    total = parts.sum()
    if not total:
        return None
    shares = parts / total
    shares = shares[shares > 0]
    return float(1 + (shares * np.log(shares)).sum() / np.log(len(parts)))
