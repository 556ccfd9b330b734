"""What adding and subtracting sums of groups gives away: against its definition, against projection, and planted."""

from __future__ import annotations

import tracemalloc
from itertools import combinations

import numpy as np
import pytest

from privacy.release.span import atoms_of, projection, small_sets

CLOSE = 1 - 1e-7
FEWEST = 10


def named(first: int, after: int) -> frozenset[str]:
    return frozenset(f"p{number}" for number in range(first, after))


# --- random families of few people -------------------------------------------------------------------------------


def some(rng, people, part) -> set[str]:
    return {person for person in people if rng.random() < part}


def scattered(rng, people):
    return [some(rng, people, rng.uniform(0.1, 0.9)) for _ in range(rng.integers(2, 9))]


def hierarchy(rng, people):
    """An organisation, its departments and levels, told twice: in between some came, went or moved."""
    told = []
    units = {person: (rng.integers(3), rng.integers(2)) for person in people}
    for _ in range(2):
        units |= {person: (rng.integers(3), rng.integers(2)) for person in people if rng.random() < 0.1}
        there = some(rng, people, 0.95)
        told += [there, *({each for each in there if units[each][0] == unit} for unit in range(3))]
        told += [{each for each in there if units[each][1] == level} for level in range(2)]
    return told


def almost_the_same(rng, people):
    """Parts of the organisation, each with another that lacks up to three of its people."""
    parts = [set(part) for part in np.array_split(rng.permutation(people).tolist(), rng.integers(1, 4))]
    lacking = [part - set(rng.permutation(sorted(part))[: rng.integers(4)].tolist()) for part in parts]
    return [set(people), *parts, *lacking, *(some(rng, people, 0.5) for _ in range(2))]


def family(seed):
    """Groups of up to 22 people, and for half the seeds things with people behind them instead."""
    rng = np.random.default_rng(seed)
    people = [f"p{number}" for number in range(rng.integers(6, 23))]
    make = (scattered, hierarchy, almost_the_same)[seed % 3]
    groups = [frozenset(group) for group in make(rng, people) if group]
    behind = {each: frozenset(rng.choice(12, rng.integers(1, 4)).astype(str)) for each in people} if seed % 2 else None
    return groups, int(rng.choice([3, 6, 10])), behind


def count(things, behind) -> int:
    return len(things) if behind is None else len(frozenset().union(*(behind[each] for each in things)))


def searched(groups, fewest, colluders, behind, held):
    """What is given away, every set of atoms asked `held`: one, two, or one and people who know their own part."""
    atoms = atoms_of(groups)
    small = [place for place, each in enumerate(atoms.members) if count(each, behind) < fewest]
    singles = [place for place in small if count(atoms.members[place], behind) == 1]
    found = {frozenset({place}) for place in small if held(atoms.table, [place])}
    wanted = [(*pair,) for pair in combinations(small, 2)]
    for helping in range(2, colluders + 1):
        wanted += [(each, *people) for people in combinations(singles, helping) for each in small if each not in people]
    for places in wanted:
        if not any(each < frozenset(places) for each in found) and held(atoms.table, list(places)):
            found.add(frozenset(places))
    sets = (frozenset().union(*(atoms.members[each] for each in places)) for places in found)
    return {each for each in sets if count(each, behind) < fewest}


def by_definition(table, places) -> bool:
    """Some combination of sums speaks of some atoms alone where the table has less rank without their columns."""
    return np.linalg.matrix_rank(np.delete(table, places, axis=1)) < np.linalg.matrix_rank(table)


def by_projection(table, places) -> bool:
    """The same by the projection of all atoms onto the row space of all groups."""
    return np.linalg.eigvalsh(projection(table)[np.ix_(places, places)])[-1] >= CLOSE


@pytest.mark.parametrize("oracle", [by_definition, by_projection])
@pytest.mark.parametrize("seeds", [range(first, first + 20) for first in range(0, 120, 20)], ids=lambda each: each[0])
def test_every_set_that_is_given_away_is_found_and_none_with_more_in_it_nor_any_other(oracle, seeds):
    for seed in seeds:
        groups, fewest, behind = family(seed)
        for colluders in (0, 2, 3):
            found = set(small_sets(groups, fewest, colluders, behind))
            assert found == searched(groups, fewest, colluders, behind, oracle), (seed, colluders)


def test_the_random_families_give_away_single_sets_pairs_and_what_colluders_complete():
    found = [
        {colluders: set(small_sets(*family(seed)[:2], colluders, family(seed)[2])) for colluders in (0, 2)}
        for seed in range(120)
    ]
    leaky, safe = [each for each in found if each[0]], [each for each in found if not each[2]]
    by_colluders = [each for each in found if each[2] - each[0]]
    assert min(map(len, (leaky, safe, by_colluders))) >= 10


# --- planted in a large organisation -----------------------------------------------------------------------------

TEAMS = [named(first, first + 20) for first in range(0, 1200, 20)]
DEPARTMENTS = [frozenset().union(*TEAMS[first : first + 6]) for first in range(0, 60, 6)]
ORGANISATION = [frozenset().union(*TEAMS), *DEPARTMENTS, *TEAMS]


def half(team, person) -> frozenset[str]:
    """Somebody told together with ten of another team: that tells the person apart, and gives away nobody."""
    return frozenset(sorted(TEAMS[team])[:10]) | {person}


LEAKS = {
    "a person left out": ([TEAMS[7] - {"p150"}], {"p150"}),
    "two halves that share one": ([named(240, 300), named(299, 360)], {"p299"}),
    "nine people, by what is left of a department": ([DEPARTMENTS[2] - named(240, 249)], named(240, 249)),
    "a pair that other sets tell apart": ([TEAMS[7] - {"p150", "p151"}, half(20, "p150")], {"p150", "p151"}),
}


@pytest.mark.parametrize("kind", LEAKS)
@pytest.mark.parametrize("colluders", [0, 2])
def test_a_leak_among_seventy_groups_is_found(kind, colluders):
    extra, leak = LEAKS[kind]
    assert small_sets(ORGANISATION, FEWEST, colluders) == []
    assert small_sets([*ORGANISATION, *extra], FEWEST, colluders) == [frozenset(leak)]


def test_somebody_whom_two_colluders_complete_is_found_with_them_only():
    """Three are left out of a team; two of them are told apart elsewhere, and know their own hours."""
    three = {"p150", "p151", "p152"}
    groups = [*ORGANISATION, TEAMS[7] - three, half(20, "p150"), half(30, "p151")]
    assert small_sets(groups, FEWEST, 0) == []
    assert small_sets(groups, FEWEST, 2) == [frozenset(three)]


def test_a_third_colluder_is_looked_for_where_policy_says_so():
    four = {"p150", "p151", "p152", "p153"}
    groups = [*ORGANISATION, TEAMS[7] - four, half(20, "p150"), half(30, "p151"), half(40, "p152")]
    assert small_sets(groups, FEWEST, 2) == []
    assert small_sets(groups, FEWEST, 3) == [frozenset(four)]


def test_a_leak_that_only_shows_through_a_chain_of_sums_is_found():
    """Every set shares ten people with the next; every other one adds up to the whole, less eleven at its end."""
    links = [named(first, first + 20) for first in range(0, 400, 10)]
    told = [*links, frozenset().union(*links) | {"last"}]
    assert small_sets(told, FEWEST) == []
    assert small_sets([*told, named(400, 410)], FEWEST) == [frozenset({"last"})]


def test_ties_of_thousands_of_combinations_need_no_matrix_of_all_of_them():
    """Sixty sets over four thousand small things: a matrix things x things would be 128 MB."""
    rng = np.random.default_rng(1)
    in_sets = {f"t{number}": frozenset(rng.choice(60, rng.integers(2, 9)).tolist()) for number in range(4000)}
    groups = [frozenset(thing for thing, held in in_sets.items() if number in held) for number in range(60)]
    behind = {thing: named(3 * number, 3 * number + 5) for number, thing in enumerate(in_sets)}
    tracemalloc.start()
    try:
        assert small_sets(groups, FEWEST, 2, behind) == []
        found = small_sets([*groups, groups[0] | {"planted"}], FEWEST, 2, behind | {"planted": {"x"}})
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found == [frozenset({"planted"})]
    assert peak < 40e6
