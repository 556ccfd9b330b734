"""How long to wait before asking again, so that nobody asks in step and everybody is asked as they want."""

from __future__ import annotations

import random as dice
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from connectors.errors import Throttled, Trouble

if TYPE_CHECKING:
    from collections.abc import Callable

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Patience:
    """Exponential back-off with full jitter: between nothing and `base * 2 ** tries` seconds, at most `cap`.

    What the other side asks for (`Retry-After`) comes first and the jitter on top of it, so that threads told the same
    number do not come back together; nothing waits longer than `longest`.

    >>> patience = Patience(base=1.0, cap=60.0)
    >>> [patience.delay(tries, random=lambda: 1.0) for tries in (0, 1, 2, 10)]
    [1.0, 2.0, 4.0, 60.0]
    >>> patience.delay(0, retry_after=30, random=lambda: 0.5)
    30.5
    """

    attempts: int = 8
    base: float = 1.0
    cap: float = 60.0
    longest: float = 3600.0

    def delay(self, tries: int, retry_after: float | None = None, random: Callable[[], float] = dice.random) -> float:
        """Seconds to wait after `tries` earlier failures and one more."""
        jitter = random() * min(self.cap, self.base * 2.0 ** min(tries, 30))
        return min(self.longest, max(0.0, retry_after or 0.0) + jitter)


def patiently(
    call: Callable[[], Answer],
    patience: Patience | None = None,
    *,
    sleep: Callable[[float], None] = time.sleep,
    random: Callable[[], float] = dice.random,
) -> Answer:
    """The answer of a call that may be throttled or fail for a while; its last error, when patience runs out."""
    patience = patience or Patience()
    tries = 0
    while True:
        try:
            return call()
        except (Throttled, Trouble) as error:
            if tries + 1 >= patience.attempts:
                raise
            sleep(patience.delay(tries, error.retry_after, random))
            tries += 1
