"""The pages about groups: what they say of planted answers, who may ask, and that file, picture and table agree."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from datetime import date
from io import StringIO

import dashboard_planted as planted
import plotly.graph_objects as go
import pytest
from dashboard_planted import SECRET, ask, components, content, texts

from analysis.drift import ChangePoint, Estimate, LabelDoubt
from analysis.drift.altitude import Altitude, ApexRate, Upward, WeekAltitude
from analysis.drift.countervoice import CounterVoice
from analysis.drift.decomposition import Decomposition, HoursChange, LevelPart, Parts
from analysis.period import Period
from analysis.quality import Part, Quality, Rate, Titles, Trust
from dashboard import pictures
from dashboard.views.coordination import coordination_view
from dashboard.views.escalations import escalations_view
from dashboard.views.forums import forums_view
from dashboard.views.movement import label_sentence, step_sentence, upward_sentence
from dashboard.views.quality import quality_view
from dashboard.views.ties import ties_view
from dashboard.words import Words
from privacy.released_escalations import Flow, GroupEscalations, Settled, Stretch
from privacy.released_forums import GroupForums
from privacy.released_ties import GroupTies, HangingPairs, Tie, Unit
from privacy.trusting import JournalState, ModelCard, Trusted

LANGUAGES = ("en", "nl")
NUMBER = re.compile(r"[+−]?\d[\d.,]*\d%?|[+−]?\d%?")
YEAR = Period(date(2025, 1, 6), date(2026, 1, 5))
HALVES = Period(date(2025, 1, 6), date(2025, 7, 7)), Period(date(2025, 7, 7), date(2026, 1, 5))
RISE = Estimate(0.2, 0.1, 0.3, 0.001)


def numbers(text: str) -> set[str]:
    return set(NUMBER.findall(text))


def written(parts, words: Words) -> set[str]:
    """Every number in the sheets."""
    return {found for part in parts for row in part.sheet.rows for cell in row for found in numbers(cell.text(words))}


def escalations(**changes) -> GroupEscalations:
    values = {
        "scope": "organisation",
        "period": YEAR,
        "whole": Stretch(50, 1.0, 2.4, 41.0, 0.75, 0.3),
        "bands": ((1, 2), (3,), (4,)),
        "by_levels": (Flow("4", "1-2", 0.8), Flow("", "", 0.2)),
        "by_departments": (Flow("=Intake", "ICT", 0.6), Flow("ICT", "ICT", 0.4)),
        "before": Stretch(20, 0.8, 2.2, 38.0, 0.7, 0.3),
        "lately": Stretch(30, 1.2, 2.6, 44.0, 0.8, 0.3),
        "settled": Settled(40, 0.5, 0.1, 0.4),
    }
    return GroupEscalations(**(values | changes))


def ties(**changes) -> GroupTies:
    values = {
        "scope": "organisation",
        "period": YEAR,
        "people": 50,
        "units": (Unit("Intake", 25), Unit("KCC", 10), Unit("other (3)", 10)),
        "ties": (Tie(0, 1, 5.0, 25), Tie(1, 2, 1.0, 10)),
        "hanging": HangingPairs(120, 0.3),
    }
    return GroupTies(**(values | changes))


def forums(**changes) -> GroupForums:
    labels = {"design": 0.2, "coordination": 0.7, "escalation": 0.1}
    values = {
        "scope": "organisation",
        "period": YEAR,
        "people": 6,
        "tables": 4,
        "meetings": 40,
        "hours_a_week": 45.0,
        "labels": labels,
        "levels": 2.5,
        "before": labels | {"design": 0.3},
        "lately": labels | {"design": 0.1},
    }
    return GroupForums(**(values | changes))


def trusted(**changes) -> Trusted:
    titles = Titles(100, 0.05, 0.1, 0.15, {"nl": 1.0}, None)
    trust = Trust(81.0, True, (Part("coverage", 0.95, 1.0), Part("labels", 0.81, 0.81), Part("leave", None, None)))
    values = {
        "quality": Quality(YEAR, Rate(0.81, 0.72, 0.88, 100), None, 0.04, 0.5, titles, trust),
        "model": ModelCard("v1", "2026-01-01", 9000, 0.84, 0.97, 0.56, {"design": 0.83}),
        "journal": JournalState(12, date(2026, 1, 4), 0),
    }
    return Trusted(**(values | changes))


def moved(**changes):
    """A rise of two points out of three parts, with one explanation that explains half of it."""
    first = planted.drift().period
    parts = Parts(new_series=0.015, ended_series=-0.005, grown_series=0.0, one_off=0.01, between_levels=0.0)
    sums = Decomposition(
        Period(first.start, first.mondays[9]), Period(first.mondays[10], first.end), False, 0.2, 0.22, 0.02, parts, 0.02,
        (LevelPart(1, 0.015, 0.001), LevelPart(3, 0.005, -0.001)), HoursChange(2.0, 0.5, 1.5),
    )  # fmt: skip
    weekly = tuple(WeekAltitude(day, 2.1, 1.9, 2.3) for day in first.mondays)
    values = {
        "decomposition": sums,
        "altitude": Altitude(weekly, 2.1, 2.25, Estimate(0.1, 0.05, 0.15, 0.01)),
        "upward": Upward((1, 2), RISE, RISE, RISE, "rising"),
        "apex_rate": ApexRate(0.4, 0.5, RISE, 300),
        "change_points": (ChangePoint(first.mondays[5], first.mondays[3], first.mondays[8], 0.2, 0.24, 0.9),),
        "counter_voices": (
            CounterVoice("season", "x", 0.1, "partly", RISE, Estimate(0.1, 0.01, 0.2, 0.02)),
            CounterVoice("label error", "x", None, "cannot tell", RISE, None),
        ),
    }
    return planted.drift(**(values | changes))


def test_the_headline_of_escalations():
    assert escalations_view(escalations(), Words("en")).headline == (
        "75% of escalations end at levels 1–2, on average 2.4 levels above the lowest level that met on the subject before."
    )
    assert escalations_view(escalations(), Words("nl")).second == (
        "De laatste tijd zijn het er 1,2 per week, in de tijd daarvoor waren het er 0,8."
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("view", "answer"), [(escalations_view, escalations()), (ties_view, ties()), (forums_view, forums())]
)
def test_sentence_picture_and_table_say_the_same(view, answer, language):
    words = Words(language)
    seen = view(answer, words)
    for part in seen.parts:
        shown = {stroke.written for stroke in part.strokes}
        assert shown <= {cell.text(words) for row in part.sheet.rows for cell in row}, part.key
    assert numbers(seen.headline) <= written(seen.parts, words) | numbers("1–2")


def test_one_quarter_says_what_it_took():
    view = escalations_view(
        escalations(before=None, lately=None, whole=replace(escalations().whole, at_top=None)), Words("en")
    )
    assert view.headline == "Escalations end 2.4 levels above the lowest level that met on the subject before."
    assert view.second == "About 50 were followed from an earlier meeting to the last one; it takes 41 days on average."


@pytest.mark.parametrize(
    ("alone", "english", "dutch"),
    [
        (0.3, "about 30% of 120 pairs", "zo'n 30% van 120 paren"),
        (0.9, "at least 85% of about 120 pairs", "minstens 85% van zo'n 120 paren"),
        (0.1, "at most 15% of about 120 pairs", "hooguit 15% van zo'n 120 paren"),
        (None, "too few people", "te weinig mensen"),
    ],
)
def test_ties_say_how_many_hang_on_one_and_never_on_whom(alone, english, dutch):
    found = ties(hanging=HangingPairs(120, alone))
    views = [ties_view(found, Words(language)) for language in LANGUAGES]
    said = [view.hanging.sentence if alone is None else view.headline for view in views]
    assert (english in said[0], dutch in said[1]) == (True, True)
    rows = [[cell.text(Words("en")) for cell in row] for row in ties_view(found, Words("en")).hanging.sheet.rows]
    assert rows[0][:2] == ["All pairs that meet", "120"]
    assert len(rows) == (1 if alone is None else 3)


def test_without_it_ties_say_how_many_departments_meet():
    view = ties_view(ties(hanging=None), Words("en"))
    assert view.headline.startswith("2 pairs of departments meet an hour a week or more")
    assert (view.second, [part.key for part in view.parts]) == ("", ["ties"])
    assert ties_view(ties(), Words("en")).second == view.headline
    assert ties_view(ties(), Words("nl")).names == ("Intake", "KCC", "Andere afdelingen")
    assert ties_view(ties(ties=(), units=()), Words("en")).ties.sentence.startswith("No tie between departments")


def test_the_tables_of_forums():
    view = forums_view(forums(), Words("en"))
    assert view.headline == (
        "70% of the time at the 4 standing tables keeps today's work together; 20% designs how work will be done."
    )
    assert view.second == "Design took 30% in the first half of this period and 10% in the second."
    assert [cell.text(Words("en")) for cell in view.tables.sheet.rows[0]] == ["4", "6", "40", "45.0", "2.5"]
    assert view.tables.sentence == "On average people of 2.5 levels sit together."
    untold = forums_view(forums(levels=None, before=None, lately=None), Words("en"))
    assert (untold.second, untold.tables.sentence[:15]) == ("", "How many levels")


def test_the_parts_of_the_change_add_up():
    en = Words("en")
    parts = {part.key: part for part in coordination_view(moved(), en).movements}
    assert list(parts) == ["altitude", "parts", "by-level"]
    rows = [[cell.text(en) for cell in row] for row in parts["parts"].sheet.rows]
    assert rows[-1] == ["Together", "+2.00"]
    assert [value for _, value in rows] == ["+1.50", "−0.50", "0.00", "+1.00", "0.00", "+2.00"]
    assert sum(stroke.value for stroke in parts["parts"].strokes[:-1]) == pytest.approx(
        parts["parts"].strokes[-1].value
    )
    assert [row[0].text(en) for row in parts["by-level"].sheet.rows] == ["Levels 1–2", "Level 3", "Together"]


def test_what_else_could_explain_it_with_its_size():
    view = coordination_view(moved(), Words("en"))
    assert view.counter_voice.startswith(
        "We tested 2 innocent explanations on these data: 1 of them explain the change wholly or partly; about 1"
    )
    assert view.voices == (
        "The time of the year: explains a part of it. With it the change is +20% a year, without it +10%.",
        "Mistakes of the labels: these data cannot tell.",
    )
    assert len(view.voices_sheet.rows) == 2


def test_upward_step_and_labels_in_words():
    en, found = Words("en"), moved()
    assert upward_sentence(found, en) == (
        "Ad-hoc coordination between teams moves up to the top two levels: +20% a year compared with everybody else. "
        "Somebody of these levels was in 40% of such meetings at first and in 50% of late."
    )
    assert "cannot be told: too few people" in upward_sentence(planted.drift(), en)
    assert "from 20.0% to 24.0%; we are 90% sure" in step_sentence(found, en)
    assert step_sentence(planted.drift(), en).startswith("No single week stands out")
    assert label_sentence(found, en).startswith("Nobody has checked labels here yet")
    known = moved(label_error=LabelDoubt("reviewed", 200.0, 0.9, corrected=True))
    assert label_sentence(known, en).startswith("Of 200 labels that people checked 90% were right. Their mistakes are")


@pytest.mark.parametrize("language", LANGUAGES)
def test_trust_in_words(language):
    view = quality_view(trusted(), Words(language))
    assert "81%" in view.score.sentence
    assert {"72%", "88%"} <= numbers(view.labels[0])
    assert "12" in view.journal
    assert view.model is not None


def test_a_journal_that_does_not_hold_says_so():
    broken = trusted(journal=JournalState(12, date(2026, 1, 4), 2))
    assert "does not hold in 2 places" in quality_view(broken, Words("en")).journal
    unchecked = trusted(quality=replace(trusted().quality, reviewed=None))
    assert "nobody has checked labels yet" in quality_view(unchecked, Words("en")).score.sentence


def figures() -> dict[str, dict]:
    words = Words("nl")
    parts = {part.key: part for part in coordination_view(moved(), words).movements}
    days = [each.start for each in HALVES]
    return {
        "strokes": pictures.strokes(parts["parts"].strokes, words),
        "band": pictures.banded_line(days, [2.1, None], [(1.9, 2.3), None], "x", words),
        "network": pictures.network(("a", "b", "c"), (20, 12, 11), [(0, 1, 4.5), (1, 2, 1.5)], words),
    }


@pytest.mark.parametrize("name", figures())
def test_plotly_accepts_the_picture(name):
    assert go.Figure(figures()[name]).layout.height


PAGES = {"escalations": "/escalations", "ties": "/ties", "forums": "/forums"}


@pytest.mark.parametrize("page", PAGES)
def test_a_person_is_told_that_these_pages_are_about_groups(client, page):
    said = texts(content(ask(client, PAGES[page], "?viewer=self:p1&lang=en")))
    assert "never about one person" in said
    assert client.get(f"/numbers/{page}/ties.csv?viewer=self:p1").status_code == 403


@pytest.mark.parametrize(
    ("method", "answer", "page", "sheets"),
    [
        ("escalations", escalations(), "escalations", ("levels", "departments", "summary", "settled")),
        ("ties", ties(), "ties", ("ties", "hanging")),
        ("forums", forums(), "forums", ("division", "tables")),
        ("drift", moved(), "coordination", ("weeks", "summary", "altitude", "parts", "by-level", "voices")),
        ("trusted", trusted(), "checks", ("quality", "model", "checks")),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_and_its_files_come_from_one_answer(client, door, monkeypatch, method, answer, page, sheets, language):
    monkeypatch.setattr(type(door), method, lambda *_: answer)
    tree = content(ask(client, f"/{page}", f"?viewer=mt&lang={language}"))
    shown = {data["caption"]: data for data in (table["props"]["data"] for table in components(tree, "Table"))}
    assert SECRET not in texts(tree)
    for sheet in sheets:
        file = client.get(f"/numbers/{page}/{sheet}.csv?viewer=mt&lang={language}")
        assert file.status_code == 200, sheet
        lines = list(
            csv.reader(
                StringIO(file.get_data(as_text=True).lstrip("\ufeff")), delimiter=";" if language == "nl" else ","
            )
        )
        assert not any(cell.startswith(("=", "+", "@")) for line in lines for cell in line)
        if sheet not in {"checks", "voices"}:
            table = next(data for data in shown.values() if data["head"] == lines[0])
            # Below the figures stand the release that they come from, and who took them.
            assert [line[0] for line in lines[-2:]] == [Words(language)("Release"), Words(language)("Taken by")]
            assert len(lines) == 1 + len(table["body"]) + ("foot" in table) + 3
