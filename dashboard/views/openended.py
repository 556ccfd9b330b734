"""Parts whose ends are open, as releases tell them: of the few that are left at either end nothing is said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard.sheets import Cell
from privacy.release.escalated import HARDLY_ANY, LEAST, MOST, NEARLY_ALL

if TYPE_CHECKING:
    from dashboard.words import Words


@dataclass(frozen=True)
class Sentences:
    """The same sentence about a part, with `{share}` in it: of one that is known, and at both open ends."""

    known: str
    at_least: str
    at_most: str


def at_least(part: float, words: Words) -> str:
    """A part that is open above only: what is small is told as it is."""
    return words("at least {share}", share=words.percent(NEARLY_ALL)) if part >= MOST else words.percent(part)


def part_cell(part: float | None, words: Words) -> Cell:
    """A part as it stands in a sheet: a number, or in words where it lies at an end."""
    if part is None or LEAST < part < MOST:
        return Cell(part, "percent")
    return Cell(at_least(part, words) if part >= MOST else words("at most {share}", share=words.percent(HARDLY_ANY)))


def part_sentence(part: float, sentences: Sentences, words: Words, **blanks: object) -> str:
    """The sentence that fits a part, with its other blanks filled in."""
    if part >= MOST:
        return words(sentences.at_least, share=words.percent(NEARLY_ALL), **blanks)
    if part <= LEAST:
        return words(sentences.at_most, share=words.percent(HARDLY_ANY), **blanks)
    return words(sentences.known, share=words.percent(part), **blanks)
