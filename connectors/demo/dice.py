"""Chance, drawn in bulk so that fifty thousand small decisions stay cheap, and repeatable by seed."""

from __future__ import annotations

from hashlib import blake2b
from math import exp
from typing import TYPE_CHECKING, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")
_BULK = 1 << 15


class Dice:
    """One stream of chance; the same key gives the same stream."""

    def __init__(self, *key: int) -> None:
        self.generator = np.random.default_rng(key)
        self._rolls: list[float] = []

    def roll(self) -> float:
        """A number in [0, 1)."""
        if not self._rolls:
            self._rolls = self.generator.random(_BULK).tolist()
        return self._rolls.pop()

    def chance(self, probability: float) -> bool:
        """True with this probability."""
        return self.roll() < probability

    def pick(self, choices: Sequence[T]) -> T:
        """One of the choices."""
        return choices[int(self.roll() * len(choices))]

    def between(self, low: int, high: int) -> int:
        """A whole number from low up to and including high."""
        return low + int(self.roll() * (high - low + 1))

    def sample(self, choices: Sequence[T], size: int) -> list[T]:
        """Up to `size` different choices, in chance order."""
        left = list(choices)
        taken: list[T] = []
        while left and len(taken) < size:
            at = int(self.roll() * len(left))
            left[at], left[-1] = left[-1], left[at]
            taken.append(left.pop())
        return taken

    def count(self, mean: float) -> int:
        """A Poisson count; for small means only."""
        limit, product, number = exp(-mean), self.roll(), 0
        while product > limit:
            product *= self.roll()
            number += 1
        return number


def digest(*parts: object) -> str:
    """An id of 12 hex digits that says nothing about what it stands for."""
    return blake2b("\n".join(map(str, parts)).encode(), digest_size=6).hexdigest()
