"""Ties as numbers: what the graph work is done on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    import pandas as pd

Ints = np.ndarray[tuple[int, ...], np.dtype[np.signedinteger[Any]]]
Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

DENSE = 4_000_000
"""Up to so many cells a full table is better than sorting."""


@dataclass(frozen=True)
class Coded:
    """A tie list with people and units as numbers; `people` and `units` are their names in alphabetical order.

    `counted` says which units are large enough to speak of.
    """

    people: list[str]
    units: list[str]
    counted: np.ndarray
    part: Ints
    one: Ints
    other: Ints
    one_unit: Ints
    other_unit: Ints
    meetings: Ints
    hours: Floats

    def only(self, rows: np.ndarray) -> Coded:
        """The same with some of the ties."""
        columns = ("part", "one", "other", "one_unit", "other_unit", "meetings", "hours")
        return replace(self, **{name: getattr(self, name)[rows] for name in columns})

    def named(self, people: Ints) -> list[str]:
        """The names of some people."""
        return [self.people[each] for each in people.tolist()]

    @property
    def total(self) -> Coded:
        """The same with all slices added up, in a slice 0."""
        count = len(self.units)
        seat, other = self.one * count + self.one_unit, self.other * count + self.other_unit
        _, first, at = np.unique(seat * (len(self.people) * count) + other, return_index=True, return_inverse=True)
        whole = self.only(first)
        return replace(
            whole,
            part=np.zeros(len(first), dtype=np.int64),
            meetings=np.bincount(at, weights=self.meetings, minlength=len(first)).astype(np.int64),
            hours=np.bincount(at, weights=self.hours, minlength=len(first)).astype(np.float64),
        )

    @property
    def across(self) -> Coded:
        """Only the ties between people of different units."""
        return self.only(self.one_unit != self.other_unit)

    @property
    def paired(self) -> Coded:
        """Only the ties between people of two units that count."""
        return self.only(
            (self.one_unit != self.other_unit) & self.counted[self.one_unit] & self.counted[self.other_unit]
        )

    @property
    def named_units(self) -> list[str]:
        """The names of the units that count."""
        return [name for name, large in zip(self.units, self.counted, strict=True) if large]

    @property
    def pair(self) -> Ints:
        """For each tie the number of its pair of units, the same in both directions."""
        low, high = np.minimum(self.one_unit, self.other_unit), np.maximum(self.one_unit, self.other_unit)
        return np.asarray(low * len(self.units) + high)

    def names(self, pair: int) -> tuple[str, str]:
        """The two units of a pair."""
        low, high = divmod(int(pair), len(self.units))
        return self.units[low], self.units[high]


def coded(frame: pd.DataFrame, fewest_people: int = 1) -> Coded:
    """The tie list of `ties`, collected, as numbers; smaller units do not count."""
    people, (one, other) = _numbers(frame["person_id"], frame["other_id"])
    units, (one_unit, other_unit) = _numbers(frame["unit"], frame["other_unit"])
    return Coded(
        people,
        units,
        counted=_sizes(len(units), one, other, one_unit, other_unit) >= fewest_people,
        part=frame["slice"].to_numpy(dtype=np.int64),
        one=one,
        other=other,
        one_unit=one_unit,
        other_unit=other_unit,
        meetings=frame["meetings"].to_numpy(dtype=np.int64),
        hours=frame["hours"].to_numpy(dtype=np.float64),
    )


def _sizes(units: int, one: Ints, other: Ints, one_unit: Ints, other_unit: Ints) -> Ints:
    """How many different people each unit has."""
    seats = np.concatenate([one, other]) * max(units, 1) + np.concatenate([one_unit, other_unit])
    return np.bincount(_distinct(seats) % max(units, 1), minlength=units)


def _distinct(values: Ints) -> Ints:
    """The distinct values in order; a full table where that is small is several times quicker."""
    if values.max(initial=0) >= DENSE:
        return np.unique(values)
    seen = np.zeros(values.max(initial=0) + 1, dtype=bool)
    seen[values] = True
    return np.flatnonzero(seen)


def _numbers(*columns: pd.Series) -> tuple[list[str], list[Ints]]:
    """The distinct names in alphabetical order, and each column as positions in them."""
    texts = pa.chunked_array([_chunk for column in columns for _chunk in _chunks(column)], type=pa.large_string())
    encoded = texts.combine_chunks().dictionary_encode()
    names = encoded.dictionary.to_pylist()
    order = sorted(range(len(names)), key=names.__getitem__)
    rank = np.empty(len(names), dtype=np.int64)
    rank[order] = np.arange(len(names))
    numbers = rank[encoded.indices.to_numpy()] if len(names) else np.empty(0, dtype=np.int64)
    bounds = np.cumsum([len(column) for column in columns])[:-1]
    return [names[each] for each in order], np.split(numbers, bounds)


def _chunks(column: pd.Series) -> list[pa.Array]:
    array = pa.array(column, type=pa.large_string(), from_pandas=True)
    return array.chunks if isinstance(array, pa.ChunkedArray) else [array]
