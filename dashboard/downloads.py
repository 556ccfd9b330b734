"""The numbers as files, at addresses of their own: the same viewer check, the same sheets as the pages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask import Response

from dashboard import notices
from dashboard.forms import plain, requested_look, requested_words
from dashboard.marking import marks
from privacy.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Flask

    from dashboard.page import Look, Page

# Spreadsheets take a file for UTF-8 only when it says so in its first character.
MARK = "\ufeff"


def serve_numbers(server: Flask, pages: Sequence[Page]) -> None:
    """Answer `/numbers/PAGE/SHEET.csv` for every sheet of every page."""
    by_name = {page.name: page for page in pages}

    def numbers(page: str, sheet: str) -> Response:
        if page not in by_name:
            return _no_page()
        seen = requested_look(by_name[page].path)
        if isinstance(seen, Response):
            return seen
        sheets = by_name[page].sheets(seen)
        if isinstance(sheets, Refusal):
            return plain(notices.refusal(seen.words, sheets), 403)
        if sheet not in sheets:
            return _no_page()
        return _file(MARK + sheets[sheet].csv(seen.words, marks(seen)), file_name(page, sheet, seen))

    server.add_url_rule("/numbers/<page>/<sheet>.csv", "numbers", numbers)


def file_name(page: str, sheet: str, seen: Look) -> str:
    """A name that says what is in the file: page, sheet, department where it is about one, viewer and period."""
    period = seen.selection.period or f"{seen.period.start}_{seen.period.last_day}"
    parts = ("meetload", page, sheet, seen.selection.unit, seen.viewer.key, period)
    return "-".join(re.sub(r"[^A-Za-z0-9._-]+", "_", part).strip("_") for part in parts if part) + ".csv"


def _file(text: str, name: str) -> Response:
    answer = Response(text, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _no_page() -> Response:
    return plain(requested_words()(notices.NO_PAGE), 404)
