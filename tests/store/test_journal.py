from __future__ import annotations

from datetime import datetime

import pandas as pd
import pytest
from organisation import Small

from store import journal
from store.database import Store, writing
from store.frames import tidy
from store.schema import JOURNAL
from store.subjects import MARK, Subject

NOW = datetime(2026, 11, 22, 9, 0)


@pytest.fixture
def store(tmp_path):
    """Three rows, the second by a clock that stood still and the third by one that ran back."""
    with writing(tmp_path / "a.db") as writer:
        journal.append(writer, "ann", "accept a model", "model 2", NOW)
        journal.append(writer, "ann", "roll a model back", "model 1", NOW)
    with writing(tmp_path / "a.db") as writer:
        journal.append(writer, "bob", "set own rules", "3 rules", datetime(2020, 1, 1))
    return tmp_path / "a.db"


@pytest.fixture
def rows(store) -> pd.DataFrame:
    return Store(store).frame("journal")


def kinds(path) -> list[tuple[int, str]]:
    return [(each.place, each.kind) for each in journal.check(Store(path))]


def tamper(path, change) -> None:
    """Change the journal behind its back."""
    with writing(path) as writer:
        writer.replace("journal", change(journal.in_order(writer.frame("journal"))))


def test_a_chain_holds(store, rows):
    assert journal.broken(rows) is None
    assert kinds(store) == []
    assert rows.sort_values("at")["actor"].tolist() == ["ann", "ann", "bob"]
    assert journal.broken(tidy(JOURNAL, pd.DataFrame())) is None


@pytest.mark.parametrize("name", ["actor", "action", "scope", "at", "previous"])
def test_a_changed_row_is_found_and_named(store, rows, name):
    def change(rows):
        later = NOW.replace(year=2027)
        rows.loc[len(rows) - 1 if name == "at" else 1, name] = later if name == "at" else "x"
        return rows

    tamper(store, change)
    place = 3 if name == "at" else 2
    assert (place, "changed") in kinds(store)
    assert f"row {place} " in str(journal.check(Store(store))[0])


def test_a_row_made_to_fit_still_breaks_the_next(store):
    def change(rows):
        row = rows.loc[0].to_dict() | {"actor": "eve"}
        rows.loc[0, "actor"] = "eve"
        rows.loc[0, "digest"] = journal._digest(row)
        return rows

    tamper(store, change)
    assert kinds(store) == [(2, "missing")]


@pytest.mark.parametrize(
    ("left", "found"), [([1, 2], (1, "missing")), ([0, 2], (2, "missing")), ([0, 1], (2, "cut")), ([], (0, "cut"))]
)
def test_a_missing_row_is_found_wherever_it_stood(store, left, found):
    tamper(store, lambda rows: rows.iloc[left])
    assert kinds(store) == [found]


def test_rows_that_changed_places_are_found(store):
    def swap(rows):
        rows[["actor", "action", "scope", "digest", "previous"]] = (
            rows[["actor", "action", "scope", "digest", "previous"]].iloc[[1, 0, 2]].to_numpy()
        )
        return rows

    tamper(store, swap)
    assert {place for place, _ in kinds(store)} >= {1, 2}


def test_people_of_the_store_stand_in_it_by_pseudonym(tmp_path):
    store = Small().person("p1", name="Jan Vos", email="jan@example.org").store(tmp_path)
    with writing(store.path) as writer:
        for actor in ("p1", "JAN@example.org", "Jan Vos", "root"):
            journal.append(writer, actor, "look", "something", NOW)
    actors = journal.in_order(Store(store.path).frame("journal"))["actor"].tolist()
    assert actors[0].startswith(MARK)
    assert actors == [actors[0]] * 3 + ["root"]


def test_old_rows_go_and_the_chain_still_holds(store):
    with writing(store) as writer:
        assert journal.drop_before(writer, NOW.replace(microsecond=1), "root", NOW.replace(hour=10)) == 1
    assert kinds(store) == []
    assert len(Store(store).frame("journal")) == 3
    tamper(store, lambda rows: rows.iloc[1:])
    assert kinds(store) == [(1, "missing")]


def test_even_when_all_of_them_go(store):
    with writing(store) as writer:
        assert journal.drop_before(writer, NOW.replace(year=2027), "root", NOW.replace(year=2028)) == 3
    assert kinds(store) == []
    assert Store(store).frame("journal")["action"].tolist() == [journal.DROPPED]


def test_a_name_that_got_in_is_taken_out_and_that_is_said(store):
    with writing(store) as writer:
        assert journal.take_out(writer, Subject("p9", names=("Ann",)), NOW) == 2
        assert journal.take_out(writer, Subject("p9", names=("Ann",)), NOW) == 0
    rows = journal.in_order(Store(store).frame("journal"))
    assert kinds(store) == []
    assert not rows["actor"].str.contains("ann").any()
    assert rows["action"].iloc[-1] == journal.REWRITTEN


def test_rows_of_an_older_store_get_the_digest_they_came_after(tmp_path):
    import duckdb

    from store.migrations import MIGRATIONS

    with duckdb.connect() as connection:
        connection.execute('CREATE TABLE journal ("at" TIMESTAMP, actor VARCHAR, digest VARCHAR)')
        connection.execute("INSERT INTO journal VALUES ('2026-01-02', 'b', 'two'), ('2026-01-01', 'a', 'one')")
        for statement in MIGRATIONS[4]:
            connection.execute(statement)
        assert connection.execute("SELECT previous FROM journal ORDER BY digest").fetchall() == [("",), ("one",)]
