from __future__ import annotations

import string
from urllib.parse import parse_qs

import pytest
from dashboard_planted import MONDAY
from hypothesis import given
from hypothesis import strategies as st

from analysis.period import WEEK, Period, parse_period
from dashboard.address import Selection, read
from dashboard.spans import choices, neighbours, parse_span, span_name, within
from dashboard.words import Words
from privacy.viewer import Viewer

names = st.text(min_size=1, max_size=40)
viewers = st.one_of(
    st.none(),
    st.builds(Viewer, st.just("self"), person_id=names),
    st.builds(Viewer, st.just("mt"), unit=st.one_of(st.none(), names)),
    st.just(Viewer("hr")),
)
periods = st.sampled_from(["", "2026", "2026Q3", "2025H2", "2026-03", "2026-W12", "2026-01-05..2026-03-29"])
selections = st.builds(
    Selection,
    viewers,
    periods,
    st.sampled_from(["nl", "en"]),
    st.sampled_from(["", "hours", "share"]),
    unit=st.sampled_from(["", "Intake", "HR & Financiën", "other (2)", "a=b#c"]),
)


def as_dash_gives_it(query: str) -> dict[str, object]:
    parsed = parse_qs(query, keep_blank_values=True)
    return {name: values[0] if len(values) == 1 else values for name, values in parsed.items()}


@given(selections)
def test_a_selection_survives_its_own_address(selection):
    asked = read(as_dash_gives_it(selection.query))
    assert (asked.selection, asked.complaints, asked.viewer_is_wrong) == (selection, (), False)


@given(st.dictionaries(st.text(), st.one_of(st.text(), st.lists(st.text(), min_size=2))))
def test_nonsense_never_raises(query):
    read(query)


@given(
    st.fixed_dictionaries({name: st.text(alphabet=string.printable) for name in ("viewer", "period", "lang", "show")})
)
def test_nonsense_in_known_keys_is_answered_with_sentences(query):
    asked = read(query)
    Words("nl")(asked.complaints[0]) if asked.complaints else None
    assert asked.selection.language in {"nl", "en"}


def test_a_key_given_twice_is_not_understood():
    asked = read({"viewer": ["hr", "mt"], "period": ["2026", "2025"], "unit": ["Intake", "KCC"]})
    assert asked.viewer_is_wrong
    assert asked.selection.viewer is None
    assert (asked.selection.period, asked.selection.unit) == ("", "")
    assert len(asked.complaints) == 3


def test_the_whole_page_keeps_who_when_and_in_which_language():
    asked = Selection(Viewer("hr"), "2026", "nl", show="share", topic="ab12", unit="Intake", step="2")
    assert asked.whole == Selection(Viewer("hr"), "2026", "nl")


def test_unknown_keys_do_no_harm():
    assert read({"utm_source": "x", "viewer": "hr"}).complaints == ()


# Spans

ALL = Period(MONDAY - 40 * WEEK, MONDAY + 24 * WEEK)  # 2025-03-31 to 2026-06-21


def test_only_spans_with_something_in_them_are_offered():
    assert choices(ALL) == {
        "years": ["2026", "2025"],
        "halves": ["2026H1", "2025H2", "2025H1"],
        "quarters": ["2026Q2", "2026Q1", "2025Q4", "2025Q3", "2025Q2", "2025Q1"],
    }


@pytest.mark.parametrize(
    ("key", "before", "after"),
    [
        ("", None, None),
        ("2026", "2025", None),
        ("2026Q1", "2025Q4", "2026Q2"),
        ("2025H2", "2025H1", "2026H1"),
        ("2026-01", "2025-12", "2026-02"),
        ("2026-W01", "2025-W52", "2026-W02"),
        ("2026-01-05..2026-01-18", "2025-12-22..2026-01-04", "2026-01-19..2026-02-01"),
        ("0001-01-01..9999-11-30", None, None),
    ],
)
def test_neighbours(key, before, after):
    assert (neighbours(key, ALL).before, neighbours(key, ALL).after) == (before, after)


def test_a_half_is_two_quarters():
    half = parse_span("2026H1")
    assert half == Period(parse_period("2026Q1").start, parse_period("2026Q2").end)
    assert parse_span("2026H3") is None


def test_a_span_keeps_only_what_is_available():
    assert within("2026Q2", ALL) == Period(parse_period("2026Q2").start, ALL.end)
    assert within("2027", ALL) is None


@pytest.mark.parametrize(
    ("key", "en", "nl"),
    [
        ("", "Everything available", "Alles wat er is"),
        ("2026Q3", "Quarter 3 of 2026", "Kwartaal 3 van 2026"),
        ("2026H1", "First half of 2026", "Eerste helft van 2026"),
        ("2026-03", "March 2026", "maart 2026"),
        ("2026-W12", "week 12, 2026", "week 12, 2026"),
    ],
)
def test_spans_are_said_in_words(key, en, nl):
    assert (span_name(Words("en"), key), span_name(Words("nl"), key)) == (en, nl)
