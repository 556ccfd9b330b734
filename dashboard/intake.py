"""What the first run hands to whoever takes calendars in, and what it gets back; `meetload` does the work."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from threading import Event
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from store.errors import Problem

Stage = Literal["asking", "waiting", "reading", "labelling"]
"""What is being done. Of `asking` (somebody to sign in) and `waiting` (as a vendor asked) the whole are seconds."""
Service = Literal["google", "outlook"]


@dataclass
class Visit:
    """Somebody's visit to a vendor's sign-in page: where it is, what is said there in the end, and if they gave up."""

    allowed: str = ""
    refused: str = ""
    language: str = "en"
    address: str = ""
    given_up: Event = field(default_factory=Event)


@dataclass(frozen=True)
class Account:
    """One's own calendar elsewhere, and the application registered to ask for it.

    `client` is the application's file for Google and its id for Outlook, where `tenant` names the organisation.
    """

    service: Service
    client: str
    tenant: str = ""
    visit: Visit = field(default_factory=Visit, compare=False)


@dataclass(frozen=True)
class Given:
    """Files laid out in a folder of their own: calendars below `calendars`, an exchange folder in `tables`.

    Or no files but an `account` to read.
    """

    calendars: Path | None
    tables: Path | None
    owner: str
    zone: str
    account: Account | None = None


@dataclass(frozen=True)
class Taken:
    """What came of it: counts by what they count, and every row or file that was left out with its reason."""

    counts: Counter[str] = field(default_factory=Counter)
    problems: tuple[Problem, ...] = ()


class TakeIn(Protocol):
    """Takes files into the store that is served; raises `store.errors.MeetloadError` where that cannot be done."""

    def __call__(self, given: Given, tell: Callable[[Stage, int, int], None]) -> Taken:
        """Read, write and label; tells how far it is."""
        ...
