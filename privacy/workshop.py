"""How each answer is worked out of a store, for a viewer whom the door has let in.

It never asks who looks: `privacy.door` does, before it asks this.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from analysis.availability import available_in
from analysis.drift import levelled
from analysis.scope import EVERYBODY, Scope
from analysis.snapshots import (
    KEPT_TABLES,
    bridges_of,
    chains_of,
    checks_of,
    dependence_of,
    drift_of,
    escalations_of,
    signals_of,
    split_of,
    topic_meetings_of,
)
from privacy import registry
from privacy.group_dependence import OwnCard, spread
from privacy.group_flows import group_escalations
from privacy.group_forums import forums_in, group_forums
from privacy.group_ties import group_ties
from privacy.groups import MINIMUM, MINIMUM_FOR_COUNTS, merge_levels
from privacy.naming import in_demo
from privacy.ownwork import own_roles, own_stopping, roles_of_many, signals_of_many, stopping_of_many
from privacy.refusal import Refusal
from privacy.thinning import thinned
from privacy.trusting import trusted

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from analysis.drift import Drift
    from analysis.period import Period
    from analysis.selfcheck import Check
    from analysis.signals import Signals, TopicMeeting
    from analysis.split import Split, WeekHours
    from privacy.answers import Question
    from privacy.group_dependence import GroupDependence
    from privacy.group_flows import GroupEscalations
    from privacy.group_forums import GroupForums
    from privacy.group_ties import GroupTies
    from privacy.naming import NamedPeople
    from privacy.overview import Overview
    from privacy.ownwork import RolesSeen, StoppingSeen
    from privacy.reviewing import OwnQueue
    from privacy.trusting import Trusted
    from privacy.viewer import Viewer
    from store.database import Snapshot, Store

TITLES_READ = "own_queue"


class Workshop:
    """Works answers out; `overview` and `people` (the chart) come from whoever remembers them."""

    def __init__(self, store: Store, overview: Callable[[], Overview], people: Callable[[], pd.DataFrame]) -> None:
        self._store = store
        self._overview = overview
        self._people = people
        self._ways: dict[str, Callable[[Question], Any]] = {
            "split": lambda asked: self._split(asked.viewer, asked.period),
            "drift": lambda asked: self._drift(asked.viewer, asked.period),
            "dependence": lambda asked: self._dependence(asked.viewer, asked.period),
            "named": lambda asked: self._named(asked.viewer, asked.period),
            "roles": lambda asked: self._roles(asked.viewer, asked.period),
            "signals": lambda asked: self._signals(asked.viewer, asked.period),
            "topic_meetings": lambda asked: self._topic_meetings(asked.viewer, asked.period, asked.detail),
            "stopping": lambda asked: self._stopping(asked.viewer, asked.period),
            "escalations": lambda asked: self._escalations(asked.viewer, asked.period),
            "ties": lambda asked: self._ties(asked.viewer, asked.period),
            "forums": lambda asked: self._forums(asked.viewer, asked.period),
            "trusted": lambda asked: self._trusted(asked.period),
            "checks": lambda asked: self._checks(asked.period),
            TITLES_READ: lambda asked: self._own_queue(asked.viewer, asked.period, asked.detail),
        }

    def work_out(self, question: Question) -> Any:
        """The answer to one question."""
        return self._ways[question.name](question)

    @property
    def _snapshot(self) -> Snapshot:
        return self._store.snapshot()

    def _split(self, viewer: Viewer, period: Period) -> Split | Refusal:
        result = split_of(self._snapshot, period, scope_of(viewer))
        if viewer.role == "self":
            return result
        if result.people < MINIMUM:
            return _group_too_small()
        return replace(result, weeks=tuple(map(_week_of_many, result.weeks)))

    def _drift(self, viewer: Viewer, period: Period) -> Drift | Refusal:
        snapshot, scope = self._snapshot, scope_of(viewer)
        if viewer.role == "self":
            return drift_of(snapshot, period, scope)
        posts = self._posts(scope, period)
        groups = merge_levels(_heads(posts))
        if not groups:
            return _group_too_small()
        return thinned(drift_of(snapshot, period, scope, groups), posts)

    def _posts(self, scope: Scope, period: Period) -> pd.DataFrame:
        """The levels and departments that each person of a scope was at in a period."""
        present = levelled(available_in(self._snapshot.tables(), period, scope))
        return present[["person_id", "level", "department"]].drop_duplicates()

    def _roles(self, viewer: Viewer, period: Period) -> RolesSeen | Refusal:
        snapshot, available = self._snapshot, self._available(period)
        if viewer.role == "self":
            return own_roles(snapshot, period, available, str(viewer.person_id)) or Refusal("not_on_chart", {})
        return roles_of_many(snapshot, period, available, scope_of(viewer)) or _group_too_small()

    def _signals(self, viewer: Viewer, period: Period) -> Signals | Refusal:
        if viewer.role == "self":
            return signals_of(self._snapshot, period, scope_of(viewer))
        if self._is_small(viewer, period):
            return _group_too_small()
        return signals_of_many(self._snapshot, period, scope_of(viewer))

    def _topic_meetings(self, viewer: Viewer, period: Period, topic_id: str) -> tuple[TopicMeeting, ...]:
        return topic_meetings_of(self._snapshot, topic_id, period, scope_of(viewer))

    def _stopping(self, viewer: Viewer, period: Period) -> StoppingSeen | Refusal:
        snapshot, available = self._snapshot, self._available(period)
        if viewer.role == "self":
            return own_stopping(snapshot, period, available, str(viewer.person_id))
        if self._is_small(viewer, period):
            return _group_too_small()
        return stopping_of_many(snapshot, period, available, scope_of(viewer))

    def _available(self, period: Period) -> Period:
        return self._overview().period or period

    def _is_small(self, viewer: Viewer, period: Period) -> bool:
        present = available_in(self._snapshot.tables(), period, scope_of(viewer))
        return int(present.loc[present["days"] > 0, "person_id"].nunique()) < MINIMUM

    def _escalations(self, viewer: Viewer, period: Period) -> GroupEscalations | Refusal:
        scope, snapshot = scope_of(viewer), self._snapshot
        members = chains_of(snapshot, period)
        found = escalations_of(snapshot, period, scope, members)
        # The bands are those of the whole organisation, so that a department's top is not told apart from it.
        return group_escalations(found, members, self._posts(EVERYBODY, period)) or _too_few()

    def _ties(self, viewer: Viewer, period: Period) -> GroupTies | Refusal:
        people = self._people()
        found = bridges_of(self._snapshot, period)
        return group_ties(found, people[people["valid_to"].isna()], viewer.unit) or _too_few()

    def _forums(self, viewer: Viewer, period: Period) -> GroupForums | Refusal:
        drift = self._drift(viewer, period)
        if isinstance(drift, Refusal):
            return drift
        names = frozenset(str(name) for name in self._people()["name"].dropna())
        snapshot = self._snapshot
        parts = snapshot.remember(f"forums {period}", lambda _: forums_in(snapshot, period))
        told = names if viewer.role == "mt" else None
        return group_forums(snapshot, parts, scope_of(viewer), drift, told) or _too_few()

    def _dependence(self, viewer: Viewer, period: Period) -> OwnCard | GroupDependence | Refusal:
        everybody = dependence_of(self._snapshot, period)
        if viewer.role == "self":
            card = everybody.card(str(viewer.person_id))
            return OwnCard(card, period) if card else Refusal("not_on_chart", {})
        people = self._people().drop_duplicates("person_id", keep="last")
        if viewer.unit:
            people = people[people["department"] == viewer.unit]
        found = spread(everybody, people, scope_of(viewer).name)
        return found or Refusal("group_too_small", {"minimum": MINIMUM_FOR_COUNTS})

    def _named(self, viewer: Viewer, period: Period) -> NamedPeople:
        return in_demo(dependence_of(self._snapshot, period), self._people(), registry.objecting(self._store), viewer)

    def _trusted(self, period: Period) -> Trusted:
        return trusted(self._store, period)

    def _checks(self, period: Period) -> tuple[Check, ...]:
        return checks_of(self._snapshot, period)

    def _own_queue(self, viewer: Viewer, period: Period, language: str) -> OwnQueue | Refusal:
        from privacy.reviewing import own_queue  # noqa: PLC0415 - scikit-learn is slow to import, one page needs it

        return own_queue(self._store, viewer, period, "nl" if language == "nl" else "en")


def scope_of(viewer: Viewer) -> Scope:
    """About whom a viewer asks."""
    if viewer.role == "self":
        return Scope(person_id=viewer.person_id)
    return Scope(department=viewer.unit) if viewer.unit else EVERYBODY


def needs(question: Question) -> tuple[str, ...]:
    """What must be kept before a person's own answer is quick: names of derived tables and results."""
    if question.name == TITLES_READ:
        return ()
    more = {
        "dependence": (f"dependence {question.period}",),
        "named": (f"dependence {question.period}",),
        "roles": ("topics", f"roles {question.period}"),
        "signals": ("topics",),
        "topic_meetings": ("topics",),
    }
    return (*KEPT_TABLES, *more.get(question.name, ()))


def _heads(posts: pd.DataFrame) -> dict[int, int]:
    """People by level; who was at several counts once, at the highest, so that no group looks larger than it is."""
    highest = posts.groupby("person_id")["level"].min().value_counts()
    return {int(level): int(highest.get(level, 0)) for level in posts["level"].unique()}


def _group_too_small() -> Refusal:
    return Refusal("group_too_small", {"minimum": MINIMUM})


def _too_few() -> Refusal:
    return Refusal("too_few_in_it", {"minimum": MINIMUM})


def _week_of_many(week: WeekHours) -> WeekHours:
    return week if week.people >= MINIMUM else replace(week, hours={}, available=0.0)
