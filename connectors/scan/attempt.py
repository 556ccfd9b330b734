"""One try at one mailbox, in a thread of its own: network and thinking, never the disk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from connectors.errors import Misconfigured, TokenExpired
from store.copies import Taken
from store.errors import MeetloadError

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable

    import pandas as pd

    from connectors.contract import Pull, Source, Window
    from connectors.scan.clock import Clock
    from store.errors import Problem
    from store.frames import Batch
    from store.syncs import Sync

    Minimise = Callable[[Batch], tuple[Batch, pd.DataFrame]]


@dataclass(frozen=True)
class Task:
    """A mailbox whose turn it is, not before `due`; `token` where only changes are asked for."""

    sync: Sync
    due: float = 0.0
    token: str | None = None


@dataclass(frozen=True)
class Outcome:
    """What a try brought: rows ready to be written, or an error."""

    task: Task
    began: float
    taken: Taken | None = None
    complete: bool = True
    expired: bool = False
    counts: Counter[str] | None = None
    problems: tuple[Problem, ...] = ()
    error: MeetloadError | None = None


@dataclass(frozen=True)
class Attempts:
    """Everything a try needs to know."""

    source: Source
    window: Window
    minimise: Minimise | None
    params: str
    clock: Clock

    def make(self, task: Task) -> Outcome:
        """Wait for the mailbox's turn, pull it, and drop what may not be written. Returns what it may not raise."""
        began = self.clock.now()
        try:
            if task.due > began:
                self.clock.sleep(task.due - began)
                began = self.clock.now()
            pull, expired = self._pull(task)
            return Outcome(
                task,
                began,
                taken=self._taken(pull),
                complete=pull.complete,
                expired=expired,
                counts=pull.counts,
                problems=pull.problems,
            )
        except MeetloadError as error:
            return Outcome(task, began, error=error)

    def _pull(self, task: Task) -> tuple[Pull, bool]:
        mailbox = task.sync.mailbox
        if task.token is not None:
            try:
                return self.source.pull(mailbox, self.window, task.token), False
            except TokenExpired:
                pass
        return self.source.pull(mailbox, self.window, None), task.token is not None

    def _taken(self, pull: Pull) -> Taken:
        batch, labels = pull.batch, None
        if self.minimise is not None:
            batch, labels = self.minimise(batch)
            if any(name in batch.meetings and batch.meetings[name].notna().any() for name in ("title", "body")):
                raise Misconfigured("the step that drops titles left text in; nothing of it was written")
        return Taken(batch, pull.owner, labels, pull.tombstones, pull.token, self.params)
