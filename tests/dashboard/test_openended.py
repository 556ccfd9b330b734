"""Parts whose ends are open: a tenth may be none and nine tenths all, and sentence, cell and number say the same."""

from __future__ import annotations

import pytest

from dashboard.views.openended import Sentences, at_least, part_cell, part_sentence
from dashboard.words import Words

EN, NL = Words("en"), Words("nl")
SAID = Sentences("{share} of {what}", "at least {share} of {what}", "at most {share} of {what}")


@pytest.mark.parametrize(
    ("part", "cell", "dutch", "sentence"),
    [
        (0.1, "at most 15%", "hooguit 15%", "at most 15% of it"),
        (0.15, "15%", "15%", "15% of it"),
        (0.4, "40%", "40%", "40% of it"),
        (0.9, "at least 85%", "minstens 85%", "at least 85% of it"),
    ],
)
def test_both_ends_are_open(part, cell, dutch, sentence):
    assert (part_cell(part, EN).text(EN), part_cell(part, NL).text(NL)) == (cell, dutch)
    assert part_sentence(part, SAID, EN, what="it") == sentence


def test_a_way_is_open_above_only():
    assert [at_least(part, EN) for part in (0.05, 0.85, 0.9)] == ["5%", "85%", "at least 85%"]


def test_what_is_not_told_is_a_dash():
    assert part_cell(None, EN).text(EN) == "–"
