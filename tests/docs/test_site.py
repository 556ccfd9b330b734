"""The manual: every page is in it, every link leads somewhere, and nothing is fetched from elsewhere."""

from __future__ import annotations

import re
import runpy
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from dashboard.pages import PAGES

ROOT = Path(__file__).parents[2]
SITE = runpy.run_path(str(ROOT / "docs" / "site" / "build.py"))
FETCHED = {"link": "href", "img": "src", "script": "src", "iframe": "src", "source": "src", "video": "src"}


class Reading(HTMLParser):
    """What a page links to, what it fetches, which places it has and which pictures lack words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.places: list[str] = []
        self.wordless: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if "id" in given:
            self.places.append(given["id"])
        if tag == "a":
            self.links.append(given["href"])
        if tag in FETCHED:
            self.fetched.append(given[FETCHED[tag]])
        if tag == "img" and "alt" not in given:
            self.wordless.append(given["src"])


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    target = tmp_path_factory.mktemp("site")
    SITE["build"](ROOT / "docs", target)
    return target


@pytest.fixture(scope="module")
def pages(site) -> dict[str, Reading]:
    return {path.name: Reading(path.read_text(encoding="utf-8")) for path in sorted(site.glob("*.html"))}


def test_every_page_of_the_docs_is_in_the_menu_once():
    written = sorted(path.stem for path in (ROOT / "docs").glob("*.md"))
    assert sorted(SITE["names"]()) == written


def test_every_link_leads_somewhere(pages):
    lost = []
    for name, page in pages.items():
        for link in page.links:
            address = urlsplit(link)
            if address.scheme == "https":
                continue
            there = pages.get(address.path or name)
            if there is None or (address.fragment and address.fragment not in there.places):
                lost.append((name, link))
    assert lost == []


def test_nothing_is_fetched_from_elsewhere_and_every_picture_is_there(site, pages):
    for page in pages.values():
        assert page.wordless == []
        assert [each for each in page.fetched if not (site / each).is_file()] == []
    assert "url(" not in (site / "style.css").read_text(encoding="utf-8")
    assert "<script" not in "".join(path.read_text(encoding="utf-8") for path in site.glob("*.html"))


def test_no_place_is_named_twice(pages):
    for name, page in pages.items():
        assert len(page.places) == len(set(page.places)), name


def test_every_page_of_the_dashboard_is_explained():
    text = (ROOT / "docs" / "reading.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"^## (.+)\n\n`(/\w*)`", text, re.MULTILINE))
    assert told == {page.short: page.path for page in PAGES}


def test_every_command_the_manual_names_exists():
    from typer.main import get_command

    from meetload.cli import app

    known = set(get_command(app).commands)
    for path in (ROOT / "docs").glob("*.md"):
        text = path.read_text(encoding="utf-8")
        code = re.findall(r"^```[a-z]*\n(.*?)^```|`([^`\n]+)`", text, re.MULTILINE | re.DOTALL)
        lines = [line for pair in code for part in pair for line in part.splitlines()]
        named = {found[1] for line in lines if (found := re.match(r"(?:\S*bin/)?meetload ([a-z][a-z-]+)", line))}
        assert named <= known, path.name
    assert {"pull", "serve", "release"} <= known


@pytest.mark.parametrize(
    ("heading", "place"), [("Load & hours", "load--hours"), ("Über `x_y`", "über-x_y"), ("A, b", "a-b")]
)
def test_headings_are_named_as_code_hosts_name_them(heading, place):
    assert SITE["slug"](heading) == place


def test_two_equal_headings_get_two_places():
    html = SITE["body"]("# One\n\n## Same\n\n## Same\n")
    assert 'id="same"' in html
    assert 'id="same-1"' in html


def test_html_in_the_text_stays_text():
    assert "<script>" not in SITE["body"]("<script>alert(1)</script>")
