"""The command as people run it: a new process in a folder and a home of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

MEETLOAD = Path(sys.executable).with_name("meetload")


@pytest.fixture
def run(tmp_path):
    """Run meetload; it must end with the code and never with a traceback."""
    places = {f"XDG_{name}_HOME": str(tmp_path / name.lower()) for name in ("DATA", "CONFIG", "CACHE")}
    environment = os.environ | places | {"HOME": str(tmp_path), "COLUMNS": "200"}

    def command(*arguments: object, code: int = 0, typed: str = "") -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [str(MEETLOAD), *map(str, arguments)],
            capture_output=True,
            text=True,
            input=typed,
            cwd=tmp_path,
            env=environment,
            check=False,
        )
        assert "Traceback" not in done.stdout + done.stderr
        assert done.returncode == code, done.stdout + done.stderr
        return done

    return command


@pytest.fixture
def told(run):
    """Run meetload; all that it said."""

    def command(*arguments: object, code: int = 0, typed: str = "") -> str:
        done = run(*arguments, code=code, typed=typed)
        return done.stdout + done.stderr

    return command
