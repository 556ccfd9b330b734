"""Standing tables and ties as pages show them, rebuilt from released rows alone; what was not told stays open."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from privacy.access import OWN_TABLE
from privacy.group_forums import GroupForums, Table
from privacy.group_ties import GroupTies, Tie, Unit
from privacy.groups import ORGANISATION, at_least
from privacy.release.standing import SHARE
from privacy.release.ties import BANDS, TIES
from privacy.released_quarter import info_of, span_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from privacy.released_quarter import Quarter

AT_LEAST = {words: least for least, words in BANDS}


def released_forums(told: Sequence[Quarter], group: str, scope: str, fewest: int) -> GroupForums | None:
    """The standing tables of a group together; one table by itself is not in a release, and no subject."""
    quarters = [each for each in told if each.value(OWN_TABLE, group, "tables") is not None]
    if not quarters:
        return None
    last, halves = quarters[-1], len(quarters) // 2
    labels = tuple(
        row.label for row in last.rows if (row.measure, row.group) == (OWN_TABLE, group) and row.measured_in == SHARE
    )
    together = Table(
        tables=int(last.value(OWN_TABLE, group, "tables") or 0),
        members=fewest,
        meetings=int(sum(each.value(OWN_TABLE, group, "meetings") or 0 for each in quarters)),
        hours_a_week=_mean(quarters, group, "hours"),
        labels={label: _mean(quarters, group, label) for label in labels},
        returning=None,
        arrivals=None,
        levels=_mean(quarters, group, "levels") or None,
        three_share=None,
        rotation=None,
        deputised=None,
    )
    return GroupForums(
        scope=scope,
        period=span_of(told),
        people=fewest,
        together=together,
        alone=(),
        others=None,
        before={label: _mean(quarters[:halves], group, label) for label in labels} if halves else None,
        lately={label: _mean(quarters[-halves:], group, label) for label in labels} if halves else None,
        subjects=(),
        kinds=(),
        settled=None,
    )


def _mean(quarters: Sequence[Quarter], group: str, label: str) -> float:
    values = [each.value(OWN_TABLE, group, label) for each in quarters]
    known = [(value, each.period.weeks) for value, each in zip(values, quarters, strict=True) if value is not None]
    return float(np.average([value for value, _ in known], weights=[weeks for _, weeks in known])) if known else 0.0


def released_ties(told: Sequence[Quarter], unit: str | None, group: str, scope: str) -> GroupTies | None:
    """The ties of the last quarter that has any: a department sees its own, the others see all."""
    quarter = next((each for each in reversed(told) if any(row.measure == TIES for row in each.rows)), None)
    if quarter is None:
        return None
    departments = [each for each in quarter.release.groups if each.kind == "department"]
    pairs = {f"{one.key} - {other.key}": (one, other) for one, other in combinations(departments, 2)}
    rows = [row for row in quarter.rows if row.measure == TIES and (not unit or unit in row.units)]
    named = [(row, *pairs[row.label]) for row in rows]
    units = [each for each in departments if any(each in pair[1:] for pair in named)]
    place = {each.key: number for number, each in enumerate(units)}
    ties = [
        Tie(place[one.key], place[other.key], AT_LEAST[str(row.value)], at_least(row.people))
        for row, one, other in named
    ]
    return GroupTies(
        scope=scope if group != ORGANISATION else ORGANISATION,
        period=quarter.period,
        people=at_least(info_of(quarter.release, group).people),
        apart=0,
        units=tuple(Unit(each.name, each.name, at_least(each.people)) for each in units),
        ties=tuple(sorted(ties, key=lambda tie: -tie.hours_a_week)),
        not_shown=None,
        pairs=len(ties),
        alone=None,
        slices=(),
        quarter=quarter.period,
        places=(),
        exact=False,
    )
