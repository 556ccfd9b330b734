"""One allowance of requests a minute, shared by all threads."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_MINUTE = 60.0


class Bucket:
    """A token bucket: `rate` requests a minute, of which up to `burst` may come at once after a pause.

    Every taker is given a moment of its own, in the order of asking, and waits for it outside the lock. In any minute
    there are at most `rate + burst` requests: choose both below the quota.

    >>> moments = []
    >>> bucket = Bucket(60, burst=2, clock=lambda: 0.0, sleep=moments.append)
    >>> for _ in range(4):
    ...     bucket.take()
    >>> moments
    [1.0, 2.0]
    """

    def __init__(
        self,
        rate: float,
        burst: int = 1,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._interval = _MINUTE / rate
        self._saved = (burst - 1) * self._interval
        self._clock, self._sleep = clock, sleep
        self._lock = threading.Lock()
        self._next: float | None = None
        self.taken = 0

    def take(self) -> None:
        """Wait until one more request may go out; this is what a source gets as `before_request`."""
        with self._lock:
            now = self._clock()
            earliest = now - self._saved
            moment = earliest if self._next is None else max(self._next, earliest)
            self._next = moment + self._interval
            self.taken += 1
        if moment > now:
            self._sleep(moment - now)
