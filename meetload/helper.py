"""Processes that work answers out, so that the one which serves pages only ever reads them.

Two of them, asked by lines of JSON: one goes through everything that the owner will ask and answers what is asked of
the whole store, the other answers persons about their own work as soon as what that reads is kept on disk.
"""

from __future__ import annotations

import contextlib
import json
import logging
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from privacy.answers import State
from privacy.door import ANYBODY
from privacy.workshop import needs
from store.packed import packed, unpacked

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from privacy.answers import Question
    from store.kept import Stamp
    from store.snapshot import Snapshot

log = logging.getLogger(__name__)

PATIENCE = 0.08
"""Seconds that a page waits for an answer before it says that one is being worked out."""
MOST_UNCOLLECTED = 500
EVERYTHING, OWN = "everything", "own"


@dataclass
class Asked:
    """One question on its way."""

    stamp: Stamp
    there: threading.Event = field(default_factory=threading.Event)
    answer: object = None
    failed: bool = False


class Helpers:
    """Works answers out in processes of its own; one that ended is started again when it is needed."""

    def __init__(self, store: Path, today: date) -> None:
        self._command = [sys.executable, "-m", "meetload.helping", str(store), today.isoformat()]
        self._lock = threading.Lock()
        self._processes: dict[str, subprocess.Popen[str]] = {}
        self._listeners: list[threading.Thread] = []
        self._asked: dict[str, Asked] = {}
        self._progress = (0, 0)
        self.ready = threading.Event()

    def start(self) -> None:
        """Begin with what everybody will ask."""
        with self._lock:
            for role in (EVERYTHING, OWN):
                self._process(role)

    def stop(self) -> None:
        """End the processes; what they kept on disk stays."""
        with self._lock:
            for process in self._processes.values():
                process.terminate()
            self._processes.clear()
        for listener in self._listeners:
            listener.join()

    def ask(self, question: Question, snapshot: Snapshot) -> State:
        """Have an answer worked out; it is there when it takes no longer than a moment."""
        asked = self._send(question, snapshot)
        asked.there.wait(PATIENCE)
        if asked.failed:
            with self._lock:
                self._asked.pop(question.ticket, None)
            raise RuntimeError(f"a helper could not work out {question.name}")
        if not asked.there.is_set():
            return State(*self._progress)
        with self._lock:
            self._asked.pop(question.ticket, None)
        return State(*self._progress, is_there=True, answer=asked.answer)

    def state(self, ticket: str) -> State:
        """How far it is; a question that nobody asked, or that was answered, is no longer waited for."""
        with self._lock:
            asked = self._asked.get(ticket)
            return State(*self._progress, is_there=asked is None or asked.there.is_set())

    def _send(self, question: Question, snapshot: Snapshot) -> Asked:
        with self._lock:
            known = self._asked.get(question.ticket)
            if known and known.stamp == snapshot.stamp:
                return known
            asked = self._asked[question.ticket] = Asked(snapshot.stamp)
            self._forget_the_uncollected()
            self._write(_who(question, snapshot), packed(question))
            return asked

    def _forget_the_uncollected(self) -> None:
        """Let go of answers that nobody came back for; they are kept on disk as well."""
        for ticket in [each for each, asked in self._asked.items() if asked.there.is_set()][:-MOST_UNCOLLECTED]:
            del self._asked[ticket]

    def _write(self, role: str, line: str) -> None:
        pipe = self._process(role).stdin
        # One that has just died is noticed by whoever listens to it.
        with contextlib.suppress(BrokenPipeError):
            if pipe is not None:
                pipe.write(line + "\n")
                pipe.flush()

    def _process(self, role: str) -> subprocess.Popen[str]:
        process = self._processes.get(role)
        if process is None or process.poll() is not None:
            process = self._processes[role] = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [*self._command, role], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
            )
            listener = threading.Thread(target=self._listen, args=(process,), daemon=True)
            self._listeners.append(listener)
            listener.start()
        return process

    def _listen(self, process: subprocess.Popen[str]) -> None:
        with process:
            for line in process.stdout or ():
                self._hear(json.loads(line))
        self.ready.set()
        self._give_up(process)

    def _hear(self, said: dict[str, Any]) -> None:
        if "progress" in said:
            done, total = said["progress"]
            self._progress = (done, total)
            if said.get("first"):
                self.ready.set()
            return
        with self._lock:
            asked = self._asked.get(said["ticket"])
            if asked is not None and list(asked.stamp) != said["stamp"]:
                # About another state of the store: whoever waits asks anew.
                del self._asked[said["ticket"]]
                return
        if asked is None:
            return
        if "failed" in said:
            log.error("%s\n%s", said["failed"], said["where"])
            asked.failed = True
        else:
            asked.answer = unpacked(json.dumps(said["answer"]))
        asked.there.set()

    def _give_up(self, process: subprocess.Popen[str]) -> None:
        """A process that ended by itself will answer nothing any more: whoever waits is told, and may ask again."""
        with self._lock:
            mine = [role for role, each in self._processes.items() if each is process]
            for role in mine:
                del self._processes[role]
            for asked in self._asked.values() if mine else ():
                asked.failed = asked.failed or not asked.there.is_set()
                asked.there.set()


def _who(question: Question, snapshot: Snapshot) -> str:
    """Persons are answered apart once everything their answer reads is kept: it must not wait for a long piece."""
    disk = snapshot.disk
    if question.viewer == ANYBODY or disk is None:
        return EVERYTHING
    return OWN if all(disk.holds(name) for name in needs(question)) else EVERYTHING
