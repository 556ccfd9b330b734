"""The queue in the terminal, with keys from standard input."""

from __future__ import annotations

import io

import pytest
from organisation import Small, at

from analysis import audit
from classify.correcting import correct
from meetload import reviewing
from meetload.labelling import label_store
from meetload.reviewing import queued, review
from store import clock
from store.database import Store, writing
from store.errors import BadInput

TITLES = {"a": "Overleg Vuurtoren", "b": "Kompas", "c": "Tafelronde"}


@pytest.fixture
def path(tmp_path):
    """Three meetings of one, two and three people, all in doubt."""
    small = Small()
    for place, (name, title) in enumerate(TITLES.items(), start=1):
        people = [f"p{number}" for number in range(place)]
        small.meeting(name, at(place, "9:00"), 60 * place, people, title=title)
    for number in range(3):
        small.person(f"p{number}")
    store = small.store(tmp_path)
    label_store(store.path)
    return store.path


@pytest.fixture
def typed(path, monkeypatch, capsys):
    """Review with these keys; what was said, and what people said about each title."""

    def run(keys: str, **how):
        monkeypatch.setattr("sys.stdin", io.StringIO(keys))
        made = review(path, queued(path, "en", 10, **how), "ann", **how)
        rows = Store(path).frame("labels").set_index("meeting_id")
        said = rows.loc[rows["decided_by"] == "person", "label"]
        return made, said.to_dict(), capsys.readouterr().out

    return run


def test_keys_say_labels_worthiest_first(typed, path):
    order = [question.meeting_id for question in queued(path, "en", 10)]
    made, said, out = typed("d\ni\ne\n")
    assert made == 3
    assert said == dict(zip(order, ("design", "incident", "escalation"), strict=True))
    places = [out.index(TITLES[name]) for name in order]
    assert places == sorted(places)
    assert "people" in out
    assert "in the title" in out


def test_skip_undo_and_quit(typed, path):
    order = [question.meeting_id for question in queued(path, "en", 10)]
    made, said, out = typed("s o u d q")
    assert (made, said) == (1, {order[2]: "design"})
    again, now, out = typed("u q")
    assert (again, now) == (0, {order[2]: "design"})
    assert "nothing of this session is left to undo" in out


def test_an_unknown_key_shows_the_keys_again_and_the_end_of_input_quits(typed):
    made, said, out = typed("x")
    assert (made, said) == (0, {})
    assert out.count("s skip") == 2


def test_the_random_sample_follows_the_list_that_measures_labels(typed, path):
    listed = audit.order(audit.groups(Store(path).tables()))["group"].tolist()
    assert [question.meeting_id for question in queued(path, "en", 10, random=True)] == listed
    typed("c o q", random=True)
    rows = Store(path).frame("corrections").sort_values("at")
    assert rows["meeting_id"].tolist() == listed[:2]
    assert set(rows["note"]) == {reviewing.RANDOM}
    assert [question.meeting_id for question in queued(path, "en", 10, random=True)] == listed[2:]


def test_what_is_unsure_is_called_so(typed, path):
    with writing(path) as writer:
        writer.set("unsure_below", "1.0")
    assert "unsure" in typed("q")[2]
    with writing(path) as writer:
        writer.set("unsure_below", "0.0")
    assert "unsure" not in typed("q")[2]


def test_nothing_left_is_said(typed, path):
    for name in TITLES:
        correct(path, name, "other", "ann", clock.now())
    assert "nothing to review" in typed("d")[2]


def test_a_scan_says_why_it_cannot_be_reviewed(path):
    with writing(path) as writer:
        writer.set("scanned", "yes")
    with pytest.raises(BadInput, match="keeps no titles"):
        list(queued(path, "en", 10))
