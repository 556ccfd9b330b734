"""The scan: many threads pull, one hand writes, and the queue in the copies file knows at any moment what is done.

    queue ──waiting──▶ tasks ──threads──▶ outcomes ──this thread──▶ one transaction a mailbox
      ▲                  ▲                    │
      └── permanent ─────┴── throttled, ──────┘
                             trouble: later

A mailbox has at most one pull in flight. A kill at any point loses what is in flight and nothing else: it still waits
in the queue. When nobody at all answers, the scan takes it for an outage, asks with one pull at a time, more and more
seldom, and holds none of it against the mailboxes.
"""

from __future__ import annotations

import heapq
import queue
import random as dice
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from connectors.errors import MailboxError, Misconfigured, Permanent, Throttled
from connectors.scan.attempt import Attempts, Outcome, Task
from connectors.scan.clock import Abandoned, Clock
from connectors.scan.concurrency import Concurrency
from connectors.scan.interrupts import on_interrupt
from connectors.scan.settings import Progress, ScanReport, ScanSettings
from store.copies import WholeNeeded
from store.errors import BadInput, Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from connectors.contract import Source, Window
    from connectors.scan.attempt import Minimise
    from connectors.scan.bucket import Bucket
    from connectors.scan.settings import Stopped
    from store.copies import Copies
    from store.syncs import Sync


# Not every system wakes a waiting thread for Ctrl-C, so it looks up by itself, in seconds.
_LOOK_UP = 1.0


def scan(
    source: Source,
    mailboxes: Iterable[str],
    copies: Copies,
    window: Window,
    settings: ScanSettings | None = None,
    *,
    minimise: Minimise | None,
    progress: Callable[[Progress], None] | None = None,
    bucket: Bucket | None = None,
    clock: Clock | None = None,
    random: Callable[[], float] = dice.random,
) -> ScanReport:
    """Pull every mailbox into the copies file, or go on where an earlier scan of the same window stopped.

    `minimise` turns each pull into rows without text and their labels before anything is written; only somebody's own
    calendar may be pulled without. `bucket` is the one the source draws on; the scan only reads its meter.
    """
    settings = settings or ScanSettings()
    if minimise is None and settings.organisation:
        raise BadInput("a scan of an organisation needs the step that drops titles; nothing was read")
    clock = clock or Clock()
    attempts = Attempts(source, window, minimise, settings.params, clock)
    return _Scan(attempts, copies, settings, progress, bucket, random).run(mailboxes)


class _Scan:
    """One scan under way; everything here runs in the thread that called `scan`, except `Attempts.make`."""

    def __init__(
        self,
        attempts: Attempts,
        copies: Copies,
        settings: ScanSettings,
        progress: Callable[[Progress], None] | None,
        bucket: Bucket | None,
        random: Callable[[], float],
    ) -> None:
        self._attempts, self._copies, self._settings = attempts, copies, settings
        self._progress, self._bucket, self._random = progress, bucket, random
        self._clock, self._window = attempts.clock, attempts.window
        most = settings.most_concurrency
        self._concurrency = Concurrency(
            min(settings.concurrency, most),
            most,
            settings.grow_every,
            settings.regain_every,
            settings.throttled_share,
        )
        self._inbox: queue.SimpleQueue[Future[Outcome] | None] = queue.SimpleQueue()
        self._delayed: list[tuple[float, int, Task]] = []
        self._silent: set[str] = set()
        self._probes, self._silent_since, self._held_at, self._hold = 0, 0.0, 0.0, 0.0
        self._stopped_at = 0.0
        self._in_flight = self._denied = self._answered = 0
        self._fatal: BadInput | None = None
        self._metered = bucket.taken if bucket else 0
        self.report = ScanReport()

    def run(self, mailboxes: Iterable[str]) -> ScanReport:
        self._clock.start()
        self._began = self._clock.now()
        run = self._copies.begin(self._attempts.source.name, mailboxes, self._window, self._at())
        self._fresh = iter(self._copies.syncs.waiting(run, self._settings.seed, self._settings.claim))
        self.report.total, self.report.done, self.report.resumed = run.total, run.done, run.resumed
        self._done_before = run.done
        pool = ThreadPoolExecutor(self._settings.most_concurrency, "pull")
        try:
            with on_interrupt(lambda: self._inbox.put(None)):
                self._work(pool)
        finally:
            if self._in_flight:
                self._clock.stop()
            pool.shutdown(wait=False, cancel_futures=True)
        if self._fatal is not None:
            raise self._fatal
        self._copies.syncs.end(run, self._at(), self.report.stopped)
        return self._finished()

    def _work(self, pool: ThreadPoolExecutor) -> None:
        self._dispatch(pool)
        while self._in_flight:
            try:
                future = self._inbox.get(timeout=min(_LOOK_UP, self._patience_left()))
            except queue.Empty:
                if self._patience_left() <= 0:
                    return
                continue
            if future is None:
                self._stop("interrupted")
                continue
            self._in_flight -= 1
            self._handle(future.result())
            self._consider_stopping()
            self._dispatch(pool)
            self._clock.playing(-1)

    def _dispatch(self, pool: ThreadPoolExecutor) -> None:
        while not self._ending and self._in_flight < self._limit():
            task = self._next()
            if task is None:
                return
            self._in_flight += 1
            self.report.pulls += 1
            self.report.most_in_flight = max(self.report.most_in_flight, self._in_flight)
            self._clock.playing(1)
            pool.submit(self._attempts.make, task).add_done_callback(self._inbox.put)

    def _next(self) -> Task | None:
        """A mailbox whose time has come, else a fresh one, else the first that will be due."""
        now = self._clock.now()
        while not (self._delayed and self._delayed[0][0] <= now) and len(self._delayed) < self._settings.most_delayed:
            sync = next(self._fresh, None)
            if sync is None:
                break
            due = _seconds(sync.next_at)
            task = Task(sync, max(due, self._hold), self._token(sync))
            if due <= now:
                return task
            self._delay(task)
        if not self._delayed:
            return None
        task = heapq.heappop(self._delayed)[2]
        return replace(task, due=max(task.due, self._hold))

    def _token(self, sync: Sync) -> str | None:
        """The mailbox's token, where it still fits what is asked."""
        wanted = (self._window.start, self._window.end, self._settings.params)
        if not self._settings.tokens or (sync.window_start, sync.window_end, sync.params) != wanted:
            return None
        if sync.last_full is None or self._at() - sync.last_full >= self._settings.full_every:
            return None
        return sync.token

    def _handle(self, outcome: Outcome) -> None:
        error, sync = outcome.error, outcome.task.sync
        if error is None:
            self._note(outcome)
            self._write(outcome)
        elif isinstance(error, Abandoned):
            return
        elif isinstance(error, Permanent):
            self._heard()
            self._denied += error.state == "denied"
            self._copies.syncs.fail(sync.source, sync.mailbox, error.state, str(error))
            self._count_one()
        elif isinstance(error, Unreachable):
            self._again(outcome, error)
        else:
            self._fatal = error if isinstance(error, BadInput) else Misconfigured(str(error))
            self._send_home()

    def _note(self, outcome: Outcome) -> None:
        self._heard()
        self._concurrency.clean(outcome.began, self._clock.now())
        self.report.expired += outcome.expired
        self.report.counts.update(outcome.counts or {})
        self.report.problems.update(problem.reason for problem in outcome.problems)

    def _write(self, outcome: Outcome) -> None:
        sync, taken = outcome.task.sync, outcome.taken
        if taken is None:
            return
        if outcome.complete:
            force = self._settings.believe_empty
            commit = self._copies.replace(sync.source, sync.mailbox, taken, self._window, self._at(), force=force)
        else:
            try:
                commit = self._copies.amend(sync.source, sync.mailbox, taken, self._window, self._at())
            except WholeNeeded:
                self._delay(Task(sync))
                return
        self.report.changed += bool(commit)
        self.report.moved += commit.moved
        self.report.suspicious += commit.suspicious
        self._count_one()

    def _again(self, outcome: Outcome, error: Unreachable) -> None:
        """Later, or never again in this run; an outage is nobody's fault."""
        sync, now = outcome.task.sync, self._clock.now()
        throttled = isinstance(error, Throttled)
        self.report.throttles += throttled
        self.report.troubles += not throttled
        if throttled:
            self._concurrency.throttled(outcome.began, now)
        outage = self._unheard(outcome, now)
        tries = sync.attempts + (not outage)
        if tries >= self._settings.patience.attempts:
            state = error.state if isinstance(error, MailboxError) else "failed"
            self._copies.syncs.fail(sync.source, sync.mailbox, state, str(error))
            self._count_one()
            return
        self.report.retries += 1
        delay = self._settings.patience.delay(sync.attempts, getattr(error, "retry_after", None), self._random)
        due = max(now + delay, self._hold)
        later = self._copies.syncs.postpone(sync, tries, _moment(due), str(error))
        self._delay(replace(outcome.task, sync=later, due=due))

    def _heard(self) -> None:
        """Somebody answered: there is no outage (any more)."""
        self._silent.clear()
        self._probes, self._hold = 0, 0.0

    def _unheard(self, outcome: Outcome, now: float) -> bool:
        """Count a failure; says whether so many different mailboxes failed in a row that it must be an outage."""
        if not self._silent:
            self._silent_since = now
        self._silent.add(outcome.task.sync.mailbox)
        if len(self._silent) < self._settings.outage_after:
            return False
        # Those that were on their way when the outage was noticed tell nothing new about it.
        if not self._hold or outcome.began >= self._held_at:
            patience = replace(self._settings.patience, cap=self._settings.outage_cap)
            self._hold, self._held_at = now + patience.delay(self._probes, None, self._random), now
            self._probes += 1
        return True

    def _limit(self) -> int:
        return 1 if self._hold else self._concurrency.limit

    def _delay(self, task: Task) -> None:
        heapq.heappush(self._delayed, (task.due, task.sync.number, task))

    def _consider_stopping(self) -> None:
        settings, report = self._settings, self.report
        done, more = report.done - self._done_before, report.done < report.total
        now = self._clock.now()
        limits: tuple[tuple[Stopped, bool], ...] = (
            ("denied", done >= settings.denied_least and self._denied > settings.denied_share * done),
            ("time", _over(now - self._began, settings.most_seconds) and more),
            ("requests", _over(self._requests(), settings.most_requests) and more),
            ("errors", _over(report.throttles + report.troubles, settings.most_errors) and more),
            ("unreachable", bool(self._hold) and now - self._silent_since >= settings.outage_longest),
        )
        for reason, reached in limits:
            if reached and not self._ending:
                self._stop(reason)

    def _stop(self, reason: Stopped) -> None:
        self.report.stopped = self.report.stopped or reason
        self._send_home()

    def _send_home(self) -> None:
        """No new pulls: who only waits for a turn is woken and leaves, who is being read may finish."""
        self._stopped_at = time.monotonic()
        self._clock.stop()

    @property
    def _ending(self) -> bool:
        return self.report.stopped is not None or self._fatal is not None

    def _patience_left(self) -> float:
        """Seconds that pulls in flight may still take."""
        if not self._ending:
            return _LOOK_UP
        return max(0.0, self._stopped_at + self._settings.grace - time.monotonic())

    def _count_one(self) -> None:
        self.report.done += 1
        if self._progress is None:
            return
        done, errors = self.report.done - self._done_before, self.report.throttles + self.report.troubles
        minutes = (self._clock.now() - self._began) / 60
        rate = done / minutes if minutes > 0 else 0.0
        left = (self.report.total - self.report.done) / rate * 60 if rate else None
        self._progress(Progress(self.report.done, self.report.total, rate, errors, left))

    def _requests(self) -> int:
        return self._bucket.taken - self._metered if self._bucket else self.report.pulls + self.report.expired

    def _finished(self) -> ScanReport:
        report = self.report
        report.coverage = self._copies.coverage(self._attempts.source.name)
        report.requests = self._requests()
        report.seconds = self._clock.now() - self._began
        report.bytes = report.counts.get("bytes")
        return report

    def _at(self) -> datetime:
        return _moment(self._clock.now())


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)


def _seconds(moment: datetime | None) -> float:
    return 0.0 if moment is None else moment.replace(tzinfo=UTC).timestamp()


def _over(value: float, limit: Any) -> bool:
    return limit is not None and value >= limit
