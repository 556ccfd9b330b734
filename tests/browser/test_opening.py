"""From a picture to what lies behind it, by mouse and by keyboard, and back to where one was."""

from __future__ import annotations

import pytest
from browsing import violations


@pytest.fixture
def reader(readers):
    found = readers["light"]
    found.errors.clear()
    return found


def click_mark(page, graph: str, place: int) -> None:
    """Click the middle of a bar or point."""
    mark = page.locator(f"{graph} .point").nth(place).locator("path")
    mark.scroll_into_view_if_needed()
    box = mark.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def test_a_bar_opens_its_week_then_its_meetings_and_back_keeps_everything(reader):
    reader.open("/?lang=en&period=2026Q2&show=share")
    page = reader.page
    before, figures = page.url, page.locator("main").inner_text()
    click_mark(page, "#weeks-chart .bars", 4)
    page.wait_for_url("**period=2026-W19**")
    page.get_by_text("4 May 2026 to 10 May 2026").first.wait_for()
    assert "show=share" in page.url
    page.get_by_role("link", name="The meetings of these weeks").click()
    page.get_by_role("heading", level=1, name="Are these labels right?").wait_for()
    assert "period=2026-W19" in page.url
    assert violations(page) == []
    page.go_back()
    page.get_by_role("heading", level=1, name="Where does my time go?").wait_for()
    page.go_back()
    page.get_by_text("6 April 2026 to 5 July 2026").first.wait_for()
    reader.settled()
    assert page.url == before
    assert page.locator("main").inner_text() == figures
    assert reader.errors == []


def test_the_keyboard_opens_a_week_from_its_row(reader):
    reader.open("/coordination?lang=nl&period=2026Q2")
    page = reader.page
    page.locator(".opens ~ .proof summary").first.focus()
    page.keyboard.press("Enter")
    page.locator("[data-links] a").first.wait_for()
    assert violations(page) == []
    page.keyboard.press("Tab")
    assert reader.focused().get_attribute("role") == "region"
    page.keyboard.press("Tab")
    assert reader.focused().inner_text() == "week 15, 2026"
    page.keyboard.press("Enter")
    page.get_by_text("6 april 2026 tot en met 12 april 2026").first.wait_for()
    assert "period=2026-W15" in page.url
    page.go_back()
    page.get_by_role("heading", level=1, name="Hoe is coördinatie verschoven?").wait_for()
    assert "period=2026Q2" in page.url
    assert reader.errors == []
