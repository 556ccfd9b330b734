"""The last look before anything is written: whether a person, or too few, can be worked out from all of it together.

The audit reads what is about to be told and what was ever told before. It does not trust the plan: sizes, dominance and
bounds are worked out anew, and leaks planted in every run must be found, or the audit itself is broken.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from privacy.release.closeness import COORDINATION, close_sets, figures_of
from privacy.release.ladder import follows, rounding
from privacy.release.rules import tellable
from privacy.release.span import atoms_of, small_sets
from privacy.release.statements import PLANTED, caught, dominated, leaks, plants

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from privacy.policy import Policy
    from privacy.release.cohort import Cohort
    from privacy.release.ledger import Published
    from privacy.release.plan import Plan, Told
    from privacy.release.statements import Said, Statement

    Array = NDArray[np.float64]

# Hours a week either way that must stay open about somebody who came or went between two releases.
CLOSEST = 2.0
BROKEN = "a leak planted to test the audit was not found: the audit itself is broken"


@dataclass(frozen=True)
class Finding:
    """One way in which something could be worked out, in plain words; it names groups, never people."""

    code: str
    sentence: str


@dataclass(frozen=True)
class Audit:
    """What was looked at and what was found; a release with a finding is not written.

    `others` says of how many groups, tables or ties each measure besides hours is told.
    """

    groups: int
    atoms: int
    figures: int
    bounds: int
    earlier: int
    controls_planted: int
    controls_found: int
    narrowest: float | None
    findings: tuple[Finding, ...]
    others: Mapping[str, int] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        """Whether it may be written."""
        return not self.findings and self.controls_found == self.controls_planted

    def as_json(self) -> dict[str, Any]:
        """The report as plain values."""
        return {**asdict(self), "passed": self.passed}


def audit(plan: Plan, cohort: Cohort, policy: Policy, published: Published, earlier: Sequence[Published] = ()) -> Audit:
    """Look at a plan together with everything ever published."""
    named = _members(plan, cohort)
    overlapping = [each for each in earlier if each.overlaps(published)]
    together = [*named, *(group for each in overlapping for group in each.groups.values())]
    apart = [each for each in earlier if not each.overlaps(published)]
    close, looked_at = _bounds(plan, cohort, policy)
    planted = _planted(plan, cohort, published, together, policy)
    findings = [
        *_too_small(plan, policy),
        *_untellable(plan, cohort, policy),
        *_spanned(together, overlapping, policy),
        *close,
        *_unfolded(plan),
        *_traceable(published, apart, policy),
    ]
    if not all(planted):
        findings.append(Finding("broken", BROKEN))
    return Audit(
        groups=len(plan.groups),
        atoms=len(atoms_of(together).sizes) if together else 0,
        figures=sum(len(plan.stretches[told.step]) * (len(told.labels) + 2) for told in plan.told),
        bounds=looked_at + 2 * len(plan.folding.targets),
        earlier=len(earlier),
        controls_planted=len(planted),
        controls_found=sum(planted),
        narrowest=least_doubt(map(len, named), policy),
        findings=tuple(dict.fromkeys(findings)),
    )


def audit_statements(report: Audit, statements: Sequence[Statement], earlier: Sequence[Said], policy: Policy) -> Audit:
    """The report with a look at everything besides hours, each measure with leaks of its own kind planted in it."""
    found = [finding for each in statements for finding in _leaking(each, earlier, policy)]
    planted = [caught(plant, earlier, policy) for each in statements for plant in plants(each)]
    broken = () if all(planted) else (Finding("broken", BROKEN),)
    return replace(
        report,
        others={each.measure: len(each.told) for each in statements},
        controls_planted=report.controls_planted + len(planted),
        controls_found=report.controls_found + sum(planted),
        findings=tuple(dict.fromkeys((*report.findings, *found, *broken))),
    )


def _leaking(statement: Statement, earlier: Sequence[Said], policy: Policy) -> list[Finding]:
    found = [
        Finding("dominated", f"{statement.measure}: {key} rests on too few people, or on one too much")
        for key in dominated(statement, policy)
    ]
    if leaks(statement, earlier, policy):
        what = "together with what was told before, by adding and subtracting they speak of too few people"
        found.append(Finding("differencing", f"{statement.measure}: {what}"))
    return found


def _planted(
    plan: Plan, cohort: Cohort, published: Published, together: Sequence[frozenset[str]], policy: Policy
) -> list[bool]:
    """Whether each planted leak is found: sets by subtraction, a set told outright, one large person, one who left."""
    named = _members(plan, cohort)
    found = [bool(_spoken(leak, [*together, *groups], policy)) for leak, groups in controls(named)]
    if named:
        one = frozenset({min(named[0])})
        close, _ = close_sets([named[0], one], cohort, figures_of(cohort, (), 2), policy)
        found.append(any(each.people == one for each in close))
        hours = cohort.hours[sorted(plan.groups[0].members)].sum(axis=(1, 2))[:, None]
        found.append(not tellable(np.vstack([hours, 2 * hours.sum(axis=0) + 1]), policy).any())
    if published.fine:
        # As many as may not be followed: of more people than that nobody's leaving shows in weeks.
        now = {key: frozenset(sorted(published.groups[key])[: policy.finely_from - 2]) for key in published.fine}
        before = {key: group | {PLANTED} for key, group in now.items()}
        left = replace(published, groups=before)
        found.append(bool(_traceable(replace(published, groups=now), [left], policy)))
    return found


def controls(groups: Sequence[frozenset[str]]) -> list[tuple[frozenset[str], list[frozenset[str]]]]:
    """Leaks to plant: a group without one person, and two halves that share one, every pair of them far apart.

    Each is the person (as a set) and the groups that would give that person away.
    """
    found = []
    for group in (max(groups, key=len, default=frozenset()), min(groups, key=len, default=frozenset())):
        ordered = sorted(group)
        if len(ordered) < 3:
            continue
        middle = len(ordered) // 2
        one = frozenset({ordered[middle]})
        found.append((one, [group - one]))
        found.append((one, [frozenset(ordered[: middle + 1]), frozenset(ordered[middle:])]))
    return found


def _spoken(leak: frozenset[str], groups: Sequence[frozenset[str]], policy: Policy) -> list[frozenset[str]]:
    return [each for each in small_sets(groups, policy.smallest_group, 0) if each == leak]


def _members(plan: Plan, cohort: Cohort) -> list[frozenset[str]]:
    return [cohort.ids(group.members) for group in plan.groups]


def _too_small(plan: Plan, policy: Policy) -> list[Finding]:
    return [
        Finding("small_group", f"{group.key} has {len(group.members)} people, fewer than {policy.smallest_group}")
        for group in plan.groups
        if len(group.members) < policy.smallest_group
    ]


def _untellable(plan: Plan, cohort: Cohort, policy: Policy) -> list[Finding]:
    """Every figure in every block again: enough people, nobody too large in it."""
    found = []
    for told in plan.told:
        members = sorted(plan.groups[told.group].members)
        figures = _figures(told, cohort.hours[members])
        for stretch in plan.stretches[told.step]:
            first = (stretch.start - cohort.period.start).days // 7
            values = figures[:, first : first + stretch.weeks].sum(axis=1)
            if not tellable(values, policy).all():
                key = plan.groups[told.group].key
                found.append(Finding("dominated", f"a figure of {key} rests on too few people, or on one too much"))
                break
    return found


def _figures(told: Told, hours: Array) -> Array:
    parts = [hours[:, :, [label]] for label in sorted(told.labels)]
    rest = [hours[:, :, sorted(told.folded)].sum(axis=2, keepdims=True)] if told.labels else []
    return np.concatenate([hours.sum(axis=2, keepdims=True), *parts, *rest], axis=2)


def _spanned(together: Sequence[frozenset[str]], overlapping: Sequence[Published], policy: Policy) -> list[Finding]:
    found = small_sets(together, policy.smallest_group, policy.colluders) if together else []
    what = "together with what was already published of these weeks" if overlapping else "by adding and subtracting"
    sizes = sorted({len(each) for each in found})
    return [
        Finding("differencing", f"{what}, the published groups single out {size} {'person' if size == 1 else 'people'}")
        for size in sizes
    ]


def _unfolded(plan: Plan) -> list[Finding]:
    if not plan.left:
        return []
    return [Finding("bounds", f"{plan.left} folded figure(s) could be worked out too closely from the figures around")]


def _bounds(plan: Plan, cohort: Cohort, policy: Policy) -> tuple[list[Finding], int]:
    told = {each.group: each.labels for each in plan.told if each.step == "quarter"}
    with_coordination = [number for number, labels in told.items() if COORDINATION in labels]
    figures = figures_of(cohort, with_coordination, len(plan.groups))
    close, looked_at = close_sets(_members(plan, cohort), cohort, figures, policy)
    found = [
        Finding("bounds", f"{each.figure} of {len(each.people)} people could be worked out too closely")
        for each in close
    ]
    return found, 2 * len(figures) * len(looked_at)


def _traceable(now: Published, earlier: Sequence[Published], policy: Policy) -> list[Finding]:
    """Weekly or four-weekly figures of two quarters whose groups differ by a few people follow those few."""
    close = [
        Finding("came_or_went", f"{key} changed by a few people since {before.quarter}; its weeks would follow them")
        for key in sorted(now.fine)
        for before in earlier
        for other in sorted(before.fine)
        if follows(now.groups[key], before.groups[other], policy, same=key == other)
    ]
    narrowest = least_doubt(map(len, now.groups.values()), policy) if earlier else None
    if narrowest is not None and narrowest < CLOSEST:
        close.append(Finding("rounding", f"rounding leaves only {narrowest} hours of doubt about who came or went"))
    return close


def least_doubt(sizes: Iterable[int], policy: Policy) -> float | None:
    """The least doubt, in hours a week either way, that rounding leaves about one person who came or went.

    Whatever combination of quarterly sums speaks of one person alone gives the groups around that person a weight of
    at least one in all, so it carries at least one such group's rounding: half a step for each of its people.

    >>> from privacy.policy import Policy
    >>> least_doubt([10, 60], Policy())
    5.0
    """
    return min((size * rounding(size, policy) / 2 for size in sizes), default=None)
