"""Build the manual as a small site out of docs/*.md: `python docs/site/build.py build/site` (or `make docs`).

Plain pages with one style sheet and no script; nothing in them is fetched from elsewhere.
"""

from __future__ import annotations

import re
import shutil
import sys
from html import escape
from itertools import count
from pathlib import Path
from posixpath import normpath
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Iterable

    from markdown_it.token import Token

DOCS = Path(__file__).parents[1]
STYLE = Path(__file__).with_name("style.css")
DUTCH = {"welkom"}
# The order of the menu; every page of docs/ stands in it once.
MENU = {
    "Start": ("index", "welkom", "five-minutes", "reading"),
    "Run it": ("running", "connect-google", "connect-outlook", "connect-caldav", "exchange", "organisation-chart"),
    "For others": ("serve", "operations", "release", "privacy", "threats"),
    "What it measures": ("measures", "classifier", "review", "accuracy", "performance"),
    "Inside": ("architecture", "tables", "json", "engine"),
}
WIDE = '<div class="wide" tabindex="0" role="region" aria-label="Table {}"><table>'
PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title} · meetload</title>
<link rel="icon" type="image/svg+xml" href="mark.svg">
<link rel="stylesheet" href="style.css">
</head>
<body>
<a class="skip" href="#main">{skip}</a>
<header><a href="index.html"><img src="mark.svg" alt="" width="24" height="24">meetload</a></header>
<div class="columns">
<nav aria-label="{pages}">{menu}</nav>
<main id="main">{body}</main>
</div>
</body>
</html>
"""


def build(docs: Path, target: Path) -> list[str]:
    """Write the whole site, and say which pages it has."""
    target.mkdir(parents=True, exist_ok=True)
    titles = {name: title_of((docs / f"{name}.md").read_text(encoding="utf-8")) for name in names()}
    for name in names():
        text = page(name, (docs / f"{name}.md").read_text(encoding="utf-8"), titles)
        (target / f"{name}.html").write_text(text, encoding="utf-8")
    shutil.copyfile(STYLE, target / "style.css")
    shutil.copyfile(docs.parent / "dashboard" / "assets" / "mark.svg", target / "mark.svg")
    shutil.copytree(docs / "pictures", target / "pictures", dirs_exist_ok=True)
    return names()


def names() -> list[str]:
    """Every page, in the order of the menu."""
    return [name for group in MENU.values() for name in group]


def page(name: str, text: str, titles: dict[str, str]) -> str:
    """One page with the menu around it."""
    dutch = name in DUTCH
    return PAGE.format(
        language="nl" if dutch else "en",
        title=escape(titles[name]),
        skip="Naar de tekst" if dutch else "Skip to the text",
        pages="Bladzijden" if dutch else "Pages",
        menu=_menu(name, titles),
        body=body(text),
    )


def body(text: str) -> str:
    """Markdown as HTML: headings can be linked to, links to other pages of docs/ stay inside the site."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse(text)
    seen: dict[str, int] = {}
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            token.attrSet("id", _own(slug(tokens[place + 1].content), seen))
        for inner in token.children or ():
            _relink(inner)
    found = str(reader.renderer.render(tokens, reader.options, {}))
    # Wide tables and lines of code scroll by themselves, for the keyboard too.
    number = count(1)
    found = re.sub("<table>", lambda _: WIDE.format(next(number)), found)
    return found.replace("</table>", "</table></div>").replace("<pre>", '<pre tabindex="0">')


def slug(heading: str) -> str:
    """The name a heading is linked to by, as code hosts make it.

    >>> slug("What goes out (`privacy/`)")
    'what-goes-out-privacy'
    """
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


def title_of(text: str) -> str:
    """The page's first heading."""
    return next(line[2:] for line in text.splitlines() if line.startswith("# "))


def _own(name: str, seen: dict[str, int]) -> str:
    seen[name] = seen.get(name, -1) + 1
    return f"{name}-{seen[name]}" if seen[name] else name


def _relink(token: Token) -> None:
    """A link to another page of docs/ becomes one inside the site; other files are left to the repository."""
    href = str(token.attrGet("href") or "") if token.type == "link_open" else ""
    path, _, place = href.partition("#")
    if path.endswith(".md") and not path.startswith("http"):
        token.attrSet("href", normpath(path).removesuffix(".md") + ".html" + (f"#{place}" if place else ""))


def _menu(here: str, titles: dict[str, str]) -> str:
    return "".join(
        f"<h2>{escape(group)}</h2><ul>{''.join(_items(pages, here, titles))}</ul>" for group, pages in MENU.items()
    )


def _items(pages: Iterable[str], here: str, titles: dict[str, str]) -> Iterable[str]:
    for name in pages:
        marks = (' aria-current="page"' if name == here else "") + (' lang="nl"' if name in DUTCH else "")
        yield f'<li><a href="{name}.html"{marks}>{escape(titles[name])}</a></li>'


if __name__ == "__main__":
    build(DOCS, Path(sys.argv[1]))
