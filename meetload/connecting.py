"""Reading one's own calendar at Google or Microsoft, as the dashboard asks for it on one's own machine."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from connectors.contract import hanging_up
from dashboard.intake import Taken
from meetload.labelling import label_store
from meetload.options import pull_window
from meetload.pulling import pull_own
from store.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from connectors.contract import Source
    from dashboard.intake import Account, Stage
    from meetload.pulling import Pulled

    Tell = Callable[[Stage, int, int], None]

ANY_TENANT = "organizations"


def read_account(account: Account, store: Path, home: str, tell: Tell) -> Taken:
    """Sign in where nobody is yet, read the calendar into the store and label it."""
    tell("asking", 0, 0)
    source = _source(account, home)
    with hanging_up(source):
        me = next(iter(source.mailboxes()))
        tell("reading", 0, 0)
        pulled = pull_own(source, store, pull_window(None, None), (me,), home, tokens=True)
    tell("labelling", 0, 0)
    label_store(store)
    return _taken(account, pulled)


def _source(account: Account, home: str) -> Source:
    # The vendors' libraries are slow to import, and few people need both.
    from meetload.tenants import google_own, outlook_own  # noqa: PLC0415 - as said above

    if account.service == "google":
        return google_own(Path(account.client), None, home, shared=False, hours_only=False, file=None)
    tenant = account.tenant or ANY_TENANT
    return outlook_own(account.client, tenant, home, device_code=False, incremental=True, file=None)


def _taken(account: Account, pulled: Pulled) -> Taken:
    """What came of it; a calendar that had nothing new was read all the same."""
    change = pulled.changes.get("meetings")
    counts = Counter(
        {"new": change.inserted, "changed": change.updated, "unchanged": change.unchanged} if change else {}
    )
    counts["occurrences"] = sum(counts.values()) or pulled.report.done
    problems = tuple(
        Problem(account.service.capitalize(), reason)
        for reason, count in pulled.report.problems.items()
        for _ in range(count)
    )
    return Taken(counts, problems)
