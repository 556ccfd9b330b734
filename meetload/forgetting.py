"""Forgetting a source: its secrets, its copies, its meetings; and a look afterwards that nothing is left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals as nw

from connectors.secrets import all_places
from connectors.secrets import forget as forget_secrets
from store.copies import copies_path, open_copies
from store.database import Store, rewrite, writing
from store.errors import Unreachable
from store.tables import to_pandas

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Gone:
    """What was removed; that none of it is left has been looked up afterwards."""

    secrets: tuple[str, ...]
    mailboxes: int
    meetings: int


def forget_source(source: str, store: Path | None) -> Gone:
    """Remove a source's secrets from this machine, and its data from a store where one is named."""
    secrets = forget_secrets(source, all_places()).keys
    mailboxes = meetings = 0
    if store is not None and store.exists():
        meetings = _meetings_of(source, store)
        mailboxes = _forget_copies(source, store)
        with writing(store) as writer:
            writer.forget_source(source)
        _prove(source, store)
    return Gone(secrets, mailboxes, meetings)


def _forget_copies(source: str, store: Path) -> int:
    path = copies_path(store)
    if not path.exists():
        return 0
    with open_copies(store) as copies:
        count = copies.forget(source)
        left = sum(copies.coverage().values())
        with writing(store) as writer:
            writer.settle(copies.settle())
        copies.clear_gone()
    if left:
        rewrite(path)
    else:
        path.unlink()
    return count


def _meetings_of(source: str, store: Path) -> int:
    rows = Store(store).tables().meetings.filter(nw.col("source") == source)
    return int(to_pandas(rows.select(count=nw.len()))["count"].iloc[0])


def _prove(source: str, store: Path) -> None:
    left = _meetings_of(source, store)
    if copies_path(store).exists():
        with open_copies(store) as copies:
            left += sum(copies.coverage(source).values())
    if left:
        raise Unreachable(f"{left} rows of {source} are still in {store}; run `meetload forget {source}` again")
