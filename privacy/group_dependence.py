"""On whom it depends: one's own card, or the spread over a large group without anybody in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from privacy.groups import MINIMUM_FOR_COUNTS, band

if TYPE_CHECKING:
    from datetime import datetime

    from analysis.dependence import Card, Dependence
    from analysis.period import Period

# Meetings a week that wait for one person; below it a finding is too small to act on (docs/measures.md).
AT_RISK = 0.3


@dataclass(frozen=True)
class OwnCard:
    """A person's own dependence card with what to hold it against."""

    card: Card
    period: Period


@dataclass(frozen=True)
class GroupDependence:
    """How dependence is spread over a large group: `at_risk` is a band, never a count; no person is in it."""

    scope: str
    period: Period
    people: int
    measurable: int
    at_risk: str
    waiting_meetings: float
    top_share: float | None
    functions: tuple[FunctionRisk, ...]
    shared: tuple[SharedCard, ...] = ()


@dataclass(frozen=True)
class SharedCard:
    """The card of somebody who chose to share it with the management team, until they stop or it expires."""

    name: str
    function: str
    card: Card
    until: datetime


@dataclass(frozen=True)
class FunctionRisk:
    """A function held by two or more people on which meetings wait."""

    function: str
    department: str
    waiting_meetings: float


def spread(everybody: Dependence, people: pd.DataFrame, scope: str) -> GroupDependence | None:
    """How dependence is spread over these people (one row each); None where they are too few."""
    if len(people) < MINIMUM_FOR_COUNTS:
        return None
    members = set(people["person_id"])
    cards = [card for card in everybody.cards if card.person_id in members and card.enough_data]
    waiting = sorted((card.waiting.meetings for card in cards), reverse=True)
    total = sum(waiting)
    top = max(1, round(0.03 * len(members)))
    return GroupDependence(
        scope=scope,
        period=everybody.period,
        people=len(members),
        measurable=len(cards),
        at_risk=band(sum(card.flagged and card.waiting.meetings >= AT_RISK for card in cards)),
        waiting_meetings=round(total),
        top_share=round(sum(waiting[:top]) / total, 1) if total >= 1 and len(members) >= MINIMUM_FOR_COUNTS else None,
        functions=_functions(cards, people),
    )


def _functions(cards: list[Card], people: pd.DataFrame) -> tuple[FunctionRisk, ...]:
    waiting = pd.Series({card.person_id: card.waiting.meetings for card in cards}, dtype=float)
    rows = people.assign(waiting=people["person_id"].map(waiting).fillna(0.0))
    groups = rows.groupby(["function", "department"])["waiting"].agg(["size", "sum"]).reset_index()
    risky = groups[(groups["size"] >= 2) & (groups["sum"] >= AT_RISK)].sort_values("sum", ascending=False)
    return tuple(
        FunctionRisk(str(row["function"]), str(row["department"]), round(float(row["sum"]), 1))
        for _, row in risky.iterrows()
    )
