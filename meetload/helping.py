"""A helper's own process: works out what it is asked and, in between, everything that people will ask next.

    python -m meetload.helping STORE TODAY everything|own

Questions come in by lines, answers go out by lines, and it ends when nobody is at the other end any more. No title and
no message of an error is ever written to its log.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import sys
import threading
import traceback
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.period import monday
from analysis.snapshots import prepare
from meetload.helper import EVERYTHING
from meetload.planning import ahead, first_of_all
from privacy.door import Door
from store.database import Store
from store.packed import packed, unpacked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from privacy.answers import Question
    from store.snapshot import Snapshot

POLITE = 10
MOST_MEMORY = 0.6
"""The part of the machine's memory that a helper may take; what needs more fails alone, and nothing else with it."""


class Helping:
    """What one process does: questions first, then its plan, from the start again when the store changes."""

    def __init__(self, path: Path, today: date, role: str, say: Callable[[dict[str, Any]], None]) -> None:
        self._store = Store(path, kept_since=monday(today).isoformat())
        self._door = Door(self._store, today)
        self._role = role
        self._say = say
        self.questions: queue.SimpleQueue[Question] = queue.SimpleQueue()

    def run(self) -> None:
        """Go on for ever."""
        while True:
            snapshot = self._store.snapshot()
            if snapshot.disk and self._role == EVERYTHING:
                snapshot.disk.tidy()
            for _ in self._plan(snapshot):
                self._answer_waiting(snapshot)
                if self._store.snapshot() is not snapshot:
                    break
            while self._store.snapshot() is snapshot:
                self._answer(self.questions.get())

    def _plan(self, snapshot: Snapshot) -> Iterator[None]:
        """One piece of work after the other, told of as it goes."""
        if self._role != EVERYTHING:
            return
        base, first = prepare(snapshot), first_of_all(self._door)
        later = ahead(self._door)
        total = len(base) + len(first)
        for number, piece in enumerate(base):
            self._say({"progress": [number, total]})
            yield
            self._try(piece)
        for number, question in enumerate(first, len(base)):
            self._say({"progress": [number, total], "first": number > len(base) + 1})
            yield
            self._try(partial(self._door.work_out, question))
        self._say({"progress": [total, total], "first": True})
        for question in later:
            yield
            self._try(partial(self._door.work_out, question))

    def _try(self, work: Callable[[], object]) -> None:
        # What fails here fails again when somebody asks, and is told then.
        with contextlib.suppress(Exception):
            work()

    def _answer_waiting(self, snapshot: Snapshot) -> None:
        while not self.questions.empty() and self._store.snapshot() is snapshot:
            self._answer(self.questions.get())

    def _answer(self, question: Question) -> None:
        stamp = list(self._store.snapshot().stamp)
        said: dict[str, Any] = {"ticket": question.ticket, "stamp": stamp}
        try:
            said["answer"] = json.loads(packed(self._door.work_out(question)))
        except Exception as error:  # noqa: BLE001 - the edge of a process: told on the other side, without its message
            if list(self._store.snapshot().stamp) != stamp:
                # Somebody wrote, and what was being read is gone; the other side asks again.
                stamp = said["stamp"] = list(self._store.snapshot().stamp)
            said["failed"] = type(error).__name__
            said["where"] = "".join(traceback.format_tb(error.__traceback__))
        self._say(said)


def listen(helping: Helping) -> None:
    """Take in questions; when nobody is there any more, end, whatever is going on."""
    for line in sys.stdin:
        helping.questions.put(unpacked(line))
    os._exit(0)


def _hold_back() -> None:
    """Let the system refuse memory to this process before the machine runs out of it, where it can."""
    if sys.platform.startswith("linux"):
        import resource  # noqa: PLC0415 - not there on every system

        most = int(MOST_MEMORY * os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
        resource.setrlimit(resource.RLIMIT_DATA, (most, resource.getrlimit(resource.RLIMIT_DATA)[1]))


def main() -> None:
    """Help whoever started this process."""
    path, today, role = Path(sys.argv[1]), date.fromisoformat(sys.argv[2]), sys.argv[3]
    out = sys.stdout
    # A library that prints must not garble the answers.
    sys.stdout = sys.stderr

    def say(what: dict[str, Any]) -> None:
        out.write(json.dumps(what) + "\n")
        out.flush()

    if role == EVERYTHING and hasattr(os, "nice"):
        os.nice(POLITE)
    _hold_back()
    helping = Helping(path, today, role, say)
    threading.Thread(target=listen, args=(helping,), daemon=True).start()
    helping.run()


if __name__ == "__main__":
    main()
