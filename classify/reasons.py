"""Why a meeting got its label, in words: pieces of words and concepts are folded into the word they stand in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from classify import context, phrases, rules
from classify.features import BODY, CONCEPT, PART, RULE, WORD, texts
from classify.model import BASE

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from classify.model import Classifier
    from classify.phrases import Language
    from classify.text import Text

MOST_FOR, MOST_AGAINST = 3, 1
_WORTH_SAYING = 0.1
_LONGEST_PHRASE = 4
# A neighbour joins a phrase when it carries at least this part of what the strongest word carries.
_JOINS = 0.3


@dataclass(frozen=True)
class Reason:
    """One thing a reader can see in the meeting, and what it adds to the log-odds of the label."""

    sentence: str
    value: float


def reasons(classifier: Classifier, row: pd.DataFrame, label: str, language: Language) -> list[Reason]:
    """Everything that speaks for or against a label for a one-row frame, strongest first; the sum stays exact."""
    title, body = texts(row, "title")[0], texts(row, "body")[0]
    parts = classifier.contributions(row, label).drop(BASE)
    folded = _Folded(classifier, title, body)
    for name, value in parts.items():
        folded.add(str(name), float(value))
    found = list(folded.reasons(context.numeric(row).iloc[0], language))
    return sorted(found, key=lambda reason: (-abs(reason.value), reason.sentence))


def sentence(classifier: Classifier, row: pd.DataFrame, label: str, language: Language) -> str:
    """The strongest reasons as one line: three for, one against."""
    found = [reason for reason in reasons(classifier, row, label, language) if abs(reason.value) >= _WORTH_SAYING]
    speaks_for = [reason.sentence for reason in found if reason.value > 0][:MOST_FOR]
    against = [phrases.fill("against", language, reason.sentence) for reason in found if reason.value < 0]
    return "; ".join([*speaks_for, *against[:MOST_AGAINST]]) or phrases.fill("nothing", language)


class _Folded:
    """Contributions gathered under the word, rule or circumstance that a reader can see."""

    def __init__(self, classifier: Classifier, title: Text, body: Text) -> None:
        self.title, self.body = title, body
        self.words = np.zeros(len(title.shaped))
        self.body_words = np.zeros(len(body.shaped))
        self.rules: dict[str, float] = {}
        self.circumstances: dict[str, float] = {}
        self.matches = classifier.features.glossary.matches(title.plain)

    def add(self, name: str, value: float) -> None:
        kind, _, what = name.partition(": ")
        if kind == WORD:
            _share(self.words, [token == what for token in self.title.shaped], value)
        elif kind == PART:
            _share(self.words, [f" {token} ".count(what) for token in self.title.shaped], value)
        elif kind == BODY:
            _share(self.body_words, [token == what for token in self.body.shaped], value)
        elif kind == CONCEPT:
            _share(self.words, self._places(what), value)
        elif kind == RULE:
            self.rules[what] = value
        else:
            self.circumstances[kind] = value

    def _places(self, concept: str) -> list[int]:
        found = [match for match in self.matches if match.concept == concept]
        return [sum(match.first <= place <= match.last for match in found) for place in range(len(self.words))]

    def reasons(self, numbers: pd.Series, language: Language) -> Iterator[Reason]:
        yield from _phrases(self.words, self.title.shown, "title", language)
        yield from _phrases(self.body_words, self.body.shown, "body", language)
        for name, value in self.rules.items():
            rule = rules.ALL[name]
            yield Reason(phrases.fill("rule", language, rule.nl if language == "nl" else rule.en), value)
        for column, value in self.circumstances.items():
            yield Reason(phrases.circumstance(column, numbers[column], language), value)


def _share(target: np.ndarray, claims: list[int] | list[bool], value: float) -> None:
    weights = np.asarray(claims, dtype=float)
    target += value * weights / weights.sum()


def _phrases(values: np.ndarray, tokens: tuple[str, ...], key: str, language: Language) -> Iterator[Reason]:
    """Neighbouring words that pull the same way as one phrase, every word in exactly one.

    values       0.1   1.2          0.9          -0.4
    tokens       de    knoop        doorhakken   maandag
    phrases      de  | knoop doorhakken        | maandag
    """
    strongest = float(np.abs(values).max(initial=0.0))
    start = 0
    for place in range(1, len(tokens) + 1):
        ends = place == len(tokens) or place - start >= _LONGEST_PHRASE
        if (
            ends
            or values[place - 1] * values[place] <= 0
            or min(np.abs(values[place - 1 : place + 1])) < _JOINS * strongest
        ):
            quoted = " ".join(tokens[start:place])
            yield Reason(phrases.fill(key, language, quoted), float(values[start:place].sum()))
            start = place
