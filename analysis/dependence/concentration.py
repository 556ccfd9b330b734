"""How concentrated dependence is: stalled hours, the calendar truck factor, by department and level, over time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from analysis.dependence.exposure import Carried
    from analysis.period import Period

TOP_SHARE = 0.03
CARRIES = 0.4
HALF = 0.5
QUARTER_WEEKS = 13


@dataclass(frozen=True)
class Group:
    """Dependence of a department or level. `top_share`: of its stalled hours, with its own three per cent."""

    name: str
    people: int
    measurable: int
    flagged: int
    stalled_hours: float
    top_share: float | None


@dataclass(frozen=True)
class Quarter:
    """Thirteen weeks: working days away, topic meetings expected and held in them, hours that stood still."""

    start: date
    days_away: int
    expected: float
    held: float
    stalled_hours: float


@dataclass(frozen=True)
class TruckFactor:
    """The smallest number of people found whose joint absence leaves half of the chains without a carrier.

    Found greedily: a smaller set may exist. A chain is a topic that somebody carries (at 40 % of its meetings or more).
    """

    people: int
    chains: int
    orphaned: int


@dataclass(frozen=True)
class Concentration:
    """The organisation's view: person-hours of meetings that stood still, on how few they rest, and where."""

    stalled_hours: float
    top_people: int
    top_share: float | None
    truck_factor: TruckFactor
    by_department: tuple[Group, ...]
    by_level: tuple[Group, ...]
    over_time: tuple[Quarter, ...]


def concentration(people: pd.DataFrame, absences: pd.DataFrame, pairs: Carried, period: Period) -> Concentration:
    """The organisation's view.

    `people` has department, level, enough, flagged and stalled_hours; `absences` first, days, expected, held and
    stalled_hours.
    """
    top = _top(len(people))
    return Concentration(
        stalled_hours=float(people["stalled_hours"].sum()),
        top_people=top,
        top_share=top_share(people["stalled_hours"].to_numpy()),
        truck_factor=truck_factor(pairs),
        by_department=_groups(people, "department"),
        by_level=_groups(people, "level"),
        over_time=_quarters(absences, period),
    )


def _top(people: int) -> int:
    return max(1, round(TOP_SHARE * people))


def top_share(hours: np.ndarray) -> float | None:
    """Share of the stalled hours that the top three per cent of people carry; none where nothing stalls."""
    total = float(hours.sum())
    return float(np.sort(hours)[::-1][: _top(len(hours))].sum()) / total if total > 0 else None


def truck_factor(pairs: Carried) -> TruckFactor:
    """Take out, again and again, whoever leaves most chains without a carrier (stop rule of Avelino et al. 2016)."""
    strong = pairs.share >= CARRIES
    person, (topics, topic) = pairs.person[strong], np.unique(pairs.topic[strong], return_inverse=True)
    chains = len(topics)
    left = np.bincount(topic, minlength=chains)
    there = np.ones(len(person), dtype=bool)
    size, taken = int(person.max(initial=-1)) + 1, 0
    while chains and (left > 0).sum() > HALF * chains:
        # A chain with few carriers left weighs most: the last one orphans it.
        worth = np.bincount(person[there], weights=1.0 / left[topic[there]] ** 2, minlength=size)
        gone = there & (person == worth.argmax())
        left -= np.bincount(topic[gone], minlength=chains)
        there &= ~gone
        taken += 1
    return TruckFactor(taken, chains, int((left == 0).sum()) if chains else 0)


def _groups(people: pd.DataFrame, column: str) -> tuple[Group, ...]:
    return tuple(
        Group(
            name=str(name),
            people=len(rows),
            measurable=int(rows["enough"].sum()),
            flagged=int(rows["flagged"].sum()),
            stalled_hours=float(rows["stalled_hours"].sum()),
            top_share=top_share(rows["stalled_hours"].to_numpy()),
        )
        for name, rows in people.groupby(column, sort=True)
    )


def _quarters(absences: pd.DataFrame, period: Period) -> tuple[Quarter, ...]:
    number = absences["first"] // (7 * QUARTER_WEEKS)
    sums = absences.groupby(number)[["days", "expected", "held", "stalled_hours"]].sum()
    last = -(-period.weeks // QUARTER_WEEKS)
    sums = sums.reindex(range(last), fill_value=0.0)
    return tuple(
        Quarter(
            start=period.start + timedelta(weeks=QUARTER_WEEKS * int(quarter)),
            days_away=int(row["days"]),
            expected=float(row["expected"]),
            held=float(row["held"]),
            stalled_hours=float(row["stalled_hours"]),
        )
        for quarter, row in sums.iterrows()
    )
