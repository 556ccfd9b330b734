"""Secrets in a file that nobody but its owner can read, at no moment of its life."""

from __future__ import annotations

import json
import os
import stat
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from store.errors import BadInput, Unreachable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

_FILE_MODE, _FOLDER_MODE = 0o600, 0o700
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
# Windows has no such modes; there the user's folder is closed to others by its access list.
_HAS_MODES = hasattr(os, "geteuid")


@dataclass(frozen=True)
class FileSecrets:
    """Secrets by key in one file of mode 0600, in a folder of mode 0700; refused when others could read them."""

    folder: Path

    @property
    def file(self) -> Path:
        """Where the secrets are."""
        return self.folder / "secrets.json"

    def load(self, key: str) -> str | None:
        """The secret under this key, if there is one."""
        return self._read().get(key)

    def save(self, key: str, value: str) -> None:
        """Keep a secret under this key; the file is replaced whole, so that a crash leaves the old one."""
        with self._locked():
            kept = self._read()
            if kept.get(key) != value:
                self._write(kept | {key: value})

    def forget(self, key: str) -> None:
        """Take a secret out; the file goes with the last of them."""
        if not self.folder.exists():
            return
        with self._locked():
            kept = self._read()
            if kept.pop(key, None) is not None:
                self._write(kept)
            self._partial.unlink(missing_ok=True)
            if not kept:
                self.file.unlink(missing_ok=True)

    def keys(self) -> list[str]:
        """The keys there are secrets for."""
        return sorted(self._read())

    def left_of(self, gone: Mapping[str, str | None]) -> list[str]:
        """Where any of these keys or secrets can still be found, leftovers of a crash included."""
        kept = self._read()
        secrets = {value for value in gone.values() if value} - set(kept.values())
        files = [path for path in sorted(self.folder.glob("*")) if path.is_file() and path != self.file]
        traces = [str(path) for path in files if _holds(path.read_bytes(), secrets)]
        return [*(key for key in gone if key in kept), *traces]

    @property
    def _partial(self) -> Path:
        return self.file.with_name("secrets.json.part")

    @contextmanager
    def _locked(self) -> Iterator[None]:
        _make_folder(self.folder)
        _refuse_if_open(self.folder, self.folder.lstat(), "chmod 700")
        lock = FileLock(self.folder / "lock", mode=_FILE_MODE)
        try:
            lock.acquire(timeout=10)
        except Timeout:
            raise Unreachable(f"another meetload is using {self.folder}; try again when it has finished") from None
        try:
            yield
        finally:
            lock.release()

    def _read(self) -> dict[str, str]:
        try:
            descriptor = os.open(self.file, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise BadInput(f"{self.file} cannot be opened ({error.strerror}); it must be a file of your own") from None
        with os.fdopen(descriptor, encoding="utf-8") as opened:
            _refuse_if_open(self.folder, self.folder.lstat(), "chmod 700")
            _refuse_if_open(self.file, os.fstat(descriptor), "chmod 600")
            return _parsed(opened.read(), self.file)

    def _write(self, kept: dict[str, str]) -> None:
        self._partial.unlink(missing_ok=True)
        # Created with its mode, not changed to it afterwards: between the two somebody could open it.
        descriptor = os.open(self._partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FILE_MODE)
        with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
            json.dump(kept, opened)
            opened.flush()
            os.fsync(descriptor)
        self._partial.replace(self.file)


def _holds(content: bytes, secrets: Iterable[str]) -> bool:
    return any(writing.encode() in content for each in secrets for writing in (each, json.dumps(each)[1:-1]))


def _parsed(text: str, file: Path) -> dict[str, str]:
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict) or not all(isinstance(each, str) for each in found.values()):
        raise BadInput(f"{file} is damaged; delete it and connect your calendars anew")
    return found


def _make_folder(folder: Path) -> None:
    """The folder and what is missing above it, all closed to others from the start."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(missing):
        each.mkdir(mode=_FOLDER_MODE, exist_ok=True)


def _refuse_if_open(path: Path, status: os.stat_result, cure: str) -> None:
    if not _HAS_MODES:
        return
    if status.st_uid != os.geteuid():
        raise BadInput(f"{path} belongs to another user, so secrets are not kept there; delete it or run as its owner")
    if status.st_mode & _OTHERS or stat.S_ISLNK(status.st_mode):
        raise BadInput(f"{path} can be read by others, so secrets are not kept there; close it with `{cure} {path}`")
