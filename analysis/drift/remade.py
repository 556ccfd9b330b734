"""Series that end and begin again under another id: a new version of the same meeting, not an end and a start.

    MT overleg      x  x  x  x
    MT overleg v2               x  x  x  x
    one chain      |----------------------|

Two series are versions of one meeting when the second begins within four weeks of the last meeting of the first, six
in ten of all their guests are the same people, and so is the title but for version marks (four fifths alike). Where a
title is gone, as in a scan, the organiser must be the same and eight in ten of the guests.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

import narwhals as nw
import pandas as pd

from analysis.scope import EVERYBODY, Scope
from store.tables import to_pandas

if TYPE_CHECKING:
    from datetime import date

    from analysis.period import Period
    from store.tables import Lazy, Tables

LONGEST_GAP = 4
SAME_GUESTS, SAME_GUESTS_UNTITLED, SAME_TITLE = 0.6, 0.8, 0.8
_DAYS = 7
_VERSION = re.compile(r"\b(v(ersie|ersion)?\s*\.?\s*\d+(\.\d+)*|nieuwe?|new|kopie|copy|vernieuwd|\d{4})\b|[\W_]+")


@dataclass(frozen=True)
class Chain:
    """Series that are one meeting, in order, with the first and the last week in which it met."""

    series: tuple[str, ...]
    first: date
    last: date


def remade(tables: Tables, facts: Lazy, period: Period, scope: Scope = EVERYBODY) -> tuple[Chain, ...]:
    """The meetings of a period that went on under another series id."""
    guests = to_pandas(_guests(scope.of(period.of(facts))))
    spans = guests.groupby("series_id").agg(
        first=("first", "min"), last=("last", "max"), guests=("person_id", "nunique")
    )
    pairs = alike(guests, spans)
    if pairs.empty:
        return ()
    return chains(_same_meeting(pairs, _titles(tables, pairs)), spans)


def _guests(facts: Lazy) -> Lazy:
    """Series and people: the first and the last week in which they met."""
    met = facts.filter(nw.col("series")).group_by("series_id", "person_id")
    return met.agg(first=nw.col("week").min(), last=nw.col("week").max())


def alike(guests: pd.DataFrame, spans: pd.DataFrame) -> pd.DataFrame:
    """Series that ended (`old`) and those that began soon after (`new`) with mostly the same people, and how much so.

    `guests` has series_id and person_id, `spans` first, last and guests by series.
    """
    start, end = spans["first"].min(), spans["last"].max()
    old, new = (
        guests.loc[guests["series_id"].isin(spans.index[which]), ["series_id", "person_id"]]
        for which in (spans["last"] < end, spans["first"] > start)
    )
    both = old.rename(columns={"series_id": "old"}).merge(new.rename(columns={"series_id": "new"}), on="person_id")
    ended, begun = (spans.loc[both[which], column] for which, column in (("old", "last"), ("new", "first")))
    gap = (begun.to_numpy() - ended.to_numpy()) / pd.Timedelta(days=_DAYS)
    soon = both[(both["old"] != both["new"]).to_numpy() & (gap >= 0) & (gap <= LONGEST_GAP)]
    pairs = soon.groupby(["old", "new"]).size().rename("shared").reset_index()
    guests_of = spans["guests"]
    every = guests_of[pairs["old"]].to_numpy() + guests_of[pairs["new"]].to_numpy() - pairs["shared"]
    pairs = pairs.assign(same=pairs["shared"] / every)
    return pairs[pairs["same"] >= SAME_GUESTS]


def _titles(tables: Tables, pairs: pd.DataFrame) -> pd.DataFrame:
    """Title and organiser by series."""
    wanted = sorted({*pairs["old"], *pairs["new"]})
    rows = tables.meetings.filter(nw.col("series_id").is_in(wanted)).group_by("series_id")
    named = rows.agg(title=nw.col("title").max(), organizer=nw.col("organizer_id").max())
    return to_pandas(named).set_index("series_id")


def _same_meeting(pairs: pd.DataFrame, named: pd.DataFrame) -> list[tuple[str, str]]:
    """The pairs that are one meeting, best first; no series has two predecessors or two successors."""
    found = [(_likeness(named, *row), *row[:2]) for row in pairs[["old", "new", "same"]].itertuples(index=False)]
    followed: dict[str, str] = {}
    for likeness, old, new in sorted(found, key=lambda each: (-each[0], each[1], each[2])):
        if likeness > 0 and old not in followed and new not in followed.values():
            followed[old] = new
    return list(followed.items())


def _likeness(named: pd.DataFrame, old: str, new: str, same: float) -> float:
    """How alike two series are, 0 where they are not the same meeting."""
    before, after = (title_key(named["title"].get(each)) for each in (old, new))
    if before and after:
        ratio = SequenceMatcher(None, before, after).ratio()
        return same * ratio if ratio >= SAME_TITLE else 0.0
    organizers = [named["organizer"].get(each) for each in (old, new)]
    known = not any(pd.isna(each) for each in organizers)
    return same if known and organizers[0] == organizers[1] and same >= SAME_GUESTS_UNTITLED else 0.0


def title_key(title: object) -> str:
    """A title without capitals, version marks and years; empty where there is none.

    >>> title_key("MT-overleg v2"), title_key("Nieuw: MT overleg 2026"), title_key(None)
    ('mt overleg', 'mt overleg', '')
    """
    return " ".join(_VERSION.sub(" ", title.lower()).split()) if isinstance(title, str) else ""


def chains(pairs: list[tuple[str, str]], spans: pd.DataFrame) -> tuple[Chain, ...]:
    """Pairs of an old and a new series joined end to end."""
    after = dict(pairs)
    firsts = sorted(set(after) - set(after.values()))
    found = []
    for first in firsts:
        series = [first]
        while series[-1] in after:
            series.append(after[series[-1]])
        of_chain = spans.loc[series]
        found.append(Chain(tuple(series), of_chain["first"].min().date(), of_chain["last"].max().date()))
    return tuple(found)
