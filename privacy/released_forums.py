"""A unit's standing tables as the page shows them, rebuilt from released rows alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from privacy.access import OWN_TABLE
from privacy.release.standing import SHARE
from privacy.released_quarter import span_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.period import Period
    from privacy.released_quarter import Quarter

Labels = dict[str, float]


@dataclass(frozen=True)
class GroupForums:
    """The standing tables of a group, all together: how many now, with at least so many people and meetings.

    hours_a_week are person-hours; labels are shares of clock hours; levels is how many are in the room on average.
    before and lately are label shares in the first and the last quarters, None where there is only one.
    """

    scope: str
    period: Period
    people: int
    tables: int
    meetings: int
    hours_a_week: float
    labels: Labels
    levels: float | None
    before: Labels | None
    lately: Labels | None


def released_forums(told: Sequence[Quarter], group: str, scope: str, fewest: int) -> GroupForums | None:
    """The standing tables of a group over the quarters that tell them; at least `fewest` people sit there."""
    quarters = [each for each in told if each.value(OWN_TABLE, group, "tables") is not None]
    if not quarters:
        return None
    last, halves = quarters[-1], len(quarters) // 2
    return GroupForums(
        scope=scope,
        period=span_of(told),
        people=fewest,
        tables=int(last.value(OWN_TABLE, group, "tables") or 0),
        meetings=int(sum(each.value(OWN_TABLE, group, "meetings") or 0 for each in quarters)),
        hours_a_week=_mean(quarters, group, "hours") or 0.0,
        labels=_labels(quarters, last, group),
        levels=_mean(quarters, group, "levels"),
        before=_labels(quarters[:halves], last, group) if halves else None,
        lately=_labels(quarters[-halves:], last, group) if halves else None,
    )


def _labels(quarters: Sequence[Quarter], last: Quarter, group: str) -> Labels:
    """The shares of the labels that the last quarter tells."""
    mine = (row for row in last.rows if (row.measure, row.group) == (OWN_TABLE, group))
    return {row.label: _mean(quarters, group, row.label) or 0.0 for row in mine if row.measured_in == SHARE}


def _mean(quarters: Sequence[Quarter], group: str, label: str) -> float | None:
    """The mean over the weeks of the quarters that tell it."""
    values = [each.value(OWN_TABLE, group, label) for each in quarters]
    known = [(value, each.period.weeks) for value, each in zip(values, quarters, strict=True) if value is not None]
    if not known:
        return None
    return float(np.average([value for value, _ in known], weights=[weeks for _, weeks in known]))
