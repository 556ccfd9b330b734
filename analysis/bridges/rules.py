"""What counts as a unit, a tie and a bridge: every choice in one place, open to inspection and change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import narwhals as nw

from analysis.period import Period, monday

if TYPE_CHECKING:
    from datetime import date

Slicing = Literal["weeks", "month"]
SERVICE = (
    r"secretaria|ondersteuning|bedrijfsvoering|\bstaf\b|\bhr\b|\bhrm\b|\bp&o\b|personeel|financi|controlling|\bict\b"
    r"|juridisch|communicatie|facilit|inkoop|human resources|legal|procurement|information technology|\bit\b|support"
)
ASSISTANT = r"assisten|assistant|secretaress|secretariaat|secretary"


@dataclass(frozen=True)
class BridgeRules:
    """Settings of the bridges.

    Departments and teams whose name matches `service` are service roles, people whose function matches `assistant`
    (below the top two levels) are assistants; neither is a unit that needs tying. Fewer than `fewest_people` people are
    no unit either: a department head who alone is a team ties others, but pairs with it would hang on one person by
    definition. Meetings with more than `most_people` are broadcasts and tie nobody. `slice_weeks` is the length of a
    slice unless slices are months; now is the last `now_weeks`. The smallest set is solved exactly up to `exact_size`
    (bridge, pair) combinations and `exact_nodes` nodes of the solver.
    """

    service: str = SERVICE
    assistant: str = ASSISTANT
    most_people: int = 40
    fewest_people: int = 3
    slicing: Slicing = "weeks"
    slice_weeks: int = 4
    now_weeks: int = 13
    exact_nodes: int = 1_000
    exact_size: int = 200_000


DEFAULT = BridgeRules()
TOP_LEVEL = 2


def slices(period: Period, rules: BridgeRules = DEFAULT) -> tuple[Period, ...]:
    """The period cut into slices from its start; the last one may be shorter.

    >>> from datetime import date
    >>> [each.weeks for each in slices(Period(date(2026, 1, 5), date(2026, 3, 16)))]
    [4, 4, 2]
    """
    if rules.slicing == "month":
        starts = [day for day in period.mondays if day == period.start or day.day <= 7]
    else:
        starts = period.mondays[:: rules.slice_weeks]
    return tuple(Period(start, end) for start, end in pairwise([*starts, period.end]))


def slice_number(parts: tuple[Period, ...]) -> nw.Expr:
    """Which slice a row's `week` falls in, counted from 0."""
    starts = [nw.lit(part.start).cast(nw.Date) for part in parts[1:]]
    number = nw.lit(0).cast(nw.Int64)
    for start in starts:
        number = number + (nw.col("week") >= start).cast(nw.Int64)
    return number


def recent(period: Period, rules: BridgeRules = DEFAULT) -> Period:
    """The last weeks of a period: what is meant by now."""
    start: date = max(period.start, monday(period.end - timedelta(weeks=rules.now_weeks)))
    return Period(start, period.end)
