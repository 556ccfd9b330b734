"""Secrets in the system's keyring, where the `keyring` package and a real keyring are there."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

from store.errors import Unreachable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SERVICE = "meetload"
# The list of keys is an entry of its own, since keyrings cannot be asked what they hold.
_INDEX = "keys"
# Windows keeps no more than 2,560 bytes in one entry, two for each letter.
_PIECE = 1000
# How many pieces beyond those of a secret are looked for when it should be gone.
_SPARE = 4
# What `keyring` itself recommends: its stand-ins for a missing keyring and its plain-text files have less.
_REAL = 1


class Backend(Protocol):
    """What a keyring can do; `keyring` raises its own errors for what it cannot."""

    def get_password(self, service: str, username: str) -> str | None:
        """The entry, if it is there."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Write an entry."""

    def delete_password(self, service: str, username: str) -> None:
        """Remove an entry."""


@dataclass(frozen=True)
class KeyringSecrets:
    """Secrets by key in a keyring; long ones in pieces."""

    backend: Backend

    def load(self, key: str) -> str | None:
        """The secret under this key, if it is there whole."""
        pieces = [self._get(f"{key}#{number}") for number in range(self._index().get(key, 0))]
        return "".join(cast("list[str]", pieces)) if pieces and None not in pieces else None

    def save(self, key: str, value: str) -> None:
        """Keep a secret under this key."""
        pieces = [value[at : at + _PIECE] for at in range(0, len(value), _PIECE)] or [""]
        before = self._index().get(key, 0)
        # The index knows of a piece before it is written: after a crash there is none that cannot be found.
        self._note(key, max(before, len(pieces)))
        for number, piece in enumerate(pieces):
            self._set(f"{key}#{number}", piece)
        self._remove(key, range(len(pieces), before))
        self._note(key, len(pieces))

    def forget(self, key: str) -> None:
        """Take a secret out."""
        self._remove(key, range(self._index().get(key, 0)))
        self._note(key, 0)

    def keys(self) -> list[str]:
        """The keys there are secrets for."""
        return sorted(self._index())

    def left_of(self, gone: Mapping[str, str | None]) -> list[str]:
        """Which of these keys can still be found, in the index or as an entry that it no longer knows."""
        return [key for key, value in gone.items() if any(self._entries(key, len(value or "") // _PIECE + _SPARE))]

    def _entries(self, key: str, count: int) -> Iterator[bool]:
        yield key in self._index()
        yield from (self._get(f"{key}#{number}") is not None for number in range(count))

    def _index(self) -> dict[str, int]:
        try:
            found = json.loads(self._get(_INDEX) or "{}")
        except ValueError:
            raise Unreachable(f"the entry {_SERVICE}/{_INDEX} of the keyring is damaged; delete it there") from None
        return {str(key): int(count) for key, count in found.items()}

    def _note(self, key: str, count: int) -> None:
        index = self._index()
        if index.get(key, 0) == count:
            return
        changed = {each: index[each] for each in index if each != key} | ({key: count} if count else {})
        if changed:
            self._set(_INDEX, json.dumps(changed))
        else:
            self._delete(_INDEX)

    def _remove(self, key: str, numbers: range) -> None:
        for number in numbers:
            self._delete(f"{key}#{number}")

    def _get(self, entry: str) -> str | None:
        with _in_our_words():
            return self.backend.get_password(_SERVICE, entry)

    def _set(self, entry: str, value: str) -> None:
        with _in_our_words():
            self.backend.set_password(_SERVICE, entry, value)

    def _delete(self, entry: str) -> None:
        if self._get(entry) is not None:
            with _in_our_words():
                self.backend.delete_password(_SERVICE, entry)


@contextmanager
def _in_our_words() -> Iterator[None]:
    from keyring.errors import KeyringError  # noqa: PLC0415 - an optional extra

    try:
        yield
    except KeyringError:
        raise Unreachable("the system's keyring does not open; unlock it and try again") from None


def system_keyring() -> KeyringSecrets | None:
    """The system's keyring, if there is a real one that answers."""
    try:
        import keyring  # noqa: PLC0415 - an optional extra
    except ImportError:
        return None
    backend = keyring.get_keyring()
    if backend.priority < _REAL:
        return None
    ring = KeyringSecrets(cast("Backend", backend))
    try:
        ring.keys()
    except Unreachable:
        return None
    return ring
