"""A source in memory with a script of what goes wrong, and the small organisation whose calendars it holds."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pandas as pd
from written import Copy, Guest, batch_of

from connectors.contract import Pull, Window
from connectors.errors import Denied, NoMailbox, Throttled, TokenExpired, Trouble
from store.frames import Batch
from store.schema import LABELLED

MONDAY = datetime(2026, 1, 5)
MARKER = "Reorganisatie-Zuidas"


def window(weeks: int = 12) -> Window:
    return Window(MONDAY, MONDAY + timedelta(weeks=weeks))


def minimise(batch: Batch) -> tuple[Batch, pd.DataFrame]:
    """Stands for the front door's: a label from the title, and the title gone."""
    meetings = batch.meetings
    labels = pd.DataFrame({"meeting_id": meetings["meeting_id"], "label": "coordination", "probability": 0.9})
    others = [name for name in LABELLED.names if name not in labels and name != "model_version"]
    labels = labels.assign(**dict.fromkeys(others), model_version="test")[LABELLED.names]
    return replace(batch, meetings=meetings.assign(title=None, body=None)), labels


@dataclass(frozen=True)
class Faults:
    """How often what goes wrong, as shares of all requests."""

    throttled: float = 0.0
    retry_after: float | None = None
    trouble: float = 0.0
    expired: float = 0.0
    duplicates: float = 0.0
    seed: int = 1


@dataclass
class Scripted:
    """A source of made-up mailboxes; the same seed gives the same calendars in every process."""

    people: int = 60
    weeks: int = 12
    seed: int = 5
    faults: Faults = field(default_factory=Faults)
    before_request: Callable[[], object] = field(default=lambda: None)
    sleep: Callable[[float], object] = field(default=lambda _: None)
    latency: float = 0.0
    states: dict[str, type[Exception]] = field(default_factory=dict)
    requests: Counter[str] = field(default_factory=Counter)
    in_flight: Counter[str] = field(default_factory=Counter)
    most_in_flight: int = 0
    on_request: Callable[[int], object] = field(default=lambda _: None)

    name = "scripted"

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self.calendars: dict[str, dict[str, Copy]] = {who: {} for who in self.mailboxes()}
        self.changes: list[tuple[str, str]] = []
        dice = random.Random(self.seed)
        everybody = list(self.calendars)
        for week in range(self.weeks):
            for number in range(self.people * 2):
                self._invite(dice, everybody, week, number)

    def mailboxes(self):
        return (f"p{number:03}@x.org" for number in range(self.people))

    def _invite(self, dice: random.Random, everybody: list[str], week: int, number: int) -> None:
        company = dice.sample(everybody, min(len(everybody), dice.choice([1, 2, 2, 3, 5])))
        start = MONDAY + timedelta(weeks=week, days=dice.randrange(5), hours=dice.randrange(8, 17))
        answers = {who: dice.choice(["accepted", "accepted", "declined", "none"]) for who in company[1:]}
        meeting = Copy(
            uid=f"{week}-{number}@x.org",
            start=start,
            end=start + timedelta(hours=1),
            title=f"{MARKER} {week} {number}",
            organizer=company[0],
            kind="absence" if len(company) == 1 and number % 7 == 0 else "meeting",
        )
        for who in company:
            self.put(
                who,
                meeting._replace(guests=self._list(who, company, answers), own_response=answers.get(who, "accepted")),
            )

    @staticmethod
    def _list(who: str, company: list[str], answers: dict[str, str]) -> tuple[Guest, ...]:
        """Only the organiser's copy holds what the others answered, as in Outlook."""
        own = who == company[0]
        return tuple(Guest(each, response=answers.get(each, "accepted") if own else "none") for each in company)

    def put(self, who: str, copy: Copy) -> None:
        self.calendars[who][copy.meeting_id] = copy
        self.changes.append((who, copy.meeting_id))

    def drop(self, who: str, meeting_id: str) -> None:
        del self.calendars[who][meeting_id]
        self.changes.append((who, meeting_id))

    def pull(self, mailbox: str, asked: Window, token: str | None = None) -> Pull:
        self.before_request()
        with self._lock:
            self.requests[mailbox] += 1
            self.in_flight[mailbox] += 1
            self.most_in_flight = max(self.most_in_flight, self.in_flight[mailbox])
            number, total = self.requests[mailbox], self.requests.total()
        try:
            if self.latency:
                self.sleep(self.latency)
            self.on_request(total)
            return self._answer(mailbox, asked, token, random.Random(f"{self.faults.seed} {mailbox} {number}"))
        finally:
            with self._lock:
                self.in_flight[mailbox] -= 1

    def _answer(self, mailbox: str, asked: Window, token: str | None, dice: random.Random) -> Pull:
        if error := self.states.get(mailbox):
            raise error(f"{mailbox} is closed" if issubclass(error, (Denied, NoMailbox)) else "no")
        chance = dice.random()
        for share, error in (
            (self.faults.throttled, Throttled("too fast", self.faults.retry_after)),
            (self.faults.trouble, Trouble("the connection dropped")),
            (self.faults.expired if token else 0.0, TokenExpired("the token is void")),
        ):
            if chance < share:
                raise error
            chance -= share
        since = int(token) if token is not None else None
        return self._pull(mailbox, asked, since, twice=chance < self.faults.duplicates)

    def _pull(self, mailbox: str, asked: Window, since: int | None, *, twice: bool) -> Pull:
        have = self.calendars[mailbox]
        touched = have if since is None else {key for who, key in self.changes[since:] if who == mailbox}
        copies = [have[key] for key in touched if key in have]
        if since is None:  # what changed and left the window is told, so that it can go
            copies = [each for each in copies if each.start < asked.end and each.end > asked.start]
        batch = batch_of(copies, mailbox, self.name, "Europe/Amsterdam")
        batch = replace(batch, meetings=batch.meetings.assign(body=f"{MARKER} body"))
        if twice:
            batch = Batch(**{table.name: pd.concat([frame, frame], ignore_index=True) for table, frame in batch})
        return Pull(
            batch,
            owner=mailbox,
            token=str(len(self.changes)),
            complete=since is None,
            tombstones=tuple(key for key in touched if key not in have),
            counts=Counter(bytes=100 * len(copies)),
        )
