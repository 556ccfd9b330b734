"""The bars of escalations, ties and dependence: opened by mouse and by keyboard in both languages, and back again."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from browsing import Reader, listening, violations
from told_ways import told_ways

from dashboard.app import create_app
from dashboard.words import Words

BOTH = ("light", "en"), ("dark", "nl")
PERIOD = "2024-01-01..2024-06-30"
SAID = "said => { const now = document.getElementById('headline'); return now && (now.innerText === said) === %s }"


@pytest.fixture(scope="module")
def groups(chromium, tmp_path_factory):
    """Readers of what is released of an organisation with departments, in the light and in the dark."""
    with listening(create_app(told_ways())) as home:
        folder = tmp_path_factory.mktemp("pictures")
        found = {scheme: Reader(chromium, home, scheme, folder) for scheme in ("light", "dark")}
        yield found
        for reader in found.values():
            reader.page.close()


class Way:
    """Somebody on the way from page to page, who remembers each to come back to it."""

    def __init__(self, reader: Reader, path: str, **state: str) -> None:
        self.reader, self.page, self.state = reader, reader.page, state
        reader.errors.clear()
        reader.open(f"{path}?{'&'.join(f'{name}={value}' for name, value in state.items())}")
        self.left = [self.here()]

    def here(self) -> tuple[str, str, str]:
        """The address, the answer, and everything on the page."""
        said = self.page.locator("#headline").inner_text()
        return self.page.url, said, self.page.locator("main").inner_text()

    def arrives(self, path: str, **more: str) -> None:
        """The next page has all of the state in its address; it is whole, and everybody can use it."""
        self.page.wait_for_function(SAID % "false", arg=self.left[-1][1])
        self.reader.settled()
        parts = urlsplit(self.page.url)
        assert parts.path == path
        assert {name: values for name, (values, *_) in parse_qs(parts.query).items()} == self.state | more
        assert violations(self.page) == []
        self.left.append(self.here())

    def back(self) -> None:
        """Go back, and find everything as it was."""
        self.left.pop()
        self.page.go_back()
        self.page.wait_for_function(SAID % "true", arg=self.left[-1][1])
        self.reader.settled()
        assert self.here() == self.left[-1]
        assert (self.reader.errors, self.reader.outside) == ([], [])

    def click(self, graph: str, place: int, beside: float = 0.0) -> None:
        """Click a bar or a point, or so many pixels to the right of its middle."""
        mark = self.page.locator(f"{graph} .point").nth(place)
        mark.scroll_into_view_if_needed()
        box = mark.bounding_box()
        across, down = box["x"] + box["width"] / 2 + beside, box["y"] + box["height"] / 2
        self.page.mouse.move(across, down)
        self.page.mouse.click(across, down)

    def enter(self, card: int, link: int) -> str:
        """Open the numbers of a card and one of the links in them, with the keyboard alone; gives its words."""
        self.page.locator("figure.card summary").nth(card).focus()
        self.page.keyboard.press("Enter")
        self.page.locator("figure.card").nth(card).locator("[data-links] a").first.wait_for()
        self.page.keyboard.press("Tab")
        assert self.reader.focused().get_attribute("role") == "region"
        for _ in range(link + 1):
            self.page.keyboard.press("Tab")
        said = self.reader.focused().inner_text()
        self.page.keyboard.press("Enter")
        return said


@pytest.mark.parametrize(("scheme", "language"), BOTH)
def test_escalations_open_a_department_and_a_level(groups, scheme, language):
    way = Way(groups[scheme], "/escalations", viewer="hr", period=PERIOD, lang=language)
    way.click("#departments-chart .bars", 1, beside=60)
    way.arrives("/escalations", unit="KCC")
    assert "KCC" in way.left[-1][1]
    assert way.page.evaluate("scrollY") == 0
    way.back()
    way.click("#levels-chart .bars", 0)
    way.arrives("/coordination")
    assert way.reader.focused().get_attribute("id") == "level-3"
    way.back()
    # Where the first way ends.
    assert way.enter(2, 1) == "KCC"
    way.arrives("/escalations", unit="KCC")
    way.page.get_by_role("link", name=Words(language)("All departments")).click()
    way.arrives("/escalations")


@pytest.mark.parametrize(("scheme", "language"), BOTH)
def test_ties_open_those_of_one_department_and_go_on_from_there(groups, scheme, language):
    way = Way(groups[scheme], "/ties", viewer="mt", period=PERIOD, lang=language)
    way.click("#network-chart .scatterlayer", 2)
    way.arrives("/ties", unit="ICT")
    way.click("#ties-chart .bars", 0)
    way.arrives("/ties", unit="Intake")
    way.page.get_by_role("link", name=Words(language)("Where its escalations come from")).click()
    way.arrives("/escalations", unit="Intake")
    for _ in range(3):
        way.back()
    assert way.enter(0, 1) == "ICT"
    way.arrives("/ties", unit="ICT")
    way.back()


@pytest.mark.parametrize(("scheme", "language"), BOTH)
def test_ones_own_card_opens_ones_subjects(readers, scheme, language):
    way = Way(readers[scheme], "/dependence", lang=language, period="2026")
    way.state["viewer"] = way.page.locator("nav.closer a").get_attribute("href").split("viewer=")[1].split("&")[0]
    way.state["viewer"] = way.state["viewer"].replace("%3A", ":")
    way.click("#held-chart .bars", 1)
    way.arrives("/returning")
    way.back()
    assert way.enter(0, 1) == Words(language)("Meetings held while away")
    way.arrives("/returning")
    way.back()
    link = way.page.locator("nav.closer a")
    topic = parse_qs(urlsplit(link.get_attribute("href")).query)["topic"][0]
    link.click()
    way.arrives("/returning", topic=topic)
    way.back()


def test_where_nothing_lies_behind_the_page_says_so(groups):
    way = Way(groups["light"], "/dependence", viewer="mt", period=PERIOD, lang="en")
    assert "Of a function no more is told than what stands here." in way.left[0][2]
    way.click("#functions-chart .bars", 0)
    way.page.wait_for_timeout(300)
    assert way.here() == way.left[0]


@pytest.mark.parametrize("path", ["/escalations", "/ties"])
@pytest.mark.parametrize("unit", ["", "&unit=Intake"])
def test_a_narrow_phone_never_scrolls_sideways(groups, path, unit):
    reader = groups["dark"]
    reader.open(f"{path}?lang=nl&viewer=mt{unit}", width=320)
    for each in reader.page.locator(".numbers summary").all():
        each.click()
    assert reader.page.evaluate("document.documentElement.scrollWidth") <= 320
    assert violations(reader.page) == []
