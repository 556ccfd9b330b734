"""Frames built column by column in the types of the tables, so that nothing has to guess them or copy them again."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from store.frames import DTYPES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from numpy.typing import NDArray

    from store.schema import Kind, Table

    Times = NDArray[np.datetime64]
    Flags = NDArray[np.bool_]
    Places = NDArray[np.int64]

_TEXT = pd.array([], dtype=DTYPES["text"]).dtype

_STEP = 1024


def frame_of(table: Table, columns: Mapping[str, Any]) -> pd.DataFrame:
    """A frame of the table's given columns, each a list or tuple of Python values, or an array ready made."""
    return pd.DataFrame({name: column(table.by_name[name].kind, columns[name]) for name in table.given}, copy=False)


def column(kind: Kind, values: Any) -> Any:
    """The values as a column of the kind; an array is taken to be one already."""
    return _MAKERS[kind](values) if isinstance(values, list | tuple) else values


def texts(values: Sequence[str | None]) -> pa.LargeStringArray:
    """Texts in Arrow, from which many rows can take the same few."""
    return pa.array(values, pa.large_string())


def ready(values: pa.LargeStringArray) -> Any:
    """Texts as a column."""
    return pd.arrays.ArrowStringArray(values, dtype=_TEXT)


def taken(values: pa.LargeStringArray, places: Places, missing: Flags | None = None) -> Any:
    """A column of texts: for every row the value at its place, or none where it is missing."""
    return ready(values.take(pa.array(places, mask=missing)))


def flags(values: Flags) -> Any:
    """A column of flags that are all known."""
    return pd.arrays.BooleanArray(values, np.zeros(len(values), dtype=bool))


def repeated(kind: Kind, value: str | None, many: int) -> Any:
    """A column of one value in every row."""
    return _ready(kind, value, _STEP * (1 + many // _STEP))[:many].copy()


@lru_cache(maxsize=64)
def _ready(kind: Kind, value: str | None, many: int) -> Any:
    return column(kind, [value] * many)


def times(written: Sequence[str | None], kind: pa.TimestampType, one: Callable[[int], datetime | None]) -> Times:
    """Texts as naive UTC, NaT where there is none. `kind` says how vendors write them: a zone asks for an offset.

    Arrow reads all of them at once, or none where it meets one that is written otherwise; then `one` is asked for the
    time at each place, and may find none there either.
    """
    found: Times
    try:
        found = pa.array(written, pa.string()).cast(kind).to_numpy(zero_copy_only=False)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        found = np.array([one(place) if text else None for place, text in enumerate(written)])
    return found.astype("datetime64[us]")


def _text(values: Sequence[str | None]) -> Any:
    return ready(texts(values))


def _time(values: Sequence[Any]) -> Any:
    return pa.array(values, pa.timestamp("us")).to_numpy(zero_copy_only=False)


def _number(values: Sequence[float | None]) -> Any:
    return np.array(values, dtype=DTYPES["number"])


def _integer(values: Sequence[int | None]) -> Any:
    missing, known = _known(values, 0)
    return pd.arrays.IntegerArray(np.array(known, dtype="int64"), missing)


def _flag(values: Sequence[bool | None]) -> Any:
    missing, known = _known(values, False)
    return pd.arrays.BooleanArray(np.array(known, dtype=bool), missing)


def _known(values: Sequence[Any], instead: Any) -> tuple[Any, list[Any]]:
    missing = np.array([value is None for value in values], dtype=bool)
    return missing, [instead if value is None else value for value in values]


_MAKERS: dict[Kind, Callable[[Sequence[Any]], Any]] = {
    "text": _text,
    "time": _time,
    "date": _time,
    "number": _number,
    "integer": _integer,
    "flag": _flag,
}
