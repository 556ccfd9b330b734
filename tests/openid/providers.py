"""Real OpenID providers for the tests: a light one in Python and a strict one on Node.js."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.ports import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

STRICT = Path(__file__).with_name("strict_provider")
SECRET = "a secret of the tests"
Users = dict[str, dict[str, Any]]


@contextmanager
def light(users: Users) -> Iterator[str]:
    """The issuer of a provider where one types a name and is that person."""
    port = free_port()
    command = [str(Path(sys.executable).with_name("oidc-provider-mock")), "--port", str(port)]
    for name, claims in users.items():
        command += ["--user-claims", json.dumps({"sub": name, **claims})]
    with _running(command, port) as issuer:
        yield issuer


@contextmanager
def strict(users: Users, back: str, folder: Path) -> Iterator[str]:
    """The issuer of a provider that insists on PKCE, exact addresses, consent, and names itself in its answer."""
    port = free_port()
    command = ["node", "server.mjs", str(port), back, json.dumps(users)]
    with _running(command, port, cwd=installed(folder)) as issuer:
        yield issuer


def installed(folder: Path) -> Path:
    """The strict provider with its packages, as the lock file pins them; skips where Node.js cannot get them."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("the strict provider needs Node.js with npm")
    shutil.copytree(STRICT, folder, dirs_exist_ok=True)
    done = subprocess.run(
        ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=folder, capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip("npm could not install the strict provider")
    return folder


@contextmanager
def _running(command: list[str], port: int, cwd: Path | None = None) -> Iterator[str]:
    issuer = f"http://127.0.0.1:{port}"
    with subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _wait(f"{issuer}/.well-known/openid-configuration", process)
            yield issuer
        finally:
            process.terminate()


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert process.poll() is None, "the provider stopped"
        try:
            with urllib.request.urlopen(address, timeout=1):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    raise AssertionError(f"{address} did not come up")
