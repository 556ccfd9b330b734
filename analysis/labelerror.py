r"""How often labels are wrong, and what the true hours per label then are.

    true label      design 40 h        coordination 60 h
                     |     \           /      |             the matrix: P(said | true), one row a true label
    said label      design 38 h        coordination 62 h

What is seen is `said = true @ matrix`. Solving for `true` undoes the errors (adjusted count: Rogan & Gladen 1978,
for more labels Hopkins & King 2010). The matrix is itself counted on a limited number of questions; drawing its rows
from their Dirichlet posterior carries that doubt into every figure that is corrected with it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from store.tables import to_pandas

if TYPE_CHECKING:
    from collections.abc import Iterable

    from store.tables import Tables

Array = NDArray[np.float64]
Source = Literal["reviewed meetings here", "held-out corpus"]
REVIEWED: Source = "reviewed meetings here"
CORPUS: Source = "held-out corpus"

SETTING = "label_error"
"""The setting of a store with the out-of-fold confusion of its model as JSON, true x said, written with the labels."""

DRAWS = 1000
FEWEST_QUESTIONS = 5
# Below this some mix of labels is hardly told from another, and undoing the errors would multiply noise by ten.
LEAST_INFORMATION = 0.1
_PRIOR = 0.5
_STEPS = 100


@dataclass(frozen=True)
class LabelError:
    """Questions with a known answer, counted by true label (row) and label said (column), and where they came from.

    Counts weigh a question by its hours where those are known, so they need not be whole.
    """

    source: Source
    counts: tuple[tuple[float, ...], ...]

    @property
    def table(self) -> Array:
        """The counts, true x said, in the order of `store.schema.LABELS`."""
        return np.asarray(self.counts, dtype=float)

    @property
    def questions(self) -> float:
        """How many questions it rests on."""
        return float(self.table.sum())

    @property
    def accuracy(self) -> float:
        """The share of questions whose label was right."""
        return float(np.trace(self.table) / self.questions) if self.questions else 0.0

    @property
    def matrix(self) -> Array:
        """P(said | true): one row a true label."""
        table = self.table
        return np.asarray(table / np.maximum(table.sum(axis=1, keepdims=True), 1e-12))

    @property
    def correctable(self) -> bool:
        """Whether errors can be undone: every label was asked about, and what is said depends on what is true."""
        asked = bool((self.table.sum(axis=1) >= FEWEST_QUESTIONS).all())
        return asked and float(np.linalg.svd(self.matrix, compute_uv=False)[-1]) >= LEAST_INFORMATION

    def draws(self, count: int = DRAWS, seed: int = 20_261_122) -> Array:
        """`count` matrices that the questions allow, drawn row by row; use one draw for everything it corrects."""
        return _dirichlet(self.table + _PRIOR * self.matrix, count, seed)


def error_of(counts: Iterable[Iterable[float]], source: Source) -> LabelError:
    """A label error from a table of counts, true x said."""
    return LabelError(source, tuple(tuple(float(value) for value in row) for row in counts))


def corpus_error(tables: Tables) -> LabelError | None:
    """The error of the model that labelled a store, on its held-out corpus; None where nobody measured it."""
    rows = to_pandas(tables.settings)
    values = rows.loc[rows["name"] == SETTING, "value"]
    text = str(values.iloc[0]) if len(values) else ""
    return error_of(json.loads(text), CORPUS) if text else None


def _dirichlet(counts: Array, count: int, seed: int) -> Array:
    drawn = np.random.default_rng(seed).standard_gamma(np.maximum(counts, 1e-9), size=(count, *counts.shape))
    return np.asarray(drawn / drawn.sum(axis=-1, keepdims=True))


def undo(said: Array, matrices: Array) -> Array:
    """True shares out of said ones by solving the linear system: exact on average, and may fall below zero.

    `said` is (..., labels) and sums to one; `matrices` is (labels, labels) or one matrix for each row of `said`.
    For a line through many weeks, whose errors then average out; a single share is better `undo_within`.
    """
    turned = np.swapaxes(matrices, -1, -2)
    return np.asarray(np.linalg.solve(turned, said[..., None])[..., 0])


def undo_within(said: Array, matrices: Array) -> Array:
    """The likeliest true shares among those that are possible: none below zero, together one.

    Where solving leaves the possible, expectation maximisation finds the nearest (in likelihood) shares inside.
    """
    solved = undo(said, matrices)
    outside = (solved < 0).any(axis=-1)
    if not outside.any():
        return solved
    every = np.broadcast_to(matrices, (*solved.shape[:-1], *matrices.shape[-2:]))
    solved[outside] = _likeliest(np.broadcast_to(said, solved.shape)[outside], every[outside], solved[outside])
    return solved


def _likeliest(said: Array, matrices: Array, start: Array) -> Array:
    shares = np.maximum(start, 1e-3)
    shares /= shares.sum(axis=-1, keepdims=True)
    seen = np.maximum(said, 0.0)
    for _ in range(_STEPS):
        expected = np.einsum("...t,...ts->...s", shares, matrices)
        shares = shares * np.einsum("...ts,...s->...t", matrices, seen / np.maximum(expected, 1e-12))
        shares /= shares.sum(axis=-1, keepdims=True)
    return shares
