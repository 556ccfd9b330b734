"""Whole pages through the test client: who may see what, and what is said when there is nothing to see."""

from __future__ import annotations

import csv
import logging
from io import StringIO

import dashboard_planted as planted
import pytest
from dashboard_planted import SECRET, ask, client_of, components, content, texts

from dashboard.app import create_app
from dashboard.charts import GRAPH
from dashboard.pages import PAGES
from privacy.door import Door
from store.database import Store, writing

VIEWERS = ("self:p1", "mt", "mt:Intake", "hr")
FORGED = ("self:ceo", "self:p2", "self:nobody", "mt:Zwaan", "mt:nowhere", "hr:x", "admin", "self:", "?")
TITLED = {"labels", "stopping"}
SHEETS = {
    "time": ("division", "weeks", "focus", "answers"),
    "roles": ("mix", "weeks", "day", "habits", "subjects"),
    "returning": ("subjects", "saving"),
    "stopping": ("series", "choices"),
    "coordination": ("weeks", "summary"),
    "dependence": ("card",),
    "checks": ("checks",),
}


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("viewer", VIEWERS)
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_page_answers_every_viewer(client, page, viewer, language):
    answer = ask(client, page.path, f"?viewer={viewer}&lang={language}")
    assert answer.status_code == 200
    tree = content(answer)
    assert len(components(tree, "H1")) == 1
    assert len([each for each in components(tree) if each["props"].get("id") == "headline"]) == 1
    # Titles are on few pages, and only for the person whose calendar it is.
    assert (SECRET in answer.get_data(as_text=True)) == (page.name in TITLED and viewer.startswith("self"))


@pytest.mark.parametrize("viewer", FORGED)
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_forged_viewer_gets_a_sentence_and_nothing_else(client, page, viewer):
    answer = ask(client, page.path, f"?viewer={viewer}&lang=en")
    said = texts(content(answer))
    assert "not open to you" in said or "does not exist" in said
    assert not components(content(answer), "Graph")
    assert not components(content(answer), "Table")
    assert SECRET not in answer.get_data(as_text=True)


@pytest.mark.parametrize("viewer", FORGED)
def test_a_forged_viewer_gets_no_file(client, viewer):
    for page, sheets in SHEETS.items():
        for sheet in sheets:
            answer = client.get(f"/numbers/{page}/{sheet}.csv", query_string={"viewer": viewer})
            assert answer.status_code == 403
            assert answer.mimetype == "text/plain"
            assert SECRET not in answer.get_data(as_text=True)


def test_every_callback_refuses_a_forged_viewer(client, door):
    """Fails the day somebody adds a callback on the server that forgets to ask who looks."""
    app = create_app(door)
    client = app.server.test_client()
    client.get("/_dash-layout")
    served = {key: spec for key, spec in app.callback_map.items() if "callback" in spec}
    assert [key for key in served if "_pages_content" not in key] == []
    for viewer in FORGED:
        for spec in served.values():
            inputs = [
                dict(each) | {"value": f"?viewer={viewer}" if each["property"] == "search" else "/"}
                for each in spec["inputs"]
            ]
            answer = client.post(
                "/_dash-update-component",
                json={
                    "output": ".._pages_content.children..._pages_store.data..",
                    "outputs": [
                        {"id": "_pages_content", "property": "children"},
                        {"id": "_pages_store", "property": "data"},
                    ],
                    "changedPropIds": [],
                    "inputs": inputs,
                    "state": [],
                },
            )
            assert SECRET not in answer.get_data(as_text=True)
            assert not components(content(answer), "Graph")


def test_every_other_route_keeps_the_secret(client, door):
    for rule in create_app(door).server.url_map.iter_rules():
        if "GET" in rule.methods and not rule.arguments:
            assert SECRET.encode() not in client.get(rule.rule).data, rule.rule


@pytest.mark.parametrize("page", SHEETS)
def test_a_file_holds_the_numbers_of_the_page(client, page):
    path = next(each.path for each in PAGES if each.name == page)
    tree = content(ask(client, path, "?viewer=self:p1&lang=en"))
    shown = {table["props"]["data"]["caption"]: table["props"]["data"] for table in components(tree, "Table")}
    for sheet in SHEETS[page]:
        answer = client.get(f"/numbers/{page}/{sheet}.csv?viewer=self:p1&lang=en")
        assert answer.status_code == 200
        assert answer.mimetype == "text/csv"
        assert f"meetload-{page}-{sheet}-self_p1-2026-01-05_2026-06-14.csv" in answer.headers["Content-Disposition"]
        lines = list(csv.reader(StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))
        if page != "checks":
            caption = next(caption for caption, data in shown.items() if data["head"] == lines[0])
            rows = shown[caption]["body"] + ([shown[caption]["foot"]] if "foot" in shown[caption] else [])
            assert len(lines) == 1 + len(rows)


def test_an_unknown_file_is_not_found(client):
    assert client.get("/numbers/time/nothing.csv").status_code == 404
    assert client.get("/numbers/nothing/weeks.csv").status_code == 404
    assert client.get("/numbers/time/weeks.csv?period=2019").status_code == 404


def test_the_headline_says_what_was_planted(client):
    """Weekly five meetings; p1 was away two of 23 whole weeks, and coordination takes longer every week."""
    said = texts(content(ask(client, "/coordination", "?viewer=self:p1&lang=en")))
    assert "Rising" in said
    assert "Coordination takes more of working time than it did" in said


def test_a_small_group_is_told_the_threshold_and_why(tmp_path):
    small = planted.organisation(tmp_path, people=10)
    client = client_of(small, planted.told(small))
    said = texts(content(ask(client, "/dependence", "?viewer=hr&lang=en")))
    assert "groups of 50 people or more" in said
    assert "points at a person" in said
    dutch = texts(content(ask(client, "/dependence", "?viewer=hr&lang=nl")))
    assert "groepen van 50 mensen of meer" in dutch


def test_an_empty_store_teaches(tmp_path):
    path = tmp_path / "empty.db"
    with writing(path):
        pass
    said = texts(content(ask(client_of(Store(path)), "/", "?lang=en")))
    assert "There are no meetings here yet." in said
    assert "meetload demo" in said


def test_a_store_of_nobody_says_so(tmp_path):
    client = client_of(planted.organisation(tmp_path, people=3, owner=""))
    said = texts(content(ask(client, "/", "?lang=en")))
    assert "nobody to show them to" in said


def test_without_labels_there_is_still_something_to_see(tmp_path):
    client = client_of(planted.organisation(tmp_path, labelled=False))
    time = ask(client, "/", "?lang=en")
    assert "have no labels yet" in texts(content(time))
    assert "Not labelled yet" in texts(content(time))
    assert "have no labels yet" in texts(content(ask(client, "/coordination", "?lang=en")))


def test_a_period_without_meetings_says_what_there_is(client):
    said = texts(content(ask(client, "/", "?viewer=self:p1&period=2019&lang=en")))
    assert "What is available runs from 5 January 2026 to 14 June 2026." in said


@pytest.mark.parametrize("query", ["?period=soon", "?lang=xx", "?show=loud", "?period=2026&period=2025"])
def test_a_bad_address_is_answered_politely(client, query):
    answer = ask(client, "/", query)
    assert answer.status_code == 200
    assert "address" in texts(content(answer))
    assert components(content(answer), "Graph")


def test_words_follow_the_reader_where_the_address_names_none(client):
    assert "Waar gaat mijn tijd heen?" in texts(content(ask(client, "/", language="nl,en;q=0.5")))
    assert "Where does my time go?" in texts(content(ask(client, "/", language="fr")))


def test_links_keep_the_state(client):
    tree = content(ask(client, "/", "?viewer=mt:Intake&period=2026Q1&lang=nl"))
    links = [each["props"]["href"] for each in components(tree, "Anchor")]
    assert "/coordination?viewer=mt%3AIntake&period=2026Q1&lang=nl" in links
    assert all("viewer=mt%3AIntake" in link and "lang=nl" in link for link in links)
    own = content(ask(client, "/", "?viewer=self:p1&period=2026Q1&lang=nl"))
    assert "/?viewer=self%3Ap1&period=2026Q2&lang=nl" in [each["props"]["href"] for each in components(own, "Anchor")]


def test_the_demo_says_so_on_every_page(tmp_path):
    client = client_of(planted.organisation(tmp_path, demo="yes"))
    for page in PAGES:
        badges = [
            each for each in components(content(ask(client, page.path))) if each["props"].get("className") == "badge"
        ]
        assert [texts(badge) for badge in badges] == ["Demo"]


def test_outside_the_demo_there_is_no_badge(client):
    tree = content(ask(client, "/"))
    assert not [each for each in components(tree) if each["props"].get("className") == "badge"]


def test_every_picture_has_words_and_no_buttons(client):
    for page in PAGES:
        tree = content(ask(client, page.path, "?viewer=mt&lang=en"))
        assert all(graph["props"]["config"] == GRAPH for graph in components(tree, "Graph"))
        for figure in components(tree, "Figure"):
            drawings = [each for each in components(figure) if each["props"].get("role") == "img"]
            assert len(drawings) == 1
            assert drawings[0]["props"]["aria-label"]
            assert components(figure, "Table")
            assert components(figure, "Figcaption")


def test_a_failure_shows_a_number_and_nothing_of_itself(client, monkeypatch, caplog):
    def fail(*_):
        raise RuntimeError(SECRET)

    monkeypatch.setattr(Door, "split", fail)
    with caplog.at_level(logging.ERROR):
        page = ask(client, "/", "?viewer=self:p1&lang=nl")
        file = client.get("/numbers/time/weeks.csv?viewer=self:p1")
    said = texts(content(page))
    assert "Er ging bij ons iets mis." in said
    assert page.get_json()["response"]["_pages_store"]["data"]["title"] == "Er ging bij ons iets mis."
    reference = said.split(": ")[-1].strip()
    assert reference in caplog.text
    assert file.status_code == 500
    for answer in (page.get_data(as_text=True), file.get_data(as_text=True), caplog.text):
        assert SECRET not in answer
    assert "Traceback" not in page.get_data(as_text=True)


def test_an_address_without_a_page(client):
    answer = ask(client, "/nowhere", "?lang=en")
    assert "There is no page at this address." in texts(content(answer))


def test_two_apps_in_one_process_keep_their_own_doors(client, tmp_path):
    other = client_of(planted.organisation(tmp_path, people=12))
    assert "46 people" in texts(content(ask(client, "/", "?lang=en")))
    assert "28 people" in texts(content(ask(other, "/", "?lang=en")))
    assert "46 people" in texts(content(ask(client, "/", "?lang=en")))
