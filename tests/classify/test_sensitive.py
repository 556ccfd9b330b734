"""Words that nobody's boss should count: found in both languages, and not in ordinary work."""

from __future__ import annotations

import csv

import pandas as pd
import pytest

from classify.sensitive import SOURCE, is_sensitive, sensitive, words

SENSITIVE = (
    *("Gesprek bedrijfsarts", "Re-integratie week 3", "BURN-OUT terugkomgesprek", "Fysio 9:00", "Naar huisarts"),
    *("Zwangerschapsverlof overdracht", "Ouderschapsverlof plannen", "Mantelzorg", "Uitvaart", "Condoleance"),
    *("Overleg OR", "Ondernemingsraadsvergadering", "Vakbond over cao", "Exitgesprek", "Ontslagdossier", "Mediation"),
    *("Vertrouwenspersoon", "Melding misstand", "Functioneringstraject gesprek"),
    *("Occupational health", "Sick leave return", "Return to work meeting", "Maternity cover", "Bereavement"),
    *("Works council", "Trade union call", "Exit interview", "Grievance hearing", "Harassment complaint", "Therapy"),
)
ORDINARY = (
    *("Kwartaalplanning vergunningen", "Backlog or roadmap?", "Overleg toezicht", "Teamoverleg", "Wie beslist?"),
    *("Klacht van een klant", "Medicijnen bestellen", "Zorgkantoor contract", "Order 66", "European Union funding"),
    *("Performance review of the database", "Strike price model", "Incident betaalsysteem", "Organisatiestructuur"),
)


@pytest.mark.parametrize("title", SENSITIVE)
def test_sensitive_subjects_are_found(title):
    assert is_sensitive(title)
    assert is_sensitive(f"{title.upper()} - kamer 3")


@pytest.mark.parametrize("title", ORDINARY)
def test_ordinary_work_is_not(title):
    assert not is_sensitive(title)


def test_a_body_counts_as_a_title_does_and_no_text_is_not_sensitive():
    rows = pd.DataFrame(
        {"title": ["Afspraak", None, "Planning"], "body": ["bij de bedrijfsarts", None, None]}, dtype="str"
    )
    assert list(sensitive(rows)) == [True, False, False]


def test_every_line_of_the_list_has_a_kind_a_language_and_words_that_are_found():
    with SOURCE.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert {language for _, language, _ in rows} == {"nl", "en"}
    assert {kind for kind, _, _ in rows} == set(words().concepts)
    for kind, _, listed in rows:
        for word in listed.split(", "):
            found = is_sensitive(word.replace("*", ""))
            assert found, (kind, word)
