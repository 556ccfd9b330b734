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
from privacy.groups import MINIMUM
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
@pytest.mark.parametrize("viewer", [ME, Viewer("mt"), Viewer("hr")], ids=lambda viewer: viewer.key)
def test_the_numbers_of_a_headline_stand_in_the_table(door, period, viewer, language):
    words = Words(language)
    view = roles_view(door.roles(viewer, period), words, viewer.role)
    said, shown = said_and_shown(view, words, view.parts)
    assert said
    assert said <= shown
    stopping = stopping_view(door.stopping(viewer, period), words, viewer)
    hours = NUMBER.findall(stopping.headline)[-1]
    assert hours in {cell.text(words) for row in stopping.series.sheet.rows for cell in row}
    found = door.signals(viewer, period)
    returning = returning_view(found, words, viewer.role)
    said, shown = said_and_shown(returning, words, [returning.subjects])
    assert said - {str(found.window.weeks)} <= shown


def test_a_group_sees_no_title_no_organiser_and_no_small_number(door, period):
    for viewer in (Viewer("mt"), Viewer("mt", unit="Intake"), Viewer("hr")):
        found = door.stopping(viewer, period)
        assert (found.titles, found.names) == ({}, {})
        assert all(each.people >= MINIMUM for each in found.stopping.series)
        assert all(each.organizer_id is None for each in found.stopping.series)
        signals = door.signals(viewer, period)
        assert all(each.people >= MINIMUM and each.topic == "" for each in signals.topics)
        assert all(set(each.teams) <= {""} and each.highest_level is None for each in signals.topics)
        roles = door.roles(viewer, period)
        assert (roles.both_sides, roles.standing, roles.lately.endless, roles.lately.clashes) == ((), (), (), ())
        assert all(each.people >= MINIMUM for each in (*roles.functions, *roles.weeks.weeks))


def test_what_is_left_of_the_functions_is_none_or_many(door, period):
    """Thirty medewerkers and four of staf: with the thirty shown, the four would be the rest."""
    assert door.roles(Viewer("mt"), period).functions == ()
    assert [each.name for each in door.roles(Viewer("mt", unit="Intake"), period).functions] == ["medewerker"]


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
        assert "Titles are for the person whose calendar it is." in texts(content(answer))
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
