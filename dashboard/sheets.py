"""The numbers behind a picture: one sheet feeds the sentence, the table on the page and the file."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from io import StringIO
from typing import TYPE_CHECKING, Literal

from store.spreadsheet import harmless

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboard.words import Words

Kind = Literal[
    "text",
    "number",
    "fine",
    "signed",
    "fine signed",
    "percent",
    "fine percent",
    "change",
    "count",
    "date",
    "week",
]
Value = str | float | date | None
DECIMALS = {
    "number": 1,
    "fine": 2,
    "signed": 1,
    "fine signed": 2,
    "percent": 0,
    "fine percent": 1,
    "change": 0,
    "count": 0,
}
HUNDREDTHS = {"percent", "fine percent", "change"}
NOTHING = "–"


@dataclass(frozen=True)
class Cell:
    """One value with how it is written; a missing value is a dash."""

    value: Value
    kind: Kind = "text"

    def text(self, words: Words) -> str:
        """The value as it stands on the page."""
        value = self.value
        if value is None:
            return NOTHING
        if isinstance(value, date):
            return words.week(value) if self.kind == "week" else words.short_day(value)
        if isinstance(value, str):
            return value
        return self._written(value, words)

    def _written(self, value: float, words: Words) -> str:
        digits = DECIMALS[self.kind]
        if self.kind == "change":
            return words.change(value)
        if "signed" in self.kind:
            return words.signed(value, digits)
        return words.percent(value, digits) if "percent" in self.kind else words.number(value, digits)

    def plain(self, words: Words) -> str:
        """The same value for a spreadsheet: no unit, no thousands separator, never a formula."""
        value = self.value
        if value is None:
            return ""
        if isinstance(value, date):
            return words.week(value) if self.kind == "week" else value.isoformat()
        if isinstance(value, str):
            return harmless(value)
        shown = value * 100 if self.kind in HUNDREDTHS else value
        return _decimal(round(shown, DECIMALS[self.kind]) + 0.0, DECIMALS[self.kind], words)

    @property
    def is_number(self) -> bool:
        """Whether the value stands to the right, as numbers do."""
        return self.kind not in {"text", "date", "week"}


@dataclass(frozen=True)
class Sheet:
    """A small table: what it shows, its column heads and its rows; the last row may be a total.

    `has_reasons` says that its last column holds sentences about what is missing, for which paper has no room.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    has_total: bool = False
    has_reasons: bool = False

    def csv(self, words: Words, marks: Sequence[tuple[str, str]] = ()) -> str:
        """The sheet as a file that opens in a spreadsheet of the reader's country; `marks` stand below it."""
        out = StringIO()
        writer = csv.writer(out, delimiter=";" if words.language == "nl" else ",", lineterminator="\r\n")
        writer.writerow([Cell(title).plain(words) for title in self.head])
        writer.writerows([[cell.plain(words) for cell in row] for row in self.rows])
        writer.writerows([[], *([Cell(each).plain(words) for each in mark] for mark in marks)] if marks else [])
        return out.getvalue()


def _decimal(value: float, digits: int, words: Words) -> str:
    written = f"{value:.{digits}f}"
    return written.replace(".", ",") if words.language == "nl" else written
