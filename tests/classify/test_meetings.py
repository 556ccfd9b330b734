from __future__ import annotations

import pandas as pd
import pytest

from classify.line import line_or_process
from classify.meetings import context, finished, label_meetings
from store.database import Store, writing
from store.frames import Batch
from store.schema import LABELLED
from store.tables import to_pandas

# ceo leads ann and bob; ann leads a1 to a4, bob leads b1 and b2; a4 moves to bob in March
PEOPLE = [
    ("ceo", 1, "board", None, None, None),
    ("ann", 2, "sales", "ceo", None, None),
    ("bob", 2, "plant", "ceo", None, None),
    ("a1", 3, "sales", "ann", None, None),
    ("a2", 3, "sales", "ann", None, None),
    ("a3", 3, "sales", "ann", None, None),
    ("a4", 3, "sales", "ann", None, "2026-03-01"),
    ("a4", 3, "plant", "bob", "2026-03-01", None),
    ("b1", 3, "plant", "bob", None, None),
    ("b2", 3, "plant", "bob", None, None),
]
WINTER, SUMMER = "2026-01-12 09:30", "2026-07-06 09:30"
MEETINGS = {
    "pair": (WINTER, "ann a1"),
    "peers": (WINTER, "a1 a2"),
    "team": (WINTER, "ann a1 a2 a3 a4"),
    "team without manager": (WINTER, "a1 a2 a3"),
    "team with a guest": (WINTER, "ann a1 a2 a3 b1"),
    "team with two guests": (WINTER, "ann a1 a2 b1 b2"),
    "after the move": (SUMMER, "ann a1 a4"),
    "mt": (WINTER, "ceo ann bob"),
    "cross": (WINTER, "a1 b1 ann bob"),
    "alone": (WINTER, "a1"),
    "outsiders": (WINTER, "ann a1 x1 x2 x3"),
    "nobody known": (WINTER, "x1 x2"),
}
LINE = {"pair", "team", "team without manager", "team with a guest", "mt", "outsiders"}


def meetings(rows):
    frame = pd.DataFrame(rows)
    return frame.assign(end=pd.to_datetime(frame["start"]) + pd.Timedelta(minutes=45))


def store(path, rows, present, corrections=()):
    people = pd.DataFrame(
        PEOPLE, columns=["person_id", "level", "department", "manager_id", "valid_from", "valid_to"]
    ).assign(team="t")
    attendance = pd.DataFrame(
        [(meeting, person) for meeting, people in present.items() for person in people.split()],
        columns=["meeting_id", "person_id"],
    )
    attendance["role"] = attendance["person_id"].map(
        lambda person: "resource" if person.startswith("room") else "required"
    )
    with writing(path / "test.duckdb") as writer:
        writer.add(Batch(people=people, meetings=meetings(rows), attendance=attendance))
        if corrections:
            writer.upsert("corrections", pd.DataFrame(corrections, columns=["meeting_id", "label", "by", "at"]))
    return Store(path / "test.duckdb").tables()


def test_line_follows_from_the_chart_of_the_day(tmp_path):
    rows = [{"meeting_id": name, "start": start} for name, (start, _) in MEETINGS.items()]
    tables = store(tmp_path, rows, {name: people for name, (_, people) in MEETINGS.items()})
    subs = to_pandas(line_or_process(tables)).set_index("meeting_id")["sub"]
    assert set(subs[subs == "line"].index) == LINE
    assert set(subs.index) == set(MEETINGS) - {"nobody known"}
    labels = label_meetings(tables, Fixed("coordination")).set_index("meeting_id")["sub"]
    assert set(labels[labels == "line"].index) == LINE
    assert set(labels[labels == "process"].index) == set(MEETINGS) - LINE


class Fixed:
    """Says one label about everything, and remembers what it was asked."""

    version = "fixed"

    def __init__(self, label):
        self.said = label

    def label(self, frame):
        self.asked = frame
        chances = {
            f"p_{name}": 0.6 if name == self.said else 0.1
            for name in ("design", "coordination", "escalation", "incident", "other")
        }
        return pd.DataFrame({"label": self.said, "probability": 0.6, **chances}, index=frame.index)


@pytest.fixture
def tables(tmp_path):
    rows = [
        {
            "meeting_id": "m1",
            "title": "Wie beslist?",
            "body": "graag akkoord",
            "start": "2026-07-06 22:30",
            "created": "2026-07-06 17:00",
            "organizer_id": "bob",
        },
        {
            "meeting_id": "m2",
            "title": "weekly",
            "start": "2026-01-11 09:00",
            "created": "2026-01-12 09:00",
            "series_id": "s",
            "headcount": 120,
            "organizer_id": "x1",
        },
        {"meeting_id": "m3", "start": "2026-01-14 11:00"},
    ]
    return store(tmp_path, rows, {"m1": "ceo a1 b1 x1 room1", "m2": "a1 a2"})


def test_circumstances_of_a_meeting(tables):
    rows = finished(to_pandas(context(tables))).set_index("meeting_id")
    first = rows.loc["m1"]
    assert (first["duration_min"], first["n_attendees"], first["n_departments"], first["level_span"]) == (45, 4, 3, 2)
    assert (first["organizer_level"], first["recurring"], first["lead_hours"]) == (2, 0, 5)
    # Half past ten in the evening UTC is half past midnight on Tuesday in Amsterdam.
    assert (first["start_hour"], first["weekday"]) == (0, 2)
    assert (first["title"], first["body"]) == ("Wie beslist?", "graag akkoord")


def test_headcount_outranks_the_list_and_unknown_stays_unknown(tables):
    rows = finished(to_pandas(context(tables))).set_index("meeting_id")
    assert rows.loc["m2", "n_attendees"] == 120
    assert rows.loc["m2", "recurring"] == 1
    unknown = ["n_attendees", "n_departments", "level_span", "organizer_level", "lead_hours"]
    assert rows.loc["m3", unknown].isna().all()
    assert rows.loc["m2", ["organizer_level", "lead_hours"]].isna().all()


def test_nothing_is_read_before_somebody_collects(tables):
    assert type(context(tables)).__name__ == "LazyFrame"
    assert type(line_or_process(tables)).__name__ == "LazyFrame"


def test_labels_have_the_shape_of_their_table(tables, shipped):
    labels = label_meetings(tables, shipped)
    assert labels.columns.tolist() == LABELLED.names
    assert labels["meeting_id"].tolist() == ["m1", "m2", "m3"]
    assert set(labels["decided_by"]) == {"model"}
    assert set(labels["model_version"]) == {shipped.version}
    assert (labels["sub"].notna() == (labels["label"] == "coordination")).all()


def test_what_is_no_meeting_is_other(tmp_path):
    rows = [
        {"meeting_id": kind, "title": "storing", "start": WINTER, "kind": kind}
        for kind in ("focus", "absence", "hold", "travel", "meeting")
    ]
    labels = label_meetings(store(tmp_path, rows, {}), Fixed("incident")).set_index("meeting_id")
    assert labels["label"].to_dict() == {
        "focus": "other",
        "absence": "other",
        "hold": "other",
        "travel": "other",
        "meeting": "incident",
    }
    focus = labels.loc["focus"]
    assert (focus["probability"], focus["p_other"], focus["p_incident"], focus["decided_by"]) == (1, 1, 0, "model")


def test_the_newest_correction_outranks_the_model_for_the_whole_series(tmp_path):
    rows = [
        {"meeting_id": "single", "start": WINTER},
        {"meeting_id": "s1", "start": WINTER, "series_id": "s"},
        {"meeting_id": "s2", "start": SUMMER, "series_id": "s"},
        {"meeting_id": "other series", "start": WINTER, "series_id": "t"},
        {"meeting_id": "untouched", "start": WINTER},
    ]
    corrections = [
        ("s1", "incident", "kim", "2026-08-01"),
        ("s2", "design", "sam", "2026-09-01"),
        ("s1", "other", "kim", "2026-07-01"),
        ("single", "coordination", "kim", "2026-08-01"),
        ("gone", "design", "kim", "2026-08-01"),
    ]
    labels = label_meetings(store(tmp_path, rows, {}, corrections), Fixed("escalation")).set_index("meeting_id")
    assert labels["label"].to_dict() == {
        "single": "coordination",
        "s1": "design",
        "s2": "design",
        "other series": "escalation",
        "untouched": "escalation",
    }
    by_person = labels["decided_by"] == "person"
    assert set(labels.index[by_person]) == {"single", "s1", "s2"}
    assert (labels.loc[by_person, "probability"] == 1).all()
    assert labels.loc["s1", ["p_design", "p_escalation"]].tolist() == [1, 0]
    assert labels.loc["single", "sub"] == "process"


def test_an_owner_without_a_place_on_the_chart_is_not_one_department(tmp_path):
    """One's own .ics file: the owner is a person of the store, of unknown level and department."""
    rows = [{"meeting_id": name, "title": "Storing", "start": WINTER} for name in ("own", "pair")]
    store(tmp_path, rows, {"own": "me x1 x2", "pair": "me a1"})
    with writing(tmp_path / "test.duckdb") as writer:
        writer.upsert("people", pd.DataFrame({"person_id": ["me"]}))
    tables = Store(tmp_path / "test.duckdb").tables()
    found = finished(to_pandas(context(tables))).set_index("meeting_id")
    assert found["n_attendees"].to_dict() == {"own": 3, "pair": 2}
    assert found["n_departments"].dropna().to_dict() == {"pair": 1}
    assert found["level_span"].dropna().to_dict() == {"pair": 0}
