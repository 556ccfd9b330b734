"""Nothing learns by itself: a candidate changes nothing, a person makes it current, and the way back is exact."""

from __future__ import annotations

import json
from datetime import datetime

import pandas as pd
import pytest

from classify import corpus as corpus_of
from classify import persist, versions
from classify.candidates import reviewed
from classify.correcting import correct
from classify.own_rules import OwnRule
from meetload.labelling import label_store, standing
from meetload.training import accept, rollback, train_candidate, use_rules
from store import journal
from store.database import Store, writing
from store.errors import BadInput
from store.frames import Batch

NOW = datetime(2026, 11, 22, 9, 0)
SECRET = "Zwaan"
KINDS = ("Roots", "Kwartet", "Grondslag", "Tafelronde", "Vuurtoren", "Kompas")


@pytest.fixture(autouse=True)
def config(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture(autouse=True, scope="module")
def small_corpus():
    """A twelfth of the corpus: the same way at a twelfth of the time."""
    rows = corpus_of.load().iloc[::12].reset_index(drop=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("meetload.training.corpus.load", lambda: rows)
        yield rows


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """Six weekly series with names that say nothing, all design: their owner says so."""
    path = tmp_path_factory.mktemp("planted") / "own.db"
    names = [f"{kind} {SECRET}" for kind in KINDS] + [f"{kind} 2" for kind in KINDS]
    rows = pd.DataFrame({"meeting_id": [f"m{place}" for place in range(len(names))], "title": names})
    rows["start"] = pd.date_range("2026-01-05 09:00", periods=len(rows), freq="7D")
    rows["end"] = rows["start"] + pd.Timedelta(minutes=45)
    with writing(path) as writer:
        writer.add(Batch(meetings=rows))
    label_store(path)
    for place in range(len(KINDS)):
        correct(path, f"m{place}", "design", "ann", NOW)
    return path


@pytest.fixture(scope="module")
def trained(planted):
    before = planted.read_bytes()
    result = train_candidate(planted, None, NOW)
    assert planted.read_bytes() == before, "train does not touch the store"
    return result


@pytest.fixture
def own(planted, trained, tmp_path):
    """A copy of the store with its candidate."""
    path = tmp_path / "own.db"
    path.write_bytes(planted.read_bytes())
    target = versions.folder_of(path) / versions.CANDIDATE
    target.mkdir(parents=True)
    for name in (persist.MODEL, persist.CARD):
        (target / name).write_bytes((trained.folder / name).read_bytes())
    return path


def labels(path):
    return Store(path).frame("labels").sort_values("meeting_id", ignore_index=True)


def test_train_does_not_touch_the_current_model(planted, trained):
    assert standing(planted).version == trained.current == persist.card()["version"]
    assert not standing(planted).accepted
    assert trained.folder == versions.folder_of(planted) / versions.CANDIDATE


def test_both_models_answer_the_same_questions(trained, small_corpus):
    found = trained.comparison
    assert found.current.questions == found.candidate.questions == len(small_corpus)
    assert found.current_reviewed.questions == found.candidate_reviewed.questions == len(KINDS)
    assert abs(found.current.macro_f1 - found.candidate.macro_f1) < 0.1
    # Six titles share one name: what five taught, the sixth answers; the current model never heard of it.
    assert found.candidate_reviewed.right > found.current_reviewed.right


def test_the_card_says_what_it_learnt_from_and_holds_no_title(trained):
    card = persist.card(trained.folder)
    assert card["corrections"] == len(KINDS)
    assert card["version"] == trained.version
    assert card["compared"]["candidate_reviewed"]["questions"] == len(KINDS)
    text = json.dumps(card)
    assert SECRET not in text
    assert "kind_own" not in text
    assert "lang_own" not in text


def test_accept_then_rollback_gives_identical_labels(own):
    before = labels(own)
    accepted = accept(own, None, "ann", NOW)
    after = labels(own)
    assert set(after["model_version"]) == {accepted.version}
    assert accepted.changed == (after["label"] != before["label"]).sum()
    assert standing(own).accepted
    back = rollback(own, "kim", NOW)
    assert back.version == persist.card()["version"]
    pd.testing.assert_frame_equal(labels(own), before)
    chain = Store(own).frame("journal")
    assert journal.broken(chain) is None
    assert chain.sort_values("at")[["actor", "action"]].to_numpy().tolist()[-2:] == [
        ["ann", "accept a model"],
        ["kim", "roll a model back"],
    ]
    assert not chain["scope"].str.contains(SECRET).any()
    with pytest.raises(BadInput, match="nothing to go back to"):
        rollback(own, "kim", NOW)


def test_an_accepted_model_that_was_tampered_with_is_refused(own):
    accepted = accept(own, None, "ann", NOW)
    folder = versions.folder_of(own) / accepted.version
    known = persist.card(folder)
    persist.save(persist.load(folder), known | {"note": "mine now"}, folder)
    with pytest.raises(BadInput, match="changed after ann accepted it"):
        label_store(own)
    (folder / "signature.json").unlink()
    with pytest.raises(BadInput, match="not accepted by this installation"):
        label_store(own)
    rollback(own, "ann", NOW)
    assert not standing(own).accepted


def test_a_lost_model_says_what_to_do(own):
    accepted = accept(own, None, "ann", NOW)
    (versions.folder_of(own) / accepted.version).rename(own.with_name("elsewhere"))
    with pytest.raises(BadInput, match="put it back"):
        label_store(own)


def test_the_next_candidate_knows_what_the_current_one_learnt(own, trained):
    from classify.candidates import known_to

    correct(own, "m7", "other", "ann", datetime(2026, 12, 1))
    rows = reviewed(Store(own).tables())
    known = dict(zip(rows["meeting_id"], known_to(rows, persist.card(trained.folder)), strict=True))
    assert known == {f"m{place}": True for place in range(6)} | {"m7": False}
    assert not known_to(rows, persist.card()).any()


def test_own_rules_are_used_at_once_and_named_in_the_version(own):
    before = labels(own)
    rule = OwnRule("kwartet", "kwartet", "escalation", 4.0)
    use_rules(own, (rule,), "ann", NOW)
    found = labels(own).set_index("meeting_id")
    plain = before.set_index("meeting_id")
    assert found.loc["m7", "p_escalation"] > plain.loc["m7", "p_escalation"]
    assert found.loc["m8", "p_escalation"] == plain.loc["m8", "p_escalation"]
    assert found.loc["m1", "label"] == "design", "a person outranks a rule"
    assert "+rules-" in found.loc["m7", "model_version"]
    use_rules(own, (), "ann", NOW)
    pd.testing.assert_frame_equal(labels(own), before)


def test_too_little_to_learn_from_is_said(tmp_path):
    path = tmp_path / "empty.db"
    with writing(path):
        pass
    with pytest.raises(BadInput, match="needs 5 or more"):
        train_candidate(path, None, NOW)
    with pytest.raises(BadInput, match="there is no candidate"):
        accept(path, None, "ann", NOW)
    for nobody in (accept,):
        with pytest.raises(BadInput, match="say who decides"):
            nobody(path, None, " ", NOW)


def test_a_folder_of_something_else_is_not_overwritten(planted, tmp_path):
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "letter.txt").write_text("dear")
    with pytest.raises(BadInput, match="something else than a model"):
        train_candidate(planted, tmp_path / "papers", NOW)


def test_forgetting_meetings_forgets_what_was_learnt_from_them(own):
    from meetload.forgetting import forget_source

    with writing(own) as writer:
        meetings = writer.frame("meetings")
        writer.upsert("meetings", meetings.assign(source="ics"))
    accept(own, None, "ann", NOW)
    forget_source("ics", own)
    assert not versions.folder_of(own).exists()
    assert not standing(own).accepted
