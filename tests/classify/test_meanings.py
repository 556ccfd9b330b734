from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from classify.features import MEANING
from classify.meanings import SOURCE, Meanings, vectors
from classify.text import read
from store.schema import LABELS


@pytest.fixture
def meanings():
    return Meanings(["afstemming", "budget", "overleg", "rooster", "telling", "voorraad"])


@pytest.mark.parametrize(
    ("token", "words"),
    [
        ("overleg", ("overleg",)),
        ("afstemmingsoverleg", ("afstemming", "overleg")),
        ("voorraadtelling", ("voorraad", "telling")),
        ("xoverleg", ()),
        ("onbekend", ()),
        ("", ()),
    ],
)
def test_a_compound_is_its_two_words(meanings, token, words):
    assert meanings.words_in(token) == words


def test_words_of_a_title_weigh_the_same_and_halves_half(meanings):
    matrix = meanings.transform([read("overleg budget rooster voorraadtelling"), read(""), read("3 mei 2026")])
    weights = dict(zip(meanings.vocabulary_, matrix.toarray()[0], strict=True))
    assert weights == pytest.approx(
        {"afstemming": 0, "budget": 0.5, "overleg": 0.5, "rooster": 0.5, "telling": 0.25, "voorraad": 0.25}
    )
    assert matrix[1:].nnz == 0


def test_a_word_twice_counts_twice(meanings):
    assert meanings.transform([read("budget budget")]).sum() == pytest.approx(2**0.5)


def test_words_alike_in_meaning_lie_close_across_languages():
    words, rows = vectors()
    place = {word: number for number, word in enumerate(words)}

    def alike(one: str, other: str) -> float:
        first, second = rows[place[one]], rows[place[other]]
        return float(first @ second / np.linalg.norm(first) / np.linalg.norm(second))

    assert len(words) == len(rows) == len(place)
    assert alike("goedkeuring", "approval") > 0.6
    assert alike("verjaardag", "birthday") > 0.6
    assert alike("verjaardag", "approval") < 0.4


def test_the_meanings_are_small():
    assert SOURCE.stat().st_size < 4_000_000


def test_the_model_keeps_one_weight_a_word(shipped):
    row = pd.DataFrame({"title": ["verjaardag"]})
    parts = {label: shipped.contributions(row, label)[f"{MEANING}: verjaardag"] for label in LABELS}
    assert max(parts, key=lambda label: parts[label]) == "other"
    assert sum(parts.values()) == pytest.approx(0, abs=1e-5)
