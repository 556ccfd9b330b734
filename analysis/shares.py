"""Shares of hours per label that account for wrong labels, each with a 95 % interval.

A calendar is a complete count of its period, not a sample of it, so what is uncertain about a share is only which
labels are wrong. Three things go into the interval: how often labels are wrong (counted on a limited number of
questions), the luck with which this period's meetings drew their errors, and that equal titles err together: hours
are taken in clusters of equal title. What people decided themselves counts as true.

Two ways, by what the errors were counted on:

- *adjusted*: errors come from elsewhere, or from another mix of labels; P(said | true) is undone (`labelerror.undo`);
- *reviewed*: errors come from a random sample of these very hours; P(true | said) is applied as it was found
  (double sampling: Tenenbein 1970; with labels as predictions it is the PPI++ estimate of Angelopoulos et al. 2023).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import narwhals as nw
import numpy as np

from analysis.facts import placed
from analysis.labelerror import DRAWS, Array, LabelError, undo_within
from analysis.load import counted_meetings
from analysis.rules import DEFAULT, Rules
from analysis.scope import EVERYBODY, Scope
from store.schema import LABELS
from store.tables import to_pandas

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from analysis.period import Period
    from store.tables import Lazy, Tables

Method = Literal["adjusted", "reviewed", "not measured", "cannot be corrected"]
_PRIOR = 0.2
_LEVEL = (0.025, 0.975)


@dataclass(frozen=True)
class Said:
    """Hours by label: what the model said with the sum of squared hours of its clusters, and what people decided."""

    hours: Array
    squares: Array
    decided: Array

    @property
    def total(self) -> float:
        """All hours."""
        return float(self.hours.sum() + self.decided.sum())

    @property
    def naive(self) -> Array:
        """Shares as if every label were right."""
        return np.asarray((self.hours + self.decided) / self.total) if self.total else np.zeros(len(LABELS))


@dataclass(frozen=True)
class Share:
    """One label's share of hours with its 95 % interval (None where the error is not known), and the plain count."""

    label: str
    share: float
    low: float | None
    high: float | None
    naive_share: float


@dataclass(frozen=True)
class Shares:
    """Shares of all labels, in the order of `store.schema.LABELS`, and how they were corrected."""

    method: Method
    labels: tuple[Share, ...]

    def of(self, label: str) -> Share:
        """One label's share."""
        return next(part for part in self.labels if part.label == label)


def said_of(hours: Mapping[str, float], clusters: float = np.inf) -> Said:
    """Hours by label as `Said`, all by the model, in about so many equal clusters of equal title."""
    found = np.array([hours.get(label, 0.0) for label in LABELS], dtype=float)
    return Said(found, found * found.sum() / clusters, np.zeros(len(LABELS)))


def shares(said: Said, error: LabelError | None, *, sampled_here: bool = False, seed: int = 20_261_122) -> Shares:
    """Honest shares; `sampled_here` says that the error was counted on a random sample of these very hours."""
    if error is None or not said.total:
        return _uncorrected(said, "not measured")
    if sampled_here:
        return _with_intervals(said, *_reviewed(said, error, seed), "reviewed")
    if not error.correctable:
        return _uncorrected(said, "cannot be corrected")
    return _with_intervals(said, *_adjusted(said, error, seed), "adjusted")


def correct(hours: Mapping[str, float], error: LabelError, clusters: float = np.inf) -> Shares:
    """Corrected shares of hours by label; `clusters` is about how many different titles they hold."""
    return shares(said_of(hours, clusters), error)


def _uncorrected(said: Said, method: Method) -> Shares:
    parts = zip(LABELS, said.naive.tolist(), strict=True)
    return Shares(method, tuple(Share(label, value, None, None, value) for label, value in parts))


def _with_intervals(said: Said, point: Array, draws: Array, method: Method) -> Shares:
    """Shares of the model's hours, and draws of them, put together with what people decided."""
    model = float(said.hours.sum())
    best, drawn = ((said.decided + model * each) / said.total for each in (point, draws))
    low, high = np.quantile(drawn, _LEVEL, axis=0)
    low, high = np.minimum(low, best), np.maximum(high, best)
    rows = zip(LABELS, best.tolist(), low.tolist(), high.tolist(), said.naive.tolist(), strict=True)
    return Shares(method, tuple(Share(*row) for row in rows))


def _adjusted(said: Said, error: LabelError, seed: int) -> tuple[Array, Array]:
    seen = _normalised(said.hours)
    point = undo_within(seen, error.matrix)
    noise = _noise(_true_squares(said, error.matrix, point), error.matrix, seed)
    return point, undo_within(seen + noise, error.draws(seed=seed))


def _true_squares(said: Said, matrix: Array, point: Array) -> Array:
    """The squared hours of clusters by true label, as shares of all hours squared."""
    joint = point[:, None] * matrix
    back = joint / np.maximum(joint.sum(axis=0), 1e-12)
    return np.asarray(back @ said.squares / max(float(said.hours.sum()), 1e-12) ** 2)


def _noise(squares: Array, chances: Array, seed: int) -> Array:
    """Draws of what chance adds when every cluster of row k draws one label from `chances[k]`; each sums to zero."""
    spread = [each * (np.diag(row) - np.outer(row, row)) for each, row in zip(squares, chances, strict=True)]
    values, vectors = np.linalg.eigh(np.sum(spread, axis=0) * _for_few(1 / max(float(squares.sum()), 1e-12)))
    normal = np.random.default_rng(seed + 1).standard_normal((DRAWS, len(values)))
    return np.asarray(normal * np.sqrt(np.maximum(values, 0.0)) @ vectors.T)


def _for_few(clusters: float) -> float:
    """What widens the noise of few clusters, whose mix of labels is itself a guess with four degrees of freedom."""
    free = len(LABELS) - 1
    return clusters / max(clusters - free, clusters / 2)


def _reviewed(said: Said, error: LabelError, seed: int) -> tuple[Array, Array]:
    counts, seen = error.table.T, _normalised(said.hours)
    asked = counts.sum(axis=1, keepdims=True)
    overall = _normalised(counts.sum(axis=0))
    # A label that the sample never heard said is told as the sample as a whole.
    back = np.where(asked > 0, counts / np.maximum(asked, 1e-12), overall)
    point = seen @ back
    gamma = np.random.default_rng(seed).standard_gamma(counts + _PRIOR, size=(DRAWS, *counts.shape))
    drawn = gamma / gamma.sum(axis=-1, keepdims=True)
    noise = _noise(said.squares / max(float(said.hours.sum()), 1e-12) ** 2, back, seed)
    inside = np.maximum(np.einsum("s,nst->nt", seen, drawn) + noise, 0.0)
    return point, inside / inside.sum(axis=-1, keepdims=True)


def _normalised(values: Array) -> Array:
    return np.asarray(values / max(float(values.sum()), 1e-12))


def said_in(tables: Tables, hours: Mapping[str, float], period: Period, scope: Scope = EVERYBODY) -> Said:
    """The hours of a scope and period, told apart by who decided, with their clusters from one small aggregate.

    `hours` are those of `analysis.split`; the aggregate does not share overlaps, so it only gives proportions.
    """
    rows = to_pandas(clusters(tables, period, scope)).set_index(["decided_by", "label"])
    model, squares, decided = (
        _column(rows, *which) for which in (("model", "hours"), ("model", "squares"), ("person", "hours"))
    )
    exact = np.array([hours.get(label, 0.0) for label in LABELS], dtype=float)
    ratio = exact / np.where(model + decided > 0, model + decided, 1.0)
    return Said(model * ratio, squares * ratio**2, decided * ratio)


def _column(rows: pd.DataFrame, decided_by: str, column: str) -> Array:
    return np.array([float(rows[column].get((decided_by, label), 0.0)) for label in LABELS])


def clusters(tables: Tables, period: Period, scope: Scope = EVERYBODY, rules: Rules = DEFAULT) -> Lazy:
    """Per label and who decided: person-hours, and the sum of squared person-hours of clusters of equal title.

    Where titles are gone, as in a scan, a series is a cluster.
    """
    labels = tables.labels.filter(~nw.col("label").is_null()).select("meeting_id", "label", "decided_by")
    held = period.of(counted_meetings(tables, rules)).select(
        "meeting_id",
        "local_date",
        cluster=nw.coalesce(nw.col("title").str.to_lowercase(), nw.col("series_id"), nw.col("meeting_id")),
        minutes=nw.col("end_minute") - nw.col("start_minute"),
    )
    weighed = _heads(tables, held.select("meeting_id", "local_date"), scope).join(held, on="meeting_id", how="inner")
    return (
        weighed.join(labels, on="meeting_id", how="inner")
        .with_columns(hours=nw.col("minutes") * nw.col("heads") * (1 / 60))
        .group_by("cluster", "label", "decided_by")
        .agg(hours=nw.col("hours").sum())
        .with_columns(squares=nw.col("hours") * nw.col("hours"))
        .group_by("label", "decided_by")
        .agg(hours=nw.col("hours").sum(), squares=nw.col("squares").sum())
    )


def _heads(tables: Tables, held: Lazy, scope: Scope) -> Lazy:
    """How many people of the scope were in each meeting."""
    there = tables.attendance.filter(nw.col("role") != "resource", nw.col("response") != "declined")
    rows = there.select("meeting_id", "person_id")
    if scope != EVERYBODY:
        rows = scope.of(placed(rows.join(held, on="meeting_id", how="inner"), tables.people))
    return rows.group_by("meeting_id").agg(heads=nw.len().cast(nw.Int64))
