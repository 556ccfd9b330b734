"""Every page as people see it: nothing goes wrong, nothing leaves the machine, everybody can read and use it."""

from __future__ import annotations

import re
from itertools import product

import pytest
from browsing import violations

PATHS = {
    "time": "/",
    "roles": "/roles",
    "returning": "/returning",
    "stopping": "/stopping",
    "scan": "/scan",
    "coordination": "/coordination",
    "escalations": "/escalations",
    "forums": "/forums",
    "ties": "/ties",
    "dependence": "/dependence",
    "labels": "/labels",
    "checks": "/checks",
}
# Whose page it is, where that is not a management team's.
VIEWERS = {"scan": "hr"}
SEEN = tuple(product(PATHS, ("light", "dark"), ("nl", "en")))
NUMBER = re.compile(r"[+−]?\d[\d.,]*\d%?|[+−]?\d%?")


@pytest.mark.parametrize(("name", "scheme", "language"), SEEN)
def test_a_page_is_clean(readers, name, scheme, language):
    reader = readers[scheme]
    viewer = f"&viewer={VIEWERS.get(name, 'mt')}" if language == "en" or name in VIEWERS else ""
    reader.open(f"{PATHS[name]}?lang={language}{viewer}")
    html = reader.page.locator("html")
    assert html.get_attribute("data-mantine-color-scheme") == scheme
    assert html.get_attribute("lang") == language
    assert reader.page.locator(".badge").inner_text() == "Demo"
    reader.picture(f"{name}-{scheme}-{language}")
    assert violations(reader.page) == []
    assert (reader.errors, reader.outside) == ([], [])


@pytest.mark.parametrize("name", ["time", "coordination", "dependence"])
def test_the_headlines_numbers_stand_in_the_tables(readers, name):
    reader = readers["light"]
    reader.open(f"{PATHS[name]}?lang=nl")
    for each in reader.page.locator(".numbers summary").all():
        each.click()
    said = set(NUMBER.findall(reader.page.locator("#headline").inner_text()))
    cells = set(reader.page.locator("td, th").all_inner_texts())
    assert said
    assert said <= cells
    assert violations(reader.page) == []


@pytest.mark.parametrize("name", PATHS)
def test_a_narrow_phone_never_scrolls_sideways(readers, name):
    reader = readers["dark"]
    reader.open(f"{PATHS[name]}?lang=nl&viewer={VIEWERS.get(name, 'mt')}", width=320)
    for each in reader.page.locator(".numbers summary").all():
        each.click()
    reader.picture(f"{name}-phone")
    assert reader.page.evaluate("document.documentElement.scrollWidth") <= 320
    assert violations(reader.page) == []


def test_the_keyboard_alone_gets_everywhere(readers):
    reader = readers["light"]
    reader.open("/?lang=en")
    page = reader.page
    page.keyboard.press("Tab")
    assert reader.focused().inner_text() == "Skip to the answer"
    for _ in range(2):  # the part of the menu we are in, then the next
        page.keyboard.press("Tab")
    assert reader.focused().inner_text() == "Organisation"
    page.keyboard.press("Enter")
    assert violations(page) == []
    page.keyboard.press("Escape")
    assert not page.get_by_role("link", name="Coordination").is_visible()
    assert reader.focused().inner_text() == "Organisation"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert reader.focused().inner_text() == "Coordination"
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1, name="How has coordination moved?").wait_for()
    reader.settled()
    assert page.title() == "How has coordination moved? · meetload"
    assert "How has coordination moved?" in page.locator("#announcement").text_content()
    assert "/coordination?viewer=" in page.url
    for _ in range(20):
        page.keyboard.press("Tab")
        if reader.focused().inner_text() == "Show the numbers":
            break
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert reader.focused().get_attribute("role") == "region"
    assert reader.focused().locator("table").is_visible()


def test_a_menu_closes_behind_whoever_chose(readers):
    reader = readers["dark"]
    reader.open("/?lang=nl", width=320)
    page = reader.page
    page.locator("#menu summary").first.click()
    reader.picture("menu-phone", full=False)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.get_by_role("link", name="Wat kan stoppen").click()
    page.get_by_role("heading", level=1, name="Wat kan stoppen?").wait_for()
    assert page.locator("details.menu[open]").count() == 0
    assert reader.errors == []


def test_a_subject_opens_its_meetings_and_the_way_back(readers):
    reader = readers["light"]
    reader.open("/returning?lang=en&period=2026Q3")
    page = reader.page
    name = page.locator(".closer a").first.inner_text()
    page.locator(".closer a").first.click()
    page.get_by_role("link", name="All subjects").wait_for()
    assert name in page.locator("#headline").inner_text()
    assert "topic=" in page.url
    assert "period=2026Q3" in page.url
    assert violations(page) == []
    reader.picture("returning-topic")
    page.go_back()
    page.locator(".closer").wait_for()
    assert "topic=" not in page.url
    assert reader.errors == []


def test_a_choice_changes_the_address_and_the_address_the_page(readers):
    reader = readers["light"]
    reader.open("/?lang=en")
    page = reader.page
    page.get_by_label("Period", exact=True).first.click()
    page.get_by_role("option", name="Quarter 3 of 2026").click()
    page.wait_for_url("**period=2026Q3**")
    page.get_by_text("6 July 2026 to 4 October 2026").first.wait_for()
    page.get_by_role("link", name="Earlier").click()
    page.wait_for_url("**period=2026Q2**")
    page.get_by_text("6 April 2026 to 5 July 2026").first.wait_for()
    page.get_by_label("View", exact=True).first.click()
    page.get_by_role("option", name="Management team, whole organisation").click()
    page.get_by_role("heading", level=1, name="Where does our time go?").wait_for()
    assert "period=2026Q2" in page.url
    page.go_back()
    page.get_by_role("heading", level=1, name="Where does my time go?").wait_for()
    page.get_by_role("link", name="NL, Nederlands").click()
    page.get_by_role("heading", level=1, name="Waar gaat mijn tijd heen?").wait_for()
    assert "period=2026Q2" in page.url
    assert reader.errors == []


def test_the_scheme_is_remembered(chromium, home):
    page = chromium.new_page(color_scheme="light")
    page.goto(home + "/checks?lang=en")
    html = page.locator("html[data-mantine-color-scheme=dark]")
    page.get_by_role("button", name="Switch between light and dark").click()
    html.wait_for(state="attached")
    page.reload(wait_until="commit")
    html.wait_for(state="attached")
    # Before anything of Dash has run: the first paint is dark already.
    assert page.evaluate("document.documentElement.dataset.mantineColorScheme") == "dark"
    page.close()


def test_on_paper_every_number_is_open_and_the_frame_is_gone(readers):
    reader = readers["light"]
    reader.open("/?lang=en")
    page = reader.page
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details:not([open])").count() == 0
    assert not page.get_by_role("navigation").is_visible()
    assert not page.locator(".pickers").is_visible()
    reader.picture("time-paper")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    assert page.locator("details[open]").count() == 0


def test_the_file_comes_with_a_name(readers):
    reader = readers["light"]
    reader.open("/coordination?lang=nl&viewer=mt&period=2026")
    with reader.page.expect_download() as download:
        reader.page.locator(".download").first.click()
    assert download.value.suggested_filename == "meetload-coordination-weeks-mt-2026.csv"


def test_no_picture_has_a_button(readers):
    reader = readers["light"]
    reader.open("/?lang=en")
    assert reader.page.locator(".modebar-btn").count() == 0


def test_a_closed_view_is_friendly(readers):
    reader = readers["light"]
    reader.open("/?viewer=self:nobody&lang=en")
    assert "not open to you" in reader.page.locator("main").inner_text()
    reader.picture("refusal")
    assert violations(reader.page) == []
    assert reader.errors == []


def test_a_measure_is_chosen_by_its_link_and_a_group_opened_from_its_row(readers):
    reader = readers["light"]
    reader.errors.clear()
    reader.open("/scan?lang=en&viewer=hr&period=2026")
    page = reader.page
    page.get_by_role("link", name="Load", exact=True).click()
    page.locator(".ways a[aria-current]", has_text="Load").wait_for()
    assert "show=load" in page.url
    assert "period=2026" in page.url
    assert "meetings took" in page.locator("#headline").inner_text()
    assert violations(page) == []
    page.locator(".drawing ~ .proof summary").first.click()
    page.get_by_role("link", name="Whole organisation", exact=True).click()
    page.get_by_role("heading", level=1, name="Where does people's time go?").wait_for()
    assert "viewer=hr&period=2026" in page.url
    page.go_back()
    page.locator(".ways a[aria-current]", has_text="Load").wait_for()
    assert reader.errors == []
