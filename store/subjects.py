"""People as the journal and the registry name them: a pseudonym that only this store can trace back.

A chain of digests cannot lose a name afterwards, so no name, address or person_id goes in. The key stands in the
store's settings: without it a pseudonym says nothing, and with it only whoever knows the person_id already can find the
rows that are theirs.
"""

from __future__ import annotations

import hmac
import re
import secrets
from base64 import b32encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import narwhals as nw

from store.errors import BadInput
from store.tables import to_pandas

if TYPE_CHECKING:
    import pandas as pd

    from store.tables import Tables
    from store.writer import Writer

KEY = "subject_key"
MARK = "~"
LETTERS = 26  # of five bits each: 130 bits


class Readable(Protocol):
    """A store being read or written: both know its settings and tables."""

    def setting(self, name: str, default: str = "") -> str:
        """One remembered setting."""
        ...

    def frame(self, name: str) -> pd.DataFrame:
        """One table whole, in memory."""
        ...

    def tables(self) -> Tables:
        """The tables."""
        ...


@dataclass(frozen=True)
class Subject:
    """One person with everything a file could know them by."""

    person_id: str
    addresses: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """All of it, longest first."""
        found = {self.person_id, *self.addresses, *self.names}
        return tuple(sorted(filter(None, found), key=lambda word: (-len(word), word)))

    @property
    def pattern(self) -> str:
        """A regular expression of Python that finds any of it as whole words; ignore case.

        >>> re.findall(Subject("p1", names=("Jan Vos",)).pattern, "P1, jan vos; p12 p1x", re.IGNORECASE)
        ['P1', 'jan vos']
        """
        return rf"(?<![^\W_])(?:{'|'.join(map(re.escape, self.words))})(?![^\W_])"

    @property
    def sql_pattern(self) -> str:
        """The same for DuckDB, which cannot look around: what stands beside it are the groups 1 and 3."""
        return rf"(^|[^\pL\pN])({'|'.join(map(re.escape, self.words))})([^\pL\pN]|$)"


def ref(key: str, person_id: str) -> str:
    """The pseudonym of a person in one store."""
    digest = hmac.digest(bytes.fromhex(key), f"subject|{person_id}".encode(), "sha256")
    return MARK + b32encode(digest).decode()[:LETTERS].lower()


def ref_in(store: Readable, person_id: str) -> str | None:
    """The pseudonym of a person in a store; None where it has named nobody yet."""
    key = store.setting(KEY)
    return ref(key, person_id) if key else None


def own_ref(writer: Writer, person_id: str) -> str:
    """The pseudonym of a person in a store, whose key is made with the first."""
    if not writer.setting(KEY):
        writer.set(KEY, secrets.token_hex(32))
    return ref(writer.setting(KEY), person_id)


def actor_of(writer: Writer, actor: str) -> str:
    """Whoever acts, as the journal may name them: people of the store by pseudonym, others as they call themselves."""
    known = _ids(writer.tables(), actor)
    return own_ref(writer, known[0]) if known else actor


def find(store: Readable, who: str) -> Subject:
    """The person that an id, an address or a name means; BadInput where it means nobody, or more than one."""
    tables = store.tables()
    ids = _ids(tables, who) or _seen(tables, who)
    if not ids:
        raise BadInput(f"there is no person {who!r} in this store; give a person_id, an address or a full name")
    if len(ids) > 1:
        raise BadInput(f"{len(ids)} people are called {who!r}; give the person_id of the one you mean")
    people, aliases = store.frame("people"), store.frame("aliases")
    mine = people[people["person_id"] == ids[0]]
    addresses = {*mine["email"].dropna(), *aliases.loc[aliases["person_id"] == ids[0], "email"].dropna()}
    return Subject(ids[0], tuple(sorted(addresses)), tuple(sorted(set(mine["name"].dropna()))))


def _ids(tables: Tables, who: str) -> list[str]:
    """Everybody this may be: whoever has it for an id, else whoever has it for an address, else for a name."""
    people, aliases = tables.people, tables.aliases
    lowered = who.lower()
    for rows in (
        people.filter(nw.col("person_id") == who),
        people.filter(nw.col("email").str.to_lowercase() == lowered),
        aliases.filter(nw.col("email").str.to_lowercase() == lowered),
        people.filter(nw.col("name").str.to_lowercase() == lowered),
    ):
        found = to_pandas(rows.select("person_id").unique())["person_id"]
        if len(found):
            return sorted(map(str, found))
    return []


def _seen(tables: Tables, who: str) -> list[str]:
    rows = tables.attendance.filter(nw.col("person_id") == who).select("person_id").unique()
    return [str(each) for each in to_pandas(rows)["person_id"]]
