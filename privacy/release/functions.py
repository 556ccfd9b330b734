"""Rows about functions: whether meetings wait for those who hold one, over the whole organisation, in bands.

Meetings that wait are told of groups as well (others.py), so functions and groups rest on one statement: the few people
of a department who hold no function that is told are no difference of the two.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.optimize import linprog

from privacy.access import FUNCTIONS, MT_FUNCTIONS
from privacy.groups import size_band
from privacy.release.crossing import thin_sums
from privacy.release.others import WAITING, dependence_statement
from privacy.release.rows import Row
from privacy.release.span import atoms_of
from privacy.release.statements import Basis, Statement, leaks, without_leaks
from store.tables import to_pandas

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from analysis.dependence import Dependence
    from privacy.policy import Policy
    from privacy.release.cohort import Cohort
    from privacy.release.plan import Plan
    from privacy.release.statements import Said
    from store.tables import Tables

    Array = NDArray[np.float64]
    People = frozenset[str]

KEY = "function:"
# A set has a part in a leak from this weight on.
SOME = 1e-6


def functions_of(tables: Tables, cohort: Cohort) -> dict[str, People]:
    """Who of a cohort holds which function, as the chart of the quarter's first day has it."""
    rows = to_pandas(tables.people.select("person_id", "function", "valid_from", "valid_to"))
    day = pd.Timestamp(cohort.period.start)
    begun, over = rows["valid_from"].isna() | (rows["valid_from"] <= day), rows["valid_to"] <= day
    rows = rows[begun & ~over & rows["person_id"].isin(cohort.people)].dropna(subset=["function"])
    last = rows.sort_values("valid_from", na_position="first").drop_duplicates("person_id", keep="last")
    return {str(name): frozenset(held["person_id"].astype(str)) for name, held in last.groupby("function")}


def waiting_statements(
    found: Dependence,
    held: Mapping[str, People],
    plan: Plan,
    cohort: Cohort,
    earlier: Sequence[Said],
    policy: Policy,
) -> tuple[Statement, Statement]:
    """What may be told of groups, and of functions beside them; `held` says who holds which function."""
    counts = without_leaks(dependence_statement(found, plan, cohort, policy), earlier, policy)
    functions = without_function_leaks(function_statement(held, counts, policy), earlier, policy)
    return counts.only({each.key for each in functions.told}), functions


def function_statement(held: Mapping[str, People], counts: Statement, policy: Policy) -> Statement:
    """What the rows rest on: who holds a function that enough hold, beside everybody in a group of which it is told.

    `counts` is what is told of groups. Who is left over in the organisation or in a department is nobody or enough;
    `wide` are those of which HR is told.
    """
    groups = [each.things for each in counts.told]
    kept = _without_small_rests(held, groups, policy.smallest_group)
    # HR reads of large groups and functions only, and must not get at what lies between them either.
    large = [each for each in groups if len(each) >= policy.k_count_hr]
    seen = {KEY + name for name in _without_small_rests(kept, large, policy.k_count_hr)}
    bases = (*counts.told, *(Basis(KEY + name, people) for name, people in sorted(kept.items())))
    return Statement(
        measure=FUNCTIONS,
        period=counts.period,
        told=bases,
        behind=counts.behind,
        fewest=policy.smallest_group,
        wide=frozenset(each.key for each in bases if each.key in seen or each.things in large),
        wide_fewest=policy.k_count_hr,
    )


def _without_small_rests(held: Mapping[str, People], groups: Sequence[People], fewest: int) -> dict[str, People]:
    """The functions that enough hold, so that a group less those within it is nobody or enough, and the other way."""
    kept = {name: people for name, people in held.items() if len(people) >= fewest}
    for name, people in list(kept.items()):
        within = frozenset[str]().union(*(each for each in groups if each < people))
        if within and 0 < len(people - within) < fewest:
            del kept[name]
    for group in sorted(groups, key=len):
        inside = sorted((name for name in kept if kept[name] <= group), key=lambda name: (-len(kept[name]), name))
        left = len(group) - sum(len(kept[name]) for name in inside)
        while inside and 0 < left < fewest:
            left += len(kept.pop(inside.pop()))
    return kept


def without_function_leaks(statement: Statement, earlier: Sequence[Said], policy: Policy) -> Statement:
    """The statement without what makes a leak: of the sets that do, the smallest function, or else the smallest group.

    Functions cross departments, so that every set lies near every other: it takes a look at which are in the leak. What
    would leak to HR alone management is still told.
    """
    kept = _until_none_goes(statement, lambda each: _without_thin(_without_told(each, earlier, policy)))
    return _until_none_goes(kept, lambda each: _without_wide(each, earlier, policy))


def _until_none_goes(statement: Statement, less: Callable[[Statement], Statement]) -> Statement:
    """What goes for one sum of few may leave another behind."""
    kept = less(statement)
    while (len(kept.told), len(kept.wide)) != (len(statement.told), len(statement.wide)):
        kept, statement = less(kept), kept
    return kept


def _without_told(kept: Statement, earlier: Sequence[Said], policy: Policy) -> Statement:
    """Without what makes a leak to management."""
    before = [things for each in earlier if each.overlaps(kept) for things in each.sets.values()]
    # Most leaks need nobody's help, and looking for colluders takes long.
    for rules in (replace(policy, colluders=0), policy):
        while found := leaks(replace(kept, wide=frozenset()), earlier, rules):
            kept = _less(kept, _in_the_way(found, kept, before))
    return kept


def _without_thin(kept: Statement) -> Statement:
    while thin := thin_sums([each.things for each in kept.told], kept.fewest):
        kept = _less(kept, _first_of([_weighing(weights, kept) for weights in thin]))
    return kept


def _without_wide(kept: Statement, earlier: Sequence[Said], policy: Policy) -> Statement:
    """The same to HR, which reads the wide ones only."""
    while found := leaks(kept, earlier, policy):
        kept = _less_wide(kept, _in_the_way(found, kept.only(kept.wide), ()))
    while thin := thin_sums([each.things for each in kept.told if each.key in kept.wide], kept.wide_fewest):
        kept = _less_wide(kept, _first_of([_weighing(weights, kept.only(kept.wide)) for weights in thin]))
    return kept


def _less(statement: Statement, gone: set[str]) -> Statement:
    return statement.only({each.key for each in statement.told} - gone)


def _less_wide(statement: Statement, gone: set[str]) -> Statement:
    """Functions go from what HR is told only; what HR is told of groups follows from their size, so they go."""
    narrowed = replace(statement, wide=statement.wide - gone)
    return _less(narrowed, {key for key in gone if not key.startswith(KEY)})


def _in_the_way(found: Sequence[People], statement: Statement, before: Sequence[People]) -> set[str]:
    """What is to go for the leaks that were found."""
    return _first_of([_made_of(leak, statement, before) or list(statement.told) for leak in found])


def _first_of(sums: Sequence[Sequence[Basis]]) -> set[str]:
    """One key of every sum: its smallest function, or else its smallest group."""
    gone: set[str] = set()
    for made_of in sums:
        if not gone & {each.key for each in made_of}:
            gone.add(min(made_of, key=lambda each: (not each.key.startswith(KEY), len(each.things), each.key)).key)
    return gone


def _made_of(leak: People, statement: Statement, before: Sequence[People]) -> list[Basis]:
    """The sets of now in the lightest sum that speaks of a leak and of nobody else."""
    sets = [*(each.things for each in statement.told), *before]
    atoms = atoms_of(sets)
    inside = np.array([members <= leak for members in atoms.members])
    rows = np.vstack([atoms.table.T[~inside], atoms.table.T[inside].sum(axis=0)])
    wanted = np.zeros(len(rows))
    wanted[-1] = 1.0
    found = linprog(np.ones(2 * len(sets)), A_eq=np.hstack([rows, -rows]), b_eq=wanted, method="highs")
    if found.x is None:
        return []
    return _weighing(found.x[: len(sets)] - found.x[len(sets) :], statement)


def _weighing(weights: Array, statement: Statement) -> list[Basis]:
    """The sets that have a weight in a sum; the first weights are those of the sets of now."""
    return [each for each, weight in zip(statement.told, weights.tolist(), strict=False) if abs(weight) > SOME]


def function_rows(found: Dependence, told: Statement, policy: Policy) -> tuple[Row, ...]:
    """A row a function: at least how many meetings a week wait for those who hold it; HR is told of the wide ones."""
    waiting = {card.person_id: card.waiting.meetings for card in found.cards if card.enough_data}
    return tuple(
        Row(
            measure=FUNCTIONS if each.key in told.wide else MT_FUNCTIONS,
            group=each.key,
            units=(),
            period=str(told.period),
            label=each.key.removeprefix(KEY),
            value=waits([waiting.get(person, 0.0) for person in each.things], policy.contributors),
            measured_in="meetings a week, at least",
            people=size_band(len(each.things)),
        )
        for each in told.told
        if each.key.startswith(KEY)
    )


def waits(meetings: Sequence[float], contributors: int) -> float:
    """The band that waiting meetings lie in, by its lower end, as if nobody had more than one part in so many of it.

    So a band speaks of that many people at least, and nobody and a few are both in the lowest.

    >>> waits([1.0] * 5, 5), waits([0.9] * 5, 5), waits([40.0, 0.5], 5)
    (5.0, 0.0, 0.0)
    """
    return next(
        least
        for least in reversed(WAITING)
        if sum(min(each, least / contributors) for each in meetings) >= least - SOME
    )
