"""One demo organisation, one server on a random loopback port and one browser for all browser tests."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from browsing import Reader, browser, served
from demo_store import small_demo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

PICTURES = Path(__file__).parents[2] / "screenshots"


@pytest.fixture(scope="session")
def home(tmp_path_factory) -> Iterator[str]:
    """The address of a served demo."""
    with served(small_demo(tmp_path_factory.mktemp("demo"))) as address:
        yield address


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with browser() as found:
        yield found


@pytest.fixture(scope="session")
def readers(chromium, home) -> Iterator[dict[str, Reader]]:
    """A reader in the light and one in the dark; their pages are used again and again, for starting one is slow."""
    found = {scheme: Reader(chromium, home, scheme, PICTURES) for scheme in ("light", "dark")}
    yield found
    for reader in found.values():
        reader.page.close()
