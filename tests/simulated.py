"""Time that passes only while everybody waits: hours of a scan in the blink of an eye, with real threads."""

from __future__ import annotations

import heapq
import itertools
import threading

from connectors.scan.clock import Abandoned, Clock

NOON = 1_767_225_600.0  # 2026-01-01


class SimulatedClock(Clock):
    """Moves on to the earliest sleeper once every pull in play sleeps; a pull in play that works holds time still."""

    def __init__(self, now: float = NOON) -> None:
        super().__init__()
        self._now, self._playing = now, 0
        self._changed = threading.Condition()
        self._sleepers: list[tuple[float, int]] = []
        self._awake: set[int] = set()
        self._numbers = itertools.count()

    def now(self) -> float:
        return self._now

    def sleep(self, seconds: float) -> None:
        with self._changed:
            number = next(self._numbers)
            heapq.heappush(self._sleepers, (self._now + max(0.0, seconds), number))
            self._advance()
            self._changed.wait_for(lambda: number in self._awake or self._stopped.is_set())
            if number not in self._awake:
                self._sleepers = [each for each in self._sleepers if each[1] != number]
                heapq.heapify(self._sleepers)
                raise Abandoned("the scan was stopped")
            self._awake.discard(number)

    def stop(self) -> None:
        super().stop()
        with self._changed:
            self._changed.notify_all()

    def start(self) -> None:
        """A new scan: what an earlier one left in play is none of its business."""
        super().start()
        with self._changed:
            self._playing = 0

    def playing(self, change: int) -> None:
        with self._changed:
            self._playing += change
            self._advance()

    def _advance(self) -> None:
        while self._sleepers and len(self._sleepers) >= self._playing:
            moment, number = heapq.heappop(self._sleepers)
            self._now = max(self._now, moment)
            self._awake.add(number)
            self._changed.notify_all()
