"""On whom it depends: one's own card, or how it is spread over a large group, in bands and without anybody in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.dependence import Card
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
    """How dependence is spread over a large group: `at_risk` is a band, every number the lower end of one.

    `functions` are those of the whole organisation that enough people hold, the one most waits for first.
    """

    scope: str
    period: Period
    people: int
    measurable: int
    at_risk: str
    waiting_meetings: float
    top_share: float | None
    functions: tuple[FunctionRisk, ...]


@dataclass(frozen=True)
class FunctionRisk:
    """A function: at least how many hold it, and how many meetings a week wait for them."""

    function: str
    people: int
    waiting_meetings: float
