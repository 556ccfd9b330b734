"""The exchange folder as a source like any other: one mailbox, the whole organisation in it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from connectors.contract import Pull, Window
from connectors.windowed import clip
from store.exchange import read_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True)
class FolderSource:
    """An exchange folder; `timezone` is for times written without an offset, `home` for bare dates."""

    path: Path
    timezone: str = "UTC"
    home: str = "Europe/Amsterdam"

    @property
    def name(self) -> str:
        """The source's short word."""
        return "folder"

    def mailboxes(self) -> Iterator[str]:
        """The folder itself."""
        yield str(self.path)

    def pull(self, mailbox: str, window: Window, token: str | None = None) -> Pull:  # noqa: ARG002 - one mailbox, no tokens
        """All rows of the folder that touch the window."""
        reading = read_folder(self.path, self.timezone, self.home)
        rejected = sum(problem.rejected for problem in reading.problems)
        counts = Counter(
            {
                "files": len(reading.rows),
                "events": len(reading.batch.meetings),
                "occurrences": len(reading.batch.meetings),
                "rejected": rejected,
            }
        )
        return Pull(clip(reading.batch, window), reading.problems, counts=counts)
