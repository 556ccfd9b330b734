"""Ties as numbers: what the graph work is done on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    import pandas as pd

Ints = np.ndarray[tuple[int, ...], np.dtype[np.int64]]
Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


@dataclass(frozen=True)
class Coded:
    """A tie list with people and units as numbers; `people` and `units` are their names in alphabetical order."""

    people: list[str]
    units: list[str]
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
        return Coded(self.people, self.units, **{name: getattr(self, name)[rows] for name in columns})

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
    def pair(self) -> Ints:
        """For each tie the number of its pair of units, the same in both directions."""
        low, high = np.minimum(self.one_unit, self.other_unit), np.maximum(self.one_unit, self.other_unit)
        return np.asarray(low * len(self.units) + high)

    def names(self, pair: int) -> tuple[str, str]:
        """The two units of a pair."""
        low, high = divmod(int(pair), len(self.units))
        return self.units[low], self.units[high]


def coded(frame: pd.DataFrame) -> Coded:
    """The tie list of `ties`, collected, as numbers."""
    people, (one, other) = _numbers(frame["person_id"], frame["other_id"])
    units, (one_unit, other_unit) = _numbers(frame["unit"], frame["other_unit"])
    return Coded(
        people,
        units,
        part=frame["slice"].to_numpy(dtype=np.int64),
        one=one,
        other=other,
        one_unit=one_unit,
        other_unit=other_unit,
        meetings=frame["meetings"].to_numpy(dtype=np.int64),
        hours=frame["hours"].to_numpy(dtype=np.float64),
    )


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
