"""Routes, knock-outs, carriers and brokerage, against networkx and against taking people out one by one."""

from __future__ import annotations

from itertools import combinations

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.bridges.brokerage import betweenness, constraint
from analysis.bridges.codes import coded
from analysis.bridges.knockout import knockouts
from analysis.bridges.pairs import alone, carriers

COLUMNS = ("slice", "person_id", "unit", "other_id", "other_unit", "meetings", "hours")


def tied(*rows: tuple[str, str, float], number: int = 0, meetings: int = 2) -> pd.DataFrame:
    """Ties of people called by unit and number: `A1` is in unit A."""
    full = [(number, one, one[0], other, other[0], meetings, hours) for one, other, hours in rows]
    return pd.DataFrame(full, columns=COLUMNS)


def knocked(frame: pd.DataFrame, person: str, slices: int = 1, fewest: int = 1) -> list[tuple[int, int, float]]:
    people, _ = knockouts(coded(frame, fewest), slices)
    mine = people[people["person_id"] == person]
    return [tuple(row) for row in mine[["pairs", "worse", "loss"]].itertuples(index=False)]


def test_a_person_between_two_units_parts_them():
    """A1 - C1 - B1: without C1 the units A and B lose each other, and each loses C."""
    frame = tied(("A1", "C1", 2.0), ("B1", "C1", 2.0))
    # A-C and B-C are worth 2 each; A-B over C1 is worth 2*2/(2+2) = 1.
    assert knocked(frame, "C1") == [(3, 3, 1.0)]
    assert knocked(frame, "A1") == [(2, 2, pytest.approx(3 / 5))]


def test_a_second_person_keeps_units_together():
    frame = tied(("A1", "C1", 2.0), ("B1", "C1", 2.0), ("A2", "C2", 1.0), ("B2", "C2", 1.0))
    # A-C and B-C fall from 2 to 1, A-B from 1 to 1/2: half of everything.
    assert knocked(frame, "C1") == [(0, 3, pytest.approx(0.5))]
    assert knocked(frame, "C2") == [(0, 0, 0.0)]


def test_a_unit_of_one_ties_others_but_is_no_unit_itself():
    frame = tied(("A1", "M1", 1.0), ("A2", "A1", 1.0), ("B1", "M1", 1.0), ("B2", "B1", 1.0))
    assert knocked(frame, "M1", fewest=2) == [(1, 1, 1.0)]
    assert alone(coded(frame, 2))["pairs"].sum() == 0


def test_slices_are_judged_apart():
    frame = pd.concat([tied(("A1", "B1", 1.0)), tied(("A1", "B1", 1.0), ("A2", "B2", 3.0), number=1)])
    assert knocked(frame, "A1", 2) == [(1, 1, 1.0), (0, 0, 0.0)]
    assert knocked(frame, "A2", 2) == [(0, 1, pytest.approx(2 / 3))]


def test_somebody_who_changed_units_is_taken_out_everywhere():
    """X sits in A, then in B, and meets C1 from both: A-C and B-C hang on X, and A-B on both of them."""
    frame = pd.DataFrame([(0, "X", "A", "C1", "C", 2, 1.0), (0, "X", "B", "C1", "C", 2, 1.0)], columns=COLUMNS)
    assert knocked(frame, "X") == [(3, 3, 1.0)]
    assert knocked(frame, "C1") == [(3, 3, 1.0)]


def test_pairs_that_hang_on_one_person():
    frame = tied(("A1", "B1", 1.0), ("A1", "B2", 3.0), ("A1", "C1", 1.0), ("A2", "C2", 1.0))
    found = alone(coded(frame)).set_index("person_id")
    assert found["pairs"].to_dict() == {"A1": 1, "A2": 0, "B1": 0, "B2": 0, "C1": 0, "C2": 0}
    assert found.loc["A1", "hours"] == 4.0
    table = carriers(coded(frame))
    assert sorted(table.loc[table["pair"] == 1, "share"]) == [0.25, 0.75, 1.0]


def test_one_meeting_is_no_tie_to_hang_on():
    assert alone(coded(tied(("A1", "B1", 1.0), meetings=1)))["pairs"].sum() == 0


def test_no_ties_at_all():
    empty = tied().astype({"slice": "int64", "meetings": "int64", "hours": "float64"})
    people, totals = knockouts(coded(empty), 2)
    assert len(people) == 0
    assert totals["pairs"].tolist() == [0, 0]
    assert len(alone(coded(empty))) == 0


# Small random organisations: up to ten people in up to five units.
PEOPLE = tuple(f"{unit}{number}" for unit in "ABCDE" for number in (1, 2))
PAIRS = st.sets(st.sampled_from(tuple(combinations(PEOPLE, 2))), min_size=1, max_size=25)


@st.composite
def graphs(draw):
    pairs = sorted(draw(PAIRS))
    hours = [draw(st.integers(1, 6)) / 2 for _ in pairs]
    return tied(*((one, other, weight) for (one, other), weight in zip(pairs, hours, strict=True)))


def network(frame: pd.DataFrame) -> nx.Graph:
    graph = nx.Graph()
    for row in frame.itertuples():
        graph.add_edge(row.person_id, row.other_id, weight=row.hours, length=1 / row.hours)
    return graph


def efficiency(graph: nx.Graph) -> dict[tuple[str, str], float]:
    """Per pair of units the best route of at most two ties, by trying all of them."""
    best: dict[tuple[str, str], float] = {}
    for one, other in combinations(sorted(graph), 2):
        if one[0] == other[0]:
            continue
        for path in nx.all_simple_paths(graph, one, other, cutoff=2):
            worth = 1 / nx.path_weight(graph, path, "length")
            best[one[0], other[0]] = max(worth, best.get((one[0], other[0]), 0.0))
    return best


@settings(max_examples=60, deadline=None)
@given(graphs())
def test_knock_outs_equal_taking_each_person_out_of_networkx(frame):
    graph, (found, totals) = network(frame), knockouts(coded(frame), 1)
    whole = efficiency(graph)
    assert (totals["pairs"][0], totals["efficiency"][0]) == (len(whole), pytest.approx(sum(whole.values())))
    parted = set()
    for row in found.itertuples():
        left = efficiency(graph.subgraph(set(graph) - {row.person_id}))
        gone = {pair for pair in whole if pair not in left}
        parted |= gone
        assert row.pairs == len(gone)
        assert row.worse == sum(left.get(pair, 0.0) < value - 1e-12 for pair, value in whole.items())
        assert row.loss == pytest.approx(1 - sum(left.values()) / sum(whole.values()))
    assert totals["hanging"][0] == len(parted)


@settings(max_examples=25, deadline=None)
@given(graphs())
def test_alone_equals_meetings_without_that_person(frame):
    ties, found = coded(frame), alone(coded(frame)).set_index("person_id")["pairs"]
    across = frame[frame["unit"] != frame["other_unit"]]
    pairs = across.groupby(across[["unit", "other_unit"]].min(axis=1) + across[["unit", "other_unit"]].max(axis=1))
    for person in ties.people:
        with_person = [
            ((rows["person_id"] == person) | (rows["other_id"] == person)).all() and rows["meetings"].sum() >= 2
            for _, rows in pairs
        ]
        assert found[person] == sum(with_person)


@settings(max_examples=30, deadline=None)
@given(graphs())
def test_constraint_and_betweenness_equal_networkx(frame):
    ties, graph = coded(frame), network(frame)
    theirs = nx.constraint(graph, weight="weight")
    assert constraint(ties) == pytest.approx([theirs[each] for each in ties.people], nan_ok=True)
    between = nx.betweenness_centrality(graph, weight="length", normalized=False)
    ours = betweenness(ties)
    assert ours["betweenness"].tolist() == pytest.approx([between[each] for each in ties.people], abs=1e-9)
    assert not ours["sampled"].any()


def test_sampled_betweenness_says_so_and_repeats_itself():
    rng = np.random.default_rng(1)
    pairs = sorted({tuple(sorted(pair)) for pair in rng.integers(0, 60, (200, 2)).tolist() if pair[0] != pair[1]})
    frame = tied(*((f"A{one:02d}", f"A{other:02d}", 1.0 + one % 3) for one, other in pairs))
    exact, once, again = betweenness(coded(frame)), *(betweenness(coded(frame), exact_people=10) for _ in range(2))
    assert once["sampled"].all()
    pd.testing.assert_frame_equal(once, again)
    inside = (once["low"] <= exact["betweenness"]) & (exact["betweenness"] <= once["high"])
    assert inside.mean() > 0.8


@settings(max_examples=30, deadline=None)
@given(graphs(), st.permutations("ABCDE"))
def test_other_names_for_units_change_nothing(frame, names):
    new = dict(zip("ABCDE", names, strict=True))
    renamed = frame.assign(unit=frame["unit"].map(new), other_unit=frame["other_unit"].map(new))
    pd.testing.assert_frame_equal(alone(coded(frame)), alone(coded(renamed)))
    ours, theirs = (knockouts(coded(each), 1) for each in (frame, renamed))
    pd.testing.assert_frame_equal(ours[0], theirs[0])
    pd.testing.assert_frame_equal(ours[1], theirs[1])
