"""Bringing calendars in: from a source, through its contract, into the store, in one piece."""

from __future__ import annotations

import csv
import getpass
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pandas as pd

from connectors.folder import FolderSource
from connectors.ics.source import IcsSource
from meetload.console import progress
from meetload.scankey import refuse_scan
from privacy.registry import enforce
from store import clock, journal
from store.database import writing
from store.errors import BadInput, Problem
from store.exchange import is_exchange_folder
from store.frames import Batch
from store.writer import Change

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from connectors.contract import Pull, Source, Window

# Rows are written in groups of this many meetings, so that memory stays flat in the number of files.
GROUP = 50_000


@dataclass
class Report:
    """What an import saw and did."""

    counts: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    changes: dict[str, Change] = field(default_factory=dict)

    def add(self, pull: Pull) -> None:
        """Count one pull in."""
        self.counts.update(pull.counts)
        self.problems.extend(pull.problems)

    def note(self, changes: dict[str, Change]) -> None:
        """Count what was written in."""
        for name, change in changes.items():
            self.changes[name] = self.changes.get(name, Change()) + change

    def reasons(self, rejected: bool) -> list[tuple[str, int]]:
        """The reasons with how often each occurred, most frequent first."""
        found = Counter(problem.reason for problem in self.problems if problem.rejected == rejected)
        return found.most_common()


def source_of(path: Path, me: tuple[str, ...], timezone: str, home: str) -> Source:
    """The source that can read a path: an exchange folder, or .ics files."""
    if not path.exists():
        raise BadInput(f"{path} does not exist; give an .ics file, a folder of them, or an exchange folder")
    if is_exchange_folder(path):
        return FolderSource(path, timezone, home)
    return IcsSource(path, me, home)


def import_sources(sources: Iterable[Source], store: Path, window: Window, settings: dict[str, str]) -> Report:
    """Pull every mailbox of every source and write all of it, or nothing."""
    report = Report()
    with writing(store) as writer:
        refuse_scan(writer)
        for name, value in settings.items():
            writer.set(name, value)
        for source in sources:
            waiting: list[Batch] = []
            seen: set[str] = set()
            mailboxes = list(source.mailboxes())
            with progress(f"reading {source.name}", len(mailboxes)) as advance:
                for mailbox in mailboxes:
                    pull = source.pull(mailbox, window)
                    report.add(pull)
                    waiting.append(first_copies(pull.batch, seen))
                    if sum(len(batch.meetings) for batch in waiting) >= GROUP:
                        report.note(writer.add(together(waiting)))
                        waiting = []
                    advance()
            report.note(writer.add(together(waiting)))
        enforce(writer)
        if writer.changed:
            journal.append(writer, getpass.getuser(), "import", _said(report), clock.now())
    return report


def _said(report: Report) -> str:
    change = report.changes.get("meetings", Change())
    return f"{report.counts['files']} files; meetings: {change.inserted} new, {change.updated} changed"


def first_copies(batch: Batch, seen: set[str]) -> Batch:
    """A pull without the meetings that an earlier file of the same import already brought; notes the others as seen."""
    ids = set(batch.meetings["meeting_id"]) if len(batch.meetings) else set()
    repeated = ids & seen
    seen |= ids
    if not repeated:
        return batch
    return replace(batch, meetings=_without(batch.meetings, repeated), attendance=_without(batch.attendance, repeated))


def _without(rows: pd.DataFrame, meetings: set[str]) -> pd.DataFrame:
    return rows[~rows["meeting_id"].isin(meetings)]


def together(batches: list[Batch]) -> Batch:
    """Many pulls as one."""
    frames: dict[str, list[pd.DataFrame]] = {}
    for batch in batches:
        for table, frame in batch:
            if len(frame):
                frames.setdefault(table.name, []).append(frame)
    return Batch(**{name: pd.concat(parts, ignore_index=True) for name, parts in frames.items()})


def write_problems(problems: Iterable[Problem], target: Path) -> None:
    """All problems as a CSV file: file, line, column, reason."""
    with target.open("w", newline="", encoding="utf-8") as opened:
        rows = csv.writer(opened)
        rows.writerow(["file", "line", "column", "reason", "rejected"])
        for each in problems:
            rows.writerow([each.file, each.line or "", each.column or "", each.reason, each.rejected])
