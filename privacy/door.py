"""The only door between measures and whoever looks: no answer without a viewer, no group below the minimum.

A person gets their own rows. A management team and HR get groups; what the viewer may not see is a `Refusal` with its
reason, which a page shows as a sentence.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

import narwhals as nw
import pandas as pd

from analysis.availability import availability
from analysis.drift import Drift, levelled
from analysis.period import WEEK, Period, monday
from analysis.scope import EVERYBODY, Scope
from analysis.snapshots import (
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
from privacy.group_flows import GroupEscalations, group_escalations
from privacy.group_forums import GroupForums, forums_in, group_forums
from privacy.group_ties import GroupTies, group_ties
from privacy.groups import MINIMUM, MINIMUM_FOR_COUNTS, band, merge_levels
from privacy.ownwork import own_roles, own_stopping, roles_of_many, signals_of_many, stopping_of_many
from privacy.story import PHASES, Phase, read_phases
from privacy.thinning import thinned
from privacy.trusting import Trusted, trusted
from privacy.viewer import Viewer
from store.tables import to_pandas

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from analysis.dependence import Card, Dependence
    from analysis.selfcheck import Check
    from analysis.signals import Signals, TopicMeeting
    from analysis.split import Split, WeekHours
    from classify.correcting import Done
    from classify.phrases import Language
    from privacy.ownwork import RolesSeen, StoppingSeen
    from privacy.reviewing import OwnQueue
    from privacy.seen import AboutMe
    from store.database import Snapshot, Store
    from store.erasing import Erased
    from store.tables import Lazy, Tables

Answer = TypeVar("Answer")

# Meetings a week that wait for one person; below it a finding is too small to act on (docs/measures.md).
AT_RISK = 0.3


@dataclass(frozen=True)
class Refusal:
    """Why a viewer does not get an answer; `code` picks the sentence, `numbers` fill it."""

    code: str
    numbers: dict[str, int]


@dataclass(frozen=True)
class OwnCard:
    """A person's own dependence card with what to hold it against."""

    card: Card
    period: Period


@dataclass(frozen=True)
class GroupDependence:
    """How dependence is spread over a large group: `at_risk` is a band, never a count; no person is in it."""

    scope: str
    period: Period
    people: int
    measurable: int
    at_risk: str
    waiting_meetings: float
    top_share: float | None
    functions: tuple[FunctionRisk, ...]
    shared: tuple[SharedCard, ...] = ()


@dataclass(frozen=True)
class SharedCard:
    """The card of somebody who chose to share it with the management team, until they stop or it expires."""

    name: str
    function: str
    card: Card
    until: datetime


@dataclass(frozen=True)
class FunctionRisk:
    """A function held by two or more people on which meetings wait."""

    function: str
    department: str
    waiting_meetings: float


@dataclass(frozen=True)
class Overview:
    """What a store holds, for headings and choices."""

    demo: bool
    owner: str | None
    people: int
    meetings: int
    period: Period | None
    departments: tuple[str, ...]
    labelled: float
    story: tuple[Phase, ...] = ()


class Door:
    """Answers for viewers out of one store; remembers them until the store changes."""

    def __init__(self, store: Store, today: date) -> None:
        self._store = store
        self._today = today
        self._lock = threading.Lock()
        self._answers: dict[tuple[object, ...], object] = {}
        self._snapshot: Snapshot | None = None

    def overview(self) -> Overview:
        """What there is to look at; holds no person but the owner."""
        return self._remember(("overview",), self._overview)

    def viewers(self) -> tuple[Viewer, ...]:
        """The viewers this store may be opened as, the usual one first.

        In the demo anybody may look as anybody; elsewhere only the owner is a person.
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
        return viewer.role == "self" and self.overview().demo and viewer.person_id in self._people()["person_id"].array

    def name_of(self, viewer: Viewer) -> str | None:
        """The viewer's own name and function, for the heading; nobody else's."""
        if viewer.role != "self" or not self.may(viewer):
            return None
        rows = self._people()
        mine = rows[rows["person_id"] == viewer.person_id]
        return None if mine.empty or pd.isna(mine["name"].iloc[-1]) else str(mine["name"].iloc[-1])

    def split(self, viewer: Viewer, period: Period) -> Split | Refusal:
        """Where time goes: one's own, or that of a group of at least the minimum size."""
        return self._ask(viewer, period, "split", self._split)

    def drift(self, viewer: Viewer, period: Period) -> Drift | Refusal:
        """How coordination moved: one's own, or by levels merged to the minimum size."""
        return self._ask(viewer, period, "drift", self._drift)

    def dependence(self, viewer: Viewer, period: Period) -> OwnCard | GroupDependence | Refusal:
        """On whom it depends: one's own card, or the spread over a large group without persons."""
        answer: OwnCard | GroupDependence | Refusal = self._ask(viewer, period, "dependence", self._dependence)
        if isinstance(answer, GroupDependence) and viewer.role == "mt":
            return replace(answer, shared=self._shared(viewer, period))
        return answer

    def roles(self, viewer: Viewer, period: Period) -> RolesSeen | Refusal:
        """Designing, coordinating and doing, with habits: one's own, or those of a group."""
        return self._ask(viewer, period, "roles", self._roles)

    def signals(self, viewer: Viewer, period: Period) -> Signals | Refusal:
        """The subjects that come back: one's own by name, or those of a group without names."""
        return self._ask(viewer, period, "signals", self._signals)

    def topic_meetings(self, viewer: Viewer, period: Period, topic_id: str) -> tuple[TopicMeeting, ...] | Refusal:
        """One's own meetings on a subject, with their titles; to that person and nobody else."""
        if viewer.role != "self":
            return Refusal("own_titles_only", {})
        answer = self._topic_meetings(topic_id)
        return self._ask(viewer, period, f"topic_meetings {topic_id}", answer)

    def stopping(self, viewer: Viewer, period: Period) -> StoppingSeen | Refusal:
        """The series that still meet and what stopping them would free: one's own, or those of a group."""
        return self._ask(viewer, period, "stopping", self._stopping)

    def escalations(self, viewer: Viewer, period: Period) -> GroupEscalations | Refusal:
        """Where a group's escalations come from and where they end; no person and no small group is in it."""
        return self._ask(viewer, period, "escalations", self._escalations)

    def ties(self, viewer: Viewer, period: Period) -> GroupTies | Refusal:
        """How units are tied: units and ties of enough people, and how many hang on one, never on whom."""
        return self._ask(viewer, period, "ties", self._ties)

    def forums(self, viewer: Viewer, period: Period) -> GroupForums | Refusal:
        """What fills a group's standing tables; subjects by name to management teams only, members to nobody."""
        return self._ask(viewer, period, "forums", self._forums)

    def trusted(self, viewer: Viewer, period: Period) -> Trusted | Refusal:
        """How far figures can be trusted: labels, model and journal of the whole store; counts only."""
        if not self.may(viewer):
            return Refusal("not_permitted", {})
        return self._remember(("trusted", period), lambda: trusted(self._store, period))

    def checks(self, viewer: Viewer, period: Period) -> tuple[Check, ...]:
        """The start-up self-checks over the whole store; counts only."""
        if not self.may(viewer):
            return ()
        return self._remember(("checks", period), lambda: checks_of(self._store.snapshot(), period))

    def own_queue(self, viewer: Viewer, period: Period, language: Language) -> OwnQueue | Refusal:
        """The labels of one's own meetings that are worth a look, with titles; to that person and nobody else."""
        from privacy.reviewing import own_queue  # noqa: PLC0415 - scikit-learn is slow to import, one page needs it

        if not self.may(viewer):
            return Refusal("not_permitted", {})
        key = ("own_queue", viewer, period, language)
        return self._remember(key, lambda: own_queue(self._store, viewer, period, language))

    def say_label(self, viewer: Viewer, meeting_id: str, label: str | None, now: datetime) -> Done | Refusal:
        """Correct a label of one's own meeting, or take one's last word back."""
        from privacy.reviewing import say  # noqa: PLC0415 - as above

        return say(self._store, viewer, meeting_id, label, now) if self.may(viewer) else Refusal("not_permitted", {})

    def others_see(self, viewer: Viewer, period: Period) -> AboutMe | Refusal:
        """What others can see that includes the viewer; to that person and nobody else."""
        from privacy.seen import Place, others_see  # noqa: PLC0415 - it asks this door the others' questions

        if not self.may(viewer):
            return Refusal("not_permitted", {})
        if viewer.role != "self":
            return Refusal("own_view_only", {})
        rows = self._people()
        mine = rows[rows["person_id"] == viewer.person_id]
        if mine.empty:
            return Refusal("not_on_chart", {})
        last = mine.iloc[-1]
        place = Place(
            None if pd.isna(last["level"]) else int(last["level"]), str(last["department"]), str(last["function"])
        )
        return others_see(self, place, period, registry.standing(self._store, str(viewer.person_id), _now()))

    def decide(self, viewer: Viewer, purpose: str, decision: str, now: datetime) -> Erased | Refusal:
        """Keep what a person decides about the own data: share the own card or stop, object or take that back."""
        if not self.may(viewer):
            return Refusal("not_permitted", {})
        if viewer.role != "self" or not viewer.person_id:
            return Refusal("own_view_only", {})
        return registry.decide(self._store.path, viewer.person_id, purpose, decision, now)

    def _shared(self, viewer: Viewer, period: Period) -> tuple[SharedCard, ...]:
        """Cards of the viewer's unit that are shared with management teams now, by name; no list of who did not."""
        now = _now()
        sharers = registry.sharing(self._store, now)
        if not sharers:
            return ()
        everybody = self._remember(("cards", period), lambda: dependence_of(self._store.snapshot(), period))
        people = self._people().drop_duplicates("person_id", keep="last")
        people = people[people["person_id"].isin(sharers)]
        if viewer.unit:
            people = people[people["department"] == viewer.unit]
        found = []
        for row in people.sort_values("name").to_dict("records"):
            card = everybody.card(str(row["person_id"]))
            until = registry.standing(self._store, str(row["person_id"]), now).shared_until
            if card and until:
                found.append(SharedCard(str(row["name"]), str(row["function"]), card, until))
        return tuple(found)

    def _ask(
        self, viewer: Viewer, period: Period, name: str, answer: Callable[[Viewer, Period], Answer | Refusal]
    ) -> Answer | Refusal:
        if not self.may(viewer):
            return Refusal("not_permitted", {})
        return self._remember((name, viewer, period), lambda: answer(viewer, period))

    def _remember(self, key: tuple[object, ...], build: Callable[[], Answer]) -> Answer:
        snapshot = self._store.snapshot()
        with self._lock:
            if snapshot is not self._snapshot:
                self._answers, self._snapshot = {}, snapshot
            if key in self._answers:
                return self._answers[key]  # type: ignore[return-value]
        answer = build()
        with self._lock:
            if snapshot is self._snapshot:
                self._answers[key] = answer
        return answer

    def _tables(self) -> Tables:
        return self._store.tables()

    def _people(self) -> pd.DataFrame:
        return self._remember(("people",), lambda: self._store.frame("people").sort_values("valid_from"))

    def _overview(self) -> Overview:
        tables = self._tables()
        people = self._people()
        meetings, labelled = (_count(rows) for rows in (tables.meetings, tables.labels))
        return Overview(
            demo=self._store.setting("demo") == "yes",
            owner=self._store.setting("owner") or None,
            people=int(people["person_id"].nunique()),
            meetings=meetings,
            period=whole_weeks(tables, self._today),
            departments=self._large_departments(people),
            labelled=labelled / meetings if meetings else 0.0,
            story=read_phases(self._store.setting(PHASES)),
        )

    @staticmethod
    def _large_departments(people: pd.DataFrame) -> tuple[str, ...]:
        current = people[people["valid_to"].isna()]
        counts = current.groupby("department")["person_id"].nunique()
        return tuple(sorted(str(name) for name in counts[counts >= MINIMUM].index))

    def _scope(self, viewer: Viewer) -> Scope:
        if viewer.role == "self":
            return Scope(person_id=viewer.person_id)
        return Scope(department=viewer.unit) if viewer.unit else EVERYBODY

    def _split(self, viewer: Viewer, period: Period) -> Split | Refusal:
        result = split_of(self._store.snapshot(), period, self._scope(viewer))
        if viewer.role == "self":
            return result
        if result.people < MINIMUM:
            return Refusal("group_too_small", {"minimum": MINIMUM})
        return replace(result, weeks=tuple(map(_week_of_many, result.weeks)))

    def _drift(self, viewer: Viewer, period: Period) -> Drift | Refusal:
        snapshot, scope = self._store.snapshot(), self._scope(viewer)
        if viewer.role == "self":
            return drift_of(snapshot, period, scope)
        posts = self._posts(scope, period)
        groups = merge_levels(_heads(posts))
        if not groups:
            return Refusal("group_too_small", {"minimum": MINIMUM})
        return thinned(drift_of(snapshot, period, scope, groups), posts)

    def _posts(self, scope: Scope, period: Period) -> pd.DataFrame:
        """The levels and departments that each person of a scope was at in a period."""
        present = levelled(scope.of_frame(availability(self._tables(), period)))
        return present[["person_id", "level", "department"]].drop_duplicates()

    def _roles(self, viewer: Viewer, period: Period) -> RolesSeen | Refusal:
        snapshot, available = self._store.snapshot(), self._available(period)
        if viewer.role == "self":
            return own_roles(snapshot, period, available, str(viewer.person_id)) or Refusal("not_on_chart", {})
        found = roles_of_many(snapshot, period, available, self._scope(viewer))
        return found or Refusal("group_too_small", {"minimum": MINIMUM})

    def _signals(self, viewer: Viewer, period: Period) -> Signals | Refusal:
        if viewer.role == "self":
            return signals_of(self._store.snapshot(), period, self._scope(viewer))
        if self._is_small(viewer, period):
            return Refusal("group_too_small", {"minimum": MINIMUM})
        return signals_of_many(self._store.snapshot(), period, self._scope(viewer))

    def _topic_meetings(self, topic_id: str) -> Callable[[Viewer, Period], tuple[TopicMeeting, ...]]:
        return lambda viewer, period: topic_meetings_of(self._store.snapshot(), topic_id, period, self._scope(viewer))

    def _stopping(self, viewer: Viewer, period: Period) -> StoppingSeen | Refusal:
        snapshot, available = self._store.snapshot(), self._available(period)
        if viewer.role == "self":
            return own_stopping(snapshot, period, available, str(viewer.person_id))
        if self._is_small(viewer, period):
            return Refusal("group_too_small", {"minimum": MINIMUM})
        return stopping_of_many(snapshot, period, available, self._scope(viewer))

    def _available(self, period: Period) -> Period:
        return self.overview().period or period

    def _is_small(self, viewer: Viewer, period: Period) -> bool:
        present = self._scope(viewer).of_frame(availability(self._tables(), period))
        return int(present.loc[present["days"] > 0, "person_id"].nunique()) < MINIMUM

    def _escalations(self, viewer: Viewer, period: Period) -> GroupEscalations | Refusal:
        if viewer.role == "self":
            return Refusal("for_groups", {})
        scope, snapshot = self._scope(viewer), self._store.snapshot()
        members = self._remember(("chains", period), lambda: chains_of(snapshot, period))
        found = escalations_of(snapshot, period, scope, members)
        # The bands are those of the whole organisation, so that a department's top is not told apart from it.
        return group_escalations(found, members, self._posts(EVERYBODY, period)) or _too_few()

    def _ties(self, viewer: Viewer, period: Period) -> GroupTies | Refusal:
        if viewer.role == "self":
            return Refusal("for_groups", {})
        found = self._remember(("bridges", period), lambda: bridges_of(self._store.snapshot(), period))
        people = self._people()
        return group_ties(found, people[people["valid_to"].isna()], viewer.unit) or _too_few()

    def _forums(self, viewer: Viewer, period: Period) -> GroupForums | Refusal:
        if viewer.role == "self":
            return Refusal("for_groups", {})
        drift = self.drift(viewer, period)
        if isinstance(drift, Refusal):
            return drift
        names = frozenset(str(name) for name in self._people()["name"].dropna())
        snapshot, scope = self._store.snapshot(), self._scope(viewer)
        parts = self._remember(("forums", period), lambda: forums_in(snapshot, period))
        return group_forums(snapshot, parts, scope, drift, names if viewer.role == "mt" else None) or _too_few()

    def _dependence(self, viewer: Viewer, period: Period) -> OwnCard | GroupDependence | Refusal:
        everybody = self._remember(("cards", period), lambda: dependence_of(self._store.snapshot(), period))
        if viewer.role == "self":
            card = everybody.card(str(viewer.person_id))
            return OwnCard(card, period) if card else Refusal("not_on_chart", {})
        people = self._people().drop_duplicates("person_id", keep="last")
        if viewer.unit:
            people = people[people["department"] == viewer.unit]
        if len(people) < MINIMUM_FOR_COUNTS:
            return Refusal("group_too_small", {"minimum": MINIMUM_FOR_COUNTS})
        return _spread(everybody, people, self._scope(viewer).name)


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _heads(posts: pd.DataFrame) -> dict[int, int]:
    """People by level; who was at several counts once, at the highest, so that no group looks larger than it is."""
    highest = posts.groupby("person_id")["level"].min().value_counts()
    return {int(level): int(highest.get(level, 0)) for level in posts["level"].unique()}


def _too_few() -> Refusal:
    return Refusal("too_few_in_it", {"minimum": MINIMUM})


def _count(rows: Lazy) -> int:
    return int(to_pandas(rows.select(count=nw.len()))["count"].iloc[0])


def whole_weeks(tables: Tables, today: date) -> Period | None:
    """From the first week with a meeting up to the last whole week before today: series run on, ad-hoc does not."""
    past = tables.meetings.filter(nw.col("week") < nw.lit(monday(today)).cast(nw.Date))
    ends = to_pandas(past.select(first=nw.col("week").min(), last=nw.col("week").max())).iloc[0]
    return None if pd.isna(ends["first"]) else Period(ends["first"].date(), ends["last"].date() + WEEK)


def _week_of_many(week: WeekHours) -> WeekHours:
    return week if week.people >= MINIMUM else replace(week, hours={}, available=0.0)


def _spread(everybody: Dependence, people: pd.DataFrame, scope: str) -> GroupDependence:
    members = set(people["person_id"])
    cards = [card for card in everybody.cards if card.person_id in members and card.enough_data]
    waiting = sorted((card.waiting.meetings for card in cards), reverse=True)
    total = sum(waiting)
    top = max(1, round(0.03 * len(members)))
    return GroupDependence(
        scope=scope,
        period=everybody.period,
        people=len(members),
        measurable=len(cards),
        at_risk=band(sum(card.flagged and card.waiting.meetings >= AT_RISK for card in cards)),
        waiting_meetings=round(total),
        top_share=round(sum(waiting[:top]) / total, 1) if total >= 1 and len(members) >= MINIMUM_FOR_COUNTS else None,
        functions=_functions(cards, people),
    )


def _functions(cards: list[Card], people: pd.DataFrame) -> tuple[FunctionRisk, ...]:
    waiting = pd.Series({card.person_id: card.waiting.meetings for card in cards}, dtype=float)
    rows = people.assign(waiting=people["person_id"].map(waiting).fillna(0.0))
    groups = rows.groupby(["function", "department"])["waiting"].agg(["size", "sum"]).reset_index()
    risky = groups[(groups["size"] >= 2) & (groups["sum"] >= AT_RISK)].sort_values("sum", ascending=False)
    return tuple(
        FunctionRisk(str(row["function"]), str(row["department"]), round(float(row["sum"]), 1))
        for _, row in risky.iterrows()
    )
