from __future__ import annotations

import json

import numpy as np

from classify.confusion import as_setting, confusion
from classify.vocabulary import seen_by
from store.schema import LABELS


def test_a_confusion_counts_true_by_said():
    truth = np.array(["design", "design", "other"])
    counts = confusion(truth, np.eye(5)[[0, 1, 4]])
    assert counts[0] == [1, 1, 0, 0, 0]
    assert counts[LABELS.index("other")] == [0, 0, 0, 0, 1]


def test_a_store_remembers_the_confusion_with_circumstances():
    card = {"confusion": {"with_context": [[1, 0], [0, 1]], "title_and_body": [[0, 1], [1, 0]]}}
    assert json.loads(as_setting(card)) == [[1, 0], [0, 1]]


def test_a_card_without_confusion_leaves_the_setting_empty():
    assert as_setting({"version": "x"}) == ""


def test_words_the_model_never_met(shipped):
    words, unseen = seen_by(shipped)("overleg qzxv!")
    assert (words, unseen) == (2, 1)
    assert seen_by(shipped)("") == (0, 0)
