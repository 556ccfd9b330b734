"""One plan a quarter: which groups, which labels, in which steps of time; the same for every week and every viewer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from privacy.groups import Group, merge_levels, unit_groups
from privacy.release.cells import cross, visible_cells
from privacy.release.closeness import COORDINATION, close_sets, figures_of
from privacy.release.folding import FOLDABLE, LAST, Folding, families
from privacy.release.ladder import blocks, change_of, follows, steps
from privacy.release.rules import tellable
from store.schema import LABELS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from analysis.period import Period
    from privacy.policy import Policy
    from privacy.release.cohort import Cohort
    from privacy.release.ladder import Step
    from privacy.release.ledger import Published

    Array = NDArray[np.float64]
    Levels = tuple[tuple[int, ...], ...]

TOP, MIDDLE = (1, 2), (3,)
FINE: tuple[Step, ...] = ("week", "four weeks")


@dataclass(frozen=True)
class Told:
    """What is told of one group at one step: labels by themselves, and whether the rest is told as "other"."""

    group: int
    step: Step
    labels: frozenset[int]

    @property
    def folded(self) -> frozenset[int]:
        """The labels that are added up in "other"."""
        return frozenset(range(len(LABELS))) - self.labels


@dataclass(frozen=True)
class Plan:
    """Groups and what is told of each; `left` are figures whose bounds lie too close (a release with any is refused).

    `folding` knows what was hidden and why; `stretches` are the blocks of time of each step.
    """

    groups: tuple[Group, ...]
    told: tuple[Told, ...]
    stretches: Mapping[Step, tuple[Period, ...]]
    folding: Folding
    left: int


def level_options(cohort: Cohort, policy: Policy) -> tuple[Levels, ...]:
    """Ways of joining levels, the finest first and none at all last."""
    levels = sorted(set(cohort.level.tolist()))
    rest = tuple(level for level in levels if level not in {*TOP, *MIDDLE})
    bands = [part for part in (tuple(level for level in TOP if level in levels), MIDDLE, rest) if part]
    heads = {place: int(np.isin(cohort.level, part).sum()) for place, part in enumerate(bands)}
    joined = merge_levels(heads, policy.smallest_group)
    finest = tuple(tuple(level for place in part for level in bands[place]) for part in joined)
    coarser = ((*finest[0], *finest[1]), *finest[2:]) if len(finest) > 2 else ()
    options = (finest, coarser, ())
    return tuple(dict.fromkeys(each if len(each) > 1 else () for each in options))


def build_plan(
    cohort: Cohort,
    policy: Policy,
    levels: Levels,
    earlier: Sequence[Published],
    *,
    with_cells: bool,
) -> Plan:
    """The plan for one way of joining levels; `earlier` are all releases before, the oldest first."""
    sums = cohort.hours.sum(axis=1)
    groups = _unit_groups(cohort, levels, policy)
    if not groups:
        return Plan((), (), {}, Folding((), sums, policy), 0)
    groups, folding = _settled(groups, sums, policy)
    hidden = [frozenset(each) for each in folding.hidden]
    cells = _cells(groups, hidden, sums, policy, cohort.period.weeks) if with_cells else ()
    stretches = _stretches(cohort, policy)
    told = [Told(number, "quarter", FOLDABLE - each) for number, each in enumerate(hidden)]
    told += _Fine(groups, cohort, policy, hidden, stretches, _wanted(groups, cohort, policy, earlier)).told()
    told += [Told(len(groups) + number, "quarter", frozenset({COORDINATION})) for number in range(len(cells))]
    return Plan((*groups, *cells), tuple(told), stretches, folding, len(folding.unprotected()))


def _unit_groups(cohort: Cohort, levels: Levels, policy: Policy) -> tuple[Group, ...]:
    """Units and levels; a unit in which levels tell a few people apart too closely is joined to its siblings."""
    total, joined = cohort.hours.sum(axis=(1, 2)), set[frozenset[int]]()

    def fits(members: frozenset[int]) -> bool:
        return members not in joined and bool(tellable(total[sorted(members)][:, None], policy)[0])

    departments, teams = (dict(enumerate(names)) for names in (cohort.department, cohort.team))
    openly = set[frozenset[str]]()
    while True:
        units = unit_groups(departments, teams, fits)
        groups = (*units, *_level_groups(cohort, levels)) if units else ()
        close = _too_close(groups, cohort, policy, openly) - joined
        if not close:
            return groups
        joined |= close


def _too_close(
    groups: tuple[Group, ...], cohort: Cohort, policy: Policy, openly: set[frozenset[str]]
) -> set[frozenset[int]]:
    """The members of departments and teams that have to grow before levels may be told too.

    Sets found to be open are added to `openly` and not looked at again; the audit looks at all of them.
    """
    named = [cohort.ids(group.members) for group in groups]
    figures = figures_of(cohort, range(len(groups)), len(groups))
    found, looked_at = close_sets(named, cohort, figures, policy, openly)
    openly |= set(looked_at) - {each.people for each in found}
    around = (groups[each.around] for each in found)
    return {group.members for group in around if group.kind in {"department", "team"}}


def _settled(groups: tuple[Group, ...], sums: Array, policy: Policy) -> tuple[tuple[Group, ...], Folding]:
    """Fold labels; where even that leaves bounds too close, the parts of that family are not told at all."""
    while True:
        folding = Folding(groups, sums, policy)
        folding.settle()
        gone = {child for family, _, _ in folding.unprotected() for child in family.children}
        if not gone:
            return groups, folding
        units = {groups[child].name for child in gone if groups[child].kind == "department"}
        groups = tuple(
            group
            for number, group in enumerate(groups)
            if number not in gone and not (group.kind == "team" and group.unit in units)
        )


def _level_groups(cohort: Cohort, levels: Levels) -> list[Group]:
    return [
        Group(
            "levels",
            str(part[0]) if len(part) == 1 else f"{part[0]}-{part[-1]}",
            "",
            tuple(map(str, part)),
            frozenset(np.flatnonzero(np.isin(cohort.level, part)).tolist()),
        )
        for part in levels
    ]


def _cells(
    groups: tuple[Group, ...], hidden: list[frozenset[int]], sums: Array, policy: Policy, weeks: int
) -> tuple[Group, ...]:
    """The cells of departments x levels that may be told; where a margin folds coordination there is no cross table."""
    rows = tuple(group for group in groups if group.kind == "department")
    columns = tuple(group for group in groups if group.kind == "levels")
    margins = [number for number, group in enumerate(groups) if group.kind in {"department", "levels"}]
    if not rows or not columns or any(COORDINATION in hidden[number] for number in margins):
        return ()
    figures = np.stack([sums.sum(axis=1), sums[:, COORDINATION], sums.sum(axis=1) - sums[:, COORDINATION]], axis=1)
    table = cross(rows, columns, figures, policy.cap_hours * weeks, policy)
    return tuple(_cell(rows[r], columns[c]) for r, c in np.argwhere(visible_cells(table, policy)).tolist())


def _cell(row: Group, column: Group) -> Group:
    members = row.members & column.members
    return Group("cell", f"levels {column.name}", row.name, column.parts, members, row.units)


def _stretches(cohort: Cohort, policy: Policy) -> dict[Step, tuple[Period, ...]]:
    """Blocks of time; a week in which hardly anybody worked is told together with the one before."""
    weeks = list(blocks(cohort.period, "week"))
    thin = cohort.at_work.mean(axis=0) < policy.least_active
    joined: list[Period] = []
    for week, is_thin in zip(weeks, thin.tolist(), strict=True):
        if joined and (is_thin or thin[(joined[-1].start - cohort.period.start).days // 7]):
            joined[-1] = type(week)(joined[-1].start, week.end)
        else:
            joined.append(week)
    return {
        "quarter": blocks(cohort.period, "quarter"),
        "four weeks": blocks(cohort.period, "four weeks"),
        "week": tuple(joined),
    }


def _wanted(groups: tuple[Group, ...], cohort: Cohort, policy: Policy, earlier: Sequence[Published]) -> dict[int, Step]:
    """The finest step each group's size and coming and going allow."""
    found: dict[int, Step] = {}
    last = earlier[-1].groups if earlier else {}
    fine = [(key, each.groups[key]) for each in earlier for key in each.fine]
    for number, group in enumerate(groups):
        now = cohort.ids(group.members)
        finest = steps(len(now), change_of(now, last.get(group.key)), policy)[-1]
        if finest != "quarter" and not any(follows(now, them, policy, same=key == group.key) for key, them in fine):
            found[number] = finest
    return found


class _Fine:
    """What is told week by week or in four weeks: in one family the same labels for all, and the rest is tellable."""

    def __init__(
        self,
        groups: tuple[Group, ...],
        cohort: Cohort,
        policy: Policy,
        hidden: list[frozenset[int]],
        stretches: Mapping[Step, tuple[Period, ...]],
        wanted: dict[int, Step],
    ) -> None:
        self._groups, self._policy, self._hidden = groups, policy, hidden
        self._members = [np.array(sorted(group.members), dtype=int) for group in groups]
        self._hours = {step: _in_blocks(cohort, stretches[step]) for step in FINE}
        self._wanted = {number: step for number, step in wanted.items() if self._enough_at_work(number, cohort)}
        self._stretches = stretches
        self._found: dict[tuple[int, Step], frozenset[int]] = {}

    def told(self) -> list[Told]:
        """All rows finer than a quarter, from the organisation down."""
        self._of_children((0,), None)
        for family in families(self._groups):
            self._of_children(family.children, family.parent)
        return [Told(group, step, labels) for (group, step), labels in self._found.items()]

    def _enough_at_work(self, group: int, cohort: Cohort) -> bool:
        """Whether no week is thinner in a group than it is in the whole organisation."""
        least = self._policy.least_active
        here, everywhere = cohort.at_work[self._members[group]].mean(axis=0), cohort.at_work.mean(axis=0)
        return not ((here < least) & (everywhere >= least)).any()

    def _of_children(self, children: tuple[int, ...], parent: int | None) -> None:
        for step in FINE:
            above = FOLDABLE if parent is None else self._above(parent, step)
            if above is None:
                continue
            telling = [child for child in children if self._wanted.get(child) == step]
            # A weekly series adds up to four weeks, unless its own labels are fewer.
            finer = [child for child in children if (child, "week") in self._found] if step == "four weeks" else []
            if telling and (labels := self._common(telling, finer, children, step, above)) is not None:
                self._found |= {(child, step): labels for child in telling}

    def _above(self, parent: int, step: Step) -> frozenset[int] | None:
        """The labels of the parent at a step, also where it is told in finer ones; None where it is told in neither."""
        finest: tuple[Step, ...] = ("week",) if step == "week" else ("week", "four weeks")
        return next((self._found[parent, each] for each in finest if (parent, each) in self._found), None)

    def _common(
        self, telling: list[int], finer: list[int], children: tuple[int, ...], step: Step, above: frozenset[int]
    ) -> frozenset[int] | None:
        hours = self._hours[step]
        shown = above.difference(*(self._hidden[child] for child in telling))
        good = frozenset(label for label in shown if self._safe(hours[:, :, label], telling, finer, children, label))
        while good:
            rest = hours[:, :, [label for label in range(len(LABELS)) if label not in good]].sum(axis=2)
            if self._safe(rest, telling, finer, children, LAST):
                break
            good -= {min(good, key=lambda label: float(hours[:, :, label].sum()))}
        return good if self._safe(hours.sum(axis=2), telling, finer, children, None) else None

    def _safe(
        self, values: Array, telling: list[int], finer: list[int], children: tuple[int, ...], label: int | None
    ) -> bool:
        """Whether a figure may be told of each part in every block, and so may what the others have together."""
        also = [child for child in finer if label is None or label in self._found[child, "week"] or label == LAST]
        others = [child for child in children if child not in telling and child not in also]
        sets = [self._members[child] for child in telling]
        if others:
            sets.append(np.concatenate([self._members[child] for child in others]))
        return all(bool(tellable(values[members], self._policy).all()) for members in sets)


def _in_blocks(cohort: Cohort, stretches: tuple[Period, ...]) -> Array:
    """Hours of people x blocks x labels."""
    starts = [(each.start - cohort.period.start).days // 7 for each in stretches]
    return np.asarray(np.add.reduceat(cohort.hours, starts, axis=1))
