"""A served dashboard and a browser that looks at it; used by the tests and by the pictures of the manual."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright
from provide import find
from waitress import create_server

from dashboard.app import create_app
from meetload.demo_releases import released_of
from privacy.door import Door
from store.database import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from dash import Dash
    from playwright.sync_api import Browser, Locator

    from dashboard.intake import TakeIn

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}
TODAY = date(2026, 11, 21)
# Without a sandbox because tests may run as root in a container; the rest keeps Chromium from calling home.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SETTLE = 250


def violations(page) -> list[str]:
    """What axe finds wrong with the page on screen, by every rule for WCAG 2.2 AA and good practice."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{each['id']}: {[node['html'][:160] for node in each['nodes']]}" for each in found]


@contextmanager
def served(store: Path, take_in: TakeIn | None = None) -> Iterator[str]:
    """Serve a store on a free loopback port for the length of a `with` block."""
    opened = Store(store)
    try:
        with listening(create_app(Door(opened, TODAY, released=released_of(store)), take_in=take_in)) as address:
            yield address
    finally:
        opened.snapshot().close()


@contextmanager
def listening(app: Dash) -> Iterator[str]:
    """Serve a dashboard on a free loopback port for the length of a `with` block."""
    server = create_server(app.server, host="127.0.0.1", port=0, threads=8)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.close()
        thread.join(timeout=5)
        server.task_dispatcher.shutdown()


@contextmanager
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=find(), args=ARGUMENTS)
        yield found
        found.close()


class Reader:
    """Somebody with a browser: opens pages, notes what went wrong and what was asked of other machines."""

    def __init__(self, chromium: Browser, home: str, scheme: str, pictures: Path, **more: Any) -> None:
        self.home = home
        self.pictures = pictures
        self.errors: list[str] = []
        self.outside: list[str] = []
        self.page = chromium.new_page(
            viewport={"width": 1280, "height": 900},
            color_scheme=scheme,
            reduced_motion="reduce",
            locale="en-GB",
            **more,
        )
        self.page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", self._note)

    def _note(self, request) -> None:
        if not request.url.startswith((self.home, "data:", "blob:")):
            self.outside.append(request.url)

    def open(self, path: str, width: int = 1280) -> None:
        """Open an address and wait until its pictures are drawn."""
        self.page.set_viewport_size({"width": width, "height": 900})
        self.page.goto(self.home + path)
        self.settled()

    def settled(self) -> None:
        """Wait until the page on screen is whole."""
        self.page.locator("main h1").wait_for()
        graphs = self.page.locator(".dash-graph")
        for place in range(graphs.count()):
            graphs.nth(place).locator(".main-svg").first.wait_for(state="attached")
        self.page.wait_for_timeout(SETTLE)

    def picture(self, name: str, full: bool = True) -> None:
        """Keep what is on screen."""
        self.pictures.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=self.pictures / f"{name}.png", full_page=full)

    def focused(self) -> Locator:
        """Where the keyboard is."""
        return self.page.locator(":focus")
