"""Rows that say how far a release can be trusted: whose word the labels are, how good the data are, which checks hold.

All of them are about the whole organisation. What is known of the model itself (its version, how right it was on
titles of other organisations) is about nobody here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.labelerror import corpus_error
from analysis.load import UNLABELLED
from analysis.quality import quality
from analysis.selfcheck import ENOUGH_COVERAGE, Check, hours_per_day, known_series
from privacy.groups import ORGANISATION
from privacy.release.rows import Row, rounded, row_of
from privacy.release.rules import tellable
from privacy.release.statements import about_people
from store.schema import LABELS
from store.tables import to_pandas

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from analysis.quality import Quality
    from privacy.groups import Group
    from privacy.policy import Policy
    from privacy.release.cohort import Cohort
    from privacy.release.plan import Plan
    from privacy.release.statements import Statement
    from privacy.trusting import ModelCard
    from store.held import Held
    from store.tables import Lazy, Tables

    Array = NDArray[np.float64]

QUALITY, MODEL, CHECKS, ERRORS = "quality", "model", "checks", "errors"
HOURS_PART, PART, RIGHT, FIGURE, QUESTIONS = (
    "part of meeting hours",
    "part",
    "part of labels",
    "part of titles elsewhere",
    "questions elsewhere",
)
# Whose word a label is, as `labels.decided_by` has it.
SOURCES = ("model", "person", "file")
HOLDS, FAILS = "holds", "does not hold"
FINE, COARSE, TENS, CENT = 0.05, 0.1, 10.0, 0.01
FINE_FROM = 50
# Reviewed labels are told from the first of these on, by the band they lie in.
REVIEWED = (50, 100, 150, 250, 500, 1000)


@dataclass(frozen=True)
class Trust:
    """What was measured for one quarter: hours of each person (cohort x sources), the data, the checks, the model."""

    sources: Array
    quality: Quality
    checks: tuple[Check, ...]
    errors: Array | None
    model: ModelCard | None


def read_trust(held: Held, there: Lazy, cohort: Cohort, model: ModelCard | None) -> Trust:
    """Everything about trust in a quarter; `held` holds what may count, `there` is its `presence`."""
    tables, period = held.tables(), cohort.period
    found, error = quality(tables, period), corpus_error(tables)
    return Trust(
        sources=_sources(tables, there, cohort),
        quality=found,
        checks=(
            hours_per_day(there, period),
            known_series(tables, period),
            *_covered(found),
            *(() if error is None else (Check("label_error", error.correctable, {}),)),
        ),
        errors=None if error is None else error.table,
        model=model,
    )


def _covered(found: Quality) -> tuple[Check, ...]:
    """Whether most people have a calendar to read, out of the part of the score that counts it."""
    seen = (part.seen for part in found.trust.parts if part.name == "coverage")
    return tuple(Check("coverage", each >= ENOUGH_COVERAGE, {}) for each in seen if each is not None)


def _sources(tables: Tables, there: Lazy, cohort: Cohort) -> Array:
    """Everybody's meeting hours by whose word the label is."""
    labels = tables.labels.filter(~nw.col("label").is_null())
    others = to_pandas(labels.filter(nw.col("decided_by") != SOURCES[0]).select("meeting_id", "decided_by"))
    rows = to_pandas(
        cohort.period.of(there).filter(nw.col("label") != UNLABELLED).select("person_id", "meeting_id", "hours")
    )
    said = rows["meeting_id"].map(others.set_index("meeting_id")["decided_by"]).astype("str").fillna(SOURCES[0])
    person = pd.Index(cohort.people).get_indexer(rows["person_id"])
    source = pd.Index(SOURCES).get_indexer(said)
    hours = np.zeros((cohort.size, len(SOURCES)))
    known = (person >= 0) & (source >= 0)
    np.add.at(hours, (person[known], source[known]), rows["hours"].to_numpy(dtype=float)[known])
    return hours


class Trusting:
    """What may be told of trust: of the whole organisation, where enough people are behind each figure."""

    def __init__(self, trust: Trust, plan: Plan, cohort: Cohort, policy: Policy) -> None:
        self._trust, self._cohort, self._policy = trust, cohort, policy
        self._whole = [group for group in plan.groups if group.key == ORGANISATION]
        self._sources = _foldable(trust.sources, policy)

    def statement(self) -> Statement:
        """What the rows rest on: everybody, with their hours by whose word the labels are."""
        values = np.column_stack(list(self._sources.values()))
        return about_people(QUALITY, self._whole, values, self._cohort, self._policy)

    def rows(self, told: Statement) -> tuple[Row, ...]:
        """The rows about the organisation, where they may be told; those about the model alone in any case."""
        keys = {each.key for each in told.told}
        return tuple(
            row
            for group in self._whole
            for row in (*(self._about(group) if group.key in keys else ()), *self._model(group), *self._errors(group))
        )

    def _about(self, group: Group) -> Iterator[Row]:
        """Shares to 5 % of fifty people and more, else to 10 %."""
        period, step = self._cohort.period, FINE if self._cohort.size >= FINE_FROM else COARSE
        whole = sum(float(hours.sum()) for hours in self._sources.values())
        for name, hours in self._sources.items():
            yield row_of(QUALITY, group, period, rounded(float(hours.sum()) / whole, step), HOURS_PART, f"by {name}")
        for name, value in _parts(self._trust.quality).items():
            yield row_of(QUALITY, group, period, rounded(value, step), PART, name)
        reviewed = self._trust.quality.reviewed
        if reviewed and reviewed.questions >= REVIEWED[0]:
            band = max(least for least in REVIEWED if least <= reviewed.questions)
            yield row_of(QUALITY, group, period, rounded(reviewed.share, step), RIGHT, "reviewed")
            yield row_of(QUALITY, group, period, float(band), "labels at least", "reviews")
        for check in self._trust.checks:
            yield row_of(CHECKS, group, period, HOLDS if check.holds else FAILS, "check", check.code)

    def _model(self, group: Group) -> Iterator[Row]:
        card, period = self._trust.model, self._cohort.period
        if card is None:
            return
        yield row_of(MODEL, group, period, card.version, "version", "version")
        yield row_of(MODEL, group, period, card.made_on, "day", "made on")
        yield row_of(MODEL, group, period, rounded(card.titles, TENS), "titles elsewhere", "titles")
        rates = {"right": card.accuracy, "right when sure": card.accuracy_sure, "sure": card.sure}
        for name, value in (*rates.items(), *card.by_label.items()):
            yield row_of(MODEL, group, period, rounded(value, CENT), FIGURE, name)

    def _errors(self, group: Group) -> Iterator[Row]:
        """The table of confusions, in tens of titles, so that whoever reads the rows can undo them."""
        if self._trust.errors is None:
            return
        for true, counts in zip(LABELS, self._trust.errors.tolist(), strict=True):
            for said, count in zip(LABELS, counts, strict=True):
                yield row_of(ERRORS, group, self._cohort.period, rounded(count, TENS), QUESTIONS, confused(true, said))


def confused(true: str, said: str) -> str:
    """How a row names a confusion.

    >>> confused("design", "coordination")
    'design said coordination'
    """
    return f"{true} said {said}"


def _parts(found: Quality) -> dict[str, float]:
    """Parts between 0 and 1; coverage and labels are told in other rows, and leave is nobody's business."""
    parts = {part.name: part.seen for part in found.trust.parts if part.name not in {"coverage", "labels", "leave"}}
    more = {"unsure": found.unsure, "missing titles": found.titles.missing, "generic titles": found.titles.generic}
    return {name: float(value) for name, value in (parts | more).items() if value is not None}


def _foldable(hours: Array, policy: Policy) -> Mapping[str, Array]:
    """Hours by source; a source that may not be told alone is one with the next, and at last all are one."""
    found = {name: hours[:, place] for place, name in enumerate(SOURCES) if hours[:, place].any()}
    while len(found) > 1 and not _all_tellable(found, policy):
        least, into = sorted(found, key=lambda name: float(found[name].sum()))[:2]
        found = {
            **{name: each for name, each in found.items() if name not in {least, into}},
            f"{into} or {least}": found[into] + found[least],
        }
    return found or {"nobody": hours[:, 0]}


def _all_tellable(found: Mapping[str, Array], policy: Policy) -> bool:
    return bool(tellable(np.column_stack(list(found.values())), policy).all())
