"""Figures with noise from a store: drawn once, signed, paid for, refused beyond the budget."""

from __future__ import annotations

import json
import shutil
from datetime import datetime, timedelta

import pytest
from organisation import MONDAY, Small, at
from typer.testing import CliRunner

from meetload.cli import app
from meetload.noising import publish_with_noise
from meetload.releasing import Approval
from privacy.noise import Ledger, ledger_path
from store import journal
from store.database import Store
from store.errors import BadInput

NOW = datetime(2026, 4, 20)
GIVEN = Approval("A. de Vries", "2026-03-01", "OR-2026-14")


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """170 people in two departments, and ten in a third: three hours a week each, one a label."""
    small, names = Small(), [f"p{number}" for number in range(180)]
    for number, name in enumerate(names):
        small.person(name, department="C" if number >= 170 else "AB"[number % 2])
    for week in range(14):
        for day, label in enumerate(("coordination", "design", "other")):
            small.meeting(f"m{week}-{label}", at(day, "09:00", MONDAY + timedelta(weeks=week)), 60, names, label=label)
    return small.store(tmp_path_factory.mktemp("noise")).path


def published(store, folder, epsilon=0.5, approval=GIVEN, quarter="2026Q1"):
    return publish_with_noise(store, folder / "R", quarter, epsilon, approval, NOW, folder / "key")


def test_it_is_drawn_once_paid_for_signed_and_refused_beyond_the_budget(store, tmp_path):
    found, file, left = published(store, tmp_path)
    assert [(each.group, each.people) for each in found] == [("department:A", 85), ("department:other (2)", 95)]
    for each in found:
        assert all(abs(each.hours[label] - 1.0) < 10 * each.error for label in ("coordination", "design", "other"))
    assert left == pytest.approx(0.5)
    written = json.loads(file.read_text())
    assert (file.with_suffix(".sig").exists(), written["noise"]["epsilon"]) == (True, 0.5)
    assert written["approval"]["works_council"] == "OR-2026-14"
    assert not any(f'"p{number}"' in file.read_text() for number in range(180))
    with pytest.raises(BadInput, match="not drawn again"):
        published(store, tmp_path)
    with pytest.raises(BadInput, match="budget does not allow"):
        published(store, tmp_path / "elsewhere", 0.6)
    assert not (tmp_path / "elsewhere" / "R").exists()
    assert [line.epsilon for line in Ledger(ledger_path(store)).lines()] == [0.5]
    lines = Store(store).frame("journal")
    assert lines["scope"].str.startswith("2026Q1, epsilon 0.5").sum() == 1
    assert not journal.check(Store(store))


def test_the_command_says_what_was_drawn_and_what_is_left(store, tmp_path):
    shutil.copy(store, tmp_path / "copy.db")
    asked = ["release", "--store", str(tmp_path / "copy.db"), "--out", str(tmp_path / "R"), "--period", "2026Q1"]
    given = [
        "--approver",
        "A",
        "--notice-date",
        "2026-03-01",
        "--works-council",
        "OR-1",
        "--key",
        str(tmp_path / "key"),
    ]
    done = CliRunner().invoke(app, [*asked, *given, "--noise", "0.25"], catch_exceptions=False)
    assert done.exit_code == 0
    assert (tmp_path / "R" / "outside" / "2026Q1.json").exists()
    with pytest.raises(BadInput, match="not drawn again"):
        CliRunner().invoke(app, [*asked, *given, "--noise", "0.25"], catch_exceptions=False, standalone_mode=False)
    assert Ledger(ledger_path(tmp_path / "copy.db")).left("2026Q1") == pytest.approx(0.75)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"approval": Approval("", "", "")}, "--approver"),
        ({"quarter": "2026Q2"}, "when it is over"),
        ({"quarter": "2026-03"}, "not a quarter"),
        ({"epsilon": 0.0}, "above zero"),
    ],
)
def test_what_a_release_asks_is_asked_here_too(store, tmp_path, more, why):
    with pytest.raises(BadInput, match=why):
        published(store, tmp_path, **more)
    assert not (tmp_path / "R").exists()
