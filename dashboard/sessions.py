"""Who is signed in, kept on this server: the browser holds a random key and nothing else."""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Held = TypeVar("Held")

IDLE_SECONDS = 30 * 60
WHOLE_SECONDS = 8 * 60 * 60
MOST = 10_000


@dataclass
class _Entry(Generic[Held]):
    held: Held
    began: float
    seen: float


class Sessions(Generic[Held]):
    """Things kept under random keys until they have been idle or open for too long; safe to use from many threads."""

    def __init__(self, clock: Callable[[], float], idle: float = IDLE_SECONDS, whole: float = WHOLE_SECONDS) -> None:
        self._clock, self._idle, self._whole = clock, idle, whole
        self._entries: dict[str, _Entry[Held]] = {}
        self._lock = threading.Lock()

    def open(self, held: Held) -> str:
        """Keep something under a new key."""
        key, now = secrets.token_urlsafe(32), self._clock()
        with self._lock:
            self._sweep(now)
            self._entries[key] = _Entry(held, now, now)
        return key

    def read(self, key: str) -> Held | None:
        """What a key stands for, if it still does; reading keeps it alive."""
        now = self._clock()
        with self._lock:
            entry = self._entries.get(key)
            if entry is None or self._over(entry, now):
                self._entries.pop(key, None)
                return None
            entry.seen = now
            return entry.held

    def take(self, key: str) -> Held | None:
        """What a key stands for, for the last time."""
        held = self.read(key)
        with self._lock:
            self._entries.pop(key, None)
        return held

    def _over(self, entry: _Entry[Held], now: float) -> bool:
        return now - entry.seen > self._idle or now - entry.began > self._whole

    def _sweep(self, now: float) -> None:
        self._entries = {key: entry for key, entry in self._entries.items() if not self._over(entry, now)}
        # Somebody who opens sessions without end pushes out the oldest, never the machine's memory.
        while len(self._entries) >= MOST:
            del self._entries[min(self._entries, key=lambda key: self._entries[key].seen)]
