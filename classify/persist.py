"""The trained model as two files: plain arrays that run no code when read, and a card that says where it came from.

The card holds a digest of both; a file that was changed afterwards is refused. The digest of the model that comes with
meetload is recorded once more in the package, outside the model's folder.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import skops.io

from classify import glossary, rules
from classify.features import Features, Weights
from classify.meanings import Meanings
from classify.model import Classifier
from classify.signing import digest_of
from store.errors import BadInput, Unreachable

FOLDER = Path(__file__).with_name("model")
RECORD = Path(__file__).with_name("model.sha256")
MODEL, CARD = "model.skops", "card.json"
LARGEST = 50_000_000
_BLOCKS = ("words", "parts", "body")


def save(classifier: Classifier, card: dict[str, Any], folder: Path = FOLDER) -> None:
    """Write model and card into a folder; the digest of a model that goes into the package is recorded beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    skops.io.dump(_state(classifier), folder / MODEL, compression=8)
    digest = digest_of((folder / MODEL).read_bytes(), card)
    text = json.dumps(card | {"digest": digest}, indent=2, sort_keys=True) + "\n"
    (folder / CARD).write_text(text, encoding="utf-8")
    if folder == FOLDER:
        RECORD.write_text(digest + "\n", encoding="utf-8")


def _state(classifier: Classifier) -> dict[str, Any]:
    features = classifier.features
    state: dict[str, Any] = {
        "version": classifier.version,
        "temperature": float(classifier.temperature),
        "weights": dataclasses.asdict(features.weights),
        "evidence": np.array(features.evidence),
        "coefficients": classifier.coefficients.astype(np.float32),
        "intercept": classifier.intercept,
    }
    for name in _BLOCKS:
        block = getattr(features, name)
        state |= {f"{name}_terms": block.get_feature_names_out().astype(str), f"{name}_idf": block.idf_}
    return state | {"meanings_terms": features.meanings.get_feature_names_out()}


def load(folder: Path = FOLDER) -> Classifier:
    """The classifier in a folder, as it was saved; without an argument the one that comes with meetload."""
    return _read(folder, checked(folder))


def checked(folder: Path = FOLDER) -> str:
    """The digest of the model in a folder; raises where model, card or word lists are not what they were."""
    path = folder / MODEL
    if not path.exists():
        raise Unreachable(f"there is no trained model at {path}; build it with `python -m classify.train`")
    if path.stat().st_size > LARGEST:
        raise BadInput(f"{path} is larger than any model of meetload ({LARGEST // 1_000_000} MB); it was not opened")
    known = card(folder)
    digest = digest_of(path.read_bytes(), known)
    if digest != known.get("digest") or (folder == FOLDER and digest != _recorded()):
        raise BadInput(
            f"the model in {folder} was changed after it was made, so it is not used; "
            "install meetload anew or train it again"
        )
    if folder != FOLDER and known.get("lists_digest", lists_digest()) != lists_digest():
        raise BadInput(
            f"the model in {folder} was trained with other word lists than this meetload has; "
            "train it anew with `meetload train`, or go back with `meetload rollback --by NAME`"
        )
    return digest


def lists_digest() -> str:
    """A fingerprint of the word lists that a model is trained with."""
    return hashlib.sha256(glossary.SOURCE.read_bytes() + rules.SOURCE.read_bytes()).hexdigest()


def _recorded() -> str:
    return RECORD.read_text(encoding="utf-8").strip() if RECORD.exists() else ""


@lru_cache(maxsize=4)
def _read(folder: Path, digest: str) -> Classifier:
    del digest  # part of the key: another file in the same folder is another model
    path = folder / MODEL
    state = skops.io.load(path, trusted=[])
    features = Features(Weights(**state["weights"]))
    if features.evidence != state["evidence"].tolist():
        raise BadInput(f"{path} was trained with another glossary or other rules; run `python -m classify.train`")
    for name in _BLOCKS:
        block = getattr(features, name)
        block.vocabulary = {term: place for place, term in enumerate(state[f"{name}_terms"].tolist())}
        block.idf_ = state[f"{name}_idf"]
    features.meanings = Meanings(state["meanings_terms"].tolist())
    classifier = Classifier(features)
    classifier.coefficients = state["coefficients"].astype(float)
    classifier.intercept = state["intercept"]
    classifier.temperature, classifier.version = state["temperature"], state["version"]
    return classifier


def card(folder: Path = FOLDER) -> dict[str, Any]:
    """Where the model came from and how right it was in cross-validation."""
    try:
        return dict(json.loads((folder / CARD).read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise BadInput(f"the card {folder / CARD} cannot be read, so its model is not used") from error
