"""Why a meeting got its label, in words: pieces of words and concepts are folded into the word they stand in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from classify import context, phrases, rules
from classify.features import BODY, BODY_CONCEPT, CONCEPT, MEANING, PART, RULE, WORD, texts
from classify.model import BASE
from classify.own_rules import OWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from classify.glossary import Match
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


@dataclass(frozen=True)
class Explanation:
    """Why a label: `base` and all reasons sum exactly to `log_odds`, those of the label against the average label."""

    label: str
    log_odds: float
    base: float
    reasons: tuple[Reason, ...]
    sentence: str


def explain(classifier: Classifier, row: pd.DataFrame, label: str, language: Language) -> Explanation:
    """Everything behind the score of a label for a one-row frame, and its strongest part as a sentence."""
    parts = classifier.contributions(row, label)
    found = _ordered(classifier, row, parts.drop(BASE), language)
    return Explanation(label, float(parts.sum()), float(parts[BASE]), tuple(found), _said(found, language))


def reasons(classifier: Classifier, row: pd.DataFrame, label: str, language: Language) -> list[Reason]:
    """Everything that speaks for or against a label for a one-row frame, strongest first; the sum stays exact."""
    return _ordered(classifier, row, classifier.contributions(row, label).drop(BASE), language)


def _ordered(classifier: Classifier, row: pd.DataFrame, parts: pd.Series, language: Language) -> list[Reason]:
    title, body = texts(row, "title")[0], texts(row, "body")[0]
    folded = _Folded(classifier, title, body)
    for name, value in parts.items():
        folded.add(str(name), float(value))
    found = list(folded.reasons(context.numeric(row).iloc[0], language))
    return sorted(found, key=lambda reason: (-abs(reason.value), reason.sentence))


def sentence(classifier: Classifier, row: pd.DataFrame, label: str, language: Language) -> str:
    """The strongest reasons as one line: three for, one against."""
    return _said(reasons(classifier, row, label, language), language)


def _said(ordered: list[Reason], language: Language) -> str:
    found = [reason for reason in ordered if abs(reason.value) >= _WORTH_SAYING]
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
        self.own_rules: dict[str, float] = {}
        self.circumstances: dict[str, float] = {}
        self.meant = classifier.features.meanings.in_each(title)
        self.matches = classifier.features.glossary.matches(title.plain)
        self.body_matches = classifier.features.glossary.matches(body.plain)

    def add(self, name: str, value: float) -> None:
        kind, _, what = name.partition(": ")
        if kind == WORD:
            _share(self.words, [token == what for token in self.title.shaped], value)
        elif kind == PART:
            _share(self.words, [f" {token} ".count(what) for token in self.title.shaped], value)
        elif kind == BODY:
            _share(self.body_words, [token == what for token in self.body.shaped], value)
        elif kind == MEANING:
            _share(self.words, [words.count(what) for words in self.meant], value)
        elif kind == CONCEPT:
            _share(self.words, _places(self.matches, what, len(self.words)), value)
        elif kind == BODY_CONCEPT:
            _share(self.body_words, _places(self.body_matches, what, len(self.body_words)), value)
        elif kind == RULE:
            self.rules[what] = value
        elif kind == OWN:
            self.own_rules[what] = value
        else:
            self.circumstances[kind] = value

    def reasons(self, numbers: pd.Series, language: Language) -> Iterator[Reason]:
        yield from _phrases(self.words, self.title.shown, "title", language)
        yield from _phrases(self.body_words, self.body.shown, "body", language)
        for name, value in self.rules.items():
            rule = rules.ALL[name]
            yield Reason(phrases.fill("rule", language, rule.nl if language == "nl" else rule.en), value)
        for name, value in self.own_rules.items():
            yield Reason(phrases.fill("own_rule", language, name), value)
        for column, value in self.circumstances.items():
            unknown = column not in numbers.index
            said = (
                phrases.fill(column, language) if unknown else phrases.circumstance(column, numbers[column], language)
            )
            yield Reason(said, value)


def _places(matches: list[Match], concept: str, width: int) -> list[int]:
    found = [match for match in matches if match.concept == concept]
    return [sum(match.first <= place <= match.last for match in found) for place in range(width)]


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
