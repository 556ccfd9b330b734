"""Titles as vectors of character n-grams, tf-idf weighted: wordings that look alike lie close together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Indices = npt.NDArray[np.int64]

LENGTHS = (2, 3, 4)
SLICE = 200_000


def title_vectors(wordings: Sequence[tuple[str, ...]]) -> sparse.csr_matrix:
    """One row of unit length a wording; n-grams stay within words, so that the order of words says nothing."""
    words = sorted({word for wording in wordings for word in wording})
    number = {word: place for place, word in enumerate(words)}
    of_words = _matrix([_grams(word) for word in words])
    used = sparse.csr_matrix(_pairs([[number[word] for word in wording] for wording in wordings], len(words)))
    found = (used @ of_words).tocsr()
    found.data = 1 + np.log(found.data)
    frequency = np.bincount(found.indices, minlength=found.shape[1])
    return unit_rows(found @ sparse.diags(1 + np.log(len(wordings) / np.maximum(frequency, 1))))


def unit_rows(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """The rows at length one; empty rows stay empty."""
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return (sparse.diags(1 / np.where(lengths > 0, lengths, 1)) @ matrix).tocsr()


def row_products(matrix: sparse.csr_matrix, left: Indices, right: Indices) -> Floats:
    """The inner product of each pair of rows, worked out in slices."""
    found = np.zeros(len(left))
    for at in range(0, len(left), SLICE):
        one, other = (matrix[side[at : at + SLICE]] for side in (left, right))
        found[at : at + SLICE] = np.asarray(one.multiply(other).sum(axis=1)).ravel()
    return found


def _grams(word: str) -> list[str]:
    whole = f"<{word}>"
    return [whole[at : at + length] for length in LENGTHS for at in range(len(whole) - length + 1)]


def _matrix(rows: list[list[str]]) -> sparse.csr_matrix:
    columns = {gram: place for place, gram in enumerate(sorted({gram for row in rows for gram in row}))}
    return _pairs([[columns[gram] for gram in row] for row in rows], len(columns))


def _pairs(rows: list[list[int]], width: int) -> sparse.csr_matrix:
    """Ones at the given columns of each row; a column named twice counts twice."""
    columns = np.fromiter((column for row in rows for column in row), dtype=np.int64)
    ends = np.concatenate([[0], np.cumsum([len(row) for row in rows], dtype=np.int64)])
    matrix = sparse.csr_matrix((np.ones(len(columns)), columns, ends), shape=(len(rows), width))
    matrix.sum_duplicates()
    return matrix
