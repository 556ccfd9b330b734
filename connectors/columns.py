"""Frames built column by column in the types of the tables, so that nothing has to guess them or copy them again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from store.frames import DTYPES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from store.schema import Kind, Table


def frame_of(table: Table, columns: Mapping[str, Any]) -> pd.DataFrame:
    """A frame of the table's given columns, each a list or tuple of Python values, or an array ready made."""
    return pd.DataFrame({name: column(table.by_name[name].kind, columns[name]) for name in table.given}, copy=False)


def column(kind: Kind, values: Any) -> Any:
    """The values as a column of the kind; an array is taken to be one already."""
    return _MAKERS[kind](values) if isinstance(values, list | tuple) else values


def texts(values: Sequence[str | None]) -> pa.LargeStringArray:
    """Texts in Arrow, from which many rows can take the same few."""
    return pa.array(values, pa.large_string())


def taken(values: pa.LargeStringArray, places: Any) -> Any:
    """A column of texts: for every row the value at its place."""
    return pd.array(values.take(pa.array(places)), dtype=DTYPES["text"])


def _text(values: Sequence[str | None]) -> Any:
    return pd.array(texts(values), dtype=DTYPES["text"])


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
