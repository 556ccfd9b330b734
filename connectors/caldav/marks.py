"""What a pull remembers for the next one: the calendar's state, and which question it belongs to."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Literal

from connectors.errors import TokenExpired

if TYPE_CHECKING:
    from connectors.contract import Window


@dataclass(frozen=True)
class Mark:
    """A server's sync token, or where it has none a digest of (path, etag); `asked` is the digest of the question.

    >>> mark = Mark("etags", "5d41402a", "b1946ac9")
    >>> Mark.read(mark.written()) == mark
    True
    """

    kind: Literal["sync", "etags"]
    value: str
    asked: str

    def written(self) -> str:
        """The mark as the token of a pull."""
        return json.dumps([1, self.kind, self.asked, self.value], separators=(",", ":"))

    @staticmethod
    def read(token: str) -> Mark:
        """The mark in a token; `TokenExpired` for what an older version wrote."""
        try:
            found = json.loads(token)
        except ValueError:
            found = None
        match found:
            case [1, "sync" | "etags" as kind, str() as asked, str() as value]:
                return Mark(kind, value, asked)
        raise TokenExpired("the last sync was remembered in a way that is no longer used")


def question(url: str, window: Window, me: tuple[str, ...], home: str) -> str:
    """A digest of everything that decides what a pull brings, other than the calendar itself."""
    text = "\n".join((url, window.start.isoformat(), window.end.isoformat(), home, *me))
    return blake2b(text.encode(), digest_size=8).hexdigest()
