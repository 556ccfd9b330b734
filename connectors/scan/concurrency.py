"""How many pulls may be in flight: a little more while all goes well, half as many when told to slow down.

    one throttle now and then   that mailbox waits as long as it was asked to, the others go on
    many of the last 20         too much is asked at once: half as many, at once
    after that                  quickly back to three quarters of what was too many, then one more a minute

The quarter less makes the level settle where a limit really is, and a chance run of throttles costs seconds only.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

_LOOK_BACK = 20


@dataclass
class Concurrency:
    """The limit of pulls in flight, between 1 and `most`; it grows every `every` seconds.

    It is halved once `share` of the last 20 pulls would have been throttled, and regained every `regain` seconds.
    """

    limit: int = 8
    most: int = 64
    every: float = 60.0
    regain: float = 5.0
    share: float = 0.25
    _known_good: int = 0
    _since: float | None = None
    _halved: float = field(default=float("-inf"))
    _throttled: deque[bool] = field(default_factory=lambda: deque(maxlen=_LOOK_BACK))

    def clean(self, began: float, now: float) -> None:
        """A pull went well; after some time of those there may be one more."""
        if began < self._halved:
            return
        self._throttled.append(False)
        if self._since is None:
            self._since = now
        elif now - self._since >= (self.regain if self.limit < self._known_good else self.every):
            self.limit, self._since = min(self.most, self.limit + 1), now

    def throttled(self, began: float, now: float) -> None:
        """A pull was throttled; those that were on their way at the last halving tell nothing new."""
        if began < self._halved:
            return
        self._throttled.append(True)
        if sum(self._throttled) >= self.share * _LOOK_BACK:
            self._known_good, self.limit = max(1, self.limit * 3 // 4), max(1, self.limit // 2)
            self._halved = self._since = now
            self._throttled.clear()
