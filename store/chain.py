"""Rows that hold each other fast: every digest covers the row's own words and the digest of the row before it.

    row 1   digest = sha256("" + row 1)
    row 2   digest = sha256(digest 1 + row 2)

Every row also keeps the digest it was written after, so that a changed row, a missing row and a moved row can be told
apart.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

FIRST = ""

Kind = Literal["changed", "missing", "moved", "cut"]

SENTENCES: dict[Kind, str] = {
    "changed": "row {place} ({name}) was changed after it was written",
    "missing": "before row {place} ({name}) at least one row is missing or was replaced",
    "moved": "row {place} ({name}) does not stand where it was written",
    "cut": "after row {place} ({name}) at least one row is missing",
}


@dataclass(frozen=True)
class Link:
    """One row as its chain sees it: the words its digest covers, and a name to point at it with."""

    name: str
    words: tuple[str | None, ...]
    previous: str
    digest: str

    @property
    def holds(self) -> bool:
        """Whether the row still says what it said when its digest was taken."""
        return self.digest == digest_of(self.previous, self.words)


@dataclass(frozen=True)
class Fault:
    """What is wrong with a chain, at which row (from 1)."""

    place: int
    kind: Kind
    name: str

    def __str__(self) -> str:
        return SENTENCES[self.kind].format(place=self.place, name=self.name)


def digest_of(previous: str, words: Sequence[str | None]) -> str:
    """What a row's digest must be, after the digest of the row before it.

    >>> digest_of("", ["ann", "accept"]) == digest_of("", ("ann", "accept")) != digest_of("x", ["ann", "accept"])
    True
    """
    text = json.dumps([previous, *words], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def faults(links: Sequence[Link], head: str | None = None, anchors: Collection[str] = ()) -> list[Fault]:
    """Everything that is wrong with a chain, in order.

    `head` is a digest that was the last one at some time; `anchors` are digests after which a chain may begin, because
    older rows were deleted on purpose.
    """
    found: list[Fault] = []
    known = {link.digest for link in links}
    before = FIRST
    for place, link in enumerate(links, start=1):
        if not link.holds:
            found.append(Fault(place, "changed", link.name))
        elif link.previous != before and not (place == 1 and link.previous in anchors):
            found.append(Fault(place, "moved" if link.previous in known | {FIRST} else "missing", link.name))
        before = link.digest
    if head and head not in known and head not in anchors:
        last = links[-1].name if links else "the beginning"
        found.append(Fault(len(links), "cut", last))
    return found
