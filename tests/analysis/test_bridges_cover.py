"""The smallest set of bridges, and whether one bridge calls for the next."""

from __future__ import annotations

from datetime import date
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from analysis.bridges.breeding import breeding
from analysis.bridges.cover import greedy, smallest_cover
from analysis.bridges.meeting_places import kinds, meeting_places
from analysis.bridges.rules import BridgeRules
from analysis.period import Period

PERIOD = Period(date(2025, 1, 6), date(2026, 1, 5))


def covering(*sets: set[int]) -> sparse.csr_array:
    things = sorted(set().union(*sets))
    return sparse.csr_array(np.array([[float(each in given) for each in things] for given in sets]))


def test_greedy_takes_the_large_one_and_needs_three_where_two_are_enough():
    """The classic: the set of four is tempting, the two halves are enough."""
    sets = covering({1, 2, 3, 4}, {1, 2, 5}, {3, 4, 6})
    cost = np.ones(3)
    assert greedy(sets, cost) == (0, 1, 2)
    found = smallest_cover(sets, cost)
    assert (found.chosen, found.exact, found.least, found.guarantee) == ((1, 2), True, 2, 1.0)


def test_too_large_to_solve_says_greedy_and_its_guarantee():
    sets = covering({1, 2, 3, 4}, {1, 2, 5}, {3, 4, 6}, {5, 6}, {1, 6}, {2, 3, 5})
    found = smallest_cover(sets, np.ones(6), BridgeRules(exact_size=0))
    assert not found.exact
    assert found.guarantee == pytest.approx(1 + 1 / 2 + 1 / 3 + 1 / 4)
    assert 1 <= found.least <= len(found.chosen)


def test_of_equal_sets_the_cheaper_is_kept():
    found = smallest_cover(covering({1, 2}, {1, 2}, {3}), np.array([5.0, 1.0, 1.0]))
    assert found.chosen == (1, 2)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sets(st.integers(0, 7), min_size=1, max_size=5), min_size=1, max_size=8), st.data())
def test_the_exact_set_is_the_smallest_and_cheapest_there_is(given_sets, data):
    cost = np.array([float(data.draw(st.integers(1, 5))) for _ in given_sets])
    everything = set().union(*given_sets)
    fits = [
        (size, sum(cost[list(some)]))
        for size in range(1, len(given_sets) + 1)
        for some in combinations(range(len(given_sets)), size)
        if set().union(*(given_sets[each] for each in some)) == everything
    ]
    found = smallest_cover(covering(*given_sets), cost)
    assert found.exact
    assert (len(found.chosen), cost[list(found.chosen)].sum()) == min(fits)
    quick = greedy(covering(*given_sets), cost)
    assert set().union(*(given_sets[each] for each in quick)) == everything
    assert len(quick) <= sum(1 / size for size in range(1, 6)) * len(found.chosen)


def met(*rows: tuple[str, str | None, str]) -> pd.DataFrame:
    """Meetings as (id, series, units): `("m1", "s", "AB")` brought units A and B together."""
    return pd.DataFrame(
        [(meeting, series, unit, 2, 1.0) for meeting, series, units in rows for unit in units],
        columns=["meeting_id", "series_id", "unit", "people", "hours"],
    ).astype({"series_id": "str"})


def test_series_subjects_and_loose_meetings_are_bridges():
    rows = met(("m1", "s", "AB"), ("m2", "s", "AC"), ("m3", None, "AB"), ("m4", None, "BC"), ("m5", None, "BC"))
    topics = pd.DataFrame({"meeting_id": ["m1", "m3"], "topic": ["budget", "budget"]})
    places = meeting_places(kinds(rows, topics))
    listed = list(places.bridges[["kind", "name", "meetings", "hours"]].itertuples(index=False, name=None))
    assert listed == [("ad hoc", "B + C", 2, 4.0), ("series", "s", 2, 4.0), ("topic", "budget", 1, 2.0)]
    assert places.pairs == (("A", "B"), ("A", "C"), ("B", "C"))
    assert places.covers.toarray().tolist() == [[0, 0, 1], [1, 1, 0], [1, 0, 0]]


def test_no_meetings_are_no_bridges():
    places = meeting_places(kinds(met(), pd.DataFrame({"meeting_id": [], "topic": []}, dtype="str")))
    assert smallest_cover(places.covers, places.bridges["hours"].to_numpy()).chosen == ()


def started(*series: tuple[str, str, str]) -> pd.DataFrame:
    rows = [(name, person, pd.Timestamp(day)) for name, day, people in series for person in people]
    return pd.DataFrame(rows, columns=["series_id", "person_id", "first"])


def offspring(apart_days: int) -> pd.DataFrame:
    """Ten families of two series of the same three people each, spread over the year."""
    first = [pd.Timestamp("2025-02-10") + pd.Timedelta(days=28 * number) for number in range(10)]
    families = [(f"p{number}", [f"{number}{each}" for each in "abc"]) for number in range(10)]
    rows = [
        (name + suffix, person, day + pd.Timedelta(days=delay))
        for day, (name, people) in zip(first, families, strict=True)
        for suffix, delay in (("", 0), ("-child", apart_days))
        for person in people
    ]
    return pd.DataFrame(rows, columns=["series_id", "person_id", "first"])


def test_bridges_that_breed_are_seen():
    found = breeding(offspring(14), PERIOD)
    assert (found.series, found.people, found.alike, found.soon) == (20, 30, 10, 10)
    assert found.ratio > 2
    assert found.p < 0.01


def test_series_that_start_at_odd_times_do_not_breed():
    found = breeding(offspring(70), PERIOD)
    assert found.soon == 0
    assert found.p == 1.0


def test_too_few_series_to_say():
    found = breeding(started(("s", "2025-03-03", "abc"), ("t", "2025-03-10", "abc")), PERIOD)
    assert (found.soon, found.ratio, found.p) == (1, None, None)


def test_series_from_before_the_data_are_not_new():
    assert breeding(started(("old", "2025-01-06", "abc")), PERIOD).series == 0
