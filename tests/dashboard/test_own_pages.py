"""The pages about one's own work: their sentences come from their sheets, groups see no title, and links open and close."""

from __future__ import annotations

import re

import pytest
from dashboard_planted import SECRET, ask, components, content, texts

from analysis.period import Period
from dashboard.views.returning import returning_view
from dashboard.views.roles import roles_view
from dashboard.views.stopping import stopping_view
from dashboard.words import Words
from privacy.refusal import Refusal
from privacy.viewer import Viewer

ME = Viewer("self", person_id="p1")
OWN_PAGES = ("/roles", "/returning", "/stopping")
NUMBER = re.compile(r"\d[\d.,]*\d%?|\d%?")


@pytest.fixture(scope="module")
def period(door) -> Period:
    return door.overview().period


def said_and_shown(view, words, parts):
    cells = {cell.text(words) for part in parts for row in part.sheet.rows for cell in row}
    return set(NUMBER.findall(view.headline)), cells | {cell.rstrip("%") for cell in cells}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_numbers_of_a_headline_stand_in_the_table(door, period, language):
    words = Words(language)
    view = roles_view(door.roles(ME, period), words, ME.role)
    said, shown = said_and_shown(view, words, view.parts)
    assert said
    assert said <= shown
    stopping = stopping_view(door.stopping(ME, period), words, ME)
    hours = NUMBER.findall(stopping.headline)[-1]
    assert hours in {cell.text(words) for row in stopping.series.sheet.rows for cell in row}
    found = door.signals(ME, period)
    returning = returning_view(found, words, ME.role)
    said, shown = said_and_shown(returning, words, [returning.subjects])
    assert said - {str(found.window.weeks)} <= shown


@pytest.mark.parametrize("viewer", [Viewer("mt"), Viewer("mt", unit="Intake"), Viewer("hr")], ids=lambda each: each.key)
def test_series_and_subjects_are_for_oneself(door, period, viewer):
    assert door.stopping(viewer, period) == Refusal("own_view_only", {})
    assert door.signals(viewer, period) == Refusal("own_view_only", {})


@pytest.mark.parametrize("path", OWN_PAGES)
@pytest.mark.parametrize("viewer", ["mt", "mt:Intake", "hr"])
def test_no_title_reaches_a_group_in_any_letters(client, path, viewer):
    answer = ask(client, path, f"?viewer={viewer}&lang=en")
    assert SECRET.lower() not in answer.get_data(as_text=True).lower()


def test_titles_behind_a_subject_are_for_oneself(door, client, period):
    topic = door.signals(ME, period).topics[0].topic_id
    assert {meeting.title[:5] for meeting in door.topic_meetings(ME, period, topic)} == {SECRET}
    for viewer in (Viewer("mt"), Viewer("hr")):
        assert door.topic_meetings(viewer, period, topic) == Refusal("own_titles_only", {})
        answer = ask(client, "/returning", f"?viewer={viewer.key}&topic={topic}&lang=en")
        assert "This page is for one person at a time" in texts(content(answer))
        assert SECRET.lower() not in answer.get_data(as_text=True).lower()
        assert client.get(f"/numbers/returning/meetings.csv?viewer={viewer.key}&topic={topic}").status_code == 403
    assert door.topic_meetings(Viewer("self", person_id="ceo"), period, topic) == Refusal("not_permitted", {})


def test_a_subject_opens_and_closes_by_link_and_keeps_the_state(client):
    tree = content(ask(client, "/returning", "?viewer=self:p1&period=2026Q2&lang=nl"))
    links = [each["props"]["href"] for each in components(tree, "Anchor")]
    opening = next(link for link in links if "topic=" in link)
    assert opening.startswith("/returning?viewer=self%3Ap1&period=2026Q2&lang=nl&topic=")
    opened = content(ask(client, *opening.split("?", 1)[:1], "?" + opening.split("?", 1)[1]))
    back = [each["props"]["href"] for each in components(opened, "Anchor") if texts(each) == "Alle onderwerpen"]
    assert back == ["/returning?viewer=self%3Ap1&period=2026Q2&lang=nl"]
    assert len([each for each in components(opened) if each["props"].get("id") == "headline"]) == 1
    others = [
        each["props"]["href"] for each in components(opened, "Anchor") if each["props"]["href"].startswith("/time")
    ]
    assert not [link for link in others if "topic=" in link]


def test_an_unknown_subject_shows_all_of_them(client):
    said = texts(content(ask(client, "/returning", "?viewer=self:p1&topic=<script>&lang=en")))
    assert "The subject in the address is not one of these" in said
    assert "keeps coming back" in texts(content(ask(client, "/returning", "?viewer=self:p1&topic=abcd1234&lang=en")))


def test_the_menu_has_three_parts_and_says_where_we_are(client):
    tree = content(ask(client, "/roles", "?viewer=mt&lang=en"))
    menus = [each for each in components(tree, "Details") if each["props"].get("className") == "menu"]
    assert [texts(components(menu, "Summary")[0]).strip() for menu in menus] == ["UsRoles", "Organisation", "Trust"]
    current = [each for each in components(tree, "Anchor") if each["props"].get("aria-current") == "page"]
    assert [each["props"]["href"].split("?")[0] for each in current] == ["/roles"]
