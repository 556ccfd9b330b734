"""Designing, coordinating and doing in a group, and coordination in the line or across teams, out of released rows.

Doing the work is what is left of contract hours; whatever is told under "other" is in it, as are leave and meetings
without a label: a release tells neither. Who changes roles in a day, and habits, are in no release.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.drift import PartDrift
from analysis.drift.growth import relative, verdict
from analysis.roles.mix import ROLES, Mix, purity
from analysis.roles.roleweeks import RoleSpan, RoleWeek, RoleWeeks
from privacy.ownwork import RolesSeen
from privacy.release.parts import LINE, PROCESS, SIDES, STEPS
from privacy.release.rows import CONTRACT
from privacy.released_line import line_of
from privacy.released_quarter import COORDINATION, span_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from analysis.period import Period
    from privacy.released_line import Line
    from privacy.released_quarter import Quarter

DESIGN, EXECUTION = "design", "execution"
# What was not designed and had to be made up for is coordination as well, where it is told apart.
COORDINATING = (COORDINATION, "escalation", "incident")
BOTH_SIDES = (LINE, PROCESS)


def released_roles(told: Sequence[Quarter], before: Sequence[Quarter], group: str) -> RolesSeen | None:
    """The roles of a group, None without coordination; `before` are the quarters of the year before the last one."""
    labels = _labels(told, group)
    if COORDINATION not in labels:
        return None
    people = min(each.people(group) for each in told)
    return RolesSeen(
        people=people,
        mix=_mix(told, group, labels, people),
        function=None,
        standing=(),
        both_sides=(),
        weeks=_role_weeks(told, _in_a_row(before, told[-1]), group, people),
        lately=None,
        usually=None,
    )


def _in_a_row(before: Sequence[Quarter], last: Quarter) -> list[Quarter]:
    """The quarters up to the last one without a gap."""
    found = [last]
    for each in reversed(before):
        if each.period.end == found[0].period.start:
            found.insert(0, each)
    return found[:-1]


def released_sides(told: Sequence[Quarter], group: str, base: str = CONTRACT) -> tuple[PartDrift, ...]:
    """Coordination in the line and across teams as shares of contract hours, where every quarter tells both apart."""
    line = line_of(told, group, finest="quarter", base=base)
    if line is None or not all(_sided(each, group) for each in told):
        return ()
    people = min(each.people(group) for each in told)
    return tuple(_part(told, group, side, line, people) for side in BOTH_SIDES)


def _part(told: Sequence[Quarter], group: str, side: str, line: Line, people: int) -> PartDrift:
    # The step that the parts were rounded to is not told: the coarsest it may be.
    mine = line.part(np.array([_side(each, group, side) for each in told]), STEPS[-1])
    found = mine.slope()
    return PartDrift(side, people, *mine.ends, relative(found), verdict(found))


def _sided(quarter: Quarter, group: str) -> bool:
    return quarter.value(SIDES, group, LINE) is not None


def _side(quarter: Quarter, group: str, side: str) -> float:
    return quarter.value(SIDES, group, side) or 0.0


def _labels(told: Sequence[Quarter], group: str) -> tuple[str, ...]:
    """The labels of design and coordination that every quarter tells apart."""
    return tuple(label for label in (DESIGN, *COORDINATING) if all(each.has_label(group, label) for each in told))


def _mix(told: Sequence[Quarter], group: str, labels: Sequence[str], people: int) -> Mix:
    """The mix in hours of the fewest people that the group's size may mean."""
    weeks = np.array([each.period.weeks * people for each in told], dtype=float)
    hours = {label: np.array([each.value("hours", group, label) for each in told]) * weeks for label in labels}
    available = float(np.array([each.value("contract", group) or 0.0 for each in told]) @ weeks)
    parts = np.array([[_side(each, group, side) for side in BOTH_SIDES] for each in told])
    line, process = (hours[COORDINATION] @ parts).tolist()
    apart = np.array([_sided(each, group) for each in told])
    spent = {label: float(hours[label].sum()) if label in hours else 0.0 for label in (DESIGN, *COORDINATING)}
    shares = _shares(told, group, labels)
    return Mix(
        available=available,
        design=spent[DESIGN],
        line=line,
        process=process,
        unsided=float(hours[COORDINATION][~apart].sum()),
        escalation=spent["escalation"],
        incident=spent["incident"],
        other=0.0,
        unlabelled=0.0,
        execution=max(0.0, available - sum(spent.values())),
        design_share=shares.get(DESIGN),
        coordination_share=shares.get(COORDINATION),
        execution_share=shares.get(EXECUTION),
        purity=purity(np.array(list(shares.values()))) if len(shares) == len(ROLES) else None,
        switches=None,
        days=0.0,
    )


def _role_weeks(told: Sequence[Quarter], before: Sequence[Quarter], group: str, people: int) -> RoleWeeks:
    """Week by week where design is told apart, and the last quarter against those before it."""
    last, alike = told[-1], _labels([*before, told[-1]], group)
    comparable = bool(before) and COORDINATION in alike
    labels = alike if comparable else _labels([last], group)
    return RoleWeeks(
        weeks=tuple(week for each in told for week in _weeks(each, group, _labels(told, group), people)),
        recent=RoleSpan(last.period, _shares([last], group, labels)),
        usual=RoleSpan(span_of(before), _shares(before, group, labels)) if comparable else None,
    )


def _weeks(quarter: Quarter, group: str, labels: Sequence[str], people: int) -> Iterator[RoleWeek]:
    """Every week with the figures of the finest block it lies in; none where a part of a role is not told."""
    for block in quarter.stretches(group) if DESIGN in labels else ():
        each = _each(quarter, group, labels, block)
        if each:
            hours = {role: value * people for role, value in each.items()}
            yield from (RoleWeek(monday, hours, people) for monday in block.mondays)


def _each(quarter: Quarter, group: str, labels: Sequence[str], block: Period) -> dict[str, float]:
    """Hours a week of each role, each, in a block of time; empty where a part is not told."""
    found = [quarter.value("hours", group, label, block) for label in labels]
    contract = quarter.value("contract", group, "", block)
    if contract is None or None in found:
        return {}
    spent = dict(zip(labels, (value or 0.0 for value in found), strict=True))
    design, coordination = spent.get(DESIGN), sum(spent[label] for label in COORDINATING if label in spent)
    left = {COORDINATION: coordination, EXECUTION: max(0.0, contract - coordination - (design or 0.0))}
    return left if design is None else {DESIGN: design, **left}


def _shares(told: Sequence[Quarter], group: str, labels: Sequence[str]) -> dict[str, float]:
    """The shares of the roles over some quarters; without design where that is not told apart."""
    means = [(_each(each, group, labels, each.period), each.period.weeks) for each in told]
    roles = [role for role in ROLES if all(role in hours for hours, _ in means)]
    sums = {role: sum(hours[role] * weeks for hours, weeks in means) for role in roles}
    total = sum(sums.values())
    return {role: hours / total for role, hours in sums.items()} if total else {}
