"""What is told one step behind the pages about a group: enough to know which links lead somewhere, and quickly."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from privacy.release.escalated import COUNT, ESCALATIONS
from privacy.release.rows import TOTAL
from privacy.released_drift import levels_told
from privacy.released_quarter import COORDINATION, base_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from privacy.release.file import GroupInfo
    from privacy.released_quarter import Quarter


@dataclass(frozen=True)
class Behind:
    """The departments whose own escalations are told, whether it is told how coordination moved, and at which levels.

    Departments and levels are named as on pages: `Intake`, `other (2)`; `3`, `1-2`.
    """

    escalations: tuple[str, ...]
    coordination: bool
    levels: tuple[str, ...]


def released_behind(told: Sequence[Quarter], group: str, unit: str | None) -> Behind:
    """What is told behind the pages of a group in some quarters; `unit` is the department whose management looks."""
    base = base_of(told, group)
    moved = any(each.has_label(group, COORDINATION) and each.value(base, group) for each in told)
    levels = levels_told(told, unit) if moved else ()
    return Behind(
        escalations=tuple(name for name, key in departments(told).items() if _has_escalations(told, key)),
        coordination=moved,
        levels=tuple(map(_name, levels)) if len(levels) > 1 else (),
    )


def departments(told: Sequence[Quarter]) -> dict[str, str]:
    """The key of every department by its name: the one it was last told under."""
    groups = chain.from_iterable(each.release.groups for each in told)
    return {each.name: each.key for each in groups if each.kind == "department"}


def _has_escalations(told: Sequence[Quarter], key: str) -> bool:
    return any(
        each.value("hours", key, TOTAL) is not None and each.value(ESCALATIONS, key, COUNT) is not None for each in told
    )


def _name(levels: GroupInfo) -> str:
    return levels.parts[0] if len(levels.parts) == 1 else f"{levels.parts[0]}-{levels.parts[-1]}"
