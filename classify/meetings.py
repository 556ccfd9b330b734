"""Every meeting of a store with its circumstances and its label, in the shape of the `labels` table."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import narwhals as nw
import pandas as pd

from classify.line import in_force, line_or_process, present
from classify.model import PROBABILITIES
from store.corrections import standing
from store.frames import tidy
from store.schema import LABELLED
from store.tables import to_pandas

if TYPE_CHECKING:
    from classify.model import Classifier
    from store.tables import Lazy, Tables

_BY_MODEL, _BY_PERSON, _BY_FILE = "model", "person", "file"


def context(tables: Tables) -> Lazy:
    """One row a meeting: title, body and circumstances, except the two left to `finished`."""
    # Whoever has no place on the chart, such as the owner of a lone calendar, is not "one department".
    placed = present(tables).filter(~nw.col("department").is_null(), ~nw.col("level").is_null())
    departments = placed.group_by("meeting_id", "department").agg(
        highest=nw.col("level").min(), lowest=nw.col("level").max()
    )
    seen = departments.group_by("meeting_id").agg(
        n_departments=nw.len(), highest=nw.col("highest").min(), lowest=nw.col("lowest").max()
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
    return people.group_by("meeting_id").agg(guests=nw.len())


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
    """The `labels` of all meetings in the tables: what the model says, and what a file or people said instead."""
    rows = finished(to_pandas(context(tables))).sort_values("meeting_id", ignore_index=True)
    labels = classifier.label(rows).assign(meeting_id=rows["meeting_id"], decided_by=_BY_MODEL)
    labels = _set(labels, rows["kind"].ne("meeting"), pd.Series("other", index=rows.index))
    labels = _brought(labels, to_pandas(tables.labels.filter(nw.col("decided_by") == _BY_FILE)))
    said = corrected(rows, to_pandas(tables.corrections))
    labels = _set(labels, said.notna(), said)
    labels.loc[said.notna(), "decided_by"] = _BY_PERSON
    subs = to_pandas(line_or_process(tables)).set_index("meeting_id")["sub"]
    sub = rows["meeting_id"].map(subs).astype(object).fillna("process").where(labels["label"] == "coordination")
    version = pd.Series(classifier.version, index=rows.index).where(labels["decided_by"] != _BY_FILE)
    return tidy(LABELLED, labels.assign(sub=sub, model_version=version))


def _brought(labels: pd.DataFrame, brought: pd.DataFrame) -> pd.DataFrame:
    """The labels with those that the organisation brought in a file; the model does not overrule them."""
    if brought.empty:
        return labels
    theirs = labels[["meeting_id"]].merge(brought.drop_duplicates("meeting_id"), on="meeting_id", how="left")
    here = theirs["label"].notna().to_numpy()
    columns = ("label", "probability", *PROBABILITIES, "decided_by")
    return labels.assign(**{name: labels[name].mask(here, theirs[name].to_numpy()) for name in columns})


def _set(labels: pd.DataFrame, where: pd.Series, values: pd.Series) -> pd.DataFrame:
    """The labels with some rows decided for certain."""
    if not where.any():
        return labels
    chances = {
        name: labels[name].mask(where, values.eq(name.removeprefix("p_")).astype(float)) for name in PROBABILITIES
    }
    return labels.assign(
        label=labels["label"].mask(where, values), probability=labels["probability"].mask(where, 1.0), **chances
    )


def only(tables: Tables, meeting_ids: list[str]) -> Tables:
    """The same tables with a few meetings in them; to label those without reading the rest."""
    return replace(
        tables,
        meetings=tables.meetings.filter(nw.col("meeting_id").is_in(meeting_ids)),
        attendance=tables.attendance.filter(nw.col("meeting_id").is_in(meeting_ids)),
    )


def corrected(rows: pd.DataFrame, corrections: pd.DataFrame) -> pd.Series:
    """The newest standing correction of each meeting or of any in its series; missing where nobody said anything."""
    if corrections.empty:
        return pd.Series(None, index=rows.index, dtype="str")
    group = grouped(rows)
    groups = pd.Series(group.to_numpy(), index=rows["meeting_id"])
    said = standing(corrections)
    said = said.assign(group=said["meeting_id"].map(groups)).dropna(subset=["group"])
    newest = said.sort_values(["at", "by"], kind="stable").groupby("group")["label"].last()
    return group.map(newest)


def grouped(rows: pd.DataFrame) -> pd.Series:
    """What is corrected together: the series, or a meeting outside any series by itself."""
    series = rows["series_id"].astype(object)
    return series.where(series.notna(), "\0" + rows["meeting_id"].astype(object))
