from __future__ import annotations

import json
from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest
from organisation import Small, at

from analysis import audit
from analysis.labelerror import CORPUS, REVIEWED, SETTING, error_of, undo, undo_within
from analysis.period import Period
from analysis.scope import Scope
from analysis.shares import Said, correct, said_in, said_of, shares
from analysis.snapshots import split_of
from store.database import Store, writing
from store.schema import LABELS

TRUTH = np.array([0.2, 0.4, 0.1, 0.05, 0.25])
# Rows: true label; most errors are coordination taken for other.
MATRIX = np.array(
    [
        [0.85, 0.10, 0.01, 0.00, 0.04],
        [0.05, 0.75, 0.02, 0.01, 0.17],
        [0.02, 0.08, 0.88, 0.02, 0.00],
        [0.01, 0.02, 0.05, 0.90, 0.02],
        [0.04, 0.06, 0.00, 0.01, 0.89],
    ]
)
WEEK = Period(date(2026, 1, 5), date(2026, 1, 12))


def error(questions=1000.0, matrix=MATRIX, source=CORPUS):
    return error_of((matrix * questions / len(LABELS)).tolist(), source)


def as_said(truth=TRUTH, hours=100.0, matrix=MATRIX):
    return dict(zip(LABELS, (truth @ matrix * hours).tolist(), strict=True))


def of(found, field="share"):
    return np.array([getattr(part, field) for part in found.labels])


def test_known_errors_are_undone_exactly():
    found = correct(as_said(), error())
    assert found.method == "adjusted"
    assert of(found) == pytest.approx(TRUTH)
    assert of(found, "naive_share") == pytest.approx(TRUTH @ MATRIX)
    assert (of(found, "low") <= TRUTH).all()
    assert (of(found, "high") >= TRUTH).all()


def test_a_change_is_undone_whatever_the_mix():
    moved = np.array([0.1, 0.5, 0.1, 0.05, 0.25])
    seen = np.stack([TRUTH @ MATRIX, moved @ MATRIX])
    assert undo(seen, MATRIX) == pytest.approx(np.stack([TRUTH, moved]))


def test_shares_sum_to_one_and_stay_possible_where_solving_does_not():
    impossible = np.array([0.0, 0.2, 0.0, 0.0, 0.8])
    assert undo(impossible, MATRIX).min() < 0
    inside = undo_within(impossible, MATRIX)
    assert inside.min() >= 0
    assert inside.sum() == pytest.approx(1.0)
    assert of(correct(dict(zip(LABELS, impossible, strict=True)), error())).sum() == pytest.approx(1.0)


def test_solutions_inside_are_left_alone_beside_others_outside():
    seen = np.stack([TRUTH @ MATRIX, np.array([0.0, 0.2, 0.0, 0.0, 0.8])])
    assert undo_within(seen, MATRIX)[0] == pytest.approx(TRUTH)


@pytest.mark.parametrize("reviewed", [False, True])
def test_fewer_questions_and_fewer_titles_widen_the_interval(reviewed):
    def width(questions, clusters):
        joint = TRUTH[:, None] * MATRIX * questions if reviewed else MATRIX * questions / len(LABELS)
        known = error_of(joint.tolist(), REVIEWED if reviewed else CORPUS)
        found = shares(said_of(as_said(), clusters), known, sampled_here=reviewed)
        return (of(found, "high") - of(found, "low")).mean()

    assert width(200, np.inf) > 1.5 * width(2000, np.inf)
    assert width(2000, 100) > 1.5 * width(2000, np.inf)


def test_reviews_of_these_very_hours_give_the_truth_of_what_was_said():
    known = error_of((TRUTH[:, None] * MATRIX * 500).tolist(), REVIEWED)
    found = shares(said_of(as_said()), known, sampled_here=True)
    assert found.method == "reviewed"
    assert of(found) == pytest.approx(TRUTH)


def test_what_people_decided_is_not_corrected():
    decided = np.array([0.0, 0.0, 50.0, 0.0, 0.0])
    found = shares(Said(TRUTH @ MATRIX * 50, np.zeros(5), decided), error())
    assert of(found) == pytest.approx((TRUTH + np.eye(5)[2]) / 2)
    everything = shares(Said(np.zeros(5), np.zeros(5), decided), error())
    assert (everything.of("escalation").low, everything.of("escalation").high) == (1.0, 1.0)


@pytest.mark.parametrize(
    ("why", "matrix"),
    [
        ("two labels are said alike", np.vstack([MATRIX[0], MATRIX[0], MATRIX[2:]])),
        ("always the same is said", np.tile([0.0, 1.0, 0.0, 0.0, 0.0], (5, 1))),
        ("nobody asked about a label", np.vstack([MATRIX[:4], np.zeros(5)])),
    ],
)
def test_errors_that_cannot_be_undone_are_called_so(why, matrix):
    found = correct(as_said(), error(matrix=matrix))
    assert found.method == "cannot be corrected", why
    assert of(found) == pytest.approx(TRUTH @ MATRIX)
    assert {part.low for part in found.labels} == {None}


def test_nothing_is_invented_where_the_error_is_unknown_or_nothing_was_said():
    assert shares(said_of(as_said()), None).method == "not measured"
    assert of(shares(said_of({}), error())).tolist() == [0.0] * 5


# --- the random sample


def test_the_list_of_the_sample_is_the_same_for_everybody_and_follows_hours():
    groups = pd.DataFrame({"group": [f"g{number}" for number in range(2000)], "hours": [1.0, 9.0] * 1000})
    listed = audit.order(groups)
    assert listed["group"].tolist() == audit.order(groups.iloc[::-1])["group"].tolist()
    assert listed["hours"].iloc[:200].eq(9.0).mean() == pytest.approx(0.9, abs=0.06)


def test_only_the_finished_top_of_the_list_counts():
    groups = pd.DataFrame({"group": list("abcdefgh"), "hours": 1.0, "said": "other"})
    listed = audit.order(groups)["group"]
    truth = dict.fromkeys(listed[:3], "design") | {listed[5]: "incident"}
    found = audit.sample_error(groups.assign(truth=groups["group"].map(truth).astype("str")))
    assert found.questions == 3
    assert found.table[LABELS.index("design"), LABELS.index("other")] == 3


def test_a_group_too_large_to_be_missed_is_no_random_question():
    groups = pd.DataFrame({"group": list("abcdefgh"), "hours": [1e6] + [1.0] * 7, "said": "other"})
    top = set(audit.order(groups)["group"][:3])
    assert "a" in top
    truth = groups["group"].map(dict.fromkeys(top, "other")).astype("str")
    assert audit.sample_error(groups.assign(truth=truth)).questions == 2


# --- out of a store


def labelled(folder, **corrections) -> Store:
    small = Small().person("anna").person("bo", department="B")
    small.meeting("m1", at(0, "09:00"), 60, ["anna", "bo"], "design", title="Mandaat")
    small.meeting("m2", at(1, "09:00"), 60, ["anna", "bo"], "other", title="Taart")
    small.meeting("m3", at(2, "09:00"), 120, ["anna"], "other", title="taart", headcount=2)
    store = small.store(folder)
    with writing(store.path) as writer:
        writer.set(SETTING, json.dumps((MATRIX * 100).tolist()))
    return store


def test_equal_titles_are_one_cluster_and_hours_are_those_given(tmp_path):
    tables = labelled(tmp_path).tables()
    said = said_in(tables, {"design": 1.0, "other": 4.0}, WEEK)
    assert said.hours.tolist() == [1.0, 0.0, 0.0, 0.0, 4.0]
    assert said.squares[[0, 4]].tolist() == [1.0, 16.0]
    only = said_in(tables, {"design": 1.0, "other": 1.0}, WEEK, Scope(department="B"))
    assert only.squares[[0, 4]].tolist() == [1.0, 1.0]


def test_a_split_carries_intervals_and_where_they_come_from(tmp_path):
    found = split_of(labelled(tmp_path).snapshot(), WEEK)
    assert found.label_error.method == "adjusted"
    assert found.label_error.source == CORPUS
    assert found.label_error.questions == pytest.approx(500)
    assert sum(part.share for part in found.labels) == pytest.approx(1.0)
    design = found.labels[0]
    assert design.naive_share == pytest.approx(2 / 6)
    assert design.low <= design.share <= design.high


def test_a_split_without_a_known_error_says_so(tmp_path):
    small = Small().person("anna").person("bo").meeting("m1", at(0, "09:00"), 60, ["anna", "bo"], "design")
    found = split_of(small.store(tmp_path).snapshot(), WEEK)
    assert (found.label_error.method, found.labels[0].low) == ("not measured", None)


def reviewed(folder, version="v1") -> Store:
    """200 meetings called other, half of which people called design; labelled by the model `v1`."""
    small = Small().person("anna").person("bo")
    for number in range(200):
        small.meeting(f"m{number}", at(number % 5, "09:00"), 60, ["anna", "bo"], "other", title=f"t{number}")
    for label in small.labels:
        label |= {"model_version": "v1"}
    said = pd.DataFrame(
        {
            "meeting_id": [f"m{number}" for number in range(200)],
            "label": ["design", "other"] * 100,
            "by": "kim",
            "at": datetime(2026, 1, 20),
            "model_label": "other",
            "model_version": version,
        }
    )
    store = small.store(folder)
    with writing(store.path) as writer:
        writer.upsert("corrections", said)
    return store


def test_enough_reviews_of_the_sample_are_used(tmp_path):
    store = reviewed(tmp_path)
    found = audit.reviewed_error(store.tables())
    assert (found.source, found.questions, found.accuracy) == (REVIEWED, 200, 0.5)
    part = split_of(store.snapshot(), WEEK)
    assert part.label_error.method == "reviewed"
    assert part.share("design") == pytest.approx(0.5)


def test_reviews_of_another_model_do_not_count(tmp_path):
    assert audit.reviewed_error(reviewed(tmp_path, version="v0").tables()) is None
