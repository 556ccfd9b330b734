"""The three roles week by week, and lately against the own usual level."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.availability import available_in
from analysis.roles.mix import ROLES
from analysis.rules import DEFAULT, Rules
from analysis.scope import EVERYBODY, Scope
from store.tables import to_pandas

if TYPE_CHECKING:
    from datetime import date

    from analysis.period import Period
    from analysis.usual import Lately
    from store.tables import Lazy, Tables

LABELS = ("coordination", "escalation", "incident")


@dataclass(frozen=True)
class RoleWeek:
    """Hours of each role in one week, over everybody of the scope who was at work; people: how many those are."""

    week: date
    hours: dict[str, float]
    people: int


@dataclass(frozen=True)
class RoleSpan:
    """The shares of the roles over some weeks; empty without hours."""

    period: Period
    shares: dict[str, float]


@dataclass(frozen=True)
class RoleWeeks:
    """Every week of a period, its last weeks, and the year before those where there is one."""

    weeks: tuple[RoleWeek, ...]
    recent: RoleSpan
    usual: RoleSpan | None


def role_weeks(
    tables: Tables, facts: Lazy, period: Period, when: Lately, scope: Scope = EVERYBODY, rules: Rules = DEFAULT
) -> RoleWeeks:
    """The roles of a scope week by week; `facts` is the kept fact. Execution is never below zero for a person."""
    spans = [period, when.recent, *([when.usual] if when.usual else [])]
    whole = type(period)(min(each.start for each in spans), max(each.end for each in spans))
    rows = _rows(tables, facts, whole, scope, rules)
    return RoleWeeks(
        weeks=_weeks(_within(rows, period)),
        recent=RoleSpan(when.recent, _shares(_within(rows, when.recent))),
        usual=RoleSpan(when.usual, _shares(_within(rows, when.usual))) if when.usual else None,
    )


def _rows(tables: Tables, facts: Lazy, whole: Period, scope: Scope, rules: Rules) -> pd.DataFrame:
    """One row a person and week at work: available, design, coordination and unlabelled hours."""
    spent = to_pandas(
        whole.of(scope.of(facts)).group_by("person_id", "week", "label").agg(hours=nw.col("hours").sum())
    ).assign(label=lambda rows: rows["label"].replace(dict.fromkeys(LABELS, "coordination")))
    wide = spent.pivot_table(index=["person_id", "week"], columns="label", values="hours", aggfunc="sum")
    present = available_in(tables, whole, scope, rules)
    at_work = present[present["days"] > 0].groupby(["person_id", "week"])[["available"]].sum()
    columns = ["available", "design", "coordination", "unlabelled"]
    return at_work.join(wide, how="left").reindex(columns=columns).fillna(0.0).reset_index()


def _within(rows: pd.DataFrame, period: Period) -> pd.DataFrame:
    week = rows["week"]
    return rows[(week >= pd.Timestamp(period.start)) & (week < pd.Timestamp(period.end))]


def _with_execution(rows: pd.DataFrame) -> pd.DataFrame:
    left = rows["available"] - rows["design"] - rows["coordination"] - rows["unlabelled"]
    return rows.assign(execution=left.clip(lower=0.0))


def _weeks(rows: pd.DataFrame) -> tuple[RoleWeek, ...]:
    sums = (
        _with_execution(rows)
        .groupby("week")
        .agg(**{role: (role, "sum") for role in ROLES}, people=("person_id", "nunique"))
    )
    return tuple(
        RoleWeek(pd.Timestamp(week).date(), {role: float(row[role]) for role in ROLES}, int(row["people"]))
        for week, row in sums.iterrows()
    )


def _shares(rows: pd.DataFrame) -> dict[str, float]:
    people = rows.groupby("person_id")[["available", "design", "coordination", "unlabelled"]].sum()
    sums = _with_execution(people)[list(ROLES)].sum()
    total = float(np.sum(sums.to_numpy()))
    return {role: float(sums[role]) / total for role in ROLES} if total else {}
