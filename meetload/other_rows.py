"""What a release tells besides hours: every other measure, each with what it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Protocol

from analysis.forums.seats import seats
from analysis.period import WEEK, Period
from analysis.snapshots import dependence_of, presence_of, topics_in
from privacy.release.chains import read_chains
from privacy.release.compiling import Others
from privacy.release.conflicting import Conflicting, read_conflicts
from privacy.release.escalated import Escalated
from privacy.release.functions import function_rows, functions_of, waiting_statements
from privacy.release.hanging import Hanging, read_pairs
from privacy.release.others import dependence_rows, name_rows
from privacy.release.parts import Levels, Parts, read_fates, read_sides
from privacy.release.quality import Trusting, read_trust
from privacy.release.shared import shared_rows
from privacy.release.stalling import StandingStill, read_stalling
from privacy.release.standing import Standing, tables_of
from privacy.release.statements import without_leaks
from privacy.release.ties import Ties, read_meetings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from privacy.policy import Policy
    from privacy.release.cohort import Cohort
    from privacy.release.others import Named
    from privacy.release.plan import Plan
    from privacy.release.rows import Row
    from privacy.release.shared import Sharing
    from privacy.release.statements import Said, Statement
    from privacy.trusting import ModelCard
    from store.held import Held

YEAR_OF_WEEKS = 52


@dataclass(frozen=True)
class Persons:
    """The people who may be named: under a policy with its evidence, or because they share their own card."""

    named: Named | None = None
    sharing: Sequence[Sharing] = ()


def year_before(period: Period) -> Period:
    """The year that ends with a quarter: dependence looks back so far, since a quarter holds too few absences."""
    return Period(period.end - YEAR_OF_WEEKS * WEEK, period.end)


class Measure(Protocol):
    """Something that a release tells: what it rests on, and the rows about as much of it as may be told."""

    def statement(self) -> Statement:
        """All that could be told."""
        ...

    def rows(self, told: Statement) -> Iterable[Row]:
        """The rows of what is told."""
        ...


def other_rows(
    held: Held,
    period: Period,
    policy: Policy,
    persons: Persons,
    model: ModelCard | None,
    plan: Plan,
    cohort: Cohort,
    earlier: Sequence[Said],
) -> Others:
    """All rows besides hours, and what they rest on; `held` holds what may count."""
    cards = dependence_of(held, year_before(period))
    counts, functions = waiting_statements(cards, functions_of(held.tables(), cohort), plan, cohort, earlier, policy)
    measures = tuple(_measures(held, policy, model, plan, cohort, earlier))
    told = tuple(without_leaks(each.statement(), earlier, policy) for each in measures)
    rows = (
        *chain.from_iterable(each.rows(statement) for each, statement in zip(measures, told, strict=True)),
        *dependence_rows(cards, plan, cohort, counts),
        *function_rows(cards, functions, policy),
        *(name_rows(cards, plan, cohort, persons.named) if persons.named else ()),
        *shared_rows(cards, plan, cohort, persons.sharing),
    )
    return Others(rows, (*told, counts, functions))


def _measures(
    held: Held, policy: Policy, model: ModelCard | None, plan: Plan, cohort: Cohort, earlier: Sequence[Said]
) -> Iterator[Measure]:
    tables, there = held.tables(), presence_of(held)
    yield Standing(tables_of(seats(tables, there, cohort.period)), plan, cohort, policy)
    yield Ties(read_meetings(tables, cohort), plan, cohort, policy)
    yield Parts(read_fates(there, cohort), plan, cohort, policy)
    yield Parts(read_sides(there, cohort), plan, cohort, policy)
    yield Levels(plan, cohort, policy)
    yield Escalated(read_chains(there, topics_in(held).named(), tables, cohort), plan, cohort, policy)
    yield Conflicting(read_conflicts(tables, cohort), plan, cohort, policy)
    yield Hanging(read_pairs(there, tables, cohort), cohort, policy)
    yield StandingStill(read_stalling(tables, year_before(cohort.period), cohort, earlier), plan, cohort, policy)
    yield Trusting(read_trust(held, there, cohort, model), plan, cohort, policy)
