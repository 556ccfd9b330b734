"""Text from files into typed values, with a reason for every value that does not fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_datetime64_any_dtype, is_numeric_dtype

from store.frames import DTYPES, naive_utc

if TYPE_CHECKING:
    from store.schema import Column

# What others write for the words of our tables (Google, Microsoft Graph, iCalendar, Dutch), lower case.
SYNONYMS: dict[str, dict[str, str]] = {
    "response": {
        "needsaction": "none",
        "needs-action": "none",
        "notresponded": "none",
        "no response": "none",
        "unknown": "none",
        "tentativelyaccepted": "tentative",
        "delegated": "declined",
        "organizer": "accepted",
        "yes": "accepted",
        "no": "declined",
        "maybe": "tentative",
        "geaccepteerd": "accepted",
        "geweigerd": "declined",
        "voorlopig": "tentative",
        "geen": "none",
    },
    "role": {
        "req-participant": "required",
        "opt-participant": "optional",
        "chair": "required",
        "attendee": "required",
        "room": "resource",
        "non-participant": "optional",
    },
    "status": {"canceled": "cancelled", "geannuleerd": "cancelled", "bevestigd": "confirmed"},
    "show_as": {
        "outofoffice": "oof",
        "out of office": "oof",
        "workingelsewhere": "elsewhere",
        "opaque": "busy",
        "transparent": "free",
        "unknown": "busy",
    },
    "kind": {"outofoffice": "absence", "ooo": "absence", "focustime": "focus", "default": "meeting"},
    "source": {},
}
TRUE, FALSE = {"true", "yes", "ja", "y", "j", "1", "waar"}, {"false", "no", "nee", "n", "0", "onwaar"}
DATE = r"\d{4}-\d\d-\d\d"
OFFSET = r"(?:Z|[+-]\d\d:?\d\d)$"
# Outside these years a date is a slip of the pen or a placeholder such as 9999-12-31.
FIRST_YEAR, LAST_YEAR = 1970, 2100


def parse_column(
    raw: pd.Series, column: Column, timezone: str = "UTC", days_in: str = "UTC"
) -> tuple[pd.Series, pd.Series]:
    """Typed values and, row by row, the reason why one could not be read (None where it could).

    Wall-clock times without an offset are read in `timezone`, bare dates as midnight in `days_in`.
    """
    parse = {
        "text": _text,
        "time": lambda values: _times(values, timezone, days_in),
        "date": lambda values: _times(values, "UTC", "UTC"),
        "number": _numbers,
        "integer": _integers,
        "flag": _flags,
    }[column.kind]
    values = _words(raw, column) if column.words else parse(raw)
    given = raw.notna() & (raw.astype("str").str.strip() != "")
    reasons = pd.Series(None, index=raw.index, dtype=object)
    return values, reasons.mask(given & values.isna(), f"{column.name} is not {_wanted(column)}")


def words_of(column: Column) -> dict[str, str]:
    """Every accepted spelling of a listed value."""
    own = {word: word for word in column.words}
    return own | {other: word for other, word in SYNONYMS.get(column.name, {}).items() if word in column.words}


def _wanted(column: Column) -> str:
    if column.words:
        return "one of " + ", ".join(column.words)
    return {
        "text": "text",
        "time": "a date and time such as 2026-03-16T09:30:00+01:00",
        "date": "a date such as 2026-03-16",
        "number": "a number",
        "integer": "a whole number",
        "flag": "true or false",
    }[column.kind]


def _text(raw: pd.Series) -> pd.Series:
    text = raw.astype("str").str.strip()
    return text.where(text != "")


def _words(raw: pd.Series, column: Column) -> pd.Series:
    spellings = words_of(column)
    return raw.astype("str").str.strip().str.lower().map(spellings).astype("str")


def _numbers(raw: pd.Series) -> pd.Series:
    if is_numeric_dtype(raw.dtype):
        return raw.astype("float64")
    return pd.to_numeric(raw.str.strip().str.replace(",", ".", regex=False), errors="coerce").astype("float64")


def _integers(raw: pd.Series) -> pd.Series:
    numbers = _numbers(raw)
    return numbers.where(numbers == numbers.round()).astype("Int64")


def _flags(raw: pd.Series) -> pd.Series:
    if is_bool_dtype(raw.dtype):
        return raw.astype("boolean")
    text = raw.astype("str").str.strip().str.lower()
    spellings = dict.fromkeys(TRUE, True) | dict.fromkeys(FALSE, False)
    return text.map(spellings).astype("boolean")


def _times(raw: pd.Series, timezone: str, days_in: str) -> pd.Series:
    if is_datetime64_any_dtype(raw.dtype):
        times = naive_utc(raw) if isinstance(raw.dtype, pd.DatetimeTZDtype) else localised(raw, timezone)
    else:
        times = _written_times(raw.astype("str").str.strip(), timezone, days_in)
    times = times.astype(DTYPES["time"])
    return times.where(times.dt.year.between(FIRST_YEAR, LAST_YEAR))


def _written_times(text: pd.Series, timezone: str, days_in: str) -> pd.Series:
    times = naive_utc(pd.to_datetime(text, utc=True, errors="coerce", format="ISO8601"))
    day = text.str.fullmatch(DATE, na=False)
    wall_clock = ~day & ~text.str.contains(OFFSET, regex=True, na=False)
    times = times.mask(day, localised(times, days_in))
    return times.mask(wall_clock, localised(times, timezone))


def localised(times: pd.Series, timezone: str) -> pd.Series:
    """Wall-clock times of a zone as UTC; a time that a clock change skips is moved on, one it repeats is the first."""
    if timezone == "UTC":
        return times
    first = np.full(len(times), fill_value=True)
    return naive_utc(times.dt.tz_localize(timezone, ambiguous=first, nonexistent="shift_forward"))
