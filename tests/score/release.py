"""How well releases protect and how much they still tell: made-up organisations, attacked from their published rows."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from made_up_cohort import cohort, next_quarter
from made_up_others import made_up_others

from privacy.policy import Policy
from privacy.release.compiling import compile_cohort
from privacy.release.span import small_sets
from privacy.release.statements import Basis, leaks

if TYPE_CHECKING:
    from privacy.release.compiling import Compiled
    from privacy.release.statements import Statement

SIZES, SEEDS, PLANTS = (300, 1000, 3000), (1, 2), 20
POLICY = Policy()


def measure() -> dict[str, object]:
    """Per size of organisation, over seeds and two successive quarters each."""
    return {f"{size} people": _size(size) for size in SIZES}


def _size(people: int) -> dict[str, object]:
    found = [_one(people, seed) for seed in SEEDS]
    return {key: float(np.mean([each[key] for each in found])) for key in found[0]}


def _one(people: int, seed: int) -> dict[str, float]:
    first = cohort(people, seed)
    before = compile_cohort(first, "2026Q1", POLICY, further=made_up_others(POLICY, seed))
    second = next_quarter(first, "2026Q2", seed)
    after = compile_cohort(second, "2026Q2", POLICY, [before.published], made_up_others(POLICY, seed + 100))
    groups = list(before.published.groups.values())
    return {
        "part of people in a department or team that is told (the issue's coverage)": _told(
            before, "department", "team"
        )
        / first.size,
        "part of people in a team that is told": _told(before, "team") / first.size,
        "smallest group told": float(min(map(len, groups))),
        "sets of fewer than ten people given away": float(
            sum(len(small_sets(list(each.published.groups.values()), 10)) for each in (before, after))
        ),
        "planted leaks caught": float(np.mean([_caught(groups, seed * PLANTS + number) for number in range(PLANTS)])),
        "leaks the compiler planted itself, caught": after.audit.controls_found / after.audit.controls_planted,
        **_others(before, after, seed),
        "sets the linear programs looked at": float(after.audit.bounds),
        "part of people waiting in the second quarter": after.waiting / second.size,
        "groups told week by week, second quarter": float(len(after.published.fine)),
    }


def _others(before: Compiled, after: Compiled, seed: int) -> dict[str, float]:
    """What else is told, a leak of one person planted in a row of each measure, and the two quarters together."""
    found: dict[str, float] = {}
    for each in after.others:
        rng = np.random.default_rng(seed)
        caught = [_other_caught(each, before, rng) for _ in range(PLANTS if each.told else 0)]
        found[f"{each.measure}: rows about"] = float(len(each.told))
        found[f"{each.measure}: sets of too few given away"] = float(len(leaks(each, before.published.said, POLICY)))
        if caught:
            found[f"{each.measure}: planted leaks caught"] = float(np.mean(caught))
    return found


def _other_caught(statement: Statement, before: Compiled, rng: np.random.Generator) -> bool:
    chosen = statement.told[rng.integers(len(statement.told))]
    told = (*statement.told, Basis("planted", chosen.things | {"x"}))
    leaky = replace(statement, told=told, behind={**statement.behind, "x": frozenset({"x"})})
    return frozenset({"x"}) in leaks(leaky, before.published.said, POLICY)


def _told(found: Compiled, *kinds: str) -> int:
    return len(set().union(*(who for key, who in found.published.groups.items() if key.startswith(kinds))))


def _caught(groups, seed: int) -> bool:
    rng = np.random.default_rng(seed)
    chosen = groups[rng.integers(len(groups))]
    victim = str(rng.choice(sorted(chosen)))
    return frozenset({victim}) in small_sets([*groups, chosen - {victim}], 10)
