"""Whether one bridge calls for the next: new series that start soon after a series of much the same people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse

if TYPE_CHECKING:
    from analysis.bridges.codes import Ints
    from analysis.period import Period

ALIKE = 0.3
SOON_DAYS = 56
KNOWN_WEEKS = 5
SHUFFLES = 999
FEWEST_SERIES = 5


@dataclass(frozen=True)
class Breeding:
    """New series soon after a similar one, against the same start dates dealt out at random.

    series: those that started in the period; people: in them; alike: pairs of similar ones; soon: such pairs of which
    one started within eight weeks after the other; expected: the mean number when start dates are shuffled among
    these series; ratio: soon / expected; low, high: soon over the 97.5th and 2.5th percentile of the shuffles; p:
    share of shuffles with as many. The last five are None where too few series started to say.
    """

    series: int
    people: int
    alike: int
    soon: int
    expected: float | None
    ratio: float | None
    low: float | None
    high: float | None
    p: float | None


def breeding(attended: pd.DataFrame, period: Period, seed: int = 20261122) -> Breeding:
    """Bridge breeding; `attended` has a row a series and person: series_id, person_id, first (of the series)."""
    known = pd.Timestamp(period.start) + pd.Timedelta(weeks=KNOWN_WEEKS)
    new = attended[(attended["first"] >= known) & (attended["first"] < pd.Timestamp(period.end))]
    series, row = np.unique(new["series_id"].to_numpy(dtype="str"), return_inverse=True)
    people, column = np.unique(new["person_id"].to_numpy(dtype="str"), return_inverse=True)
    one, two = _alike(row, column, (len(series), len(people)))
    day = np.zeros(len(series), dtype=np.int64)
    day[row] = (new["first"] - known).dt.days.to_numpy()
    soon = _soon(day, one, two)
    if len(series) < FEWEST_SERIES or not len(one):
        return Breeding(len(series), len(people), len(one), soon, None, None, None, None, None)
    rng = np.random.default_rng(seed)
    chance = np.array([_soon(rng.permutation(day), one, two) for _ in range(SHUFFLES)])
    return _compared(len(series), len(people), len(one), soon, chance)


def _compared(series: int, people: int, alike: int, soon: int, chance: Ints) -> Breeding:
    expected = float(chance.mean())
    few, many = np.quantile(chance, [0.025, 0.975])
    return Breeding(
        series,
        people,
        alike,
        soon,
        expected,
        ratio=soon / expected if expected else None,
        low=float(soon / many) if many else None,
        high=float(soon / few) if few else None,
        p=float((1 + (chance >= soon).sum()) / (1 + len(chance))),
    )


def _alike(row: Ints, column: Ints, shape: tuple[int, int]) -> tuple[Ints, Ints]:
    """Pairs of series whose people overlap by a Jaccard index of 0.3 or more."""
    if not len(row):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    members = sparse.coo_array((np.ones(len(row)), (row, column)), shape=shape).tocsr()
    members.data[:] = 1.0
    size = members.sum(axis=1)
    common = sparse.triu(members @ members.T, k=1).tocoo()
    jaccard = common.data / (size[common.row] + size[common.col] - common.data)
    return common.row[jaccard >= ALIKE], common.col[jaccard >= ALIKE]


def _soon(day: Ints, one: Ints, two: Ints) -> int:
    apart = np.abs(day[one] - day[two])
    return int(((apart > 0) & (apart <= SOON_DAYS)).sum())
