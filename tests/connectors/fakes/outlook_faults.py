"""What can go wrong at Graph by chance."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Faults:
    """How often things go wrong, from 0 to 1, the same way every time for one seed; `plan` names single requests.

    Refusals are drawn for the n-th request of a mailbox; the shape of pages for the mailbox and the place in its list.
    """

    seed: int = 0
    throttled: float = 0.0
    retry_after: int = 1
    errors: float = 0.0
    dropped: float = 0.0
    expired: float = 0.0
    slow_pages: float = 0.0
    short: float = 0.0
    empty: float = 0.0
    duplicated: float = 0.0
    reordered: bool = False
    plan: Mapping[int, str] = field(default_factory=dict)

    @classmethod
    def campaign(cls, seed: int = 0) -> Faults:
        """The mix the scan must survive."""
        return cls(
            seed, throttled=0.05, errors=0.02, dropped=0.01, expired=0.01, slow_pages=0.02, short=0.1, empty=0.05,
            duplicated=0.1, reordered=True,
        )  # fmt: skip

    def dice(self, *what: object) -> random.Random:
        return random.Random(f"{self.seed}/{'/'.join(map(str, what))}")

    def drawn(self, mailbox: str, number: int) -> str | None:
        """What happens to the n-th request of a mailbox; None when all is well."""
        if number in self.plan:
            return self.plan[number]
        roll = self.dice("request", mailbox, number).random()
        for name in ("throttled", "errors", "dropped", "expired"):
            rate = getattr(self, name)
            if roll < rate:
                return name
            roll -= rate
        return None

    def is_slow(self, mailbox: str) -> bool:
        return self.slow_pages > 0 and self.dice("slow", mailbox).random() < self.slow_pages
