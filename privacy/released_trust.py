"""How far a release can be trusted, out of its rows, its audit and the chain it stands in; no store is asked."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.drift.measure import LabelDoubt
from analysis.labelerror import CORPUS, REVIEWED, LabelError, error_of
from analysis.quality import Rate, wilson
from analysis.selfcheck import Check
from privacy.groups import ORGANISATION
from privacy.release.quality import CHECKS, ERRORS, HOLDS, MODEL, QUALITY, confused
from privacy.release.rows import TOTAL
from privacy.released_line import grain_of
from privacy.trusting import ModelCard
from store.schema import LABELS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.period import Period
    from privacy.release.file import Release
    from privacy.release.rows import Row
    from privacy.released_quarter import Quarter

BY = "by "
CLOSE = 1e-6
RATES = {"accuracy": "right", "accuracy_sure": "right when sure", "sure": "sure"}


@dataclass(frozen=True)
class Suppressed:
    """What a release does not tell: units told together, labels folded into "other", groups by their finest blocks.

    `untold` are measures of which the audit left nothing, `tried` the ways of telling more that it did not let pass.
    """

    joined: int
    together: int
    folded: int
    quarterly: int
    finer: int
    untold: tuple[str, ...]
    tried: tuple[str, ...]


@dataclass(frozen=True)
class Looked:
    """What the audit of a release looked at, and the leaks planted in it and found."""

    groups: int
    figures: int
    bounds: int
    earlier: int
    planted: int
    found: int


@dataclass(frozen=True)
class Signed:
    """One release in the chain: its quarter, who approved it, when people were told, and what the council agreed to."""

    quarter: str
    digest: str
    approval: Mapping[str, str]


@dataclass(frozen=True)
class ReleasedTrust:
    """Everything about trust that is told of a quarter; what is not told is empty or None."""

    quarter: str
    period: Period
    coverage: str | None
    sources: Mapping[str, float]
    parts: Mapping[str, float]
    reviewed: Rate | None
    model: ModelCard | None
    looked: Looked
    suppressed: Suppressed
    chain: tuple[Signed, ...]


def released_trust(told: Sequence[Quarter], releases: Sequence[Release], digits: int) -> ReleasedTrust:
    """Trust in the last of these quarters; `releases` is the whole chain."""
    last = told[-1]
    return ReleasedTrust(
        quarter=last.release.quarter,
        period=last.period,
        coverage=next(
            (str(row.value) for row in last.rows if (row.measure, row.group) == ("coverage", ORGANISATION)), None
        ),
        sources={name.removeprefix(BY): value for name, value in _about(last).items() if name.startswith(BY)},
        parts={row.label: float(row.value) for row in _rows(last, QUALITY) if row.measured_in == "part"},
        reviewed=_reviewed(last),
        model=_model(last),
        looked=_looked(last.release),
        suppressed=_suppressed(last),
        chain=tuple(Signed(each.quarter, each.digest[:digits], each.approval) for each in releases),
    )


def released_checks(told: Sequence[Quarter]) -> tuple[Check, ...]:
    """The self-checks of the quarters: one holds where it held in every quarter that tells it. No numbers are told."""
    found: dict[str, bool] = {}
    for quarter in told:
        for row in _rows(quarter, CHECKS):
            found[row.label] = found.get(row.label, True) and row.value == HOLDS
    # Whether shares make a whole is seen in the rows themselves.
    if found:
        found["shares_sum"] = all(_adds_up(quarter) for quarter in told)
    return tuple(Check(code, holds, {}) for code, holds in found.items())


def _adds_up(quarter: Quarter) -> bool:
    """Whether the labels of the organisation are its total, but for the rounding of each."""
    hours = [quarter.value("hours", ORGANISATION, label) for label in LABELS]
    known = [value for value in hours if value is not None]
    total = quarter.value("hours", ORGANISATION, TOTAL) or 0.0
    return not known or abs(sum(known) - total) <= (len(known) + 1) * grain_of(quarter, ORGANISATION) / 2 + CLOSE


def error_of_release(told: Sequence[Quarter]) -> LabelError | None:
    """How the model that labelled confuses labels, where the last quarter tells it."""
    found = {row.label: float(row.value) for row in _rows(told[-1], ERRORS)}
    table = [[found.get(confused(true, said), np.nan) for said in LABELS] for true in LABELS]
    return None if np.isnan(table).any() else error_of(table, CORPUS)


def label_doubt(told: Sequence[Quarter]) -> LabelDoubt:
    """What a release tells of the labels' error; its hours are those of labels as they were said."""
    reviewed, error = _reviewed(told[-1]), error_of_release(told)
    if reviewed:
        return LabelDoubt(REVIEWED, reviewed.questions, reviewed.share, corrected=False)
    if error:
        return LabelDoubt(CORPUS, error.questions, error.accuracy, corrected=False)
    return LabelDoubt(None, 0.0, None, corrected=False)


def _rows(quarter: Quarter, measure: str) -> list[Row]:
    return [row for row in quarter.rows if (row.measure, row.group) == (measure, ORGANISATION)]


def _about(quarter: Quarter) -> dict[str, float]:
    return {row.label: float(row.value) for row in _rows(quarter, QUALITY)}


def _reviewed(quarter: Quarter) -> Rate | None:
    """The interval is that of the fewest labels the band allows."""
    found = _about(quarter)
    if "reviewed" not in found:
        return None
    return wilson(found["reviewed"] * found["reviews"], found["reviews"])


def _model(quarter: Quarter) -> ModelCard | None:
    found = {row.label: row.value for row in _rows(quarter, MODEL)}
    if "version" not in found:
        return None
    rates = {name: float(found[label]) for name, label in RATES.items()}
    return ModelCard(
        version=str(found["version"]),
        made_on=str(found["made on"]),
        titles=int(float(found["titles"])),
        by_label={label: float(found[label]) for label in LABELS if label in found},
        **rates,
    )


def _looked(release: Release) -> Looked:
    audit = release.audit
    return Looked(
        *(int(audit[name]) for name in ("groups", "figures", "bounds", "earlier", "controls_planted", "controls_found"))
    )


def _suppressed(quarter: Quarter) -> Suppressed:
    release = quarter.release
    units = [group for group in release.groups if group.kind in {"department", "team"}]
    joined = [group for group in units if len(group.parts) > 1]
    labels = Counter(
        row.group
        for row in release.rows
        if row.measure == "hours" and row.period == str(release.period) and row.label in LABELS
    )
    blocks = Counter(row.group for row in release.rows if row.measure == "hours" and row.label == "total")
    told = [group for group in release.groups if group.kind != "cell"]
    return Suppressed(
        joined=sum(len(group.parts) for group in joined),
        together=len(joined),
        folded=sum(labels[group.key] < len(LABELS) for group in told),
        quarterly=sum(blocks[group.key] <= 1 for group in told),
        finer=sum(blocks[group.key] > 1 for group in told),
        untold=release.untold,
        tried=release.tried,
    )
