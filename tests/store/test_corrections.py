from __future__ import annotations

import narwhals as nw
import pandas as pd
import pytest

from store.corrections import standing
from store.errors import BadInput
from store.frames import tidy
from store.migrations import migrate
from store.schema import CORRECTIONS
from store.unsure import DEFAULT, is_unsure, threshold

HISTORY = {
    "nothing said": ([], {}),
    "said": ([("a", "design", "ann")], {"a": "design"}),
    "taken back": ([("a", "design", "ann"), ("a", None, "ann")], {}),
    "said again after": ([("a", "design", "ann"), ("a", None, "ann"), ("a", "other", "ann")], {"a": "other"}),
    "only the newest is taken back": (
        [("a", "design", "ann"), ("a", "other", "kim"), ("a", None, "kim")],
        {"a": "design"},
    ),
    "nobody takes back for another": ([("a", "design", "ann"), ("a", None, "kim")], {"a": "design"}),
    "nor about another meeting": ([("a", "design", "ann"), ("b", None, "ann")], {"a": "design"}),
    "twice back": ([("a", "design", None), ("a", "other", None), ("a", None, None), ("a", None, None)], {}),
}


@pytest.mark.parametrize(("history", "stands"), HISTORY.values(), ids=HISTORY.keys())
def test_what_stands(history, stands):
    rows = pd.DataFrame(history, columns=["meeting_id", "label", "by"]).assign(at=pd.NaT)
    rows["at"] = pd.date_range("2026-01-01", periods=len(rows))
    found = standing(tidy(CORRECTIONS, rows).iloc[::-1])
    assert dict(zip(found["meeting_id"], found["label"], strict=True)) == stands
    assert found.columns.tolist() == CORRECTIONS.names


def test_an_older_store_gets_room_for_what_the_model_said():
    import duckdb

    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE settings (name VARCHAR, value VARCHAR)")
        connection.execute("INSERT INTO settings VALUES ('schema_version', '1')")
        connection.execute(
            'CREATE TABLE corrections (meeting_id VARCHAR, label VARCHAR, "by" VARCHAR, "at" TIMESTAMP, note VARCHAR)'
        )
        connection.execute("INSERT INTO corrections VALUES ('a', 'design', 'ann', '2026-01-01', NULL)")
        migrate(connection, 1)
        row = connection.execute("SELECT * FROM corrections").df()
    assert row.columns.tolist() == CORRECTIONS.names
    assert row["label"].tolist() == ["design"]
    assert row["model_label"].isna().all()


def test_unsure_is_a_probability_under_the_threshold():
    labels = nw.from_native(pd.DataFrame({"probability": [0.3, 0.6, 1.0, None]}))
    assert labels.select(unsure=is_unsure(0.6))["unsure"].to_list() == [True, False, False, False]
    assert (threshold(""), threshold("0.25")) == (DEFAULT, 0.25)


@pytest.mark.parametrize("text", ["1.5", "-0.1", "half", "nan"])
def test_a_threshold_is_a_probability(text):
    with pytest.raises(BadInput, match="between 0 and 1"):
        threshold(text)
