from __future__ import annotations

import pandas as pd
import pytest

from classify.model import BASE
from classify.phrases import circumstance
from classify.reasons import explain, reasons, sentence
from store.schema import LABELS

ROW = pd.DataFrame({"title": ["Knoop doorhakken"], "lead_hours": [5], "level_span": [2]})


def test_an_escalation_explains_itself_in_dutch(shipped):
    said = sentence(shipped, ROW, "escalation", "nl")
    assert said.startswith("'knoop doorhakken' in de titel")
    assert "omvat drie niveaus" in said
    assert "5 uur vooraf gepland" in [reason.sentence for reason in reasons(shipped, ROW, "escalation", "nl")]


def test_the_same_in_english(shipped):
    said = sentence(shipped, ROW, "escalation", "en")
    assert said.startswith("'knoop doorhakken' in the title")
    assert "spans three levels" in said
    assert "planned 5 hours ahead" in [reason.sentence for reason in reasons(shipped, ROW, "escalation", "en")]


def test_what_speaks_against_is_said_last(shipped):
    row = ROW.assign(lead_hours=2_000, recurring="yes")
    assert "; against: " in sentence(shipped, row, "escalation", "en")


@pytest.mark.parametrize("label", LABELS)
def test_folding_loses_nothing(shipped, label):
    row = ROW.assign(title="FW: Wie beslist? Wie tekent: teamoverleg", body="Graag akkoord, akkoord!")
    folded = sum(reason.value for reason in reasons(shipped, row, label, "nl"))
    assert folded == pytest.approx(shipped.contributions(row, label).drop(BASE).sum(), abs=1e-9)


def test_a_reader_sees_words_not_pieces(shipped):
    found = reasons(shipped, pd.DataFrame({"title": ["koelcelproblematiek magazijn"]}), "incident", "nl")
    quoted = [reason.sentence.split("'")[1] for reason in found if "'" in reason.sentence]
    assert set(" ".join(quoted).split()) == {"koelcelproblematiek", "magazijn"}


def test_what_a_word_of_the_invitation_means_is_said_there(shipped):
    row = pd.DataFrame({"title": ["Sanne"], "body": ["graag mandaat vastleggen"], "n_attendees": [4]})
    found = {reason.sentence: reason.value for reason in reasons(shipped, row, "design", "nl")}
    assert any("mandaat" in said and "uitnodiging" in said for said in found)


def test_nothing_but_a_title_is_said_to_be_so(shipped):
    found = [reason.sentence for reason in reasons(shipped, ROW[["title"]], "other", "en")]
    assert "no circumstances known" in found
    assert "no circumstances known" not in [reason.sentence for reason in reasons(shipped, ROW, "other", "en")]


def test_no_evidence_is_said(shipped):
    assert sentence(shipped, pd.DataFrame({"title": ["ж"]}), "design", "nl")


@pytest.mark.parametrize(
    ("column", "value", "nl", "en"),
    [
        ("duration_min", 30, "duurt 30 minuten", "lasts 30 minutes"),
        ("n_attendees", 1, "een mens in de kamer", "one person in the room"),
        ("n_attendees", 40, "40 mensen in de kamer", "40 people in the room"),
        ("n_departments", 3, "drie afdelingen aan tafel", "three departments at the table"),
        ("level_span", 0, "omvat een niveau", "spans one level"),
        ("organizer_level", 2, "belegd vanuit niveau 2", "called from level 2"),
        ("recurring", 1, "in een reeks", "in a series"),
        ("recurring", 0, "eenmalig", "a one-off"),
        ("lead_hours", 0, "minder dan een uur vooraf gepland", "planned less than an hour ahead"),
        ("lead_hours", 1, "1 uur vooraf gepland", "planned 1 hour ahead"),
        ("lead_hours", 72, "3 dagen vooraf gepland", "planned 3 days ahead"),
        ("lead_hours", 700, "4 weken vooraf gepland", "planned 4 weeks ahead"),
        ("start_hour", 17, "begint om 17 uur", "starts at 17 o'clock"),
        ("weekday", 5, "op vrijdag", "on a Friday"),
    ],
)
def test_circumstances_in_both_languages(column, value, nl, en):
    assert (circumstance(column, value, "nl"), circumstance(column, value, "en")) == (nl, en)


@pytest.mark.parametrize("label", LABELS)
def test_base_and_reasons_sum_exactly_to_the_shown_log_odds(shipped, label):
    row = ROW.assign(title="Bila 4 mei: koelcel stuk, wie tekent?", body="Graag akkoord", weekday=2)
    found = explain(shipped, row, label, "en")
    assert found.base + sum(reason.value for reason in found.reasons) == pytest.approx(found.log_odds, abs=1e-9)
    assert found.log_odds == pytest.approx(shipped.scores(row)[0, LABELS.index(label)], abs=1e-9)
    assert found.sentence == sentence(shipped, row, label, "en")
