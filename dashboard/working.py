"""The one import that may be running: beside the pages, told step by step, and nothing left behind."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING

from dashboard.intake import Stage, Taken
from store.errors import MeetloadError

if TYPE_CHECKING:
    from collections.abc import Callable
    from tempfile import TemporaryDirectory

    from dashboard.intake import Given, TakeIn
    from dashboard.uploads import Layout


@dataclass(frozen=True)
class Far:
    """How far it is: the stage, its pieces, the seconds since the start, and the seconds this stage may still take."""

    stage: Stage
    done: int
    all: int
    seconds: float
    left: float | None


@dataclass(frozen=True)
class Ended:
    """How it ended: what was taken in, or the error that stopped it."""

    taken: Taken
    error: BaseException | None
    shown: dict[str, str]
    folder: str = ""

    @property
    def sentence(self) -> str:
        """What to say about the error; nothing where there is none or where it is a defect of ours."""
        if not isinstance(self.error, MeetloadError):
            return ""
        # Where the files lay for a moment says nothing to whoever gave them.
        tables = f"{self.folder}/tables"
        return str(self.error).replace(f"{tables}/", "").replace(tables, "what you gave")


class Work:
    """Runs one import at a time on a thread of its own."""

    def __init__(self, take_in: TakeIn, clock: Callable[[], float] = monotonic) -> None:
        self._take_in = take_in
        self._clock = clock
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(1, "taking-in")
        self._running: Future[Taken] | None = None
        self._layout: Layout | None = None
        self._stage: tuple[Stage, int, int] = ("reading", 0, 0)
        self._began = self._stage_began = 0.0

    def begin(self, given: Given, layout: Layout, folder: TemporaryDirectory[str]) -> bool:
        """Start; False where another one is still running. The folder is gone when it ends, however it ends."""
        with self._lock:
            if self._running and not self._running.done():
                return False
            self._layout, self._stage = layout, ("asking" if given.account else "reading", 0, 0)
            self._began = self._stage_began = self._clock()
            self._running = self._pool.submit(self._run, given, folder)
            return True

    def far(self) -> Far | None:
        """How far it is, while it is running."""
        if self._running is None or self._running.done():
            return None
        stage, done, whole = self._stage
        now = self._clock()
        spent = now - self._stage_began
        return Far(stage, done, whole, now - self._began, spent * (whole - done) / done if done else None)

    def ended(self) -> Ended | None:
        """How the last one ended, if there was one and it did."""
        if self._running is None or self._layout is None or not self._running.done():
            return None
        error = self._running.exception()
        taken = Taken() if error else self._running.result()
        return Ended(
            Taken(taken.counts, (*self._layout.problems, *taken.problems)),
            error,
            self._layout.shown,
            str(self._layout.folder),
        )

    def _run(self, given: Given, folder: TemporaryDirectory[str]) -> Taken:
        with folder:
            return self._take_in(given, self._tell)

    def _tell(self, stage: Stage, done: int, whole: int) -> None:
        if stage != self._stage[0]:
            self._stage_began = self._clock()
        self._stage = (stage, done, whole)
