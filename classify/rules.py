"""Small patterns that say what a title does: it asks who decides, names a time today, holds nothing but a name.

A rule never decides; the model weighs it like any other evidence. The list is rules.tsv (name, English, Dutch,
pattern); its patterns read the plain tokens of a title, joined by spaces.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from classify.text import Text


SOURCE = Path(__file__).with_name("rules.tsv")


@dataclass(frozen=True)
class Rule:
    """A pattern with its name and what it means, in both languages."""

    name: str
    pattern: re.Pattern[str]
    en: str
    nl: str


def _listed() -> tuple[Rule, ...]:
    with SOURCE.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    return tuple(Rule(name, re.compile(pattern), en, nl) for name, en, nl, pattern in rows)


RULES: tuple[Rule, ...] = _listed()

_NAME_ONLY = re.compile(r"^[A-Z][a-zë]+(?: (?:van|de|der|den|[A-Z][a-zë]+|[A-Z]\.?)){0,3}$")
_SHOUTED = re.compile(r"\b[A-ZÀ-Þ]{4,}\b")
TITLE_SHAPES: tuple[Rule, ...] = (
    Rule("name-only", _NAME_ONLY, "only a name", "alleen een naam"),
    Rule("shouted", _SHOUTED, "a word in capitals", "een woord in hoofdletters"),
)
FORWARDED = Rule("forwarded", re.compile(""), "a reply or forwarded", "een antwoord of doorgestuurd")
EMPTY = Rule("empty", re.compile(""), "no title", "geen titel")
ALL: dict[str, Rule] = {rule.name: rule for rule in (*RULES, *TITLE_SHAPES, FORWARDED, EMPTY)}


def fired(text: Text) -> list[str]:
    """The names of the rules that hold for a title."""
    if not text.plain:
        return [EMPTY.name]
    spaced = text.spaced
    names = [rule.name for rule in RULES if rule.pattern.search(spaced)]
    names += [rule.name for rule in TITLE_SHAPES if rule.pattern.search(text.raw)]
    return [*names, FORWARDED.name] if text.forwarded else names
