"""Which part of standing tables stands still while one of their people is away, from released rows alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privacy.access import STALLING
from privacy.group_dependence import TablesAtRisk, TablesOfKind
from privacy.release.stalling import ALL, COUNT, KINDS, PART, label_of
from privacy.released_quarter import period_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from privacy.released_quarter import Quarter


def released_tables(told: Sequence[Quarter], group: str) -> TablesAtRisk | None:
    """What was told last of a group's standing tables; it is told once in a year or two."""
    for quarter in reversed(told):
        rows = {row.label: row for row in quarter.rows if (row.measure, row.group) == (STALLING, group)}
        kinds = tuple(
            TablesOfKind(kind, int(rows[label_of(kind, COUNT)].value), float(rows[label_of(kind, PART)].value))
            for kind in (ALL, *KINDS)
            if label_of(kind, PART) in rows
        )
        if kinds:
            return TablesAtRisk(period_of(next(iter(rows.values())).period), kinds)
    return None
