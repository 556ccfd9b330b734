"""Correcting labels as people do it: by mouse and by keyboard alone, and taking it back."""

from __future__ import annotations

import pytest


@pytest.fixture
def reader(readers):
    found = readers["light"]
    found.errors.clear()
    found.open("/labels?lang=nl")
    return found


def test_a_letter_says_a_label_and_u_takes_it_back(reader):
    page = reader.page
    rows = page.locator(".review li")
    first, size = rows.first.locator("h2").inner_text(), rows.count()
    assert size > 1
    # Letters mean nothing until a series has the focus.
    page.locator("body").press("d")
    assert page.locator(".said").count() == 0
    rows.first.locator("button").first.focus()
    page.keyboard.press("i")
    page.locator(".said").wait_for()
    assert page.locator(".said p").inner_text() == f"Wat je het laatst zei: “{first}” is incident."
    assert first not in rows.first.locator("h2").inner_text()
    reader.picture("labels-said")
    rows.first.locator("button").first.focus()
    page.keyboard.press("u")
    page.locator(".said").wait_for(state="detached")
    page.locator(".review li").first.wait_for()
    assert page.locator(".review li h2").first.inner_text() == first
    assert (reader.errors, reader.outside) == ([], [])


def test_a_click_does_the_same(reader):
    page = reader.page
    page.locator(".review li").nth(1).get_by_role("button", name="Ontwerp").click()
    page.locator(".said").wait_for()
    page.get_by_role("button", name="Terugnemen").click()
    page.locator(".said").wait_for(state="detached")
    assert reader.errors == []
