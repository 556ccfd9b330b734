"""The door of a process that holds a release and nothing else: pages of MT and HR, rebuilt from its rounded rows.

It is given verified rows in memory. No store, no path and no key is within its reach, so whatever it is asked, it can
only answer with what was audited; what was not released is refused.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from analysis.drift import Coverage, Drift, LabelDoubt, LevelDrift, PartDrift, WeekShare
from analysis.drift.altitude import ApexRate, Upward
from analysis.drift.growth import ends, logarithm, relative, smallest, verdict
from analysis.focus import Focus
from analysis.period import Period
from analysis.rules import DEFAULT
from analysis.split import LabelHours, Split, WeekHours
from analysis.trend import slope
from privacy.access import COUNTS, can
from privacy.group_dependence import GroupDependence
from privacy.groups import ORGANISATION, at_least
from privacy.naming import NamedPeople, from_release, may_see_names
from privacy.overview import Overview, Source
from privacy.refusal import Refusal
from privacy.release.cohort import REST
from privacy.release.rows import TOTAL
from privacy.released_groups import released_forums, released_ties
from privacy.released_movement import NO_ALTITUDE, released_altitude, released_decomposition
from privacy.released_quarter import COORDINATION, Quarter, info_of, known_array, shares_of, span_of, units_of
from privacy.viewer import Viewer
from store.schema import LABELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from analysis.drift.growth import Estimate, Verdict
    from analysis.selfcheck import Check
    from privacy.group_forums import GroupForums
    from privacy.group_ties import GroupTies
    from privacy.release.file import Release
    from privacy.release.rows import Row

TOP = "share of the top 3 % at least"
# How much of a release's hash stands on what is taken out of it.
DIGITS = 12
NOT_RELEASED, NOT_PERMITTED = Refusal("not_released", {}), Refusal("not_permitted", {})


class ReleasedDoor:
    """Answers MT and HR out of verified releases, the oldest first; the same questions as `privacy.door.Door`."""

    def __init__(self, releases: Sequence[Release], *, signed_in: bool = False) -> None:
        self._releases = tuple(releases)
        self._signed_in = signed_in

    def overview(self) -> Overview:
        """What there is to look at, as far as it was released: at least so many people, no count of meetings."""
        last = self._releases[-1]
        return Overview(
            demo=all(each.demo for each in self._releases),
            owner=None,
            people=at_least(info_of(last, ORGANISATION).people),
            meetings=0,
            period=Period(self._releases[0].period.start, last.period.end),
            departments=self._departments(),
            labelled=1.0,
            released=tuple(Source(f"{each.quarter} {each.digest[:DIGITS]}", each.period) for each in self._releases),
        )

    def viewers(self) -> tuple[Viewer, ...]:
        """Management of the whole, of every department that is told, and HR; never a person."""
        return (Viewer("mt"), *(Viewer("mt", unit=name) for name in self._departments()), Viewer("hr"))

    def may(self, viewer: Viewer) -> bool:
        """Whether this viewer may look at all; default deny."""
        return viewer in self.viewers()

    def name_of(self, viewer: Viewer) -> str | None:
        """Nobody has a name here."""
        del viewer
        return None

    def rows(self, viewer: Viewer, period: Period) -> tuple[Row, ...]:
        """Every released row of a period that this viewer may see."""
        if not self.may(viewer):
            return ()
        return tuple(row for each in self._within(period) for row in each.rows if can(viewer, row))

    def split(self, viewer: Viewer, period: Period) -> Split | Refusal:
        """Where a group's time goes, from released rows; totals are those of the fewest people its size may mean."""
        group = self._group(viewer)
        told = self._told(viewer, period, group)
        return told if isinstance(told, Refusal) else _split(told, group)

    def drift(self, viewer: Viewer, period: Period) -> Drift | Refusal:
        """How coordination moved, from released rows; a trend only where every week was told."""
        group = self._group(viewer)
        told = self._told(viewer, period, group)
        if isinstance(told, Refusal):
            return told
        if not any(each.has_label(group, COORDINATION) for each in told):
            return NOT_RELEASED
        return _drift(told, group, viewer)

    def dependence(self, viewer: Viewer, period: Period) -> GroupDependence | Refusal:
        """On how few people a large group depends, in bands."""
        group = self._group(viewer)
        told = self._told(viewer, period, group)
        if isinstance(told, Refusal):
            return told
        found = {row.label: str(row.value) for each in told for row in each.rows if _is(row, COUNTS, group)}
        if not found:
            return NOT_RELEASED
        last = told[-1]
        people = last.people(group)
        return GroupDependence(
            scope=_scope(group),
            period=span_of(told),
            people=people,
            measurable=min(people, at_least(found["people with enough data"])),
            at_risk=found["people at risk"],
            waiting_meetings=float(found["waiting meetings at least"]),
            top_share=float(found[TOP]) if TOP in found else None,
            functions=(),
        )

    def named(self, viewer: Viewer, period: Period) -> NamedPeople | Refusal:
        """The people on whom work waits, by name to their own unit's management, where that was released."""
        if not self.may(viewer):
            return NOT_PERMITTED
        if not may_see_names(viewer):
            return Refusal("names_of_own_unit", {})
        return from_release(self._within(period), viewer, signed_in=self._signed_in)

    def forums(self, viewer: Viewer, period: Period) -> GroupForums | Refusal:
        """What fills a unit's standing tables, all of them together; to management teams only."""
        group = self._group(viewer)
        told = self._told(viewer, period, group)
        if isinstance(told, Refusal):
            return told
        fewest = int(told[-1].release.policy["k_mt_self"])
        return released_forums(told, group, _scope(group), fewest) or NOT_RELEASED

    def ties(self, viewer: Viewer, period: Period) -> GroupTies | Refusal:
        """How much departments meet, in bands."""
        group = self._group(viewer)
        told = self._told(viewer, period, group)
        if isinstance(told, Refusal):
            return told
        return released_ties(told, viewer.unit, group, _scope(group)) or NOT_RELEASED

    def checks(self, viewer: Viewer, period: Period) -> tuple[Check, ...]:
        """The self-checks need the store; the audit of a release stands in its file."""
        del viewer, period
        return ()

    def _not_a_person(self, viewer: Viewer, *asked: object) -> Refusal:
        """What only a person may ask or do: nobody is a person here."""
        del viewer, asked
        return NOT_PERMITTED

    def _not_told(self, viewer: Viewer, *asked: object) -> Refusal:
        """What no release holds in a form a page can be rebuilt from."""
        del asked
        return NOT_RELEASED if self.may(viewer) else NOT_PERMITTED

    own_queue = say_label = others_see = decide = _not_a_person
    roles = signals = topic_meetings = stopping = escalations = trusted = _not_told

    def _departments(self) -> tuple[str, ...]:
        parts = (group.parts for group in self._releases[-1].groups if group.kind == "department")
        return tuple(sorted(set(chain.from_iterable(parts))))

    def _group(self, viewer: Viewer) -> str:
        """The group that a viewer's pages are about: the own department part, or the organisation."""
        if not viewer.unit:
            return ORGANISATION
        groups = (group for group in self._releases[-1].groups if group.kind == "department")
        return next((group.key for group in groups if viewer.unit in group.parts), ORGANISATION)

    def _within(self, period: Period) -> list[Release]:
        return [each for each in self._releases if period.start <= each.period.start and each.period.end <= period.end]

    def _told(self, viewer: Viewer, period: Period, group: str) -> list[Quarter] | Refusal:
        """The quarters of a period with rows about a group, as far as this viewer may see them."""
        if not self.may(viewer):
            return NOT_PERMITTED
        quarters = [Quarter(each, [row for row in each.rows if can(viewer, row)]) for each in self._within(period)]
        told = [each for each in quarters if each.value("hours", group, TOTAL) is not None]
        return told or NOT_RELEASED


def _is(row: Row, measure: str, group: str) -> bool:
    return row.measure == measure and row.group == group


def _scope(group: str) -> str:
    return group.partition(":")[2] or ORGANISATION


def _labels(told: Iterable[Quarter], group: str) -> list[str]:
    """The labels told apart in every quarter; the rest of any is in "other"."""
    quarters = list(told)
    return [
        label
        for label in LABELS
        if label != REST and all(each.value("hours", group, label) is not None for each in quarters)
    ]


def _split(told: Sequence[Quarter], group: str) -> Split:
    people = min(each.people(group) for each in told)
    weeks = np.array([each.period.weeks for each in told], dtype=float)
    labels = _labels(told, group)
    sums = {name: _sum(told, group, name, weeks) * people for name in (TOTAL, *labels)}
    rest = max(0.0, sums[TOTAL] - sum(sums[name] for name in labels))
    shown = {**{name: sums[name] for name in labels}, REST: rest}
    whole = sum(shown.values())
    contract = float(np.dot([each.value("contract", group) or 0.0 for each in told], weeks))
    return Split(
        scope=_scope(group),
        period=span_of(told),
        people=people,
        meetings=0,
        hours=whole,
        expected_hours=whole,
        available=contract * people,
        labels=tuple(LabelHours(name, hours, hours / whole if whole else 0.0, 0) for name, hours in shown.items()),
        answers={},
        weeks=tuple(week for each in told for week in _weeks(each, group, labels, people)),
        focus=_focus(told, group, weeks, int(weeks.sum()) * people),
    )


def _sum(told: Sequence[Quarter], group: str, label: str, weeks: np.ndarray) -> float:
    return float(np.dot([each.value("hours", group, label) or 0.0 for each in told], weeks))


def _weeks(quarter: Quarter, group: str, labels: list[str], people: int) -> list[WeekHours]:
    """Every week with the figures of the finest block it lies in."""
    found = []
    for block in quarter.stretches(group):
        total = quarter.value("hours", group, TOTAL, block) or 0.0
        hours = {name: quarter.value("hours", group, name, block) for name in labels}
        told = {name: value * people for name, value in hours.items() if value is not None}
        told[REST] = max(0.0, total * people - sum(told.values()))
        contract = (quarter.value("contract", group, "", block) or 0.0) * people
        found += [WeekHours(monday, told, contract, people) for monday in block.mondays]
    return found


def _focus(told: Sequence[Quarter], group: str, weeks: np.ndarray, person_weeks: int) -> Focus:
    means = []
    for name in ("focus", "fragmented"):
        values = [each.value("focus", group, name) for each in told]
        known = [value is not None for value in values]
        means.append(
            float(np.average(np.array(values, dtype=float)[known], weights=weeks[known])) if any(known) else 0.0
        )
    return Focus(means[0], means[1], person_weeks, DEFAULT.focus_minutes)


def _drift(told: Sequence[Quarter], group: str, viewer: Viewer) -> Drift:
    weekly = shares_of(told, group)
    share, change, said = _trend(told, group, weekly)
    start, end = ends(share)
    found = slope(logarithm(share), np.arange(len(share), dtype=float)) if change is not None else None
    people = min(each.people(group) for each in told)
    levels = _levels(told, viewer)
    return Drift(
        scope=_scope(group),
        period=span_of(told),
        label=COORDINATION,
        people=people,
        start=start,
        end=end,
        hours_start=None if start is None else start * DEFAULT.full_time_hours,
        hours_end=None if end is None else end * DEFAULT.full_time_hours,
        change_per_year=change,
        points_per_year=None,
        smallest_measurable=None if found is None else smallest(found),
        verdict=said,
        weekly=weekly,
        upward=Upward((), None, None, None, "not measurable"),
        altitude=NO_ALTITUDE if viewer.unit else released_altitude(told),
        apex_rate=ApexRate(None, None, None, 0),
        by_level=levels,
        by_department=_departments(told, group),
        by_kind=(),
        change_points=(),
        decomposition=released_decomposition(told, group),
        counter_voices=(),
        coverage=Coverage(people, people, None, people),
        label_error=LabelDoubt(None, 0.0, None, corrected=False),
        weeks_used=int(np.isfinite(share).sum()),
        weeks_left_out=int((~np.isfinite(share)).sum()),
    )


def _trend(
    told: Sequence[Quarter], group: str, weekly: tuple[WeekShare, ...]
) -> tuple[np.ndarray, Estimate | None, Verdict]:
    share = np.array([np.nan if week.share is None else week.share for week in weekly])
    whole = (told[-1].period.end - told[0].period.start).days // 7 == len(weekly)
    if not whole or not all(each.weekly(group) for each in told):
        return share, None, "not measurable"
    found = slope(logarithm(share), np.arange(len(share), dtype=float))
    return share, relative(found), verdict(found)


def _levels(told: Sequence[Quarter], viewer: Viewer) -> tuple[LevelDrift, ...]:
    """Bands of levels: those of the organisation, or the cells of one's own department."""
    last = told[-1].release
    kind = "cell" if viewer.unit else "levels"
    mine = [
        group
        for group in last.groups
        if group.kind == kind and (not viewer.unit or viewer.unit in units_of(last, group))
    ]
    return tuple(
        LevelDrift(tuple(map(int, group.parts)), told[-1].people(group.key), *ends(known_array(weekly)), weekly)
        for group in mine
        if (weekly := shares_of([each for each in told if each.has_label(group.key, COORDINATION)], group.key))
        and all(each.has_label(group.key, COORDINATION) for each in told)
    )


def _departments(told: Sequence[Quarter], group: str) -> tuple[PartDrift, ...]:
    if group != ORGANISATION:
        return ()
    keys = [each for each in told[-1].release.groups if each.kind == "department"]
    return tuple(
        PartDrift(
            each.name, told[-1].people(each.key), *ends(known_array(shares_of(told, each.key))), None, "not measurable"
        )
        for each in keys
        if all(quarter.has_label(each.key, COORDINATION) for quarter in told)
    )
