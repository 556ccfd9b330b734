"""A person's answer is the same whether only the own rows are read or everybody's."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "dashboard"))

from dashboard_planted import organisation

from analysis.availability import availability, available_in
from analysis.scope import EVERYBODY, Scope
from analysis.snapshots import KEPT_TABLES, everybodys_roles, facts_of, prepare, roles_of
from privacy.answers import Question
from privacy.door import Door
from privacy.viewer import Viewer
from privacy.workshop import needs
from store import tables
from store.database import Store
from store.tables import to_pandas

TODAY = date(2026, 6, 20)


@pytest.fixture(scope="module")
def path(tmp_path_factory) -> Path:
    return organisation(tmp_path_factory.mktemp("worked")).path


@pytest.fixture(scope="module")
def period(path):
    return Door(Store(path), TODAY).overview().period


@pytest.mark.parametrize("name", ["split", "signals", "stopping"])
def test_reading_the_own_rows_alone_gives_the_same(path, period, name, monkeypatch):
    asked = Question(name, Viewer("self", person_id="p1"), period)
    own = Door(Store(path), TODAY).work_out(asked)
    monkeypatch.setattr(tables, "FEW", 0)
    assert own == Door(Store(path), TODAY).work_out(asked)


@pytest.mark.parametrize("scope", [EVERYBODY, Scope(person_id="p1"), Scope(department="Staf"), Scope(level=2)])
def test_the_availability_of_a_scope_is_its_part_of_all(path, period, scope):
    held = Store(path).tables()
    part = scope.of_frame(availability(held, period)).reset_index(drop=True)
    pd.testing.assert_frame_equal(available_in(held, period, scope).reset_index(drop=True), part)


def test_the_roles_of_everybody_hold_everybodys_own(path, period):
    snapshot = Store(path).snapshot()
    alone = roles_of(snapshot, period, Scope(person_id="p2")).person("p2")
    assert everybodys_roles(snapshot, period).person("p2") == alone


def test_the_fact_prepared_from_presence_is_the_fact(path):
    plain, prepared = Store(path).snapshot(), Store(path).snapshot()
    for piece in prepare(prepared):
        piece()
    rows = [to_pandas(facts_of(each)) for each in (plain, prepared)]
    keys = [name for name in rows[0].columns if name not in {"hours", "weighted", "meetings"}]
    one, other = (each.sort_values(keys, ignore_index=True) for each in rows)
    pd.testing.assert_frame_equal(one, other)


def test_what_a_persons_answer_needs_is_what_is_prepared(path, period):
    built: list[str] = []

    class Watched:
        def __init__(self, snapshot):
            self.snapshot = snapshot

        def tables(self):
            return self.snapshot.tables()

        def keep(self, name, build):
            built.append(name)
            return self.snapshot.keep(name, build)

        def remember(self, name, work_out):
            built.append(name)
            return self.snapshot.remember(name, work_out)

    for piece in prepare(Watched(Store(path).snapshot())):
        piece()
    assert set(KEPT_TABLES) <= set(built)
    asked = Question("signals", Viewer("self", person_id="p1"), period)
    assert set(needs(asked)) <= set(built)
    assert needs(Question("own_queue", asked.viewer, period)) == ()
