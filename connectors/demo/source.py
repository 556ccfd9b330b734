"""The demo organisation as a source like any other: one mailbox, one window at a time."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from connectors.contract import Pull, Window
from connectors.demo import simulation, tables, world
from store.errors import BadInput
from store.frames import Batch

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from connectors.demo.tables import Drafted
    from connectors.demo.world import World

MAILBOX = "organisation"
PEOPLE, WEEKS = (60, 3000), (26, 520)


@dataclass(frozen=True)
class DemoSource:
    """An invented agency of `people`, followed for whole weeks up to and including the one of `end`."""

    seed: int = 7
    people: int = 160
    weeks: int = 104
    end: date = date(2026, 11, 15)
    timezone: str = "Europe/Amsterdam"

    def __post_init__(self) -> None:
        for name, value, (low, high) in (("people", self.people, PEOPLE), ("weeks", self.weeks, WEEKS)):
            if not low <= value <= high:
                raise BadInput(f"the demo takes from {low} to {high} {name}, not {value}")
        if self.seed < 0:
            raise BadInput(f"the seed of the demo is zero or more, not {self.seed}")
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise BadInput(f"{self.timezone} is not a time zone; write one like Europe/Amsterdam") from error

    @property
    def name(self) -> str:
        """The short word for this source."""
        return "demo"

    def mailboxes(self) -> Iterator[str]:
        """The one mailbox that holds everybody's calendar."""
        yield MAILBOX

    def pull(self, mailbox: str, window: Window, token: str | None = None) -> Pull:  # noqa: ARG002 - of the contract
        """Everything of the agency that touches the window; the whole chart with it."""
        if mailbox != MAILBOX:
            raise BadInput(f"the demo has one mailbox, {MAILBOX}, not {mailbox}")
        batch = _within(self.batch, window)
        seen = Counter(
            {"files": 1, "events": len(batch.meetings), "occurrences": int(batch.meetings["series_id"].notna().sum())}
        )
        return Pull(batch, counts=seen)

    @property
    def monday(self) -> date:
        """The first day of the first week."""
        return tables.last_monday(self.end) - timedelta(weeks=self.weeks - 1)

    @cached_property
    def world(self) -> World:
        """The agency behind the tables; after `drafted` it has lived through all its weeks."""
        return world.build(self.seed, self.people, self.weeks, self.monday)

    @cached_property
    def drafted(self) -> Drafted:
        """The simulated meetings with what each was for; only `truth` may look."""
        return tables.drafted(self.world, simulation.meetings(self.world))

    @cached_property
    def batch(self) -> Batch:
        """All tables, for all weeks."""
        return tables.batch(self.world, self.drafted, self.timezone)


def _within(batch: Batch, window: Window) -> Batch:
    meetings = _touching(batch.meetings, window)
    ids = set(meetings["meeting_id"])
    return Batch(
        people=batch.people.copy(),
        aliases=batch.aliases.copy(),
        meetings=meetings,
        attendance=batch.attendance[batch.attendance["meeting_id"].isin(ids)].reset_index(drop=True),
        absences=_touching(batch.absences, window),
        moves=batch.moves[batch.moves["meeting_id"].isin(ids)].reset_index(drop=True),
    )


def _touching(frame: pd.DataFrame, window: Window) -> pd.DataFrame:
    return frame[(frame["start"] < window.end) & (frame["end"] > window.start)].reset_index(drop=True)
