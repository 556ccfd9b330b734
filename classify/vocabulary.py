"""Which words of a title the model has met in training."""

from __future__ import annotations

from typing import TYPE_CHECKING

from classify.text import read

if TYPE_CHECKING:
    from collections.abc import Callable

    from classify.model import Classifier


def seen_by(classifier: Classifier) -> Callable[[str], tuple[int, int]]:
    """A function from a title to how many words it has and how many of those the model never saw.

    Marks such as a question mark are no words; digits are compared by their shape, as the model does.
    """
    known = classifier.features.words.vocabulary_

    def count(title: str) -> tuple[int, int]:
        words = [token for token in read(title).shaped if token[0].isalnum()]
        return len(words), sum(word not in known for word in words)

    return count
