"""Time as a scan sees it: one object to ask, to wait on and to wake everybody who waits."""

from __future__ import annotations

import threading
import time

from store.errors import MeetloadError


class Abandoned(MeetloadError):  # noqa: N818 - read aloud
    """Somebody waited, and the scan was stopped meanwhile."""


class Clock:
    """The real time, in seconds since 1970; never runs backwards."""

    def __init__(self) -> None:
        self._ahead = time.time() - time.monotonic()
        self._stopped = threading.Event()

    def now(self) -> float:
        """Seconds since 1970."""
        return self._ahead + time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait; raises `Abandoned` as soon as the clock is stopped."""
        if self._stopped.wait(max(0.0, seconds)):
            raise Abandoned("the scan was stopped")

    def stop(self) -> None:
        """Wake everybody who waits, now and from now on."""
        self._stopped.set()

    def start(self) -> None:
        """Waiting works again."""
        self._stopped.clear()

    def playing(self, change: int) -> None:
        """Told of each pull that begins (+1) and each that has been dealt with (-1); simulated clocks live by it."""
