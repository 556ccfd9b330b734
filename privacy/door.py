"""The only door between measures and whoever looks: no answer without a viewer, no group below the minimum.

A person gets their own rows. A management team and HR get groups; what the viewer may not see is a `Refusal` with its
reason, which a page shows as a sentence.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

import narwhals as nw
import pandas as pd

from analysis.availability import availability
from analysis.dependence import Card, Dependence, dependence
from analysis.drift import Drift, LevelDrift, WeekShare, levelled
from analysis.period import WEEK, Period, monday
from analysis.scope import EVERYBODY, Scope
from analysis.snapshots import checks_of, drift_of, split_of
from privacy.groups import MINIMUM, MINIMUM_FOR_COUNTS, band, merge_levels
from privacy.viewer import Viewer
from store.tables import to_pandas

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from analysis.selfcheck import Check
    from analysis.split import Split, WeekHours
    from classify.correcting import Done
    from classify.phrases import Language
    from privacy.reviewing import OwnQueue
    from store.database import Snapshot, Store
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
        return self._ask(viewer, period, "dependence", self._dependence)

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
            period=_whole_weeks(tables, self._today),
            departments=self._large_departments(people),
            labelled=labelled / meetings if meetings else 0.0,
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
        heads = self._heads_by_level(scope, period)
        groups = merge_levels(heads)
        if not groups:
            return Refusal("group_too_small", {"minimum": MINIMUM})
        return _without_thin_weeks(drift_of(snapshot, period, scope, groups))

    def _heads_by_level(self, scope: Scope, period: Period) -> dict[int, int]:
        present = levelled(scope.of_frame(availability(self._tables(), period)))
        return {int(level): int(count) for level, count in present.groupby("level")["person_id"].nunique().items()}

    def _dependence(self, viewer: Viewer, period: Period) -> OwnCard | GroupDependence | Refusal:
        everybody = self._remember(("cards", period), lambda: dependence(self._tables(), period))
        if viewer.role == "self":
            card = everybody.card(str(viewer.person_id))
            return OwnCard(card, period) if card else Refusal("not_on_chart", {})
        people = self._people().drop_duplicates("person_id", keep="last")
        if viewer.unit:
            people = people[people["department"] == viewer.unit]
        if len(people) < MINIMUM_FOR_COUNTS:
            return Refusal("group_too_small", {"minimum": MINIMUM_FOR_COUNTS})
        return _spread(everybody, people, self._scope(viewer).name)


def _count(rows: Lazy) -> int:
    return int(to_pandas(rows.select(count=nw.len()))["count"].iloc[0])


def _whole_weeks(tables: Tables, today: date) -> Period | None:
    """From the first week with a meeting up to the last whole week before today: series run on, ad-hoc does not."""
    past = tables.meetings.filter(nw.col("week") < nw.lit(monday(today)).cast(nw.Date))
    ends = to_pandas(past.select(first=nw.col("week").min(), last=nw.col("week").max())).iloc[0]
    return None if pd.isna(ends["first"]) else Period(ends["first"].date(), ends["last"].date() + WEEK)


def _without_thin_weeks(result: Drift) -> Drift:
    """Every weekly point that rests on fewer people than the minimum is taken out."""
    return replace(
        result,
        weekly=_thick(result.weekly),
        by_level=tuple(replace(level, weekly=_thick(level.weekly)) for level in result.by_level if _large(level)),
    )


def _week_of_many(week: WeekHours) -> WeekHours:
    return week if week.people >= MINIMUM else replace(week, hours={}, available=0.0)


def _large(level: LevelDrift) -> bool:
    return level.people >= MINIMUM


def _thick(weekly: tuple[WeekShare, ...]) -> tuple[WeekShare, ...]:
    return tuple(week if week.people >= MINIMUM else replace(week, share=None) for week in weekly)


def _spread(everybody: Dependence, people: pd.DataFrame, scope: str) -> GroupDependence:
    members = set(people["person_id"])
    cards = [card for card in everybody.cards if card.person_id in members and card.enough_data]
    scores = sorted((card.score for card in cards), reverse=True)
    total = sum(scores)
    top = max(1, round(0.03 * len(members)))
    return GroupDependence(
        scope=scope,
        period=everybody.period,
        people=len(members),
        measurable=len(cards),
        at_risk=band(sum(score >= AT_RISK for score in scores)),
        waiting_meetings=round(total),
        top_share=round(sum(scores[:top]) / total, 1) if total >= 1 and len(members) >= MINIMUM_FOR_COUNTS else None,
        functions=_functions(cards, people),
    )


def _functions(cards: list[Card], people: pd.DataFrame) -> tuple[FunctionRisk, ...]:
    scores = pd.Series({card.person_id: card.score for card in cards}, dtype=float)
    rows = people.assign(score=people["person_id"].map(scores).fillna(0.0))
    groups = rows.groupby(["function", "department"])["score"].agg(["size", "sum"]).reset_index()
    risky = groups[(groups["size"] >= 2) & (groups["sum"] >= AT_RISK)].sort_values("sum", ascending=False)
    return tuple(
        FunctionRisk(str(row["function"]), str(row["department"]), round(float(row["sum"]), 1))
        for _, row in risky.iterrows()
    )
