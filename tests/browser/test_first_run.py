"""The first run as people do it: drop a calendar, wait, read; a broken file gets its sentence."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from itertools import product

import pytest
from browsing import Reader, served, violations
from conftest import PICTURES

from meetload.taking_in import TakingIn
from store.database import writing

ME = "anna@example.org"
TITLE = "Afstemming planning"
EVENT = (
    "BEGIN:VEVENT\r\nUID:{day}@x\r\nDTSTART:{day:%Y%m%d}T090000Z\r\nDTEND:{day:%Y%m%d}T103000Z\r\n"
    f"SUMMARY:{TITLE}\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:{ME}\r\nATTENDEE:mailto:bob@example.org\r\nEND:VEVENT\r\n"
)
# Dropping means handing over a list of files; nothing but a page can make one.
DROP = """(place, text) => {
  const given = new DataTransfer();
  given.items.add(new File([text], "work.ics", {type: "text/calendar"}));
  place.dispatchEvent(new DragEvent("drop", {dataTransfer: given, bubbles: true, cancelable: true}));
}"""


def calendar() -> str:
    """Ninety minutes on every Tuesday of a quarter."""
    days = (date(2026, 8, 4) + timedelta(weeks=week) for week in range(13))
    return "BEGIN:VCALENDAR\r\n" + "".join(EVENT.format(day=day) for day in days) + "END:VCALENDAR\r\n"


@pytest.fixture
def home(tmp_path):
    path = tmp_path / "own.db"
    with writing(path):
        pass
    with served(path, TakingIn(path)) as address:
        yield address


def test_a_calendar_is_dropped_and_the_headline_read(chromium, home, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    reader = Reader(chromium, home, "light", PICTURES)
    page = reader.page
    page.goto(home + "/?lang=nl")
    assert page.url == home + "/start?lang=nl"
    page.locator("[data-drop]").evaluate(DROP, calendar())
    assert page.locator("[data-chosen]").inner_text() == "work.ics · 3 kB"
    page.get_by_role("button", name="Lees deze in").click()
    page.locator("#complaint").wait_for()
    assert "Geef je eigen adres" in reader.focused().inner_text()
    page.locator("[data-drop]").evaluate(DROP, calendar())
    page.get_by_label("Je eigen adres").fill(ME)
    page.get_by_label("Tijdzone").fill("Europe/Amsterdam")
    page.get_by_role("button", name="Lees deze in").click()
    page.get_by_role("heading", name="Je eerste antwoord").wait_for(timeout=90_000)
    headline = page.locator("#headline .first").inner_text()
    assert "1,5 uur per week" in headline
    reader.picture("first-answer")
    assert violations(page) == []
    assert TITLE not in page.content()
    assert list(tmp_path.glob("meetload-given-*")) == []
    page.get_by_role("link", name="Kijk waar de tijd heen gaat").click()
    reader.settled()
    assert headline in page.locator("#headline").inner_text()
    assert (reader.errors, reader.outside) == ([], [])
    page.close()


def test_a_broken_file_gets_its_sentence_by_keyboard_alone(chromium, home, tmp_path):
    broken = tmp_path / "broken.ics"
    broken.write_text("nothing of the kind")
    reader = Reader(chromium, home, "dark", PICTURES)
    page = reader.page
    page.goto(home + "/start?lang=en")
    page.keyboard.press("Tab")
    assert reader.focused().inner_text() == "Skip to the answer"
    for _ in range(3):
        page.keyboard.press("Tab")
    assert reader.focused().get_attribute("id") == "files"
    # The window in which files are chosen is the browser's own.
    page.set_input_files("#files", broken)
    page.keyboard.press("Tab")
    page.keyboard.type(ME)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Nothing was taken in").wait_for(timeout=90_000)
    assert page.locator("td").all_inner_texts() == ["broken.ics", "–", "it is not a calendar file", "left out", "1"]
    reader.picture("first-run-broken")
    assert violations(page) == []
    assert (reader.errors, reader.outside) == ([], [])
    page.close()


@pytest.mark.parametrize(("scheme", "language"), tuple(product(("light", "dark"), ("nl", "en"))))
def test_the_form_is_clean_and_fits_a_phone(chromium, home, scheme, language):
    reader = Reader(chromium, home, scheme, PICTURES)
    page = reader.page
    page.goto(f"{home}/start?lang={language}")
    assert page.locator("html").get_attribute("data-mantine-color-scheme") == scheme
    for each in page.locator("summary").all():
        each.click()
    reader.picture(f"start-{scheme}-{language}")
    assert violations(page) == []
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert violations(page) == []
    assert (reader.errors, reader.outside) == ([], [])
    page.close()
