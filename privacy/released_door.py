"""The door of a process that holds a release and nothing else: pages of MT and HR, rebuilt from its rounded rows.

It is given verified rows in memory. No store, no path and no key is within its reach, so whatever it is asked, it can
only answer with what was audited; what was not released is refused.
"""

from __future__ import annotations

from functools import partial, wraps
from itertools import chain
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from analysis.period import WEEK, Period
from analysis.usual import USUAL_WEEKS
from privacy.access import can
from privacy.groups import ORGANISATION, at_least
from privacy.naming import NamedPeople, from_release, may_see_names
from privacy.overview import Overview, Source
from privacy.refusal import Refusal
from privacy.release.rows import TOTAL
from privacy.released_behind import Behind, released_behind
from privacy.released_cards import SharedCard, shared_cards
from privacy.released_dependence import released_dependence
from privacy.released_drift import released_drift, released_upward
from privacy.released_escalations import released_escalations
from privacy.released_forums import released_forums
from privacy.released_quarter import Quarter, info_of
from privacy.released_roles import released_roles
from privacy.released_scan import released_scan
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
    from privacy.released_scan import Scan
    from privacy.released_ties import GroupTies
    from privacy.released_trust import ReleasedTrust

Answer = TypeVar("Answer")
More = ParamSpec("More")
MOST_KNOWN = 2000
# How much of a release's hash stands on what is taken out of it.
DIGITS = 12
NOT_RELEASED, NOT_PERMITTED = Refusal("not_released", {}), Refusal("not_permitted", {})


def remembered(
    ask: Callable[Concatenate[ReleasedDoor, Viewer, Period, More], Answer],
) -> Callable[Concatenate[ReleasedDoor, Viewer, Period, More], Answer]:
    """Released rows never change, so an answer is worked out once for a viewer, a period and what else is asked."""

    @wraps(ask)
    def answer(door: ReleasedDoor, viewer: Viewer, period: Period, /, *more: More.args, **named: More.kwargs) -> Answer:
        key = (ask.__name__, viewer, period, *more, *named.items())
        found: Answer | None = door.known.get(key)
        if found is None:
            found = ask(door, viewer, period, *more, **named)
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
        self._viewers = (Viewer("mt"), *(Viewer("mt", unit=name) for name in self._departments()), Viewer("hr"))
        self._allowed = frozenset(self._viewers)
        self._overview = self._what_there_is()
        self.known: dict[tuple[object, ...], Any] = {}

    @property
    def made_up(self) -> bool:
        """Whether nobody in any of the releases is real."""
        return all(each.demo for each in self._releases)

    def overview(self, viewer: Viewer | None = None) -> Overview:
        """What there is to look at, as far as it was released: at least so many people, no count of meetings."""
        del viewer
        return self._overview

    def viewers(self) -> tuple[Viewer, ...]:
        """Management of the whole, of every department that is told, and HR; never a person."""
        return self._viewers

    def may(self, viewer: Viewer) -> bool:
        """Whether this viewer may look at all; default deny."""
        return viewer in self._allowed

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
        return self._of(viewer, period, released_split)

    @remembered
    def drift(self, viewer: Viewer, period: Period) -> Drift | Refusal:
        """How coordination moved, from released rows; a trend through the blocks of time that are told."""
        return self._of(viewer, period, partial(released_drift, unit=viewer.unit))

    @remembered
    def dependence(self, viewer: Viewer, period: Period) -> GroupDependence | Refusal:
        """On how few people a large group depends, and which functions would stall, in bands."""
        return self._of(
            viewer,
            period,
            lambda told, group, scope: _too_small(told, group, viewer) or released_dependence(told, group, scope),
        )

    @remembered
    def roles(self, viewer: Viewer, period: Period) -> RolesSeen | Refusal:
        """Designing, coordinating and doing in a group, against the year before where that was told."""
        return self._of(
            viewer, period, lambda told, group, _: released_roles(told, self._before(viewer, told, group), group)
        )

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
        return self._of(
            viewer, period, lambda told, group, scope: released_forums(told, group, scope, _set(told, "k_mt_self"))
        )

    @remembered
    def ties(self, viewer: Viewer, period: Period) -> GroupTies | Refusal:
        """How much departments meet, in bands, and which part of all pairs of teams hangs on one person."""
        return self._of(
            viewer,
            period,
            lambda told, group, scope: released_ties(told, viewer.unit, group, scope, _fewest(told, viewer)),
        )

    @remembered
    def trusted(self, viewer: Viewer, period: Period) -> ReleasedTrust | Refusal:
        """How far the figures of the last quarter can be trusted, with its audit and the chain it stands in."""
        told = self._told(viewer, period, ORGANISATION)
        return told if isinstance(told, Refusal) else released_trust(told, self._releases, DIGITS)

    @remembered
    def escalations(self, viewer: Viewer, period: Period, unit: str = "") -> GroupEscalations | Refusal:
        """Where escalations come from and where they end, in tenths; of a viewer's own group, or of a department."""
        return self._of(viewer, period, released_escalations, unit)

    @remembered
    def scan(self, viewer: Viewer, period: Period) -> Scan | Refusal:
        """Every released group beside every other, quarter by quarter; to HR, whose group is the organisation."""
        if self.may(viewer) and viewer.role != "hr":
            return Refusal("hr_only", {})
        told = self._told(viewer, period, ORGANISATION)
        if isinstance(told, Refusal):
            return told
        # A year may have 53 weeks, and every quarter stands beside the same one a year before.
        before = self._before(viewer, told[:1], ORGANISATION, weeks=USUAL_WEEKS + 1)
        return released_scan(told, before, released_upward(told), _fewest(told, viewer))

    @remembered
    def behind(self, viewer: Viewer, period: Period) -> Behind | Refusal:
        """What is told one step behind the pages of a viewer's own group, for links that never lead to a refusal."""
        return self._of(viewer, period, lambda told, group, _: released_behind(told, group, viewer.unit))

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

    def _what_there_is(self) -> Overview:
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

    def _departments(self) -> tuple[str, ...]:
        parts = (group.parts for group in self._releases[-1].groups if group.kind == "department")
        return tuple(sorted(set(chain.from_iterable(parts))))

    def _group(self, viewer: Viewer) -> str:
        """The group that a viewer's pages are about: the own department part, or the organisation."""
        if not viewer.unit:
            return ORGANISATION
        groups = (group for group in self._releases[-1].groups if group.kind == "department")
        return next((group.key for group in groups if viewer.unit in group.parts), ORGANISATION)

    def _department(self, name: str, period: Period) -> str:
        """The department that was last told under this name in a period, alone or with others; none has no key."""
        groups = chain.from_iterable(each.groups for each in reversed(self._within(period)))
        return next((each.key for each in groups if each.kind == "department" and each.name == name), "")

    def _of(
        self,
        viewer: Viewer,
        period: Period,
        answer: Callable[[Sequence[Quarter], str, str], Answer | Refusal | None],
        unit: str = "",
    ) -> Answer | Refusal:
        """What a period's quarters answer about a viewer's own group, or a department, under its name on pages.

        Of a department that is not the viewer's own, only what `can` lets this viewer see is told.
        """
        group = self._department(unit, period) if unit else self._group(viewer)
        told = self._told(viewer, period, group)
        if isinstance(told, Refusal):
            return told
        return answer(told, group, group.partition(":")[2] or ORGANISATION) or NOT_RELEASED

    def _within(self, period: Period) -> list[Release]:
        return [each for each in self._releases if period.start <= each.period.start and each.period.end <= period.end]

    def _told(self, viewer: Viewer, period: Period, group: str) -> list[Quarter] | Refusal:
        """The quarters of a period with rows about a group, as far as this viewer may see them."""
        if not self.may(viewer):
            return NOT_PERMITTED
        quarters = [Quarter(each, [row for row in each.rows if can(viewer, row)]) for each in self._within(period)]
        told = [each for each in quarters if each.value("hours", group, TOTAL) is not None]
        # "other (2)" may be other departments in another quarter.
        told = [each for each in told if info_of(each.release, group).parts == info_of(told[-1].release, group).parts]
        return told or NOT_RELEASED

    def _before(
        self, viewer: Viewer, told: Sequence[Quarter], group: str, *, weeks: int = USUAL_WEEKS
    ) -> list[Quarter]:
        """The quarters of the year before the last of some, as far as they tell anything."""
        begins = told[-1].period.start
        before = self._told(viewer, Period(begins - weeks * WEEK, begins), group)
        return [] if isinstance(before, Refusal) else before


def _set(told: Sequence[Quarter], name: str) -> int:
    """A setting of the policy that the last of some quarters was released under."""
    return int(told[-1].release.policy[name])


def _fewest(told: Sequence[Quarter], viewer: Viewer) -> int:
    """How many people must be behind a count of people for this viewer."""
    return _set(told, "k_count_hr" if viewer.role == "hr" else "k_count_mt")


def _too_small(told: Sequence[Quarter], group: str, viewer: Viewer) -> Refusal | None:
    """A refusal where a group is too small for a count of people."""
    fewest = _fewest(told, viewer)
    return Refusal("group_too_small", {"minimum": fewest}) if told[-1].people(group) < fewest else None
