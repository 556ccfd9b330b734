"""The numbers as files, at addresses of their own: the same viewer check, the same sheets as the pages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask import Response, request

from dashboard import notices
from dashboard.page import Stop, asked, door, look
from dashboard.words import Words
from privacy.door import Refusal

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
        query = {name: values[0] if len(values) == 1 else values for name, values in request.args.lists()}
        found = asked(query)
        words = Words(found.selection.language)
        if page not in by_name:
            return _plain(words(notices.NO_PAGE), 404)
        seen = look(door(), found, words, by_name[page].path)
        if isinstance(seen, Stop):
            return _plain(seen.sentence, seen.status)
        sheets = by_name[page].sheets(seen)
        if isinstance(sheets, Refusal):
            return _plain(notices.refusal(words, sheets), 403)
        if sheet not in sheets:
            return _plain(words(notices.NO_PAGE), 404)
        return _file(MARK + sheets[sheet].csv(words), file_name(page, sheet, seen))

    server.add_url_rule("/numbers/<page>/<sheet>.csv", "numbers", numbers)


def file_name(page: str, sheet: str, seen: Look) -> str:
    """A name that says what is in the file: page, sheet, viewer and period."""
    period = seen.selection.period or f"{seen.period.start}_{seen.period.last_day}"
    parts = ("meetload", page, sheet, seen.viewer.key, period)
    return "-".join(re.sub(r"[^A-Za-z0-9._-]+", "_", part).strip("_") for part in parts) + ".csv"


def _file(text: str, name: str) -> Response:
    answer = Response(text, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _plain(text: str, status: int) -> Response:
    return Response(text, status=status, content_type="text/plain; charset=utf-8")
