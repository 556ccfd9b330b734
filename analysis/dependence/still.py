"""Absences in which the carried work stood still, against comparable absences of others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from analysis.dependence.evidence import Evidence

FEWEST_EXPECTED = 1.0
STILL = 1 / 3


def stood_still(found: Evidence, people: int) -> pd.DataFrame:
    """How often carried work stood still, by person: a third or less of what was expected was held.

    Columns: absences (measurable ones), still, others (the share of comparable absences of others that stood still:
    about as many meetings expected, to a factor of two).
    """
    spells = found.spells
    expected = found.pooled * spells["expected"].to_numpy()
    chosen = expected >= FEWEST_EXPECTED
    person, expected = spells["person"].to_numpy()[chosen], expected[chosen]
    still = spells["held"].to_numpy()[chosen] <= STILL * expected
    size = np.floor(np.log2(np.maximum(FEWEST_EXPECTED, expected))).astype(np.int64)
    bins = int(size.max(initial=0)) + 1
    cell = person * bins + size
    mine, mine_still = (
        np.bincount(cell, weights=each, minlength=people * bins) for each in (np.ones(len(cell)), still)
    )
    mine, mine_still = mine.reshape(people, bins), mine_still.reshape(people, bins)
    others = mine.sum(axis=0) - mine
    rate = (mine_still.sum(axis=0) - mine_still) / np.maximum(1, others)
    absences = mine.sum(axis=1)
    return pd.DataFrame(
        {
            "absences": absences,
            "still": mine_still.sum(axis=1),
            "others": (mine * rate).sum(axis=1) / np.maximum(1, absences),
        }
    )
