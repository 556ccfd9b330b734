"""An organisation's own rules: words that mean something here, and how much they say.

    name;pattern;label;weight
    directieteam;DT;coordination;2.5
    bestuurlijk besluit;collegebesluit* || ter besluitvorming;escalation;1.5

A rule is no judge: it adds its weight to the log-odds like any other evidence, and is named among the reasons. Patterns
are words and phrases; a word may begin or end with `*`. They are compared word by word, so none can be slow.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from classify.features import strings, texts
from classify.model import Classifier
from classify.text import read
from classify.wildcards import words_of
from store.delimited import read_delimited
from store.errors import BadInput, Problem
from store.schema import LABELS

if TYPE_CHECKING:
    from pathlib import Path

    from classify.text import Text
    from classify.wildcards import Word

FIELDS = ("name", "pattern", "label", "weight")
OWN = "own rule"
SETTING = "own_rules"
"""The setting of a store that holds its rules, in the form of `to_text`."""

HEAVIEST = 4.0
MOST = 500
_LONGEST = 200
_OR = "||"


@dataclass(frozen=True)
class OwnRule:
    """One rule: where one of its phrases stands in a title, its label is `weight` likelier in log-odds."""

    name: str
    pattern: str
    label: str
    weight: float

    @cached_property
    def phrases(self) -> tuple[tuple[Word, ...], ...]:
        """The phrases of the pattern, word by word."""
        return tuple(words_of(part) for part in self.pattern.split(_OR))

    def holds(self, title: Text) -> bool:
        """Whether the rule speaks about a title.

        >>> rule = OwnRule("directieteam", "DT", "coordination", 2.0)
        >>> rule.holds(read("DT maandag")), rule.holds(read("DTP-cursus"))
        (True, False)
        """
        return any(_stands(phrase, title.plain) for phrase in self.phrases)


def _stands(phrase: tuple[Word, ...], tokens: tuple[str, ...]) -> bool:
    width = len(phrase)
    return any(
        all(word.fits(token) for word, token in zip(phrase, tokens[place : place + width], strict=True))
        for place in range(len(tokens) - width + 1)
    )


def read_rules(file: Path) -> tuple[tuple[OwnRule, ...], tuple[Problem, ...]]:
    """The rules of a file (comma, semicolon or tab between the fields) and every line that is none."""
    if not file.is_file():
        raise BadInput(f"there is no file {file}; give a text file with the columns {', '.join(FIELDS)}")
    raw = read_delimited(file)
    frame = raw.frame.rename(columns=lambda name: str(name).strip().lower())
    missing = [name for name in FIELDS if name not in frame]
    if missing:
        raise BadInput(f"{file} has no column {' and no column '.join(missing)}; it needs {', '.join(FIELDS)}")
    lines = raw.lines_of(range(len(frame)))
    rules: dict[str, OwnRule] = {}
    problems = list(raw.problems)
    for place, fields in enumerate(frame[list(FIELDS)].fillna("").astype(str).to_dict("records")):
        row = {str(name): " ".join(value.split()) for name, value in fields.items()}
        if not any(row.values()) or row["name"].startswith("#"):
            continue
        wrong = _wrong(row, rules)
        if wrong:
            problems.append(Problem(file.name, wrong[1], line=lines[place], column=wrong[0]))
        else:
            rules[row["name"]] = OwnRule(row["name"], row["pattern"], row["label"], _weight(row["weight"]))
    return tuple(rules.values()), tuple(problems)


def _wrong(row: dict[str, str], known: dict[str, OwnRule]) -> tuple[str, str] | None:
    """The column and the reason why a row is no rule."""
    weight = _weight(row["weight"])
    faults = (
        ("name", not row["name"], "a rule needs a name, for the reasons"),
        ("name", row["name"] in known, "another rule has this name already"),
        ("name", len(known) >= MOST, f"there are more than {MOST} rules"),
        ("name", len(row["name"]) > _LONGEST, f"the name is longer than {_LONGEST} signs"),
        ("pattern", len(row["pattern"]) > _LONGEST, f"the pattern is longer than {_LONGEST} signs"),
        ("pattern", _inner_star(row["pattern"]), "a * may stand only at the beginning or the end of a word"),
        ("pattern", not all(map(words_of, row["pattern"].split(_OR))), "the pattern has no word to look for"),
        ("label", row["label"] not in LABELS, f"the label is not one of {', '.join(LABELS)}"),
        ("weight", not isfinite(weight), "the weight is not a number"),
        ("weight", weight == 0, "a weight of 0 says nothing"),
        ("weight", abs(weight) > HEAVIEST, f"the weight is not between -{HEAVIEST:g} and {HEAVIEST:g}"),
    )
    return next(((column, reason) for column, holds, reason in faults if holds), None)


def _inner_star(pattern: str) -> bool:
    return any("*" in word.removeprefix("*").removesuffix("*") for word in pattern.split())


def _weight(text: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return float("nan")


def to_text(rules: tuple[OwnRule, ...]) -> str:
    """The rules as tab-separated lines, for a store's settings."""
    return "\n".join(f"{rule.name}\t{rule.pattern}\t{rule.label}\t{rule.weight!r}" for rule in rules)


def from_text(text: str) -> tuple[OwnRule, ...]:
    """What `to_text` wrote.

    >>> from_text(to_text((OwnRule("a", "b c*", "design", -1.5),)))
    (OwnRule(name='a', pattern='b c*', label='design', weight=-1.5),)
    """
    rows = (line.split("\t") for line in text.splitlines())
    return tuple(OwnRule(name, pattern, label, float(weight)) for name, pattern, label, weight in rows)


class RuledClassifier(Classifier):
    """A classifier with an organisation's own rules on top; every score stays an exact sum of contributions."""

    def __init__(self, classifier: Classifier, rules: tuple[OwnRule, ...]) -> None:
        super().__init__(classifier.features)
        vars(self).update(vars(classifier))
        self.rules = rules
        self.version = f"{classifier.version}+rules-{hashlib.sha256(to_text(rules).encode()).hexdigest()[:8]}"

    def scores(self, frame: pd.DataFrame) -> np.ndarray:
        """The log-odds of every label against the average label, own rules included."""
        return np.asarray(super().scores(frame) + self._of_rules(strings(frame, "title")))

    def _of_rules(self, titles: list[str]) -> np.ndarray:
        place: dict[str, int] = {}
        rows = [place.setdefault(title, len(place)) for title in titles]
        each = np.zeros((len(place), len(LABELS)))
        for row, title in enumerate(map(read, place)):
            for rule in self.rules:
                if rule.holds(title):
                    each[row] += added(rule)
        return np.asarray(each[rows])

    def contributions(self, row: pd.DataFrame, label: str) -> pd.Series:
        """What every feature and every own rule adds to the label's log-odds."""
        title = texts(row, "title")[0]
        own = {f"{OWN}: {rule.name}": _part(rule, label) for rule in self.rules if rule.holds(title)}
        return pd.concat([super().contributions(row, label), pd.Series(own, dtype=float)])


def added(rule: OwnRule) -> np.ndarray:
    """What a rule adds to the score of every label: its weight to its own, less the average over the labels.

    So scores stay log-odds against the average label.
    """
    return np.array([_part(rule, label) for label in LABELS])


def _part(rule: OwnRule, label: str) -> float:
    return rule.weight * ((label == rule.label) - 1 / len(LABELS))
