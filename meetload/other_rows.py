"""What a release tells besides hours: standing tables, ties, dependence, and where a change comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

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
from privacy.release.standing import Standing, tables_of
from privacy.release.statements import without_leaks
from privacy.release.ties import Ties, read_meetings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from privacy.policy import Policy
    from privacy.release.cohort import Cohort
    from privacy.release.others import Named
    from privacy.release.plan import Plan
    from privacy.release.shared import Sharing
    from privacy.release.statements import Said
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
    cards, there = dependence_of(held, year_before(period)), presence_of(held)
    tables = Standing(tables_of(seats(held.tables(), there, period)), plan, cohort, policy)
    ties = Ties(read_meetings(held.tables(), cohort), plan, cohort, policy)
    series, sides = (
        Parts(each, plan, cohort, policy) for each in (read_fates(there, cohort), read_sides(there, cohort))
    )
    levels = Levels(plan, cohort, policy)
    hanging = Hanging(read_pairs(there, held.tables(), cohort), cohort, policy)
    chains = read_chains(there, topics_in(held).named(), held.tables(), cohort)
    escalated = Escalated(chains, plan, cohort, policy)
    conflicts = Conflicting(read_conflicts(held.tables(), cohort), plan, cohort, policy)
    wanted = (tables.statement(), ties.statement(), series.statement(), sides.statement(), levels.statement())
    chained = [without_leaks(each.statement(), earlier, policy) for each in (escalated, conflicts)]
    counts, functions = waiting_statements(cards, functions_of(held.tables(), cohort), plan, cohort, earlier, policy)
    trust = Trusting(read_trust(held, there, cohort, model), plan, cohort, policy)
    alone = without_leaks(hanging.statement(), earlier, policy)
    trusted = without_leaks(trust.statement(), earlier, policy)
    told = [without_leaks(each, earlier, policy) for each in wanted]
    rows = (
        *tables.rows(told[0]),
        *ties.rows(told[1]),
        *series.rows(told[2]),
        *sides.rows(told[3]),
        *levels.rows(told[4]),
        *escalated.rows(chained[0]),
        *conflicts.rows(chained[1]),
        *hanging.rows(alone),
        *dependence_rows(cards, plan, cohort, counts),
        *function_rows(cards, functions, policy),
        *trust.rows(trusted),
        *(name_rows(cards, plan, cohort, persons.named) if persons.named else ()),
        *shared_rows(cards, plan, cohort, persons.sharing),
    )
    return Others(rows, (*told, *chained, alone, counts, functions, trusted))
