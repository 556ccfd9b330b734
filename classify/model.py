"""The classifier: linear and additive, so that every decision is an exact sum of named contributions.

With coefficients centred over the labels, the score of a label is its log-odds against the average label:

    score(label) = log p(label) - mean of log p over the labels = base rate + sum of contributions

Dividing all scores by one temperature calibrates the probabilities and leaves that sum exact.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax
from sklearn.linear_model import LogisticRegression

from classify.circumstances import counts_known
from classify.features import Features, Matrix, strings, texts
from classify.meanings import vectors
from classify.text import read
from store.schema import LABELS

INVERSE_PENALTY = 2.0
BASE = "base rate"
PROBABILITIES = [f"p_{label}" for label in LABELS]


class Classifier:
    """Gives every row of a frame (title, body and circumstances, each may be missing) a label with its reasons."""

    def __init__(self, features: Features | None = None) -> None:
        self.features = features or Features()
        self.coefficients = np.zeros((len(LABELS), 0))
        self.intercept = np.zeros(len(LABELS))
        self.temperature = 1.0
        self.version = "untrained"

    def fit(self, frame: pd.DataFrame) -> Classifier:
        """Learn from rows with a label; each counts partly with its circumstances and partly without."""
        titles, bodies = texts(frame, "title"), texts(frame, "body")
        words = self.features.fit(titles, bodies).of_texts(titles, bodies)
        context, nothing = self.features.of_context(frame), self.features.of_context(frame[["title"]])
        both = sparse.vstack([sparse.hstack([words, context]), sparse.hstack([words, nothing])], format="csr")
        labels, known = np.tile(frame["label"].to_numpy(dtype=str), 2), counts_known(frame)
        place, (_, components) = self.features.meanings_place, vectors()
        regression = LogisticRegression(C=INVERSE_PENALTY, max_iter=300, tol=1e-3)
        regression.fit(_folded(both, place, components), labels, sample_weight=np.concatenate([known, 1 - known]))
        order = [list(regression.classes_).index(label) for label in LABELS]
        intercept = regression.intercept_[order]
        coefficients = _unfolded(regression.coef_[order], place, components)
        self.coefficients = coefficients - coefficients.mean(axis=0)
        self.intercept = intercept - intercept.mean()
        return self

    def scores(self, frame: pd.DataFrame) -> np.ndarray:
        """The log-odds of every label against the average label, one row a meeting.

        Equal titles with equal bodies are read once; circumstances are only looked up.
        """
        pairs = zip(strings(frame, "title"), strings(frame, "body"), strict=True)
        place: dict[tuple[str, str], int] = {}
        rows = [place.setdefault(pair, len(place)) for pair in pairs]
        scores = self._of_texts(list(place))[rows] + self.features.of_context(frame) @ self._context_coefficients.T
        return np.asarray((scores + self.intercept) / self.temperature)

    def _of_texts(self, pairs: list[tuple[str, str]]) -> np.ndarray:
        if not pairs:
            return np.zeros((0, len(LABELS)))
        matrix = self.features.of_texts([read(title) for title, _ in pairs], [read(body) for _, body in pairs])
        return np.asarray(matrix @ self.coefficients[:, : matrix.shape[1]].T)

    @property
    def _context_coefficients(self) -> np.ndarray:
        return self.coefficients[:, self.features.text_width :]

    def predict_proba(self, frame: pd.DataFrame) -> np.ndarray:
        """The probability of every label, in the order of `store.schema.LABELS`."""
        return np.asarray(softmax(self.scores(frame), axis=1))

    def label(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Label, its probability and the probability of every label, on the frame's index."""
        chances = self.predict_proba(frame)
        best = chances.argmax(axis=1)
        labels = pd.Series(np.asarray(LABELS, dtype=object)[best], index=frame.index, dtype="str")
        probability = pd.Series(chances.max(axis=1), index=frame.index)
        each = pd.DataFrame(chances, columns=PROBABILITIES, index=frame.index)
        return pd.concat([labels.rename("label"), probability.rename("probability"), each], axis=1)

    def contributions(self, row: pd.DataFrame, label: str) -> pd.Series:
        """What every feature of a one-row frame adds to the label's log-odds; with `BASE` they sum to its score."""
        matrix = self._matrix(row)
        weights = self.coefficients[LABELS.index(label)] / self.temperature
        parts = pd.Series(
            matrix.data * weights[matrix.indices],
            index=[self.names[column] for column in matrix.indices],
            dtype=float,
        )
        return pd.concat([pd.Series({BASE: self.intercept[LABELS.index(label)] / self.temperature}), parts])

    def _matrix(self, row: pd.DataFrame) -> Matrix:
        words = self.features.of_texts(texts(row, "title"), texts(row, "body"))
        return sparse.hstack([words, self.features.of_context(row)], format="csr")

    @cached_property
    def names(self) -> list[str]:
        """The names of all features, in the order of the coefficients."""
        return self.features.names


def _folded(matrix: Matrix, place: slice, components: np.ndarray) -> Matrix:
    """A matrix with the components of meaning in the place of the words that have them."""
    meant = sparse.csr_matrix(matrix[:, place] @ components)
    return sparse.hstack([matrix[:, : place.start], meant, matrix[:, place.stop :]], format="csr")


def _unfolded(coefficients: np.ndarray, place: slice, components: np.ndarray) -> np.ndarray:
    """Coefficients of a folded matrix as those of the whole: every word gets its own."""
    end = place.start + components.shape[1]
    words = coefficients[:, place.start : end] @ components.T
    return np.hstack([coefficients[:, : place.start], words, coefficients[:, end:]])


def best_temperature(scores: np.ndarray, labels: np.ndarray) -> float:
    """The temperature under which scores of rows that were not trained on give the likeliest probabilities."""
    truth = np.array([LABELS.index(label) for label in labels])

    def surprise(log_temperature: float) -> float:
        chances = log_softmax(scores / np.exp(log_temperature), axis=1)
        return -float(chances[np.arange(len(truth)), truth].mean())

    return float(np.exp(minimize_scalar(surprise, bounds=(-3, 3), method="bounded").x))
