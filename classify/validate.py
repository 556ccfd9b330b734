"""How right the classifier is: scored on kinds of organisation that it was not trained on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import softmax
from sklearn.metrics import f1_score
from sklearn.model_selection import GroupKFold

from classify.context import COLUMNS
from classify.model import Classifier
from store.schema import LABELS

if TYPE_CHECKING:
    import pandas as pd

FOLDS = 5
_BINS = 15


def out_of_fold(corpus: pd.DataFrame, folds: int = FOLDS) -> tuple[np.ndarray, np.ndarray]:
    """Scores of every row by a model that saw no row of its kind: with its circumstances, and by its text alone."""
    full, alone = np.zeros((len(corpus), len(LABELS))), np.zeros((len(corpus), len(LABELS)))
    bare = corpus.drop(columns=list(COLUMNS), errors="ignore")
    for learnt, held in GroupKFold(folds).split(corpus, groups=corpus["kind"]):
        classifier = Classifier().fit(corpus.iloc[learnt])
        full[held] = classifier.scores(corpus.iloc[held])
        alone[held] = classifier.scores(bare.iloc[held])
    return full, alone


def report(rows: pd.DataFrame, chances: np.ndarray) -> dict[str, float]:
    """Macro-F1 over all rows, per language and kind, F1 per label, calibration error, accuracy where it is sure."""
    truth, guessed = rows["label"].to_numpy(dtype=str), np.asarray(LABELS)[chances.argmax(axis=1)]
    present = [label for label in LABELS if label in set(truth)]
    each = f1_score(truth, guessed, labels=present, average=None, zero_division=0)
    scores = {"macro_f1": float(np.mean(each)), "accuracy": float((truth == guessed).mean())}
    scores |= {f"f1_{label}": float(value) for label, value in zip(present, each, strict=True)}
    for column in ("lang", "kind"):
        for value in sorted(set(rows.get(column, []))):
            mask = (rows[column] == value).to_numpy()
            some = [label for label in LABELS if label in set(truth[mask])]
            scores[f"macro_f1_{column}_{value}"] = float(
                f1_score(truth[mask], guessed[mask], labels=some, average="macro", zero_division=0)
            )
    sure = chances.max(axis=1) >= 0.9
    scores["share_sure"] = float(sure.mean())
    scores["accuracy_sure"] = float((truth == guessed)[sure].mean()) if sure.any() else float("nan")
    return scores | {"ece": calibration_error(chances, truth == guessed)}


def calibration_error(chances: np.ndarray, right: np.ndarray) -> float:
    """The expected gap between probability and accuracy, over 15 equally wide bins."""
    best = chances.max(axis=1)
    bins = np.minimum((best * _BINS).astype(int), _BINS - 1)
    gaps = [abs(best[bins == each].mean() - right[bins == each].mean()) * (bins == each).mean() for each in set(bins)]
    return float(sum(gaps))


def chances(scores: np.ndarray, temperature: float) -> np.ndarray:
    """Probabilities from scores."""
    return np.asarray(softmax(scores / temperature, axis=1))
