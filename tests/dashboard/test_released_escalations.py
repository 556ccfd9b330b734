"""What the page says of escalations when a release tells them: parts with open ends, and less where less is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from analysis.period import Period
from dashboard.views.escalations import escalations_view
from dashboard.words import Words
from privacy.released_escalations import Flow, GroupEscalations, Settled, Stretch

EN, NL = Words("en"), Words("nl")


TOLD = GroupEscalations(
    scope="organisation",
    period=Period(date(2026, 1, 5), date(2026, 4, 6)),
    whole=Stretch(60, 4.6, 2.5, 40.0, 0.7, 0.1),
    bands=((1, 2), (3,), (4,)),
    by_levels=(Flow("4", "1-2", 0.7), Flow("4", "", 0.2), Flow("", "", 0.1)),
    by_departments=(
        Flow("other (3)", "ICT", 0.4),
        Flow("Intake", "ICT", 0.2),
        Flow("Intake", "", 0.1),
        Flow("", "", 0.3),
    ),
    before=None,
    lately=None,
    settled=Settled(240, 0.1, 0.3, 0.6),
)


def headline(at_top: float | None, words: Words = EN) -> str:
    whole = replace(TOLD.whole, at_top=at_top)
    return escalations_view(replace(TOLD, whole=whole), words).headline.split(",")[0].split(";")[0]


@pytest.mark.parametrize(
    ("at_top", "english", "dutch"),
    [
        (0.7, "70% of escalations end at levels 1–2", "70% van de escalaties eindigt bij niveaus 1–2"),
        (
            0.9,
            "At least 85% of escalations end at levels 1–2",
            "Minstens 85% van de escalaties eindigt bij niveaus 1–2",
        ),
        (0.1, "At most 15% of escalations end at levels 1–2", "Hooguit 15% van de escalaties eindigt bij niveaus 1–2"),
    ],
)
def test_the_ends_of_the_scale_are_open(at_top, english, dutch):
    assert (headline(at_top), headline(at_top, NL)) == (english, dutch)


def rows(view, key: str, words: Words = EN) -> list[list[str]]:
    part = next(each for each in view.parts if each.key == key)
    return [[cell.text(words) for cell in row] for row in part.sheet.rows]


def test_ways_are_parts_and_small_ones_go_to_various_ends():
    view = escalations_view(TOLD, EN)
    assert rows(view, "levels") == [
        ["level 4", "levels 1–2", "70%"],
        ["level 4", "various", "20%"],
        ["All other ways", "All other ways", "10%"],
    ]
    assert rows(view, "departments")[:2] == [["Other departments", "ICT", "40%"], ["Intake", "ICT", "20%"]]
    sentences = {part.key: part.sentence for part in view.parts}
    assert sentences["levels"] == "The most travelled way is level 4 → levels 1–2: 70% of all."
    assert sentences["departments"] == "Of the ways that may be told apart, most begin in Intake: about 30% of all."
    assert rows(view, "summary")[-1] == ["Part up one line of managers", "at most 15%"]


@pytest.mark.parametrize("words", [EN, NL], ids=["en", "nl"])
def test_bars_say_what_the_table_says(words):
    for part in escalations_view(TOLD, words).parts:
        cells = {cell.text(words) for row in part.sheet.rows for cell in row}
        assert {bar.written for bar in part.strokes} <= cells, part.key


def test_conflicts_are_parts():
    view = escalations_view(TOLD, EN)
    assert rows(view, "settled") == [
        ["Declined the meeting of the line", "10%"],
        ["Declined the meeting of the process", "30%"],
        ["Declined both or neither", "60%"],
    ]


def test_what_is_not_told_is_not_said():
    whole = replace(TOLD.whole, at_top=None, line=None)
    bare = replace(TOLD, whole=whole, by_levels=(), by_departments=(), settled=None)
    view = escalations_view(bare, EN)
    assert [part.key for part in view.parts] == ["summary"]
    assert view.headline == "Escalations end 2.5 levels above the lowest level that met on the subject before."
    assert view.second.startswith("About 60 were followed")
