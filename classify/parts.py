"""Pieces of words, counted once a word instead of once a title.

Pieces never cross a space, so the counts of a title are the sum of those of its words:

    titles x words  @  words x pieces  =  titles x pieces

Calendars repeat their words much more than their titles, which makes this several times faster, with equal results.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

if TYPE_CHECKING:
    from collections.abc import Iterable


class Parts(TfidfVectorizer):  # type: ignore[misc] # scikit-learn has no types
    """TF-IDF over pieces of three to five characters inside words."""

    def __init__(self) -> None:
        super().__init__(analyzer="char_wb", ngram_range=(3, 5), lowercase=False, sublinear_tf=True, min_df=2)

    def transform(self, raw_documents: Iterable[str]) -> Any:
        """What `TfidfVectorizer.transform` returns."""
        words: dict[str, int] = {}
        titles = [[words.setdefault(word, len(words)) for word in title.split()] for title in raw_documents]
        ends = np.cumsum([0, *map(len, titles)])
        places = np.fromiter((place for title in titles for place in title), dtype=np.int64, count=int(ends[-1]))
        in_titles = sparse.csr_matrix(
            (np.ones(len(places)), places, ends), shape=(len(titles), len(words)), dtype=np.float64
        )
        pieces = CountVectorizer.transform(self, list(words) or [""]).astype(np.float64)
        counts = in_titles @ pieces[: len(words)]
        counts.sort_indices()
        return self._tfidf.transform(counts, copy=False)
