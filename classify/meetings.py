"""Every meeting of a store with its circumstances and its label, in the shape of the `labels` table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw
import pandas as pd

from classify.line import in_force, line_or_process, present
from classify.model import PROBABILITIES
from store.frames import tidy
from store.schema import LABELLED
from store.tables import to_pandas

if TYPE_CHECKING:
    from classify.model import Classifier
    from store.tables import Lazy, Tables

_BY_MODEL, _BY_PERSON = "model", "person"


def context(tables: Tables) -> Lazy:
    """One row a meeting: title, body and circumstances, except the two left to `finished`."""
    # Whoever has no place on the chart, such as the owner of a lone calendar, is not "one department".
    placed = present(tables).filter(~nw.col("department").is_null(), ~nw.col("level").is_null())
    seen = placed.group_by("meeting_id").agg(
        nw.col("department").n_unique().alias("n_departments"),
        nw.col("level").min().alias("highest"),
        nw.col("level").max().alias("lowest"),
    )
    meetings = tables.meetings.select(
        *("meeting_id", "series_id", "kind", "title", "body", "headcount", "start", "created", "local_date"),
        duration_min=nw.col("end_minute") - nw.col("start_minute"),
        start_hour=nw.col("local_minute") // 60,
        recurring=nw.when(nw.col("series_id").is_null()).then(nw.lit(0)).otherwise(nw.lit(1)),
    )
    return (
        meetings.join(_guests(tables), on="meeting_id", how="left")
        .join(seen, on="meeting_id", how="left")
        .join(_organizers(tables), on="meeting_id", how="left")
        .with_columns(
            n_attendees=nw.coalesce(nw.col("headcount"), nw.col("guests")),
            level_span=nw.col("lowest") - nw.col("highest"),
        )
        .drop("headcount", "guests", "lowest", "highest")
    )


def _guests(tables: Tables) -> Lazy:
    people = tables.attendance.filter(nw.col("role") != "resource")
    return people.group_by("meeting_id").agg(nw.col("person_id").n_unique().alias("guests"))


def _organizers(tables: Tables) -> Lazy:
    chart = tables.people.select("person_id", "level", "valid_from", "valid_to")
    held = tables.meetings.select("meeting_id", "local_date", person_id=nw.col("organizer_id"))
    known = held.join(chart, on="person_id", how="inner").filter(in_force())
    return known.group_by("meeting_id").agg(nw.col("level").min().alias("organizer_level"))


def finished(rows: pd.DataFrame) -> pd.DataFrame:
    """Collected rows with lead_hours and weekday (1 = Monday): engines differ on both, so they are worked out here."""
    lead = rows["start"] - rows["created"]
    # A meeting entered after it began was not planned; how early says nothing then.
    hours = lead.dt.total_seconds().floordiv(3600).where(lead >= pd.Timedelta(0))
    return rows.assign(lead_hours=hours, weekday=pd.to_datetime(rows["local_date"]).dt.day_of_week + 1)


def label_meetings(tables: Tables, classifier: Classifier) -> pd.DataFrame:
    """The whole `labels` table: what the model says, and what people said instead."""
    rows = finished(to_pandas(context(tables))).sort_values("meeting_id", ignore_index=True)
    labels = classifier.label(rows).assign(meeting_id=rows["meeting_id"], decided_by=_BY_MODEL)
    labels = _set(labels, rows["kind"].ne("meeting"), pd.Series("other", index=rows.index))
    said = corrected(rows, to_pandas(tables.corrections))
    labels = _set(labels, said.notna(), said)
    labels.loc[said.notna(), "decided_by"] = _BY_PERSON
    subs = to_pandas(line_or_process(tables)).set_index("meeting_id")["sub"]
    sub = rows["meeting_id"].map(subs).astype(object).fillna("process").where(labels["label"] == "coordination")
    return tidy(LABELLED, labels.assign(sub=sub, model_version=classifier.version))


def _set(labels: pd.DataFrame, where: pd.Series, values: pd.Series) -> pd.DataFrame:
    """The labels with some rows decided for certain."""
    chances = {
        name: labels[name].mask(where, values.eq(name.removeprefix("p_")).astype(float)) for name in PROBABILITIES
    }
    return labels.assign(
        label=labels["label"].mask(where, values), probability=labels["probability"].mask(where, 1.0), **chances
    )


def corrected(rows: pd.DataFrame, corrections: pd.DataFrame) -> pd.Series:
    """The newest correction of each meeting or of any meeting in its series; missing where nobody said anything."""
    # A meeting outside any series is a group of its own.
    series = rows["series_id"].astype(object)
    group = series.where(series.notna(), "\0" + rows["meeting_id"].astype(object))
    groups = pd.Series(group.to_numpy(), index=rows["meeting_id"])
    said = corrections.assign(group=corrections["meeting_id"].map(groups)).dropna(subset=["group"])
    newest = said.sort_values(["at", "by"], kind="stable").groupby("group")["label"].last()
    return group.map(newest)
