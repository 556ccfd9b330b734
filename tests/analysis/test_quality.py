from __future__ import annotations

import json
from datetime import date, datetime

import pandas as pd
import pytest
from organisation import Small, at

from analysis.labelerror import SETTING
from analysis.languages import language_of
from analysis.period import Period
from analysis.quality import FULL, quality, wilson
from store.database import writing

WEEK = Period(date(2026, 1, 5), date(2026, 1, 12))
KNOWN = {"voortgang", "storing"}


def words(title):
    tokens = title.lower().split()
    return len(tokens), sum(token not in KNOWN for token in tokens)


def found(small, folder, settings=(), corrections=None):
    store = small.store(folder)
    with writing(store.path) as writer:
        for name, value in settings:
            writer.set(name, value)
        if corrections is not None:
            writer.upsert("corrections", pd.DataFrame(corrections))
    return quality(store.tables(), WEEK, words)


def two() -> Small:
    return Small().person("anna", level=1).person("bo", manager_id="anna")


def titled(*titles, **more) -> Small:
    small = two()
    for number, title in enumerate(titles):
        small.meeting(f"m{number}", at(number % 5, "09:00"), 60, ["anna", "bo"], title=title, **more)
    return small


def test_titles_are_told_apart_by_what_they_give_away(tmp_path):
    small = titled("Overleg", None, "", "Voortgang van de intake", "Discuss the outage", "Storing", "Storing", "XQZ")
    small.meeting("p", at(0, "14:00"), 60, ["anna", "bo"], title="geheim", is_private=True)
    titles = found(small, tmp_path).titles
    assert titles.meetings == 9
    assert titles.missing == pytest.approx(2 / 9)
    assert titles.private == pytest.approx(1 / 9)
    assert titles.generic == pytest.approx(1 / 9)
    assert sum(titles.languages.values()) == pytest.approx(1.0)
    assert titles.languages["en"] == pytest.approx(1 / 6)


def test_words_are_counted_as_often_as_they_stand_in_the_calendar(tmp_path):
    titles = found(titled("Storing", "Storing", "Storing kassa"), tmp_path).titles
    assert titles.unseen_words == pytest.approx(1 / 4)


def test_unsure_follows_the_threshold_that_a_person_set(tmp_path):
    small = titled("a b c", "d e f")
    small.labels[0]["probability"] = 0.55
    assert found(small, tmp_path).unsure == 0.0
    again = found(small, tmp_path, [("unsure_below", "0.6")])
    assert (again.unsure, again.unsure_below) == (0.5, 0.6)


def test_the_held_out_corpus_speaks_until_people_do(tmp_path):
    counts = [[8.0 if row == column else 0.5 for column in range(5)] for row in range(5)]
    result = found(titled("Storing"), tmp_path, [(SETTING, json.dumps(counts))])
    assert result.reviewed is None
    assert (result.held_out.share, result.held_out.questions) == (0.8, 50)
    assert {part.name: part.seen for part in result.trust.parts}["labels"] == 0.8


def test_the_reviewed_sample_has_its_interval(tmp_path):
    small = titled(*(f"t{number}" for number in range(20)))
    for label in small.labels:
        label["model_version"] = "v1"
    said = {
        "meeting_id": [f"m{number}" for number in range(20)],
        "label": ["design"] * 5 + ["coordination"] * 15,
        "by": "kim",
        "at": datetime(2026, 1, 20),
        "model_label": "coordination",
        "model_version": "v1",
    }
    rate = found(small, tmp_path, corrections=said).reviewed
    assert (rate.share, rate.questions) == (0.75, 20)
    assert rate.low < 0.6
    assert rate.high > 0.85


def test_the_score_is_the_product_of_its_parts(tmp_path):
    small = titled("Storing", "Storing", answers={"bo": "none"})
    trust = found(small, tmp_path).trust
    parts = {part.name: part for part in trust.parts}
    assert (parts["coverage"].counts, parts["chart"].counts, parts["leave"].counts) == (1.0, 1.0, 0.0)
    assert parts["labels"].counts is None
    assert trust.score == 0.0
    small.away("bo", at(0, "00:00"), at(1, "00:00"))
    seen = found(small, tmp_path).trust
    product = 100.0
    for part in seen.parts:
        product *= 1.0 if part.counts is None else part.counts
    assert seen.score == pytest.approx(product)


def test_a_part_counts_in_full_from_its_level_on(tmp_path):
    part = next(part for part in found(titled("Storing"), tmp_path).trust.parts if part.name == "coverage")
    assert part.seen == 1.0
    assert part.counts == 1.0
    assert all(0 < level <= 1 for level in FULL.values())


def test_a_score_without_known_label_errors_is_never_enough(tmp_path):
    small = titled("Storing").away("bo", at(0, "00:00"), at(1, "00:00")).away("anna", at(1, "00:00"), at(2, "00:00"))
    assert not found(small, tmp_path).trust.enough


def test_an_empty_period_gives_no_figures(tmp_path):
    result = found(two(), tmp_path)
    assert (result.titles.meetings, result.unsure, result.titles.unseen_words) == (0, None, None)


def test_no_questions_no_rate():
    assert wilson(0, 0) is None


@pytest.mark.parametrize(
    ("title", "language"),
    [
        ("Werkafspraken met de balie", "nl"),
        ("Terugkoppeling gemeenteraad", "nl"),
        ("Handover to the night shift", "en"),
        ("Q3", ""),
        ("", ""),
    ],
)
def test_languages(title, language):
    assert language_of(title) == language
