"""Bridges: the series and subjects in which units meet, and which pairs of units each brings together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse

if TYPE_CHECKING:
    from analysis.period import Period

SERIES, TOPIC, LOOSE = "series", "topic", "ad hoc"


@dataclass(frozen=True)
class MeetingPlaces:
    """All bridges of some weeks: one row each, and a table of which pair of units met in which of them.

    `bridges` has the columns kind (series, topic, or ad hoc: meetings of the same units about nothing that has a
    name), name, meetings, units and hours; `covers` is (bridges, pairs) and holds 1 where a pair met; `pairs` are the
    pairs' units.
    """

    bridges: pd.DataFrame
    covers: sparse.csr_array
    pairs: tuple[tuple[str, str], ...]


def within(met: pd.DataFrame, period: Period) -> pd.DataFrame:
    """The rows of `crossings` in some weeks."""
    week = met["week"]
    return met[(week >= pd.Timestamp(period.start)) & (week < pd.Timestamp(period.end))]


def kinds(met: pd.DataFrame, subjects: pd.DataFrame) -> pd.DataFrame:
    """The rows of `crossings`, collected, with the bridge each meeting belongs to: kind and name."""
    rows = met.merge(subjects, on="meeting_id", how="left")
    units = rows.sort_values("unit").groupby("meeting_id")["unit"].agg(" + ".join)
    loose = rows["series_id"].isna() & rows["topic"].isna()
    name = rows["series_id"].where(rows["series_id"].notna(), rows["topic"])
    kind = np.where(rows["series_id"].notna(), SERIES, np.where(loose, LOOSE, TOPIC))
    return rows.assign(kind=kind, name=name.where(~loose, rows["meeting_id"].map(units)))


def meeting_places(met: pd.DataFrame) -> MeetingPlaces:
    """The bridges of these meetings; `met` comes from `kinds`."""
    named = met.groupby(["kind", "name"], as_index=False).agg(
        meetings=("meeting_id", "nunique"), units=("unit", "nunique"), hours=("hours", "sum")
    )
    named["bridge"] = np.arange(len(named))
    units = np.sort(met["unit"].unique().astype("str"))
    rows = met[["meeting_id", "unit", "kind", "name"]].merge(named[["kind", "name", "bridge"]], on=["kind", "name"])
    rows["unit"] = np.searchsorted(units, rows["unit"].to_numpy(dtype="str"))
    rows = rows[["meeting_id", "bridge", "unit"]]
    both = rows.merge(rows[["meeting_id", "unit"]], on="meeting_id", suffixes=("", "_other"))
    both = both[both["unit"] < both["unit_other"]]
    key = (both["unit"] * len(units) + both["unit_other"]).to_numpy(dtype=np.int64)
    pairs, at = np.unique(key, return_inverse=True)
    shape = (len(named), len(pairs))
    covers = sparse.coo_array((np.ones(len(key)), (both["bridge"].to_numpy(), at)), shape=shape).tocsr()
    covers.data[:] = 1.0
    names = tuple((str(units[pair // len(units)]), str(units[pair % len(units)])) for pair in pairs)
    return MeetingPlaces(named.drop(columns="bridge"), covers, names)
