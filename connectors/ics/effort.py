"""How much work one file may cause: a few bytes can ask for millions of steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.ics import limits
from connectors.ics.limits import RejectedError

if TYPE_CHECKING:
    from datetime import date

    from connectors.ics.rule import Rule

# What one period of a rule costs to walk through, next to one day.
_WEIGHTS = {"DAILY": (1, 1), "WEEKLY": (7, 2), "MONTHLY": (28, 5), "YEARLY": (365, 15)}
NEVER = 10_000


class Effort:
    """Counts steps, and refuses the series that would go beyond what one file may take."""

    def __init__(self, left: int = limits.STEPS) -> None:
        self.left = left

    def spend(self, steps: int) -> None:
        """Take steps from what is left."""
        if steps > self.left:
            raise RejectedError("with it the recurring events of the file would take too long to work out")
        self.left -= steps

    def walk(self, rule: Rule, start: date, end: date) -> None:
        """Take the steps that a rule needs from its start to the end of the window."""
        days, weight = _WEIGHTS[rule.frequency]
        periods = max(0, (end - start).days) // days // rule.interval + 1
        count = int(rule.parts.get("COUNT", periods * rule.a_day))
        self.spend(periods * weight + min(count, periods * rule.a_day))
