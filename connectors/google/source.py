"""Google Calendar as a source: one's own calendars, or every mailbox of an organisation."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from connectors.contract import Pull, Window
from connectors.copies import Copy, batch_of
from connectors.errors import TokenExpired, Trouble
from connectors.google.events import MALFORMED, GuestLists, copy_of, hours_of
from connectors.google.gone import meeting_of
from connectors.google.settings import EVENT_TYPES, FIELDS, HOURS_FIELDS, GoogleSettings
from connectors.identity import address
from store.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from connectors.google.wire import Answer, Question, Wire

_PROBLEMS = 20
# A day of anybody's zone lies within a day of the same date in UTC; what this brings too much is left out again.
_MARGIN = timedelta(days=1)


def _nothing() -> None:
    pass


@dataclass(frozen=True)
class GoogleSource:
    """Calendars of Google.

    `boxes` are the addresses of the mailboxes, `groups` those of mailing groups, `aliases` maps further addresses to
    person ids, `home` is where whole days of absence begin. `before_request` is called before every page.
    """

    wire: Wire
    boxes: tuple[str, ...]
    settings: GoogleSettings = field(default_factory=GoogleSettings)
    home: str = "Europe/Amsterdam"
    aliases: Mapping[str, str] = field(default_factory=dict)
    groups: AbstractSet[str] = frozenset()
    hours_only: bool = False
    before_request: Callable[[], None] = _nothing

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

    def _pages(self, mailbox: str, window: Window, since: str | None) -> Iterator[Answer]:
        """Page by page on the token alone: a page may be short or empty and still not be the last."""
        question = self._constant() | ({"syncToken": since} if since else _span(window))
        seen: set[str] = set()
        while True:
            self.before_request()
            page = self.wire.page(mailbox, question)
            yield page
            following = page.get("nextPageToken")
            if not following:
                return
            if following in seen:
                raise Trouble("Google sent the same page twice")
            seen.add(following)
            question = question | {"pageToken": following}


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


def _touches(copy: Copy, window: Window) -> bool:
    return copy.start < window.end and (copy.end > window.start or copy.start >= window.start)


class _Reading:
    """The pages of one mailbox on their way to a pull. Google may repeat an event on two pages; the newer one stays."""

    def __init__(self, source: GoogleSource, mailbox: str, window: Window, *, complete: bool) -> None:
        self.source, self.mailbox, self.window, self.complete = source, mailbox, window, complete
        plain = address(mailbox)
        self.owner = source.aliases.get(plain, plain)
        self.lists = GuestLists(self.owner, source.groups)
        self.copies: dict[str, Copy] = {}
        self.gone: dict[str, str] = {}
        self.problems: list[Problem] = []
        self.counts: Counter[str] = Counter(pages=0, events=0, occurrences=0, rejected=0)
        self.token: str | None = None

    def take(self, page: Answer) -> None:
        events = page.get("items") or []
        self.counts["pages"] += 1
        self.counts["events"] += len(events)
        self.token = page.get("nextSyncToken")
        zone = page.get("timeZone") or self.source.home
        for event in events:
            try:
                self._take(event, zone)
            except MALFORMED:
                self._reject(event)

    def _take(self, event: Mapping[str, Any], zone: str) -> None:
        if event.get("status") == "cancelled":
            self._lose(event, zone)
            return
        source = self.source
        if source.hours_only:
            copy = hours_of(event, self.owner, zone)
        else:
            copy = copy_of(event, self.owner, source.groups, zone, self.lists)
        if copy is not None:
            self._keep(event["id"], copy)

    def _keep(self, event_id: str, copy: Copy) -> None:
        known = self.copies.get(event_id)
        if known and known.updated and copy.updated and copy.updated < known.updated:
            return
        if _touches(copy, self.window):
            self.copies[event_id] = copy
            self.gone.pop(event_id, None)
        else:
            # It may have lain in the window before; a full pull would not list it either.
            self.copies.pop(event_id, None)
            self.gone[event_id] = copy.meeting_id

    def _lose(self, event: Mapping[str, Any], zone: str) -> None:
        lost = meeting_of(event, zone)
        if lost is not None:
            self.copies.pop(event["id"], None)
            self.gone[event["id"]] = lost
        elif not self.complete:
            raise TokenExpired("an entry was deleted that only a full pull can find")

    def pull(self, seal: Seal) -> Pull:
        source, copies = self.source, list(self.copies.values())
        self.counts["occurrences"] = len(copies)
        lost = set() if self.complete else set(self.gone.values()) - {copy.meeting_id for copy in copies}
        return Pull(
            batch=batch_of(copies, self.owner, source.name, source.home, source.aliases),
            problems=self._told(),
            tombstones=tuple(sorted(lost)),
            token=seal.closed(self.token),
            owner=self.owner,
            complete=self.complete,
            counts=self.counts,
        )

    def _reject(self, event: Any) -> None:
        self.counts["rejected"] += 1
        which = event.get("id") if isinstance(event, dict) else None
        if len(self.problems) < _PROBLEMS:
            self.problems.append(Problem(self.mailbox, f"event {which or 'without an id'} cannot be read"))

    def _told(self) -> tuple[Problem, ...]:
        more = self.counts["rejected"] - len(self.problems)
        if more <= 0:
            return tuple(self.problems)
        return *self.problems, Problem(self.mailbox, f"and {more} more events that cannot be read")
