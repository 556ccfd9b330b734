"""From a store's tables to a document that may be signed: cohort, plan, audit, rows; or a refusal in plain words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from privacy.groups import size_band
from privacy.release.audit import Audit, Finding, audit, audit_statements
from privacy.release.cohort import Cohort, read_cohort
from privacy.release.file import FORMAT, GroupInfo
from privacy.release.ledger import Published
from privacy.release.plan import build_plan, level_options
from privacy.release.rows import Row, besides, rows_of
from store.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from analysis.period import Period
    from privacy.policy import Policy
    from privacy.release.plan import Levels, Plan
    from privacy.release.statements import Said, Statement
    from store.tables import Lazy, Tables

    Further = Callable[[Plan, Cohort, Sequence[Said]], "Others"]


class ReleaseRefused(BadInput):
    """The audit found a way to work somebody out, so nothing is written."""


@dataclass(frozen=True)
class Others:
    """The rows of the other measures, and what they rest on."""

    rows: tuple[Row, ...]
    statements: tuple[Statement, ...]


@dataclass(frozen=True)
class Compiled:
    """A release that passed its audit: its groups and rows, and the memberships that stay beside the store.

    `others` are what the rows besides hours rest on.
    """

    period: Period
    policy: Policy
    groups: tuple[GroupInfo, ...]
    rows: tuple[Row, ...]
    audit: Audit
    published: Published
    waiting: int
    tried: tuple[str, ...]
    others: tuple[Statement, ...] = ()

    def remembered(self, digest: str) -> Published:
        """The memberships with the hash of the file they were published in."""
        return replace(self.published, digest=digest)

    def document(
        self, quarter: str, approval: dict[str, str], *, demo: bool, names: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """What is signed."""
        return {
            "format": FORMAT,
            "quarter": quarter,
            "begins": self.period.start.isoformat(),
            "ends": self.period.end.isoformat(),
            "demo": demo,
            "policy": self.policy.as_json(),
            "groups": [{**vars(group), "parts": list(group.parts)} for group in self.groups],
            "rows": [row.as_json() for row in self.rows],
            "audit": {**self.audit.as_json(), "also tried": list(self.tried)},
            "approval": approval,
            "names": names,
        }


def compile_release(
    tables: Tables,
    quarter: str,
    period: Period,
    policy: Policy,
    earlier: Sequence[Published] = (),
    objecting: Collection[str] = (),
    further: Further | None = None,
    there: Lazy | None = None,
) -> Compiled:
    """Compile and audit a quarter of a store; people whose objection stands are not in it.

    `there` is the table of `presence` over what may count, where it is kept already.
    """
    cohort = read_cohort(tables, period, objecting, policy.cap_hours, there=there)
    return compile_cohort(cohort, quarter, policy, earlier, further)


def compile_cohort(
    everybody: Cohort,
    quarter: str,
    policy: Policy,
    earlier: Sequence[Published] = (),
    further: Further | None = None,
) -> Compiled:
    """Compile and audit a quarter; ways of telling more are tried first, and the first that passes is taken.

    `earlier` is everything ever published from this store; `further` adds rows about other measures for a plan.
    """
    cohort, waiting = waited(everybody, earlier, policy)
    plan, published, report, tried = _passing(cohort, quarter, policy, earlier)
    said = [each for before in earlier for each in before.said]
    others = further(plan, cohort, said) if further else Others((), ())
    told_besides = besides(plan, cohort, policy)
    statements = (*told_besides, *others.statements)
    report = audit_statements(report, statements, said, policy)
    if not report.passed:
        raise _refused(quarter, report.findings)
    return Compiled(
        period=cohort.period,
        policy=policy,
        groups=_infos(plan),
        rows=(*rows_of(plan, cohort, told_besides, policy), *others.rows),
        audit=report,
        published=replace(published, said=tuple(each.said for each in others.statements)),
        waiting=waiting,
        tried=tried,
        others=statements,
    )


def _passing(
    cohort: Cohort, quarter: str, policy: Policy, earlier: Sequence[Published]
) -> tuple[Plan, Published, Audit, tuple[str, ...]]:
    """The first plan that passes the audit, with its report and the ways of telling more that did not."""
    tried: list[str] = []
    findings: tuple[Finding, ...] = ()
    for levels in level_options(cohort, policy):
        for with_cells in (True, False) if levels else (False,):
            plan = build_plan(cohort, policy, levels, earlier, with_cells=with_cells)
            if not plan.groups:
                raise ReleaseRefused(_too_few(quarter, cohort, policy))
            published = _published(plan, cohort, quarter)
            report = audit(plan, cohort, policy, published, earlier)
            if report.passed:
                return plan, published, report, tuple(tried)
            findings = report.findings
            tried.append(_said(levels, findings, with_cells=with_cells))
    raise _refused(quarter, findings)


def _refused(quarter: str, findings: Sequence[Finding]) -> ReleaseRefused:
    return ReleaseRefused(
        f"{quarter} is not released, nothing was written: {'; '.join(each.sentence for each in findings)}. Wait for "
        "the next quarter, or make the groups larger (a higher k_hr in the policy)"
    )


def _too_few(quarter: str, cohort: Cohort, policy: Policy) -> str:
    return (
        f"{quarter} cannot be released: {cohort.size} people with a calendar were there all quarter, at least "
        f"{policy.smallest_group} are needed, and no few of them may have nearly all meeting hours"
    )


def _said(levels: Levels, findings: Sequence[Finding], *, with_cells: bool) -> str:
    what = " / ".join("-".join(map(str, each)) for each in levels) or "none"
    reasons = ", ".join(f"{code} x {times}" for code, times in Counter(each.code for each in findings).items())
    return f"levels {what}{', with departments x levels' if with_cells else ''}: {reasons}"


def waited(cohort: Cohort, earlier: Sequence[Published], policy: Policy) -> tuple[Cohort, int]:
    """The cohort without those who joined a department alone: they wait for others, or for the next year."""
    if not earlier or earlier[-1].begins[:4] != str(cohort.period.start.year):
        return cohort, 0
    known = frozenset().union(*(each.people for each in earlier))
    new = np.array([person not in known for person in cohort.people])
    many = Counter(name for name, is_new in zip(cohort.department, new.tolist(), strict=True) if is_new)
    alone = new & np.array([many[name] < policy.cohort_change for name in cohort.department])
    return cohort.only(~alone), int(alone.sum())


def _published(plan: Plan, cohort: Cohort, quarter: str) -> Published:
    return Published(
        quarter=quarter,
        begins=cohort.period.start.isoformat(),
        ends=cohort.period.end.isoformat(),
        people=frozenset(cohort.people),
        groups={group.key: cohort.ids(group.members) for group in plan.groups},
        fine=frozenset(plan.groups[told.group].key for told in plan.told if told.step != "quarter"),
    )


def _infos(plan: Plan) -> tuple[GroupInfo, ...]:
    return tuple(
        GroupInfo(group.key, group.kind, group.name, group.unit, group.parts, size_band(len(group.members)))
        for group in plan.groups
    )
