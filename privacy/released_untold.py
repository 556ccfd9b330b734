"""What a quarter does not tell of a group, and why, as far as the release itself says so."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from privacy.access import COUNTS
from privacy.release.cohort import REST
from store.schema import LABELS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from privacy.release.file import GroupInfo
    from privacy.release.ladder import Step
    from privacy.released_quarter import Quarter

Why = Literal[
    "joined",
    "apart",
    "absent",
    "hidden",
    "no cells",
    "folded",
    "contract",
    "levels",
    "cells",
    "kind",
    "few",
    "yearly",
]
"""`joined`: told with others as one group; `apart`: the parts of a joined group are told otherwise; `absent`: no such
group; `hidden`: a cell of departments x levels; `no cells`: no such table; `folded`: coordination is in "other";
`contract`: no contract hours; `levels`, `cells`: not all bands of levels; `kind`: not told of such groups; `few`: a
count needs more people; `yearly`: told once a year."""


# Groups that lie in a department.
INSIDE = {"team", "cell"}


@dataclass(frozen=True)
class Key:
    """A group over quarters: two joined groups are the same only where the same parts are in them.

    `units` are those of the department it lies in, none above departments.
    """

    kind: str
    units: tuple[str, ...]
    parts: tuple[str, ...]

    @property
    def is_joined(self) -> bool:
        """Whether several units are told as one."""
        return self.kind in {"department", "team"} and len(self.parts) > 1


@dataclass(frozen=True)
class Unsaid:
    """What one quarter does not tell: groups joined, labels in "other" and where, hidden cells, measures, ways tried.

    `no_cells` says that departments are not told by level at all; `coverage` counts groups by their band.
    """

    quarter: str
    joined: tuple[Key, ...]
    folded: Mapping[str, tuple[Key, ...]]
    hidden: tuple[Key, ...]
    no_cells: bool
    quarterly: int
    groups: int
    coverage: Mapping[str, int]
    measures: tuple[str, ...]
    tried: tuple[str, ...]


class Told:
    """One quarter's groups by what they are made of."""

    def __init__(self, quarter: Quarter) -> None:
        self.quarter, self.name = quarter, quarter.release.quarter
        departments = {each.name: each.parts for each in quarter.release.groups if each.kind == "department"}
        self.groups = {_key(info, departments): info for info in quarter.release.groups}
        self.bands = tuple(key for key in self.groups if key.kind == "levels")
        self.has_cells = any(key.kind == "cell" for key in self.groups)
        self._said = {
            (row.measure, row.group, row.label): str(row.value)
            for row in quarter.rows
            if row.measure in {"coverage", COUNTS}
        }

    def said(self, measure: str, key: Key, label: str = "") -> str | None:
        """What is told in words or bands of a group."""
        found = self.groups.get(key)
        return self._said.get((measure, found.key, label)) if found else None

    def tells(self, key: Key, label: str) -> bool:
        """Whether a label of a group's hours is told apart."""
        found = self.groups.get(key)
        return found is not None and self.quarter.has_label(found.key, label)

    def step(self, key: Key) -> Step | None:
        """In how fine blocks of time a group is told."""
        found = self.groups.get(key)
        return None if found is None else step_of(self.quarter, found.key)

    def why_not_there(self, key: Key) -> tuple[Why, tuple[str, ...]]:
        """Why a group is not told, and of what the group is made that it is told in."""
        if key.kind == "cell" and Key("department", (), key.units) in self.groups:
            return ("hidden" if self.has_cells else "no cells"), ()
        around = self._around(key)
        if around is None:
            return "absent", ()
        whole = around.kind != key.kind or set(key.parts) <= set(around.parts)
        return ("joined", around.parts) if whole else ("apart", ())

    def _around(self, key: Key) -> Key | None:
        """The group that some of a group's parts are told in, or its department where that is joined."""
        alike = (each for each in self.groups if (each.kind, each.units) == (key.kind, key.units))
        found = next((each for each in alike if set(key.parts) & set(each.parts)), None)
        return found or (self._around(Key("department", (), key.units)) if key.kind in INSIDE else None)


def step_of(quarter: Quarter, group: str) -> Step:
    """The finest blocks of time that a group is told in."""
    if len(quarter.stretches(group)) == 1:
        return "quarter"
    return "week" if quarter.weekly(group) else "four weeks"


def _key(info: GroupInfo, departments: Mapping[str, tuple[str, ...]]) -> Key:
    """What makes a group the same in another quarter; a joined department has a name that others may have then."""
    units = departments.get(info.unit, (info.unit,)) if info.kind in INSIDE else ()
    return Key(info.kind, units, info.parts)


def unsaid(told: Told) -> Unsaid:
    """What a quarter does not tell."""
    quarter, units = told.quarter, [key for key in told.groups if key.kind != "cell"]
    return Unsaid(
        quarter=told.name,
        joined=tuple(key for key in units if key.is_joined),
        folded=_folded(told, units),
        hidden=tuple(_hidden(told)) if told.has_cells else (),
        no_cells=not told.has_cells,
        quarterly=sum(told.step(key) == "quarter" for key in units),
        groups=len(units),
        coverage=Counter(band for key in units if (band := told.said("coverage", key))),
        measures=quarter.release.untold,
        tried=quarter.release.tried,
    )


def _folded(told: Told, units: Sequence[Key]) -> dict[str, tuple[Key, ...]]:
    """The labels that are told under "other", with the groups of which they are."""
    labels = (label for label in LABELS if label != REST)
    found = {label: tuple(key for key in units if not told.tells(key, label)) for label in labels}
    return {label: keys for label, keys in found.items() if keys}


def _hidden(told: Told) -> Iterator[Key]:
    """The cells of departments x levels that are not told; that of nobody cannot be told from one that is hidden."""
    departments = (told.groups[key] for key in told.groups if key.kind == "department")
    for info in departments:
        yield from (cell for band in told.bands if (cell := Key("cell", info.parts, band.parts)) not in told.groups)
