"""Somebody's own machine: a home of its own, `meetload serve` as people start it, and what the browser was asked to open."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

MEETLOAD = Path(sys.executable).with_name("meetload")
PATIENCE = 60.0
Found = TypeVar("Found")


def until(look: Callable[[], Found | None], what: str) -> Found:
    """What somebody sees who keeps looking."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(0.05)
    raise AssertionError(f"it never came: {what}")


class Machine:
    """A home, a settings file, and the dashboard that was started there; a context manager.

    `windows` are the addresses that the machine's own browser was told to open, the dashboard's first.
    """

    def __init__(self, home: Path, port: int, trusted: Path) -> None:
        self.home, self._port = home, port
        self.store = home / "data" / "meetload" / "meetload.db"
        self.settings = home / "settings.toml"
        self._opened, self._log = home / "opened", home / "log"
        window = home / "window"
        home.mkdir()
        (home / "temporary").mkdir()
        self._opened.touch()
        window.write_text(f'#!/bin/sh\nprintf "%s\\n" "$1" >> "{self._opened}"\n')
        window.chmod(0o755)
        self._environment = os.environ | {
            **{f"XDG_{name}_HOME": str(home / name.lower()) for name in ("DATA", "CONFIG", "CACHE")},
            "HOME": str(home),
            "TMPDIR": str(home / "temporary"),
            "DISPLAY": ":7",
            "BROWSER": f"{window} %s",
            "REQUESTS_CA_BUNDLE": str(trusted),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        }

    def __enter__(self) -> Self:
        with self._log.open("w") as log:
            self._process = subprocess.Popen(
                [MEETLOAD, "serve", "--port", str(self._port), "--settings", self.settings],
                env=self._environment, cwd=self.home, stdout=log, stderr=log,
            )  # fmt: skip
        self.address = until(lambda: self.windows[:1], "the dashboard's window")[0].rstrip("/")
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Ctrl-C; whatever is going on, it ends."""
        self._process.send_signal(signal.SIGINT)
        self._process.wait(timeout=20)

    @property
    def windows(self) -> list[str]:
        return self._opened.read_text().splitlines()

    @property
    def said(self) -> str:
        """Everything that was printed or logged."""
        return self._log.read_text()

    def kept(self) -> dict[str, bytes]:
        """What lies on this machine: stores, sign-ins, files that were given; locks and what is derived left out."""
        places = [self.home / name for name in ("data", "config", "temporary")]
        files = (path for place in places for path in place.rglob("*") if path.is_file())
        return {
            str(path.relative_to(self.home)): path.read_bytes()
            for path in files
            if path.suffix != ".lock" and not any(part.endswith(".kept") for part in path.parts)
        }
