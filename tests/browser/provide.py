"""Find a Chromium for the browser tests, or get one: the system's, else Debian's package, else Playwright's own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    """The path of a browser that is there already."""
    if given := os.environ.get("MEETLOAD_CHROMIUM"):
        return given if Path(given).exists() else None
    for name in NAMES:
        if found := shutil.which(name):
            return found
    return playwrights_own()


def playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def install_from_debian() -> None:
    """Debian's package, where apt is there and we may use it without a question."""
    if not shutil.which("apt-get"):
        return
    may = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if may and (
        not shutil.which("sudo") or subprocess.run([*may, "true"], capture_output=True, check=False).returncode
    ):
        return
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "chromium"]):
        subprocess.run([*may, "apt-get", *arguments], env=environment, check=False, stdout=subprocess.DEVNULL)


def install_from_playwright() -> None:
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


def main() -> int:
    for get in (None, install_from_debian, install_from_playwright):
        if get:
            print(f"no browser for the tests yet: {get.__name__.replace('_', ' ')}", flush=True)
            get()
        if browser := find():
            print(f"browser for the tests: {browser}")
            return 0
    print(
        "No browser could be found or installed. Install Chromium or Chrome (on Debian: apt-get install chromium), "
        "or point MEETLOAD_CHROMIUM at one, and run make test again.",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
