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
    """A person's own dependence card with what to hold it against, and the standing tables that wait for this person.

    seats is at how many standing tables this person has a seat.
    """

    card: Card
    period: Period
    seats: int = 0
    tables: tuple[OwnTable, ...] = ()


@dataclass(frozen=True)
class OwnTable:
    """A table that stands still without oneself: it met in `met` of the `weeks` away, where `expected` is usual."""

    title: str | None
    weeks: int
    expected: float
    met: int


@dataclass(frozen=True)
class GroupDependence:
    """How dependence is spread over a large group: `at_risk` is a band, every number the lower end of one.

    `functions` are those of the whole organisation that enough people hold, the one most waits for first; `tables` are
    the group's standing tables, None where nothing is told of them.
    """

    scope: str
    period: Period
    people: int
    measurable: int
    at_risk: str
    waiting_meetings: float
    top_share: float | None
    functions: tuple[FunctionRisk, ...]
    tables: TablesAtRisk | None = None


@dataclass(frozen=True)
class FunctionRisk:
    """A function: at least how many hold it, and how many meetings a week wait for them."""

    function: str
    people: int
    waiting_meetings: float


@dataclass(frozen=True)
class TablesAtRisk:
    """The standing tables of a group where one could look, by kind, in the weeks that were looked at."""

    period: Period
    kinds: tuple[TablesOfKind, ...]


@dataclass(frozen=True)
class TablesOfKind:
    """About how many tables, and which part stands still while one of their people is away; both ends are open."""

    kind: str
    tables: int
    still: float
