"""How well releases protect and how much they still tell: made-up organisations, attacked from their published rows."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from made_up_cohort import cohort, next_quarter

from privacy.policy import Policy
from privacy.release.compiling import compile_cohort
from privacy.release.span import small_sets

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
    before = compile_cohort(first, "2026Q1", POLICY)
    second = next_quarter(first, "2026Q2", seed)
    after = compile_cohort(second, "2026Q2", POLICY, [before.published])
    groups = list(before.published.groups.values())
    units = set().union(
        *(who for key, who in before.published.groups.items() if key.startswith(("department", "team")))
    )
    return {
        "part of people in a unit that is told": len(units) / first.size,
        "part of people in a team that is told": _in_teams(before.published.groups) / first.size,
        "smallest group told": float(min(map(len, groups))),
        "sets of fewer than ten people given away": float(
            sum(len(small_sets(list(each.published.groups.values()), 10)) for each in (before, after))
        ),
        "planted leaks caught": float(np.mean([_caught(groups, seed * PLANTS + number) for number in range(PLANTS)])),
        "part of people waiting in the second quarter": after.waiting / second.size,
        "groups told week by week, second quarter": float(len(after.published.fine)),
    }


def _in_teams(groups) -> int:
    return len(set().union(*(who for key, who in groups.items() if key.startswith("team")), frozenset()))


def _caught(groups, seed: int) -> bool:
    rng = np.random.default_rng(seed)
    chosen = groups[rng.integers(len(groups))]
    victim = str(rng.choice(sorted(chosen)))
    return frozenset({victim}) in small_sets([*groups, chosen - {victim}], 10)
