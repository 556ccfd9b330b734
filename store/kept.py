"""What was worked out of a store, kept on disk beside it: `F.kept/`, deleted by whoever writes to `F`.

A file is believed only when its name holds the right seal of its content. The key of the seals comes out of every byte
of the store, of our own code, and of the week: a file of another store, of an earlier state, of other code or changed
by hand is a file that is not there. Nothing may be kept while somebody writes, so that what a store forgot is gone.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import shutil
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import Timeout

from store.locked import lock_of

if TYPE_CHECKING:
    from collections.abc import Callable

OUR_CODE = ("analysis", "classify", "privacy", "store")
SEAL = 32
Stamp = tuple[int, int]


def stamp_of(path: Path) -> Stamp:
    """What tells one state of a store's file from the next."""
    status = path.stat()
    return status.st_ino, status.st_mtime_ns


def kept_folder(store: Path) -> Path:
    """Where the things kept of a store lie."""
    return store.with_name(store.name + ".kept")


def discard_kept(store: Path) -> None:
    """Delete everything that was kept of a store."""
    shutil.rmtree(kept_folder(store), ignore_errors=True)


class Kept:
    """Texts and tables that were worked out of one state of a store; `since` is a text of the caller's own, a week."""

    def __init__(self, store: Path, since: str) -> None:
        self._store = store
        self._stamp = stamp_of(store)
        with store.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").digest()
        self._key = hmac.digest(digest, f"{code_version()} {since}".encode(), "sha256")
        self._folder = kept_folder(store) / self._seal("folder", b"")

    def text(self, name: str) -> bytes | None:
        """A kept text, where it is there and whole."""
        found = self._whole(name, Path.read_bytes)
        return found[1] if found else None

    def table(self, name: str) -> Path | None:
        """The file of a kept table, where it is there and whole."""
        found = self._whole(name, _digest)
        return found[0] if found else None

    def holds(self, name: str) -> bool:
        """Whether something is kept under this name; whether it is whole shows when it is read."""
        return self._find(name) is not None

    def keep_text(self, name: str, data: bytes) -> bool:
        """Keep a text; not while somebody writes to the store, nor where we may not write."""
        return self._keep(name, "json", lambda file: _write(file, data), lambda _: data) is not None

    def keep_table(self, name: str, write: Callable[[Path], None]) -> Path | None:
        """Keep the table that `write` writes as Parquet, and say where it lies."""
        return self._keep(name, "parquet", write, _digest)

    def tidy(self) -> None:
        """Delete what was kept of earlier states, and what a crash left half-written."""
        for other in kept_folder(self._store).glob("*"):
            if other != self._folder:
                shutil.rmtree(other, ignore_errors=True)
        for half in self._folder.glob("*.partial"):
            half.unlink(missing_ok=True)

    def _keep(
        self, name: str, ending: str, write: Callable[[Path], None], content: Callable[[Path], bytes]
    ) -> Path | None:
        partial = self._folder / f"{self._seal(name, b'')}.{os.getpid()}.partial"
        try:
            self._open_folder()
            write(partial)
            partial.chmod(self._mode())
            final = self._folder / f"{self._seal(name, b'')}-{self._seal(name, content(partial))}.{ending}"
            return final if self._put_in_place(partial, final) else None
        except OSError:
            return None
        finally:
            _drop(partial)

    def _put_in_place(self, partial: Path, final: Path) -> bool:
        """Under the writer's own lock: whoever changes the store deletes what was kept, and nothing comes after."""
        try:
            with lock_of(self._store).acquire(timeout=0):
                if stamp_of(self._store) != self._stamp:
                    return False
                partial.replace(final)
                return True
        except Timeout:
            return False

    def _open_folder(self) -> None:
        mode = self._mode()
        # Who may read the file may look into the folder.
        mode |= (mode & 0o444) >> 2
        for folder in (self._folder.parent, self._folder):
            folder.mkdir(mode=0o700, exist_ok=True)
            folder.chmod(mode)

    def _mode(self) -> int:
        return self._store.stat().st_mode & 0o666

    def _find(self, name: str) -> Path | None:
        return next(iter(self._folder.glob(f"{self._seal(name, b'')}-*")), None)

    def _whole(self, name: str, content: Callable[[Path], bytes]) -> tuple[Path, bytes] | None:
        """The file of a name with what its seal is of; None where it is not there or not whole."""
        file = self._find(name)
        if file is None:
            return None
        try:
            sealed = content(file)
        except FileNotFoundError:
            return None
        return (file, sealed) if self._is_sealed(file, name, sealed) else None

    def _is_sealed(self, file: Path, name: str, content: bytes) -> bool:
        return hmac.compare_digest(file.stem.partition("-")[2], self._seal(name, content))

    def _seal(self, name: str, content: bytes) -> str:
        return hmac.digest(self._key, name.encode() + b"\0" + content, "sha256").hex()[:SEAL]


@cache
def code_version() -> str:
    """A digest of our own code: what other code worked out is not believed."""
    found = hashlib.sha256()
    root = Path(__file__).parents[1]
    for file in sorted(file for room in OUR_CODE for file in (root / room).rglob("*.py")):
        found.update(str(file.relative_to(root)).encode() + file.read_bytes())
    return found.hexdigest()


def _digest(file: Path) -> bytes:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").digest()


def _write(file: Path, data: bytes) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as opened:
        opened.write(data)


def _drop(file: Path) -> None:
    try:
        file.unlink(missing_ok=True)
    except OSError:
        return
