"""The rows of a release: rounded means of groups. Nothing that MT or HR see comes from anywhere else."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from privacy.groups import size_band
from privacy.release.cohort import FOCUS, REST
from privacy.release.ladder import rounding
from privacy.release.rules import tellable
from store.schema import LABELS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.period import Period
    from privacy.groups import Group
    from privacy.policy import Policy
    from privacy.release.cohort import Cohort
    from privacy.release.plan import Plan, Told

TOTAL = "total"
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


def rows_of(plan: Plan, cohort: Cohort, policy: Policy) -> tuple[Row, ...]:
    """Every row of hours, contract hours, focus and coverage."""
    found = [row for told in plan.told for row in _hours(plan, told, cohort, policy)]
    told_focus = _with_focus(plan, cohort, policy)
    for number, group in enumerate(plan.groups):
        if number in told_focus:
            found += _focus(group, cohort, policy)
        if group.kind != "cell":
            found.append(_row("coverage", group, cohort.period, "", coverage(group, cohort), "people with a calendar"))
    return tuple(found)


def _hours(plan: Plan, told: Told, cohort: Cohort, policy: Policy) -> Iterator[Row]:
    group = plan.groups[told.group]
    members = sorted(group.members)
    to = rounding(len(members), policy)
    for stretch in plan.stretches[told.step]:
        from_week = (stretch.start - cohort.period.start).days // 7
        weeks = slice(from_week, from_week + stretch.weeks)
        hours = cohort.hours[members, weeks].mean(axis=(0, 1))
        contract = float(cohort.available[members, weeks].mean())
        figures = {TOTAL: float(hours.sum())}
        if told.labels:
            figures |= {LABELS[label]: float(hours[label]) for label in sorted(told.labels)}
            figures[REST] = float(hours[sorted(told.folded)].sum())
        for label, value in figures.items():
            yield _row("hours", group, stretch, label, rounded(value, to), HOURS_EACH)
        yield _row("contract", group, stretch, "", rounded(contract, to), HOURS_EACH)


def _with_focus(plan: Plan, cohort: Cohort, policy: Policy) -> set[int]:
    """The groups whose focus time may be told: all parts of a group, or none of them."""
    told = {
        number: group.kind != "cell" and bool(tellable(cohort.focus[sorted(group.members)], policy).all())
        for number, group in enumerate(plan.groups)
    }
    families: dict[tuple[str, str], list[int]] = {}
    for number, group in enumerate(plan.groups):
        families.setdefault((group.kind, group.unit if group.kind == "team" else ""), []).append(number)
    return {number for family in families.values() if all(told[each] for each in family) for number in family}


def _focus(group: Group, cohort: Cohort, policy: Policy) -> Iterator[Row]:
    members = sorted(group.members)
    means = cohort.focus[members].mean(axis=0)
    for name, value in zip(FOCUS, means.tolist(), strict=True):
        yield _row("focus", group, cohort.period, name, rounded(value, rounding(len(members), policy)), HOURS_EACH)


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


def _row(measure: str, group: Group, period: Period, label: str, value: float | str, measured_in: str) -> Row:
    people = size_band(len(group.members))
    return Row(measure, group.key, group.units, str(period), label, value, measured_in, people)
