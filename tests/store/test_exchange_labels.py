"""Labels that an organisation brings itself."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from meetload.labelling import label_store
from store.database import Store, writing
from store.exchange import read_folder, write_folder

CHANCES = ["p_design", "p_coordination", "p_escalation", "p_incident", "p_other"]
MEETINGS = """meeting_id,title,start,end
m1,Wie doet wat,2026-01-05T09:00:00Z,2026-01-05T10:00:00Z
m2,Storing netwerk,2026-01-05T09:00:00Z,2026-01-05T10:00:00Z
m3,Ontwerp werkproces,2026-01-06T09:00:00Z,2026-01-06T10:00:00Z
"""
ATTENDANCE = "meeting_id,person_id\nm1,anna\nm1,bo\nm2,anna\nm2,bo\nm3,anna\nm3,bo\n"


def folder_of(path: Path, labels: str | None = None) -> Path:
    files = {"meetings": MEETINGS, "attendance": ATTENDANCE, "labels": labels}
    for name, text in files.items():
        if text is not None:
            (path / f"{name}.csv").write_text(text, encoding="utf-8")
    return path


def labels_of(path: Path, text: str) -> pd.DataFrame:
    return read_folder(folder_of(path, text)).batch.labels.set_index("meeting_id")


def store_of(path: Path, labels: str | None = None) -> Store:
    with writing(path / "a.db") as writer:
        writer.add(read_folder(folder_of(path, labels)).batch)
    return Store(path / "a.db")


def decided(store: Store) -> dict[str, tuple[str, str]]:
    rows = store.frame("labels")
    return dict(zip(rows["meeting_id"], zip(rows["label"], rows["decided_by"], strict=True), strict=True))


def test_without_the_file_there_are_no_labels(tmp_path):
    assert len(read_folder(folder_of(tmp_path)).batch.labels) == 0
    assert decided(Store(store_of(tmp_path).path)) == {}


def test_a_bare_label_is_certain(tmp_path):
    row = labels_of(tmp_path, "event_id,label\nm1,Design\n").loc["m1"]
    assert (row["label"], row["probability"], row["decided_by"]) == ("design", 1.0, "file")
    assert list(row[CHANCES]) == [1.0, 0.0, 0.0, 0.0, 0.0]


def test_what_one_probability_leaves_over_is_shared_out(tmp_path):
    row = labels_of(tmp_path, "meeting_id,label,probability\nm1,other,0.6\n").loc["m1"]
    assert list(row[CHANCES]) == pytest.approx([0.1, 0.1, 0.1, 0.1, 0.6])


def test_five_probabilities_stand_as_given(tmp_path):
    text = f"meeting_id,label,{','.join(CHANCES)}\nm1,design,0.5,0.3,0.1,0.1,0\n"
    row = labels_of(tmp_path, text).loc["m1"]
    assert list(row[CHANCES]) == [0.5, 0.3, 0.1, 0.1, 0.0]
    assert row["probability"] == 0.5


def test_what_cannot_be_a_label_is_rejected_with_its_line(tmp_path):
    text = (
        f"meeting_id,label,probability,{','.join(CHANCES)}\n"
        "m1,meeting,,,,,,\n"
        "m2,design,1.2,,,,,\n"
        "m3,design,,0.5,0.3,,,\n"
        "m9,design,,,,,,\n"
        "m1,,,,,,,\n"
    )
    reading = read_folder(folder_of(tmp_path, text))
    assert len(reading.batch.labels) == 0
    assert [(problem.line, problem.reason) for problem in reading.problems] == [
        (2, "label is not one of design, coordination, escalation, incident, other"),
        (3, "a probability lies outside 0 to 1"),
        (4, "p_design to p_other do not add up to 1"),
        (5, "no such meeting in the meetings file"),
        (6, "label is empty"),
    ]


def test_the_classifier_labels_the_others_and_leaves_these(tmp_path):
    store = store_of(tmp_path, "meeting_id,label\nm2,design\n")
    label_store(store.path)
    found = decided(store)
    assert found["m2"] == ("design", "file")
    assert {found[meeting][1] for meeting in ("m1", "m3")} == {"model"}
    versions = store.frame("labels").set_index("meeting_id")["model_version"].notna()
    assert versions.to_dict() == {"m1": True, "m2": False, "m3": True}


def test_coordination_out_of_a_file_is_divided_into_line_and_process(tmp_path):
    store = store_of(tmp_path, "meeting_id,label\nm2,coordination\n")
    label_store(store.path)
    assert store.frame("labels").set_index("meeting_id")["sub"]["m2"] == "process"


def test_a_person_outranks_a_file(tmp_path):
    store = store_of(tmp_path, "meeting_id,label\nm2,design\n")
    with writing(store.path) as writer:
        said = {"meeting_id": ["m2"], "label": ["incident"], "by": ["anna"], "at": [pd.Timestamp("2026-02-01")]}
        writer.upsert("corrections", pd.DataFrame(said))
    label_store(store.path)
    assert decided(store)["m2"] == ("incident", "person")


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_labels_of_a_file_go_out_and_come_in_again(tmp_path, form):
    store = store_of(tmp_path, "meeting_id,label,probability\nm2,design,0.7\n")
    label_store(store.path)
    assert write_folder(store, tmp_path / "out", form)[f"labels.{form}"] == 1
    again = read_folder(tmp_path / "out")
    assert again.problems == ()
    before = store.frame("labels").query("decided_by == 'file'").reset_index(drop=True)
    pd.testing.assert_frame_equal(again.batch.labels, before)


def test_an_export_of_the_models_labels_has_no_such_file(tmp_path):
    store = store_of(tmp_path)
    label_store(store.path)
    write_folder(store, tmp_path / "out")
    assert not (tmp_path / "out" / "labels.csv").exists()
