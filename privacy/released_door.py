"""The door of a process that holds a release and nothing else: pages of MT and HR, rebuilt from its rounded rows.

It is given verified rows in memory. No store, no path and no key is within its reach, so whatever it is asked, it can
only answer with what was audited; what was not released is refused.
"""

from __future__ import annotations

from functools import wraps
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar

from analysis.period import WEEK, Period
from analysis.usual import USUAL_WEEKS
from privacy.access import can
from privacy.groups import ORGANISATION, at_least
from privacy.naming import NamedPeople, from_release, may_see_names
from privacy.overview import Overview, Source
from privacy.refusal import Refusal
from privacy.release.rows import TOTAL
from privacy.released_cards import SharedCard, shared_cards
from privacy.released_dependence import released_dependence
from privacy.released_drift import released_drift
from privacy.released_escalations import released_escalations
from privacy.released_forums import released_forums
from privacy.released_quarter import Quarter, info_of
from privacy.released_roles import released_roles
from privacy.released_split import released_split
from privacy.released_ties import released_ties
from privacy.released_trust import released_checks, released_trust
from privacy.viewer import Viewer
from store import clock

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from analysis.drift import Drift
    from analysis.selfcheck import Check
    from analysis.split import Split
    from privacy.group_dependence import GroupDependence
    from privacy.ownwork import RolesSeen
    from privacy.release.file import Release
    from privacy.release.rows import Row
    from privacy.released_escalations import GroupEscalations
    from privacy.released_forums import GroupForums
    from privacy.released_ties import GroupTies
    from privacy.released_trust import ReleasedTrust

Answer = TypeVar("Answer")
MOST_KNOWN = 2000
# How much of a release's hash stands on what is taken out of it.
DIGITS = 12
NOT_RELEASED, NOT_PERMITTED = Refusal("not_released", {}), Refusal("not_permitted", {})


def remembered(
    ask: Callable[[ReleasedDoor, Viewer, Period], Answer],
) -> Callable[[ReleasedDoor, Viewer, Period], Answer]:
    """Released rows never change, so an answer is worked out once for a viewer and a period."""

    @wraps(ask)
    def answer(door: ReleasedDoor, viewer: Viewer, period: Period) -> Answer:
        key = (ask.__name__, viewer, period)
        found: Answer | None = door.known.get(key)
        if found is None:
            found = ask(door, viewer, period)
            if len(door.known) >= MOST_KNOWN:
                door.known.clear()
            door.known[key] = found
        return found

    return answer


class ReleasedDoor:
    """Answers MT and HR out of verified releases, the oldest first; the same questions as `privacy.door.Door`."""

    def __init__(self, releases: Sequence[Release], *, signed_in: bool = False) -> None:
        self._releases = tuple(releases)
        self._signed_in = signed_in
        self.known: dict[tuple[str, Viewer, Period], Any] = {}

    @property
    def made_up(self) -> bool:
        """Whether nobody in any of the releases is real."""
        return all(each.demo for each in self._releases)

    def overview(self, viewer: Viewer | None = None) -> Overview:
        """What there is to look at, as far as it was released: at least so many people, no count of meetings."""
        del viewer
        last = self._releases[-1]
        return Overview(
            demo=self.made_up,
            owner=None,
            people=at_least(info_of(last, ORGANISATION).people),
            meetings=0,
            period=Period(self._releases[0].period.start, last.period.end),
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

    @remembered
    def split(self, viewer: Viewer, period: Period) -> Split | Refusal:
        """Where a group's time goes, from released rows; totals are those of the fewest people its size may mean."""
        group = self._group(viewer)
        told = self._told(viewer, period, group)
        return told if isinstance(told, Refusal) else released_split(told, group, _scope(group))

    @remembered
    def drift(self, viewer: Viewer, period: Period) -> Drift | Refusal:
        """How coordination moved, from released rows; a trend through the blocks of time that are told."""
        group = self._group(viewer)
        told = self._told(viewer, period, group)
        if isinstance(told, Refusal):
            return told
        return released_drift(told, group, _scope(group), viewer.unit) or NOT_RELEASED

    @remembered
    def dependence(self, viewer: Viewer, period: Period) -> GroupDependence | Refusal:
        """On how few people a large group depends, and which functions would stall, in bands."""
        group = self._group(viewer)
        told = self._told(viewer, period, group)
        if isinstance(told, Refusal):
            return told
        fewest = _fewest(told, viewer)
        if told[-1].people(group) < fewest:
            return Refusal("group_too_small", {"minimum": fewest})
        return released_dependence(told, group, _scope(group)) or NOT_RELEASED

    @remembered
    def roles(self, viewer: Viewer, period: Period) -> RolesSeen | Refusal:
        """Designing, coordinating and doing in a group, against the year before where that was told."""
        group = self._group(viewer)
        told = self._told(viewer, period, group)
        if isinstance(told, Refusal):
            return told
        begins = told[-1].period.start
        before = self._told(viewer, Period(begins - USUAL_WEEKS * WEEK, begins), group)
        return released_roles(told, [] if isinstance(before, Refusal) else before, group) or NOT_RELEASED

    def named(self, viewer: Viewer, period: Period) -> NamedPeople | Refusal:
        """The people on whom work waits, by name to their own unit's management, where that was released."""
        if not self.may(viewer):
            return NOT_PERMITTED
        if not may_see_names(viewer):
            return Refusal("names_of_own_unit", {})
        return from_release(self._within(period), viewer, signed_in=self._signed_in)

    def shared(self, viewer: Viewer) -> tuple[SharedCard, ...]:
        """The cards that people chose to share with management, in the newest release; only to who signed in."""
        if not self.may(viewer) or not (self._signed_in or self.made_up):
            return ()
        return shared_cards(self._releases, viewer, clock.now().date())

    @remembered
    def forums(self, viewer: Viewer, period: Period) -> GroupForums | Refusal:
        """What fills a unit's standing tables, all of them together; to management teams only."""
        group = self._group(viewer)
        told = self._told(viewer, period, group)
        if isinstance(told, Refusal):
            return told
        fewest = int(told[-1].release.policy["k_mt_self"])
        return released_forums(told, group, _scope(group), fewest) or NOT_RELEASED

    @remembered
    def ties(self, viewer: Viewer, period: Period) -> GroupTies | Refusal:
        """How much departments meet, in bands, and which part of all pairs of teams hangs on one person."""
        group = self._group(viewer)
        told = self._told(viewer, period, group)
        if isinstance(told, Refusal):
            return told
        return released_ties(told, viewer.unit, group, _scope(group), _fewest(told, viewer)) or NOT_RELEASED

    @remembered
    def trusted(self, viewer: Viewer, period: Period) -> ReleasedTrust | Refusal:
        """How far the figures of the last quarter can be trusted, with its audit and the chain it stands in."""
        told = self._told(viewer, period, ORGANISATION)
        return told if isinstance(told, Refusal) else released_trust(told, self._releases, DIGITS)

    @remembered
    def escalations(self, viewer: Viewer, period: Period) -> GroupEscalations | Refusal:
        """Where escalations come from and where they end, in tenths."""
        group = self._group(viewer)
        told = self._told(viewer, period, group)
        if isinstance(told, Refusal):
            return told
        return released_escalations(told, group, _scope(group)) or NOT_RELEASED

    @remembered
    def checks(self, viewer: Viewer, period: Period) -> tuple[Check, ...]:
        """The self-checks of every quarter as they were released: whether they hold, without numbers."""
        told = self._told(viewer, period, ORGANISATION)
        return () if isinstance(told, Refusal) else released_checks(told)

    def _not_a_person(self, viewer: Viewer, *asked: object) -> Refusal:
        """What only a person may ask or do: nobody is a person here."""
        del viewer, asked
        return NOT_PERMITTED

    def _own_only(self, viewer: Viewer, *asked: object) -> Refusal:
        """What nobody but the person whose calendar it is gets to see."""
        del asked
        return Refusal("own_view_only", {}) if self.may(viewer) else NOT_PERMITTED

    own_queue = say_label = others_see = decide = _not_a_person
    signals = topic_meetings = stopping = _own_only

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


def _fewest(told: Sequence[Quarter], viewer: Viewer) -> int:
    """How many people must be behind a count of people for this viewer."""
    return int(told[-1].release.policy["k_count_hr" if viewer.role == "hr" else "k_count_mt"])


def _scope(group: str) -> str:
    return group.partition(":")[2] or ORGANISATION
