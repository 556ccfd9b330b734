"""Where somebody's role mix lies among others of the same formal place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.roles.mix import ROLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

FEWEST_PEERS = 5


@dataclass(frozen=True)
class Standing:
    """Where a person's share of one role lies among others of the same level and function (or level alone).

    low, middle and high are the quartiles of the others; place is below, within or above them.
    """

    role: str
    share: float
    low: float
    middle: float
    high: float
    place: str
    peers: int
    among: str


@dataclass(frozen=True)
class Peers:
    """Everybody's shares, and who has the same level and function, or the same level."""

    shares: np.ndarray
    position: dict[str, int]
    groups: tuple[tuple[str, dict[str, np.ndarray]], ...]

    @classmethod
    def of(cls, people: pd.DataFrame) -> Peers:
        """The peers in a frame with person_id, level, function and the shares of the roles."""
        ordered = people.reset_index(drop=True)
        ids = ordered["person_id"].tolist()
        return cls(
            shares=ordered[[f"{role}_share" for role in ROLES]].to_numpy(dtype=float),
            position={person: number for number, person in enumerate(ids)},
            groups=tuple(
                (among, {ids[one]: rows for rows in ordered.groupby(by).indices.values() for one in rows})
                for among, by in (("level and function", ["level", "function"]), ("level", ["level"]))
            ),
        )

    def standing(self, person: str, mine: Mapping[str, float]) -> tuple[Standing, ...]:
        """A person's place among the closest group with enough others; empty where there is none."""
        for among, group in self.groups:
            rows = group.get(person, np.array([], dtype=int))
            others = rows[rows != self.position.get(person, -1)]
            if len(others) >= FEWEST_PEERS:
                return tuple(
                    _standing(role, mine[role], quartiles(self.shares[others, number]), len(others), among)
                    for number, role in enumerate(ROLES)
                )
        return ()


def quartiles(shares: np.ndarray) -> tuple[float, float, float]:
    """The three quartiles of the shares that are known."""
    known = shares[~np.isnan(shares)]
    if not len(known):
        return (float("nan"),) * 3
    low, middle, high = np.quantile(known, (0.25, 0.5, 0.75))
    return float(low), float(middle), float(high)


def _standing(role: str, share: float, others: tuple[float, float, float], peers: int, among: str) -> Standing:
    low, middle, high = others
    place = "below" if share < low else "above" if share > high else "within"
    return Standing(role, share, low, middle, high, place, peers, among)
