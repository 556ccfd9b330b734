"""Every released group beside every other, quarter by quarter: what HR reads, out of released rows alone.

Shares are of contract hours less public holidays, with leave in them, because leave is told of large groups only and
groups stand side by side here. A department's altitude is that of its cells (departments x levels), with the mean
levels of the bands in the whole organisation; it is told where all of its cells are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from privacy.access import COUNTS
from privacy.groups import ORGANISATION, at_least
from privacy.release.others import PEOPLE_AT_RISK, TOP_SHARE
from privacy.release.parts import MIX
from privacy.release.rows import CONTRACT, TOTAL
from privacy.released_line import grain_of
from privacy.released_quarter import COORDINATION, span_of
from privacy.released_reading import altitude, read, share
from privacy.released_untold import INSIDE, Key, Told, unsaid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.drift.altitude import Upward
    from analysis.period import Period
    from privacy.release.ladder import Step
    from privacy.released_quarter import Quarter
    from privacy.released_reading import Change, Reading
    from privacy.released_untold import Unsaid, Why

Measure = Literal["drift", "altitude", "load", "dependence"]
MEASURES: tuple[Measure, ...] = ("drift", "altitude", "load", "dependence")
LAST_QUARTER = 4
WHOLE = Key(ORGANISATION, (), ())
# Within a department: itself, its teams, its cells.
ORDER = {"department": 0, "team": 1, "cell": 2}


@dataclass(frozen=True)
class Waiting:
    """How dependence is spread in a group: a band of people, and the lower end of the share of the top three per cent.

    `concentration` is None where too little waits to have a share.
    """

    at_risk: str
    concentration: float | None


@dataclass(frozen=True)
class Spot:
    """One group in one quarter; what is not told is None, with the reason in `untold`.

    `readings` are the share of coordination (`drift`), the altitude, and meeting hours a week each (`load`); `year_on`
    compares them with the same quarter a year before. `within` are the units that the group is told together with.
    """

    quarter: str
    people: int
    step: Step | None
    coverage: str
    readings: Mapping[Measure, Reading]
    focus: Reading | None
    waiting: Waiting | None
    untold: Mapping[Measure, Why]
    within: tuple[str, ...] = ()
    year_on: Mapping[Measure, Change] | None = None

    def tells(self, measure: Measure) -> bool:
        """Whether a measure is told of this group in this quarter."""
        return self.waiting is not None if measure == "dependence" else measure in self.readings

    def moved(self, measure: Measure) -> Change | None:
        """The change of a measure against the same quarter a year before."""
        return (self.year_on or {}).get(measure)


@dataclass(frozen=True)
class Scanned:
    """One group over the quarters of a scan."""

    key: Key
    spots: tuple[Spot, ...]

    def tells(self, measure: Measure) -> bool:
        """Whether any quarter tells a measure of this group."""
        return any(each.tells(measure) for each in self.spots)


@dataclass(frozen=True)
class Scan:
    """All groups, in the order of the chart, over all released quarters of a period, and what these do not tell.

    `upward` is the trend of coordination towards the highest levels, `gaps` are quarters between that nobody released,
    `fewest` the people that a count of people needs behind it.
    """

    period: Period
    quarters: tuple[str, ...]
    groups: tuple[Scanned, ...]
    upward: Upward
    unsaid: tuple[Unsaid, ...]
    gaps: tuple[str, ...]
    fewest: int

    @property
    def whole(self) -> Scanned:
        """The organisation itself, which every quarter tells."""
        return self.groups[0]


def released_scan(told: Sequence[Quarter], before: Sequence[Quarter], upward: Upward, fewest: int) -> Scan:
    """Every group of the quarters; those `before` are only there to compare with."""
    now, earlier = [Told(each) for each in told], [Told(each) for each in before]
    keys = sorted({key for each in now for key in each.groups}, key=_place)
    names = tuple(each.name for each in now)
    return Scan(
        period=span_of(told),
        quarters=names,
        groups=tuple(_scanned(key, now, earlier, fewest) for key in keys),
        upward=upward,
        unsaid=tuple(map(unsaid, now)),
        gaps=_gaps(names),
        fewest=fewest,
    )


def _place(key: Key) -> tuple[bool, bool, bool, tuple[str, ...], int, bool, tuple[str, ...]]:
    """Where a group stands: the organisation, departments by name with what lies in them, joined ones, levels."""
    department = key.units if key.kind in INSIDE else key.parts if key.kind == "department" else ()
    later = len(department) > 1
    return (key != WHOLE, key.kind == "levels", later, department, ORDER.get(key.kind, 0), key.is_joined, key.parts)


def _gaps(quarters: Sequence[str]) -> tuple[str, ...]:
    """The quarters between the first and the last that are not there.

    >>> _gaps(["2025Q3", "2026Q1"])
    ('2025Q4',)
    """
    first, last = (int(each[:4]) * LAST_QUARTER + int(each[-1]) - 1 for each in (quarters[0], quarters[-1]))
    every = (f"{each // LAST_QUARTER}Q{each % LAST_QUARTER + 1}" for each in range(first, last))
    return tuple(each for each in every if each not in quarters)


def _scanned(key: Key, now: Sequence[Told], earlier: Sequence[Told], fewest: int) -> Scanned:
    spots = [_spot(each, key, fewest) for each in (*earlier, *now)]
    known = {each.quarter: each for each in spots}
    shown = spots[len(earlier) :]
    return Scanned(key, tuple(replace(each, year_on=_year_on(each, known)) for each in shown))


def _year_on(spot: Spot, known: Mapping[str, Spot]) -> dict[Measure, Change]:
    before = known.get(f"{int(spot.quarter[:4]) - 1}{spot.quarter[4:]}")
    if before is None:
        return {}
    both = (each for each in spot.readings if each in before.readings)
    return {each: spot.readings[each].since(before.readings[each]) for each in both}


def _spot(told: Told, key: Key, fewest: int) -> Spot:
    """What a quarter tells of a group."""
    if key not in told.groups:
        why, within = told.why_not_there(key)
        untold: dict[Measure, Why] = dict.fromkeys(MEASURES, why)
        return Spot(told.name, 0, None, "", {}, None, None, untold, within)
    figures = _Figures(told, key)
    people = at_least(told.groups[key].people)
    tried: dict[Measure, Reading | None] = {
        "drift": figures.share(),
        "altitude": figures.altitude(),
        "load": figures.hours(TOTAL),
    }
    readings = {measure: found for measure, found in tried.items() if found is not None}
    waiting = _waiting(told, key)
    missing = {
        each: _why(told, key, each, people, fewest)
        for each in MEASURES
        if each not in readings and not (each == "dependence" and waiting)
    }
    return Spot(
        quarter=told.name,
        people=people,
        step=told.step(key),
        coverage=told.said("coverage", key) or "",
        readings=readings,
        focus=figures.focus(),
        waiting=waiting,
        untold=missing,
    )


def _waiting(told: Told, key: Key) -> Waiting | None:
    at_risk, top = told.said(COUNTS, key, PEOPLE_AT_RISK), told.said(COUNTS, key, TOP_SHARE)
    return None if at_risk is None else Waiting(at_risk, None if top is None else float(top))


def _why(told: Told, key: Key, measure: Measure, people: int, fewest: int) -> Why:
    """Why a measure is not told of a group that is."""
    if measure == "drift":
        return "contract" if told.tells(key, COORDINATION) else "folded"
    if key.kind not in {ORGANISATION, "department"}:
        return "kind"
    if measure == "altitude":
        return "levels" if key == WHOLE or not told.bands else "cells" if told.has_cells else "no cells"
    return "few" if people < fewest else "yearly"


class _Figures:
    """What is told of one group, with its rounding."""

    def __init__(self, told: Told, key: Key) -> None:
        self._told, self._key, self._name = told, key, told.groups[key].key
        self._grain = grain_of(told.quarter, self._name)

    def hours(self, label: str) -> Reading | None:
        value = self._told.quarter.value("hours", self._name, label)
        return None if value is None else read(value, self._grain)

    def focus(self) -> Reading | None:
        value = self._told.quarter.value("focus", self._name, "focus")
        return None if value is None else read(value, self._grain)

    def share(self) -> Reading | None:
        """Coordination as a part of contract hours."""
        hours, contract = self.hours(COORDINATION), self._told.quarter.value(CONTRACT, self._name)
        return None if hours is None or contract is None else share(hours, read(contract, self._grain))

    def altitude(self) -> Reading | None:
        """The height at which the group's coordination is spent; the lowest band of levels stands lowest."""
        if self._key == WHOLE:
            parts = self._told.bands
        elif self._key.kind == "department":
            parts = tuple(Key("cell", self._key.parts, band.parts) for band in self._told.bands)
        else:
            parts = ()
        return _altitude(self._told, parts)


def _altitude(told: Told, parts: Sequence[Key]) -> Reading | None:
    heights = [_height(told, band) for band in told.bands]
    shares = [_Figures(told, each).share() if each in told.groups else None for each in parts]
    known, high = [each for each in shares if each], [each for each in heights if each is not None]
    if len(parts) < 2 or len(known) < len(parts) or len(high) < len(parts):
        return None
    return altitude(known, high)


def _height(told: Told, band: Key) -> float | None:
    """How high a band's mean level stands above the lowest level, which is 1."""
    level = told.quarter.value(MIX, told.groups[band].key, "level")
    lowest = max(int(part) for each in told.bands for part in each.parts)
    return None if level is None else lowest + 1 - level
