"""When a label is called unsure: a probability under a threshold that a person sets.

Nothing is stored with the label, so a new threshold holds at once for everything that reads labels. What a person
decided, and what is no meeting at all, has probability 1 and is never unsure.
"""

from __future__ import annotations

import narwhals as nw

from store.errors import BadInput

SETTING = "unsure_below"
"""The setting of a store that holds its threshold."""

DEFAULT = 0.5
"""Below it a label is more often wrong than right: see docs/review.md for the measurement."""


def threshold(setting: str) -> float:
    """The threshold that a setting holds; the usual one where it is empty.

    >>> threshold(""), threshold("0.6")
    (0.5, 0.6)
    """
    if not setting:
        return DEFAULT
    try:
        value = float(setting)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise BadInput(f"the threshold for unsure labels is a probability between 0 and 1, not {setting!r}")
    return value


def is_unsure(below: float) -> nw.Expr:
    """Whether a row of `labels` is unsure, for use in any frame that has its `probability`."""
    return (nw.col("probability") < below).fill_null(value=False)
