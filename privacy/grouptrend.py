"""A table of person-weeks as a trend by group that hides what too few people stand behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from privacy.groups import MINIMUM

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Counts = NDArray[np.int64]


def group_trend(
    rows: pd.DataFrame, value: str, group: str, week: str = "week", person: str = "person_id", minimum: int = MINIMUM
) -> pd.DataFrame:
    """The mean of `value` per group and week with the people behind it; hidden cells have neither.

    Different people are counted in every cell by itself. What is hidden in a week has to be hidden with company: where
    the hidden cells of a week hold fewer than `minimum` people, or are one cell only, the smallest that is shown goes
    too, so that the week's total less what is shown speaks of nobody.
    """
    weeks, week_of = _numbered(rows[week])
    groups, group_of = _numbered(rows[group])
    shape = (len(groups), len(weeks))
    cell = group_of * shape[1] + week_of
    values = rows[value].to_numpy(dtype=float)
    told = ~np.isnan(values)
    sums = np.bincount(cell[told], values[told], minlength=shape[0] * shape[1])
    count = np.bincount(cell[told], minlength=shape[0] * shape[1])
    people = _people(cell[told], _numbered(rows[person])[1][told], shape).reshape(shape)
    shown = ~_hidden(people, minimum)
    mean = np.divide(sums, count, out=np.full(len(sums), np.nan), where=count > 0).reshape(shape)
    return pd.DataFrame(
        {
            group: np.repeat(groups.to_numpy(), shape[1]),
            week: np.tile(weeks.to_numpy(), shape[0]),
            "mean": np.where(shown, mean, np.nan).ravel(),
            "people": pd.array(np.where(shown, people, 0).ravel(), dtype="Int64"),
        }
    ).assign(people=lambda frame: frame["people"].mask(~shown.ravel()))


def _numbered(names: pd.Series) -> tuple[pd.Index, Counts]:
    codes, different = pd.factorize(names, sort=False)
    return pd.Index(different), np.asarray(codes, dtype=np.int64)


def _people(cell: Counts, person: Counts, shape: tuple[int, int]) -> Counts:
    """Different people in every cell; where nobody has two rows in one, rows are people."""
    size = shape[0] * shape[1]
    in_week = person * shape[1] + cell % shape[1]
    if np.bincount(in_week, minlength=1).max(initial=0) > 1:
        cell = np.unique(person * size + cell) % size
    return np.bincount(cell, minlength=size)


def _hidden(people: Counts, minimum: int) -> NDArray[np.bool_]:
    """Groups x weeks: cells below the minimum, and those that keep them company."""
    hidden = (people > 0) & (people < minimum)
    for week in np.flatnonzero(hidden.any(axis=0)):
        counts, out = people[:, week], hidden[:, week]
        for smallest in np.argsort(counts, kind="stable"):
            if out.sum() > 1 and counts[out].sum() >= minimum:
                break
            out[smallest] |= counts[smallest] > 0
    return np.asarray(hidden | (people == 0), dtype=bool)
