"""Who may see which released row: the only place where that is decided; whoever is not named here sees nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privacy.groups import at_least
from privacy.policy import Policy

if TYPE_CHECKING:
    from privacy.release.rows import Row
    from privacy.viewer import Viewer

NAMES = "names"
# The own cards of people who chose to share them.
SHARED = "shared"
# About how many people depend on others, and on whom: told of large groups only.
COUNTS = "dependence"
# Whether meetings wait for whoever holds a function; of those that HR is not told, management is.
FUNCTIONS, MT_FUNCTIONS = "functions", "functions for mt"
# How many pairs of teams hang on one person: told where as many people are behind it.
HANGING = "hanging"
# Which part of the standing tables stands still while one of their people is away: the same.
STALLING = "stalling"
# What a management team sees of its own table.
OWN_TABLE = "forums"
# Where the people behind a row are counted, and not those of the group it is about.
_COUNTED = frozenset({COUNTS, HANGING, STALLING})
_DEFAULTS = Policy()


def can(viewer: Viewer, row: Row) -> bool:
    """Whether a viewer may see a released row.

    HR sees groups of the whole organisation, never a person. A management team sees its own unit and what is above all
    units; that of the whole organisation sees every group. Names go to the team of that very unit only.
    """
    if viewer.role == "hr":
        large = row.measure not in {*_COUNTED, FUNCTIONS} or at_least(row.people) >= _DEFAULTS.k_count_hr
        return row.measure not in {NAMES, SHARED, OWN_TABLE, MT_FUNCTIONS} and large
    if viewer.role != "mt":
        return False
    mine = bool(viewer.unit) and viewer.unit in row.units
    if row.measure == NAMES:
        return mine and len(row.units) == 1
    within = mine or not row.units or not viewer.unit
    return within and (row.measure not in _COUNTED or at_least(row.people) >= _DEFAULTS.k_count_mt)
