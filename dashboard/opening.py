"""From a picture to what lies behind it: a week and a department have addresses of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dashboard.page import offered
from privacy.viewer import Viewer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from dashboard.charts import Figure
    from dashboard.page import Look
    from dashboard.sheets import Sheet

# The pictures whose bars and points open something; the browser asks each of them by name.
OPENING = (
    "weeks-chart",
    "role-weeks-chart",
    "line-chart",
    "departments-chart",
    "levels-chart",
    "network-chart",
    "ties-chart",
    "held-chart",
)
TIME_PATH = "/"


@dataclass(frozen=True)
class Onward:
    """Where a finding leads: its bars or points, the rows of its sheet, and a sentence about that."""

    bars: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    hint: str = ""


NOWHERE = Onward()


def weeks(seen: Look, sheet: Sheet) -> tuple[str, ...]:
    """Where each row of a sheet of weeks leads: that week's hours; nowhere from a release, which tells no weeks."""
    if not seen.overview.meetings or len(sheet.rows) < 2:
        return ()
    return tuple(_week(seen, row[0].value) for row in sheet.rows)


def departments(seen: Look, sheet: Sheet) -> Onward:
    """Where each row of a sheet of departments leads: the same page for that one, where this reader may see it."""
    may = {viewer for viewer in offered(seen.door) if viewer != seen.viewer}
    found = [Viewer("mt", unit=str(row[0].value)) for row in sheet.rows]
    links = tuple(seen.selection.but(viewer=each).link(seen.path) if each in may else "" for each in found)
    return Onward(links, links) if any(links) else NOWHERE


def linked(figure: Figure, links: Sequence[str]) -> Figure:
    """A figure whose bars or points, in the order of `links`, open an address each."""
    if not any(links):
        return figure
    traces = [_opens(trace, links) if len(trace["x"]) == len(links) else trace for trace in figure["data"]]
    # Lying bars may be too short to hit: anywhere beside one will do.
    lies = any(trace.get("orientation") == "h" for trace in figure["data"])
    return {"data": traces, "layout": figure["layout"] | {"hovermode": "y" if lies else "closest"}}


def _opens(trace: dict[str, Any], links: Sequence[str]) -> dict[str, Any]:
    # What is skipped cannot be clicked either.
    seen = "none" if trace.get("hoverinfo") == "skip" else trace.get("hoverinfo")
    return trace | {"customdata": list(links), "hoverinfo": seen}


def _week(seen: Look, monday: Any) -> str:
    day: date = monday
    year, number, _ = day.isocalendar()
    return seen.selection.but(period=f"{year}-W{number:02d}", topic="").link(TIME_PATH)
