"""On how few people a group depends and for which functions meetings wait, from released rows: lower ends of bands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privacy.access import COUNTS, FUNCTIONS, MT_FUNCTIONS
from privacy.group_dependence import FunctionRisk, GroupDependence
from privacy.groups import at_least
from privacy.release.others import ENOUGH_DATA, PEOPLE_AT_RISK, TOP_SHARE, WAITING_MEETINGS
from privacy.released_quarter import period_of
from privacy.released_stalling import released_tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from privacy.released_quarter import Quarter


def released_dependence(told: Sequence[Quarter], group: str, scope: str) -> GroupDependence | None:
    """What was told last of a group and the year it is about; None where nothing was.

    Functions are those of the whole organisation.
    """
    rows = [row for each in told for row in each.rows]
    counts = [row for row in rows if (row.measure, row.group) == (COUNTS, group)]
    if not counts:
        return None
    found = {row.label: str(row.value) for row in counts}
    functions = {row.label: row for row in rows if row.measure in {FUNCTIONS, MT_FUNCTIONS}}
    people = told[-1].people(group)
    return GroupDependence(
        scope=scope,
        period=period_of(counts[-1].period),
        people=people,
        measurable=min(people, at_least(found[ENOUGH_DATA])),
        at_risk=found[PEOPLE_AT_RISK],
        waiting_meetings=float(found[WAITING_MEETINGS]),
        top_share=float(found[TOP_SHARE]) if TOP_SHARE in found else None,
        functions=tuple(
            sorted(
                (FunctionRisk(name, at_least(row.people), float(row.value)) for name, row in functions.items()),
                key=lambda risk: (-risk.waiting_meetings, -risk.people, risk.function),
            )
        ),
        tables=released_tables(told, group),
    )
