"""Our own bilingual glossary: workplace words in Dutch and English, grouped into concepts.

It lets the model use words that its corpus never showed: "koelcel" and "fridge" are the same concept.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from classify.wildcards import Word, words_of

SOURCE = Path(__file__).with_name("glossary.tsv")
_SHORTEST_COMPOUND_PART = 3


@dataclass(frozen=True)
class Match:
    """A concept found in a text, from the first to the last token (inclusive)."""

    concept: str
    first: int
    last: int


class Glossary:
    """Words and phrases to look up in the tokens of a text.

    >>> found = standard().matches(("vriezer", "op", "20", "graden"))
    >>> [(match.concept, match.first) for match in found]
    [('place-system', 0), ('breakdown', 3)]
    """

    def __init__(self, entries: list[tuple[str, str]]) -> None:
        self.concepts = sorted({concept for _, concept in entries})
        self._exact: dict[str, list[str]] = {}
        self._prefix: dict[str, list[str]] = {}
        self._open: list[tuple[Word, str]] = []
        self._phrases: dict[str, list[tuple[tuple[Word, ...], str]]] = {}
        self._known: dict[str, tuple[str, ...]] = {}
        for words, concept in entries:
            self._learn(words_of(words), concept)

    def _learn(self, parts: tuple[Word, ...], concept: str) -> None:
        first = parts[0]
        if len(parts) > 1:
            self._phrases.setdefault(first.core, []).append((parts, concept))
        elif first.open_left:
            self._open.append((first, concept))
        else:
            (self._prefix if first.open_right else self._exact).setdefault(first.core, []).append(concept)

    def matches(self, tokens: tuple[str, ...]) -> list[Match]:
        """Every concept found, in the order of the tokens."""
        found = []
        for place, token in enumerate(tokens):
            found += [Match(concept, place, place) for concept in self._word(token)]
            for parts, concept in self._phrases.get(token, ()):
                window = tokens[place : place + len(parts)]
                if len(window) == len(parts) and all(map(Word.fits, parts, window)):
                    found.append(Match(concept, place, place + len(parts) - 1))
        return found

    def _word(self, token: str) -> tuple[str, ...]:
        if token not in self._known:
            if len(self._known) > 200_000:
                self._known.clear()
            self._known[token] = self._look_up(token)
        return self._known[token]

    def _look_up(self, token: str) -> tuple[str, ...]:
        found = list(self._exact.get(token, ()))
        for length in range(2, len(token) + 1):
            found += self._prefix.get(token[:length], ())
        longer = (pair for pair in self._open if len(token) >= len(pair[0].core) + _SHORTEST_COMPOUND_PART)
        found += [concept for part, concept in longer if part.fits(token)]
        return tuple(dict.fromkeys(found))


@cache
def standard() -> Glossary:
    """The glossary that comes with meetload."""
    entries = []
    with SOURCE.open(encoding="utf-8", newline="") as lines:
        for concept, _language, words in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            entries += [(word, concept) for word in words.split(", ")]
    return Glossary(list(dict.fromkeys(entries)))
