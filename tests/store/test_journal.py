from __future__ import annotations

from datetime import datetime

import pandas as pd
import pytest

from store import journal
from store.database import Store, writing
from store.frames import tidy
from store.schema import JOURNAL

NOW = datetime(2026, 11, 22, 9, 0)


@pytest.fixture
def rows(tmp_path) -> pd.DataFrame:
    """Three rows, the last two by a clock that stood still and one that ran back."""
    with writing(tmp_path / "a.db") as writer:
        journal.append(writer, "ann", "accept a model", "model 2", NOW)
        journal.append(writer, "ann", "roll a model back", "model 1", NOW)
    with writing(tmp_path / "a.db") as writer:
        journal.append(writer, "bob", "set own rules", "3 rules", datetime(2020, 1, 1))
    return Store(tmp_path / "a.db").frame("journal")


def test_a_chain_holds(rows):
    assert journal.broken(rows) is None
    assert rows.sort_values("at")["actor"].tolist() == ["ann", "ann", "bob"]
    assert journal.broken(tidy(JOURNAL, pd.DataFrame())) is None


@pytest.mark.parametrize("name", ["actor", "action", "scope", "at"])
def test_a_changed_row_breaks_it(rows, name):
    rows = rows.sort_values("at", ignore_index=True)
    changed = NOW.replace(microsecond=0, second=0, minute=0, hour=8) if name == "at" else "x"
    rows.loc[0, name] = changed
    assert journal.broken(rows) == 0


def test_a_removed_row_breaks_it(rows):
    assert journal.broken(rows.sort_values("at").iloc[[0, 2]]) == 1
