"""Taking in the files that somebody gave to the dashboard on their own machine."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from connectors.folder import FolderSource
from connectors.ics.source import IcsSource
from connectors.identity import address
from dashboard.intake import Taken
from meetload.connecting import read_account
from meetload.importing import import_sources
from meetload.labelling import label_store
from meetload.options import window_of, zone
from store.database import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from connectors.contract import Pull, Source, Window
    from dashboard.intake import Given, Stage, Visit
    from store.writer import Change

    Tell = Callable[[Stage, int, int], None]


class TakingIn:
    """Takes files into a store, or an account's calendar; `file` has settings for whoever asks vendors."""

    def __init__(self, store: Path, file: Path | None = None) -> None:
        self._store, self._file = store, file
        self._visit: Visit | None = None

    def __call__(self, given: Given, tell: Tell) -> Taken:
        """Read, write and label; tells how far it is."""
        self._visit = given.account.visit if given.account else None
        return _take_in(self._store, given, tell, self._file)

    def stop(self) -> None:
        """Nobody is here any more: no vendor's page is waited for."""
        if self._visit is not None:
            self._visit.given_up.set()


def _take_in(store: Path, given: Given, tell: Tell, file: Path | None) -> Taken:
    here = Store(store)
    home = zone(given.zone) if given.zone else here.timezone
    if given.account:
        return read_account(given.account, store, home, tell, file)
    owner = address(given.owner) if given.owner else here.setting("owner")
    me = (owner,) if owner else ()
    sources: list[Source] = []
    if given.calendars:
        sources.append(_Told(IcsSource(given.calendars, me, home), tell))
    if given.tables:
        sources.append(_Told(FolderSource(given.tables, home, home), tell))
    settings = {"timezone": home} | ({"owner": owner} if owner else {})
    report = import_sources(sources, store, window_of(None, None), settings)
    tell("labelling", 0, 0)
    label_store(store)
    return Taken(report.counts + _written(report.changes.get("meetings")), tuple(report.problems))


def _written(change: Change | None) -> Counter[str]:
    if change is None:
        return Counter()
    return Counter({"new": change.inserted, "changed": change.updated, "unchanged": change.unchanged})


class _Told:
    """A source that says after every mailbox how many are done."""

    def __init__(self, source: Source, tell: Tell) -> None:
        self._source = source
        self._tell = tell
        self._done = 0

    @property
    def name(self) -> str:
        """The source's own word."""
        return self._source.name

    def mailboxes(self) -> Iterator[str]:
        """The source's own mailboxes, counted."""
        found = list(self._source.mailboxes())
        self._all = len(found)
        self._tell("reading", 0, self._all)
        yield from found

    def pull(self, mailbox: str, window: Window, token: str | None = None) -> Pull:
        """Pull one, and tell."""
        pull = self._source.pull(mailbox, window, token)
        self._done += 1
        self._tell("reading", self._done, self._all)
        return pull
