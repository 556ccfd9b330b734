"""Escalations as the page shows them, rebuilt from released rows alone; quarters are taken together by their chains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from privacy.groups import ORGANISATION
from privacy.release.conflicting import BOTH_OR_NEITHER, CONFLICTS, LINE, PROCESS, TIMES
from privacy.release.escalated import AT_TOP, COUNT, DAYS, ESCALATIONS, GAP, IN_LINE, LEAST, MOST
from privacy.release.rows import rounded
from privacy.release.ways import ELSEWHERE
from privacy.released_quarter import span_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.period import Period
    from privacy.groups import GroupKind
    from privacy.released_quarter import Quarter

Levels = tuple[int, ...]
# Parts of several quarters are not known closer than this.
STEP = 0.05
DIGITS = 6
ANYWHERE = ""


@dataclass(frozen=True)
class Flow:
    """Chains that went from one group to another, as a part of all; no names: all other ways; no end: various ends."""

    origin: str
    end: str
    part: float


@dataclass(frozen=True)
class Stretch:
    """The chains that ended in one part of a period, on average; None where that is not told."""

    cases: int
    a_week: float
    gap: float | None
    days: float | None
    at_top: float | None
    line: float | None


@dataclass(frozen=True)
class Settled:
    """How conflicts between line and process were settled: how often, and parts of that."""

    times: int
    line_declined: float
    process_declined: float
    both_or_neither: float


@dataclass(frozen=True)
class GroupEscalations:
    """The escalations of a group: `whole` is about all chains of its period, `bands` are the levels told together.

    at_top is the share of cases that ended in the highest band, line the share of those that stayed in one line of
    managers. `before` and `lately` compare the first and the last quarters, None where there is only one.
    """

    scope: str
    period: Period
    whole: Stretch
    bands: tuple[Levels, ...]
    by_levels: tuple[Flow, ...]
    by_departments: tuple[Flow, ...]
    before: Stretch | None
    lately: Stretch | None
    settled: Settled | None


def released_escalations(told: Sequence[Quarter], group: str, scope: str) -> GroupEscalations | None:
    """The escalations of a group over the quarters that tell them; None where none does."""
    quarters = [each for each in told if each.value(ESCALATIONS, group, COUNT) is not None]
    if not quarters:
        return None
    halves = len(quarters) // 2
    alike = [each for each in quarters if _bands(each) == _bands(quarters[-1])]
    return GroupEscalations(
        scope=scope,
        period=span_of(quarters),
        whole=_stretch(quarters, group),
        bands=_bands(quarters[-1]),
        by_levels=_flows(alike, group, "levels"),
        by_departments=_flows(quarters, group, "department") if group == ORGANISATION else (),
        before=_stretch(quarters[:halves], group) if halves else None,
        lately=_stretch(quarters[-halves:], group) if halves else None,
        settled=_settled(told, group),
    )


def _bands(quarter: Quarter) -> tuple[Levels, ...]:
    return tuple(tuple(map(int, each.parts)) for each in quarter.release.groups if each.kind == "levels")


def _stretch(quarters: Sequence[Quarter], group: str) -> Stretch:
    cases, weeks = sum(_cases(each, group) for each in quarters), sum(each.period.weeks for each in quarters)
    top = [each for each in quarters if _bands(each)[:1] == _bands(quarters[-1])[:1]]
    return Stretch(
        cases=cases,
        a_week=cases / weeks,
        gap=_mean(quarters, group, GAP),
        days=_mean(quarters, group, DAYS),
        at_top=_share(top, group, AT_TOP),
        line=_share(quarters, group, IN_LINE),
    )


def _cases(quarter: Quarter, group: str) -> int:
    return int(quarter.value(ESCALATIONS, group, COUNT) or 0)


def _mean(quarters: Sequence[Quarter], group: str, label: str) -> float | None:
    """The mean over the chains of the quarters that tell it."""
    values = [(quarter.value(ESCALATIONS, group, label), _cases(quarter, group)) for quarter in quarters]
    known = [(value, cases) for value, cases in values if value is not None]
    if not known:
        return None
    return round(float(np.average([value for value, _ in known], weights=[cases for _, cases in known])), DIGITS)


def _share(quarters: Sequence[Quarter], group: str, label: str) -> float | None:
    """A part whose lower end is open as well as its upper."""
    mean = _mean(quarters, group, label)
    return mean if mean is None or mean <= LEAST else _part(mean, LEAST + STEP)


def _part(mean: float, lowest: float = STEP) -> float:
    """A part of several quarters: its upper end stands for more than it says only where every quarter's did."""
    return mean if mean >= MOST else rounded(max(lowest, min(mean, MOST - STEP)), STEP)


def _flows(quarters: Sequence[Quarter], group: str, kind: GroupKind) -> tuple[Flow, ...]:
    """The ways, the largest first and all others last; what a quarter does not tell apart is among its others."""
    told = [(_cases(each, group), _ways(each, group, kind)) for each in quarters]
    whole = sum(cases for cases, ways in told if ways)
    parts: dict[tuple[str, str], float] = {}
    for cases, ways in told:
        for way, part in ways.items():
            parts[way] = parts.get(way, 0.0) + part * cases / whole
    flows = [Flow(*way, _part(round(part, DIGITS))) for way, part in parts.items()]
    return tuple(sorted(flows, key=lambda flow: (not flow.origin, -flow.part, flow.origin, flow.end)))


def _ways(quarter: Quarter, group: str, kind: GroupKind) -> dict[tuple[str, str], float]:
    names = {each.key: each.name for each in quarter.release.groups if each.kind == kind}
    origins, ends = names | {kind: ANYWHERE}, names | {ELSEWHERE: ANYWHERE}
    labels = {f"{origin} > {end}": (origins[origin], ends[end]) for origin in origins for end in ends}
    return {
        labels[row.label]: float(row.value)
        for row in quarter.rows
        if row.measure == ESCALATIONS and row.group == group and row.label in labels
    }


def _settled(told: Sequence[Quarter], group: str) -> Settled | None:
    times = [each.value(CONFLICTS, group, TIMES) or 0.0 for each in told]
    if not sum(times):
        return None
    parts = (
        float(np.average([each.value(CONFLICTS, group, kind) or 0.0 for each in told], weights=times))
        for kind in (LINE, PROCESS, BOTH_OR_NEITHER)
    )
    return Settled(int(sum(times)), *(rounded(part, STEP) for part in parts))
