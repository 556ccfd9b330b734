"""One finding as pages of groups show it: a sentence, its bars, and the sheet that both come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dashboard.sheets import Sheet


@dataclass(frozen=True)
class Stroke:
    """One bar: its name, its length (below zero to the left) and what is written beside it."""

    name: str
    value: float
    written: str
    quiet: bool = False


@dataclass(frozen=True)
class Shown:
    """What one picture shows; `key` names its file."""

    key: str
    title: str
    sentence: str
    sheet: Sheet
    strokes: tuple[Stroke, ...] = ()
