"""Meetings whose subject is nobody's business: illness, care, pregnancy, union, dismissal, conflict and their kin.

The list is sensitive.tsv, our own words in Dutch and English: kind, language, words; a `*` opens the end it stands at.
In a scan such a meeting keeps its hours and loses everything that would tell it from any other private one.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from classify.glossary import Glossary
from classify.text import read

if TYPE_CHECKING:
    from collections.abc import Iterable

SOURCE = Path(__file__).with_name("sensitive.tsv")
TEXTS = ("title", "body")


@cache
def words() -> Glossary:
    """The list, ready to look up."""
    with SOURCE.open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return Glossary([(each.strip(), kind) for kind, _, listed in rows for each in listed.split(",")])


def is_sensitive(text: str) -> bool:
    """Whether a text names a sensitive subject.

    >>> is_sensitive("Gesprek bedrijfsarts 14:00"), is_sensitive("Kwartaalplanning vergunningen")
    (True, False)
    """
    return bool(words().matches(read(text).plain))


def sensitive(meetings: pd.DataFrame) -> pd.Series:
    """Which meetings name a sensitive subject in what text they have."""
    found = pd.Series(False, index=meetings.index)
    for name in TEXTS:
        texts = meetings[name]
        named = _named(texts.dropna().unique())
        found |= texts.isin(named)
    return found


def _named(texts: Iterable[str]) -> list[str]:
    return [text for text in texts if is_sensitive(text)]
