"""The circumstances of a meeting as named indicators: each column in bins, and nothing at all where it is unknown."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

COLUMNS = (
    "duration_min",
    "n_attendees",
    "n_departments",
    "level_span",
    "organizer_level",
    "recurring",
    "lead_hours",
    "start_hour",
    "weekday",
)


@dataclass(frozen=True)
class Bins:
    """Where a column is cut: bin i holds values from edges[i] up to, not including, edges[i + 1].

    >>> Bins("level_span", (0, 1, 2, 3)).names
    ['level_span: 0 to 1', 'level_span: 1 to 2', 'level_span: 2 to 3', 'level_span: 3 or more']
    """

    column: str
    edges: tuple[float, ...]

    @property
    def names(self) -> list[str]:
        """One readable name a bin."""
        pairs = zip(self.edges, self.edges[1:], strict=False)
        return [f"{self.column}: {low:g} to {high:g}" for low, high in pairs] + [
            f"{self.column}: {self.edges[-1]:g} or more"
        ]

    def codes(self, values: pd.Series) -> np.ndarray:
        """The bin of every value, -1 where it is missing or below the first edge."""
        numbers = values.to_numpy(dtype=float, na_value=np.nan)
        codes = np.searchsorted(np.asarray(self.edges), numbers, side="right") - 1
        return np.where(np.isnan(numbers), -1, codes)


BINS: tuple[Bins, ...] = (
    Bins("duration_min", (0, 20, 35, 50, 70, 100, 150, 300)),
    Bins("n_attendees", (1, 2, 3, 5, 8, 13, 26, 60)),
    Bins("n_departments", (1, 2, 3, 4, 6)),
    Bins("level_span", (0, 1, 2, 3)),
    Bins("organizer_level", (1, 2, 3, 4, 5)),
    Bins("recurring", (0, 1)),
    Bins("lead_hours", (0, 1, 4, 24, 72, 168, 400, 900)),
    Bins("start_hour", (0, 7, 9, 12, 13, 16, 18)),
    Bins("weekday", (1, 2, 3, 4, 5, 6)),
)
NOTHING = "circumstances: none known"
NAMES: list[str] = [*(name for bins in BINS for name in bins.names), NOTHING]


def numeric(frame: pd.DataFrame) -> pd.DataFrame:
    """The context columns as plain numbers, missing where the frame has no such column.

    >>> numeric(pd.DataFrame({"recurring": ["yes", "no", None]}))["recurring"].tolist()
    [1.0, 0.0, nan]
    """
    return pd.DataFrame({name: _numbers(frame, name) for name in COLUMNS}, index=frame.index)


def _numbers(frame: pd.DataFrame, name: str) -> pd.Series:
    if name not in frame:
        return pd.Series(np.nan, index=frame.index)
    values = frame[name]
    if name == "recurring" and not pd.api.types.is_numeric_dtype(values.dtype):
        words = values.astype("object").map(lambda value: str(value).strip().lower() if pd.notna(value) else None)
        values = words.map(
            {"yes": 1.0, "no": 0.0, "ja": 1.0, "nee": 0.0, "y": 1.0, "n": 0.0, "true": 1.0, "false": 0.0}
        )
    return pd.Series(pd.to_numeric(values, errors="coerce").to_numpy(dtype=float, na_value=np.nan), index=frame.index)


def codes(frame: pd.DataFrame) -> np.ndarray:
    """Which indicator of `NAMES` holds for every row and column, -1 where unknown; the last column is `NOTHING`."""
    numbers, start, columns = numeric(frame), 0, []
    for bins in BINS:
        found = bins.codes(numbers[bins.column])
        columns.append(np.where(found < 0, -1, found + start))
        start += len(bins.edges)
    known = np.max(columns, axis=0) >= 0
    return np.column_stack([*columns, np.where(known, -1, start)])
