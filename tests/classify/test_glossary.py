from __future__ import annotations

import pytest

from classify.glossary import Glossary, standard
from classify.text import read


@pytest.fixture
def glossary():
    return Glossary(
        [
            ("rooster*", "roster"),
            ("*overleg", "standing"),
            ("wie beslist", "rights"),
            ("*koel*", "cold"),
            ("mt", "standing"),
        ]
    )


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("roosters juli", [("roster", 0, 0)]),
        ("teamoverleg", [("standing", 0, 0)]),
        ("xoverleg", []),
        ("wie beslist dit", [("rights", 0, 1)]),
        ("wie dit beslist", []),
        ("grootkoelhuis", [("cold", 0, 0)]),
        ("mt's", []),
    ],
)
def test_words_prefixes_compounds_and_phrases(glossary, title, found):
    matches = glossary.matches(read(title).plain)
    assert [(match.concept, match.first, match.last) for match in matches] == found


@pytest.mark.parametrize(
    ("dutch", "english", "concept"),
    [
        ("mandaat", "mandate", "decision-rights"),
        ("storing", "outage", "breakdown"),
        ("rooster", "rota", "roster"),
        ("borrel", "drinks", "social"),
        ("ontheffing", "waiver", "exception"),
    ],
)
def test_both_languages_share_a_concept(dutch, english, concept):
    for word in (dutch, english):
        assert concept in {match.concept for match in standard().matches(read(word).plain)}
