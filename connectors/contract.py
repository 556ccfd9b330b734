"""What every source of calendars promises, so that nothing above it needs to know which one it is.

A source names its mailboxes; `pull` reads one window of one of them. A pull is complete or it raises: a page that did
not arrive never looks like a meeting that was deleted.
"""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np

from store.frames import Batch

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from store.errors import Problem


@dataclass(frozen=True)
class Window:
    """A half-open span of time [start, end) in naive UTC; a meeting is in it when the two overlap."""

    start: datetime
    end: datetime

    def overlaps(self, starts: Any, ends: Any) -> Any:
        """Which of many spans, given as two arrays or two columns of a frame, are in the window.

        window          |=========|
        yes        |======|
        yes             |             a moment at its start, too
        no    |=========|         |====|
        """
        # NumPy converts a datetime of Python anew, and slowly, in every comparison.
        start, end = np.datetime64(self.start, "us"), np.datetime64(self.end, "us")
        return (starts < end) & ((ends > start) | (starts >= start))


@dataclass(frozen=True)
class Pull:
    """What one mailbox (or file, or folder) brought for one window.

    `owner` is the person_id of the mailbox's owner, where there is one. `problems` are rows or events left out, with
    the reason. `tombstones` are meeting ids known to be gone. `token` lets the next pull ask only for changes, where
    the source can; `complete` says whether this pull was the whole window (what it does not hold is gone) or only the
    changes since the token. `counts` is what was seen: files, events, occurrences, rejected.
    """

    batch: Batch = field(default_factory=Batch)
    problems: tuple[Problem, ...] = ()
    tombstones: tuple[str, ...] = ()
    token: str | None = None
    owner: str | None = None
    complete: bool = True
    counts: Counter[str] = field(default_factory=Counter)


class Source(Protocol):
    """One place calendars come from."""

    @property
    def name(self) -> str:
        """A short word for the source: demo, folder, ics, caldav, google, outlook."""

    def mailboxes(self) -> Iterator[str]:
        """The mailboxes, files or folders there are to pull, in a stable order."""

    def pull(self, mailbox: str, window: Window, token: str | None = None) -> Pull:
        """Read one mailbox for one window; raises `store.errors.Unreachable` when it cannot be read whole."""


@runtime_checkable
class Connected(Protocol):
    """A source that holds connections open between pulls."""

    def close(self) -> None:
        """Hang up; a later pull opens them again."""


@contextmanager
def hanging_up(source: Source) -> Iterator[None]:
    """At the end of the block, however it ends, the source holds no connection any more."""
    try:
        yield
    finally:
        if isinstance(source, Connected):
            source.close()
