"""The trained model as two files: plain arrays that run no code when read, and a card that says where it came from."""

from __future__ import annotations

import dataclasses
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import skops.io

from classify.features import Features, Weights
from classify.model import Classifier
from store.errors import BadInput, Unreachable

FOLDER = Path(__file__).with_name("model")
MODEL, CARD = "model.skops", "card.json"
_BLOCKS = ("words", "parts", "body")


def save(classifier: Classifier, card: dict[str, Any], folder: Path = FOLDER) -> None:
    """Write model and card into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    skops.io.dump(_state(classifier), folder / MODEL, compression=8)
    (folder / CARD).write_text(json.dumps(card, indent=2, sort_keys=True) + "\n", encoding="utf-8")


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
    return state


@lru_cache(maxsize=4)
def load(folder: Path = FOLDER) -> Classifier:
    """The classifier in a folder; without an argument the one that comes with meetload."""
    path = folder / MODEL
    if not path.exists():
        raise Unreachable(f"there is no trained model at {path}; build it with `python -m classify.train`")
    state = skops.io.load(path, trusted=[])
    features = Features(Weights(**state["weights"]))
    if features.evidence != state["evidence"].tolist():
        raise BadInput(f"{path} was trained with another glossary or other rules; run `python -m classify.train`")
    for name in _BLOCKS:
        block = getattr(features, name)
        block.vocabulary = {term: place for place, term in enumerate(state[f"{name}_terms"].tolist())}
        block.idf_ = state[f"{name}_idf"]
    classifier = Classifier(features)
    classifier.coefficients = state["coefficients"].astype(float)
    classifier.intercept = state["intercept"]
    classifier.temperature, classifier.version = state["temperature"], state["version"]
    return classifier


def card(folder: Path = FOLDER) -> dict[str, Any]:
    """Where the model came from and how right it was in cross-validation."""
    return dict(json.loads((folder / CARD).read_text(encoding="utf-8")))
