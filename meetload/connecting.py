"""Reading one's own calendar at Google or Microsoft, as the dashboard asks for it on one's own machine."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from math import ceil
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from connectors.asking import LOOK_UP, Asking, Stopped, open_window
from connectors.contract import hanging_up
from connectors.scan.clock import Clock
from dashboard.intake import Taken
from meetload.labelling import label_store
from meetload.options import pull_window
from meetload.pulling import owner_of, pull_own
from meetload.windows import has_browser
from store.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from connectors.contract import Pull, Source, Window
    from connectors.identity import Known
    from dashboard.intake import Account, Stage
    from meetload.pulling import Pulled
    from meetload.tenants import Reading
    from store.errors import Problem

    Tell = Callable[[Stage, int, int], None]

ANY_TENANT = "organizations"
VENDORS = {"google": "Google", "outlook": "Outlook"}


def read_account(account: Account, store: Path, home: str, tell: Tell, settings: Path | None = None) -> Taken:
    """Sign in where nobody is any more, read the calendar into the store and label it."""
    pace, known = _Pace(account, tell), owner_of(store)
    source = _source(account, home, settings, pace, known)
    listed = _Listed(source)
    with hanging_up(source):
        me = tuple(source.mailboxes())
        window = pull_window(None, None)
        pulled = pull_own(listed, store, window, me, home, tokens=True, known=known, waits=pace)
    tell("labelling", 0, 0)
    label_store(store)
    return Taken(_counts(pulled), tuple(replace(each, file=VENDORS[account.service]) for each in listed.problems))


def _source(account: Account, home: str, settings: Path | None, pace: _Pace, known: Known | None) -> Source:
    # The vendors' libraries are slow to import, and few people need both.
    from meetload.tenants import Reading, google_own, outlook_own  # noqa: PLC0415 - as said above

    how: Reading = Reading(pace.asking(), known, pace.read, pace.sleep)
    if account.service == "google":
        return google_own(Path(account.client), None, home, shared=False, hours_only=False, file=settings, how=how)
    tenant = account.tenant or ANY_TENANT
    return outlook_own(account.client, tenant, home, device_code=False, incremental=True, file=settings, how=how)


def _counts(pulled: Pulled) -> Counter[str]:
    change, seen = pulled.changes.get("meetings"), pulled.report.counts
    counts = Counter({name: seen[name] for name in ("events", "occurrences", "rejected")})
    return counts + (Counter({"new": change.inserted, "changed": change.updated}) if change else Counter())


class _Pace(Clock):
    """Tells whoever looks how far it is, also while a vendor lets us wait, and stops where they give up."""

    def __init__(self, account: Account, tell: Tell) -> None:
        super().__init__()
        self._visit, self._tell, self._events = account.visit, tell, 0

    def asking(self) -> Asking:
        """How the one who sits here is asked to sign in."""
        visit = self._visit
        return Asking(self._lead, visit.allowed, visit.refused, visit.language, visit.given_up)

    def _lead(self, address: str, seconds: float) -> None:
        # It becomes a link on our page; and whoever signs in where nothing is encrypted gives the account away.
        if not address.startswith("https://"):
            raise BadInput("the sign-in page that this application names is not encrypted; download its file again")
        self._visit.address = address
        self._tell("asking", 0, ceil(seconds))
        if has_browser():
            open_window(address)

    def read(self, events: int) -> None:
        """So many more events were read; none of them once somebody is signed in."""
        if self._visit.given_up.is_set():
            raise Stopped("it was stopped; nothing was changed")
        self._events += events
        self._tell("reading", self._events, 0)

    def sleep(self, seconds: float) -> None:
        """Wait as a vendor asked; what was read of an answer that broke off is read again after it."""
        self._tell("waiting", 0, ceil(seconds))
        until = monotonic() + seconds
        while (left := until - monotonic()) > 0:
            self._visit.given_up.wait(min(LOOK_UP, left))
            super().sleep(0)
            if self._visit.given_up.is_set():
                break
        self._events = 0
        self.read(0)


class _Listed:
    """A source whose problems are kept as they were told."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.problems: list[Problem] = []

    @property
    def name(self) -> str:
        """The source's own word."""
        return self._source.name

    def mailboxes(self) -> Iterator[str]:
        """The source's own mailboxes."""
        return self._source.mailboxes()

    def pull(self, mailbox: str, window: Window, token: str | None = None) -> Pull:
        """Pull one, and keep what it could not read."""
        pull = self._source.pull(mailbox, window, token)
        self.problems = list(pull.problems)
        return pull
