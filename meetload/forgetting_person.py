"""Forgetting a person: every row, copy, cache and mention that meetload made; and a search that proves it."""

from __future__ import annotations

import getpass
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from meetload.forgetting import forget_models
from meetload.proving import Proof, files_around, prove
from meetload.scankey import find_in, names_of
from privacy.release.ledger import OWNER_ONLY, ledger_of
from store import journal
from store.copies import copies_path, open_copies
from store.database import Store, rewrite, writing
from store.subjects import Subject, own_ref
from store.viewlog import ViewLog, views_path

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path

    from store.erasing import Erased
    from store.writer import Writer

# What a crash may leave behind: see store.database.writing.
LEFTOVERS = (".writing", ".writing.wal", ".fresh", ".copies.fresh", ".copies.wal", ".views.jsonl.fresh", ".audit.fresh")


@dataclass(frozen=True)
class Forgotten:
    """What was removed, and the search afterwards."""

    store: Erased
    copies: int
    models: bool
    proof: Proof


def forget_person(who: str, store: Path, now: datetime, also: Iterable[Path] = ()) -> Forgotten:
    """Remove a person, named by id, address or full name, from a store and all files beside it; then search them.

    In a scan the person is known by a pseudonym; what was typed is searched for as well.
    """
    opened = Store(store)
    subject, names = find_in(opened, who), names_of(opened)
    copies = _forget_copies(store, subject)
    with writing(store) as writer:
        learnt = _forget_models(writer, store)
        journal.take_out(writer, subject, now)
        named = own_ref(writer, subject.person_id)
        erased = writer.erase(subject, wholly=True)
        journal.append(writer, getpass.getuser(), "forget a person", named, now)
    if learnt:
        forget_models(store)
    ViewLog(views_path(store)).take_out(subject, named, now)
    in_ledger = Subject(names.lasting(subject.person_id)) if names else subject
    _forget_memberships(ledger_of(store), in_ledger, named)
    _forget_leftovers(store, subject)
    wanted = replace(subject, addresses=(*subject.addresses, who)) if names else subject
    return Forgotten(erased, copies, learnt, prove(files_around(store, also), wanted))


def _forget_copies(store: Path, subject: Subject) -> int:
    path = copies_path(store)
    if not path.exists():
        return 0
    with open_copies(store) as copies:
        erased = copies.erase(subject, wholly=True)
    rewrite(path)
    return erased.meetings + erased.attendance


def _forget_models(writer: Writer, store: Path) -> bool:
    """Models beside the store learnt from words of titles, which may name anybody. Says whether there were any."""
    if not any(each.name == f"{store.name}.models" for each in store.parent.iterdir()):
        return False
    from classify.versions import SETTING  # noqa: PLC0415 - scikit-learn is slow to import

    writer.set(SETTING, "")
    return True


def _forget_memberships(ledger: Path, subject: Subject, named: str) -> None:
    """In what earlier releases were about a pseudonym takes the place: their audit still counts somebody there."""
    if not ledger.exists():
        return
    aside = ledger.with_name(ledger.name + ".fresh")
    aside.touch(mode=OWNER_ONLY)
    text = re.sub(subject.pattern, named, ledger.read_text(encoding="utf-8"), flags=re.IGNORECASE)
    aside.write_text(text, encoding="utf-8")
    aside.replace(ledger)


def _forget_leftovers(store: Path, subject: Subject) -> None:
    for name in LEFTOVERS:
        store.with_name(store.name + name).unlink(missing_ok=True)
    # The demo writes down whom it made up: only there is such a file ours.
    truth = store.with_name("truth.json")
    if truth.exists() and Store(store).setting("demo") == "yes" and not prove([truth], subject).holds:
        truth.unlink()
