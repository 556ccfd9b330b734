"""Who leads a forum, and whether the lead ever changes hands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

FEWEST_MEETINGS = 6


@dataclass(frozen=True)
class Chair:
    """Who led the meetings of the last half year.

    rotation is the entropy of who led over ln(members): 0 when one person always leads, 1 when all take turns evenly;
    null without a known lead. always is true when six or more meetings had one and the same lead; unknown counts the
    meetings of which nobody can say who led.
    """

    person_id: str | None
    share: float | None
    rotation: float | None
    always: bool
    meetings: int
    unknown: int


def chair(meetings: pd.DataFrame, members: int) -> Chair:
    """The lead of a forum; `meetings` has chair_id, null where unknown."""
    leads = meetings["chair_id"].dropna()
    if leads.empty:
        return Chair(None, None, None, always=False, meetings=0, unknown=len(meetings))
    counts = leads.value_counts()
    most = min(counts[counts == counts.max()].index)
    shares = counts.to_numpy(dtype=float) / len(leads)
    # Guests may lead too, so there can be more leads than members.
    seats = max(members, len(counts), 2)
    return Chair(
        person_id=str(most),
        share=float(shares.max()),
        rotation=max(0.0, float(-(shares * np.log(shares)).sum() / np.log(seats))),
        always=len(counts) == 1 and len(leads) >= FEWEST_MEETINGS,
        meetings=len(leads),
        unknown=len(meetings) - len(leads),
    )
