from __future__ import annotations

from datetime import datetime

import pandas as pd
import pytest

from classify.correcting import correct, undo
from classify.meetings import label_meetings
from classify.versions import current
from store import journal
from store.database import Store, writing
from store.errors import BadInput
from store.frames import Batch

NOW = datetime(2026, 11, 22, 9, 0)
TITLES = {"s1": "Weekstart Zwaan", "s2": "Weekstart Zwaan", "s3": "Weekstart Zwaan", "alone": "Borrel"}


@pytest.fixture
def store(tmp_path):
    """A series of three and a single meeting, labelled by the model."""
    rows = pd.DataFrame({"meeting_id": list(TITLES), "title": list(TITLES.values())})
    rows["start"] = pd.date_range("2026-01-05 09:00", periods=len(rows), freq="7D")
    rows["end"] = rows["start"] + pd.Timedelta(minutes=30)
    rows["series_id"] = ["s", "s", "s", None]
    path = tmp_path / "own.db"
    with writing(path) as writer:
        writer.add(Batch(meetings=rows))
        writer.replace("labels", label_meetings(writer.tables(), current(path, writer)))
    return path


def labels(path):
    return Store(path).frame("labels").sort_values("meeting_id", ignore_index=True)


def said(path, meeting_id="s1"):
    rows = labels(path).set_index("meeting_id")
    return rows.loc[meeting_id, "label"], rows.loc[meeting_id, "decided_by"]


def test_a_correction_outranks_the_model_for_its_whole_series_and_undo_brings_it_back(store):
    before = labels(store)
    assert said(store) == ("coordination", "model")
    done = correct(store, "s1", "design", "ann", NOW)
    assert (done.label, done.meetings) == ("design", 3)
    assert [said(store, name) for name in TITLES] == [("design", "person")] * 3 + [said(store, "alone")]
    assert said(store, "alone")[1] == "model"
    assert undo(store, "s1", "ann", NOW).label == "coordination"
    pd.testing.assert_frame_equal(labels(store), before)


def test_who_said_what_is_kept_with_what_the_model_said(store):
    correct(store, "s2", "design", "ann", NOW, "note")
    undo(store, "s2", "ann", NOW)
    rows = Store(store).frame("corrections").sort_values("at")
    assert rows["label"].tolist()[:1] == ["design"]
    assert rows["label"].isna().tolist() == [False, True]
    assert rows["by"].tolist() == ["ann", "ann"]
    assert rows["at"].is_unique
    assert set(rows["model_label"]) == {"coordination"}
    assert rows["model_probability"].between(0.2, 1, inclusive="left").all()
    chain = Store(store).frame("journal")
    assert journal.broken(chain) is None
    assert not chain["scope"].str.contains("Zwaan").any()


def test_what_stood_before_stands_again(store):
    correct(store, "s1", "design", "ann", NOW)
    correct(store, "s3", "other", "kim", NOW)
    assert said(store) == ("other", "person")
    undo(store, "s3", "kim", NOW)
    assert said(store) == ("design", "person")


def test_a_new_labelling_keeps_what_people_said(store):
    from meetload.labelling import label_store

    correct(store, "s1", "escalation", "ann", NOW)
    assert not label_store(store).updated
    assert said(store) == ("escalation", "person")


@pytest.mark.parametrize(
    ("meeting_id", "label", "by", "reason"),
    [
        ("nothing", "design", "ann", "no meeting 'nothing'"),
        ("s1", "overleg", "ann", "not a label"),
        ("s1", "design", " ", "needs the name"),
        ("s1", None, "kim", "has said nothing"),
    ],
)
def test_what_cannot_be_said_changes_nothing(store, meeting_id, label, by, reason):
    correct(store, "s1", "design", "ann", NOW)
    before = store.read_bytes()
    with pytest.raises(BadInput, match=reason):
        undo(store, meeting_id, by, NOW) if label is None else correct(store, meeting_id, label, by, NOW)
    assert store.read_bytes() == before


def test_a_scan_is_not_corrected(store):
    with writing(store) as writer:
        writer.set("scanned", "yes")
    with pytest.raises(BadInput, match="keeps no titles"):
        correct(store, "s1", "design", "ann", NOW)
