"""The rows of a release: rounded means of groups. Nothing that MT or HR see comes from anywhere else."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

from privacy.groups import size_band
from privacy.release.cohort import FOCUS, REST
from privacy.release.ladder import rounding
from privacy.release.rules import tellable
from privacy.release.statements import about_people
from store.schema import LABELS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from analysis.period import Period
    from privacy.groups import Group
    from privacy.policy import Policy
    from privacy.release.cohort import Cohort
    from privacy.release.plan import Plan, Told
    from privacy.release.statements import Statement

    Array = NDArray[np.float64]
    Besides = tuple[Statement, Statement, Statement]

TOTAL = "total"
CONTRACT, WORKING = "contract", "working"
HOURS_EACH = "hours a week, each"
COVERAGE = ((0.8, "> 80 %"), (0.6, "60-80 %"), (0.0, "< 60 %"))


@dataclass(frozen=True)
class Row:
    """One released figure about a group: `units` are the departments it lies in (none: above them).

    `people` is the band of the group's size.
    """

    measure: str
    group: str
    units: tuple[str, ...]
    period: str
    label: str
    value: float | str
    measured_in: str
    people: str

    def as_json(self) -> dict[str, Any]:
        """The row as plain values."""
        return {**asdict(self), "units": list(self.units)}


def rounded(value: float, to: float) -> float:
    """A value to the nearest multiple.

    >>> rounded(7.26, 0.5)
    7.5
    """
    return round(round(value / to) * to, 6)


def row_of(measure: str, group: Group, period: Period, value: float | str, measured_in: str, label: str = "") -> Row:
    """A row about a group of people."""
    people = size_band(len(group.members))
    return Row(measure, group.key, group.units, str(period), label, value, measured_in, people)


def rows_of(plan: Plan, cohort: Cohort, told_besides: Besides, policy: Policy) -> tuple[Row, ...]:
    """Every row of hours, contract hours, hours after leave, focus and coverage; `told_besides` is from `besides`."""
    contract, working, focus = ({each.key for each in statement.told} for statement in told_besides)
    found = [row for told in plan.told for row in _hours(plan, told, cohort, policy)]
    for told in plan.told:
        if plan.groups[told.group].key in contract:
            found += _means(CONTRACT, cohort.available, plan, told, cohort, policy)
        if plan.groups[told.group].key in working:
            found += _means(WORKING, cohort.working, plan, told, cohort, policy)
    for group in plan.groups:
        if group.key in focus:
            found += _focus(group, cohort, policy)
        if group.kind != "cell":
            found.append(row_of("coverage", group, cohort.period, coverage(group, cohort), "people with a calendar"))
    return tuple(found)


def _hours(plan: Plan, told: Told, cohort: Cohort, policy: Policy) -> Iterator[Row]:
    group = plan.groups[told.group]
    members = sorted(group.members)
    to = rounding(len(members), policy, told.step)
    for stretch in plan.stretches[told.step]:
        hours = cohort.hours[members, weeks_of(stretch, cohort)].mean(axis=(0, 1))
        figures = {TOTAL: float(hours.sum())}
        if told.labels:
            figures |= {LABELS[label]: float(hours[label]) for label in sorted(told.labels)}
            figures[REST] = float(hours[sorted(told.folded)].sum())
        for label, value in figures.items():
            yield row_of("hours", group, stretch, rounded(value, to), HOURS_EACH, label)


def _means(measure: str, values: Array, plan: Plan, told: Told, cohort: Cohort, policy: Policy) -> Iterator[Row]:
    """The mean of people x weeks in every block of time of a group."""
    group = plan.groups[told.group]
    members = sorted(group.members)
    to = rounding(len(members), policy, told.step)
    for stretch in plan.stretches[told.step]:
        mean = float(values[members, weeks_of(stretch, cohort)].mean())
        yield row_of(measure, group, stretch, rounded(mean, to), HOURS_EACH)


def weeks_of(stretch: Period, cohort: Cohort) -> slice:
    """The weeks of a stretch of time as places in a cohort's tables."""
    first = (stretch.start - cohort.period.start).days // 7
    return slice(first, first + stretch.weeks)


def besides(plan: Plan, cohort: Cohort, policy: Policy) -> Besides:
    """Contract hours, these after leave, and focus time: told of all parts of a group, or of none of them.

    How much leave people take is told of large groups only.
    """
    units = [group for group in plan.groups if group.kind != "cell"]
    large = [group for group in units if len(group.members) >= policy.finely_from]
    return (
        _statement(CONTRACT, plan.groups, cohort.available.sum(axis=1, keepdims=True), cohort, policy),
        _statement(WORKING, large, cohort.working.sum(axis=1, keepdims=True), cohort, policy),
        _statement("focus", units, cohort.focus, cohort, policy),
    )


def _statement(measure: str, groups: Sequence[Group], values: Array, cohort: Cohort, policy: Policy) -> Statement:
    families: dict[tuple[str, str], list[Group]] = {}
    for group in groups:
        families.setdefault((group.kind, group.unit if group.kind in {"team", "cell"} else ""), []).append(group)
    good = [
        family
        for family in families.values()
        if all(tellable(values[sorted(each.members)], policy).all() for each in family)
    ]
    return about_people(measure, chain.from_iterable(good), values, cohort, policy)


def _focus(group: Group, cohort: Cohort, policy: Policy) -> Iterator[Row]:
    members = sorted(group.members)
    means = cohort.focus[members].mean(axis=0)
    for name, value in zip(FOCUS, means.tolist(), strict=True):
        yield row_of("focus", group, cohort.period, rounded(value, rounding(len(members), policy)), HOURS_EACH, name)


def coverage(group: Group, cohort: Cohort) -> str:
    """Which part of a group's people has a calendar to read, as a band; who objected is not told from who has none."""
    missing = sum(_belongs(place, group) for place in cohort.unread)
    share = len(group.members) / (len(group.members) + missing)
    return next(name for least, name in COVERAGE if share > least)


def _belongs(place: tuple[str, str, int], group: Group) -> bool:
    department, team, level = place
    if group.kind == "department":
        return department in group.parts
    if group.kind == "team":
        return department == group.unit and team in group.parts
    return group.kind == "organisation" or str(level) in group.parts
