from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from classify.context import COLUMNS
from classify.model import BASE, Classifier, best_temperature
from classify.validate import calibration_error, report
from store.schema import LABELS

ROWS = pd.DataFrame(
    {
        "title": [
            "Knoop doorhakken: testers voor A of B",
            "weekly sync",
            "",
            "🎂 Kim",
            "storing kassa",
            "Who may approve over 50k?",
        ],
        "body": ["wie krijgt ze?", None, "akkoord graag", "", "", "proposal attached"],
        "duration_min": [30, 30, None, 60, None, 90],
        "n_attendees": [6, 8, None, 40, 1, 5],
        "level_span": [2, 1, None, None, 0, 1],
        "recurring": [0, 1, None, 0, 0, 0],
        "lead_hours": [5, 700, None, 300, 0, 120],
        "weekday": [1, 2, None, 5, 7, 3],
    }
)


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("place", range(len(ROWS)))
def test_contributions_sum_to_the_log_odds(shipped, place, label):
    row = ROWS.iloc[[place]]
    logs = np.log(shipped.predict_proba(row)[0])
    expected = logs[LABELS.index(label)] - logs.mean()
    parts = shipped.contributions(row, label)
    assert abs(parts.sum() - expected) < 1e-6
    assert BASE in parts.index


def test_contributions_of_two_labels_differ_by_their_log_odds(shipped):
    row = ROWS.iloc[[0]]
    chances = shipped.predict_proba(row)[0]
    difference = shipped.contributions(row, "escalation").sum() - shipped.contributions(row, "design").sum()
    assert difference == pytest.approx(np.log(chances[LABELS.index("escalation")] / chances[LABELS.index("design")]))


def test_every_feature_has_one_name(shipped):
    assert len(set(shipped.names)) == len(shipped.names) == shipped.coefficients.shape[1]
    assert all(": " in name for name in shipped.names)


@pytest.mark.parametrize("column", ["body", *COLUMNS])
def test_any_column_may_be_missing(shipped, column):
    without = shipped.predict_proba(ROWS.drop(columns=column, errors="ignore"))
    emptied = shipped.predict_proba(ROWS.assign(**{column: None}))
    np.testing.assert_array_equal(without, emptied)


def test_an_unknown_circumstance_contributes_nothing(shipped):
    parts = shipped.contributions(pd.DataFrame({"title": ["weekly sync"], "lead_hours": [None]}), "coordination")
    assert not [name for name in parts.index if name.split(": ")[0] in COLUMNS]


def test_no_rows_give_no_labels(shipped):
    assert len(shipped.label(ROWS.iloc[:0])) == 0


def test_equal_rows_are_read_once_and_get_equal_labels(shipped, monkeypatch):
    read = []
    of_texts = shipped.features.of_texts
    monkeypatch.setattr(
        shipped.features, "of_texts", lambda titles, bodies: (read.extend(titles), of_texts(titles, bodies))[1]
    )
    many = pd.concat([ROWS] * 50, ignore_index=True)
    labels = shipped.label(many)
    assert len(read) == len(ROWS)
    pd.testing.assert_frame_equal(labels.iloc[: len(ROWS)], labels.iloc[-len(ROWS) :].reset_index(drop=True))
    pd.testing.assert_frame_equal(labels.iloc[: len(ROWS)], shipped.label(ROWS))


def test_probabilities_are_probabilities(shipped):
    labels = shipped.label(ROWS.set_index(pd.Index(list("abcdef"))))
    assert labels.index.tolist() == list("abcdef")
    each = labels[[f"p_{label}" for label in LABELS]]
    np.testing.assert_allclose(each.sum(axis=1), 1)
    assert (labels["probability"] == each.max(axis=1)).all()
    assert (each.idxmax(axis=1) == "p_" + labels["label"]).all()


@pytest.mark.parametrize(
    ("title", "label"),
    [
        ("Knoop doorhakken: wie krijgt de testers", "escalation"),
        ("deadlock on budget, director decides", "escalation"),
        ("storing kassa's filiaal", "incident"),
        ("checkout down, all hands", "incident"),
        ("werkafspraken en mandaten", "design"),
        ("new approval policy", "design"),
        ("weekly team sync", "coordination"),
        ("teamoverleg", "coordination"),
        ("verjaardag Kim", "other"),
        ("dentist", "other"),
    ],
)
def test_plain_cases_in_both_languages(shipped, title, label):
    assert shipped.label(pd.DataFrame({"title": [title]}))["label"].tolist() == [label]


def test_the_same_rows_train_the_same_model(corpus, small):
    again = Classifier().fit(corpus.iloc[::10].reset_index(drop=True))
    np.testing.assert_array_equal(again.coefficients, small.coefficients)


def test_temperature_undoes_overconfidence():
    random = np.random.default_rng(1)
    scores = random.normal(size=(4_000, 5))
    chances = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    labels = np.array([LABELS[random.choice(5, p=row)] for row in chances])
    assert best_temperature(3 * scores, labels) == pytest.approx(3, rel=0.1)


def test_a_report_counts_right():
    rows = pd.DataFrame({"label": ["design", "other", "other"], "lang": ["nl", "nl", "en"], "kind": ["a", "a", "b"]})
    chances = np.array([[0.95, 0, 0, 0, 0.05], [0.6, 0, 0, 0, 0.4], [0, 0, 0, 0.02, 0.98]])
    found = report(rows, chances)
    assert found["accuracy"] == pytest.approx(2 / 3)
    assert found["accuracy_sure"] == 1
    assert found["f1_other"] == pytest.approx(2 / 3)
    assert found["macro_f1_lang_en"] == 1
    assert calibration_error(np.array([[0.7, 0.3]] * 10), np.array([True] * 7 + [False] * 3)) == pytest.approx(0)
