"""Outlook as a source of calendars: a window of one mailbox, whole or as changes."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import quote
from zoneinfo import ZoneInfo

import orjson

from connectors.contract import Pull
from connectors.copies import batch_of
from connectors.errors import Gone, Trouble
from connectors.identity import address
from connectors.outlook import delta, directory
from connectors.outlook.events import NOT_BUILT, copies_of, is_row, knows_its_zone
from connectors.outlook.page import page_of
from connectors.outlook.people import Book
from connectors.outlook.settings import SELECT
from store.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from connectors.contract import Window
    from connectors.identity import Known
    from connectors.outlook.client import Graph
    from connectors.outlook.directory import DirectoryPerson
    from connectors.outlook.page import Event, Page

_FIELDS = ",".join(SELECT)
ME = "me"
"""Instead of an id in `mailboxes`: the one who is signed in."""


def _nothing(*_: object) -> None:
    pass


def own_calendar(
    graph: Graph,
    home: str = "Europe/Amsterdam",
    *,
    incremental: bool = False,
    known: Known | None = None,
    after_page: Callable[[int], None] = _nothing,
) -> OutlookSource:
    """The calendar of whoever is signed in; `known` is who they are where another calendar of theirs is there."""
    person = directory.me(graph)
    aliases = directory.aliases([person])
    if known:
        aliases = known.aliases(*aliases, person.person_id)
    return OutlookSource(
        graph, {person.person_id: ME}, home=home, aliases=aliases, incremental=incremental, after_page=after_page
    )


def organisation(
    graph: Graph,
    people: Iterable[DirectoryPerson],
    home: str = "Europe/Amsterdam",
    *,
    rooms: Iterable[str] = (),
    groups: Iterable[str] = (),
) -> OutlookSource:
    """The calendars of everybody in the directory who can have one (see `directory.people`)."""
    known = list(people)
    return OutlookSource(
        graph,
        directory.mailboxes(known),
        home=home,
        aliases=directory.aliases(known),
        rooms=rooms,
        groups=groups,
    )


class OutlookSource:
    """Calendars in Outlook.

    `mailboxes` maps addresses to Graph's ids of their owners (`directory.mailboxes`). `incremental` asks for a token
    with the first pull, so that later ones need only ask for changes. `after_page` is called with the number of events
    on every page. See `own_calendar` and `organisation`.
    """

    name = "outlook"

    def __init__(
        self,
        graph: Graph,
        mailboxes: Mapping[str, str],
        *,
        home: str = "Europe/Amsterdam",
        aliases: Mapping[str, str] | None = None,
        rooms: Iterable[str] = (),
        groups: Iterable[str] = (),
        incremental: bool = False,
        after_page: Callable[[int], None] = _nothing,
    ) -> None:
        self._graph = graph
        self._after_page = after_page
        self._mailboxes = dict(mailboxes)
        self._home = home
        self._aliases = dict(aliases or {})
        self._rooms = frozenset(map(address, rooms))
        self._groups = frozenset(map(address, groups))
        self._incremental = incremental
        self._addresses: dict[str, set[str]] = {}
        for each, person in self._aliases.items():
            self._addresses.setdefault(person, {person}).add(each)

    def mailboxes(self) -> Iterator[str]:
        """The addresses there are to pull, in order; of one's own calendar just the one."""
        yield from sorted(self._mailboxes)

    def pull(self, mailbox: str, window: Window, token: str | None = None) -> Pull:
        """One window of one mailbox, whole or what changed since the token; raises rather than leave out a page."""
        if token is None and not self._incremental:
            return self._whole(mailbox, window)
        return self._changes(mailbox, window, None if token is None else delta.Token.read(token, window))

    def close(self) -> None:
        """Hang up."""
        self._graph.close()

    def _whole(self, mailbox: str, window: Window) -> Pull:
        params = {**self._span(window), "$select": _FIELDS}
        pages = self._graph.read(f"{self._path(mailbox)}/calendarView", params, page_of)
        return self._pull(_Reading(mailbox, window, self._book(mailbox), self._told(pages)))

    def _told(self, pages: Iterable[Page]) -> Iterator[Page]:
        for page in pages:
            self._after_page(len(page.events) + len(page.unreadable))
            yield page

    def _changes(self, mailbox: str, window: Window, token: delta.Token | None) -> Pull:
        path = f"{self._path(mailbox)}/calendarView/delta" if token is None else token.link
        params = self._span(window) if token is None else None
        items: list[delta.Item] = []
        link = None
        for page in self._graph.pages(path, params, incremental=token is not None):
            items.extend(page["value"])
            self._after_page(len(page["value"]))
            link = page.get("@odata.deltaLink", link)
        if link is None:
            raise Trouble("Microsoft did not say where the next sync begins")
        changes = delta.hydrate(items, lambda master: self._master(mailbox, master))
        # What was filled in from its master is written down again, so that there is one way of reading events.
        filled, _ = page_of(orjson.dumps({"value": changes.events}))
        reading = _Reading(mailbox, window, self._book(mailbox), [filled])
        known = token.ids if token else {}
        gone, ids = delta.tombstones(known, changes, reading.outside, reading.ids())
        return self._pull(reading, token=str(delta.Token(link, window, ids)), tombstones=gone, complete=token is None)

    def _pull(
        self, reading: _Reading, token: str | None = None, tombstones: tuple[str, ...] = (), *, complete: bool = True
    ) -> Pull:
        return Pull(
            batch=batch_of(reading.copies, reading.owner, self.name, self._home, self._aliases),
            problems=reading.problems(),
            tombstones=tombstones,
            token=token,
            owner=reading.owner,
            complete=complete,
            counts=reading.counts(),
        )

    def _master(self, mailbox: str, master: str) -> delta.Item | None:
        try:
            return self._graph.get(f"{self._path(mailbox)}/events/{quote(master, safe='')}", {"$select": _FIELDS})
        except Gone:
            return None

    def _book(self, mailbox: str) -> Book:
        plain = address(mailbox)
        owner = self._aliases.get(plain, plain)
        own = frozenset(self._addresses.get(owner, ())) | {owner, plain}
        return Book(owner, own, self._rooms, self._groups, ZoneInfo(self._home))

    def _path(self, mailbox: str) -> str:
        known = self._mailboxes.get(mailbox, mailbox)
        return "/me" if known == ME else "/users/" + quote(known, safe="@")

    def _span(self, window: Window) -> dict[str, str]:
        margin = self._graph.settings.margin
        return {
            "startDateTime": (window.start - margin).isoformat(timespec="seconds") + "Z",
            "endDateTime": (window.end + margin).isoformat(timespec="seconds") + "Z",
        }


class _Reading:
    """What the pages of one pull hold; of an event that comes twice the last one holds."""

    def __init__(self, mailbox: str, window: Window, book: Book, pages: Iterable[Page]) -> None:
        self.owner = book.person
        self._mailbox = mailbox
        latest: dict[str, Event] = {}
        self._refused: dict[str, str] = {}
        for page in pages:
            latest |= {event.id: event for event in page.events if is_row(event)}
            self._refused |= {str(each): NOT_BUILT for each in page.unreadable}
        self._seen = latest.keys() | self._refused.keys()
        # In the order of their ids, so that a meeting that stands twice in the calendar is read the same every time.
        copies, events, refused = copies_of([latest[each] for each in sorted(latest)], book)
        self._refused |= {event.id: reason for event, reason in refused}
        inside = window.overlaps(copies.starts, copies.ends)
        self.copies = copies.only(inside)
        self.outside = [event.id for event, kept in zip(events, inside.tolist(), strict=True) if not kept]
        self._events = [event for event, kept in zip(events, inside.tolist(), strict=True) if kept]
        self._zoneless = sum(not knows_its_zone(event) for event in self._events)

    def ids(self) -> dict[str, tuple[str, str]]:
        """Which meeting and which master each event belongs to, by digest."""
        return {
            delta.digest(event.id): (meeting, delta.digest(event.series_master_id) if event.series_master_id else "")
            for event, meeting in zip(self._events, self.copies.meeting_ids, strict=True)
        }

    def counts(self) -> Counter[str]:
        """What was seen, each event once."""
        return +Counter(
            events=len(self._seen),
            occurrences=len(self.copies),
            rejected=len(self._refused),
            unknown_zones=self._zoneless,
        )

    def problems(self) -> tuple[Problem, ...]:
        """Events left out, and a word about zones nobody knows."""
        found = [
            Problem(self._mailbox, f"the event {each[:200]} was left out: {reason}")
            for each, reason in sorted(self._refused.items())
        ]
        if self._zoneless:
            many = f"{self._zoneless} events were made in a time zone that nobody knows; they are kept"
            found.append(Problem(self._mailbox, many, rejected=False))
        return tuple(found)
