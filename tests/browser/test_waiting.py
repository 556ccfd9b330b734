"""A page that is asked for before its answer is there comes up by itself."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "dashboard"))

from dashboard_planted import organisation

from tests.bench.pages import served

MOST = 120_000


def test_it_says_so_and_comes_up_by_itself(chromium, tmp_path):
    with served(organisation(tmp_path).path) as server:
        page = chromium.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        # Weeks that are in no plan.
        page.goto(f"{server.home}dependence?viewer=self:p1&lang=en&period=2026-02-02..2026-05-03")
        page.wait_for_selector("#waiting progress", timeout=MOST)
        assert "being worked out" in page.inner_text("#headline")
        page.wait_for_selector("#headline:not(:has-text('being worked out'))", timeout=MOST)
        assert page.query_selector("#waiting") is None
        assert errors == []
        page.close()
