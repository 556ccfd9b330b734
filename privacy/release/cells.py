"""The cross table of departments and levels: which cells may be told without giving the others away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from privacy.release.openness import Sums, is_open
from privacy.release.rules import tellable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from privacy.groups import Group
    from privacy.policy import Policy

    Array = NDArray[np.float64]
    Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class CrossTable:
    """People and hours (cells x figures) of every cell of rows x columns, and which cells fail the rules themselves."""

    people: NDArray[np.int64]
    hours: Array
    primary: Mask
    most: Array

    @property
    def shape(self) -> tuple[int, int]:
        """Departments and levels."""
        return self.people.shape[0], self.people.shape[1]


def cross(
    rows: tuple[Group, ...], columns: tuple[Group, ...], figures: Array, cap: float, policy: Policy
) -> CrossTable:
    """The cross table of two partitions; `figures` are people x figures, `cap` the most hours one person can have."""
    members = [[np.array(sorted(row.members & column.members), dtype=int) for column in columns] for row in rows]
    people = np.array([[len(each) for each in line] for line in members])
    hours = np.array([[figures[each].sum(axis=0) for each in line] for line in members])
    told = np.array([[bool(tellable(figures[each], policy).all()) for each in line] for line in members])
    return CrossTable(people, hours, ~told & (people > 0), people * cap)


def visible_cells(table: CrossTable, policy: Policy) -> Mask:
    """The cells that may be told next to both margins; empty ones are known to be empty and never told.

    Whatever is hidden in a row or column holds two cells and enough people, and the bounds of every cell that fails
    the rules lie far enough away; until then the smallest visible cell of a failing line is hidden too. Where nothing
    more can be hidden, no cell is told at all.
    """
    visible = ~table.primary & (table.people > 0)
    while visible.any():
        failing = _thin_lines(table, visible, policy) or _open_lines(table, visible, policy)
        if not failing:
            return visible
        places = [_smallest(table, line & visible) for line in failing]
        if not any(places):
            return np.zeros_like(visible)
        for place in places:
            if place:
                visible[place] = False
    return visible


def _smallest(table: CrossTable, among: Mask) -> tuple[int, ...] | None:
    places = [tuple(each) for each in np.argwhere(among).tolist()]
    return min(places, key=lambda place: int(table.people[place])) if places else None


def _thin_lines(table: CrossTable, visible: Mask, policy: Policy) -> list[Mask]:
    """Rows and columns that hide one cell only, or cells of too few people together, next to visible ones."""
    hidden = ~visible & (table.people > 0)
    return [
        line
        for line in _lines(table.shape)
        if (hidden & line).any()
        and (visible & line).any()
        and ((hidden & line).sum() == 1 or table.people[hidden & line].sum() < policy.smallest_group)
    ]


def _open_lines(table: CrossTable, visible: Mask, policy: Policy) -> list[Mask]:
    """For every cell that fails the rules and whose bounds lie too close: a line of it in which more can be hidden."""
    lines = _lines(table.shape)
    return [
        next((line for line in lines if line[place] and (line & visible).any()), np.zeros(table.shape, dtype=bool))
        for place in unprotected_cells(table, visible, policy)
    ]


def unprotected_cells(table: CrossTable, visible: Mask, policy: Policy) -> list[tuple[int, ...]]:
    """The cells that fail the rules and whose bounds lie too close to the truth in some figure.

    Known are margins, visible cells, and what one person can have at most.
    """
    hidden = [tuple(each) for each in np.argwhere(~visible & (table.people > 0)).tolist()]
    lines = [[float(line[cell]) for cell in hidden] for line in _lines(table.shape)]
    told = [each for each in lines if any(each)]
    if not told:
        return []
    sums, most = Sums.of(np.array(told)), np.array([float(table.most[cell]) for cell in hidden])
    truth = np.array([table.hours[cell] for cell in hidden])
    return [
        place
        for number, place in enumerate(hidden)
        if table.primary[place]
        and not all(is_open(number, sums, truth[:, figure], most, policy) for figure in range(truth.shape[1]))
    ]


def _lines(shape: tuple[int, int]) -> list[Mask]:
    rows = [np.arange(shape[0])[:, None] == number for number in range(shape[0])]
    columns = [np.arange(shape[1])[None, :] == number for number in range(shape[1])]
    return [np.broadcast_to(line, shape) for line in (*rows, *columns)]
