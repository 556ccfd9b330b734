"""Pairs of units: how strongly they are tied, through whom, and which of them hang on one person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from analysis.bridges.codes import Coded, Ints

FEWEST_MEETINGS = 2


def carriers(ties: Coded) -> pd.DataFrame:
    """One row a pair of units and person with a tie between them, over all slices.

    Columns: pair, person, side (unit), ties (people of the other unit tied), hours, share (of the pair's hours; the
    shares of one side add up to 1), meetings (of those ties), alone (no tie of the pair is without this person).
    """
    across = ties.paired.total
    people = len(ties.people)
    pair = np.concatenate([across.pair, across.pair])
    person = np.concatenate([across.one, across.other])
    side = np.concatenate([across.one_unit, across.other_unit])
    _, first, at = np.unique(
        (pair * people + person) * 2 + (side != pair % len(ties.units)), return_index=True, return_inverse=True
    )
    by_person = pd.DataFrame(
        {
            "pair": pair[first],
            "person": person[first],
            "side": side[first],
            "ties": np.bincount(at),
            "hours": np.bincount(at, weights=np.tile(across.hours, 2)),
            "meetings": np.bincount(at, weights=np.tile(across.meetings, 2)).astype(np.int64),
        }
    )
    total = by_person.groupby("pair")[["ties", "hours", "meetings"]].transform("sum")
    # Both ends are counted: the whole pair is half of the sum.
    own = by_person.groupby(["pair", "person"])["ties"].transform("sum")
    return by_person.assign(
        share=by_person["hours"] / (total["hours"] / 2),
        alone=(2 * own == total["ties"]) & (total["meetings"] >= 2 * FEWEST_MEETINGS),
    )


def alone(ties: Coded) -> pd.DataFrame:
    """Per person the pairs of units tied through that person alone: person_id, pairs, hours.

    A pair counts when no two people of the two units met without this person, over all slices, and there was more
    than one such meeting. Everybody with a tie has a row; most have 0 pairs. What a dependence score can take as it
    is.
    """
    return alone_of(carriers(ties), ties)


def alone_of(carried: pd.DataFrame, ties: Coded) -> pd.DataFrame:
    """The same out of `carriers`."""
    everybody: Ints = np.unique(np.concatenate([ties.one, ties.other]))
    mine = carried[carried["alone"]].drop_duplicates(["pair", "person"])
    sums = mine.groupby("person").agg(pairs=("pair", "size"), hours=("hours", "sum")).reindex(everybody)
    return pd.DataFrame(
        {
            "person_id": ties.named(everybody),
            "pairs": sums["pairs"].fillna(0).astype("int64").to_numpy(),
            "hours": sums["hours"].fillna(0.0).to_numpy(),
        }
    )
