"""Where the hours go: hours and shares per label, per week, for a person, a group or everybody."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import narwhals as nw

from analysis.availability import available_in
from analysis.focus import Focus, focus
from analysis.rules import DEFAULT, Rules
from analysis.scope import EVERYBODY, Scope
from store.schema import LABELS
from store.tables import to_pandas

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

    from analysis.labelerror import LabelError
    from analysis.period import Period
    from analysis.shares import Method, Share, Shares
    from store.tables import Lazy, Tables


@dataclass(frozen=True)
class LabelHours:
    """One label's part: clock hours said, share of all meeting hours (0-1), meetings attended.

    In a corrected split `share` accounts for wrong labels, `low` and `high` are its 95 % interval and `naive_share` is
    the plain share of `hours`.
    """

    label: str
    hours: float
    share: float
    meetings: int
    low: float | None = None
    high: float | None = None
    naive_share: float | None = None


@dataclass(frozen=True)
class Correction:
    """How shares were corrected for wrong labels: method, and source, questions and accuracy of the known error."""

    method: Method
    source: str | None
    questions: float | None
    accuracy: float | None


@dataclass(frozen=True)
class WeekHours:
    """One week: clock hours by label, the hours that were available for work, and the people who had them."""

    week: date
    hours: dict[str, float]
    available: float
    people: int

    @property
    def total(self) -> float:
        """Meeting hours of the week."""
        return sum(self.hours.values())


@dataclass(frozen=True)
class Split:
    """The division of meeting time in one scope and period.

    `hours` are clock hours, overlaps counted once per person; `expected_hours` weighs them by the chance of having
    attended; `answers` divides them by accepted, unanswered and tentative. `available` is contract time less holidays
    and leave.
    """

    scope: str
    period: Period
    people: int
    meetings: int
    hours: float
    expected_hours: float
    available: float
    labels: tuple[LabelHours, ...]
    answers: dict[str, float]
    weeks: tuple[WeekHours, ...]
    focus: Focus
    label_error: Correction | None = None

    @property
    def load(self) -> float:
        """Meeting hours as a share of available hours."""
        return self.hours / self.available if self.available else 0.0

    def share(self, label: str) -> float:
        """One label's share of meeting hours."""
        return next((part.share for part in self.labels if part.label == label), 0.0)


def split(
    tables: Tables,
    facts: Lazy,
    focus_days: Lazy,
    period: Period,
    scope: Scope = EVERYBODY,
    rules: Rules = DEFAULT,
) -> Split:
    """Hours and shares per label. `facts` and `focus_days` come from `analysis.facts` and `analysis.focus`."""
    rows = weekly_hours(facts, period, scope)
    present = available_in(tables, period, scope, rules)
    totals = rows.groupby("label")[["hours", "meetings"]].sum()
    hours = float(rows["hours"].sum())
    return Split(
        scope=scope.name,
        period=period,
        people=int(present.loc[present["days"] > 0, "person_id"].nunique()),
        meetings=int(rows["meetings"].sum()),
        hours=hours,
        expected_hours=float(rows["weighted"].sum()),
        available=float(present["available"].sum()),
        labels=tuple(_label_hours(totals, label, hours) for label in _order(totals.index)),
        answers={str(answer): float(value) for answer, value in rows.groupby("answer")["hours"].sum().items()},
        weeks=_weeks(rows, present, period),
        focus=focus(focus_days, present, scope, period, rules),
    )


def corrected(result: Split, found: Shares, error: LabelError | None) -> Split:
    """A split whose shares account for wrong labels; what has no label keeps its plain share."""
    honest = {part.label: part for part in found.labels}
    labelled = sum(part.share for part in result.labels if part.label in honest)
    return replace(
        result,
        labels=tuple(_corrected(part, honest.get(part.label), labelled) for part in result.labels),
        label_error=Correction(
            found.method,
            error.source if error else None,
            error.questions if error else None,
            error.accuracy if error else None,
        ),
    )


def _corrected(part: LabelHours, found: Share | None, labelled: float) -> LabelHours:
    if found is None:
        return replace(part, naive_share=part.share)
    low, high = (None if end is None else end * labelled for end in (found.low, found.high))
    return replace(part, share=found.share * labelled, low=low, high=high, naive_share=part.share)


def weekly_hours(facts: Lazy, period: Period, scope: Scope = EVERYBODY) -> pd.DataFrame:
    """Hours, weighted hours and attended meetings per week, label and answer; a small frame."""
    rows = period.of(scope.of(facts))
    return to_pandas(
        rows.group_by("week", "label", "answer").agg(
            hours=nw.col("hours").sum(), weighted=nw.col("weighted").sum(), meetings=nw.col("meetings").sum()
        )
    ).sort_values(["week", "label", "answer"], ignore_index=True)


def _order(labels: pd.Index) -> list[str]:
    return [*LABELS, *sorted(set(labels) - set(LABELS))]


def _label_hours(totals: pd.DataFrame, label: str, all_hours: float) -> LabelHours:
    if label not in totals.index:
        return LabelHours(label, 0.0, 0.0, 0)
    hours = float(totals.loc[label, "hours"])
    return LabelHours(label, hours, hours / all_hours if all_hours else 0.0, int(totals.loc[label, "meetings"]))


def _weeks(rows: pd.DataFrame, present: pd.DataFrame, period: Period) -> tuple[WeekHours, ...]:
    by_week: dict[date, dict[str, float]] = {}
    sums = rows.groupby(["week", "label"], as_index=False)["hours"].sum()
    for week, label, hours in sums[["week", "label", "hours"]].itertuples(index=False):
        by_week.setdefault(week.date(), {})[str(label)] = float(hours)
    at_work = (
        present[present["days"] > 0]
        .groupby("week")
        .agg(available=("available", "sum"), people=("person_id", "nunique"))
    )
    there = {
        week.date(): (float(available), int(people))
        for week, available, people in at_work[["available", "people"]].itertuples()
    }
    return tuple(WeekHours(week, by_week.get(week, {}), *there.get(week, (0.0, 0))) for week in period.mondays)
