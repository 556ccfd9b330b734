"""The demo's story, walked from its first step to its last and out to the pages it points at."""

from __future__ import annotations

import pytest
from browsing import violations

STEPS = 6


@pytest.mark.parametrize(("scheme", "language"), [("light", "en"), ("dark", "nl")])
def test_the_story_is_walked_step_by_step(readers, scheme, language):
    reader = readers[scheme]
    reader.errors.clear()
    reader.open(f"/?lang={language}")
    page = reader.page
    page.get_by_role("link", name="The story" if language == "en" else "Het verhaal").click()
    for step in range(1, STEPS + 1):
        page.locator(f"#headline:has-text('{step}.')").wait_for()
        reader.settled()
        assert page.locator(".badge").inner_text() == "Demo"
        assert page.locator(".steps [aria-current=step]").inner_text().startswith(f"{step}.")
        reader.picture(f"story-{step}-{language}")
        assert violations(page) == []
        if step < STEPS:
            page.get_by_role("link", name="Next step" if language == "en" else "Volgende stap").click()
    assert f"step={STEPS}" in page.url
    page.locator(".told a").first.click()
    page.wait_for_url("**/?viewer=self*")
    reader.settled()
    page.go_back()
    page.locator(f"#headline:has-text('{STEPS}.')").wait_for()
    assert (reader.errors, reader.outside) == ([], [])


def test_the_story_fits_a_phone(readers):
    reader = readers["dark"]
    reader.open("/story?lang=nl&step=4", width=320)
    reader.picture("story-phone")
    assert reader.page.evaluate("document.documentElement.scrollWidth") <= 320
    assert violations(reader.page) == []
