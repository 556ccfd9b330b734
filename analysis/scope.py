"""About whom a measure speaks: one person, a part of the organisation, or all of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals as nw

if TYPE_CHECKING:
    import pandas as pd

    from store.tables import Lazy


@dataclass(frozen=True)
class Scope:
    """A filter over rows that carry person_id, level, department and team; empty fields do not filter."""

    person_id: str | None = None
    department: str | None = None
    level: int | None = None
    team: str | None = None

    def of(self, frame: Lazy) -> Lazy:
        """Only the rows in this scope."""
        for column in ("person_id", "department", "level", "team"):
            wanted = getattr(self, column)
            if wanted is not None:
                frame = frame.filter(nw.col(column) == wanted)
        return frame

    def of_frame(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Only the rows of a small frame in this scope."""
        for column in ("person_id", "department", "level", "team"):
            wanted = getattr(self, column)
            if wanted is not None:
                frame = frame[frame[column] == wanted]
        return frame

    @property
    def name(self) -> str:
        """A short text for headings and files."""
        parts = [str(value) for value in (self.person_id, self.department, self.team) if value is not None]
        if self.level is not None:
            parts.append(f"level {self.level}")
        return ", ".join(parts) or "organisation"


EVERYBODY = Scope()
