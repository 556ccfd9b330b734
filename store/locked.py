"""One at a time: whoever changes a file holds the lock beside it (`F.lock`)."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from store.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from store.errors import Unreachable


def lock_path(file: Path) -> Path:
    """Where the lock of a file lies."""
    return file.with_name(file.name + ".lock")


def lock_of(file: Path) -> FileLock:
    """The lock of a file, not held yet."""
    return FileLock(lock_path(file))


@contextmanager
def locked(file: Path, wait: float, busy: Unreachable) -> Iterator[None]:
    """Hold the lock of a file for a `with` block; `busy` is raised where another has held it for `wait` seconds."""
    if not file.parent.exists():
        raise BadInput(f"the folder {file.parent} does not exist; make it first or choose another place with --store")
    lock = lock_of(file)
    try:
        lock.acquire(timeout=wait)
    except Timeout as error:
        raise busy from error
    try:
        yield
    finally:
        lock.release()
