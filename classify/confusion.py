"""Which labels the model takes for which, counted on rows it did not learn from."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from store.schema import LABELS


def confusion(labels: np.ndarray, chances: np.ndarray) -> list[list[int]]:
    """Rows counted by true label (outer) and label said (inner), both in the order of `store.schema.LABELS`.

    >>> truth, chances = np.array(["design", "other"]), np.array([[0.7, 0.3, 0, 0, 0], [0, 0.6, 0, 0, 0.4]])
    >>> confusion(truth, chances)
    [[1, 0, 0, 0, 0], [0, 0, 0, 0, 0], [0, 0, 0, 0, 0], [0, 0, 0, 0, 0], [0, 1, 0, 0, 0]]
    """
    counts = np.zeros((len(LABELS), len(LABELS)), dtype=int)
    truth = [LABELS.index(label) for label in labels]
    np.add.at(counts, (truth, chances.argmax(axis=1)), 1)
    found: list[list[int]] = counts.tolist()
    return found


def as_setting(card: dict[str, Any]) -> str:
    """The confusion of a model's card as a store remembers it; empty where the card has none."""
    known = card.get("confusion", {}).get("with_context")
    return json.dumps(known) if known else ""
