"""The last look before anything is written: whether a person, or too few, can be worked out from all of it together.

The audit reads what is about to be told and what was ever told before. It does not trust the plan: sizes, dominance and
bounds are worked out anew, and leaks planted in every run must be found, or the audit itself is broken.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from privacy.release.ladder import follows, rounding
from privacy.release.openness import Sums, is_open
from privacy.release.rules import tellable
from privacy.release.span import atoms_of, small_sets
from store.schema import LABELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from privacy.policy import Policy
    from privacy.release.cohort import Cohort
    from privacy.release.ledger import Published
    from privacy.release.plan import Plan, Told
    from privacy.release.span import Atoms

    Array = NDArray[np.float64]

COORDINATION = LABELS.index("coordination")
# Hours a week either way that must stay open about somebody who came or went between two releases.
CLOSEST = 2.0


@dataclass(frozen=True)
class Finding:
    """One way in which something could be worked out, in plain words; it names groups, never people."""

    code: str
    sentence: str


@dataclass(frozen=True)
class Audit:
    """What was looked at and what was found; a release with a finding is not written."""

    groups: int
    atoms: int
    figures: int
    bounds: int
    earlier: int
    controls_planted: int
    controls_found: int
    narrowest: float | None
    findings: tuple[Finding, ...]

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
    planted = controls(named)
    caught = [bool(set(_spoken(leak, [*together, *groups], policy))) for leak, groups in planted]
    atoms = atoms_of(together) if together else None
    closest, looked_at = _bounds(atoms, cohort, policy, plan) if atoms is not None and not overlapping else ([], 0)
    findings = [
        *_too_small(plan, policy),
        *_untellable(plan, cohort, policy),
        *_spanned(together, overlapping, policy),
        *closest,
        *_unfolded(plan),
        *_traceable(published, [each for each in earlier if not each.overlaps(published)], policy),
    ]
    if not all(caught):
        findings.append(Finding("broken", "a leak planted to test the audit was not found: the audit itself is broken"))
    return Audit(
        groups=len(plan.groups),
        atoms=0 if atoms is None else len(atoms.sizes),
        figures=sum(len(plan.stretches[told.step]) * (len(told.labels) + 2) for told in plan.told),
        bounds=looked_at + 2 * len(plan.folding.targets),
        earlier=len(earlier),
        controls_planted=len(planted),
        controls_found=sum(caught),
        narrowest=least_doubt(map(len, named), policy),
        findings=tuple(dict.fromkeys(findings)),
    )


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
    return [frozenset(cohort.people[each] for each in group.members) for group in plan.groups]


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


def _bounds(atoms: Atoms, cohort: Cohort, policy: Policy, plan: Plan) -> tuple[list[Finding], int]:
    """Whether the hours of every atom of fewer than `contributors` people stay open for two who know their own.

    These two sit in the smallest published group around the atom and are the largest in it, which tells them most.
    Larger atoms must not be spoken about exactly (`_spanned`); that nine of ten people are known but for the hours of
    the tenth is what a smallest group of ten means.
    """
    sums = cohort.hours.sum(axis=1)
    place = {person: number for number, person in enumerate(cohort.people)}
    rows = [np.array(sorted(place[person] for person in each), dtype=int) for each in atoms.members]
    small = np.flatnonzero(atoms.sizes < policy.contributors)
    found: list[Finding] = []
    for name, values, groups in _told_figures(plan, sums):
        system = Sums.of(atoms.table[groups])
        truth = np.array([values[each].sum() for each in rows])
        limits = atoms.sizes * policy.cap_hours * cohort.period.weeks
        for atom in small.tolist():
            known = _colluders(atom, system.table, rows, values, policy)
            unknown, most = truth - known, np.maximum(limits - known, truth - known)
            if not is_open(atom, system, unknown, most, policy):
                size = int(atoms.sizes[atom])
                found.append(Finding("bounds", f"{name} of {size} people could be worked out too closely"))
    return found, 4 * len(small)


def _told_figures(plan: Plan, sums: Array) -> list[tuple[str, Array, list[int]]]:
    """Total and coordination by person, and the groups of which each is told."""
    told = {each.group: each.labels for each in plan.told if each.step == "quarter"}
    everywhere = list(range(len(plan.groups)))
    with_label = [number for number in everywhere if COORDINATION in told.get(number, frozenset())]
    return [
        ("meeting hours", sums.sum(axis=1), everywhere),
        ("coordination hours", sums[:, COORDINATION], with_label),
    ]


def _colluders(atom: int, table: Array, rows: list[NDArray[np.int64]], values: Array, policy: Policy) -> Array:
    """The hours that colluders take out of the unknown, atom by atom."""
    hours = np.zeros(len(rows))
    around = np.flatnonzero(table[:, atom] > 0).tolist()
    if not around:
        return hours
    sizes = np.array([len(each) for each in rows])
    nearest = min(around, key=lambda number: float(table[number] @ sizes))
    others = [
        (float(values[person]), each)
        for each in np.flatnonzero(table[nearest]).tolist()
        if each != atom
        for person in rows[each].tolist()
    ]
    for value, each in sorted(others, reverse=True)[: policy.colluders]:
        hours[each] += value
    return hours


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
