"""The story over time: five phases, and how strongly each thing happens in each week.

share of the weeks   0       .2       .4       .6       .8       1
                     confusion reflect. coordin. operators design
cross-team questions |------ slow ----- steeper --- high ---|-- part of it falls
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

PHASES = (
    "confusion about roles",
    "reflection without a decision",
    "the coordinator is recognised",
    "the effects land on operators",
    "roles come right",
)
REORGANISATION = 0.58
FOCUS_ADOPTION = 0.43
FIRST_DESIGN = 0.80

# Levels at the five phase boundaries and the end; straight lines between them.
CURVES: dict[str, tuple[float, ...]] = {
    "cross": (1.00, 1.26, 1.62, 2.00, 2.28, 2.10),
    "upward": (1.00, 1.08, 1.20, 1.36, 1.46, 1.34),
    "escalation": (0.06, 0.08, 0.12, 0.22, 0.19, 0.12),
    "line": (1.00, 1.18, 1.48, 1.80, 2.06, 2.00),
    "gate": (0.62, 0.66, 0.74, 0.88, 0.90, 0.82),
    "mt": (0.30, 0.40, 0.90, 1.90, 1.60, 0.80),
    "incident": (0.50, 0.50, 0.55, 0.80, 1.50, 0.40),
    "retro": (0.70, 1.00, 1.30, 0.80, 0.60, 1.00),
    "design": (0.03, 0.05, 0.06, 0.04, 0.05, 0.10),
    "clash": (0.02, 0.02, 0.02, 0.16, 0.34, 0.02),
    "focus": (1.00, 1.00, 1.00, 0.95, 0.50, 0.75),
}


@dataclass(frozen=True)
class Story:
    """The curves, week by week."""

    weeks: int
    curves: dict[str, list[float]]

    def at(self, curve: str, week: int) -> float:
        """How strong one thing is in one week."""
        return self.curves[curve][week]

    def week(self, share: float) -> int:
        """The week that lies at this share of the story."""
        return round(share * self.weeks)

    @property
    def boundaries(self) -> list[int]:
        """First week of every phase, and the week after the last."""
        return [round(self.weeks * number / len(PHASES)) for number in range(len(PHASES) + 1)]


def story(weeks: int) -> Story:
    """The story told in this many weeks."""
    knots = np.linspace(0, weeks - 1, len(PHASES) + 1)
    return Story(weeks, {name: _drawn(levels, knots, weeks) for name, levels in CURVES.items()})


def _drawn(levels: Sequence[float], knots: np.ndarray, weeks: int) -> list[float]:
    drawn: list[float] = np.interp(np.arange(weeks), knots, levels).tolist()
    return drawn
