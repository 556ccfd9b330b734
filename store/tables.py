"""All tables as lazy frames: what a measure is given, whatever engine holds the rows."""

from __future__ import annotations

from dataclasses import InitVar, dataclass, fields
from typing import TYPE_CHECKING, Any

import narwhals as nw

from store.frames import empty
from store.schema import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    import pandas as pd
    from duckdb import DuckDBPyConnection

    Keeper = Callable[[str, Callable[[], "Lazy"]], "Lazy"]
    """Works a named table out, once, and gives it as the tables of the same view are given."""

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
    keeper: InitVar[Keeper | None] = None

    def __post_init__(self, keeper: Keeper | None) -> None:
        object.__setattr__(self, "_keeper", keeper)

    @classmethod
    def of(cls, cursor: DuckDBPyConnection, keeper: Keeper | None = None) -> Tables:
        """The tables as one DuckDB cursor sees them."""
        return cls(**{each.name: nw.from_native(cursor.table(each.name)) for each in fields(cls)}, keeper=keeper)

    def once(self, name: str, work_out: Callable[[], Lazy]) -> Lazy:
        """A table derived from these alone: worked out once where they are held, else whenever it is read.

        An engine does not see that a frame stands twice in a question, and would work it out twice.
        """
        keeper: Keeper | None = self._keeper  # type: ignore[attr-defined]
        return work_out() if keeper is None else keeper(name, work_out)

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


FEW = 2000
"""Up to how many keys an engine is told which rows are wanted; more are quicker sorted out afterwards."""


def only(rows: Lazy, column: str, wanted: Collection[str]) -> Lazy:
    """The rows whose key is wanted, where the keys are few; else all rows, for the caller to sort out."""
    return rows.filter(nw.col(column).is_in(sorted(wanted))) if 0 < len(wanted) <= FEW else rows


def to_pandas(frame: Lazy) -> pd.DataFrame:
    """Collect a lazy frame that is known to be small; dates come as midnight timestamps."""
    collected: pd.DataFrame = frame.collect("pyarrow").to_native().to_pandas(date_as_object=False)
    return collected
