"""One line of an organisation chart, wherever it comes from."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from connectors.identity import address

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date


@dataclass(frozen=True)
class Entry:
    """What a source says about one person for one span of time; `manager` may be an id, an address or a name.

    `row` is where it stands in a file. Nothing is known where there is None.
    """

    person_id: str
    email: str | None = None
    name: str | None = None
    manager: str | None = None
    department: str | None = None
    team: str | None = None
    function: str | None = None
    fte: float | None = None
    level: int | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    aliases: tuple[str, ...] = ()
    row: int | None = None


def entries_of(directory: Iterable[Any]) -> list[Entry]:
    """Entries from the rows of Google's or Microsoft's directory: who works there, no guests and none switched off.

    Rows are mappings or objects with the names of an `Entry`; what they hold beyond that is left.

    >>> rows = [{"person_id": "a@x.org", "suspended": False}, {"person_id": "b@x.org", "suspended": True}]
    >>> [entry.person_id for entry in entries_of(rows)]
    ['a@x.org']
    """
    rows = (each if isinstance(each, dict) else vars(each) for each in directory)
    return [_entry(row) for row in rows if _at_work(row)]


def person_id_of(given: str) -> str:
    """An id as all tables write it: addresses in lower case, anything else as it stands."""
    return address(given) if "@" in given else given.strip()


def _at_work(row: Mapping[str, Any]) -> bool:
    return not row.get("suspended") and row.get("enabled", True) and row.get("user_type") != "Guest"


def _entry(row: Mapping[str, Any]) -> Entry:
    known = {each.name: row[each.name] for each in fields(Entry) if row.get(each.name) not in (None, "")}
    aliases = tuple(address(each) for each in known.get("aliases", ()))
    return Entry(**known | {"person_id": person_id_of(row["person_id"]), "aliases": aliases})
