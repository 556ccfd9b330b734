"""What is released of the demo: every whole quarter in order, with names, so that it can show both policies."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from analysis.period import parse_period
from dashboard.spans import choices, within
from meetload.releasing import DEMO, Approval, Wanted, release_quarter
from privacy.overview import whole_weeks
from privacy.policy import Policy
from privacy.release.compiling import ReleaseRefused
from privacy.release.file import read_public_key, read_releases
from privacy.release.ledger import ledger_of
from privacy.release.others import Named
from privacy.released_door import ReleasedDoor
from store.database import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from analysis.period import Period


def releases_folder(store: Path) -> Path:
    """Where the releases of a demo lie: beside its store."""
    return store.with_suffix(".releases")


def release_demo(store: Path, now: datetime) -> tuple[str, ...]:
    """Compile and sign every whole quarter of a demo; returns those that did not pass their audit."""
    opened = Store(store)
    available, wanted = whole_weeks(opened.tables(), now.date()), Wanted(Policy(), named=_everybody(opened, now))
    quarters = _quarters(available) if available else ()
    return tuple(quarter for quarter in quarters if not _passes(store, quarter, wanted, now))


def without_releases(store: Path) -> None:
    """Take away what an earlier demo of the same name released."""
    shutil.rmtree(releases_folder(store), ignore_errors=True)
    for file in (ledger_of(store), store.with_suffix(".key"), store.with_suffix(".pub")):
        file.unlink(missing_ok=True)


def released_of(store: Path) -> ReleasedDoor | None:
    """The door onto a demo's releases; nothing where there are none."""
    folder, key = releases_folder(store), store.with_suffix(".pub")
    return ReleasedDoor(read_releases(folder, read_public_key(key))) if key.exists() and folder.is_dir() else None


def _passes(store: Path, quarter: str, wanted: Wanted, now: datetime) -> bool:
    """Release a quarter, if its audit lets it."""
    approval, key = Approval("", "", ""), store.with_suffix(".key")
    try:
        release_quarter(store, releases_folder(store), quarter, approval, wanted, now, key)
    except ReleaseRefused:
        return False
    return True


def _quarters(available: Period) -> Iterator[str]:
    """The quarters whose weeks are all there, the oldest first."""
    offered = reversed(choices(available)["quarters"])
    return (quarter for quarter in offered if within(quarter, available) == parse_period(quarter))


def _everybody(store: Store, now: datetime) -> Named:
    """The policy `names: mt` with its evidence, made up like the people: everybody may look as anybody there."""
    people = store.frame("people")["person_id"].unique()
    day = now.date().isoformat()
    return Named(DEMO, DEMO, {str(person): day for person in people}, {})
