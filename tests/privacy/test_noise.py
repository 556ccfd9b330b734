"""Figures with noise: how large it is, for whom, and a budget that refuses."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from privacy.noise import CAP, Ledger, clamped, error_of, publish
from store.errors import BadInput

LABELS = ["design", "coordination"]


def group(people: int, first: int = 0) -> pd.DataFrame:
    """Everybody 4 hours of design and 12 of coordination a week."""
    return pd.DataFrame({"design": 4.0, "coordination": 12.0}, index=range(first, first + people))


@pytest.fixture
def ledger(tmp_path):
    return Ledger(tmp_path / "budget.jsonl")


def test_nobody_weighs_more_than_the_cap():
    rng = np.random.default_rng(1)
    hours = clamped(rng.gamma(1.0, 20.0, (500, 5)) - 3)
    assert hours.min() >= 0
    assert hours.sum(axis=1).max() <= CAP + 1e-9
    assert clamped(np.array([[4.0, 12.0], [np.nan, 3.0]])).tolist() == [[4.0, 12.0], [0.0, 3.0]]


def test_the_noise_is_as_large_as_the_note_says():
    assert [round(error_of(people, 1.0), 1) for people in (10, 50, 75, 200)] == [7.5, 1.5, 1.0, 0.4]


def test_the_drawn_noise_has_the_scale_it_must_have(tmp_path):
    """400 draws of a group of 100 at epsilon 0.5: mean absolute error 25 / 0.5 / 100 = 0.5 hours."""
    errors = []
    for number in range(20):
        ledger = Ledger(tmp_path / f"{number}", quarter=100.0, year=100.0)
        for _ in range(10):
            (found,) = publish({"A": group(100)}, "2026Q3", 0.5, ledger)
            errors += [abs(found.hours["design"] - 4.0), abs(found.hours["coordination"] - 12.0)]
    assert 0.40 < float(np.mean(errors)) < 0.61


def test_groups_without_overlap_share_one_budget(ledger):
    found = publish({"B": group(80, 100), "A": group(75)}, "2026Q3", 0.4, ledger)
    assert [(each.group, each.people) for each in found] == [("A", 75), ("B", 80)]
    assert ledger.left("2026Q3") == pytest.approx(0.6)
    assert [line.epsilon for line in ledger.lines()] == [0.4]


@pytest.mark.parametrize(
    ("groups", "why"),
    [
        ({"A": group(74)}, "fewer than 75"),
        ({"A": group(80), "B": group(80, 79)}, "in two of these groups"),
        ({"A": pd.concat([group(80), group(1)])}, "in two of these groups"),
    ],
)
def test_small_or_overlapping_groups_cost_nothing(ledger, groups, why):
    with pytest.raises(BadInput, match=why):
        publish(groups, "2026Q3", 0.4, ledger)
    assert not ledger.lines()


def test_the_ledger_refuses_what_goes_over_the_quarter(ledger):
    for _ in range(10):
        ledger.spend("2026Q3", 0.1, "hours")
    assert ledger.left("2026Q3") == pytest.approx(0.0)
    with pytest.raises(BadInput, match="budget does not allow"):
        publish({"A": group(80)}, "2026Q3", 0.1, ledger)
    assert len(ledger.lines()) == 10


def test_and_over_the_year(tmp_path):
    ledger = Ledger(tmp_path / "b", quarter=3.0)
    ledger.spend("2026Q1", 3.0, "hours")
    with pytest.raises(BadInput, match="1 left for 2026Q2"):
        ledger.spend("2026Q2", 1.5, "hours")
    ledger.spend("2027Q1", 1.5, "hours")


@pytest.mark.parametrize("epsilon", [0.0, -1.0, float("nan"), float("inf")])
def test_what_is_no_epsilon_is_refused(ledger, epsilon):
    with pytest.raises(BadInput):
        publish({"A": group(80)}, "2026Q3", epsilon, ledger)
    with pytest.raises(BadInput):
        ledger.spend("2026Q3", epsilon, "hours")
    assert not ledger.lines()


@pytest.mark.parametrize(
    "forge",
    [lambda lines: lines[1:], lambda lines: lines[:1], lambda lines: [lines[0].replace("0.5", "0.1"), lines[1]]],
)
def test_a_ledger_that_was_changed_spends_nothing(tmp_path, forge):
    path = tmp_path / "budget.jsonl"
    ledger = Ledger(path)
    ledger.spend("2026Q3", 0.5, "hours")
    ledger.spend("2026Q3", 0.25, "hours")
    path.write_text("\n".join(forge(path.read_text().splitlines())) + "\n")
    with pytest.raises(BadInput, match="cannot be trusted"):
        ledger.spend("2026Q3", 0.1, "hours")


def test_the_ledger_is_its_owners_alone(ledger):
    ledger.spend("2026Q3", 0.5, "hours")
    assert (ledger._file.path.stat().st_mode & 0o777) == 0o600
