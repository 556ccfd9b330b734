"""Where things lie on this machine when nobody says otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from platformdirs import user_data_path

if TYPE_CHECKING:
    from pathlib import Path


def default_store() -> Path:
    """The store that commands use without `--store`."""
    return _ours() / "meetload.db"


def demo_folder() -> Path:
    """Where the demo organisation is built."""
    return _ours() / "demo"


def release_key() -> Path:
    """The key that this installation signs releases with; the public half lies beside it, ending in .pub."""
    return _ours() / "release.key"


def trusted_key(named: Path | None) -> Path:
    """The public key that releases are checked against: the one that somebody named, or this installation's own."""
    return named or release_key().with_suffix(".pub")


def _ours() -> Path:
    folder = user_data_path("meetload", appauthor=False)
    folder.mkdir(parents=True, exist_ok=True)
    return folder
