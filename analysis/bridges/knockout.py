"""Take one person out: which pairs of units lose each other within two hops, and how much efficiency goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.bridges.routes import Falls, falls

if TYPE_CHECKING:
    from analysis.bridges.codes import Coded


def knockouts(ties: Coded, slices: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Everybody's knock-out in every slice, and what there was to lose.

    The first frame has a row for each slice and person who has ties across units then: slice, person_id, pairs (that
    lose each other within two hops), worse (pairs whose best route gets longer) and loss (share of the efficiency of
    all pairs). The second has a row a slice: slice, pairs (tied within two hops), efficiency, hanging (pairs that
    some one person's leaving would part).
    """
    across = ties.across
    found = [_one(across.only(np.flatnonzero(across.part == number)), number) for number in range(slices)]
    people = pd.concat([people for people, _ in found], ignore_index=True)
    return people, pd.DataFrame([total for _, total in found])


def _one(ties: Coded, number: int) -> tuple[pd.DataFrame, dict[str, float]]:
    lost = falls(ties)
    people = len(ties.people)
    there = np.flatnonzero(np.bincount(np.concatenate([ties.one, ties.other]), minlength=people))
    parted = lost.after <= 0
    frame = pd.DataFrame(
        {
            "slice": number,
            "person_id": ties.named(there),
            "pairs": np.bincount(lost.person[parted], minlength=people)[there],
            "worse": np.bincount(lost.person, minlength=people)[there],
            "loss": _share(lost, people)[there],
        }
    )
    hanging = len(np.unique(lost.pair[parted]))
    return frame, {"slice": number, "pairs": len(lost.pairs), "efficiency": lost.efficiency, "hanging": hanging}


def _share(lost: Falls, people: int) -> np.ndarray:
    gone = np.bincount(lost.person, weights=lost.before - lost.after, minlength=people)
    return np.asarray(gone / lost.efficiency if lost.efficiency else gone)
