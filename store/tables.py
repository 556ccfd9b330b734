"""All tables as lazy frames: what a measure is given, whatever engine holds the rows."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import narwhals as nw

from store.frames import empty
from store.schema import TABLES

if TYPE_CHECKING:
    import pandas as pd
    from duckdb import DuckDBPyConnection

Lazy = nw.LazyFrame[Any]


@dataclass(frozen=True)
class Tables:
    """One consistent view of a store. Nothing is read until a measure collects."""

    people: Lazy
    aliases: Lazy
    meetings: Lazy
    attendance: Lazy
    absences: Lazy
    absence_days: Lazy
    moves: Lazy
    labels: Lazy
    corrections: Lazy
    topic_edits: Lazy
    settings: Lazy

    @classmethod
    def of(cls, cursor: DuckDBPyConnection) -> Tables:
        """The tables as one DuckDB cursor sees them."""
        return cls(**{each.name: nw.from_native(cursor.table(each.name)) for each in fields(cls)})

    @classmethod
    def of_frames(cls, **frames: pd.DataFrame) -> Tables:
        """Tables out of frames in memory; those not given are empty."""
        given = {each.name: frames.get(each.name) for each in fields(cls)}
        return cls(
            **{
                name: nw.from_native(empty(TABLES[name]) if frame is None else frame).lazy()
                for name, frame in given.items()
            }
        )


def to_pandas(frame: Lazy) -> pd.DataFrame:
    """Collect a lazy frame that is known to be small; dates come as midnight timestamps."""
    collected: pd.DataFrame = frame.collect("pyarrow").to_native().to_pandas(date_as_object=False)
    return collected
