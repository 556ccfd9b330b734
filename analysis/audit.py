"""A random sample of meetings for people to review, and what their answers say about the labels.

Each group of meetings (a series, or a meeting outside any) gets a number between 0 and 1 out of its id, divided by its
hours; the lowest come first (priority sampling: Duffield, Lund & Thorup 2007). However far people come, what they
finished from the top is a random sample in proportion to hours, and whoever recomputes the list gets the same.
Reviews elsewhere do not disturb it: they only count once everything above them in the list is reviewed too.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.labelerror import REVIEWED, LabelError, corpus_error, error_of
from store.corrections import standing
from store.schema import LABELS
from store.tables import to_pandas

if TYPE_CHECKING:
    from collections.abc import Iterable

    from store.tables import Lazy, Tables

ENOUGH = 150
"""From so many reviewed groups at the top of the list on, they are used instead of the held-out corpus."""


_SALT = "audit"


def order(groups: pd.DataFrame) -> pd.DataFrame:
    """Groups (`group`, `hours`, others kept) in the order in which a random sample asks about them; adds `place`."""
    chance = pd.Series(_between_0_and_1(groups["group"]), index=groups.index, dtype=float)
    keyed = groups[groups["hours"] > 0].assign(place=chance / groups["hours"])
    return keyed.sort_values(["place", "group"], ignore_index=True)


def _between_0_and_1(names: Iterable[str]) -> list[float]:
    digests = (hashlib.blake2b(f"{_SALT}\0{name}".encode(), digest_size=8).digest() for name in names)
    return [(int.from_bytes(digest, "big") + 1) / 2.0**64 for digest in digests]


def finished(groups: pd.DataFrame) -> pd.DataFrame:
    """The reviewed top of the list (`truth` is known), without those so large that they were asked about for certain.

    `groups` has group, hours and truth (missing where nobody reviewed it).
    """
    listed = order(groups)
    open_places = np.flatnonzero(listed["truth"].isna().to_numpy())
    if not len(open_places):
        return listed
    first_open = int(open_places[0])
    largest = 1 / float(listed["place"].iloc[first_open])
    top = listed.iloc[:first_open]
    return top[top["hours"] < largest]


def sample_error(groups: pd.DataFrame) -> LabelError:
    """What reviews of the random sample say, every group one question.

    `groups` has group, hours, said (by the model when it was reviewed) and truth (missing where nobody reviewed it).
    """
    asked = finished(groups)
    table = pd.crosstab(asked["truth"], asked["said"]).reindex(index=LABELS, columns=LABELS, fill_value=0)
    return error_of(table.to_numpy(dtype=float).tolist(), REVIEWED)


def groups(tables: Tables) -> pd.DataFrame:
    """Every group of meetings that people are asked about: group, person-hours, what was said and what is true.

    The last two are known where it was reviewed. Hours are those of people on the chart, as in the queue of reviews.
    A review of another version of the model says nothing about the labels of this one.
    """
    meetings = tables.meetings.filter(nw.col("kind") == "meeting", nw.col("status") != "cancelled", ~nw.col("all_day"))
    chart = tables.people.select("person_id").unique()
    people = tables.attendance.filter(nw.col("role") != "resource").join(chart, on="person_id", how="semi")
    known = people.group_by("meeting_id").agg(known=nw.len().cast(nw.Int64))
    own = meetings.select("meeting_id", group=_group(), minutes=nw.col("end_minute") - nw.col("start_minute"))
    weighed = own.join(known, on="meeting_id", how="left").with_columns(
        hours=nw.col("minutes") * nw.coalesce(nw.col("known"), nw.lit(1)) * (1 / 60)
    )
    found = to_pandas(weighed.group_by("group").agg(hours=nw.col("hours").sum()))
    return found.merge(_reviews(tables), on="group", how="left")


def _group() -> nw.Expr:
    return nw.coalesce(nw.col("series_id"), nw.col("meeting_id"))


def _reviews(tables: Tables) -> pd.DataFrame:
    rows = standing(to_pandas(tables.corrections))
    rows = rows[rows["model_version"] == _current_version(tables.labels)]
    names = to_pandas(
        tables.meetings.filter(nw.col("meeting_id").is_in(rows["meeting_id"].tolist())).select(
            "meeting_id", group=_group()
        )
    )
    said = rows.merge(names, on="meeting_id").drop_duplicates("group", keep="last")
    return said.rename(columns={"model_label": "said", "label": "truth"})[["group", "said", "truth"]]


def _current_version(labels: Lazy) -> str:
    counted = to_pandas(labels.filter(~nw.col("model_version").is_null()).group_by("model_version").agg(n=nw.len()))
    return str(counted.sort_values(["n", "model_version"])["model_version"].iloc[-1]) if len(counted) else ""


def reviewed_error(tables: Tables) -> LabelError | None:
    """The error of a store's labels by people's reviews of a random sample; None while there are not enough."""
    count = to_pandas(tables.corrections.select(count=nw.len()))["count"].iloc[0]
    if count < ENOUGH:
        return None
    found = sample_error(groups(tables))
    return found if found.questions >= ENOUGH else None


def label_error(tables: Tables) -> LabelError | None:
    """The error to undo in any part of a store: of reviews here when they know every label, else of the corpus."""
    return known_error(tables, reviewed_error(tables))


def known_error(tables: Tables, reviewed: LabelError | None) -> LabelError | None:
    """The error to undo, where what `reviewed_error` found is known."""
    return reviewed if reviewed is not None and reviewed.correctable else corpus_error(tables)
