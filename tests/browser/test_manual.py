"""The manual as a site: readable by everybody, on a phone too, and asking nobody for anything."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest
from browsing import violations

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> str:
    target = tmp_path_factory.mktemp("site")
    runpy.run_path(str(ROOT / "docs" / "site" / "build.py"))["build"](ROOT / "docs", target)
    return target.as_uri()


@pytest.mark.parametrize(
    ("scheme", "name"), [("light", "index"), ("dark", "welkom"), ("dark", "reading"), ("light", "measures")]
)
def test_a_page_of_the_manual_is_clean(chromium, site, scheme, name):
    page = chromium.new_page(color_scheme=scheme, viewport={"width": 1280, "height": 900})
    asked = []
    page.on("request", lambda request: asked.append(request.url) if not request.url.startswith(site) else None)
    page.goto(f"{site}/{name}.html")
    assert violations(page) == []
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert violations(page) == []
    page.locator("nav a[aria-current=page]").wait_for()
    assert asked == []
    page.close()
