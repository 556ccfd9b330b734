"""The only door between measures and whoever looks: no answer without a viewer, and no group out of a store.

A person gets their own rows. What management teams and HR read comes from releases, behind a door of its own
(`privacy.released_door`), which this one asks in the demo alone: a process that serves real groups holds no store. What
a viewer may not see is a `Refusal` with its reason, which a page shows as a sentence. Who may ask is decided here, each
time; `privacy.workshop` works answers out and `privacy.answers` remembers them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from privacy import registry
from privacy.answers import Answers, Helper, Question
from privacy.overview import Overview, overview_of
from privacy.refusal import Refusal
from privacy.viewer import Viewer
from privacy.workshop import TITLES_READ, Workshop
from store import clock

if TYPE_CHECKING:
    from datetime import date, datetime

    from analysis.drift import Drift
    from analysis.period import Period
    from analysis.selfcheck import Check
    from analysis.signals import Signals, TopicMeeting
    from analysis.split import Split
    from classify.correcting import Done
    from classify.phrases import Language
    from privacy.group_dependence import GroupDependence, OwnCard
    from privacy.naming import NamedPeople
    from privacy.ownwork import RolesSeen, StoppingSeen
    from privacy.released_behind import Behind
    from privacy.released_cards import SharedCard
    from privacy.released_door import ReleasedDoor
    from privacy.released_escalations import GroupEscalations
    from privacy.released_forums import GroupForums
    from privacy.released_scan import Scan
    from privacy.released_ties import GroupTies
    from privacy.released_trust import ReleasedTrust
    from privacy.reviewing import OwnQueue
    from privacy.seen import AboutMe
    from privacy.trusting import Trusted
    from store.database import Store
    from store.erasing import Erased

ANYBODY = Viewer("self")
"""Stands for everybody in questions about the whole store whose answer is the same for all."""


class Door:
    """Answers for people out of one store; with a helper they are worked out elsewhere, and may not be ready.

    With `signed_in` everybody in the store may be looked at as oneself: whoever asks has proved elsewhere who that is.
    `released` is what was released of this store: people read in it what others can see about them, and in the demo,
    whose people are made up, it answers for groups as well.
    """

    def __init__(
        self,
        store: Store,
        today: date,
        helper: Helper | None = None,
        *,
        signed_in: bool = False,
        released: ReleasedDoor | None = None,
    ) -> None:
        self._store = store
        self._signed_in = signed_in
        self._released = released
        self._today = today
        self._workshop = Workshop(store, self.overview)
        self._answers = Answers(store, self._workshop.work_out, helper)

    @property
    def helper(self) -> Helper | None:
        """Who works answers out elsewhere, where somebody does."""
        return self._answers.helper

    def overview(self, viewer: Viewer | None = None) -> Overview:
        """What there is to look at for a viewer; holds no person but the owner."""
        groups = self._groups()
        if viewer and viewer.role != "self" and groups:
            return groups.overview(viewer)
        found: Overview = self._answers.remember(
            "overview", lambda: overview_of(self._store, self._people(), self._today)
        )
        return found

    def viewers(self) -> tuple[Viewer, ...]:
        """The viewers this store may be opened as, the usual one first.

        In the demo anybody may look as anybody; elsewhere only the owner is a person, or who signed in.
        """
        owner, groups = self.overview().owner, self._groups()
        own = (Viewer("self", person_id=owner),) if owner else ()
        return (*own, *groups.viewers()) if groups else own

    def may(self, viewer: Viewer) -> bool:
        """Whether this viewer may look at all; default deny."""
        if viewer in self.viewers():
            return True
        anybody = self._signed_in or self.overview().demo
        return viewer.role == "self" and anybody and viewer.person_id in self._people()["person_id"].array

    def name_of(self, viewer: Viewer) -> str | None:
        """The viewer's own name and function, for the heading; nobody else's."""
        if viewer.role != "self" or not self.may(viewer):
            return None
        mine = self._rows_of(viewer)
        return None if mine.empty or pd.isna(mine["name"].iloc[-1]) else str(mine["name"].iloc[-1])

    def split(self, viewer: Viewer, period: Period) -> Split | Refusal:
        """Where time goes."""
        answer: Split | Refusal = self._ask("split", viewer, period)
        return answer

    def drift(self, viewer: Viewer, period: Period) -> Drift | Refusal:
        """How coordination moved."""
        answer: Drift | Refusal = self._ask("drift", viewer, period)
        return answer

    def dependence(self, viewer: Viewer, period: Period) -> OwnCard | GroupDependence | Refusal:
        """On whom it depends: one's own card, or the spread over a large group."""
        answer: OwnCard | GroupDependence | Refusal = self._ask("dependence", viewer, period)
        return answer

    def named(self, viewer: Viewer, period: Period) -> NamedPeople | Refusal:
        """The people on whom work waits, by name to their own unit's management, where that was released."""
        answer: NamedPeople | Refusal = self._of_group("named", viewer, period)
        return answer

    def shared(self, viewer: Viewer) -> tuple[SharedCard, ...]:
        """The cards that people chose to share with management, as far as that was released."""
        groups = self._groups()
        return groups.shared(viewer) if groups and self.may(viewer) else ()

    def roles(self, viewer: Viewer, period: Period) -> RolesSeen | Refusal:
        """Designing, coordinating and doing, with one's own habits."""
        answer: RolesSeen | Refusal = self._ask("roles", viewer, period)
        return answer

    def signals(self, viewer: Viewer, period: Period) -> Signals | Refusal:
        """The subjects that come back at one's own table."""
        answer: Signals | Refusal = self._ask("signals", viewer, period)
        return answer

    def topic_meetings(self, viewer: Viewer, period: Period, topic_id: str) -> tuple[TopicMeeting, ...] | Refusal:
        """One's own meetings on a subject, with their titles; to that person and nobody else."""
        if viewer.role != "self":
            return Refusal("own_titles_only", {})
        answer: tuple[TopicMeeting, ...] | Refusal = self._ask("topic_meetings", viewer, period, topic_id)
        return answer

    def stopping(self, viewer: Viewer, period: Period) -> StoppingSeen | Refusal:
        """One's own series that still meet and what stopping them would free."""
        answer: StoppingSeen | Refusal = self._ask("stopping", viewer, period)
        return answer

    def escalations(self, viewer: Viewer, period: Period, unit: str = "") -> GroupEscalations | Refusal:
        """Where the escalations of a group, or of one of its departments, come from and where they end."""
        answer: GroupEscalations | Refusal = self._of_group("escalations", viewer, period, unit)
        return answer

    def behind(self, viewer: Viewer, period: Period) -> Behind | Refusal:
        """What is told one step behind the pages of a group."""
        answer: Behind | Refusal = self._of_group("behind", viewer, period)
        return answer

    def ties(self, viewer: Viewer, period: Period) -> GroupTies | Refusal:
        """How units are tied."""
        answer: GroupTies | Refusal = self._of_group("ties", viewer, period)
        return answer

    def forums(self, viewer: Viewer, period: Period) -> GroupForums | Refusal:
        """What fills a group's standing tables."""
        answer: GroupForums | Refusal = self._of_group("forums", viewer, period)
        return answer

    def scan(self, viewer: Viewer, period: Period) -> Scan | Refusal:
        """Every released group beside every other, quarter by quarter; to HR only."""
        if self.may(viewer) and viewer.role != "hr":
            return Refusal("hr_only", {})
        answer: Scan | Refusal = self._of_group("scan", viewer, period)
        return answer

    def trusted(self, viewer: Viewer, period: Period) -> Trusted | ReleasedTrust | Refusal:
        """How far figures can be trusted: labels, model and journal of the whole store; counts only."""
        answer: Trusted | ReleasedTrust | Refusal = self._ask("trusted", viewer, period)
        return answer

    def checks(self, viewer: Viewer, period: Period) -> tuple[Check, ...]:
        """The start-up self-checks over the whole store; counts only."""
        answer: tuple[Check, ...] | Refusal = self._ask("checks", viewer, period)
        return () if isinstance(answer, Refusal) else answer

    def own_queue(self, viewer: Viewer, period: Period, language: Language) -> OwnQueue | Refusal:
        """The labels of one's own meetings that are worth a look, with titles; to that person and nobody else."""
        if self.may(viewer) and viewer.role != "self":
            return Refusal("own_labels_only", {})
        answer: OwnQueue | Refusal = self._ask(TITLES_READ, viewer, period, language)
        return answer

    def say_label(self, viewer: Viewer, meeting_id: str, label: str | None, now: datetime) -> Done | Refusal:
        """Correct a label of one's own meeting, or take one's last word back."""
        from privacy.reviewing import say  # noqa: PLC0415 - scikit-learn is slow to import, one page needs it

        return say(self._store, viewer, meeting_id, label, now) if self.may(viewer) else Refusal("not_permitted", {})

    def others_see(self, viewer: Viewer, period: Period) -> AboutMe | Refusal:
        """What others can see that includes the viewer; to that person and nobody else."""
        from privacy.seen import Place, others_see  # noqa: PLC0415 - it asks the other door the others' questions

        if not self.may(viewer):
            return Refusal("not_permitted", {})
        if viewer.role != "self":
            return Refusal("own_view_only", {})
        mine = self._rows_of(viewer)
        if mine.empty:
            return Refusal("not_on_chart", {})
        last = mine.iloc[-1]
        place = Place(
            level=None if pd.isna(last["level"]) else int(last["level"]),
            department=str(last["department"]),
            function=str(last["function"]),
            team="" if pd.isna(last["team"]) else str(last["team"]),
        )
        standing = registry.standing(self._store, str(viewer.person_id), clock.now())
        return others_see(self._released, place, period, standing)

    def decide(self, viewer: Viewer, purpose: str, decision: str, now: datetime) -> Erased | Refusal:
        """Keep what a person decides about the own data: share the own card or stop, object or take that back."""
        if not self.may(viewer):
            return Refusal("not_permitted", {})
        if viewer.role != "self" or not viewer.person_id:
            return Refusal("own_view_only", {})
        return registry.decide(self._store.path, viewer.person_id, purpose, decision, now)

    def work_out(self, question: Question) -> object:
        """The answer to a question that a door let through, such as the one this works for as a helper."""
        answer: object = self._answers.of(question)
        return answer

    def _groups(self) -> ReleasedDoor | None:
        """The door that answers for groups, where this process may: nobody is real."""
        return self._released if self._released and self._released.made_up else None

    def _ask(self, name: str, viewer: Viewer, period: Period, detail: str = "") -> Any:
        if not self.may(viewer):
            return Refusal("not_permitted", {})
        if viewer.role != "self":
            return getattr(self._groups(), name)(viewer, period, *([detail] if detail else []))
        return self._answers.of(as_asked(name, viewer, period, detail))

    def _of_group(self, name: str, viewer: Viewer, period: Period, detail: str = "") -> Any:
        """What is told of groups only."""
        if viewer.role == "self" and self.may(viewer):
            return Refusal("for_groups", {})
        return self._ask(name, viewer, period, detail)

    def _people(self) -> pd.DataFrame:
        rows: pd.DataFrame = self._answers.remember(
            "people", lambda: self._store.frame("people").sort_values("valid_from")
        )
        return rows

    def _rows_of(self, viewer: Viewer) -> pd.DataFrame:
        rows = self._people()
        return rows[rows["person_id"] == viewer.person_id]


def as_asked(name: str, viewer: Viewer, period: Period, detail: str = "") -> Question:
    """A question as it is remembered: viewers who get the same answer ask the same."""
    return Question(name, ANYBODY if name in {"trusted", "checks"} else viewer, period, detail)
