"""One mailbox's frames as rows of `copies`: every meeting with its guests and its label inside it.

Built in Arrow, without a loop over rows: this runs once for every mailbox of a scan.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa

from store.frames import tidy
from store.schema import ATTENDANCE, LABELLED, MEETINGS, Table

if TYPE_CHECKING:
    from store.frames import Batch

GUEST = ("person_id", "role", "response", "hours")
LABEL = tuple(name for name in LABELLED.names if name not in ("meeting_id", "decided_by"))


def nested(batch: Batch, owner: str | None, labels: pd.DataFrame | None) -> pa.Table:
    """The meetings of a batch with `owner`, the owner's `own` attendance, all `guests` and the `label`."""
    meetings = plain(MEETINGS, batch.meetings)
    places = pd.Index(meetings["meeting_id"])
    guests, place = _guests(plain(ATTENDANCE, batch.attendance), places)
    people = _structure(guests, GUEST)
    starts = pa.array(np.searchsorted(place, np.arange(len(places) + 1)), pa.int32())
    mine = np.flatnonzero((guests["person_id"] == owner).to_numpy(dtype=bool, na_value=False))
    table = pa.Table.from_pandas(meetings, preserve_index=False, nthreads=1)
    table = table.append_column("owner", pa.array([owner] * len(places), pa.string()))
    table = table.append_column("own", _at(people, place[mine], mine, len(places)))
    table = table.append_column("guests", pa.ListArray.from_arrays(starts, people))
    return table.append_column("label", _labels(labels, places))


def plain(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame as the table has it, each key once, the last of its rows."""
    tidied = frame if list(frame.columns) == table.given else tidy(table, frame)
    repeated = tidied.duplicated(list(table.key), keep="last")
    return tidied[~repeated] if repeated.any() else tidied


def _guests(attendance: pd.DataFrame, places: pd.Index) -> tuple[pd.DataFrame, np.ndarray]:
    """Guests in the order of their meetings, by name within one, and which meeting each belongs to."""
    place = places.get_indexer(pd.Index(attendance["meeting_id"]))
    order = np.lexsort((pd.factorize(attendance["person_id"], sort=True)[0], place))
    order = order[place[order] >= 0]
    return attendance.iloc[order], place[order]


def _structure(frame: pd.DataFrame, names: tuple[str, ...]) -> pa.StructArray:
    table = pa.Table.from_pandas(frame[list(names)], preserve_index=False, nthreads=1)
    columns = [_whole(table[name]) for name in names]
    return pa.StructArray.from_arrays(columns, names=list(names))


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if column.num_chunks else pa.array([], column.type)


def _at(values: pa.Array, place: np.ndarray, which: np.ndarray, size: int) -> pa.Array:
    """The chosen values at their places, nothing elsewhere."""
    taken = np.full(size, -1)
    taken[place] = which
    return values.take(pa.array(taken, mask=taken < 0))


def _labels(labels: pd.DataFrame | None, places: pd.Index) -> pa.Array:
    if labels is None or labels.empty:
        return pa.nulls(len(places))
    given = plain(LABELLED, labels)
    place = places.get_indexer(pd.Index(given["meeting_id"]))
    known = np.flatnonzero(place >= 0)
    return _at(_structure(given, LABEL), place[known], known, len(places))
