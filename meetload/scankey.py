"""The keys of a scan: kept apart from its store, asked for by whoever must know a person again, and destroyed.

A store that is a scan knows only under which name its keys lie in the system's keyring, or in a file for the owner
alone. `scan/NAME` goes with `meetload destroy-key`; `register/NAME` stays, so that an objection still holds in the next
scan and earlier releases still count in the next audit.
"""

from __future__ import annotations

import getpass
import hashlib
import secrets as dice
from typing import TYPE_CHECKING

from connectors.secrets import all_places
from connectors.secrets import secrets as usual_place
from store import journal
from store.copies import copies_path
from store.database import Store, writing
from store.errors import BadInput, Unreachable
from store.pseudonyms import Pseudonyms, fresh_key, looks_like_pseudonym
from store.schema import SCANNED
from store.subjects import Subject, find

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from store.subjects import Readable
    from store.writer import Writer

NAME = "scan_key"
"""The setting that says under which name a scan's keys are kept; empty where they were destroyed."""
REGISTER = "scan_register"
"""The same for the register's key, which outlives the scan's."""
APPROVERS = 2


def begin(writer: Writer, now: datetime) -> Pseudonyms:
    """The names of the scan that a store holds; a first scan, and one after the key was destroyed, gets a new key.

    A store that holds anything else is refused: titles and addresses never lie in one file with a scan.
    """
    found = names_of(writer) if writer.setting(NAME) else None
    if found is not None:
        return found
    if writer.setting(SCANNED) != "yes" and (len(writer.frame("people")) or len(writer.frame("meetings"))):
        raise BadInput(
            "this store holds calendars or people under their own names; give the scan of an organisation a store of "
            "its own with --store FILE"
        )
    place, name = usual_place(), dice.token_hex(8)
    place.save(f"scan/{name}", fresh_key())
    if not writer.setting(REGISTER):
        place.save(f"register/{name}", fresh_key())
        writer.set(REGISTER, name)
    writer.set(NAME, name)
    writer.set(SCANNED, "yes")
    gone = writer.clear_events()
    what = f"key {_mark(name)}" + (f"; {gone} meetings of the scan before deleted" if gone else "")
    journal.append(writer, getpass.getuser(), "begin a scan", what, now)
    return _read(name, writer.setting(REGISTER))


def names_of(store: Readable) -> Pseudonyms | None:
    """The names of a scan whose key is there; None where the store is no scan. BadInput says that the key is gone."""
    if store.setting(SCANNED) != "yes":
        return None
    name = store.setting(NAME)
    if not name:
        raise BadInput(
            "the key of this scan was destroyed, so nobody can be found in it any more; the next "
            "`meetload pull --organisation` begins a new scan"
        )
    return _read(name, store.setting(REGISTER))


def known_as(store: Readable, who: str, names: Pseudonyms | None) -> str:
    """Who somebody is in a store: in a scan the pseudonym of an address or id, elsewhere as it stands."""
    if names is None or looks_like_pseudonym(who):
        return who
    pseudonym = names.person(who)
    aliases = store.frame("aliases")
    meant = aliases.loc[aliases["email"] == pseudonym, "person_id"]
    return str(meant.iloc[0]) if len(meant) else pseudonym


def register_names(store: Readable) -> Pseudonyms | None:
    """As `names_of`; where the scan's key is gone its rows cannot be found any more, but the register still can."""
    if store.setting(SCANNED) == "yes" and not store.setting(NAME):
        lasting = _key(f"register/{store.setting(REGISTER)}")
        return Pseudonyms(bytes.fromhex(fresh_key()), bytes.fromhex(lasting))
    return names_of(store)


def find_in(store: Readable, who: str) -> Subject:
    """The person of a store that an id, an address or (in one's own store) a name means; BadInput where nobody is."""
    known = known_as(store, who, names_of(store))
    if known == who:
        return find(store, who)
    try:
        return find(store, known)
    except BadInput as error:
        raise BadInput(f"nobody in this scan has the address or id {who!r}; names are not kept in a scan") from error


def refuse_scan(store: Readable) -> None:
    """Raise where a store is a scan: somebody's own calendar does not go into it."""
    if store.setting(SCANNED) == "yes":
        raise BadInput(
            "this store is the scan of an organisation, under pseudonyms and without text; give calendars and tables "
            "of your own another store with --store FILE"
        )


def destroy(path: Path, approvers: Sequence[str], now: datetime) -> str:
    """Destroy the key of a scan and the queue that hangs on it, look that it is gone, and say so in the journal.

    Returns the mark of the key that the journal knows it by.
    """
    given = sorted({each.strip() for each in approvers if each.strip()})
    if len(given) < APPROVERS:
        raise BadInput(f"destroying a key takes {APPROVERS} people: give --approver NAME for each of them")
    store = Store(path)
    if store.setting(SCANNED) != "yes":
        raise BadInput(f"{path} is not the scan of an organisation; it has no key")
    name = store.setting(NAME)
    if not name:
        raise BadInput(f"the key of {path} was destroyed before")
    with writing(path) as writer:
        writer.set(NAME, "")
        what = f"key {_mark(name)}; approved by {' and '.join(given)}"
        journal.append(writer, getpass.getuser(), "destroy the key of a scan", what, now)
        _forget(f"scan/{name}")
    discard_copies(path)
    return _mark(name)


def discard_copies(store: Path) -> None:
    """Delete the copies and the queue of a scan that nobody can go on with."""
    path = copies_path(store)
    for leftover in ("", ".wal", ".fresh"):
        path.with_name(path.name + leftover).unlink(missing_ok=True)


def _forget(key: str) -> None:
    for place in all_places():
        value = place.load(key)
        place.forget(key)
        left = place.left_of({key: value})
        if left:
            raise Unreachable(f"the key could not be destroyed, it is still in {', '.join(left)}; remove it there")


def _read(name: str, register: str) -> Pseudonyms:
    scan, lasting = _key(f"scan/{name}"), _key(f"register/{register}")
    return Pseudonyms(bytes.fromhex(scan), bytes.fromhex(lasting))


def _key(name: str) -> str:
    found = next((value for place in all_places() if (value := place.load(name)) is not None), None)
    if found is None:
        raise Unreachable(
            f"the key {name} of this scan is not on this machine; run this where the scan was made, as the same user"
        )
    return found


def _mark(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:16]
