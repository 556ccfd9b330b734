"""How many pulls may be in flight: a little more with every clean minute, half as many when told to slow down."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Concurrency:
    """The limit of pulls in flight, between 1 and `most`, changed by what happens (additive up, halved down)."""

    limit: int = 8
    most: int = 64
    every: float = 60.0
    _clean_since: float | None = None
    _halved: float = field(default=float("-inf"))

    def clean(self, now: float) -> None:
        """A pull went well; after a whole minute of those there may be one more."""
        if self._clean_since is None:
            self._clean_since = now
        elif now - self._clean_since >= self.every:
            self.limit, self._clean_since = min(self.most, self.limit + 1), now

    def throttled(self, began: float, now: float) -> None:
        """A pull was throttled; those that were on their way at the last halving tell nothing new."""
        self._clean_since = now
        if began >= self._halved:
            self.limit, self._halved = max(1, self.limit // 2), now
