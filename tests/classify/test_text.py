from __future__ import annotations

import pytest

from classify.text import LONGEST, read, visible


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("Coördinatie  MT", ("coordinatie", "mt")),
        ("RE: FW: Storing kassa!", ("storing", "kassa", "!")),
        ("go/no-go release", ("gonogo", "release")),
        ("1:1 Sanne", ("1on1", "sanne")),
        ("1-op-1 Sanne", ("1on1", "sanne")),
        ("🎂 Kim 40", ("🎂", "kim", "40")),
        ("st\u200bor\u00adi\u202eng", ("storing",)),
        ("<script>alert(1)</script> lunch", ("alert", "1", "lunch")),
        ("ｓｔｏｒｉｎｇ", ("storing",)),
        ("Jan <> Piet", ("jan", "<>", "piet")),
        ("- — ()", ()),
        ("", ()),
    ],
)
def test_a_title_becomes_tokens(typed, plain):
    assert read(typed).plain == plain


def test_digits_become_shapes():
    assert read("P1 14:00 50k").joined == "p0 00 : 00 00k"


@pytest.mark.parametrize(
    ("typed", "shaped"),
    [
        ("Minutes 3 May 2012", ("minutes", "#date", "", "")),
        ("2019-12-06 sync", ("#date", "", "", "sync")),
        ("call | May 2, 2025", ("call", "#date", "", "")),
        ("storing 12 mei", ("storing", "#date", "")),
        ("29th July, 14:00", ("#date", "", "00", ":", "00")),
        ("week 12", ("week", "00")),
        ("may", ("may",)),
    ],
)
def test_a_date_is_one_mark_and_keeps_its_places(typed, shaped):
    text = read(typed)
    assert text.shaped == shaped
    assert len(text.shown) == len(text.plain) == len(shaped)
    assert text.joined.split() == [token for token in shaped if token]


def test_a_forwarded_title_is_remembered_as_one():
    assert read("FW: budget").forwarded
    assert not read("budget").forwarded


def test_a_reader_sees_the_accents_again():
    assert read("Coördinatie 1:1").shown == ("coördinatie", "1-on-1")


def test_long_titles_are_cut():
    assert len(visible("a b " * 5_000)) <= LONGEST
    assert all(len(token) <= 40 for token in read("x" * 10_000).shaped)
