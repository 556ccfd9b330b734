"""Real helper processes over a small store: what they answer, and what is said while they are at it."""

from __future__ import annotations

import json
import math
import sys
import time
from datetime import date
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "dashboard"))

from dashboard_planted import ask, components, content, organisation, texts

from analysis.period import monday
from analysis.snapshots import KEPT_TABLES
from dashboard.app import create_app
from meetload.helper import EVERYTHING, OWN, Helpers
from meetload.helper import _who as who
from meetload.planning import ahead, first_of_all
from privacy.answers import NotReady, Question, State
from privacy.door import ANYBODY, Door
from privacy.viewer import Viewer
from store.database import Store, writing
from store.kept import kept_folder
from store.packed import packed

TODAY = date(2026, 6, 20)
SINCE = monday(TODAY).isoformat()
ME = Viewer("self", person_id="p1")
MOST = 120.0


@pytest.fixture(scope="module")
def path(tmp_path_factory) -> Path:
    return organisation(tmp_path_factory.mktemp("helped")).path


@pytest.fixture(scope="module")
def helpers(path):
    found = Helpers(path, TODAY)
    yield found
    found.stop()


@pytest.fixture(scope="module")
def door(path, helpers) -> Door:
    return Door(Store(path, kept_since=SINCE), TODAY, helpers)


@pytest.fixture(scope="module")
def plain(path) -> Door:
    return Door(Store(path), TODAY)


def at_last(get):
    """What it gives when it is ready; an answer that never comes fails the test."""
    end = time.monotonic() + MOST
    while time.monotonic() < end:
        try:
            return get()
        except NotReady:
            time.sleep(0.05)
    raise AssertionError("it never came")


def is_near(one, other) -> bool:
    """Whether two packed answers say the same; sums over rows in another order differ in their last digits."""
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(is_near, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(is_near(one[key], other[key]) for key in one)
    return one == other


@pytest.mark.parametrize("name", ["split", "roles", "dependence", "drift", "stopping", "signals", "checks"])
def test_a_helper_gives_the_same_answer(door, plain, name):
    period = plain.overview().period
    found = at_last(lambda: getattr(door, name)(ME, period))
    assert is_near(json.loads(packed(found)), json.loads(packed(getattr(plain, name)(ME, period))))


def test_what_is_known_is_asked_of_nobody(path, door, plain):
    period = plain.overview().period
    at_last(lambda: door.split(ME, period))

    class Nobody:
        def ask(self, _question, _snapshot) -> State:
            raise AssertionError

        def state(self, _ticket) -> State:
            raise AssertionError

    again = Door(Store(path, kept_since=SINCE), TODAY, Nobody())
    assert again.split(ME, period) == plain.split(ME, period)


def test_what_goes_wrong_says_nothing_of_the_store(helpers, door, plain, caplog):
    wrong = Question("no such question", ME, plain.overview().period)
    with pytest.raises(RuntimeError, match="could not work out"):
        at_last(lambda: door.work_out(wrong))
    assert "KeyError" in caplog.text
    assert "Zwaan" not in caplog.text


class Slow:
    """A helper that has done three pieces of twelve and knows no answer."""

    def ask(self, _question, _snapshot) -> State:
        return State(3, 12)

    def state(self, ticket) -> State:
        return State(3, 12, is_there=ticket == "there")


@pytest.fixture
def slow(path):
    client = create_app(Door(Store(path), TODAY, Slow())).server.test_client()
    client.get("/_dash-layout")
    return client


@pytest.mark.parametrize(("language", "said"), [("en", "being worked out"), ("nl", "uitgerekend")])
def test_a_page_says_that_it_is_being_worked_out(slow, language, said):
    tree = content(ask(slow, "/coordination", f"?viewer=self:p1&lang={language}"))
    assert said in texts(tree)
    (bar,) = components(tree, "Progress")
    assert (bar["props"]["value"], bar["props"]["max"]) == ("3", "12")
    (waiting,) = [each for each in components(tree, "Div") if each["props"].get("id") == "waiting"]
    assert slow.get(waiting["props"]["data-ask"]).get_json() == {"ready": False, "done": 3, "total": 12}
    assert slow.get("/ready/there").get_json()["ready"]


def test_a_refusal_waits_for_nobody(slow):
    said = texts(content(ask(slow, "/", "?viewer=mt:Staf&lang=en")))
    assert "not open to you" in said


def test_a_file_says_when_to_come_back(slow):
    answer = slow.get("/numbers/time/division.csv", query_string={"viewer": "self:p1", "lang": "en"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "3")
    assert answer.mimetype == "text/plain"


def test_the_first_page_is_worked_out_first_and_nothing_of_a_group_is_in_the_plan(plain):
    questions = first_of_all(plain)
    assert [(each.name, each.viewer) for each in questions[:2]] == [("split", ME), ("checks", ANYBODY)]
    assert len(questions) == len(set(questions))
    assert {each.viewer for each in questions} == {ME, ANYBODY}
    later = list(ahead(plain))
    assert {each.period for each in later}.isdisjoint({plain.overview().period}) or later


def test_a_person_waits_only_while_what_the_answer_reads_is_not_kept(path, plain):
    asked = Question("split", ME, plain.overview().period)
    kept = Store(path, kept_since="another week")
    assert who(asked, kept.snapshot()) == EVERYTHING
    for name in KEPT_TABLES:
        kept.snapshot().keep(name, lambda tables: tables.people)
    assert who(asked, kept.snapshot()) == OWN
    assert who(Question("checks", ANYBODY, asked.period), kept.snapshot()) == EVERYTHING


def test_after_a_change_the_old_answers_are_gone(tmp_path):
    path = organisation(tmp_path, people=12).path
    store = Store(path, kept_since=SINCE)
    door = Door(store, TODAY)
    before = door.split(ME, door.overview().period)
    assert any(kept_folder(path).rglob("*.json"))
    with writing(path) as writer:
        writer.delete_meetings(["m0-0"])
    assert not kept_folder(path).exists()
    assert door.split(ME, door.overview().period).hours < before.hours
