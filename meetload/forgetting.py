"""Forgetting a source: its grants, secrets, copies and meetings; and a look afterwards that nothing is left."""

from __future__ import annotations

import getpass
import json
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals as nw

from connectors.secrets import all_places
from connectors.secrets import forget as forget_secrets
from meetload.settings import settings_of
from store import clock, journal
from store.copies import copies_path, open_copies
from store.database import Store, rewrite, writing
from store.errors import Unreachable
from store.tables import to_pandas

if TYPE_CHECKING:
    from pathlib import Path

    from store.writer import Writer


@dataclass(frozen=True)
class Gone:
    """What was removed; that none of it is left has been looked up afterwards.

    `withdrawn` of the sign-ins are void at the vendor too, `standing` may still be honoured there.
    """

    secrets: tuple[str, ...]
    mailboxes: int
    meetings: int
    withdrawn: int = 0
    standing: int = 0


def forget_source(source: str, store: Path | None, settings: Path | None = None) -> Gone:
    """Remove a source's secrets from this machine, and its data from a store where one is named.

    Google is asked to withdraw what was granted first, since without the secrets nobody can ask any more.
    """
    withdrawn = _withdraw(settings) if source == "google" else []
    secrets = forget_secrets(source, all_places()).keys
    mailboxes = meetings = 0
    if store is not None and store.exists():
        meetings = _meetings_of(source, store)
        mailboxes = _forget_data(source, store, learnt=meetings > 0)
        if meetings:
            forget_models(store)
        _prove(source, store)
    return Gone(secrets, mailboxes, meetings, sum(withdrawn), len(withdrawn) - sum(withdrawn))


def _withdraw(file: Path | None) -> list[bool]:
    from connectors.google.login import withdraw  # noqa: PLC0415 - the vendor's libraries are slow to import
    from connectors.google.settings import GoogleSettings  # noqa: PLC0415 - as above

    settings = settings_of(GoogleSettings(), "google", file)
    return [withdraw(each, settings) for each in _sign_ins()]


def _sign_ins() -> list[str]:
    """What was granted at Google, each once; whatever else is kept under its name is no grant to take back there."""
    kept = [place.load(key) for place in all_places() for key in sorted(place.keys()) if key.startswith("google/")]
    return [each for each in dict.fromkeys(kept) if each is not None and _is_sign_in(each)]


def _is_sign_in(secret: str) -> bool:
    try:
        found = json.loads(secret)
    except ValueError:
        return False
    return isinstance(found, dict) and isinstance(found.get("refresh_token"), str)


def _forget_data(source: str, store: Path, *, learnt: bool) -> int:
    """Copies and store, and what was learnt from it; the store is written once. How many mailboxes there were."""
    path = copies_path(store)
    if not path.exists():
        with writing(store) as writer:
            _forget_rows(writer, source, learnt=learnt)
        return 0
    with open_copies(store) as copies:
        count = copies.forget(source)
        left = sum(copies.coverage().values())
        with writing(store) as writer:
            # What another source's mailboxes also hold becomes theirs before the rest goes.
            writer.settle(copies.settle())
            _forget_rows(writer, source, learnt=learnt)
        copies.clear_gone()
    if left:
        rewrite(path)
    else:
        path.unlink()
    return count


def _forget_rows(writer: Writer, source: str, *, learnt: bool) -> None:
    """The source's rows; with `learnt` also the choice of a model that learnt from them: meetload's own takes over."""
    from classify.versions import SETTING  # noqa: PLC0415 - scikit-learn is slow to import

    change = writer.forget_source(source)
    journal.append(writer, getpass.getuser(), "forget a source", f"{source}, {change.deleted} meetings", clock.now())
    if learnt and writer.setting(SETTING):
        writer.set(SETTING, "")


def forget_models(store: Path) -> None:
    """Models that learnt from corrections may know words of the titles that are gone."""
    from classify.versions import folder_of  # noqa: PLC0415 - scikit-learn is slow to import

    shutil.rmtree(folder_of(store), ignore_errors=True)


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
