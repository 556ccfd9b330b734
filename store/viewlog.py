"""Who looked at what on a served dashboard: a chain in a file of its own, since readers never write a store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.chainfile import DROPPED, REWRITTEN, ChainFile, scrubbed

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from store.chain import Fault
    from store.subjects import Subject

FIELDS = ("at", "actor", "action", "scope")


def views_path(store: Path) -> Path:
    """Where the views of a store are kept."""
    return store.with_name(store.name + ".views.jsonl")


class ViewLog:
    """Views and exports by people who signed in: subject, what, and as whom; never a person_id of anybody else."""

    def __init__(self, path: Path) -> None:
        self.file = ChainFile(path, FIELDS)

    def prepared(self) -> tuple[Path, ...]:
        """The files that are written when somebody looks, made where they are not there yet."""
        return self.file.prepared()

    def note(self, actor: str, action: str, scope: str, now: datetime) -> None:
        """Write down one view, export or refusal."""
        self.file.append(_written(now), actor, action, scope)

    def rows(self) -> list[dict[str, str]]:
        """All of it, oldest first."""
        return self.file.rows()

    def check(self) -> list[Fault]:
        """Everything that is wrong with the file; empty where nothing is."""
        return self.file.check()

    def take_out(self, subject: Subject, named: str, now: datetime) -> int:
        """Put a pseudonym wherever a person is named; how many lines that were."""
        rows = self.rows()
        fresh, changed = scrubbed(rows, subject.pattern, named)
        if changed:
            note = f"{changed} lines; the last digest was {rows[-1]['digest']}"
            self.file.replace(fresh, (_written(now), named, REWRITTEN, note))
        return changed

    def drop_before(self, limit: datetime, actor: str, now: datetime) -> int:
        """Delete lines older than a moment; how many that were."""
        old = [row for row in self.rows() if row["at"] < _written(limit)]
        if old:
            self.file.drop_first(len(old), (_written(now), actor, DROPPED, f"{len(old)} lines up to"))
        return len(old)


def _written(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds")
