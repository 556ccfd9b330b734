"""How each answer is worked out of a store, for a person whom the door has let in.

It never asks who looks: `privacy.door` does, before it asks this.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.scope import Scope
from analysis.snapshots import (
    KEPT_TABLES,
    checks_of,
    drift_of,
    signals_of,
    split_of,
    topic_meetings_of,
)
from privacy.ownwork import own_dependence, own_roles, own_stopping
from privacy.refusal import Refusal
from privacy.trusting import trusted

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.period import Period
    from analysis.signals import TopicMeeting
    from privacy.answers import Question
    from privacy.group_dependence import OwnCard
    from privacy.overview import Overview
    from privacy.ownwork import RolesSeen, StoppingSeen
    from privacy.reviewing import OwnQueue
    from privacy.viewer import Viewer
    from store.database import Store
    from store.snapshot import Snapshot

TITLES_READ = "own_queue"


class Workshop:
    """Works answers out for people; `overview` comes from whoever remembers it."""

    def __init__(self, store: Store, overview: Callable[[], Overview]) -> None:
        self._store = store
        self._overview = overview
        self._ways: dict[str, Callable[[Question], Any]] = {
            "split": lambda asked: split_of(self._snapshot, asked.period, scope_of(asked.viewer)),
            "drift": lambda asked: drift_of(self._snapshot, asked.period, scope_of(asked.viewer)),
            "dependence": lambda asked: self._dependence(asked.viewer, asked.period),
            "roles": lambda asked: self._roles(asked.viewer, asked.period),
            "signals": lambda asked: signals_of(self._snapshot, asked.period, scope_of(asked.viewer)),
            "topic_meetings": lambda asked: self._topic_meetings(asked.viewer, asked.period, asked.detail),
            "stopping": lambda asked: self._stopping(asked.viewer, asked.period),
            "trusted": lambda asked: trusted(self._store, asked.period),
            "checks": lambda asked: checks_of(self._snapshot, asked.period),
            TITLES_READ: lambda asked: self._own_queue(asked.viewer, asked.period, asked.detail),
        }

    def work_out(self, question: Question) -> Any:
        """The answer to one question."""
        return self._ways[question.name](question)

    @property
    def _snapshot(self) -> Snapshot:
        return self._store.snapshot()

    def _roles(self, viewer: Viewer, period: Period) -> RolesSeen | Refusal:
        found = own_roles(self._snapshot, period, self._available(period), _person(viewer))
        return found or Refusal("not_on_chart", {})

    def _topic_meetings(self, viewer: Viewer, period: Period, topic_id: str) -> tuple[TopicMeeting, ...]:
        return topic_meetings_of(self._snapshot, topic_id, period, scope_of(viewer))

    def _stopping(self, viewer: Viewer, period: Period) -> StoppingSeen:
        return own_stopping(self._snapshot, period, self._available(period), _person(viewer))

    def _available(self, period: Period) -> Period:
        return self._overview().period or period

    def _dependence(self, viewer: Viewer, period: Period) -> OwnCard | Refusal:
        return own_dependence(self._snapshot, period, _person(viewer)) or Refusal("not_on_chart", {})

    def _own_queue(self, viewer: Viewer, period: Period, language: str) -> OwnQueue | Refusal:
        from privacy.reviewing import own_queue  # noqa: PLC0415 - scikit-learn is slow to import, one page needs it

        return own_queue(self._store, viewer, period, "nl" if language == "nl" else "en")


def scope_of(viewer: Viewer) -> Scope:
    """About whom a person asks: only ever that person."""
    return Scope(person_id=_person(viewer))


def _person(viewer: Viewer) -> str:
    """Whose answer is worked out; without a person it would be everybody's."""
    if viewer.role != "self" or not viewer.person_id:
        raise ValueError(f"no answer is worked out of a store for {viewer.key}")
    return viewer.person_id


def needs(question: Question) -> tuple[str, ...]:
    """What must be kept before a person's own answer is quick: names of derived tables and results."""
    if question.name == TITLES_READ:
        return ()
    more = {
        "dependence": (f"dependence {question.period}", f"stalling {question.period}"),
        "roles": ("topics", f"roles {question.period}"),
        "signals": ("topics",),
        "topic_meetings": ("topics",),
    }
    return (*KEPT_TABLES, *more.get(question.name, ()))
