"""A whole document: its title, what it rests on, and the pages in it; set as HTML or as PDF."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard.paper.parts import Aside, Grid, Part

if TYPE_CHECKING:
    from collections.abc import Iterator

# A table longer than this stands behind the text, where nobody has to leaf through it.
LONGEST_TABLE = 26


@dataclass(frozen=True)
class Chapter:
    """One page: its question and its parts."""

    question: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Document:
    """What goes on paper: `facts` are lines under the title (who, when, coverage); `language` is nl or en.

    `numbers_title` heads the long tables behind the text, `see_numbers` stands where such a table was.
    """

    title: str
    language: str
    facts: tuple[str, ...]
    chapters: tuple[Chapter, ...]
    numbers_title: str
    see_numbers: str

    @property
    def long_tables(self) -> tuple[Grid, ...]:
        """The tables that stand behind the text."""
        return tuple(grid for chapter in self.chapters for grid in _grids(chapter.parts) if is_long(grid))


def is_long(grid: Grid) -> bool:
    """Whether a table stands behind the text."""
    return len(grid.rows) > LONGEST_TABLE


def _grids(parts: tuple[Part, ...]) -> Iterator[Grid]:
    for part in parts:
        if isinstance(part, Grid):
            yield part
        elif isinstance(part, Aside):
            yield from _grids(part.parts)
