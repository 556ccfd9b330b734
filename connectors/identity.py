"""The same meeting and the same person, whichever copy of a calendar they are seen in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from connectors.columns import Flags, Times

# The 16 fixed bytes that open every Exchange GlobalObjectId, in hex ([MS-OXOCAL] 2.2.1.27).
GLOBAL_OBJECT_ID = "040000008200e00074c5b7101a82e008"
_BYTES = 12
_FOREIGN_UID = b"vCal-Uid\x01\0\0\0"


@dataclass(frozen=True)
class Known:
    """Somebody who has another calendar here already: who they are, and what addresses are known of them."""

    person: str
    addresses: frozenset[str] = frozenset()

    def aliases(self, *more: str) -> dict[str, str]:
        """All their addresses, and more of them, as the one person they are.

        >>> Known("anna@work.org", frozenset({"anna@work.org"})).aliases("anna@home.org")
        {'anna@home.org': 'anna@work.org'}
        """
        return {each: self.person for each in sorted({*self.addresses, *more}) if each != self.person}


def canonical_uid(uid: str) -> str:
    """One UID for all copies of a meeting: Exchange's instance date is zeroed, a wrapped foreign UID unwrapped.

    >>> plain = GLOBAL_OBJECT_ID + "00" * 4 + "ab" * 24
    >>> dated = GLOBAL_OBJECT_ID + "07ea0315" + "ab" * 24
    >>> canonical_uid(plain) == canonical_uid(dated.upper())
    True
    >>> canonical_uid(" Weekly_R20260105T090000@google.com ")
    'Weekly_R20260105T090000@google.com'
    """
    stripped = uid.strip()
    is_of_exchange = stripped[: len(GLOBAL_OBJECT_ID)].lower() == GLOBAL_OBJECT_ID
    return _of_exchange(stripped) if is_of_exchange else stripped


@lru_cache(maxsize=10_000)
def _of_exchange(uid: str) -> str:
    lowered = uid.lower()
    if len(lowered) < 80 or len(lowered) % 2 or not re.fullmatch(r"[0-9a-f]+", lowered):
        return uid
    raw = bytearray(bytes.fromhex(lowered))
    raw[16:20] = b"\0\0\0\0"
    wrapped = raw.find(_FOREIGN_UID)
    if wrapped >= 0:
        return canonical_uid(raw[wrapped + len(_FOREIGN_UID) :].rstrip(b"\0").decode("utf-8", "replace"))
    return raw.hex()


def instance_key(original_start: datetime | date | None) -> str:
    """The original start of an occurrence (UTC, or a date when all-day); empty for a single meeting."""
    return "" if original_start is None else original_start.isoformat()


def meeting_id(uid: str, key: str = "") -> str:
    """The id under which every copy of one occurrence is the same meeting; 24 hex digits."""
    return _digest(f"{canonical_uid(uid)}\n{key}")


def instance_keys(originals: Times, on_days: Flags) -> list[str]:
    """`instance_key` of each: NaT is a single meeting, `on_days` says where only the date counts."""
    keys, known = [""] * len(originals), ~np.isnat(originals)
    for place, written in _written(originals, known & ~on_days, "s"):
        keys[place] = written
    for place, written in _written(originals, known & on_days, "D"):
        keys[place] = written
    # A fraction of a second is so rare that it goes the long way round.
    for place in np.flatnonzero(originals.astype("datetime64[s]") < originals).tolist():
        keys[place] = instance_key(originals[place].item())
    return keys


def _written(times: Times, wanted: Flags, unit: Literal["s", "D"]) -> Iterable[tuple[int, str]]:
    places = np.flatnonzero(wanted)
    return zip(places.tolist(), np.datetime_as_string(times[places], unit=unit).tolist(), strict=True)


def meeting_ids(uids: Sequence[str], keys: Iterable[str]) -> list[str]:
    """`meeting_id` of each."""
    plain = {uid: canonical_uid(uid) for uid in set(uids)}
    written = [f"{plain[uid]}\n{key}".encode("utf-8", "surrogatepass") for uid, key in zip(uids, keys, strict=True)]
    return [blake2b(each, digest_size=_BYTES).hexdigest() for each in written]


@lru_cache(maxsize=10_000)
def series_id(uid: str) -> str:
    """The id that all occurrences of one series share; 24 hex digits."""
    return _digest(canonical_uid(uid))


@lru_cache(maxsize=100_000)
def address(value: str) -> str:
    """An e-mail address as everybody writes it in the end: lower case, without `mailto:`.

    >>> address("MAILTO:Anna.Bos@Example.org ")
    'anna.bos@example.org'
    """
    stripped = value.strip().strip("<>").strip()
    return re.sub(r"^mailto:", "", stripped, flags=re.IGNORECASE).strip().lower()


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_BYTES).hexdigest()
