"""Cards that people share with management, as releases tell them, until the day on which that ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from privacy.access import SHARED, can
from privacy.naming import read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.dependence import Reason
    from privacy.release.file import Release
    from privacy.viewer import Viewer


@dataclass(frozen=True)
class SharedCard:
    """The evidence on the own card of somebody who chose to share it, and the last day of that; no score."""

    name: str
    reasons: tuple[Reason, ...]
    until: date


def shared_cards(releases: Sequence[Release], viewer: Viewer, today: date) -> tuple[SharedCard, ...]:
    """The cards that the newest release holds for this viewer and that are shared today still."""
    rows = [row for row in releases[-1].rows if row.measure == SHARED and can(viewer, row)]
    cards = (SharedCard(row.label, read(str(row.value)), date.fromisoformat(row.measured_in)) for row in rows)
    return tuple(card for card in cards if today <= card.until)
