"""Whether a sum may be told: enough people in it, and nobody so large in it that others could work him out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from privacy.policy import Policy

    Array = NDArray[np.float64]
    Mask = NDArray[np.bool_]

NOTHING = 1e-9


def tellable(values: Array, policy: Policy) -> Mask:
    """For each column of `values` (people x columns) whether its sum may be told.

    Sources: the dominance and p % rules of the Handbook on Statistical Disclosure Control, ch. 4. The p % rule is
    taken with `colluders` people pooling what they know of themselves. A column of zeros is told of nobody: "nobody had
    an incident" is a statement about everybody.

    >>> from privacy.policy import Policy
    >>> tellable(np.array([[1.0, 30.0]] + [[1.0, 1.0]] * 9), Policy()).tolist()
    [True, False]
    """
    if len(values) < policy.smallest_group:
        return np.zeros(values.shape[1:], dtype=bool)
    total = values.sum(axis=0)
    wanted = min(2 + policy.colluders, len(values))
    largest = -np.sort(-values, axis=0)[:wanted]
    rest = total - largest[: 1 + policy.colluders].sum(axis=0)
    return np.asarray(
        ((values > NOTHING).sum(axis=0) >= policy.contributors)
        & (largest[0] <= policy.top_percent / 100 * total)
        & (largest[:2].sum(axis=0) <= policy.dominance_percent / 100 * total)
        & (rest >= policy.p_percent / 100 * largest[0])
        & (total > NOTHING)
    )
