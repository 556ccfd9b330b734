"""Rows about people who chose to share their own card with management: by name, with the day on which that ends.

Nobody else is in them, and nothing tells who refused from who was never asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from privacy.access import SHARED
from privacy.groups import size_band
from privacy.naming import written
from privacy.release.rows import Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from analysis.dependence import Dependence
    from privacy.release.cohort import Cohort
    from privacy.release.plan import Plan


@dataclass(frozen=True)
class Sharing:
    """Somebody who shares the own card: how that person is called, and the last day of it."""

    person: str
    name: str
    until: date


def shared_rows(found: Dependence, plan: Plan, cohort: Cohort, sharing: Sequence[Sharing]) -> tuple[Row, ...]:
    """The cards that are shared, for the management of each person's own department and of the whole."""
    return tuple(sorted(_rows(found, plan, cohort, sharing), key=lambda row: row.label))


def _rows(found: Dependence, plan: Plan, cohort: Cohort, sharing: Sequence[Sharing]) -> Iterator[Row]:
    place = {person: number for number, person in enumerate(cohort.people)}
    units = [group for group in plan.groups if group.kind == "department"]
    for each in sharing:
        card, number = found.card(each.person), place.get(each.person)
        unit = next((group for group in units if number in group.members), None)
        if card is not None and unit is not None:
            people = size_band(len(unit.members))
            own = (cohort.department[place[each.person]],)
            until = each.until.isoformat()
            yield Row(SHARED, unit.key, own, str(found.period), each.name, written(card.reasons), until, people)
