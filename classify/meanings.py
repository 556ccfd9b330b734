"""What words mean, as numbers: words that are used alike, in Dutch or English, lie close together.

meanings.npz holds, for some 45,000 words, the first 64 principal components of what the multilingual Universal Sentence
Encoder (Google, Apache-2.0) says of each word by itself. They are data: no encoder runs here. A model learns one weight
a component; since the sum is linear, those weights become one weight a word and label, and only these are kept:

    title @ words  @  words x components @ components x labels   =   title @ (words x labels)
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from classify.text import Text

SOURCE = Path(__file__).with_name("meanings.npz")
_SHORTEST_HEAD, _SHORTEST_FIRST = 4, 3
_LINKS = ("", "s", "e", "en")
_REMEMBERED = 200_000


class Meanings:
    """Titles as weighted words of known meaning; the words of one title weigh 1 / sqrt(their number) each."""

    def __init__(self, words: Iterable[str]) -> None:
        self.vocabulary_ = {word: place for place, word in enumerate(words)}
        self._split: dict[str, tuple[str, ...]] = {}

    def get_feature_names_out(self) -> np.ndarray:
        """The words, in the order of the columns."""
        return np.array(list(self.vocabulary_))

    def words_in(self, token: str) -> tuple[str, ...]:
        """The known words in a token: itself, or the two a Dutch compound is made of, or nothing.

        >>> Meanings(["voorraad", "telling"]).words_in("voorraadtelling")
        ('voorraad', 'telling')
        """
        if token not in self._split:
            if len(self._split) > _REMEMBERED:
                self._split.clear()
            self._split[token] = (token,) if token in self.vocabulary_ else self._compound(token)
        return self._split[token]

    def _compound(self, token: str) -> tuple[str, ...]:
        for cut in range(_SHORTEST_FIRST, len(token) - _SHORTEST_HEAD + 1):
            head = token[cut:]
            if head not in self.vocabulary_:
                continue
            for link in _LINKS:
                first = token[:cut].removesuffix(link)
                if token[:cut].endswith(link) and len(first) >= _SHORTEST_FIRST and first in self.vocabulary_:
                    return (first, head)
        return ()

    def in_each(self, title: Text) -> list[tuple[str, ...]]:
        """The known words in every token of a title; none in numbers and dates."""
        return [
            self.words_in(token) if mark.isalpha() else ()
            for token, mark in zip(title.plain, title.shaped, strict=True)
        ]

    def transform(self, titles: list[Text]) -> Any:
        """One row a title, one column a word; the two words of a compound share its weight."""
        places, values, ends = [], [], [0]
        for title in titles:
            found = [words for words in self.in_each(title) if words]
            for words in found:
                places += [self.vocabulary_[word] for word in words]
                values += [1 / (len(words) * len(found) ** 0.5)] * len(words)
            ends.append(len(places))
        shape = (len(titles), len(self.vocabulary_))
        matrix = sparse.csr_matrix((np.array(values, dtype=float), np.array(places, dtype=np.int64), ends), shape=shape)
        matrix.sum_duplicates()
        return matrix


@cache
def vectors() -> tuple[tuple[str, ...], np.ndarray]:
    """The words that come with meetload and the meaning of each, one row a word."""
    with np.load(SOURCE, allow_pickle=False) as stored:
        return tuple(stored["words"].tolist()), stored["components"].astype(float) * stored["steps"]
