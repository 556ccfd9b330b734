"""Answers, each worked out once: remembered in memory, kept beside the store, or asked of a helper that works them out.

question --> in memory? --> kept on disk? --> a helper (a page says it is at work) or worked out here and now
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from store.packed import packed, unpacked

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.period import Period
    from privacy.viewer import Viewer
    from store.database import Store
    from store.snapshot import Snapshot

MOST_IN_MEMORY = 4000


@dataclass(frozen=True)
class Question:
    """One thing to work out: which answer, for whom, about which weeks, and what else tells it apart."""

    name: str
    viewer: Viewer
    period: Period
    detail: str = ""

    @property
    def ticket(self) -> str:
        """A short name that says nothing of what is in the question."""
        return hashlib.sha256(packed(self).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class State:
    """How far a helper is with one question: `answer` where it is there, else pieces of work done, and all of them."""

    done: int
    total: int
    is_there: bool = False
    answer: object = None


class NotReady(Exception):  # noqa: N818 - read aloud: "not ready"
    """The answer is being worked out; `ticket` is what to ask by."""

    def __init__(self, ticket: str, done: int, total: int) -> None:
        super().__init__(ticket)
        self.ticket, self.done, self.total = ticket, done, total

    @property
    def part(self) -> float | None:
        """How much of the work is done, where that is known."""
        return self.done / self.total if self.total else None


class Helper(Protocol):
    """Whoever works answers out while this process goes on answering."""

    def ask(self, question: Question, snapshot: Snapshot) -> State:
        """Ask for an answer about one state of the store; waits a moment, not longer."""
        ...

    def state(self, ticket: str) -> State:
        """How far it is with what was asked."""
        ...


class Answers:
    """Answers about the newest state of one store, safe to share between threads."""

    def __init__(self, store: Store, work_out: Callable[[Question], object], helper: Helper | None = None) -> None:
        self._store = store
        self._work_out = work_out
        self._helper = helper
        self._lock = threading.Lock()
        self._known: OrderedDict[object, Any] = OrderedDict()
        self._snapshot: Snapshot | None = None

    @property
    def helper(self) -> Helper | None:
        """Who works answers out elsewhere, where somebody does."""
        return self._helper

    def of(self, question: Question) -> Any:
        """The answer; raises `NotReady` where a helper is still at it."""
        return self.remember(question, lambda: self._get(question))

    def remember(self, key: object, build: Callable[[], Any]) -> Any:
        """Something small, worked out once for a state of the store."""
        snapshot = self._store.snapshot()
        with self._lock:
            if snapshot is not self._snapshot:
                self._known, self._snapshot = OrderedDict(), snapshot
            if key in self._known:
                return self._known[key]
        answer = build()
        with self._lock:
            if snapshot is self._snapshot:
                self._known[key] = answer
                if len(self._known) > MOST_IN_MEMORY:
                    self._known.popitem(last=False)
        return answer

    def _get(self, question: Question) -> Any:
        snapshot = self._store.snapshot()
        text = snapshot.disk.text(_name(question)) if snapshot.disk else None
        if text is not None:
            return unpacked(text)
        if self._helper is None:
            answer = self._work_out(question)
            if snapshot.disk:
                snapshot.disk.keep_text(_name(question), packed(answer).encode())
            return answer
        state = self._helper.ask(question, snapshot)
        if not state.is_there:
            raise NotReady(question.ticket, state.done, state.total)
        return state.answer


def _name(question: Question) -> str:
    return f"answer {packed(question)}"
