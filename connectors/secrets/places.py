"""Where this machine keeps secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from platformdirs import user_config_path

from connectors.secrets.file import FileSecrets
from connectors.secrets.ring import system_keyring

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class Secrets(Protocol):
    """Somewhere that tokens and passwords are kept; keys begin with the source: `google/anna@example.org`."""

    def load(self, key: str) -> str | None:
        """The secret under this key, if there is one."""

    def save(self, key: str, value: str) -> None:
        """Keep a secret under this key."""

    def forget(self, key: str) -> None:
        """Take a secret out."""

    def keys(self) -> list[str]:
        """The keys there are secrets for."""

    def left_of(self, gone: Mapping[str, str | None]) -> list[str]:
        """Where any of these keys or secrets, all of them forgotten, can still be found."""


def secrets(folder: Path | None = None) -> Secrets:
    """Where new secrets go: the system's keyring where there is a real one, else a file for the owner alone."""
    return all_places(folder)[0]


def all_places(folder: Path | None = None) -> list[Secrets]:
    """Everywhere that secrets may be, the preferred place first; whoever forgets must look at all of them."""
    ring = system_keyring()
    file = FileSecrets(folder or user_config_path("meetload", appauthor=False) / "secrets")
    return [ring, file] if ring else [file]
