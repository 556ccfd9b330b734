from __future__ import annotations

import pandas as pd
import pytest

from classify.reasons import sentence
from classify.text import visible

TITLES = [
    "",
    " ",
    "\u200b\u200d\ufeff",
    "\x00\x01\x1b[31m",
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "&lt;img src=x onerror=1&gt;",
    "&#0;&#xD800;&#99999999;",
    "a" * 10_000,
    "overleg " * 1_250,
    "MT <" * 2_500,
    "wie " * 2_500,
    "Встреча команды по бюджету",
    "会议 قرار ประชุม",
    "Ѕtоring kаssa",
    "🎉🎉🎉👩‍👩‍👧",
    "S̷t̷o̷r̷i̷n̷g̷",
    "....---...",
    "'; DROP TABLE meetings; --",
]


@pytest.mark.parametrize("title", TITLES, ids=range(len(TITLES)))
def test_any_title_gets_a_label_and_a_sentence(shipped, title):
    row = pd.DataFrame({"title": [title], "body": [title]})
    label = shipped.label(row)["label"].iloc[0]
    for language in ("nl", "en"):
        said = sentence(shipped, row, label, language)
        assert said
        assert len(said) < 1_000
        assert said.isprintable()
        assert "<script" not in said


def test_a_title_that_is_no_text_counts_as_empty(shipped):
    labels = shipped.label(pd.DataFrame({"title": [None, float("nan"), 7, ""]}))
    assert len(set(labels["probability"])) == 1


def test_half_a_character_is_dropped():
    assert visible("\ud800 lone") == "lone"
