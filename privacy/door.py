"""The only door between measures and whoever looks: no answer without a viewer, no group below the minimum.

A person gets their own rows. A management team and HR get groups; what the viewer may not see is a `Refusal` with its
reason, which a page shows as a sentence. Who may ask is decided here, each time; `privacy.workshop` works answers out
and `privacy.answers` remembers them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from privacy import registry
from privacy.answers import Answers, Helper, Question
from privacy.group_dependence import GroupDependence, OwnCard, SharedCard
from privacy.groups import MINIMUM
from privacy.naming import may_see_names
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
    from privacy.group_flows import GroupEscalations
    from privacy.group_forums import GroupForums
    from privacy.group_ties import GroupTies
    from privacy.naming import NamedPeople
    from privacy.ownwork import RolesSeen, StoppingSeen
    from privacy.reviewing import OwnQueue
    from privacy.seen import AboutMe
    from privacy.trusting import Trusted
    from store.database import Store
    from store.erasing import Erased

# HR sees of the whole organisation what its management team sees, but for these.
TOLD_APART = {"forums"}
FOR_GROUPS = {"escalations", "ties", "forums"}
ANYBODY = Viewer("hr")
"""Stands for every viewer in questions about the whole store whose answer is the same for all."""


class Door:
    """Answers for viewers out of one store; with a helper they are worked out elsewhere, and may not be ready.

    With `signed_in` everybody in the store may be looked at as oneself: whoever asks has proved elsewhere who that is.
    """

    def __init__(self, store: Store, today: date, helper: Helper | None = None, *, signed_in: bool = False) -> None:
        self._store = store
        self._signed_in = signed_in
        self._today = today
        self._workshop = Workshop(store, self.overview, self._people)
        self._answers = Answers(store, self._workshop.work_out, helper)

    @property
    def helper(self) -> Helper | None:
        """Who works answers out elsewhere, where somebody does."""
        return self._answers.helper

    def overview(self) -> Overview:
        """What there is to look at; holds no person but the owner."""
        found: Overview = self._answers.remember(
            "overview", lambda: overview_of(self._store, self._people(), self._today)
        )
        return found

    def viewers(self) -> tuple[Viewer, ...]:
        """The viewers this store may be opened as, the usual one first.

        In the demo anybody may look as anybody; elsewhere only the owner is a person, or who signed in.
        """
        overview = self.overview()
        own = [Viewer("self", person_id=overview.owner)] if overview.owner else []
        if overview.people < MINIMUM:
            return tuple(own)
        return (*own, Viewer("mt"), *(Viewer("mt", unit=name) for name in overview.departments), Viewer("hr"))

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
        """Where time goes: one's own, or that of a group of at least the minimum size."""
        answer: Split | Refusal = self._ask("split", viewer, period)
        return answer

    def drift(self, viewer: Viewer, period: Period) -> Drift | Refusal:
        """How coordination moved: one's own, or by levels merged to the minimum size."""
        answer: Drift | Refusal = self._ask("drift", viewer, period)
        return answer

    def dependence(self, viewer: Viewer, period: Period) -> OwnCard | GroupDependence | Refusal:
        """On whom it depends: one's own card, or the spread over a large group without persons."""
        answer: OwnCard | GroupDependence | Refusal = self._ask("dependence", viewer, period)
        if isinstance(answer, GroupDependence) and viewer.role == "mt":
            return replace(answer, shared=self._shared(viewer, period))
        return answer

    def named(self, viewer: Viewer, period: Period) -> NamedPeople | Refusal:
        """The people on whom work waits, by name to their own unit's management: in the demo; else a release tells."""
        if not self.may(viewer):
            return Refusal("not_permitted", {})
        if not may_see_names(viewer):
            return Refusal("names_of_own_unit", {})
        if not self.overview().demo:
            return Refusal("names_by_release", {})
        answer: NamedPeople | Refusal = self._ask("named", viewer, period)
        return answer

    def roles(self, viewer: Viewer, period: Period) -> RolesSeen | Refusal:
        """Designing, coordinating and doing, with habits: one's own, or those of a group."""
        answer: RolesSeen | Refusal = self._ask("roles", viewer, period)
        return answer

    def signals(self, viewer: Viewer, period: Period) -> Signals | Refusal:
        """The subjects that come back: one's own by name, or those of a group without names."""
        answer: Signals | Refusal = self._ask("signals", viewer, period)
        return answer

    def topic_meetings(self, viewer: Viewer, period: Period, topic_id: str) -> tuple[TopicMeeting, ...] | Refusal:
        """One's own meetings on a subject, with their titles; to that person and nobody else."""
        if viewer.role != "self":
            return Refusal("own_titles_only", {})
        answer: tuple[TopicMeeting, ...] | Refusal = self._ask("topic_meetings", viewer, period, topic_id)
        return answer

    def stopping(self, viewer: Viewer, period: Period) -> StoppingSeen | Refusal:
        """The series that still meet and what stopping them would free: one's own, or those of a group."""
        answer: StoppingSeen | Refusal = self._ask("stopping", viewer, period)
        return answer

    def escalations(self, viewer: Viewer, period: Period) -> GroupEscalations | Refusal:
        """Where a group's escalations come from and where they end; no person and no small group is in it."""
        answer: GroupEscalations | Refusal = self._ask("escalations", viewer, period)
        return answer

    def ties(self, viewer: Viewer, period: Period) -> GroupTies | Refusal:
        """How units are tied: units and ties of enough people, and how many hang on one, never on whom."""
        answer: GroupTies | Refusal = self._ask("ties", viewer, period)
        return answer

    def forums(self, viewer: Viewer, period: Period) -> GroupForums | Refusal:
        """What fills a group's standing tables; subjects by name to management teams only, members to nobody."""
        answer: GroupForums | Refusal = self._ask("forums", viewer, period)
        return answer

    def trusted(self, viewer: Viewer, period: Period) -> Trusted | Refusal:
        """How far figures can be trusted: labels, model and journal of the whole store; counts only."""
        answer: Trusted | Refusal = self._ask("trusted", viewer, period)
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
        from privacy.seen import Place, others_see  # noqa: PLC0415 - it asks this door the others' questions

        if not self.may(viewer):
            return Refusal("not_permitted", {})
        if viewer.role != "self":
            return Refusal("own_view_only", {})
        mine = self._rows_of(viewer)
        if mine.empty:
            return Refusal("not_on_chart", {})
        last = mine.iloc[-1]
        place = Place(
            None if pd.isna(last["level"]) else int(last["level"]), str(last["department"]), str(last["function"])
        )
        return others_see(self, place, period, registry.standing(self._store, str(viewer.person_id), clock.now()))

    def ask_at_once(self, names: tuple[str, ...], viewers: tuple[Viewer, ...], period: Period) -> None:
        """Have several answers worked out at once, where they are not ready yet; `NotReady` tells of one of them."""
        self._answers.all_of(
            tuple(as_asked(name, viewer, period) for viewer in viewers if self.may(viewer) for name in names)
        )

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

    def _shared(self, viewer: Viewer, period: Period) -> tuple[SharedCard, ...]:
        """Cards of the viewer's unit that are shared with management teams now, by name; no list of who did not."""
        now = clock.now()
        sharers = registry.sharing(self._store, now)
        if not sharers:
            return ()
        people = self._people().drop_duplicates("person_id", keep="last")
        people = people[people["person_id"].isin(sharers)]
        if viewer.unit:
            people = people[people["department"] == viewer.unit]
        rows = people.sort_values("name").to_dict("records")
        persons = [str(row["person_id"]) for row in rows]
        cards = self._answers.all_of(
            tuple(Question("dependence", Viewer("self", person_id=each), period) for each in persons)
        )
        found = []
        for person, row, own in zip(persons, rows, cards, strict=True):
            until = registry.standing(self._store, person, now).shared_until
            if isinstance(own, OwnCard) and until:
                found.append(SharedCard(str(row["name"]), str(row["function"]), own.card, until))
        return tuple(found)

    def _ask(self, name: str, viewer: Viewer, period: Period, detail: str = "") -> Any:
        if not self.may(viewer):
            return Refusal("not_permitted", {})
        if name in FOR_GROUPS and viewer.role == "self":
            return Refusal("for_groups", {})
        return self._answers.of(as_asked(name, viewer, period, detail))

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
    if name in {"trusted", "checks"}:
        return Question(name, ANYBODY, period)
    if viewer.role == "hr" and name not in TOLD_APART:
        viewer = Viewer("mt")
    return Question(name, viewer, period, detail)
