"""Google Calendar as a source: one's own calendars, or every mailbox of an organisation."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING

from connectors.contract import Pull, Window
from connectors.copies import batch_of
from connectors.errors import TokenExpired, Trouble
from connectors.google.events import Reader, copies_of
from connectors.google.gone import MALFORMED, meeting_of
from connectors.google.moments import stamps
from connectors.google.page import page_of
from connectors.google.settings import EVENT_TYPES, FIELDS, HOURS_FIELDS, GoogleSettings
from connectors.identity import address
from store.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from connectors.google.page import Event, Page
    from connectors.google.wire import Question, Wire

_PROBLEMS = 20
_CANCELLED = "cancelled"
# A day of anybody's zone lies within a day of the same date in UTC; what this brings too much is left out again.
_MARGIN = timedelta(days=1)


def _nothing(*_: object) -> None:
    pass


@dataclass(frozen=True)
class GoogleSource:
    """Calendars of Google.

    `boxes` are the addresses of the mailboxes, `groups` those of mailing groups, `aliases` maps further addresses to
    person ids, `home` is where whole days of absence begin. `before_request` is called before every page, `after_page`
    with the number of events on it.
    """

    wire: Wire
    boxes: tuple[str, ...]
    settings: GoogleSettings = field(default_factory=GoogleSettings)
    home: str = "Europe/Amsterdam"
    aliases: Mapping[str, str] = field(default_factory=dict)
    groups: AbstractSet[str] = frozenset()
    hours_only: bool = False
    before_request: Callable[[], None] = _nothing
    after_page: Callable[[int], None] = _nothing

    @property
    def name(self) -> str:
        """The word for this source."""
        return "google"

    def mailboxes(self) -> Iterator[str]:
        """The mailboxes in the order given."""
        yield from self.boxes

    def pull(self, mailbox: str, window: Window, token: str | None = None) -> Pull:
        """One mailbox's events in the window, or with a token only what changed; raises one of `connectors.errors`."""
        seal = Seal.of(mailbox, window, self._constant())
        since = seal.opened(token) if token else None
        reading = _Reading(self, mailbox, window, complete=since is None)
        for page in self._pages(mailbox, window, since):
            reading.take(page)
        return reading.pull(seal)

    def close(self) -> None:
        """Hang up."""
        self.wire.close()

    def _constant(self) -> Question:
        """What every call has to repeat, lest the sync token be void."""
        return {
            "singleEvents": True,
            "maxResults": self.settings.page_size,
            "eventTypes": list(EVENT_TYPES),
            "fields": HOURS_FIELDS if self.hours_only else FIELDS,
        }

    def _pages(self, mailbox: str, window: Window, since: str | None) -> Iterator[Page]:
        """Page by page on the token alone: a page may be short or empty and still not be the last."""
        question = self._constant() | ({"syncToken": since} if since else _span(window))
        seen: set[str] = set()
        while True:
            self.before_request()
            page = page_of(self.wire.page(mailbox, question))
            self.after_page(len(page.events) + len(page.unreadable))
            yield page
            if not page.next_page:
                return
            if page.next_page in seen:
                raise Trouble("Google sent the same page twice")
            seen.add(page.next_page)
            question = question | {"pageToken": page.next_page}


@dataclass(frozen=True)
class Seal:
    """What a sync token was given for; it answers that same question only, so anything else asks for a full pull."""

    mark: str

    @classmethod
    def of(cls, mailbox: str, window: Window, constant: Question) -> Seal:
        """The seal of a question."""
        words = (mailbox, window.start.isoformat(), window.end.isoformat(), *(f"{k}={v}" for k, v in constant.items()))
        return cls("1." + blake2b("\n".join(words).encode(), digest_size=8).hexdigest() + ".")

    def closed(self, google: str | None) -> str | None:
        """Google's token with the seal on it."""
        return self.mark + google if google else None

    def opened(self, token: str) -> str:
        """Google's token; raises TokenExpired when it was given for another question."""
        if not token.startswith(self.mark):
            raise TokenExpired("the sync token was made for another window or other settings")
        return token[len(self.mark) :]


def _span(window: Window) -> Question:
    start, end = _within_reason(window.start, -_MARGIN), _within_reason(window.end, _MARGIN)
    return {"timeMin": f"{start.isoformat()}Z", "timeMax": f"{end.isoformat()}Z"}


def _within_reason(moment: datetime, margin: timedelta) -> datetime:
    try:
        return (moment + margin).replace(microsecond=0)
    except OverflowError:
        return moment.replace(microsecond=0)


class _Reading:
    """The pages of one mailbox on their way to a pull."""

    def __init__(self, source: GoogleSource, mailbox: str, window: Window, *, complete: bool) -> None:
        self.source, self.mailbox, self.window, self.complete = source, mailbox, window, complete
        plain = address(mailbox)
        self.owner = source.aliases.get(plain, plain)
        self.zone = source.home
        self.events: list[Event] = []
        self.unreadable: list[str | None] = []
        self.counts: Counter[str] = Counter(pages=0, events=0, occurrences=0, rejected=0)
        self.token: str | None = None

    def take(self, page: Page) -> None:
        self.events += page.events
        self.unreadable += page.unreadable
        self.counts["pages"] += 1
        self.counts["events"] += len(page.events) + len(page.unreadable)
        self.token = page.next_sync
        self.zone = page.zone or self.zone

    def pull(self, seal: Seal) -> Pull:
        source, events = self.source, _newest(self.events)
        lost = self._lost([event for event in events if event.status == _CANCELLED])
        reader = Reader(self.owner, source.groups, source.hours_only)
        copies, unreadable = copies_of([e for e in events if e.status != _CANCELLED], reader, self.zone)
        self.unreadable += [event.id for event in unreadable]
        inside = self.window.overlaps(copies.starts, copies.ends)
        if not self.complete:
            # What is outside may have lain in the window before; a full pull would not list it either.
            lost |= set(copies.only(~inside).meeting_ids)
        copies = copies.only(inside)
        self.counts.update(occurrences=len(copies), rejected=len(self.unreadable))
        return Pull(
            batch=batch_of(copies, self.owner, source.name, source.home, source.aliases),
            problems=self._told(),
            tombstones=() if self.complete else tuple(sorted(lost - set(copies.meeting_ids))),
            token=seal.closed(self.token),
            owner=self.owner,
            complete=self.complete,
            counts=self.counts,
        )

    def _lost(self, stubs: list[Event]) -> set[str]:
        """The meetings of deleted events."""
        found = set()
        for stub in stubs:
            try:
                lost = meeting_of(stub, self.zone)
            except MALFORMED:
                self.unreadable.append(stub.id)
                continue
            if lost is not None:
                found.add(lost)
            elif not self.complete:
                raise TokenExpired("an entry was deleted that only a full pull can find")
        return found

    def _told(self) -> tuple[Problem, ...]:
        problems = [
            Problem(self.mailbox, f"event {which or 'without an id'} cannot be read")
            for which in self.unreadable[:_PROBLEMS]
        ]
        more = len(self.unreadable) - len(problems)
        if more <= 0:
            return tuple(problems)
        return *problems, Problem(self.mailbox, f"and {more} more events that cannot be read")


def _newest(events: list[Event]) -> list[Event]:
    """Google may repeat an event on two pages; the newer version stays, else the one that came last."""
    kept = {event.id: event for event in events}
    if len(kept) == len(events):
        return events
    kept.clear()
    changed = stamps([event.updated for event in events]).tolist()
    when: dict[str, datetime | None] = {}
    for event, now in zip(events, changed, strict=True):
        known = when.get(event.id)
        if not (known and now and now < known):
            kept[event.id], when[event.id] = event, now
    return list(kept.values())
