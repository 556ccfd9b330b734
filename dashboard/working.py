"""The one import that may be running: beside the pages, told step by step, and nothing left behind."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING

from dashboard.intake import Stage, Taken
from store.errors import MeetloadError

if TYPE_CHECKING:
    from collections.abc import Callable
    from tempfile import TemporaryDirectory

    from dashboard.intake import Given, Service, TakeIn, Visit
    from dashboard.uploads import Layout


TIMED: tuple[Stage, ...] = ("asking", "waiting")
PATIENCE = 3.0
"""Seconds in which whoever stops something may wait for its end."""


@dataclass(frozen=True)
class Far:
    """How far it is: the stage, its pieces, the seconds since the start, and the seconds this stage may still take.

    Where an account is read, at which `service`; `address` is that of its sign-in page while somebody is asked.
    """

    stage: Stage
    done: int
    all: int
    seconds: float
    left: float | None
    service: Service | None = None
    address: str = ""

    @property
    def part(self) -> float | None:
        """How much of the stage is done, where that is known."""
        return self.done / self.all if self.all and self.stage not in TIMED else None

    @property
    def can_stop(self) -> bool:
        """Whether it may be stopped: reading an account, until what was read is written."""
        return self.service is not None and self.stage != "labelling"


@dataclass(frozen=True)
class Ended:
    """How it ended: what was taken in, or the error that stopped it."""

    taken: Taken
    error: BaseException | None
    shown: dict[str, str]
    folder: str = ""
    service: Service | None = None
    given_up: bool = False

    @property
    def stopped(self) -> bool:
        """Whether it ended because somebody stopped it."""
        return self.given_up and isinstance(self.error, MeetloadError)

    @property
    def sentence(self) -> str:
        """What to say about the error; nothing where there is none or where it is a defect of ours."""
        if not isinstance(self.error, MeetloadError):
            return ""
        # Where the files lay for a moment says nothing to whoever gave them.
        tables = f"{self.folder}/tables"
        said = str(self.error).replace(f"{tables}/", "").replace(tables, "what you gave").replace(f"{self.folder}/", "")
        for laid, called in self.shown.items():
            said = said.replace(laid, called)
        return said


class Work:
    """Runs one import at a time on a thread of its own."""

    def __init__(self, take_in: TakeIn, clock: Callable[[], float] = monotonic) -> None:
        self._take_in = take_in
        self._clock = clock
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(1, "taking-in")
        self._running: Future[Taken] | None = None
        self._layout: Layout | None = None
        self._service: Service | None = None
        self._visit: Visit | None = None
        self._stage: tuple[Stage, int, int] = ("reading", 0, 0)
        self._began = self._stage_began = 0.0

    def begin(self, given: Given, layout: Layout, folder: TemporaryDirectory[str]) -> bool:
        """Start; False where another one is still running. The folder is gone when it ends, however it ends."""
        with self._lock:
            if self._running and not self._running.done():
                return False
            self._layout, self._stage = layout, ("reading", 0, 0)
            self._service = given.account.service if given.account else None
            self._visit = given.account.visit if given.account else None
            self._began = self._stage_began = self._clock()
            self._running = self._pool.submit(self._run, given, folder)
            return True

    def far(self) -> Far | None:
        """How far it is, while it is running."""
        if self._running is None or self._running.done():
            return None
        stage, done, whole = self._stage
        now = self._clock()
        address = self._visit.address if self._visit and stage == "asking" else ""
        return Far(stage, done, whole, now - self._began, self._left(now), self._service, address)

    def _left(self, now: float) -> float | None:
        stage, done, whole = self._stage
        spent = now - self._stage_began
        if stage in TIMED:
            return max(0.0, whole - spent) if whole else None
        return spent * (whole - done) / done if done and whole else None

    def stop(self) -> None:
        """Give up reading an account, and wait a little for it to end."""
        if self._visit is not None and self._running is not None:
            self._visit.given_up.set()
            wait([self._running], PATIENCE)

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
            self._service,
            bool(self._visit and self._visit.given_up.is_set()),
        )

    def _run(self, given: Given, folder: TemporaryDirectory[str]) -> Taken:
        with folder:
            return self._take_in(given, self._tell)

    def _tell(self, stage: Stage, done: int, whole: int) -> None:
        if stage != self._stage[0]:
            self._stage_began = self._clock()
        self._stage = (stage, done, whole)
