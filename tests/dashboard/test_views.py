"""What the pages say, held against answers with planted numbers."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import dashboard_planted as planted
import pytest

from analysis.dependence import Waiting
from analysis.drift import WeekShare
from analysis.selfcheck import Check
from analysis.split import LabelHours
from dashboard.showing import question_of
from dashboard.views.coordination import coordination_view, smooth
from dashboard.views.dependence import group_view, own_view
from dashboard.views.time import QUESTIONS, time_view
from dashboard.views.trust import seen_share, trust_view
from dashboard.words import Words
from privacy.group_dependence import FunctionRisk, OwnTable, TablesAtRisk, TablesOfKind
from privacy.release.stalling import ALL, TEAM, WIDER
from privacy.viewer import Viewer

if TYPE_CHECKING:
    from dashboard.sheets import Sheet

LANGUAGES = ("en", "nl")
NUMBER = re.compile(r"[+−]?\d[\d.,]*\d%?|[+−]?\d%?")


def numbers(text: str) -> set[str]:
    return set(NUMBER.findall(text))


def written(sheet: Sheet, words: Words) -> set[str]:
    return {cell.text(words) for row in sheet.rows for cell in row}


# Time


def test_the_headline_of_time():
    assert time_view(planted.split(), Words("en"), "self").headline == (
        "You spend 20.0 hours a week in meetings, 56% of your working time. "
        "60% of it keeps today's work together; 10% designs how work will be done."
    )
    assert time_view(planted.split(), Words("nl"), "self").headline == (
        "Je zit 20,0 uur per week in vergaderingen, 56% van je werktijd. "
        "Daarvan houdt 60% het werk van vandaag bijeen; 10% ontwerpt hoe het werk gaat."
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", ["self", "mt", "hr"])
def test_the_numbers_of_the_time_headline_stand_in_the_table(language, role):
    words = Words(language)
    view = time_view(planted.split(), words, role)
    assert numbers(view.headline) == {words.number(20), "56%", "60%", "10%"}
    assert numbers(view.headline) <= written(view.division.sheet, words)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_of_time_rests_on_its_own_sheet(language):
    words = Words(language)
    view = time_view(planted.split(), words, "self")
    for part in (view.division, view.rest, view.answers):
        assert numbers(part.sentence) <= written(part.sheet, words), part.key
    assert "56%" in view.weeks.sentence


def test_groups_ask_for_themselves():
    en = Words("en")
    viewers = (Viewer("self", person_id="p1"), Viewer("mt"), Viewer("hr"))
    asked = ["Where does my time go?", "Where does our time go?", "Where does people's time go?"]
    assert [question_of(QUESTIONS)(en, viewer) for viewer in viewers] == asked


def test_without_labels_the_headline_says_no_more_than_is_known():
    hours = planted.split(labels=(LabelHours("unlabelled", 40.0, 1.0, 30),))
    view = time_view(hours, Words("en"), "self")
    assert not view.labelled
    assert view.headline == "You spend 20.0 hours a week in meetings, 56% of your working time."


def test_a_week_with_one_day_at_work_is_not_the_fullest():
    usual = planted.split()
    short = replace(usual.weeks[1], available=7.2)
    view = time_view(replace(usual, weeks=(usual.weeks[0], short)), Words("en"), "self")
    assert "week 2, 2026" in view.weeks.sentence  # the Monday of 5 January begins week 2
    assert "56%" in view.weeks.sentence


def test_no_meetings_is_said_plainly():
    nothing = planted.split(hours=0.0, expected_hours=0.0, labels=(LabelHours("design", 0.0, 0.0, 0),), answers={})
    view = time_view(nothing, Words("nl"), "self")
    assert view.empty
    assert view.headline == "Geen vergaderingen in deze periode."


def test_the_counter_voice_counts():
    assert "18.5 hours a week instead of 20.0, and if only accepted meetings were attended, 15.0" in (
        time_view(planted.split(), Words("en"), "self").counter_voice
    )


# Coordination

VERDICTS = {
    "rising": ("Stijgend", "Coördinatie kost meer van de werktijd dan eerst: toen 20,4%, de laatste tijd 23,6%."),
    "falling": ("Dalend", "Coördinatie kost minder van de werktijd dan eerst: toen 20,4%, de laatste tijd 23,6%."),
    "no change found": (
        "Geen verandering gevonden",
        (
            "Geen verandering steekt uit boven gewone weken: coördinatie kostte eerst 20,4% van de werktijd, de laatste tijd "
            "23,6%."
        ),
    ),
    "not measurable": (
        "Niet meetbaar",
        (
            "We kunnen niet zeggen of coördinatie verschoof: ze ging van 20,4% naar 23,6% van de werktijd, maar de weken "
            "verschillen te veel van elkaar."
        ),
    ),
}


@pytest.mark.parametrize("verdict", VERDICTS)
def test_the_verdict_in_words(verdict):
    view = coordination_view(planted.drift(verdict=verdict), Words("nl"))
    assert (view.verdict, view.headline) == VERDICTS[verdict]


def test_the_slope_comes_with_its_range():
    view = coordination_view(planted.drift(), Words("en"))
    assert view.slope == "That is +17% a year, and most likely between +9% and +26%."


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_numbers_of_the_coordination_headline_stand_in_the_table(language):
    words = Words(language)
    view = coordination_view(planted.drift(), words)
    assert len(numbers(view.headline) | numbers(view.slope)) == 5
    assert numbers(view.headline) | numbers(view.slope) <= written(view.summary, words)
    assert "+" + words.number(6.0) in view.levels_sentence
    assert "+" + words.number(6.0) in written(view.summary, words)


def test_a_short_period_says_so():
    view = coordination_view(planted.drift(start=None, end=None, change_per_year=None), Words("en"))
    assert view.headline.startswith("This period is too short")
    assert view.slope == ""


def test_weeks_that_are_not_known_stay_unknown():
    weeks = tuple(WeekShare(date(2026, 1, 5), share, 20) for share in (0.1, None, 0.3, None, None, None, None, None))
    assert set(smooth(weeks)) == {None}
    full = tuple(WeekShare(date(2026, 1, 5), 0.1 * number, 20) for number in range(9))
    assert smooth(full)[4] == pytest.approx(0.4)


def test_one_level_alone_is_not_shown_twice():
    alone = planted.drift(by_level=planted.drift().by_level[:1])
    assert coordination_view(alone, Words("en")).levels == ()


# Dependence


def test_the_own_card_in_words():
    view = own_view(planted.own_card(), Words("en"))
    assert view.headline == "About 1.4 meetings wait for every week you are away."
    assert view.second == "Most likely between 0.8 and 2.1."
    assert "2.0 of the 9.5 expected" in view.picture_sentence
    assert own_view(planted.own_card(), Words("nl")).second == "Waarschijnlijk tussen 0,8 en 2,1."


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_numbers_of_the_own_card_stand_in_its_table(language):
    words = Words(language)
    view = own_view(planted.own_card(), words)
    said = numbers(view.headline) | numbers(view.second) | numbers(view.picture_sentence)
    assert len(said) == 5
    assert said <= written(view.sheets["card"], words)


def test_too_little_data_is_not_safe():
    view = own_view(planted.unknown_card(), Words("en"))
    assert not view.enough
    assert view.range is None
    assert view.headline == "There is too little to go on to say what waits for you."
    assert "You were away 1 working day" in view.second
    assert "not the same as safe" in view.second


def test_nothing_waits():
    view = own_view(planted.own_card(waiting=Waiting(0.02, 0.0, 0.4, 0.1, 0.2)), Words("nl"))
    assert view.headline == "Er lijkt nauwelijks iets te wachten als je weg bent."


@pytest.mark.parametrize(
    ("band", "said"), [("0-4", "Fewer than five"), ("5-9", "Between five and nine"), ("10+", "Ten people or more")]
)
def test_a_group_gets_a_band_and_never_a_count(band, said):
    assert group_view(planted.group_dependence(at_risk=band), Words("en")).headline.startswith(said)


def test_the_group_numbers_stand_in_the_tables():
    words = Words("nl")
    view = group_view(planted.group_dependence(), words)
    assert numbers(view.second) == {"30%"}
    assert numbers(view.second) <= written(view.sheets["spread"], words)
    assert numbers(view.picture_sentence) <= written(view.sheets["functions"], words)


def test_a_group_without_functions_at_risk():
    view = group_view(planted.group_dependence(functions=(), top_share=None), Words("en"))
    assert view.amounts == ()
    assert view.picture_sentence.startswith("No function")
    assert view.second.startswith("Too little waits")


def test_a_function_in_the_lowest_band_is_not_at_risk():
    risks = (FunctionRisk("baliemedewerker", 25, 0.0), FunctionRisk("staf", 10, 0.0))
    view = group_view(planted.group_dependence(functions=risks, top_share=0.0), Words("en"))
    assert view.amounts == ()
    assert view.picture_sentence.startswith("For none of the 2 functions that are told 5 meetings or more wait")
    assert view.second.endswith("less than 30% of all that waits.")
    assert [row[0].value for row in view.sheets["functions"].rows] == ["baliemedewerker", "staf"]


STILL = TablesAtRisk(
    planted.TWO_WEEKS, (TablesOfKind(ALL, 45, 0.2), TablesOfKind(TEAM, 30, 0.3), TablesOfKind(WIDER, 15, 0.1))
)


def test_where_hardly_any_stall_the_kind_that_stands_out_is_said():
    kinds = (TablesOfKind(ALL, 45, 0.1), TablesOfKind(TEAM, 30, 0.2), TablesOfKind(WIDER, 15, 0.1))
    for found, said in ((kinds, "About 20% of some 30 team meetings"), (kinds[:1], "At most 15% of some 45 standing")):
        view = group_view(planted.group_dependence(tables=TablesAtRisk(planted.TWO_WEEKS, found)), Words("en"))
        assert view.tables.sentence.startswith(said)


def test_standing_meetings_that_would_stall():
    words = Words("en")
    shown = group_view(planted.group_dependence(tables=STILL), words).tables
    assert shown.sentence.startswith(
        "About 20% of some 45 standing meetings hardly take place while one of their people"
    )
    assert [[cell.text(words) for cell in row] for row in shown.sheet.rows] == [
        ["All standing meetings", "45", "20%"],
        ["Of one team", "30", "30%"],
        ["Wider than one team", "15", "at most 15%"],
    ]
    assert [(each.name, each.value) for each in shown.strokes] == [
        ("All standing meetings", 20.0),
        ("Of one team", 30.0),
        ("Wider than one team", 10.0),
    ]
    assert group_view(planted.group_dependence(), words).tables is None


@pytest.mark.parametrize(
    ("tables", "said", "lines"),
    [
        ((OwnTable("Weekstart", 5, 4.1, 0), OwnTable(None, 5, 3.0, 1)), "2 of them hardly took place", 2),
        ((), "", 0),
    ],
)
def test_ones_own_standing_meetings(tables, said, lines):
    view = own_view(replace(planted.own_card(), seats=7, tables=tables), Words("en"))
    assert len(view.table_lines) == lines
    assert ("one that nobody misses" in view.counter_voice) == bool(tables)
    if tables:
        assert view.tables.sentence == f"You have a seat in 7 standing meetings. {said} in the weeks you were away."
        assert view.table_lines[0] == "Weekstart: in 0 of the 5 weeks you were away; 4.1 would be usual."
        assert view.table_lines[1].startswith("(no title)")
        assert list(view.sheets) == ["card", "tables"]
    else:
        assert view.reasons[-1].startswith("You have a seat in 7 standing meetings. As far as your absences show, none")
        assert list(view.sheets) == ["card"]


def test_what_waits_besides_standing_meetings():
    nothing = planted.own_card(waiting=Waiting(0.02, 0.0, 0.4, 0.1, 0.2))
    view = own_view(replace(nothing, seats=7, tables=(OwnTable("Weekstart", 5, 4.1, 0),)), Words("en"))
    assert view.headline.startswith("1 of your standing meetings hardly takes place without you. Besides, hardly")


# Trust

CHECKS = (
    Check("hours_per_day", True, {"most": 9.5}),
    Check("shares_sum", True, {"sum": 1.0}),
    Check(
        "known_series",
        False,
        {"occurrences": 26, "weeks": 10, "a_week": 1.0, "twice": 3, "first": "2026-01-05", "last": "2026-03-09"},
    ),
    Check("coverage", False, {"people": 40, "seen": 10, "share": 0.25}),
)


def test_checks_in_words():
    view = trust_view(CHECKS, Words("en"))
    assert view.headline == "2 checks do not hold; read them before you believe a figure."
    assert [finding.holds for finding in view.findings] == [True, True, False, False]
    assert "26 meetings in 10 weeks, with 1 in a usual week and 3 listed twice" in view.findings[2].sentence
    assert seen_share(CHECKS) == 0.25


def test_all_is_well():
    assert trust_view(CHECKS[:2], Words("nl")).headline == "Alle 2 controles kloppen."
    none = trust_view((Check("known_series", True, {"occurrences": 0}),), Words("en"))
    assert none.headline == "The one check holds."
    assert none.findings[0].sentence == "There is no series of meetings to count in this period."
