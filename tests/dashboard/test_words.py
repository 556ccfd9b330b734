from __future__ import annotations

from datetime import date
from string import Formatter

import pytest
from babel.messages.pofile import read_po
from dashboard_messages import used

from dashboard.words import CATALOGUES, LANGUAGES, Words


def catalogue():
    with (CATALOGUES / "nl.po").open("rb") as lines:
        return {entry.id: entry.string for entry in read_po(lines, locale="nl") if entry.id}


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_every_sentence_has_its_dutch():
    assert set(used()) - set(catalogue()) == set()


def test_no_dutch_sentence_is_left_over():
    assert set(catalogue()) - set(used()) == set()


@pytest.mark.parametrize(("message", "dutch"), catalogue().items())
def test_a_translation_keeps_the_blanks(message, dutch):
    pairs = zip(message, dutch, strict=True) if isinstance(message, tuple) else [(message, dutch)]
    for english, other in pairs:
        assert other.strip()
        assert blanks(english) == blanks(other)


@pytest.mark.parametrize(
    ("language", "count", "said"),
    [
        ("en", 1, "1 person"),
        ("en", 2, "2 people"),
        ("en", 0, "0 people"),
        ("nl", 1, "1 persoon"),
        ("nl", 0, "0 mensen"),
        ("nl", 1200, "1.200 mensen"),
    ],
)
def test_plurals(language, count, said):
    assert Words(language).many("{count} person", "{count} people", count) == said


def test_numbers_in_the_readers_language():
    en, nl = Words("en"), Words("nl")
    assert (en.number(1234.56), nl.number(1234.56)) == ("1,234.6", "1.234,6")
    assert (en.percent(0.374, 1), nl.percent(0.374, 1)) == ("37.4%", "37,4%")
    assert (en.change(-0.03), nl.change(0.17)) == ("−3%", "+17%")
    assert en.number(-0.04) == "0.0"


def test_dates_in_the_readers_language():
    monday = date(2026, 3, 16)
    assert Words("nl").week(monday) == "week 12, 2026"
    assert (Words("en").day(monday), Words("nl").day(monday)) == ("16 March 2026", "16 maart 2026")


def test_the_first_week_of_a_year_may_begin_in_the_year_before():
    assert Words("en").week(date(2024, 12, 30)) == "week 1, 2025"


def test_an_unknown_language_is_english():
    assert Words("xx").language == "en"
    assert set(LANGUAGES) == {"nl", "en"}
