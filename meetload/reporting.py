"""`meetload report`: the dashboard's pages as one file to read, send or print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.pages import PAGES
from dashboard.paper.pdf import pdf
from dashboard.paper.web import page
from dashboard.report import report
from dashboard.words import LANGUAGES
from privacy.door import Door
from privacy.viewer import parse_viewer
from store import clock
from store.database import Store
from store.errors import BadInput

if TYPE_CHECKING:
    from pathlib import Path

    from dashboard.paper.document import Document


def write_report(store: Path, out: Path, viewer: str | None, period: str, language: str) -> None:
    """Write the report of a store for a viewer (the usual one by default) as HTML or PDF, by the file's ending."""
    if language not in LANGUAGES:
        raise BadInput(f"--lang {language!r} is not one of {', '.join(LANGUAGES)}")
    if out.suffix not in {".html", ".pdf"}:
        raise BadInput(f"{out} must end in .html or .pdf")
    opened = Store(store)
    try:
        door = Door(opened, clock.now().date())
        document = report(door, PAGES, parse_viewer(viewer) if viewer else None, period, language)
    finally:
        opened.snapshot().close()
    write_document(document, out)


def write_document(document: Document, out: Path) -> None:
    """Write a document whole or not at all, as HTML or PDF by the file's ending."""
    if out.suffix not in {".html", ".pdf"}:
        raise BadInput(f"{out} must end in .html or .pdf")
    partial = out.with_name(out.name + ".part")
    partial.write_bytes(pdf(document) if out.suffix == ".pdf" else page(document).encode())
    partial.replace(out)
