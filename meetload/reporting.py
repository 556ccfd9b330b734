"""`meetload report`: the dashboard's pages as one file to read, send or print."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from dashboard.pages import PAGES
from dashboard.paper.pdf import pdf
from dashboard.paper.web import page
from dashboard.report import report
from dashboard.words import LANGUAGES
from meetload.demo_releases import released_of
from privacy.door import Door
from privacy.release.file import read_public_key, read_releases
from privacy.released_door import ReleasedDoor
from privacy.viewer import parse_viewer
from store import clock
from store.database import Store
from store.errors import BadInput

if TYPE_CHECKING:
    from pathlib import Path

    from dashboard.paper.document import Document


@dataclass(frozen=True)
class Asked:
    """What a report is to say: for which viewer (the usual one by default), about which period, in which language."""

    viewer: str | None
    period: str
    language: str


def write_report(store: Path, out: Path, asked: Asked) -> None:
    """Write what a store says to a person (in the demo to anybody) as HTML or PDF, by the file's ending."""
    opened = Store(store)
    try:
        _write(Door(opened, clock.now().date(), released=released_of(store)), out, asked)
    finally:
        opened.snapshot().close()


def write_released_report(folder: Path, key: Path, out: Path, asked: Asked) -> None:
    """Write what releases say to management or HR, after checking every signature and the chain."""
    _write(cast("Door", ReleasedDoor(read_releases(folder, read_public_key(key)))), out, asked)


def _write(door: Door, out: Path, asked: Asked) -> None:
    if asked.language not in LANGUAGES:
        raise BadInput(f"--lang {asked.language!r} is not one of {', '.join(LANGUAGES)}")
    _check_ending(out)
    viewer = parse_viewer(asked.viewer) if asked.viewer else None
    write_document(report(door, PAGES, viewer, asked.period, asked.language), out)


def write_document(document: Document, out: Path) -> None:
    """Write a document whole or not at all, as HTML or PDF by the file's ending."""
    _check_ending(out)
    partial = out.with_name(out.name + ".part")
    partial.write_bytes(pdf(document) if out.suffix == ".pdf" else page(document).encode())
    partial.replace(out)


def _check_ending(out: Path) -> None:
    if out.suffix not in {".html", ".pdf"}:
        raise BadInput(f"{out} must end in .html or .pdf")
