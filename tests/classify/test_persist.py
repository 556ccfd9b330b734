from __future__ import annotations

import copy
import json
import zipfile

import numpy as np
import pytest
import skops.io

from classify import persist
from classify.corpus import digest
from store.errors import BadInput, Unreachable


def test_a_model_reads_back_with_the_same_probabilities(small, corpus, tmp_path):
    trained = copy.copy(small)
    # The file keeps half of the digits.
    trained.coefficients = small.coefficients.astype(np.float32).astype(float)
    trained.temperature = 1.3
    persist.save(trained, {"version": "test"}, tmp_path)
    again = persist.load(tmp_path)
    np.testing.assert_array_equal(again.predict_proba(corpus.iloc[:200]), trained.predict_proba(corpus.iloc[:200]))
    assert again.names == small.names
    assert persist.card(tmp_path) == {"version": "test", "digest": persist.checked(tmp_path)}


def test_the_shipped_model_holds_no_type_that_must_be_trusted():
    assert skops.io.get_untrusted_types(file=persist.FOLDER / persist.MODEL) == []
    with zipfile.ZipFile(persist.FOLDER / persist.MODEL) as inside:
        assert not [name for name in inside.namelist() if name.endswith((".pkl", ".pickle"))]


def test_the_shipped_model_is_small():
    assert (persist.FOLDER / persist.MODEL).stat().st_size < 5_000_000


def test_the_card_belongs_to_the_corpus_and_the_model(shipped):
    card = persist.card()
    assert card["corpus_digest"] == digest()
    assert card["lists_digest"] == persist.lists_digest()
    assert card["version"] == shipped.version
    assert card["temperature"] == shipped.temperature


def test_the_card_tells_the_scores_apart():
    card = persist.card()["cross_validation"]
    for scores in card.values():
        assert {
            "macro_f1",
            "macro_f1_lang_nl",
            "macro_f1_lang_en",
            "f1_escalation",
            "macro_f1_kind_bank",
            "ece",
        } <= set(scores)
        assert abs(scores["macro_f1_lang_nl"] - scores["macro_f1_lang_en"]) < 0.05
    assert json.dumps(card)


def test_a_missing_model_says_how_to_build_one(tmp_path):
    with pytest.raises(Unreachable, match=r"classify\.train"):
        persist.load(tmp_path)


def test_a_model_of_other_rules_is_refused(small, tmp_path, monkeypatch):
    monkeypatch.setattr(small.features, "evidence", small.features.evidence[1:])
    persist.save(small, {}, tmp_path)
    with pytest.raises(BadInput, match="another glossary"):
        persist.load(tmp_path)


def test_the_shipped_model_is_recorded_outside_its_folder():
    assert persist.RECORD.read_text(encoding="utf-8").strip() == persist.checked() == persist.card()["digest"]


@pytest.mark.parametrize("name", [persist.MODEL, persist.CARD])
def test_a_tampered_model_file_is_refused(small, tmp_path, name):
    persist.save(small, {"version": "mine"}, tmp_path)
    content = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(content.replace(b"mine", b"ours") if name == persist.CARD else content[:-1] + b"!")
    with pytest.raises(BadInput, match="was changed after it was made"):
        persist.load(tmp_path)


def test_a_shipped_model_exchanged_with_its_card_is_refused(small, tmp_path, monkeypatch):
    monkeypatch.setattr(persist, "FOLDER", tmp_path)
    monkeypatch.setattr(persist, "RECORD", tmp_path / "record")
    persist.save(small, {"version": "old"}, tmp_path)
    assert persist.load(tmp_path).version == small.version
    record = persist.RECORD.read_text(encoding="utf-8")
    persist.save(small, {"version": "theirs"}, tmp_path)
    persist.RECORD.write_text(record, encoding="utf-8")
    with pytest.raises(BadInput, match="was changed"):
        persist.load(tmp_path)


def test_a_model_of_other_word_lists_or_of_absurd_size_is_refused(small, tmp_path, monkeypatch):
    persist.save(small, {"lists_digest": "other"}, tmp_path)
    with pytest.raises(BadInput, match="other word lists"):
        persist.load(tmp_path)
    monkeypatch.setattr(persist, "LARGEST", 10)
    with pytest.raises(BadInput, match="larger than any model"):
        persist.load(tmp_path)


def test_an_unreadable_card_is_refused(small, tmp_path):
    persist.save(small, {}, tmp_path)
    (tmp_path / persist.CARD).write_text("{", encoding="utf-8")
    with pytest.raises(BadInput, match="card"):
        persist.load(tmp_path)
