"""What a release tells besides hours: standing tables, ties, dependence, and where a change comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.forums.seats import seats
from analysis.period import WEEK, Period
from analysis.snapshots import dependence_of, presence_of
from privacy.release.compiling import Others
from privacy.release.others import dependence_rows, dependence_statement, name_rows
from privacy.release.parts import Parts, read_fates
from privacy.release.standing import Standing, tables_of
from privacy.release.statements import without_leaks
from privacy.release.ties import Ties, read_meetings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from privacy.policy import Policy
    from privacy.release.cohort import Cohort
    from privacy.release.others import Named
    from privacy.release.plan import Plan
    from privacy.release.statements import Said
    from store.held import Held

YEAR_OF_WEEKS = 52


def year_before(period: Period) -> Period:
    """The year that ends with a quarter: dependence looks back so far, since a quarter holds too few absences."""
    return Period(period.end - YEAR_OF_WEEKS * WEEK, period.end)


def other_rows(
    held: Held, period: Period, policy: Policy, named: Named | None, plan: Plan, cohort: Cohort, earlier: Sequence[Said]
) -> Others:
    """All rows besides hours, and what they rest on; `held` holds what may count."""
    cards, there = dependence_of(held, year_before(period)), presence_of(held)
    tables = Standing(tables_of(seats(held.tables(), there, period)), plan, cohort, policy)
    ties = Ties(read_meetings(held.tables(), cohort), plan, cohort, policy)
    parts = Parts(read_fates(there, cohort), plan, cohort, policy)
    counts = dependence_statement(cards, plan, cohort, policy)
    wanted = (tables.statement(), counts, ties.statement(), parts.statement(), parts.levels())
    told = [without_leaks(each, earlier, policy) for each in wanted]
    rows = (
        *tables.rows(told[0]),
        *dependence_rows(cards, plan, cohort, told[1]),
        *ties.rows(told[2]),
        *parts.rows(told[3], told[4]),
        *(name_rows(cards, plan, cohort, named) if named else ()),
    )
    return Others(rows, tuple(told))
