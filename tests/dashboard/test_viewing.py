"""Views and exports of a served dashboard are written down; without a line there is no answer."""

from __future__ import annotations

import pytest
from dashboard_planted import ask
from dashboard_signin import Scripted, signed_in

from dashboard.app import create_app
from dashboard.signin import Gate
from privacy.identity import Grant, Grants
from privacy.viewer import Viewer
from store.viewlog import ViewLog

HERE = "http://localhost"
GRANTS = Grants((Grant("hr-viewer", Viewer("hr")), Grant("own", Viewer("self", person_id="p1"), personal=True)))
PEOPLE = {"ann": {"sub": "ann", "groups": ["hr-viewer"]}, "own": {"sub": "own", "groups": []}}


@pytest.fixture
def log(tmp_path):
    return ViewLog(tmp_path / "s.db.views.jsonl")


@pytest.fixture
def app(door, log):
    return create_app(door, gate=Gate(Scripted(PEOPLE), GRANTS, HERE), views=log)


def sign_in(app, person):
    client = app.server.test_client()
    client.environ_base["HTTP_ORIGIN"] = HERE
    return signed_in(client, person)


def told(log):
    return [(row["actor"], row["action"], row["scope"]) for row in log.rows()]


def test_views_and_exports_are_written_down(app, log):
    ann = sign_in(app, "ann")
    assert ask(ann, "/coordination", "?viewer=hr&period=2026Q1").status_code == 200
    assert ann.get("/numbers/time/weeks.csv?viewer=hr&period=2026Q1").status_code == 200
    assert told(log) == [("ann", "view", "/coordination as hr, 2026Q1"), ("ann", "export", "/ as hr, 2026Q1")]
    assert log.check() == []


def test_a_department_that_is_looked_at_is_written_down_where_the_page_is_about_it(app, log):
    ann = sign_in(app, "ann")
    ask(ann, "/escalations", "?viewer=hr&period=2026Q1&unit=Intake")
    ask(ann, "/coordination", "?viewer=hr&period=2026Q1&unit=Intake")
    scopes = [scope for _, _, scope in told(log)]
    assert scopes == ["/escalations about Intake as hr, 2026Q1", "/coordination as hr, 2026Q1"]


def test_ones_own_view_names_nobody_else(app, log):
    ask(sign_in(app, "own"), "/", "?viewer=self:p1&period=2026Q1")
    assert told(log) == [("own", "view", "/ as self, 2026Q1")]


def test_what_was_not_shown_is_no_view(app, log):
    ann = sign_in(app, "ann")
    ask(ann, "/", "?viewer=self:p1")
    ann.get("/numbers/time/weeks.csv?viewer=mt")
    assert told(log) == []


def test_without_a_line_there_is_no_answer(app, log, monkeypatch):
    ann = sign_in(app, "ann")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(log, "note", full)
    answer = ann.get("/numbers/time/weeks.csv?viewer=hr")
    assert answer.status_code == 500
    assert b";" not in answer.data.splitlines()[0]


def test_on_ones_own_machine_nothing_is_written(door, tmp_path):
    client = create_app(door).server.test_client()
    client.get("/_dash-layout")
    ask(client, "/", "?viewer=self:p1")
    assert list(tmp_path.iterdir()) == []
