"""The page where a person corrects labels: for that person alone, by plain forms, in force at once."""

from __future__ import annotations

import dashboard_planted as planted
import pytest
from dashboard_planted import SECRET, ask, client_of, components, content, texts
from organisation import Small, at

from store.database import Store, writing

HERE = {"Sec-Fetch-Site": "same-origin"}
TITLE = f"Kompas {SECRET}"


@pytest.fixture
def store(tmp_path):
    """p1 has a weekly series and one meeting of their own; the others have one without p1."""
    small = Small()
    for number in range(1, 31):
        small.person(f"p{number}", department="Intake")
    for week in range(8):
        small.meeting(f"w{week}", at(7 * week, "9:00"), 60, ["p1", "p2"], title=TITLE, series_id="w")
    small.meeting("one", at(2, "13:00"), 30, ["p1"], "other", title=f"Vuurtoren <b>{SECRET}</b>")
    small.meeting("theirs", at(3, "13:00"), 600, ["p2", "p3"], title=f"Overleg van anderen {SECRET}")
    for row in small.labels:
        row["probability"] = 0.4 if row["meeting_id"].startswith("w") else 0.9
    found = small.store(tmp_path)
    with writing(found.path) as writer:
        writer.set("owner", "p1")
    return found


@pytest.fixture
def client(store):
    return client_of(store)


def page(client, query="?viewer=self:p1&lang=en"):
    return content(ask(client, "/labels", query))


def say(client, meeting="w7", label="design", viewer="self:p1", headers=HERE):
    address = {"viewer": viewer, "lang": "en", "meeting": meeting}
    return client.post("/labels/say", query_string=address, data={"label": label}, headers=headers)


def label_of(store, meeting="w0"):
    rows = Store(store.path).frame("labels").set_index("meeting_id")
    return rows.loc[meeting, "label"], rows.loc[meeting, "decided_by"]


def test_the_queue_of_ones_own_meetings_with_reasons_in_the_readers_language(client):
    tree = page(client)
    assert [texts(each).strip() for each in components(tree, "H2")][:2] == [TITLE, f"Vuurtoren <b>{SECRET}</b>"]
    said = texts(tree)
    assert "2 series of yours are worth a look" in said
    assert "8 meetings in the series" in said
    assert "Unsure; most likely coordination, 40%" in said
    assert "van anderen" not in said
    assert "in the title" in said
    dutch = texts(page(client, "?viewer=self:p1&lang=nl"))
    assert "in de titel" in dutch
    assert "Onzeker; het waarschijnlijkst is coördinatie" in dutch


def test_every_series_has_a_button_and_a_key_for_each_label(client):
    first = components(page(client), "Li")
    card = next(each for each in first if each["props"].get("data-review"))
    buttons = components(card, "Button")
    assert [each["props"]["data-key"] for each in buttons] == list("dceio")
    assert [each["props"]["aria-keyshortcuts"] for each in buttons] == list("dceio")
    assert [each["props"]["type"] for each in buttons] == ["submit"] * 5
    (form,) = components(card, "Form")
    assert form["props"]["method"] == "POST"
    assert form["props"]["action"].startswith("/labels/say?viewer=self%3Ap1")
    (group,) = components(form, "Div")
    assert (group["props"]["role"], group["props"]["aria-label"]) == ("group", f"What is “{TITLE}” for?")


def test_a_word_holds_for_the_series_at_once_and_undo_takes_it_back(client, store):
    before = label_of(store)
    answer = say(client)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/labels?viewer=self%3Ap1&lang=en")
    assert label_of(store) == ("design", "person")
    tree = page(client)
    assert f"Your last word: “{TITLE}” is design." in texts(tree)
    assert TITLE not in [texts(each).strip() for each in components(tree, "H2")]
    undo = next(each for each in components(tree, "Button") if each["props"].get("data-key") == "u")
    assert (undo["props"]["name"], undo["props"]["value"]) == ("label", "")
    assert say(client, label="").status_code == 303
    assert label_of(store)[1] == before[1] == "model"
    assert "Your last word" not in texts(page(client))
    rows = Store(store.path).frame("corrections")
    assert rows["by"].tolist() == ["p1", "p1"]


@pytest.mark.parametrize("viewer", ["mt", "mt:Intake", "hr"])
def test_no_team_and_no_hr_gets_the_queue_or_may_say_anything(client, store, viewer):
    tree = page(client, f"?viewer={viewer}&lang=en")
    assert "This view is not open to you." in texts(tree)
    assert not components(tree, "Form")
    assert SECRET not in str(tree)
    before = store.path.read_bytes()
    answer = say(client, viewer=viewer)
    assert answer.status_code == 403
    assert SECRET not in answer.get_data(as_text=True)
    assert store.path.read_bytes() == before


@pytest.mark.parametrize("viewer", ["self:p2", "self:nobody", "mt:nowhere", "admin", "?"])
def test_a_forged_viewer_changes_nothing(client, store, viewer):
    before = store.path.read_bytes()
    answer = say(client, viewer=viewer)
    assert answer.status_code == 403
    assert SECRET not in answer.get_data(as_text=True)
    assert store.path.read_bytes() == before


@pytest.mark.parametrize(
    ("meeting", "label", "status"),
    [("theirs", "design", 403), ("none", "design", 403), ("w7", "overleg", 400), ("w7", "", 400)],
)
def test_only_ones_own_meetings_and_known_labels(client, store, meeting, label, status):
    before = store.path.read_bytes()
    assert say(client, meeting, label).status_code == status
    assert store.path.read_bytes() == before


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "none"}])
def test_a_form_of_another_site_changes_nothing(client, store, headers):
    before = store.path.read_bytes()
    assert say(client, headers=headers).status_code == 403
    assert store.path.read_bytes() == before


def test_an_address_alone_changes_nothing(client):
    assert client.get("/labels/say?viewer=self:p1&meeting=w7&label=design").status_code in {200, 405}


def test_a_scan_says_that_it_keeps_no_titles(client, store):
    with writing(store.path) as writer:
        writer.set("scanned", "yes")
    assert "keeps no titles" in texts(page(client))
    assert say(client).status_code == 403


def test_a_busy_store_is_said(client, store, monkeypatch):
    from store.errors import Unreachable

    def busy(*_, **__):
        raise Unreachable("another meetload is writing to /secret/path")

    monkeypatch.setattr("classify.correcting.writing", busy)
    answer = say(client)
    assert answer.status_code == 503
    assert "/secret/path" not in answer.get_data(as_text=True)


def test_a_store_without_labels_has_nothing_to_look_at(tmp_path):
    found = planted.organisation(tmp_path, labelled=False)
    client = client_of(found)
    assert "No label in this period needs a look." in texts(page(client))
