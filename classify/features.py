"""From a title, a body and circumstances to named numbers. Every feature has a name a person can read.

title word: doorhakken           a word of the title                     (TF-IDF)
title part: koelc                a piece of a word                       (TF-IDF)
body word: akkoord               a word of the invitation                (TF-IDF)
meaning: koelcel                 what a word means                       (meanings.py)
concept: decision-rights         a group of words of the glossary
body concept: decision-rights    the same, in the invitation
rule: asks-who-decides           a pattern
lead_hours: 1 to 4               a circumstance, in bins
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from classify import context, rules
from classify.glossary import Glossary, standard
from classify.meanings import Meanings, vectors
from classify.parts import Parts
from classify.text import Text, read

if TYPE_CHECKING:
    import pandas as pd

Matrix = Any  # scipy.sparse.csr_matrix, which has no types

_UNSPACED = r"\S+"
WORD, PART, BODY = "title word", "title part", "body word"
MEANING, CONCEPT, BODY_CONCEPT, RULE = "meaning", "concept", "body concept", "rule"


@dataclass(frozen=True)
class Weights:
    """How loudly each block speaks before the model weighs its features."""

    words: float = 1.5
    parts: float = 1.0
    body: float = 1.0
    meanings: float = 0.8
    evidence: float = 0.5
    context: float = 1.0


def strings(frame: pd.DataFrame, column: str) -> list[str]:
    """One column of a frame as plain strings; a missing column or value is empty."""
    if column not in frame:
        return [""] * len(frame)
    return [value if isinstance(value, str) else "" for value in frame[column].tolist()]


def texts(frame: pd.DataFrame, column: str) -> list[Text]:
    """One column of a frame as texts; a missing column or value is an empty text."""
    return [read(value) for value in strings(frame, column)]


class Features:
    """Learns a vocabulary from titles and bodies, then turns frames into matrices with named columns."""

    def __init__(self, weights: Weights | None = None) -> None:
        self.weights = weights or Weights()
        self.glossary: Glossary = standard()
        self.words = TfidfVectorizer(token_pattern=_UNSPACED, lowercase=False, sublinear_tf=True)
        self.parts = Parts()
        self.body = TfidfVectorizer(token_pattern=_UNSPACED, lowercase=False, sublinear_tf=True)
        self.meanings = Meanings(())
        self.evidence = self._evidence_names()

    def _evidence_names(self) -> list[str]:
        of_words = [f"{kind}: {name}" for kind in (CONCEPT, BODY_CONCEPT) for name in self.glossary.concepts]
        return [*of_words, *(f"{RULE}: {name}" for name in rules.ALL)]

    def fit(self, titles: list[Text], bodies: list[Text]) -> Features:
        """Learn which words and parts there are."""
        joined = [title.joined for title in titles]
        self.words.fit(joined)
        self.parts.fit(joined)
        self.body.fit([body.joined for body in bodies if body.joined])
        self.meanings = Meanings(vectors()[0])
        return self

    @property
    def names(self) -> list[str]:
        """The name of every column, text first, then context."""
        blocks = ((WORD, self.words), (PART, self.parts), (BODY, self.body), (MEANING, self.meanings))
        learnt = [f"{kind}: {term}" for kind, block in blocks for term in block.get_feature_names_out()]
        return [*learnt, *self.evidence, *context.NAMES]

    @property
    def text_width(self) -> int:
        """How many columns come from texts; the rest is context."""
        return int(self.meanings_place.stop) + len(self.evidence)

    @property
    def meanings_place(self) -> slice:
        """Which columns hold the words of known meaning."""
        start = sum(len(block.vocabulary_) for block in (self.words, self.parts, self.body))
        return slice(start, start + len(self.meanings.vocabulary_))

    def of_texts(self, titles: list[Text], bodies: list[Text]) -> Matrix:
        """The text columns, one row a title with its body."""
        joined = [title.joined for title in titles]
        blocks = (
            self.words.transform(joined) * self.weights.words,
            self.parts.transform(joined) * self.weights.parts,
            self.body.transform([body.joined for body in bodies]) * self.weights.body,
            self.meanings.transform(titles) * self.weights.meanings,
            self._evidence(titles, bodies),
        )
        return sparse.hstack(blocks, format="csr")

    def _evidence(self, titles: list[Text], bodies: list[Text]) -> Matrix:
        place = {name: number for number, name in enumerate(self.evidence)}
        rows, columns = [], []
        for row, (title, body) in enumerate(zip(titles, bodies, strict=True)):
            found = [place[name] for name in self.evidence_of(title, body)]
            rows += [row] * len(found)
            columns += found
        values = np.full(len(rows), self.weights.evidence)
        return sparse.csr_matrix((values, (rows, columns)), shape=(len(titles), len(place)))

    def evidence_of(self, title: Text, body: Text) -> list[str]:
        """The concepts and rules of one title with its body, each once."""
        concepts = [f"{CONCEPT}: {match.concept}" for match in self.glossary.matches(title.plain)]
        concepts += [f"{BODY_CONCEPT}: {match.concept}" for match in self.glossary.matches(body.plain)]
        return list(dict.fromkeys([*concepts, *(f"{RULE}: {name}" for name in rules.fired(title))]))

    def of_context(self, frame: pd.DataFrame) -> Matrix:
        """The context columns, one row a meeting; unknown circumstances give nothing at all."""
        codes = context.codes(frame)
        rows, columns = np.nonzero(codes >= 0)
        values = np.full(len(rows), self.weights.context)
        return sparse.csr_matrix((values, (rows, codes[rows, columns])), shape=(len(frame), len(context.NAMES)))
